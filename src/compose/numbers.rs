//! Numbers before titles, headings and captions, by the packet's plan.

use std::collections::BTreeMap;

use super::walk::bodies_mut;
use crate::model::{Block, Inline, NumberingPlan, Pattern, Text};
use crate::numbering::by_pattern;

/// Counts parts, articles, figures and tables through one book.
pub(super) struct Numbers<'p> {
    plan: &'p NumberingPlan,
    parts: u32,
    articles: u32,
    appendices: u32,
    figures: u32,
    tables: u32,
}

/// What the elements of a section are called, by their names: `fig-road` → `图 3`.
pub(super) type Labels = BTreeMap<String, String>;

impl<'p> Numbers<'p> {
    pub(super) fn new(plan: &'p NumberingPlan) -> Self {
        Self { plan, parts: 0, articles: 0, appendices: 0, figures: 0, tables: 0 }
    }

    /// The title of the next part.
    pub(super) fn part(&mut self, title: &Text) -> Text {
        if self.plan.restart {
            self.articles = 0;
        }
        counted(self.plan.parts.as_ref(), &mut self.parts, title)
    }

    /// The title of the next article.
    pub(super) fn article(&mut self, title: &Text) -> Text {
        counted(self.plan.articles.as_ref(), &mut self.articles, title)
    }

    /// The title of the next appendix.
    pub(super) fn appendix(&mut self, title: &Text) -> Text {
        counted(self.plan.appendices.as_ref(), &mut self.appendices, title)
    }

    /// Numbers headings, figures and tables of a body; returns what those with names are called.
    pub(super) fn body(&mut self, body: &mut [Block]) -> Labels {
        let mut labels = Labels::new();
        let mut above: Vec<u32> = Vec::new();
        self.blocks(body, &mut above, &mut labels);
        labels
    }

    fn blocks(&mut self, body: &mut [Block], counts: &mut Vec<u32>, labels: &mut Labels) {
        for block in body {
            match block {
                Block::Heading(heading) => {
                    let level = usize::from(heading.level.max(1));
                    counts.resize(level, 0);
                    counts[level - 1] += 1;
                    if let Some(pattern) = self.plan.headings.get(level - 1) {
                        let number = by_pattern(pattern, counts[level - 1]);
                        heading.text = prefixed(&number, pattern.gap(), &heading.text);
                    }
                }
                Block::Figure(figure) => {
                    let id = figure.id.as_ref().map(|id| &id.value);
                    let caption = &mut figure.caption;
                    number(self.plan.figures.as_ref(), &mut self.figures, caption, id, labels);
                }
                Block::Table(table) => {
                    let id = table.id.as_ref().map(|id| &id.value);
                    let caption = &mut table.caption;
                    number(self.plan.tables.as_ref(), &mut self.tables, caption, id, labels);
                }
                _ => {}
            }
            for inner in bodies_mut(block) {
                self.blocks(inner, counts, labels);
            }
        }
    }
}

fn counted(pattern: Option<&Pattern>, count: &mut u32, title: &Text) -> Text {
    *count += 1;
    match pattern {
        Some(pattern) => prefixed(&by_pattern(pattern, *count), pattern.gap(), title),
        None => title.clone(),
    }
}

/// Only what has a caption is numbered: a picture without one is not referred to.
fn number(
    pattern: Option<&Pattern>,
    count: &mut u32,
    caption: &mut Option<Text>,
    id: Option<&String>,
    labels: &mut Labels,
) {
    let (Some(pattern), Some(text)) = (pattern, caption) else { return };
    *count += 1;
    let label = by_pattern(pattern, *count);
    *text = prefixed(&label, pattern.gap(), text);
    if let Some(id) = id {
        labels.insert(id.clone(), label);
    }
}

fn prefixed(number: &str, gap: &str, text: &Text) -> Text {
    let mut out = vec![Inline::Plain(format!("{number}{gap}"))];
    out.extend(text.0.iter().cloned());
    let mut out = Text(out);
    out.normalise();
    out
}
