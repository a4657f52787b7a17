//! Page make-up: strips → pages, with footnotes at the foot and figures moved where they fit.
//!
//! A page takes strips until the next group that belongs together no longer fits. Groups end where
//! a strip allows a break, so headings stay with their text and no line of a paragraph is left
//! alone. The line grid is kept: everything but the notes stands in whole lines.

use std::collections::{BTreeMap, VecDeque};

use super::strip::{Break, Strip, whole_lines};
use super::{Color, Rect, Shape};
use crate::units::Pt;

/// A page before running heads and numbers: strips at their places in the type area.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// Everything in the type area, y from its top.
    pub strips: Vec<(Pt, Strip)>,
    /// Labels of the notes on this page in the order of their marks: the first is ①.
    pub note_order: Vec<String>,
    /// Height taken by text and notes.
    pub filled: Pt,
    /// Whether its lines run down the page.
    pub vertical: bool,
}

/// Where the notes of a section come from: label → its lines.
pub(crate) type NoteSource = BTreeMap<String, Vec<Strip>>;

/// Geometry of the type area.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// Line pitch.
    pub pitch: Pt,
    /// Lines on a page.
    pub lines: u16,
    /// Size of body text: the last line takes only this.
    pub size: Pt,
    /// Length of the rule above the notes.
    pub rule: Pt,
    /// Whether pages may run one line long.
    pub longer: bool,
}

impl Frame {
    /// Height that strips may take: whole lines, the gap under the last one included.
    fn capacity(&self) -> Pt {
        self.pitch * f64::from(self.lines)
    }

    fn height(&self) -> Pt {
        self.capacity() - (self.pitch - self.size)
    }
}

/// Rounding in sums of heights.
const EPSILON: Pt = Pt(0.01);
/// Blank between text and notes, with the rule in it, in lines.
const NOTE_GAP: f64 = 1.0;

/// A last page with fewer lines than this looks forsaken: the pages before it are made a line
/// longer or shorter to be rid of it (CLREQ §adjustments_of_orphans_and_widows lets a page run one
/// line long).
const FORSAKEN: f64 = 5.0;

/// Pages give up one line in so many at most for the sake of the last page: three of 36.
const SHORTER: u16 = 12;

/// Makes up the pages of one section, which begins on a new page.
///
/// A last page of a few lines is taken in by letting every page of the section run one line long,
/// so that facing pages stay equal; where that is not enough, pages a few lines short send it more.
pub(crate) fn make_up(strips: Vec<Strip>, notes: &NoteSource, frame: Frame) -> Vec<Draft> {
    let few = frame.pitch * FORSAKEN.min(f64::from(frame.lines) / 4.0);
    let forsaken =
        |pages: &[Draft]| pages.len() > 1 && pages.last().is_some_and(|p| p.filled + EPSILON < few);
    let pages = make_up_with(strips.clone(), notes, frame);
    if !forsaken(&pages) {
        return pages;
    }
    if frame.longer {
        let longer = Frame { lines: frame.lines + 1, ..frame };
        let tried = make_up_with(strips.clone(), notes, longer);
        if tried.len() < pages.len() {
            return tried;
        }
    }
    // Shorter pages send it more, line by line, until it stands or a reader would see the difference.
    let mut best = pages;
    for less in 1..=(frame.lines / SHORTER).max(1) {
        let shorter = Frame { lines: frame.lines.saturating_sub(less).max(1), ..frame };
        let tried = make_up_with(strips.clone(), notes, shorter);
        if tried.len() != best.len() {
            break;
        }
        let last = |pages: &[Draft]| pages.last().map_or(Pt::ZERO, |p| p.filled);
        if last(&tried) > last(&best) + EPSILON {
            best = tried;
        }
        if !forsaken(&best) {
            break;
        }
    }
    best
}

/// Makes up pages of exactly the frame's lines.
fn make_up_with(strips: Vec<Strip>, notes: &NoteSource, frame: Frame) -> Vec<Draft> {
    let mut maker = Maker {
        frame,
        notes,
        pages: Vec::new(),
        page: Open::default(),
        floats: VecDeque::new(),
        carried: Vec::new(),
    };
    let mut rest: VecDeque<Strip> = strips.into();
    while let Some(group) = next_group(&mut rest) {
        maker.add(group);
    }
    while !maker.floats.is_empty() || !maker.carried.is_empty() || !maker.page.strips.is_empty() {
        maker.turn();
    }
    maker.pages
}

/// Takes strips off the front up to the next place where a page may end.
fn next_group(rest: &mut VecDeque<Strip>) -> Option<Vec<Strip>> {
    let mut group = vec![rest.pop_front()?];
    while rest.front().is_some_and(|s| s.before == Break::Forbidden) {
        group.extend(rest.pop_front());
    }
    Some(group)
}

struct Maker<'n> {
    frame: Frame,
    notes: &'n NoteSource,
    pages: Vec<Draft>,
    page: Open,
    /// Figures waiting for the top of a page.
    floats: VecDeque<Vec<Strip>>,
    /// Lines of notes that did not fit on the page before.
    carried: Vec<Strip>,
}

/// The page being filled.
#[derive(Default)]
struct Open {
    strips: Vec<(Pt, Strip)>,
    used: Pt,
    notes: Vec<Strip>,
    note_height: Pt,
    order: Vec<String>,
}

impl Maker<'_> {
    fn add(&mut self, mut group: Vec<Strip>) {
        if group.first().is_some_and(|s| s.before == Break::Page) && !self.page.strips.is_empty() {
            self.turn();
        }
        if self.page.strips.is_empty() {
            // Blank is dropped at the head of a page.
            while group.first().is_some_and(|s| s.blank) {
                group.remove(0);
            }
        }
        if group.is_empty() {
            return;
        }
        let floats = group.iter().any(|s| s.floats) && group.len() == 1;
        // Figures keep their order: none overtakes one that waits.
        if self.fits(&group) && !(floats && !self.floats.is_empty()) {
            return self.place(group);
        }
        if floats && !self.page.strips.is_empty() {
            self.floats.push_back(group);
            return;
        }
        if !self.page.strips.is_empty() {
            if let Some(group) = self.place_with_split_notes(group) {
                self.turn();
                self.add(group);
            }
            return;
        }
        // Too much for a page by itself: strip by strip, each on the page it fits.
        if group.len() > 1 {
            for strip in group {
                self.add(vec![Strip { before: Break::Allowed, ..strip }]);
            }
            return;
        }
        self.force(group);
    }

    /// New notes that a group brings to this page, with their height.
    fn new_notes(&self, group: &[Strip]) -> (Vec<String>, Pt) {
        let mut labels: Vec<String> = Vec::new();
        for note in group.iter().flat_map(|s| &s.notes) {
            if !self.page.order.contains(&note.label) && !labels.contains(&note.label) {
                labels.push(note.label.clone());
            }
        }
        let height =
            labels.iter().filter_map(|l| self.notes.get(l)).flatten().map(|s| s.height).sum();
        (labels, height)
    }

    fn gap(&self, notes: Pt) -> Pt {
        if notes > Pt::ZERO { self.frame.pitch * NOTE_GAP } else { Pt::ZERO }
    }

    /// Height a group takes at this place, repeated heads included.
    fn height_of(&self, group: &[Strip]) -> Pt {
        let repeated: Pt = match group.first().and_then(|s| s.repeat.as_ref()) {
            Some(head) if self.page.strips.is_empty() => head.iter().map(|s| s.height).sum(),
            _ => Pt::ZERO,
        };
        // Blank at the end may run out of the type area: nobody sees it there.
        let end = group.iter().rposition(|s| !s.blank).map_or(group.len(), |last| last + 1);
        repeated + group[..end].iter().map(|s| s.height).sum()
    }

    fn fits(&self, group: &[Strip]) -> bool {
        let (_, added) = self.new_notes(group);
        let notes = self.page.note_height + added;
        let text = self.page.used + self.height_of(group);
        text + notes + self.gap(notes) <= self.frame.capacity() + EPSILON
    }

    fn place(&mut self, group: Vec<Strip>) {
        let (labels, height) = self.new_notes(&group);
        self.page.note_height += height;
        for label in labels {
            self.page.notes.extend(self.notes.get(&label).into_iter().flatten().cloned());
            self.page.order.push(label);
        }
        self.stack(group);
    }

    fn stack(&mut self, group: Vec<Strip>) {
        let head =
            group.first().and_then(|s| s.repeat.clone()).filter(|_| self.page.strips.is_empty());
        let repeated = head.iter().flat_map(|h| h.iter().cloned());
        for strip in repeated.chain(group) {
            let y = self.page.used;
            self.page.used += strip.height;
            if strip.to_grid {
                self.page.used = whole_lines(self.page.used, self.frame.pitch);
            }
            self.page.strips.push((y, strip));
        }
    }

    /// Places a group whose text fits but whose notes do not: as many lines of the notes as there
    /// is room for, the rest goes on at the foot of the next page. Gives the group back when not
    /// even two lines of notes fit.
    fn place_with_split_notes(&mut self, group: Vec<Strip>) -> Option<Vec<Strip>> {
        let (labels, added) = self.new_notes(&group);
        if labels.is_empty() {
            return Some(group);
        }
        let text = self.page.used + self.height_of(&group);
        let before = self.page.note_height;
        let room = self.frame.capacity() - text - before - self.frame.pitch * NOTE_GAP;
        let lines: Vec<Strip> =
            labels.iter().filter_map(|l| self.notes.get(l)).flatten().cloned().collect();
        // Every note must begin on the page of its mark: all but the last one stand whole.
        let last = labels.last().and_then(|l| self.notes.get(l)).map_or(0, Vec::len);
        let whole: Pt = added - lines.iter().rev().take(last).map(|s| s.height).sum::<Pt>();
        let least: Pt = lines.iter().rev().take(last).rev().take(2).map(|s| s.height).sum();
        if last < 4 || room + EPSILON < whole + least {
            return Some(group);
        }
        let mut taken = Pt::ZERO;
        for line in lines {
            if self.carried.is_empty() && taken + line.height <= room + EPSILON {
                taken += line.height;
                self.page.notes.push(line);
            } else {
                self.carried.push(line);
            }
        }
        self.page.note_height += taken;
        self.page.order.extend(labels);
        self.stack(group);
        None
    }

    /// Places what fits nowhere: it runs out of the type area, but nothing is lost.
    fn force(&mut self, group: Vec<Strip>) {
        self.place(group);
    }

    /// Closes the page and opens the next with what waits for it.
    fn turn(&mut self) {
        let page = std::mem::take(&mut self.page);
        self.pages.push(self.close(page));
        self.begin();
    }

    fn begin(&mut self) {
        let carried = std::mem::take(&mut self.carried);
        let capacity = self.frame.capacity();
        for line in carried {
            let height = self.page.note_height + line.height + self.frame.pitch * NOTE_GAP;
            if self.carried.is_empty() && (height <= capacity || self.page.notes.is_empty()) {
                self.page.note_height += line.height;
                self.page.notes.push(line);
            } else {
                self.carried.push(line);
            }
        }
        while let Some(group) = self.floats.pop_front() {
            if !self.page.strips.is_empty() && !self.fits(&group) {
                self.floats.push_front(group);
                break;
            }
            self.place(group);
        }
    }

    /// Notes stand at the foot of the type area, under a short rule.
    fn close(&self, page: Open) -> Draft {
        let mut strips = page.strips;
        let filled = page.used + page.note_height;
        if !page.notes.is_empty() {
            let last_gap = page.notes.last().map_or(Pt::ZERO, |s| s.height * 0.3);
            let room = self.frame.height() + last_gap - page.note_height;
            let mut y = room.max(page.used);
            let mut rule = Strip::default();
            let rect = Rect {
                x: Pt::ZERO,
                y: self.frame.pitch * -0.45,
                width: self.frame.rule,
                height: Pt(0.5),
            };
            rule.add_shape(Shape::filled_rect(rect, Color::BLACK));
            strips.push((y, rule));
            for note in page.notes {
                let height = note.height;
                strips.push((y, note));
                y += height;
            }
        }
        Draft { strips, note_order: page.order, filled, vertical: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame { pitch: Pt(10.0), lines: 10, size: Pt(6.0), rule: Pt(30.0), longer: true }
    }

    fn lines(n: usize) -> Vec<Strip> {
        super::super::strip::paragraph_strips(vec![Default::default(); n], Pt(6.0), Pt(10.0))
    }

    fn counts(strips: Vec<Strip>) -> Vec<usize> {
        make_up(strips, &BTreeMap::new(), frame()).iter().map(|p| p.strips.len()).collect()
    }

    #[test]
    fn no_line_of_a_paragraph_stands_alone_at_the_foot_or_head_of_a_page() {
        for first in 1..12 {
            for second in 2..12 {
                let mut strips = lines(first);
                strips.extend(lines(second));
                let pages = counts(strips);
                assert_eq!(pages.iter().sum::<usize>(), first + second);
                let mut seen = 0;
                for page in &pages[..pages.len() - 1] {
                    seen += page;
                    let inside = seen as i64 - first as i64;
                    assert_ne!(inside, 1, "one line at the foot: {first}+{second}");
                    assert_ne!(inside, second as i64 - 1, "one line at the head: {first}+{second}");
                }
            }
        }
    }

    #[test]
    fn a_heading_goes_with_its_text_to_the_next_page() {
        let mut strips = lines(8);
        strips.push(Strip { height: Pt(20.0), ..Strip::default() });
        let mut text = lines(3);
        text[0].before = Break::Forbidden;
        strips.extend(text);
        assert_eq!(counts(strips), [8, 4]);
    }

    #[test]
    fn text_fills_the_page_before_a_figure_that_does_not_fit() {
        let mut strips = lines(6);
        strips.push(Strip { height: Pt(60.0), floats: true, ..Strip::default() });
        strips.extend(lines(4));
        strips.extend(lines(2));
        assert_eq!(counts(strips), [10, 3]);
    }

    #[test]
    fn what_is_higher_than_a_page_is_still_placed() {
        let strips = vec![Strip { height: Pt(500.0), ..Strip::default() }, Strip::space(Pt(10.0))];
        assert_eq!(counts(strips)[0], 1);
    }

    #[test]
    fn pages_run_one_line_long_rather_than_leave_a_last_page_of_two_lines() {
        assert_eq!(counts(lines(22)), [11, 11]);
        assert_eq!(counts(lines(23)), [10, 10, 3], "enough to stand alone");
    }

    #[test]
    fn a_last_page_of_a_few_lines_gets_more_from_pages_one_line_short() {
        assert_eq!(counts(lines(12)), [9, 3]);
    }

    #[test]
    fn a_last_page_of_one_line_gets_more_from_pages_up_to_three_lines_short() {
        let frame = Frame { lines: 36, longer: false, ..frame() };
        let pages = make_up(lines(37), &BTreeMap::new(), frame);
        assert_eq!(pages.iter().map(|p| p.strips.len()).collect::<Vec<_>>(), [33, 4]);
    }

    #[test]
    fn figures_never_overtake_one_another() {
        let figure = |height, label: &str| Strip {
            height: Pt(height),
            floats: true,
            notes: Vec::new(),
            anchors: vec![crate::compose::Anchor {
                section: crate::compose::SectionId(label.to_owned()),
                element: None,
            }],
            ..Strip::default()
        };
        let mut strips = lines(6);
        strips.extend([figure(60.0, "first"), figure(20.0, "second")]);
        strips.extend(lines(9));
        let pages = make_up(strips, &BTreeMap::new(), frame());
        let order: Vec<&str> = pages
            .iter()
            .flat_map(|p| &p.strips)
            .flat_map(|(_, s)| &s.anchors)
            .map(|a| a.section.0.as_str())
            .collect();
        assert_eq!(order, ["first", "second"]);
    }

    #[test]
    fn text_after_a_divided_block_stands_on_the_grid_again() {
        let row = Strip { height: Pt(7.0), ..Strip::default() };
        let mut block = vec![row; 20];
        super::super::strip::fill_to_grid(&mut block, Pt(10.0));
        block.extend(lines(3));
        for page in make_up(block, &BTreeMap::new(), frame()) {
            for (y, strip) in page.strips.iter().filter(|(_, s)| s.height == Pt(10.0)) {
                assert!((y.0 / 10.0).fract() < 1e-6, "{} at {}", strip.height.0, y.0);
            }
        }
    }

    #[test]
    fn heads_of_tables_are_repeated() {
        let head = std::rc::Rc::new(vec![Strip { height: Pt(10.0), ..Strip::default() }]);
        let row = Strip { height: Pt(10.0), repeat: Some(head.clone()), ..Strip::default() };
        let mut strips = vec![head[0].clone()];
        strips.extend(vec![row; 12]);
        assert_eq!(counts(strips), [10, 4]);
    }
}
