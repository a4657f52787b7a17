//! From comrak's tree to blocks.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use comrak::nodes::{AlertType, ListType, NodeCodeBlock, NodeList, NodeValue, TableAlignment};
use comrak::{Arena, Node, parse_document};

use super::html;
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::input::written::Source;
use crate::model::{
    Align, At, Block, Callout, CalloutKind, Cell, Code as CodeText, Converter, Definition, Figure,
    Heading, Inline, InlineImage, List, ListItem, Numbering, Origin, Poem, Pos, Quote, Row, Table,
    Text, inline_options, protect, unprotect,
};

/// Quotes, lists and the like may stand in one another this deep; what lies deeper is set as
/// paragraphs of this depth, with a warning.
const MAX_DEPTH: usize = 32;

/// A line may open this many quotes and lists; a line that opens more is data, not prose.
const MAX_MARKERS: usize = 200;

/// Blocks of a Markdown text, heading levels as written, notes collected at the end.
pub(super) fn read(
    text: &str,
    origin: Option<Origin>,
    warnings: &mut Vec<Diagnostic>,
) -> Vec<Block> {
    let flat = flatten(text, origin, warnings);
    let protected = protect(flat.as_deref().unwrap_or(text), true);
    let mut options = inline_options();
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.description_lists = true;
    options.extension.alerts = true;
    options.parse.leave_footnote_definitions = true;
    options.parse.relaxed_tasklist_matching = true;
    let arena = Arena::new();
    let root = parse_document(&arena, &protected.text, &options);
    let mut reader = Reader {
        inline: Converter::new(&protected, origin, None),
        notes: BTreeMap::new(),
        found: Vec::new(),
    };
    let mut blocks = reader.sequence(root, 0);
    if !reader.notes.is_empty() {
        blocks.push(Block::Footnotes(std::mem::take(&mut reader.notes)));
    }
    let Reader { inline, mut found, .. } = reader;
    found.extend(inline.into_remarks().into_iter().map(|remark| {
        let message = Message::new(
            format!("'{}' is not understood and set as text", remark.what),
            format!("无法识别“{}”，按文字处理", remark.what),
        );
        Diagnostic::warning(Code::Syntax, message).at(remark.pos)
    }));
    found.sort_by_key(|diagnostic| diagnostic.pos);
    warnings.extend(found);
    blocks
}

/// Lines that open more containers than anything a person writes would take a parser time and
/// memory out of all proportion: their markers are escaped. `None` when there are none.
fn flatten(text: &str, origin: Option<Origin>, warnings: &mut Vec<Diagnostic>) -> Option<String> {
    let markers = |line: &str| {
        let begin = line.len() - line.trim_start_matches([' ', '\t', '>', '-', '*', '+']).len();
        let head = &line[..begin];
        let quotes = head.matches('>').count();
        quotes + head.split_ascii_whitespace().filter(|word| *word != ">").count()
    };
    let is_rule = |line: &str| {
        let mut signs = line.chars().filter(|c| !c.is_whitespace());
        let first = signs.next();
        matches!(first, Some('-' | '*')) && signs.all(|c| Some(c) == first)
    };
    let too_many = |line: &str| markers(line) > MAX_MARKERS && !is_rule(line);
    if !text.lines().any(too_many) {
        return None;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        if too_many(line) {
            let pos = origin.map(|origin| origin.locate(number as u32 + 1, 1));
            warnings.push(too_deep(pos));
            out.push('\\');
            out.push_str(line.trim_start());
        } else {
            out.push_str(line);
        }
    }
    Some(out)
}

fn too_deep(pos: Option<Pos>) -> Diagnostic {
    let message = Message::new("nested too deeply: set as paragraphs", "嵌套过深，按段落处理");
    Diagnostic::warning(Code::Syntax, message).at(pos)
}

struct Reader<'p> {
    inline: Converter<'p>,
    notes: BTreeMap<String, Vec<Block>>,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The blocks below a node.
    fn sequence<'a>(&mut self, parent: Node<'a>, depth: usize) -> Vec<Block> {
        let mut out = Vec::new();
        let mut caption: Option<Text> = None;
        for node in parent.children() {
            if let Some(text) = self.table_caption(node, &mut out) {
                caption = text;
                continue;
            }
            let mut blocks = self.block(node, depth);
            if let (Some(Block::Table(table)), Some(_)) = (blocks.first_mut(), &caption) {
                table.caption = caption.take();
            }
            out.append(&mut blocks);
        }
        out
    }

    /// A paragraph `表：…` beside a table is its caption: `Some(Some(…))` for the table that
    /// follows, `Some(None)` when it went to the table before.
    fn table_caption<'a>(&mut self, node: Node<'a>, out: &mut [Block]) -> Option<Option<Text>> {
        if !matches!(node.data().value, NodeValue::Paragraph) {
            return None;
        }
        let first = node.first_child()?;
        let label = match &first.data().value {
            NodeValue::Text(text) => caption_label(text)?,
            _ => return None,
        };
        let follows =
            node.next_sibling().is_some_and(|n| matches!(n.data().value, NodeValue::Table(_)));
        let before = match out.last_mut() {
            Some(Block::Table(table)) if table.caption.is_none() => Some(table),
            _ => None,
        };
        let is_adjacent = node
            .previous_sibling()
            .is_some_and(|previous| matches!(previous.data().value, NodeValue::Table(_)));
        if !(follows || is_adjacent && before.is_some()) {
            return None;
        }
        let mut text = self.inline.inlines(node);
        if let Some(Inline::Plain(plain)) = text.0.first_mut() {
            *plain = plain.chars().skip(label).collect::<String>().trim_start().to_owned();
        }
        text.normalise();
        match before.filter(|_| is_adjacent && !follows) {
            Some(table) => {
                table.caption = Some(text);
                Some(None)
            }
            None => Some(Some(text)),
        }
    }

    fn block<'a>(&mut self, node: Node<'a>, depth: usize) -> Vec<Block> {
        let data = node.data();
        if depth >= MAX_DEPTH && node.first_child().is_some_and(|child| child.data().value.block())
        {
            self.found.push(too_deep(self.inline.start(data.sourcepos)));
            return self.flat(node);
        }
        match &data.value {
            NodeValue::Paragraph => self.paragraph(node),
            NodeValue::Heading(heading) => vec![self.heading(node, heading.level)],
            NodeValue::BlockQuote | NodeValue::MultilineBlockQuote(_) => {
                vec![self.quote(node, depth)]
            }
            NodeValue::List(list) => vec![self.list(node, list, depth)],
            NodeValue::DescriptionList => vec![self.definitions(node, depth)],
            NodeValue::Table(table) => {
                let align = table.alignments.iter().map(|align| match align {
                    TableAlignment::None => Align::Auto,
                    TableAlignment::Left => Align::Left,
                    TableAlignment::Center => Align::Center,
                    TableAlignment::Right => Align::Right,
                });
                vec![self.table(node, align.collect())]
            }
            NodeValue::CodeBlock(code) => {
                let first_line = u32::from(code.fenced);
                let pos = data.sourcepos.start;
                let at =
                    |offset: u32| self.inline.locate(pos.line as u32 + offset, pos.column as u32);
                vec![code_block(code, at(first_line))]
            }
            NodeValue::HtmlBlock(block) => {
                let literal = unprotect(&block.literal);
                let pos = self.inline.start(data.sourcepos);
                html::blocks(&literal, pos, &mut self.found)
            }
            NodeValue::ThematicBreak => vec![Block::Divider],
            NodeValue::FootnoteDefinition(definition) => {
                let body = self.sequence(node, depth + 1);
                let label = unprotect(&definition.name);
                if let Entry::Vacant(entry) = self.notes.entry(label.clone()) {
                    entry.insert(body);
                } else {
                    let message = Message::new(
                        format!("note '{label}' is defined twice: the first counts"),
                        format!("注释“{label}”重复定义，以第一处为准"),
                    );
                    let pos = self.inline.start(data.sourcepos);
                    self.found.push(Diagnostic::warning(Code::Duplicate, message).at(pos));
                }
                Vec::new()
            }
            NodeValue::Alert(alert) => {
                let kind = match alert.alert_type {
                    AlertType::Note => CalloutKind::Note,
                    AlertType::Tip => CalloutKind::Tip,
                    AlertType::Important => CalloutKind::Important,
                    AlertType::Warning | AlertType::Caution => CalloutKind::Warning,
                };
                let title = alert.title.as_deref().map(|t| Text::from_markup(&unprotect(t)));
                vec![Block::Callout(Callout { kind, title, body: self.sequence(node, depth + 1) })]
            }
            _ if data.value.block() => self.sequence(node, depth + 1),
            _ => Vec::new(),
        }
    }

    /// The paragraphs below a node, all on one level; walks without recursion.
    fn flat<'a>(&mut self, node: Node<'a>) -> Vec<Block> {
        let mut out = Vec::new();
        for below in node.descendants() {
            let data = below.data();
            match &data.value {
                NodeValue::CodeBlock(code) => out.push(code_block(code, None)),
                value if value.contains_inlines() => {
                    let text = self.inline.inlines(below);
                    if !text.is_empty() {
                        out.push(Block::Paragraph(text));
                    }
                }
                _ => {}
            }
        }
        out
    }

    fn paragraph<'a>(&mut self, node: Node<'a>) -> Vec<Block> {
        if let Some(figures) = self.figures(node) {
            return figures;
        }
        let text = self.inline.inlines(node);
        if text.is_empty() { Vec::new() } else { vec![Block::Paragraph(text)] }
    }

    /// A paragraph of pictures alone (perhaps linked) is a figure for each.
    fn figures<'a>(&mut self, node: Node<'a>) -> Option<Vec<Block>> {
        let mut figures = Vec::new();
        for child in node.children() {
            let data = child.data();
            let image = match &data.value {
                NodeValue::Image(_) => child,
                NodeValue::Link(_) => {
                    let inner = child.first_child()?;
                    let is_image = matches!(inner.data().value, NodeValue::Image(_));
                    if !is_image || inner.next_sibling().is_some() {
                        return None;
                    }
                    inner
                }
                NodeValue::SoftBreak | NodeValue::LineBreak => continue,
                NodeValue::Text(text) if text.trim().is_empty() => continue,
                NodeValue::HtmlInline(tag) if tag.starts_with("<br") => continue,
                _ => return None,
            };
            let text = self.inline.inlines_of(std::iter::once(image));
            let title = match &image.data().value {
                NodeValue::Image(link) if !link.title.is_empty() => Some(unprotect(&link.title)),
                _ => None,
            };
            let Some(Inline::Image(InlineImage { src, alt })) = text.0.into_iter().next() else {
                return None;
            };
            figures.push(Block::Figure(Figure {
                src: Some(src),
                alt: (!alt.is_empty()).then_some(alt),
                caption: title.map(|title| Text::from_markup(&title)),
                credit: None,
                width: None,
                id: None,
            }));
        }
        (!figures.is_empty()).then_some(figures)
    }

    /// A heading, its name taken from `{#id}` at the end.
    fn heading<'a>(&mut self, node: Node<'a>, level: u8) -> Block {
        let mut text = self.inline.inlines(node);
        let mut id = None;
        if let Some(Inline::Plain(last)) = text.0.last_mut()
            && let Some(body) = last.strip_suffix('}')
            && let Some((before, name)) = body.rsplit_once("{#")
            && !name.is_empty()
            && !name.contains(|c: char| c.is_whitespace() || c == '{')
        {
            let pos = self.inline.start(node.data().sourcepos);
            id = Some(At { value: name.to_owned(), pos });
            *last = before.trim_end().to_owned();
        }
        text.normalise();
        Block::Heading(Heading { level, text, id })
    }

    /// A quotation; its last line is its source when it begins with a dash.
    fn quote<'a>(&mut self, node: Node<'a>, depth: usize) -> Block {
        let mut attribution = None;
        let last = node.last_child().filter(|n| matches!(n.data().value, NodeValue::Paragraph));
        if let Some(paragraph) = last {
            let children: Vec<Node<'a>> = paragraph.children().collect();
            let is_break = |n: &Node<'a>| {
                matches!(n.data().value, NodeValue::SoftBreak | NodeValue::LineBreak)
            };
            let cut = children.iter().rposition(is_break);
            let from = cut.map_or(0, |cut| cut + 1);
            let dash = children.get(from).and_then(|child| match &child.data().value {
                NodeValue::Text(text) => dash_length(text),
                _ => None,
            });
            let is_alone = cut.is_none() && paragraph.previous_sibling().is_none();
            if let Some(dash) = dash.filter(|_| !is_alone) {
                let mut text = self.inline.inlines_of(children[from..].iter().copied());
                if let Some(Inline::Plain(plain)) = text.0.first_mut() {
                    *plain = plain.chars().skip(dash).collect::<String>().trim_start().to_owned();
                }
                text.normalise();
                attribution = Some(text);
                children[cut.unwrap_or(0)..].iter().for_each(|child| child.detach());
            }
        }
        Block::Quote(Quote { body: self.sequence(node, depth + 1), attribution })
    }

    fn list<'a>(&mut self, node: Node<'a>, list: &NodeList, depth: usize) -> Block {
        let items = node.children().map(|item| {
            let checked = match &item.data().value {
                NodeValue::TaskItem(task) => Some(task.symbol.is_some()),
                _ => None,
            };
            ListItem { checked, body: self.sequence(item, depth + 1) }
        });
        let items = items.collect();
        let is_ordered = list.list_type == ListType::Ordered;
        Block::List(List {
            numbering: is_ordered.then_some(Numbering::Arabic),
            start: if is_ordered { u32::try_from(list.start).unwrap_or(1) } else { 1 },
            items,
        })
    }

    fn definitions<'a>(&mut self, node: Node<'a>, depth: usize) -> Block {
        let mut definitions: Vec<Definition> = Vec::new();
        for item in node.children() {
            let mut definition = Definition { term: Text::default(), details: Vec::new() };
            for part in item.children() {
                if matches!(part.data().value, NodeValue::DescriptionTerm) {
                    // the term's inlines may stand in a paragraph of their own
                    let holder = part.first_child().filter(|n| n.data().value.block());
                    definition.term = self.inline.inlines(holder.unwrap_or(part));
                } else {
                    definition.details.push(self.sequence(part, depth + 1));
                }
            }
            match definitions.last_mut() {
                Some(last) if definition.term.is_empty() => last.details.extend(definition.details),
                _ => definitions.push(definition),
            }
        }
        Block::Definitions(definitions)
    }

    fn table<'a>(&mut self, node: Node<'a>, align: Vec<Align>) -> Block {
        let (mut head, mut rows) = (Vec::new(), Vec::new());
        for row in node.children() {
            let cells = row.children().map(|cell| Cell::new(self.inline.inlines(cell)));
            let cells = Row { cells: cells.collect() };
            match row.data().value {
                NodeValue::TableRow(true) => head.push(cells),
                _ => rows.push(cells),
            }
        }
        // a header row of empty cells is Markdown's way to write none
        head.retain(|row: &Row| row.cells.iter().any(|cell| !cell.text.is_empty()));
        Block::Table(Table { head, rows, align, caption: None, id: None })
    }
}

/// Characters of the label of a table's caption: `表：`, `表 1：`, `Table:`, `Table 1:`.
fn caption_label(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('表').or_else(|| text.strip_prefix("Table"))?;
    let rest = rest.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let rest = rest.strip_prefix(['：', ':'])?;
    Some(text.chars().count() - rest.chars().count())
}

/// Characters of the dash that begins a quotation's source.
fn dash_length(text: &str) -> Option<usize> {
    let rest = ["——", "--", "—", "――"].iter().find_map(|dash| text.strip_prefix(dash))?;
    (!rest.trim().is_empty()).then(|| text.chars().count() - rest.chars().count())
}

/// Title and poet after `poem`: either named, `title="静夜思" author="李白"`, or in this order,
/// `静夜思 李白`. Quotes may be straight or curly.
fn poem_info(info: &str) -> (Option<Text>, Option<Text>) {
    let named = |name: &str| {
        let (_, rest) = info.split_once(&format!("{name}="))?;
        let quotes = ['"', '“', '”', '\''];
        let value = match rest.strip_prefix(quotes) {
            Some(rest) => rest.split(quotes).next(),
            None => rest.split_whitespace().next(),
        };
        value.map(str::trim).filter(|v| !v.is_empty()).map(Text::from_markup)
    };
    let (title, author) = (named("title"), named("author"));
    if title.is_some() || author.is_some() {
        return (title, author);
    }
    let mut words = info.split_whitespace();
    let title = words.next().map(Text::from_markup);
    let author: Vec<&str> = words.collect();
    (title, (!author.is_empty()).then(|| Text::from_markup(&author.join(" "))))
}

/// Code, or a poem in a fence of that kind.
fn code_block(code: &NodeCodeBlock, pos: Option<Pos>) -> Block {
    let info = unprotect(&code.info);
    let literal = unprotect(&code.literal);
    let mut words = info.split_whitespace();
    let language = words.next();
    if matches!(language, Some("poem" | "诗" | "詩")) {
        let (title, author) = poem_info(
            info.trim_start().split_once(char::is_whitespace).map_or("", |(_, rest)| rest),
        );
        let origin = pos.map(|pos| Origin { start: pos, indent: Some(pos.column - 1) });
        let source = Source { text: literal, pos, origin };
        let lines = |stanza: &Source| stanza.lines().map(|line| line.to_text()).collect();
        let stanzas = source.stretches().iter().map(lines).collect();
        return Block::Poem(Poem { title, author, stanzas });
    }
    let language = language
        .map(|word| word.trim_matches(['{', '}', '.']).to_lowercase())
        .filter(|word| !word.is_empty());
    let text = literal.strip_suffix('\n').unwrap_or(&literal).to_owned();
    Block::Code(CodeText { language, text, caption: None })
}
