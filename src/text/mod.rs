//! Text: what characters are for typesetting, which glyphs show them, how wide they stand, and
//! where a line may end. Knows faces, nothing of pages.

mod bound;
mod breaks;
mod class;
mod context;
mod shape;
mod spacing;

pub(crate) use bound::is_han_numeral;
pub use breaks::{Breaks, Kinsoku, Opportunity};
pub(crate) use breaks::{is_western_closing, is_western_opening};
pub use class::Class;
pub use context::classify;
pub(crate) use shape::OBJECT;
pub use shape::{Cluster, FaceStack, ShapedGlyph, Shaper, Stretch};
pub(crate) use spacing::frame_of_mark;
pub use spacing::{Gap, House, Neighbour, ParagraphStart, Preset, REDUCTIONS, gap_between};
