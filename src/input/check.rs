//! What `keben check` finds in an article by the model alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::{Article, At, Block, Inline, Pos, Text};

/// Looks an article over.
///
/// Errors: notes referred to but not defined ([`Code::DeadLink`]), names used twice
/// ([`Code::Duplicate`]). Warnings: notes never referred to, pictures without alternative text,
/// heading levels that skip one, an empty body. Ordered by place.
pub fn check(article: &Article) -> Vec<Diagnostic> {
    let mut checker = Checker::default();
    for text in texts(article) {
        checker.text(text);
    }
    checker.blocks(&article.body);
    checker.notes();
    let has_content = article.body.iter().any(|b| !matches!(b, Block::Footnotes(_)));
    if !has_content {
        let message = Message::new("the body is empty", "正文为空");
        checker.found.push(Diagnostic::warning(Code::MissingField, message));
    }
    let mut found = checker.found;
    found.sort_by_key(|diagnostic| diagnostic.pos);
    if let Some(origin) = &article.origin {
        found = found.into_iter().map(|d| d.in_file(origin)).collect();
    }
    found
}

/// Texts of an article outside its body.
fn texts(article: &Article) -> impl Iterator<Item = &Text> {
    let single = [&article.subtitle, &article.summary, &article.editor_note];
    std::iter::once(&article.title)
        .chain(single.into_iter().flatten())
        .chain(&article.questions)
        .chain(article.glossary.iter().map(|entry| &entry.definition))
}

#[derive(Default)]
struct Checker {
    found: Vec<Diagnostic>,
    /// Labels referred to, with their first place.
    references: BTreeMap<String, Option<Pos>>,
    definitions: BTreeSet<String>,
    ids: BTreeSet<String>,
    last_level: u8,
}

impl Checker {
    fn error(&mut self, code: Code, en: String, zh: String, pos: Option<Pos>) {
        self.found.push(Diagnostic::error(code, Message::new(en, zh)).at(pos));
    }

    fn warning(&mut self, code: Code, en: String, zh: String, pos: Option<Pos>) {
        self.found.push(Diagnostic::warning(code, Message::new(en, zh)).at(pos));
    }

    fn text(&mut self, text: &Text) {
        let mut pictures = Vec::new();
        text.visit(&mut |inline| match inline {
            Inline::NoteRef(label) => {
                self.references.entry(label.value.clone()).or_insert(label.pos);
            }
            Inline::Image(image) if image.alt.trim().is_empty() => pictures.push(&image.src),
            _ => {}
        });
        for src in pictures {
            self.no_alt(src);
        }
    }

    fn no_alt(&mut self, src: &At<String>) {
        let (en, zh) = (
            format!("picture '{}' has no alternative text", src.value),
            format!("图片“{}”缺少替代文字", src.value),
        );
        self.warning(Code::MissingAlt, en, zh, src.pos);
    }

    fn id(&mut self, id: Option<&At<String>>) {
        let Some(id) = id else { return };
        if !self.ids.insert(id.value.clone()) {
            let (en, zh) =
                (format!("id '{}' is used twice", id.value), format!("标识“{}”重复", id.value));
            self.error(Code::Duplicate, en, zh, id.pos);
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(heading) => {
                if self.last_level > 0 && heading.level > self.last_level + 1 {
                    let (from, to) = (self.last_level, heading.level);
                    let title = heading.text.to_plain();
                    let (en, zh) = (
                        format!("heading '{title}' jumps from level {from} to {to}"),
                        format!("标题“{title}”由第 {from} 级跳到第 {to} 级"),
                    );
                    self.warning(
                        Code::InvalidValue,
                        en,
                        zh,
                        heading.id.as_ref().and_then(|i| i.pos),
                    );
                }
                self.last_level = heading.level;
                self.id(heading.id.as_ref());
                self.text(&heading.text);
            }
            Block::Paragraph(text) => self.text(text),
            Block::Quote(quote) => {
                self.blocks(&quote.body);
                quote.attribution.iter().for_each(|text| self.text(text));
            }
            Block::Poem(poem) => {
                let lines = poem.stanzas.iter().flatten();
                poem.title.iter().chain(&poem.author).chain(lines).for_each(|t| self.text(t));
            }
            Block::List(list) => list.items.iter().for_each(|item| self.blocks(&item.body)),
            Block::Definitions(definitions) => {
                for definition in definitions {
                    self.text(&definition.term);
                    definition.details.iter().for_each(|body| self.blocks(body));
                }
            }
            Block::Table(table) => {
                self.id(table.id.as_ref());
                table.caption.iter().for_each(|text| self.text(text));
                let cells = table.head.iter().chain(&table.rows).flat_map(|row| &row.cells);
                cells.for_each(|cell| self.text(&cell.text));
            }
            Block::Figure(figure) => {
                self.id(figure.id.as_ref());
                figure.caption.iter().chain(&figure.credit).for_each(|text| self.text(text));
                let has_alt = figure.alt.as_ref().is_some_and(|alt| !alt.trim().is_empty());
                if let Some(src) = figure.src.as_ref().filter(|_| !has_alt) {
                    self.no_alt(src);
                }
            }
            Block::Code(code) => code.caption.iter().for_each(|text| self.text(text)),
            Block::Callout(callout) => {
                callout.title.iter().for_each(|text| self.text(text));
                self.blocks(&callout.body);
            }
            Block::Footnotes(notes) => {
                for (label, body) in notes {
                    if !self.definitions.insert(label.clone()) {
                        let (en, zh) = (
                            format!("note '{label}' is defined twice"),
                            format!("注释“{label}”重复定义"),
                        );
                        self.error(Code::Duplicate, en, zh, None);
                    }
                    self.blocks(body);
                }
            }
            Block::Divider | Block::PageBreak => {}
        }
    }

    fn notes(&mut self) {
        for (label, pos) in std::mem::take(&mut self.references) {
            if !self.definitions.remove(&label) {
                let (en, zh) =
                    (format!("note '{label}' is not defined"), format!("注释“{label}”没有定义"));
                self.error(Code::DeadLink, en, zh, pos);
            }
        }
        for label in std::mem::take(&mut self.definitions) {
            let (en, zh) = (
                format!("note '{label}' is never referred to"),
                format!("注释“{label}”没有被引用"),
            );
            self.warning(Code::Duplicate, en, zh, None);
        }
    }
}
