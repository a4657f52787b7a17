//! From drafts to an article: title, by-line, note, body, and what is no part of the article.
//!
//! One way for all formats. Every decision is evidence summed over lines and leaves a
//! [`Finding`](super::report::Finding) or a [`Removed`](super::report::Removed) in the report.

mod body;
mod people;
mod title;

use super::draft::{Candidate, Draft, Known, best};
use super::evidence::byline::{self, Byline, Field};
use super::evidence::furniture::{self, Reason};
use super::evidence::{dates, key, width};
use super::report::Report;
use crate::model::{Article, Block, Date, Figure, SourceRef, Text};

/// Lines that may stand before the text: title, by-line, note. More is no head.
const HEAD: usize = 30;

/// Makes an article of drafts.
///
/// - `known`: what the container says, weighed with what the text says.
/// - `report`: gains what was recognised and removed.
pub(crate) fn article(mut drafts: Vec<Draft>, mut known: Known, report: &mut Report) -> Article {
    drafts.retain(|draft| {
        !draft.text.is_empty() || !matches!(draft.block, Block::Paragraph(_) | Block::Heading(_))
    });
    let tail = tail(&drafts);
    let head = head(&drafts[..tail.running_end]);
    let bylines: Vec<Byline> = drafts
        .iter()
        .enumerate()
        .map(|(i, draft)| {
            let near = i < head || i >= tail.running_end;
            if near && draft.is_line() { byline::read(&draft.text) } else { Byline::default() }
        })
        .collect();
    let mut fate: Vec<Fate> = vec![Fate::Body; drafts.len()];

    // Fields that by-lines and notes give.
    let mut original = None;
    let mut editor_note: Option<Text> = None;
    let mut summary: Option<Text> = None;
    let mut keywords = std::mem::take(&mut known.keywords);
    for i in 0..drafts.len() {
        let draft = &drafts[i];
        if !draft.is_line() || draft.text.is_empty() || !matches!(fate[i], Fate::Body) {
            continue;
        }
        let (in_head, in_tail) = (i < head, i >= tail.running_end);
        if in_head || in_tail {
            let sure = if in_head { 0.9 } else { 0.6 };
            gather(&bylines[i], sure, &mut known, &mut keywords);
        }
        if in_tail || in_head {
            original = original.or_else(|| original_issue(&draft.text));
        }
        if i <= head || i >= tail.running_end {
            if editor_note.is_none()
                && let Some(text) = labelled(draft, NOTE_LABELS)
            {
                fate[i] = Fate::Taken;
                original = original.or_else(|| original_issue(&draft.text));
                let (text, next) = text_or_next(text, &drafts, i);
                if let Some(next) = next {
                    fate[next] = Fate::Taken;
                }
                report.found("editor_note", shorten(&text.to_plain()), 0.9, "label");
                editor_note = Some(text);
                continue;
            }
            if summary.is_none()
                && in_head
                && let Some(text) = labelled(draft, SUMMARY_LABELS)
            {
                fate[i] = Fate::Taken;
                let (text, next) = text_or_next(text, &drafts, i);
                if let Some(next) = next {
                    fate[next] = Fate::Taken;
                }
                report.found("summary", shorten(&text.to_plain()), 0.9, "label");
                summary = Some(text);
            }
        }
    }
    let title = title::choose(&drafts, &bylines, head, &known, &mut fate);
    report.found("title", title.text.clone(), title.sure, title.how);
    let authors =
        people::authors(&drafts, &bylines, head, tail.running_end, &known, &title, &mut fate);
    if let Some(found) = &authors {
        let names: Vec<String> = found
            .value
            .iter()
            .map(|a| match &a.affiliation {
                Some(office) => format!("{}（{office}）", a.name),
                None => a.name.clone(),
            })
            .collect();
        report.found("authors", names.join("、"), found.sure, found.how);
    }
    let date = best(&known.date).cloned();
    if let Some(found) = &date {
        report.found("date", found.value.to_string(), found.sure, found.how);
    }
    let source = best(&known.source).cloned();
    if let Some(found) = &source {
        report.found("source", found.value.clone(), found.sure, found.how);
    }
    if let Some(issue) = &original {
        report.found("source.issue", issue.clone(), 0.8, "line on first publication");
    }

    settle(
        &drafts,
        &bylines,
        head,
        &tail,
        source.as_ref().map(|s| s.value.as_str()),
        &title,
        &mut fate,
    );
    for (draft, fate) in drafts.iter().zip(&fate) {
        if let Fate::Removed(reason) = fate {
            report.removed(draft.line, &draft.text, *reason);
        }
    }
    let subtitle = title.subtitle.clone().or_else(|| known.subtitle.clone());
    let kept: Vec<Draft> = drafts
        .into_iter()
        .zip(&fate)
        .filter(|(_, fate)| matches!(fate, Fate::Body))
        .map(|(draft, _)| draft)
        .collect();
    let body = body::blocks(kept, &title, report);
    report.found(
        "body",
        format!("{} blocks, {} characters", body.len(), width(&crate::clean::plain_of(&body))),
        body_confidence(&body),
        "running text",
    );

    let url = known.url.clone();
    let source = (source.is_some() || original.is_some() || url.is_some()).then(|| SourceRef {
        name: source.map(|s| s.value),
        url,
        issue: original,
        ..SourceRef::default()
    });
    let mut article = crate::input::blank_article();
    article.title = Text::plain(title.text);
    article.subtitle = subtitle.map(Text::plain);
    article.authors = authors.map(|a| a.value).unwrap_or_default();
    article.source = source;
    article.date = date.map(|d| d.value);
    if let Some(language) = known.language {
        article.language = language;
        article.language_given = true;
    }
    article.summary = summary.or_else(|| known.summary.map(Text::plain));
    article.keywords = keywords;
    article.editor_note = editor_note;
    article.body = body;
    article
}

/// What becomes of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Part of the text.
    Body,
    /// Its content stands in a field.
    Taken,
    /// No part of the article.
    Removed(Reason),
}

/// Number of drafts before the text: up to the first running paragraph that is no note.
fn head(drafts: &[Draft]) -> usize {
    let mut end = 0;
    for (i, draft) in drafts.iter().enumerate().take(HEAD) {
        end = i;
        let is_text = draft.is_running()
            && labelled(draft, NOTE_LABELS).is_none()
            && labelled(draft, SUMMARY_LABELS).is_none()
            && !byline::read(&draft.text).is_pure()
            && furniture::judge(&draft.text).is_none_or(|(_, sure)| sure < 0.7);
        if is_text {
            return i;
        }
    }
    // A page without running text: what stands before the first sentence.
    let sentence =
        drafts.iter().position(|d| super::evidence::ends_sentence(&d.text) && width(&d.text) > 12);
    sentence.unwrap_or(end.min(6)).min(HEAD)
}

/// Where the text ends.
struct Tail {
    /// Index after the last running paragraph: what follows is looked at line by line.
    running_end: usize,
    /// Index of the first line after which everything is furniture.
    cut: usize,
}

fn tail(drafts: &[Draft]) -> Tail {
    let is_text = |d: &Draft| {
        d.is_running() && furniture::judge(&d.text).is_none_or(|(_, sure)| sure < 0.6)
            || matches!(d.block, Block::Code(_) | Block::Table(_) | Block::Poem(_) | Block::List(_))
                && d.look.links < 0.5
    };
    // The last opener of a tail with little running text after it ends the text.
    let weight = |range: &[Draft]| -> usize {
        range.iter().filter(|d| is_text(d)).map(|d| width(&d.text)).sum()
    };
    let all = weight(drafts).max(1);
    let mut cut = drafts.len();
    for (i, draft) in drafts.iter().enumerate() {
        if i * 10 > drafts.len() || i > 12 {
            let opens = draft.is_line() && furniture::opens_tail(&draft.text);
            if opens && weight(&drafts[i..]) * 5 < all && weight(&drafts[..i]) > 0 {
                cut = i;
                break;
            }
        }
    }
    let running_end = drafts[..cut].iter().rposition(is_text).map_or(0, |last| last + 1);
    let short = drafts[..cut].iter().rposition(|d| {
        super::evidence::ends_sentence(&d.text)
            && furniture::judge(&d.text).is_none()
            && !byline::read(&d.text).is_pure()
    });
    let running_end = running_end.max(short.map_or(0, |s| s + 1));
    // without a sentence anywhere all of it may be text
    let running_end = if running_end == 0 { cut } else { running_end };
    Tail { running_end, cut }
}

/// Adds what a by-line says to what is known.
fn gather(line: &Byline, sure: f32, known: &mut Known, keywords: &mut Vec<String>) {
    if !line.is_pure() && line.rest.chars().count() > 30 {
        return;
    }
    let sure = if line.is_pure() { sure } else { sure - 0.25 };
    if let Some(date) = line.date {
        // The day a page changed says less than the day it appeared.
        known.date.push(Candidate::new(
            date,
            sure + if line.get(Field::Date).is_some() { 0.05 } else { 0.0 },
            "by-line",
        ));
    }
    for (field, value) in line.pieces.iter().filter(|(_, value)| !value.is_empty()) {
        match field {
            Field::Source => {
                let name = value.trim_matches(['《', '》']).to_owned();
                let name = if value.starts_with('《') && !value.ends_with('》') {
                    value.clone()
                } else {
                    name
                };
                if width(&name) <= 30
                    && !matches!(
                        name.as_str(),
                        "本站"
                            | "原创"
                            | "网络"
                            | "互联网"
                            | "本网"
                            | "未知"
                            | "本站原创"
                            | "转载"
                            | "网络转载"
                    )
                {
                    known.source.push(Candidate::new(name, sure, "by-line"));
                }
            }
            Field::Author => {
                let people = byline::authors(value);
                if !people.is_empty() {
                    known.authors.push(Candidate::new(people, sure, "by-line"));
                }
            }
            Field::Translator => {
                let mut people = byline::authors(value);
                for person in &mut people {
                    person.role = Some("trl".to_owned());
                }
                if !people.is_empty() {
                    known.authors.push(Candidate::new(people, sure - 0.5, "by-line (translator)"));
                }
            }
            Field::Keywords if keywords.is_empty() => {
                keywords.extend(
                    value
                        .split([' ', '，', ',', '、', ';', '；', '\u{3000}', '#'])
                        .map(str::trim)
                        .filter(|w| !w.is_empty())
                        .map(str::to_owned),
                );
            }
            Field::Title => known.title.push(Candidate::new(value.clone(), 0.3, "original title")),
            Field::Address if value.starts_with("http") => {
                known.url =
                    known.url.take().or_else(|| value.split_whitespace().next().map(str::to_owned));
            }
            _ => {}
        }
    }
}

/// Labels of an editor's note.
const NOTE_LABELS: &[&str] = &[
    "编者按",
    "编者的话",
    "编者语",
    "编者注",
    "編者按",
    "編按",
    "编按",
    "按语",
    "编辑按",
    "本刊编者按",
    "本网编者按",
    "开栏的话",
    "小编按",
    "主编按",
];
/// Labels of a summary.
const SUMMARY_LABELS: &[&str] = &[
    "内容摘要",
    "内容提要",
    "摘要",
    "提要",
    "核心提示",
    "导语",
    "导读",
    "本文摘要",
    "文章摘要",
    "内容简介",
    "阅读提示",
    "摘　要",
    "摘 要",
    "新闻提要",
    "提　要",
];

/// The text after a label at the beginning of a draft, without the label.
fn labelled(draft: &Draft, labels: &[&str]) -> Option<Text> {
    let text =
        draft.text.trim_start_matches(['【', '[', '（', '(', '■', '◆', '●', '〔', '*', '　', '［']);
    let label = labels.iter().find(|label| text.starts_with(**label))?;
    let after = &text[label.len()..];
    let closed = after.trim_start_matches(['】', ']', '）', ')', '〕', '］']);
    let rest =
        closed.trim_start().trim_start_matches(['：', ':', '】', '，', '\u{3000}', ' ', '丨', '|']);
    let is_label = after.is_empty()
        || closed.len() < after.len()
        || after.trim_start().starts_with(['：', ':', '丨', '|', '\u{3000}', ' ']);
    if !is_label {
        return None;
    }
    // Inline markup survives where the label stands in the first run of characters.
    if let Block::Paragraph(markup) = &draft.block {
        let skip = draft.text.chars().count() - rest.chars().count();
        return Some(body::skip_chars(markup, skip));
    }
    Some(Text::plain(rest))
}

/// A label that stands alone names the paragraph after it.
fn text_or_next(text: Text, drafts: &[Draft], i: usize) -> (Text, Option<usize>) {
    if !text.is_empty() {
        return (text, None);
    }
    match drafts.get(i + 1).map(|d| &d.block) {
        Some(Block::Paragraph(next)) => (next.clone(), Some(i + 1)),
        _ => (text, None),
    }
}

/// Where a text first appeared: 《某某》杂志 2022年第9期.
fn original_issue(text: &str) -> Option<String> {
    use std::sync::LazyLock;
    static FORM: LazyLock<Option<regex::Regex>> = LazyLock::new(|| {
        regex::Regex::new(r"《[^《》]{2,20}》[\p{Han}]{0,4}[\s　，,（(]*(?:[12]\d{3}\s*年)?\s*第?\s*[\d〇一二三四五六七八九十]{1,4}\s*[期卷](?:[，,\s]*第?\s*[\d一二三四五六七八九十]+\s*[期页])?").ok()
    });
    let found = FORM.as_ref()?.find(text)?;
    Some(found.as_str().trim().to_owned())
}

/// Decides about every line of head and tail that is not decided yet.
fn settle(
    drafts: &[Draft],
    bylines: &[Byline],
    head: usize,
    tail: &Tail,
    source: Option<&str>,
    title: &title::Title,
    fate: &mut [Fate],
) {
    for (i, draft) in drafts.iter().enumerate() {
        if fate[i] != Fate::Body {
            continue;
        }
        let judged = furniture::judge(&draft.text);
        let place = if i < head {
            Place::Head
        } else if i >= tail.cut {
            Place::Beyond
        } else if i >= tail.running_end {
            Place::Tail
        } else {
            Place::Body
        };
        if place == Place::Beyond {
            let reason = judged.map_or(Reason::Related, |(reason, _)| reason);
            fate[i] = Fate::Removed(reason);
            continue;
        }
        if matches!(
            draft.block,
            Block::Figure(_) | Block::Divider | Block::PageBreak | Block::Footnotes(_)
        ) {
            continue;
        }
        if draft.is_line() && matches!(place, Place::Head | Place::Tail) && bylines[i].is_pure() {
            let line = &bylines[i];
            let own = |field: Field| line.pieces.iter().all(|(f, _)| *f == field);
            // A source that is not the article's is a closing line: the author's words stay.
            let other = place == Place::Tail
                && own(Field::Source)
                && line.get(Field::Source).is_some_and(|s| Some(s) != source)
                && source.is_some();
            let signed = place == Place::Tail && line.pieces.is_empty() && line.date.is_some();
            if !other && !signed {
                fate[i] = Fate::Removed(Reason::Byline);
                continue;
            }
            if other {
                continue;
            }
        }
        if let Some((reason, sure)) = judged {
            let threshold = match place {
                Place::Head => 0.55,
                Place::Tail => 0.6,
                _ => 0.8,
            };
            if sure >= threshold
                && (draft.is_line() || place != Place::Body)
                && !matches!(draft.block, Block::Code(_) | Block::Table(_))
            {
                fate[i] = Fate::Removed(reason);
                continue;
            }
        }
        let many_links =
            draft.look.links > 0.6 && (place != Place::Body || draft.text.chars().count() > 20);
        if many_links
            && !matches!(draft.block, Block::Code(_) | Block::Heading(_))
            && width(&draft.text) > 0
        {
            let is_linked_sentence = super::evidence::ends_sentence(&draft.text);
            if !is_linked_sentence || place == Place::Head {
                fate[i] = Fate::Removed(Reason::Related);
                continue;
            }
        }
        if draft.is_line() && place != Place::Body && key(&draft.text) == title.key {
            fate[i] = Fate::Removed(Reason::Repeated);
        }
    }
    // Rules and pictures after the last line of the text are the page's.
    let last = (0..drafts.len()).rev().find(|i| {
        fate[*i] == Fate::Body && !matches!(drafts[*i].block, Block::Divider | Block::PageBreak)
    });
    for (i, draft) in drafts.iter().enumerate() {
        if matches!(draft.block, Block::Divider | Block::PageBreak)
            && fate[i] == Fate::Body
            && (last.is_none_or(|last| i > last) || i < head)
        {
            fate[i] = Fate::Removed(Reason::Rubbish);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Body,
    Tail,
    Beyond,
}

/// How sure it is that the body is an article: running text makes it so.
fn body_confidence(body: &[Block]) -> f32 {
    let texts: Vec<usize> = body
        .iter()
        .filter_map(|block| match block {
            Block::Paragraph(text) => Some(width(&text.to_plain())),
            _ => None,
        })
        .collect();
    let all: usize = texts.iter().sum();
    let long: usize = texts.iter().filter(|w| **w >= 30).sum();
    if all == 0 {
        return if body.is_empty() { 0.0 } else { 0.5 };
    }
    let size: f32 = (all as f32 / 300.0).min(1.0);
    0.3 + 0.4 * (long as f32 / all as f32) + 0.3 * size
}

pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A figure of which only words are known.
pub(super) fn placeholder(alt: Option<String>, caption: Option<Text>) -> Block {
    Block::Figure(Figure { src: None, alt, caption, credit: None, width: None, id: None })
}

/// The date in a value, for containers.
pub(crate) fn date_of(value: &str) -> Option<Date> {
    dates::find(value).map(|found| found.date)
}
