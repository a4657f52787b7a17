//! Which articles a selection takes and in what order; articles that stand twice.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::written::{SelectFile, Sort};
use crate::collate::Collation;
use crate::compose::walk;
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::{Article, Date, SortOrder};

/// Sorts articles; those that are alike keep their order.
pub(super) fn sort(articles: &mut [Article], by: Sort) {
    let titles = |order| {
        let collation = Collation::new(order);
        move |a: &Article, b: &Article| collation.compare(&a.title.to_plain(), &b.title.to_plain())
    };
    match by {
        Sort::Path => {} // they come so
        Sort::Date => articles.sort_by(|a, b| by_date(a.date, b.date)),
        Sort::Title | Sort::Pinyin => articles.sort_by(titles(SortOrder::Pinyin)),
        Sort::Strokes => articles.sort_by(titles(SortOrder::Strokes)),
    }
}

/// Earlier first, articles without a date last.
fn by_date(a: Option<Date>, b: Option<Date>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => day(a).cmp(&day(b)),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// A date as numbers; a year or month alone stands before its days.
fn day(date: Date) -> (u16, u8, u8) {
    (date.year(), date.month().unwrap_or(0), date.day().unwrap_or(0))
}

/// Takes what a selection wants, in its order.
pub(super) fn select(articles: Vec<Article>, wanted: &SelectFile, usual: Sort) -> Vec<Article> {
    let words: Vec<&str> = wanted.keyword.0.iter().map(|w| w.value.trim()).collect();
    let mut out: Vec<Article> = articles
        .into_iter()
        .filter(|a| words.is_empty() || a.keywords.iter().any(|k| words.contains(&k.trim())))
        .filter(|a| match (wanted.since, a.date) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(since), Some(date)) => latest(date) >= day(since),
        })
        .filter(|a| match (wanted.until, a.date) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(until), Some(date)) => day(date) <= latest(until),
        })
        .collect();
    sort(&mut out, wanted.sort.unwrap_or(usual));
    if wanted.reverse {
        out.reverse();
    }
    if let Some(limit) = wanted.limit {
        out.truncate(limit as usize);
    }
    out
}

/// The last day that a date may mean.
fn latest(date: Date) -> (u16, u8, u8) {
    (date.year(), date.month().unwrap_or(12), date.day().unwrap_or(31))
}

/// Articles whose text is the same but for spaces and punctuation, as warnings.
///
/// Texts of fewer than [`SHORT`] letters are left alone: two empty or nearly empty articles say
/// nothing about one another.
pub(super) fn duplicates<'a>(articles: impl Iterator<Item = &'a Article>) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<[u8; 32], &Article> = BTreeMap::new();
    let mut out = Vec::new();
    for article in articles {
        let letters = letters(article);
        if letters.chars().count() < SHORT {
            continue;
        }
        let key: [u8; 32] = Sha256::digest(letters.as_bytes()).into();
        let Some(first) = seen.get(&key) else {
            seen.insert(key, article);
            continue;
        };
        let name = |a: &Article| match &a.origin {
            Some(path) => path.display().to_string(),
            None => a.title.to_plain(),
        };
        let message = Message::new(
            format!("has the same text as '{}'", name(first)),
            format!("与“{}”正文相同", name(first)),
        );
        let hint = Message::new("leave one of them out", "请去掉其中一篇");
        let warning = Diagnostic::warning(Code::Duplicate, message).hint(hint);
        out.push(match &article.origin {
            Some(path) => warning.in_file(path),
            None => warning,
        });
    }
    out
}

/// Letters under which a text is too short to be called the same.
const SHORT: usize = 40;

fn letters(article: &Article) -> String {
    let mut out = String::new();
    walk::blocks(&article.body, &mut |node| match node {
        walk::Node::Text(text) => {
            out.extend(text.to_plain().chars().filter(|c| c.is_alphanumeric()));
        }
        walk::Node::Block(crate::model::Block::Code(code)) => {
            out.extend(code.text.chars().filter(|c| c.is_alphanumeric()));
        }
        walk::Node::Block(_) => {}
    });
    out
}
