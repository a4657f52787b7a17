//! What stands around the type area: running heads and page numbers, and where the area itself
//! stands on its page.

use super::cover::margin_line;
use super::setter::Setter;
use super::style::TextStyle;
use super::{Color, Content, Item, NodeId, Page, Rect, Shape, Tag};
use crate::model::WritingMode;
use crate::theme::{FolioForm, FolioPlace, HeadText, Theme};
use crate::units::Pt;

/// The hand a page is held in: odd pages are right-hand ones, left-hand ones where pages turn from
/// right to left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    Left,
    Right,
}

/// What the running heads of a page may show.
#[derive(Debug, Clone, Default)]
pub(super) struct Titles {
    /// Of the part, if the page belongs to one.
    pub part: Option<String>,
    /// Of the article.
    pub article: Option<String>,
    /// The last heading of the first level on the page or before it.
    pub heading: Option<String>,
}

impl Hand {
    pub(super) fn of(number: u32, right_to_left: bool) -> Self {
        if (number % 2 == 1) == right_to_left { Self::Left } else { Self::Right }
    }
}

/// Top left corner of the type area: where the theme's margins put it, else in the middle of the
/// page, on a whole point so that every page begins on the same device pixels.
pub(super) fn origin(theme: &Theme, hand: Hand) -> (Pt, Pt) {
    let (page, (width, height)) = (&theme.page, theme.area());
    let middle = |paper: Pt, area: Pt| Pt(((paper - area) / 2.0).0.floor());
    let left = match (page.inner, hand) {
        (None, _) => middle(page.paper.width, width),
        (Some(inner), Hand::Right) => inner,
        (Some(inner), Hand::Left) => page.paper.width - width - inner,
    };
    (left, page.top.unwrap_or_else(|| middle(page.paper.height, height)))
}

/// The running head: verso the higher level, recto the lower (CLREQ §headers_footers).
pub(super) fn running_head(
    setter: &mut Setter<'_>,
    page: &mut Page,
    titles: &Titles,
    number: u32,
    hand: Hand,
) {
    let theme = setter.theme;
    let style = &theme.running_head;
    let book = setter.book.title.to_plain();
    let shown = if number.is_multiple_of(2) { style.verso } else { style.recto };
    let text = match shown {
        HeadText::None => return,
        HeadText::Book => book,
        HeadText::Part => titles.part.clone().unwrap_or(book),
        HeadText::Article => titles.article.clone().unwrap_or(book),
        HeadText::Heading => {
            titles.heading.clone().or_else(|| titles.article.clone()).unwrap_or(book)
        }
    };
    let (left, top) = origin(theme, hand);
    let (measure, _) = theme.area();
    // A little less than captions: it is no part of the text.
    let size = style.size.unwrap_or(theme.small * 0.92);
    let face = TextStyle { color: Color::grey(70), ..setter.style(style.face, size, NodeId(0)) };
    let mut line = margin_line(setter, &text, &face, measure * 0.8);
    let x = if hand == Hand::Right { left + measure - line.width } else { left };
    let baseline = (top - theme.page.pitch * 1.1).max(top * 0.6);
    line.shift(x, baseline);
    artifacts(page, line.items);
    if theme.running_head.rule {
        let rect = Rect { x: left, y: baseline + size * 0.45, width: measure, height: Pt(0.4) };
        let rule = Shape::filled_rect(rect, Color::grey(150));
        page.items.push(Item { tag: Tag::Artifact, content: Content::Shape(rule) });
    }
}

/// The page number below the type area.
pub(super) fn folio(setter: &mut Setter<'_>, page: &mut Page, hand: Hand) {
    let theme = setter.theme;
    let form = &theme.folio;
    let (left, top) = origin(theme, hand);
    let (measure, height) = theme.area();
    let size = form.size.unwrap_or(theme.small);
    let style = setter.style(crate::theme::Role::Song, size, NodeId(0));
    let label = match form.form {
        FolioForm::Plain => page.label.clone(),
        FolioForm::Dashes => format!("— {} —", page.label),
    };
    let mut line = margin_line(setter, &label, &style, measure);
    let inset = form.inset.at(theme.page.size);
    let x = match (form.place, hand) {
        (FolioPlace::None, _) => return,
        (FolioPlace::Center, _) => left + (measure - line.width) / 2.0,
        (FolioPlace::Outer, Hand::Right) => left + measure - line.width - inset,
        (FolioPlace::Outer, Hand::Left) => left + inset,
    };
    line.shift(x, top + height + drop(theme, hand) + size * DIGIT_HEIGHT);
    artifacts(page, line.items);
}

/// Height of digits in ems.
const DIGIT_HEIGHT: f64 = 0.75;

/// Distance from the type area down to the top of the page number.
fn drop(theme: &Theme, hand: Hand) -> Pt {
    let (page, form) = (&theme.page, &theme.folio);
    let size = form.size.unwrap_or(theme.small);
    let margin = page.paper.height - origin(theme, hand).1 - theme.area().1;
    let by_margin = (page.pitch * 1.4).min(margin * 0.6) + size * (0.4 - DIGIT_HEIGHT);
    form.drop.unwrap_or(by_margin)
}

/// Whether a page may run one line long: only where the line meets neither the page number nor the
/// edge.
pub(super) fn has_room_for_a_line(theme: &Theme) -> bool {
    let page = &theme.page;
    let line = page.pitch * 1.1;
    match theme.writing_mode {
        WritingMode::Horizontal if theme.folio.place == FolioPlace::None => {
            let margin = page.paper.height - origin(theme, Hand::Right).1 - theme.area().1;
            margin >= line * 2.0
        }
        WritingMode::Horizontal => drop(theme, Hand::Right) >= line,
        WritingMode::Vertical => {
            [Hand::Left, Hand::Right].iter().all(|hand| origin(theme, *hand).0 >= line * 2.0)
        }
    }
}

fn artifacts(page: &mut Page, items: Vec<Item>) {
    page.items.extend(items.into_iter().map(|item| Item { tag: Tag::Artifact, ..item }));
}
