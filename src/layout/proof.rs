//! Proofs for tests: one paragraph set as a reader would see it, each glyph with its place.

use std::fmt::Write as _;

use super::inline::Flat;
use super::paragraph::set;
use super::setter::Setter;
use super::style::{Align, ParagraphStyle, TextStyle};
use super::{Content, NodeId, Shape};
use crate::compose::{Book, BookCover};
use crate::font::FontBook;
use crate::model::{Language, Text};
use crate::text::Preset;
use crate::theme::{Role, Theme, builtin};
use crate::units::{Em, Pt};

/// Type size of proofs.
pub(super) const SIZE: Pt = Pt(10.0);

/// One line as set. Lengths in pt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Set {
    /// What it says.
    pub text: String,
    /// Its width, hung marks apart.
    pub width: f64,
    /// Where each character's glyph stands, readings apart; characters of one glyph share its place.
    pub places: Vec<f64>,
    /// Characters and where their glyphs stand, readings included: text, x, baseline, size.
    pub runs: Vec<(String, f64, f64, f64)>,
    /// What is drawn with it: left, right, top and bottom edges.
    pub shapes: Vec<(f64, f64, f64, f64)>,
}

/// How a proof is set.
#[derive(Clone)]
pub(super) struct Proof {
    /// Measure in ems.
    pub chars: u16,
    /// First-line indent in ems.
    pub indent: f64,
    /// Language.
    pub language: &'static str,
    /// Face.
    pub role: Role,
    /// As a heading: centred, turned by sense.
    pub heading: bool,
    /// The theme.
    pub theme: Theme,
}

thread_local! {
    static FONTS: &'static FontBook = Box::leak(Box::new(FontBook::bundled()));
}

/// A proof in the study theme, two ems indented.
pub(super) fn proof(chars: u16) -> Proof {
    Proof {
        chars,
        indent: 2.0,
        language: "zh-Hans",
        role: Role::Song,
        heading: false,
        theme: builtin("study").unwrap(),
    }
}

impl Proof {
    /// Without indent.
    pub(super) fn flush(mut self) -> Self {
        self.indent = 0.0;
        self
    }

    /// In another language.
    pub(super) fn lang(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// With the theme changed.
    pub(super) fn house(mut self, change: impl FnOnce(&mut Theme)) -> Self {
        change(&mut self.theme);
        self
    }

    /// With a punctuation preset.
    pub(super) fn preset(self, preset: Preset) -> Self {
        self.house(|t| t.punctuation = preset)
    }

    /// Sets text with inline markup.
    pub(super) fn set(&self, markup: &str) -> Vec<Set> {
        let text = Text::from_markup(markup);
        self.set_flat(|setter, base| Flat::new(setter, &text, base))
    }

    /// Sets plain characters, whatever they are.
    pub(super) fn set_plain(&self, text: &str) -> Vec<Set> {
        self.set_flat(|_, base| Flat::plain(text, base))
    }

    /// Sets pieces of text, each in a style changed from the base.
    pub(super) fn set_pieces(&self, pieces: &[(&str, fn(&mut TextStyle))]) -> Vec<Set> {
        self.set_flat(|_, base| {
            let mut flat = Flat::default();
            for (text, change) in pieces {
                let mut style = base.clone();
                change(&mut style);
                flat.push_str(text, &style);
            }
            flat
        })
    }

    fn set_flat(&self, flat: impl FnOnce(&mut Setter<'_>, TextStyle) -> Flat) -> Vec<Set> {
        let book = book(self.language);
        let mut setter = Setter::new(&book, &self.theme, FONTS.with(|f| *f));
        setter.language = self.language.parse::<Language>().unwrap();
        let base = setter.style(self.role, SIZE, NodeId(0));
        let flat = flat(&mut setter, base);
        let style = ParagraphStyle {
            measure: SIZE * f64::from(self.chars),
            first_indent: SIZE * self.indent,
            indent: Pt::ZERO,
            align: if self.heading { Align::Center } else { Align::Justify },
            preset: self.theme.punctuation,
            by_sense: self.heading,
            han_space: Em(0.25),
        };
        set(&mut setter, &flat, &style).into_iter().map(Set::of).collect()
    }
}

impl Set {
    fn of(line: super::line::Line) -> Self {
        let mut out = Self {
            text: String::new(),
            width: line.width.0,
            places: Vec::new(),
            runs: Vec::new(),
            shapes: Vec::new(),
        };
        for item in &line.items {
            match &item.content {
                Content::Glyphs(run) => {
                    let reading = run.y.0 < -SIZE.0 * 0.8;
                    if !reading {
                        out.text.push_str(&run.text);
                        out.places.extend(run.text.char_indices().map(|(byte, _)| {
                            let own =
                                run.glyphs.iter().rev().find(|g| g.text_start as usize <= byte);
                            own.map_or(run.x, |g| run.x + g.dx).0
                        }));
                    }
                    out.runs.push((run.text.clone(), run.x.0, run.y.0, run.size.0));
                }
                Content::Shape(shape) => out.shapes.push(extent(shape)),
                Content::Picture { rect, .. } => {
                    out.shapes.push((
                        rect.x.0,
                        (rect.x + rect.width).0,
                        rect.y.0,
                        (rect.y + rect.height).0,
                    ));
                }
            }
        }
        out
    }

    /// Distances from glyph to glyph, in hundredths of an em.
    pub(super) fn pitches(&self) -> Vec<i64> {
        let pitch = |pair: &[f64]| ((pair[1] - pair[0]) * 100.0 / SIZE.0).round() as i64;
        self.places.windows(2).map(pitch).collect()
    }
}

fn extent(shape: &Shape) -> (f64, f64, f64, f64) {
    let mut out = (f64::MAX, f64::MIN, f64::MAX, f64::MIN);
    for (x, y) in shape.points() {
        out = (out.0.min(x.0), out.1.max(x.0), out.2.min(y.0), out.3.max(y.0));
    }
    out
}

/// Lines for a golden file: where each begins and ends, in ems, what it says, and the distance from
/// glyph to glyph in hundredths of an em.
pub(super) fn dump(lines: &[Set]) -> String {
    let mut out = String::new();
    for line in lines {
        let start = line.places.first().copied().unwrap_or(0.0) / SIZE.0;
        let pitches: Vec<String> = line.pitches().iter().map(i64::to_string).collect();
        // Writing to a String can't fail.
        let _ = writeln!(out, "  {start:5.2} {:6.2}  {}", line.width / SIZE.0, line.text);
        let _ = writeln!(out, "                {}", pitches.join(" "));
    }
    out
}

/// All that lines say, without hyphens that breaking added.
pub(super) fn said(lines: &[Set]) -> String {
    lines.iter().map(|l| l.text.as_str()).collect::<String>().replace('\u{AD}', "")
}

/// Text without what is not drawn.
pub(super) fn squeezed(text: &str) -> String {
    // A joiner after a space joins nothing and is not drawn.
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200D}').collect()
}

fn book(language: &str) -> Book {
    Book {
        title: Text::plain("书"),
        subtitle: None,
        creators: vec![],
        publisher: None,
        date: None,
        language: language.parse().unwrap(),
        identifier: None,
        series: None,
        description: None,
        subjects: vec![],
        source: None,
        cover: BookCover::None,
        has_contents: false,
        line_numbers: 0,
        note_column: false,
        questions: 0,
        volumes: None,
        volume: None,
        sections: vec![],
        pictures: Default::default(),
    }
}
