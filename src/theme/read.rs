//! A theme's file → theme, every mistake with its place.

use super::spec::Theme;
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::input::node;
use crate::model::WritingMode;
use crate::units::Pt;

/// Least margin on any side: nearer the edge nothing is safe from the knife.
const LEAST_MARGIN: Pt = Pt(8.5);

/// Reads a theme from TOML.
///
/// # Errors
/// Everything that is wrong in it, each with line and column; the caller adds the file.
pub fn read(source: &str) -> Outcome<Theme> {
    let tree = node::parse_toml(source, 0)?;
    let page = tree.get("page").map(|page| page.pos);
    let theme: Theme = node::read(tree).map_err(Failure)?;
    match fits(&theme) {
        Ok(()) => Ok(theme),
        Err(message) => Err(Diagnostic::error(Code::Theme, message).at(page).into()),
    }
}

/// Whether the type area stands on its paper.
fn fits(theme: &Theme) -> Result<(), Message> {
    let (width, height) = theme.area();
    let paper = theme.page.paper;
    let left = theme.page.inner.unwrap_or((paper.width - width) / 2.0);
    let top = theme.page.top.unwrap_or((paper.height - height) / 2.0);
    let right = paper.width - width - left;
    let foot = paper.height - height - top;
    if [left, top, right, foot].iter().all(|margin| *margin >= LEAST_MARGIN) {
        return Ok(());
    }
    let (across, down) = match theme.writing_mode {
        WritingMode::Horizontal => (theme.page.chars, theme.page.lines),
        WritingMode::Vertical => (theme.page.lines, theme.page.chars),
    };
    let (w, h) = (width.to_mm(), height.to_mm());
    let (pw, ph) = (paper.width.to_mm(), paper.height.to_mm());
    Err(Message::new(
        format!(
            "the type area of {across} × {down} takes {w:.1} × {h:.1} mm: too much for a page of \
             {pw:.0} × {ph:.0} mm with margins of 3 mm"
        ),
        format!(
            "版心 {across} × {down} 为 {w:.1} × {h:.1} mm，超出 {pw:.0} × {ph:.0} mm 的页面（四周至少留 3 mm）"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::BUILTIN;

    fn wrong(change: &str, to: &str) -> Diagnostic {
        let (_, source) = BUILTIN[0];
        assert!(source.contains(change), "{change}");
        let mut failure = read(&source.replacen(change, to, 1)).unwrap_err();
        assert_eq!(failure.0.len(), 1, "{failure:?}");
        failure.0.remove(0)
    }

    #[test]
    fn a_slip_in_a_field_is_named_with_its_place_and_the_right_name() {
        let found = wrong("small-pitch", "smal-pitch");
        let pos = found.pos.unwrap();
        assert_eq!((found.code, pos.column), (Code::UnknownField, 1));
        assert!(found.hint.unwrap().en.contains("'small-pitch'"));
    }

    #[test]
    fn sizes_words_and_colours_are_checked_where_they_stand() {
        for (change, to, says) in [
            ("size = 12", "size = \"大号\"", "'大号' is not a type size"),
            ("kinsoku = \"gb\"", "kinsoku = \"bg\"", "unknown value 'bg'"),
            ("\"#8c2f2b\"", "\"red\"", "'red' is not a colour"),
            ("paper = \"A4\"", "paper = \"A9\"", "'A9' is not a paper size"),
            ("pitch = 19.5", "pitch = 9", "lines would overlap"),
            ("chars = 38", "chars = 380", "4 to 200 characters"),
            ("chars = 38", "chars = 60", "too much for a page"),
        ] {
            let found = wrong(change, to);
            assert!(found.message.en.contains(says), "{to}: {}", found.message.en);
            assert!(found.pos.is_some() && found.message.zh != found.message.en, "{to}");
        }
    }
}
