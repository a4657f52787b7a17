//! The body: headings by shape, captions put to their pictures, pictures of which only words are
//! left.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::placeholder;
use super::title::Title;
use crate::import::draft::Draft;
use crate::import::evidence::furniture::Reason;
use crate::import::evidence::heading::{self, Around};
use crate::import::evidence::{ends_sentence, key, width};
use crate::import::report::Report;
use crate::model::{Block, Heading, Inline, Text};

/// Widest caption without a word that makes it one. In Han characters.
const CAPTION: usize = 50;

/// Least likelihood that makes a line a heading.
const HEADING: f32 = 0.5;

/// Blocks of the text.
pub(super) fn blocks(drafts: Vec<Draft>, title: &Title, report: &mut Report) -> Vec<Block> {
    let drafts = pictures(drafts, title, report);
    let drafts = headings(drafts, report);
    let mut out: Vec<Block> = drafts.into_iter().map(|draft| draft.block).collect();
    levels(&mut out);
    out
}

/// 图为…, 图1 …, ▲…, … 摄, 资料图
static CAPTIONS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[▲△↑↓◆▼■●]\s*\S|[（(]?(?:图为|图[为:：]|上图|下图|左图|右图|配图|题图|資料圖|资料图|圖為|圖[:：]|图源|图片说明|图说)|[图圖]\s*[\d一二三四五六七八九十]+[\s　:：、.．-]*\S|(?:Figure|Fig\.)\s*\d)|(?:摄|攝|供图|提供图片|/摄|摄影报道|图片来源[：:].{1,16})[）)]?$",
    )
    .ok()
});

fn is_caption(text: &str) -> bool {
    let wide = width(text);
    wide <= 90
        && CAPTIONS.as_ref().is_some_and(|form| form.is_match(text))
        && (!ends_sentence(text) || wide <= 60)
}

/// Longest line that can be the alternative text of a picture, in characters.
const MOST_ALT: usize = 60;

/// Puts captions to pictures, and pictures where a scraped page has left their words.
fn pictures(drafts: Vec<Draft>, title: &Title, report: &mut Report) -> Vec<Draft> {
    // A short line that comes again and again is the alternative text of pictures.
    let may_be_alt = |text: &str| width(text) <= MOST_ALT && !ends_sentence(text);
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for draft in drafts.iter().filter(|d| d.is_line() && may_be_alt(&d.text)) {
        *times.entry(key(&draft.text)).or_default() += 1;
    }
    let named = title.person.as_ref().map(|person| key(person) + &title.key);
    let repeated = |text: &str| {
        let own = key(text);
        !own.is_empty()
            && (own == title.key
                || named.as_ref() == Some(&own)
                || times.get(&own).is_some_and(|times| *times >= 2))
    };
    let alts: Vec<bool> = drafts
        .iter()
        .map(|d| d.is_paragraph() && !d.look.inner && may_be_alt(&d.text) && repeated(&d.text))
        .collect();
    let mut out: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut i = 0;
    while i < drafts.len() {
        let draft = drafts[i].clone();
        let next = drafts.get(i + 1);
        if alts[i] {
            let caption = next.filter(|n| {
                n.is_paragraph()
                    && !alts[i + 1]
                    && width(&n.text) <= CAPTION
                    && !ends_sentence(&n.text)
            });
            if let Some(caption) = caption {
                report.found(
                    "figure",
                    caption.text.clone(),
                    0.8,
                    "repeated line with a caption after it",
                );
                let text = if let Block::Paragraph(text) = &caption.block {
                    text.clone()
                } else {
                    Text::plain(caption.text.clone())
                };
                let block = placeholder(Some(draft.text.clone()), Some(text));
                out.push(Draft { block, text: String::new(), ..draft });
                i += 2;
                continue;
            }
            let is_title = key(&draft.text).ends_with(&title.key);
            if is_title {
                report.removed(draft.line, &draft.text, Reason::Repeated);
                i += 1;
                continue;
            }
        }
        if draft.is_paragraph()
            && !draft.look.inner
            && let Block::Paragraph(text) = &draft.block
        {
            let captioned = is_caption(&draft.text);
            let before = out
                .last_mut()
                .and_then(|d| if let Block::Figure(f) = &mut d.block { Some(f) } else { None });
            // Under a picture a short line without a stop is its caption, the more so when centred.
            let follows = next
                .is_some_and(|n| n.is_running() || matches!(n.block, Block::Figure(_)))
                && width(&draft.text) <= CAPTION
                && !ends_sentence(&draft.text)
                && heading::numbering(&draft.text).is_none()
                && !draft.look.bold;
            if let Some(figure) = before.filter(|f| f.caption.is_none() && f.src.is_some())
                && (captioned || draft.look.centred && follows)
            {
                figure.caption = Some(trimmed_caption(text));
                i += 1;
                continue;
            }
            let next_is_picture =
                next.is_some_and(|n| matches!(&n.block, Block::Figure(f) if f.caption.is_none()));
            if captioned
                && !next_is_picture
                && !ends_sentence(&draft.text)
                && width(&draft.text) <= 60
            {
                report.found("figure", draft.text.clone(), 0.6, "caption without its picture");
                let block = placeholder(None, Some(trimmed_caption(text)));
                out.push(Draft { block, text: String::new(), ..draft });
                i += 1;
                continue;
            }
        }
        out.push(draft);
        i += 1;
    }
    // An alternative text that says no more than the title is none.
    for draft in &mut out {
        if let Block::Figure(figure) = &mut draft.block
            && figure.src.is_some()
            && figure.alt.as_ref().is_some_and(|alt| key(alt) == title.key)
            && let Some(caption) = &figure.caption
        {
            figure.alt = Some(caption.to_plain());
        }
    }
    out
}

fn trimmed_caption(text: &Text) -> Text {
    let plain = text.to_plain();
    let skip = plain.chars().take_while(|c| "▲△↑↓◆▼■● ".contains(*c)).count();
    skip_chars(text, skip)
}

/// Makes headings of the lines that are shaped like them.
fn headings(mut drafts: Vec<Draft>, report: &mut Report) -> Vec<Draft> {
    let real = drafts.iter().filter(|d| matches!(d.block, Block::Heading(_))).count();
    let around = |drafts: &[Draft], i: usize, alike: usize| {
        let next = drafts.get(i + 1);
        let next_text = match next.map(|n| &n.block) {
            Some(Block::Paragraph(_)) => next.map_or(0, |n| width(&n.text)),
            // a list, a table, a picture or a quotation is as good as text
            Some(Block::Heading(_) | Block::Divider | Block::PageBreak | Block::Footnotes(_))
            | None => 0,
            Some(_) => 40,
        };
        Around {
            bold: drafts[i].look.bold,
            centred: drafts[i].look.centred,
            next: next_text,
            next_is_short: next.is_some_and(|n| {
                n.is_paragraph() && width(&n.text) < 30 && !ends_sentence(&n.text)
            }),
            alike,
            last: next.is_none(),
        }
    };
    let possible: Vec<bool> =
        drafts.iter().map(|d| d.is_paragraph() && !d.look.inner && d.look.links < 0.5).collect();
    let first: Vec<f32> = (0..drafts.len())
        .map(|i| {
            if possible[i] {
                heading::likelihood(&drafts[i].text, around(&drafts, i, 0))
            } else {
                0.0
            }
        })
        .collect();
    let mut scores = vec![0.0; drafts.len()];
    for i in 0..drafts.len() {
        if first[i] <= 0.25 {
            continue;
        }
        let kind = heading::numbering(&drafts[i].text);
        let alike = (0..drafts.len())
            .filter(|j| *j != i && first[*j] > 0.25 && heading::numbering(&drafts[*j].text) == kind)
            .count();
        let mut score = heading::likelihood(&drafts[i].text, around(&drafts, i, alike));
        // Two headings in a row: the outer one is followed by the inner one.
        let next_numbered = drafts.get(i + 1).is_some_and(|n| {
            heading::numbering(&n.text).is_some_and(|n| Some(n) > kind)
                && first.get(i + 1).is_some_and(|s| *s > 0.25)
        });
        if kind.is_some() && next_numbered {
            score += 0.35;
        }
        // A page that marks its headings does not mean other short lines to be such.
        if real > 0 && kind.is_none() && !drafts[i].look.bold {
            score -= 0.3;
        }
        scores[i] = score;
    }
    // A numbered line among numbered lines of text is an item, not a heading.
    let chosen: Vec<usize> = (0..drafts.len()).filter(|i| scores[*i] >= HEADING).collect();
    let kinds: Vec<_> = chosen.iter().map(|i| heading::numbering(&drafts[*i].text)).collect();
    let levels = heading::levels(&kinds);
    let mut outer = 0u8;
    let mut at = 0;
    for i in 0..drafts.len() {
        if let Block::Heading(heading) = &drafts[i].block {
            outer = heading.level;
            continue;
        }
        if chosen.get(at) != Some(&i) {
            continue;
        }
        let level = if real > 0 { (outer + levels[at]).min(6) } else { levels[at] };
        at += 1;
        if let Block::Paragraph(text) = &drafts[i].block {
            let text = plainer(text);
            report.found("heading", text.to_plain(), scores[i].min(0.99), "shape");
            drafts[i].block = Block::Heading(Heading::new(level, text));
        }
    }
    drafts
}

/// A heading is bold anyway: the mark around all of it goes.
fn plainer(text: &Text) -> Text {
    match text.0.as_slice() {
        [Inline::Strong(inner) | Inline::Underline(inner)] => plainer(inner),
        _ if text.0.iter().all(|i| {
            matches!(i, Inline::Strong(_)) || matches!(i, Inline::Plain(s) if s.trim().is_empty())
        }) =>
        {
            let mut out = Text::default();
            for inline in &text.0 {
                match inline {
                    Inline::Strong(inner) => out.0.extend(inner.0.iter().cloned()),
                    other => out.0.push(other.clone()),
                }
            }
            out.normalise();
            out
        }
        _ => text.clone(),
    }
}

/// Moves heading levels so that they begin with 1 and skip none.
fn levels(blocks: &mut [Block]) {
    let mut used: Vec<u8> = blocks
        .iter()
        .filter_map(|b| if let Block::Heading(h) = b { Some(h.level) } else { None })
        .collect();
    used.sort_unstable();
    used.dedup();
    let mut last = 0;
    for block in blocks {
        if let Block::Heading(heading) = block {
            let rank = used.iter().position(|l| *l == heading.level).unwrap_or(0) as u8 + 1;
            heading.level = rank.min(last + 1).min(6);
            last = heading.level;
        }
    }
}

/// A text without its first `skip` characters.
pub(super) fn skip_chars(text: &Text, skip: usize) -> Text {
    fn cut(text: &mut Text, left: &mut usize) {
        for inline in &mut text.0 {
            if *left == 0 {
                return;
            }
            match inline {
                Inline::Plain(s) | Inline::Code(s) => {
                    let count = s.chars().count();
                    let gone = count.min(*left);
                    *s = s.chars().skip(gone).collect();
                    *left -= gone;
                }
                Inline::Ruby(pairs) => {
                    let count: usize = pairs.iter().map(|p| p.base.chars().count()).sum();
                    *left = left.saturating_sub(count);
                    pairs.clear();
                }
                Inline::LineBreak => *left = left.saturating_sub(1),
                other => {
                    if let Some(inner) = other.children_mut() {
                        cut(inner, left);
                    }
                }
            }
        }
    }
    let mut out = text.clone();
    let mut left = skip;
    cut(&mut out, &mut left);
    out.0.retain(|inline| !matches!(inline, Inline::Ruby(pairs) if pairs.is_empty()));
    out.normalise();
    if let Some(Inline::Plain(first)) = out.0.first_mut() {
        *first = first.trim_start().to_owned();
    }
    out.normalise();
    out
}
