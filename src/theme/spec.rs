//! What a theme says, with the form it is written in.

use serde::{Deserialize, Deserializer};

use super::paper::Paper;
use super::size::parse_size;
use crate::layout::Color;
use crate::text::{Kinsoku, Preset};
use crate::units::{Em, Pt};

/// A theme.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Theme {
    /// Its name.
    pub name: String,
    /// What it is for, in English and Chinese.
    pub description: (String, String),
    /// Page and type area.
    pub page: PageSetup,
    /// Families for each role.
    #[serde(default)]
    pub faces: Faces,
    /// House style of punctuation.
    #[serde(default)]
    pub punctuation: Preset,
    /// Prohibitions at line starts and ends.
    #[serde(default)]
    pub kinsoku: Kinsoku,
    /// Indent of a paragraph's first line, in ems.
    #[serde(default = "two_ems", deserialize_with = "em")]
    pub indent: Em,
    /// Title of an article.
    pub title: HeadingStyle,
    /// Headings of levels 1 to 6; the last one given serves all deeper levels.
    pub headings: Vec<HeadingStyle>,
    /// Size of notes, captions and tables.
    #[serde(deserialize_with = "size")]
    pub small: Pt,
    /// Line pitch of small text.
    #[serde(deserialize_with = "size")]
    pub small_pitch: Pt,
    /// Colour of rules, links and ornaments.
    #[serde(default = "ink", deserialize_with = "color")]
    pub accent: Color,
    /// Whether pages carry running heads.
    #[serde(default = "yes")]
    pub running_heads: bool,
    /// Where the page number stands.
    #[serde(default)]
    pub folio: FolioPlace,
}

/// Page and type area.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PageSetup {
    /// Paper.
    #[serde(deserialize_with = "paper")]
    pub paper: Paper,
    /// Size of body text: one em.
    #[serde(deserialize_with = "size")]
    pub size: Pt,
    /// Distance between baselines.
    #[serde(deserialize_with = "size")]
    pub pitch: Pt,
    /// Characters in a line: the measure in ems.
    pub chars: u16,
    /// Lines on a page.
    pub lines: u16,
}

/// Families for each role; `{region}` stands for SC, TC, HK, JP or KR by language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faces {
    /// 宋体: body.
    pub song: Vec<String>,
    /// 黑体: headings, labels, strong text.
    pub hei: Vec<String>,
    /// 楷体: quotations, editor's notes, poems.
    pub kai: Vec<String>,
    /// Code.
    pub mono: Vec<String>,
}

/// The part a face plays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 宋体.
    #[default]
    Song,
    /// 黑体, regular weight.
    Hei,
    /// 黑体, bold.
    Bold,
    /// 楷体.
    Kai,
    /// Monospace.
    Mono,
}

/// How a heading is set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HeadingStyle {
    /// Type size.
    #[serde(deserialize_with = "size")]
    pub size: Pt,
    /// Face.
    pub face: Role,
    /// Body lines that a one-line heading takes (占行).
    pub lines: u16,
    /// Where its lines stand.
    #[serde(default)]
    pub align: HeadAlign,
    /// Indent of a heading at the left, in ems of body text.
    #[serde(default, deserialize_with = "em")]
    pub indent: Em,
}

/// Where the lines of a heading stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HeadAlign {
    /// At the left of the measure.
    #[default]
    Left,
    /// In its middle.
    Center,
}

/// Where the page number stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FolioPlace {
    /// At the foot, at the outer edge: right on odd pages, left on even ones.
    #[default]
    Outer,
    /// At the foot, in the middle.
    Center,
}

impl Default for Faces {
    fn default() -> Self {
        let list = |name: &str| vec![name.to_owned()];
        Self {
            song: list("Noto Serif CJK {region}"),
            hei: list("Noto Sans CJK {region}"),
            kai: list("LXGW WenKai"),
            mono: list("Noto Sans Mono"),
        }
    }
}

impl PageSetup {
    /// Width of the type area: a whole number of ems.
    pub fn measure(&self) -> Pt {
        self.size * f64::from(self.chars)
    }

    /// Height of the type area: all line pitches but the gap under the last line.
    pub fn height(&self) -> Pt {
        self.pitch * f64::from(self.lines.saturating_sub(1)) + self.size
    }
}

impl Theme {
    /// The style of a heading of `level`, from 1.
    pub fn heading(&self, level: u8) -> &HeadingStyle {
        let index = usize::from(level.max(1) - 1);
        self.headings.get(index).or(self.headings.last()).unwrap_or(&self.title)
    }

    /// The same theme on other paper: size and pitch stay, the type area is derived anew in whole
    /// characters and lines so that margins keep their share of the page.
    #[must_use]
    pub fn on_paper(mut self, paper: Paper) -> Self {
        let page = &self.page;
        let across = page.measure() / page.paper.width;
        let down = page.height() / page.paper.height;
        let chars = ((paper.width * across) / page.size + 1e-6).floor().max(8.0) as u16;
        let lines =
            ((paper.height * down - page.size) / page.pitch + 1e-6).floor().max(5.0) as u16 + 1;
        self.page = PageSetup { paper, chars, lines, ..self.page };
        self
    }
}

fn two_ems() -> Em {
    Em(2.0)
}

fn ink() -> Color {
    Color::BLACK
}

fn yes() -> bool {
    true
}

/// A number or a string, as people write sizes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f64),
    Text(String),
}

fn size<'de, D: Deserializer<'de>>(from: D) -> Result<Pt, D::Error> {
    let text = match Written::deserialize(from)? {
        Written::Number(n) => n.to_string(),
        Written::Text(text) => text,
    };
    parse_size(&text).map_err(serde::de::Error::custom)
}

fn em<'de, D: Deserializer<'de>>(from: D) -> Result<Em, D::Error> {
    let value = f64::deserialize(from)?;
    if (0.0..=20.0).contains(&value) {
        Ok(Em(value))
    } else {
        Err(serde::de::Error::custom("an indent is 0 to 20 ems"))
    }
}

fn paper<'de, D: Deserializer<'de>>(from: D) -> Result<Paper, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

fn color<'de, D: Deserializer<'de>>(from: D) -> Result<Color, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = || serde::de::Error::custom(format!("'{text}' is not a colour: write \"#8c2f2b\""));
    let hex = text.strip_prefix('#').filter(|h| h.len() == 6 && h.is_ascii()).ok_or_else(wrong)?;
    let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).map_err(|_| wrong());
    Ok(Color { r: part(0)?, g: part(2)?, b: part(4)? })
}

#[cfg(test)]
mod tests {
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
}
