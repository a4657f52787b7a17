//! Clean: repairs of text, model → model, each of which can be switched off and says what it did.
//!
//! Repairs work on the characters of a whole paragraph at once ([`runs`]), so a comma between
//! `**中文**` and 中文 is seen between Han. Code, links' addresses, pictures and note marks are
//! walls: nothing in them is touched.
//!
//! Why not the `autocorrect` crate: it puts spaces between Han and Latin, which here is layout's
//! work; it reads single strings, so it sees nothing across inline markup; and it reports lines,
//! not repairs by kind. The rules below are those of GB/T 15834 and CLREQ that its own follow too.

mod codepoints;
mod dashes;
mod quotes;
mod runs;
mod spaces;
mod trailers;
mod width;

use crate::model::{Article, Block, Contents, Packet, Text};

pub(crate) use runs::plain_of;
use runs::{Char, Context, is_cjk_text};

/// One kind of repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Half-width `,:;?!().` between Han made full-width.
    Width,
    /// Straight quotes paired.
    Quotes,
    /// `...` and `--` to …… and ——.
    Dashes,
    /// Spaces between Han dropped, runs of spaces made one.
    Spaces,
    /// Full-width digits and letters made half-width.
    Digits,
    /// Compatibility and radical code points made unified ones.
    Codepoints,
    /// Zero-width characters, private-use characters and the like dropped.
    Invisible,
    /// Blank paragraphs, repeated line breaks, spaces at the ends of paragraphs dropped.
    Blanks,
    /// What accounts add before and after every article dropped.
    Trailers,
}

impl Rule {
    /// All rules in the order they run.
    pub const ALL: [Rule; 9] = [
        Rule::Codepoints,
        Rule::Invisible,
        Rule::Digits,
        Rule::Width,
        Rule::Quotes,
        Rule::Dashes,
        Rule::Spaces,
        Rule::Blanks,
        Rule::Trailers,
    ];

    /// Its name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Width => "width",
            Self::Quotes => "quotes",
            Self::Dashes => "dashes",
            Self::Spaces => "spaces",
            Self::Digits => "digits",
            Self::Codepoints => "codepoints",
            Self::Invisible => "invisible",
            Self::Blanks => "blanks",
            Self::Trailers => "trailers",
        }
    }
}

/// Which rules run. All, unless some are switched off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    off: Vec<Rule>,
}

impl Rules {
    /// No repair at all.
    pub fn none() -> Self {
        Self { off: Rule::ALL.to_vec() }
    }

    /// All rules but these.
    pub fn without(rules: &[Rule]) -> Self {
        Self { off: rules.to_vec() }
    }

    /// Whether a rule runs.
    pub fn has(&self, rule: Rule) -> bool {
        !self.off.contains(&rule)
    }
}

/// What one rule changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The rule.
    pub rule: Rule,
    /// How often.
    pub count: usize,
    /// The first changes, before and after, with the characters around them.
    pub samples: Vec<(String, String)>,
}

/// Samples kept for a rule: enough to judge it by.
const SAMPLES: usize = 3;

/// Collects repairs.
#[derive(Debug, Default)]
struct Log {
    repairs: Vec<Repair>,
}

impl Log {
    fn entry(&mut self, rule: Rule) -> &mut Repair {
        let at = match self.repairs.iter().position(|r| r.rule == rule) {
            Some(at) => at,
            None => {
                self.repairs.push(Repair { rule, count: 0, samples: Vec::new() });
                self.repairs.len() - 1
            }
        };
        &mut self.repairs[at]
    }

    /// Notes a change of `before[at..at + len]` into `after`.
    fn change(&mut self, rule: Rule, before: &[Char], at: usize, len: usize, after: &str) {
        let repair = self.entry(rule);
        repair.count += 1;
        if repair.samples.len() < SAMPLES {
            let string = |range: &[Char]| range.iter().map(|c| visible(c.c)).collect::<String>();
            let left = string(&before[at.saturating_sub(4)..at]);
            let right =
                string(&before[(at + len).min(before.len())..(at + len + 4).min(before.len())]);
            let old = string(&before[at..(at + len).min(before.len())]);
            repair.samples.push((format!("{left}{old}{right}"), format!("{left}{after}{right}")));
        }
    }

    /// Notes a dropped block.
    fn dropped(&mut self, rule: Rule, text: &str) {
        let repair = self.entry(rule);
        repair.count += 1;
        if repair.samples.len() < SAMPLES {
            repair.samples.push((text.chars().take(40).collect(), String::new()));
        }
    }
}

/// A character that can be seen in a report.
fn visible(c: char) -> String {
    match c {
        '\n' | '\u{FFFC}' => "⏎".to_owned(),
        c if c.is_control() || codepoints::is_invisible(c) => format!("<U+{:04X}>", c as u32),
        c => c.to_string(),
    }
}

/// Repairs an article.
pub fn article(mut article: Article, rules: &Rules) -> (Article, Vec<Repair>) {
    let mut log = Log::default();
    // Korean and Western texts have their own signs: only what is wrong in every language is mended.
    let primary = article.language.primary();
    let east =
        !matches!(primary.as_str(), "ko" | "en" | "fr" | "de" | "es" | "ru" | "it" | "pt" | "la");
    let line = |title: bool| Context { title, east, verse: false };
    text(&mut article.title, line(true), rules, &mut log);
    for t in article.subtitle.iter_mut() {
        text(t, line(true), rules, &mut log);
    }
    for t in
        article.summary.iter_mut().chain(&mut article.editor_note).chain(&mut article.questions)
    {
        text(t, line(false), rules, &mut log);
    }
    for entry in &mut article.glossary {
        text(&mut entry.definition, line(false), rules, &mut log);
    }
    for author in &mut article.authors {
        string(&mut author.name, line(true), rules, &mut log);
        if let Some(office) = &mut author.affiliation {
            string(office, line(true), rules, &mut log);
        }
    }
    for word in &mut article.keywords {
        string(word, line(true), rules, &mut log);
    }
    if let Some(source) = &mut article.source {
        for field in source.name.iter_mut().chain(source.issue.iter_mut()) {
            string(field, line(true), rules, &mut log);
        }
    }
    if rules.has(Rule::Trailers) {
        trailers::drop(&mut article.body, &mut log);
    }
    blocks(&mut article.body, east, rules, &mut log);
    log.repairs.sort_by_key(|r| r.rule);
    (article, log.repairs)
}

/// Repairs every article of a packet.
pub fn packet(mut packet: Packet, rules: &Rules) -> (Packet, Vec<Repair>) {
    let mut all = Vec::new();
    let mut each = |one: &mut Article| {
        let taken = std::mem::replace(one, crate::input::blank_article());
        let (done, repairs) = article(taken, rules);
        *one = done;
        all = merged(std::mem::take(&mut all), repairs);
    };
    for entry in &mut packet.contents {
        match entry {
            Contents::Article(one) => each(one),
            Contents::Part(part) => part.articles.iter_mut().for_each(&mut each),
        }
    }
    (packet, all)
}

/// Adds the repairs of two texts.
pub(crate) fn merged(mut first: Vec<Repair>, second: Vec<Repair>) -> Vec<Repair> {
    for repair in second {
        match first.iter_mut().find(|r| r.rule == repair.rule) {
            Some(known) => {
                known.count += repair.count;
                let room = SAMPLES.saturating_sub(known.samples.len());
                known.samples.extend(repair.samples.into_iter().take(room));
            }
            None => first.push(repair),
        }
    }
    first.sort_by_key(|r| r.rule);
    first
}

fn blocks(list: &mut Vec<Block>, east: bool, rules: &Rules, log: &mut Log) {
    let plain = Context { title: false, east, verse: false };
    let head = Context { title: true, ..plain };
    let verse = Context { verse: true, ..plain };
    for block in list.iter_mut() {
        match block {
            Block::Heading(heading) => text(&mut heading.text, head, rules, log),
            Block::Paragraph(paragraph) => text(paragraph, plain, rules, log),
            Block::Quote(quote) => {
                blocks(&mut quote.body, east, rules, log);
                quote.attribution.iter_mut().for_each(|t| text(t, head, rules, log));
            }
            Block::Poem(poem) => {
                let lines = poem.stanzas.iter_mut().flatten();
                poem.title
                    .iter_mut()
                    .chain(&mut poem.author)
                    .chain(lines)
                    .for_each(|t| text(t, verse, rules, log));
            }
            Block::List(items) => {
                items.items.iter_mut().for_each(|item| blocks(&mut item.body, east, rules, log));
            }
            Block::Definitions(definitions) => {
                for definition in definitions {
                    text(&mut definition.term, head, rules, log);
                    definition.details.iter_mut().for_each(|body| blocks(body, east, rules, log));
                }
            }
            Block::Table(table) => {
                table.caption.iter_mut().for_each(|t| text(t, head, rules, log));
                let cells =
                    table.head.iter_mut().chain(&mut table.rows).flat_map(|row| &mut row.cells);
                cells.for_each(|cell| text(&mut cell.text, head, rules, log));
            }
            Block::Figure(figure) => {
                figure
                    .caption
                    .iter_mut()
                    .chain(&mut figure.credit)
                    .for_each(|t| text(t, head, rules, log));
                figure.alt.iter_mut().for_each(|alt| string(alt, head, rules, log));
            }
            Block::Callout(callout) => {
                callout.title.iter_mut().for_each(|t| text(t, head, rules, log));
                blocks(&mut callout.body, east, rules, log);
            }
            Block::Footnotes(notes) => {
                notes.values_mut().for_each(|body| blocks(body, east, rules, log));
            }
            Block::Code(_) | Block::Divider | Block::PageBreak => {}
        }
    }
    if rules.has(Rule::Blanks) {
        list.retain(|block| {
            let blank = match block {
                Block::Paragraph(t) => is_blank(t),
                Block::Heading(h) => is_blank(&h.text),
                _ => false,
            };
            if blank {
                log.dropped(Rule::Blanks, "");
            }
            !blank
        });
    }
}

/// Nothing to see: no characters but spaces, and no picture or note mark.
fn is_blank(text: &Text) -> bool {
    let mut something = false;
    text.visit(&mut |inline| {
        something |=
            matches!(inline, crate::model::Inline::Image(_) | crate::model::Inline::NoteRef(_));
    });
    !something && text.to_plain().trim().is_empty()
}

fn string(value: &mut String, context: Context, rules: &Rules, log: &mut Log) {
    let mut whole = Text::plain(std::mem::take(value));
    text(&mut whole, context, rules, log);
    *value = whole.to_plain();
}

fn text(text: &mut Text, context: Context, rules: &Rules, log: &mut Log) {
    let mut line = runs::read(text);
    let before: Vec<Char> = line.clone();
    for rule in Rule::ALL {
        if !rules.has(rule) {
            continue;
        }
        let east = context.east && is_cjk_text(&line);
        match rule {
            Rule::Codepoints => codepoints::unify(&mut line, log),
            Rule::Invisible => codepoints::drop_invisible(&mut line, context, log),
            Rule::Digits if context.east => codepoints::narrow(&mut line, log),
            Rule::Width if east => width::widen(&mut line, context, log),
            Rule::Quotes if east => quotes::pair(&mut line, log),
            Rule::Dashes if east => dashes::mend(&mut line, log),
            Rule::Spaces if !context.verse => spaces::drop(&mut line, context, log),
            Rule::Blanks => spaces::trim(&mut line, log),
            _ => {}
        }
    }
    if line != before {
        runs::write(text, &line);
    }
}

#[cfg(test)]
mod tests;
