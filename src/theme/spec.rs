//! What a theme says, with the form it is written in.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::{
    Ems, HexColor, Length, PaperSize, Size, color, em, paper, size, some_color, some_length,
    some_size,
};
use super::paper::Paper;
use crate::layout::Color;
use crate::model::WritingMode;
use crate::text::{House, Kinsoku, ParagraphStart, Preset};
use crate::units::{Em, Pt};

/// A theme
///
/// Page, type area, faces, sizes and house style of a publication. Chinese books design the type
/// area first: its type size times characters and its line pitch times lines.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Theme {
    /// Its name
    pub name: String,
    /// What it is for, in English and Chinese
    pub description: (String, String),
    /// Whether lines run across, or down the page from right to left
    #[serde(default)]
    pub writing_mode: WritingMode,
    /// Page and type area
    #[schemars(with = "PageFields")]
    pub page: PageSetup,
    /// Families for each role
    #[serde(default)]
    pub faces: Faces,
    /// Face of running text
    #[serde(default)]
    pub body: Role,
    /// House style of punctuation
    #[serde(default)]
    pub punctuation: Preset,
    /// Blank that a mark keeps however far a line is reduced, in ems: 0 to 0.5
    #[serde(default, deserialize_with = "em")]
    #[schemars(with = "Ems")]
    pub mark_blank: Em,
    /// Whether 。！？ keep their width when lines are reduced
    #[serde(default)]
    pub keep_stops: bool,
    /// Whether a stop may stand outside the measure at a line's end (悬挂)
    #[serde(default)]
    pub hanging: bool,
    /// Where the first line stands when a paragraph opens with an opening mark
    #[serde(default)]
    pub paragraph_start: ParagraphStart,
    /// Prohibitions at line starts and ends
    #[serde(default)]
    pub kinsoku: Kinsoku,
    /// Indent of a paragraph's first line, in ems
    #[serde(default = "two_ems", deserialize_with = "em")]
    #[schemars(with = "Ems")]
    pub indent: Em,
    /// Title of an article
    pub title: HeadingStyle,
    /// Headings of levels 1 to 6; the last one given serves all deeper levels
    pub headings: Vec<HeadingStyle>,
    /// Size of captions, tables and code, and of notes unless they have their own
    #[serde(deserialize_with = "size")]
    #[schemars(with = "Size")]
    pub small: Pt,
    /// Line pitch of small text
    #[serde(deserialize_with = "size")]
    #[schemars(with = "Size")]
    pub small_pitch: Pt,
    /// Footnotes
    #[serde(default)]
    pub notes: NoteStyle,
    /// Colour of rules, links and ornaments
    #[serde(default = "black", deserialize_with = "color")]
    #[schemars(with = "HexColor")]
    pub accent: Color,
    /// Colour of text
    #[serde(default = "black", deserialize_with = "color")]
    #[schemars(with = "HexColor")]
    pub ink: Color,
    /// Running heads
    #[serde(default)]
    pub running_head: RunningHead,
    /// Page numbers
    #[serde(default)]
    pub folio: Folio,
    /// Where the opening page of a part stands
    #[serde(default)]
    pub parts: Opening,
    /// Where an article begins
    #[serde(default)]
    pub articles: Opening,
}

/// Page and type area
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "PageFields")]
pub struct PageSetup {
    /// Paper.
    pub paper: Paper,
    /// Size of body text: one em.
    pub size: Pt,
    /// Distance between baselines.
    pub pitch: Pt,
    /// Characters in a line: the measure in ems.
    pub chars: u16,
    /// Lines on a page.
    pub lines: u16,
    /// Margin on the side of the spine; `None` puts the type area in the middle.
    pub inner: Option<Pt>,
    /// Margin above the type area; `None` puts it in the middle.
    pub top: Option<Pt>,
}

/// Page and type area
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename = "Page", rename_all = "kebab-case")]
pub(super) struct PageFields {
    /// Paper
    #[serde(deserialize_with = "paper")]
    #[schemars(with = "PaperSize")]
    paper: Paper,
    /// Size of body text: one em
    #[serde(deserialize_with = "size")]
    #[schemars(with = "Size")]
    size: Pt,
    /// Distance between baselines
    #[serde(deserialize_with = "size")]
    #[schemars(with = "Size")]
    pitch: Pt,
    /// Characters in a line
    #[schemars(range(min = 4, max = 200))]
    chars: u16,
    /// Lines on a page
    #[schemars(range(min = 3, max = 200))]
    lines: u16,
    /// Margin on the side of the spine; without it the type area stands in the middle
    #[serde(default, deserialize_with = "some_length")]
    #[schemars(with = "Option<Length>")]
    inner: Option<Pt>,
    /// Margin above the type area; without it the type area stands in the middle
    #[serde(default, deserialize_with = "some_length")]
    #[schemars(with = "Option<Length>")]
    top: Option<Pt>,
}

impl TryFrom<PageFields> for PageSetup {
    type Error = String;

    fn try_from(f: PageFields) -> Result<Self, String> {
        if !(4..=200).contains(&f.chars) || !(3..=200).contains(&f.lines) {
            return Err("a page has 4 to 200 characters in a line and 3 to 200 lines\n\
                        每行应为 4 到 200 字，每页 3 到 200 行"
                .to_owned());
        }
        if f.pitch < f.size {
            return Err("lines would overlap: 'pitch' is less than 'size'\n\
                        行会重叠：“pitch”小于“size”"
                .to_owned());
        }
        Ok(Self {
            paper: f.paper,
            size: f.size,
            pitch: f.pitch,
            chars: f.chars,
            lines: f.lines,
            inner: f.inner,
            top: f.top,
        })
    }
}

/// Families for each role, best first
///
/// `{region}` stands for SC, TC, HK, JP or KR by language. Families that neither the program nor
/// `--font-dir` has are looked for on the machine; what is nowhere is passed over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Faces {
    /// 宋体: body
    pub song: Vec<String>,
    /// 黑体: headings, labels, strong text
    pub hei: Vec<String>,
    /// 楷体: quotations, editor's notes, poems
    pub kai: Vec<String>,
    /// 仿宋: official papers; none is built in, 宋体 stands in for it
    pub fangsong: Vec<String>,
    /// Code
    pub mono: Vec<String>,
}

/// The part a face plays
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 宋体
    #[default]
    Song,
    /// 黑体, regular weight
    Hei,
    /// 黑体, bold
    Bold,
    /// 楷体
    Kai,
    /// 仿宋
    FangSong,
    /// Monospace
    Mono,
}

/// How a heading is set
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HeadingStyle {
    /// Type size
    #[serde(deserialize_with = "size")]
    #[schemars(with = "Size")]
    pub size: Pt,
    /// Face
    pub face: Role,
    /// Body lines that a one-line heading takes (占行)
    pub lines: u16,
    /// Where its lines stand
    #[serde(default)]
    pub align: HeadAlign,
    /// Indent of a heading at the left, in ems of body text
    #[serde(default, deserialize_with = "em")]
    #[schemars(with = "Ems")]
    pub indent: Em,
    /// Colour; that of text when not given
    #[serde(default, deserialize_with = "some_color")]
    #[schemars(with = "Option<HexColor>")]
    pub color: Option<Color>,
}

/// Where the lines of a heading stand
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HeadAlign {
    /// At the start of the measure
    #[default]
    Left,
    /// In its middle
    Center,
}

/// How footnotes are set
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct NoteStyle {
    /// Type size; that of small text when not given
    #[serde(deserialize_with = "some_size")]
    #[schemars(with = "Option<Size>")]
    pub size: Option<Pt>,
    /// Line pitch; that of small text when not given
    #[serde(deserialize_with = "some_size")]
    #[schemars(with = "Option<Size>")]
    pub pitch: Option<Pt>,
    /// Length of the rule above the notes, as a share of the measure; 0 for none
    #[schemars(range(min = 0, max = 1))]
    pub rule: f64,
}

/// Running heads
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct RunningHead {
    /// What left-hand pages show
    pub verso: HeadText,
    /// What right-hand pages show
    pub recto: HeadText,
    /// Face
    pub face: Role,
    /// Type size; a little less than small text when not given
    #[serde(deserialize_with = "some_size")]
    #[schemars(with = "Option<Size>")]
    pub size: Option<Pt>,
    /// Whether a thin rule stands below
    pub rule: bool,
}

/// What a running head shows
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HeadText {
    /// Nothing
    None,
    /// Title of the book
    Book,
    /// Title of the part; of the book outside parts
    Part,
    /// Title of the article
    Article,
    /// The heading of the first level that the page stands under; else the article's title
    Heading,
}

/// Page numbers
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Folio {
    /// Where they stand below the type area
    pub place: FolioPlace,
    /// Whether they stand between dashes
    pub form: FolioForm,
    /// Type size; that of small text when not given
    #[serde(deserialize_with = "some_size")]
    #[schemars(with = "Option<Size>")]
    pub size: Option<Pt>,
    /// Distance from the outer edge of the type area, in ems of body text
    #[serde(deserialize_with = "em")]
    #[schemars(with = "Ems")]
    pub inset: Em,
    /// Distance from the type area to the number's top; by the margin when not given
    #[serde(deserialize_with = "some_length")]
    #[schemars(with = "Option<Length>")]
    pub drop: Option<Pt>,
}

/// Where the page number stands
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FolioPlace {
    /// At the foot, at the outer edge
    #[default]
    Outer,
    /// At the foot, in the middle
    Center,
    /// Nowhere; pages are counted all the same
    None,
}

/// The form of page numbers
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FolioForm {
    /// 1
    #[default]
    Plain,
    /// — 1 —
    Dashes,
}

/// Where something begins
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    /// On a new page
    #[default]
    NewPage,
    /// On a new right-hand page; a blank page before it is counted
    Recto,
    /// Where the text before it ends
    RunOn,
}

impl Default for Faces {
    fn default() -> Self {
        let list = |name: &str| vec![name.to_owned()];
        Self {
            song: list("Noto Serif CJK {region}"),
            hei: list("Noto Sans CJK {region}"),
            kai: list("LXGW WenKai"),
            fangsong: Vec::new(),
            mono: list("Noto Sans Mono"),
        }
    }
}

impl Default for NoteStyle {
    /// A third of the measure is what JLREQ 4.2.5 gives the rule.
    fn default() -> Self {
        Self { size: None, pitch: None, rule: 1.0 / 3.0 }
    }
}

impl Default for RunningHead {
    /// Verso the higher level, recto the lower (CLREQ §headers_footers).
    fn default() -> Self {
        Self {
            verso: HeadText::Part,
            recto: HeadText::Article,
            face: Role::Kai,
            size: None,
            rule: true,
        }
    }
}

impl Default for Folio {
    fn default() -> Self {
        Self {
            place: FolioPlace::Outer,
            form: FolioForm::Plain,
            size: None,
            inset: Em::ZERO,
            drop: None,
        }
    }
}

impl PageSetup {
    /// Length of lines: a whole number of ems.
    pub fn measure(&self) -> Pt {
        self.size * f64::from(self.chars)
    }

    /// Extent of the type area across its lines: all pitches but the gap behind the last line.
    pub fn height(&self) -> Pt {
        self.pitch * f64::from(self.lines.saturating_sub(1)) + self.size
    }
}

impl Theme {
    /// The house style of marks.
    pub fn house(&self) -> House {
        House {
            preset: self.punctuation,
            mark_blank: self.mark_blank,
            keep_stops: self.keep_stops,
            hanging: self.hanging,
            paragraph_start: self.paragraph_start,
        }
    }

    /// The style of a heading of `level`, from 1.
    pub fn heading(&self, level: u8) -> &HeadingStyle {
        let index = usize::from(level.max(1) - 1);
        self.headings.get(index).or(self.headings.last()).unwrap_or(&self.title)
    }

    /// Size and pitch of footnotes.
    pub fn note_size(&self) -> (Pt, Pt) {
        (self.notes.size.unwrap_or(self.small), self.notes.pitch.unwrap_or(self.small_pitch))
    }

    /// Width and height of the type area on the page.
    pub fn area(&self) -> (Pt, Pt) {
        match self.writing_mode {
            WritingMode::Horizontal => (self.page.measure(), self.page.height()),
            WritingMode::Vertical => (self.page.height(), self.page.measure()),
        }
    }

    /// The same theme on other paper: size and pitch stay, the type area is derived anew in whole
    /// characters and lines so that margins keep their share of the page.
    #[must_use]
    pub fn on_paper(mut self, paper: Paper) -> Self {
        let (old, (width, height)) = (self.page.paper, self.area());
        let across = paper.width / old.width;
        let down = paper.height / old.height;
        self.page.paper = paper;
        self.page.inner = self.page.inner.map(|inner| inner * across);
        self.page.top = self.page.top.map(|top| top * down);
        self.fill(width * across, height * down);
        self
    }

    /// The same theme with its lines in another direction: the type area keeps its place and is
    /// filled with whole characters and lines.
    #[must_use]
    pub fn in_mode(mut self, mode: WritingMode) -> Self {
        if self.writing_mode != mode {
            let (width, height) = self.area();
            self.writing_mode = mode;
            self.fill(width, height);
        }
        self
    }

    /// Fits whole characters and lines into an area of the page.
    fn fill(&mut self, width: Pt, height: Pt) {
        let (along, across) = match self.writing_mode {
            WritingMode::Horizontal => (width, height),
            WritingMode::Vertical => (height, width),
        };
        let page = &mut self.page;
        // At least 8 characters and 6 lines: less can't be read as text.
        page.chars = (along / page.size + 1e-6).floor().clamp(8.0, 200.0) as u16;
        page.lines =
            ((across - page.size) / page.pitch + 1e-6).floor().clamp(5.0, 199.0) as u16 + 1;
    }
}

fn two_ems() -> Em {
    Em(2.0)
}

fn black() -> Color {
    Color::BLACK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::builtin;

    #[test]
    fn another_paper_keeps_whole_characters() {
        let study = builtin("study").unwrap();
        let a5 = study.clone().on_paper("A5".parse().unwrap());
        assert!(a5.page.chars < study.page.chars);
        assert!(a5.page.measure() < a5.page.paper.width);
        let same = study.clone().on_paper(study.page.paper);
        assert_eq!((same.page.chars, same.page.lines), (study.page.chars, study.page.lines));
    }

    #[test]
    fn lines_in_another_direction_fill_the_same_area() {
        let study = builtin("study").unwrap();
        let (width, height) = study.area();
        let turned = study.clone().in_mode(WritingMode::Vertical);
        assert_eq!(turned.page.chars, (height / study.page.size).floor() as u16);
        let (w, h) = turned.area();
        assert!(w <= width + Pt(0.01) && h <= height + Pt(0.01));
        assert!(width - w < study.page.pitch && height - h < study.page.size);
    }
}
