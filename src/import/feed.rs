//! RSS, Atom and JSON Feed (by `feed-rs`), and the JSON of wallabag and Readeck: each entry an
//! article of a collection.

use serde_json::Value;

use super::draft::{Candidate, Known};
use super::evidence::byline;
use super::recognise::date_of;
use crate::diagnostic::{Code, Diagnostic, Failure, Message};

/// A collection of pages.
#[derive(Debug, Default)]
pub(super) struct Feed {
    pub(super) title: String,
    /// HTML of each entry, and what is known of it.
    pub(super) entries: Vec<(String, Known)>,
    /// Entries without text.
    pub(super) empty: usize,
}

/// Entries of RSS, Atom or JSON Feed.
pub(super) fn read(bytes: &[u8], stem: &str) -> Result<Feed, Failure> {
    // the declaration of another encoding would be read a second time
    let text = super::encoding::decode(bytes).text;
    let text = match text.trim_start().starts_with("<?xml") {
        true => text.split_once("?>").map_or(text.as_str(), |(_, rest)| rest),
        false => text.as_str(),
    };
    let parser = feed_rs::parser::Builder::new().sanitize_content(false).build();
    let feed = parser
        .parse(text.trim_start().as_bytes())
        .map_err(|error| unreadable(&error.to_string()))?;
    let title = feed
        .title
        .map(|t| t.content)
        .filter(|t| !t.trim().is_empty())
        .unwrap_or_else(|| stem.to_owned());
    let mut out = Feed { title: title.trim().to_owned(), ..Feed::default() };
    for entry in feed.entries {
        let body = entry
            .content
            .and_then(|c| c.body)
            .or_else(|| entry.summary.map(|s| s.content))
            .unwrap_or_default();
        let mut known = Known::default();
        if let Some(title) =
            entry.title.map(|t| t.content.trim().to_owned()).filter(|t| !t.is_empty())
        {
            known.title.push(Candidate::new(title, 0.95, "feed"));
        }
        let people: Vec<_> = entry
            .authors
            .iter()
            .filter_map(|p| p.name.as_deref())
            .flat_map(byline::authors)
            .collect();
        if !people.is_empty() {
            known.authors.push(Candidate::new(people, 0.95, "feed"));
        }
        if let Some(date) =
            entry.published.or(entry.updated).and_then(|d| super::html::from_seconds(d.timestamp()))
        {
            known.date.push(Candidate::new(date, 0.97, "feed"));
        }
        known.source.push(Candidate::new(out.title.clone(), 0.5, "feed"));
        known.url = entry.links.first().map(|l| l.href.clone()).filter(|h| h.starts_with("http"));
        known.keywords = entry.categories.into_iter().map(|c| c.label.unwrap_or(c.term)).collect();
        out.push(body, known);
    }
    Ok(out)
}

impl Feed {
    fn push(&mut self, body: String, mut known: Known) {
        if body.trim().is_empty() {
            self.empty += 1;
            return;
        }
        known.fallback = format!("{}", self.entries.len() + 1);
        // a summary in plain text is no page
        let html = if body.contains('<') {
            body
        } else {
            body.split("\n\n").map(|p| format!("<p>{p}</p>")).collect()
        };
        self.entries.push((html, known));
    }
}

/// Whether a JSON file is such an export: a list or a list under a telling name, of objects with
/// content and an address.
pub(super) fn is_export(value: &Value) -> bool {
    entries_of(value).is_some_and(|list| {
        list.first().is_some_and(|first| {
            let has = |key: &str| first.get(key).is_some();
            (has("content") || has("html") || has("article") || has("content_html"))
                && (has("url") || has("href") || has("domain_name") || has("site_name"))
        })
    })
}

fn entries_of(value: &Value) -> Option<&Vec<Value>> {
    match value {
        Value::Array(list) => Some(list),
        Value::Object(map) => map
            .get("_embedded")
            .and_then(|e| e.get("items"))
            .or_else(|| {
                ["items", "entries", "bookmarks", "articles"].iter().find_map(|k| map.get(*k))
            })
            .and_then(Value::as_array),
        _ => None,
    }
}

/// Entries of a wallabag or Readeck export.
pub(super) fn export(value: &Value, stem: &str) -> Feed {
    let mut out = Feed { title: stem.to_owned(), ..Feed::default() };
    for entry in entries_of(value).into_iter().flatten() {
        let text = |keys: &[&str]| {
            keys.iter()
                .find_map(|k| entry.get(*k))
                .and_then(Value::as_str)
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(str::to_owned)
        };
        let list = |keys: &[&str]| -> Vec<String> {
            let value = keys.iter().find_map(|k| entry.get(*k));
            match value {
                Some(Value::Array(items)) => items
                    .iter()
                    .filter_map(|i| {
                        i.as_str().or_else(|| {
                            i.get("label").or_else(|| i.get("name")).and_then(Value::as_str)
                        })
                    })
                    .map(str::to_owned)
                    .collect(),
                Some(Value::String(one)) => vec![one.clone()],
                _ => Vec::new(),
            }
        };
        let mut known = Known::default();
        if let Some(title) = text(&["title"]) {
            known.title.push(Candidate::new(title, 0.95, "export"));
        }
        let people: Vec<_> = list(&["published_by", "authors", "author"])
            .iter()
            .flat_map(|p| byline::authors(p))
            .collect();
        if !people.is_empty() {
            known.authors.push(Candidate::new(people, 0.95, "export"));
        }
        for (key, sure) in [
            ("published_at", 0.97),
            ("published", 0.97),
            ("date_published", 0.97),
            ("created_at", 0.3),
            ("created", 0.3),
        ] {
            if let Some(date) = text(&[key]).as_deref().and_then(date_of) {
                known.date.push(Candidate::new(date, sure, "export"));
            }
        }
        if let Some(site) = text(&["site_name", "domain_name", "site"]) {
            known.source.push(Candidate::new(site, 0.8, "export"));
        }
        known.url = text(&["url", "href", "given_url"]).filter(|u| u.starts_with("http"));
        known.keywords = list(&["tags", "labels"]);
        out.push(text(&["content", "article", "html", "content_html"]).unwrap_or_default(), known);
    }
    out
}

pub(super) fn unreadable(cause: &str) -> Failure {
    let message = Message::new(
        format!("the feed can't be read: {cause}"),
        format!("无法读取订阅源：{cause}"),
    );
    Diagnostic::error(Code::Syntax, message).into()
}
