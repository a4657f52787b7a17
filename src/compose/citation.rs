//! Sources as GB/T 7714—2015 cites them: `任贤良. 题名[J]. 中国网信, 2022(9): 12-17.`
//!
//! Elements that are not known are left out, as §7 of the standard allows for all but the title.

use crate::model::{Article, Date, SourceKind, SourceRef};

/// The entry of an article in a bibliography; `None` if nothing is known of its source.
pub(super) fn entry(article: &Article) -> Option<String> {
    let source = article.source.as_ref()?;
    if *source == SourceRef::default() {
        return None;
    }
    let kind = source.kind.unwrap_or_else(|| guess(source));
    let online = source.url.is_some();
    let mut out = String::new();
    let names = names(article);
    if !names.is_empty() {
        out.push_str(&format!("{names}. "));
    }
    out.push_str(&article.title.to_plain().replace('　', " "));
    out.push_str(&format!("[{}]. ", mark(kind, online)));
    match kind {
        SourceKind::Web => web(&mut out, article, source),
        SourceKind::Book | SourceKind::Collection | SourceKind::Thesis | SourceKind::Report => {
            book(&mut out, article, source);
        }
        SourceKind::Journal | SourceKind::Newspaper => serial(&mut out, article, source, kind),
    }
    let end = out.trim_end().trim_end_matches('.').len();
    out.truncate(end);
    out.push('.');
    if let Some(url) = &source.url {
        out.push_str(&format!(" {url}."));
    }
    Some(widened(&out))
}

/// Marks after Chinese characters in full width, as Chinese print sets them; the standard fixes
/// which marks stand, not how wide they are.
fn widened(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        let wide = match c {
            '.' => Some('．'),
            ',' => Some('，'),
            ':' => Some('：'),
            _ => None,
        };
        let ends = chars.peek().is_none_or(|next| *next == ' ');
        match wide.filter(|_| ends && last >= '\u{2E80}') {
            Some(wide) => {
                out.push(wide);
                chars.next_if_eq(&' ');
            }
            None => out.push(c),
        }
        last = c;
    }
    out
}

/// Up to three names, then 等 (§8.1.2).
fn names(article: &Article) -> String {
    let authors = article.authors.iter().filter(|a| a.role.is_none());
    let names: Vec<&str> = authors.map(|a| a.name.as_str()).collect();
    match names.as_slice() {
        [a, b, c, _, ..] => format!("{a}, {b}, {c}, 等"),
        few => few.join(", "),
    }
}

/// Letters of annex B.
fn mark(kind: SourceKind, online: bool) -> String {
    let letter = match kind {
        SourceKind::Journal => "J",
        SourceKind::Newspaper => "N",
        SourceKind::Book => "M",
        SourceKind::Collection => "C",
        SourceKind::Thesis => "D",
        SourceKind::Report => "R",
        SourceKind::Web => return "EB/OL".to_owned(),
    };
    if online { format!("{letter}/OL") } else { letter.to_owned() }
}

/// The kind that a source is most likely of, by what is known of it.
fn guess(source: &SourceRef) -> SourceKind {
    let name = source.name.as_deref().unwrap_or_default();
    let name = name.trim_matches(['《', '》', ' ']);
    if source.publisher.is_some() {
        SourceKind::Book
    } else if name.ends_with('报') || name.ends_with('報') {
        SourceKind::Newspaper
    } else if source.issue.is_some() || source.pages.is_some() {
        SourceKind::Journal
    } else if source.url.is_some() {
        SourceKind::Web
    } else {
        SourceKind::Collection
    }
}

/// §4.4 and §4.5: name, year, volume(issue): pages.
fn serial(out: &mut String, article: &Article, source: &SourceRef, kind: SourceKind) {
    let mut parts: Vec<String> = source.name.iter().map(|n| bare(n)).collect();
    match (&source.issue, article.date) {
        (_, Some(date)) if kind == SourceKind::Newspaper => parts.push(date.to_string()),
        (Some(issue), Some(date)) if !issue.contains(&date.year().to_string()) => {
            parts.push(format!("{}, {}", date.year(), bare(issue)));
        }
        (Some(issue), _) => parts.push(bare(issue)),
        (None, Some(date)) => parts.push(date.year().to_string()),
        (None, None) => {}
    }
    out.push_str(&parts.join(", "));
    pages(out, source, article.date);
}

/// §4.1: place: publisher, year: pages.
fn book(out: &mut String, article: &Article, source: &SourceRef) {
    let mut parts: Vec<String> = source.name.iter().map(|n| bare(n)).collect();
    if !parts.is_empty() && source.publisher.is_some() {
        parts = vec![format!("//{}", parts.join(", "))]; // a piece of a book (§4.2)
        let end = out.trim_end().trim_end_matches('.').len();
        out.truncate(end);
        out.push_str(&parts[0]);
        out.push_str(". ");
        parts.clear();
    }
    parts.extend(source.publisher.as_ref().map(|p| p.replace('：', ": ")));
    parts.extend(source.issue.as_ref().map(|i| bare(i)));
    parts.extend(article.date.map(|d| d.year().to_string()));
    out.push_str(&parts.join(", "));
    pages(out, source, article.date);
}

fn pages(out: &mut String, source: &SourceRef, date: Option<Date>) {
    if let Some(pages) = &source.pages {
        out.push_str(&format!(": {}", pages.replace(['—', '–', '～'], "-")));
    }
    // Only what is online is accessed.
    if source.url.is_some() {
        dates(out, date, source.accessed);
    }
}

/// §4.6: name. (published)[accessed].
fn web(out: &mut String, article: &Article, source: &SourceRef) {
    if let Some(name) = &source.name {
        out.push_str(&format!("{}. ", bare(name)));
    }
    if let Some(issue) = &source.issue {
        out.push_str(&format!("{}. ", bare(issue)));
    }
    if let Some(date) = article.date {
        out.push_str(&format!("({date})"));
    }
    if let Some(date) = source.accessed {
        out.push_str(&format!("[{date}]"));
    }
}

fn dates(out: &mut String, date: Option<Date>, accessed: Option<Date>) {
    if let (Some(date), Some(_)) = (date, accessed) {
        out.push_str(&format!(". ({date})"));
    }
    if let Some(accessed) = accessed {
        out.push_str(&format!("[{accessed}]"));
    }
}

/// A name without the marks that the standard has no use for.
fn bare(name: &str) -> String {
    name.trim().replace(['《', '》'], "").replace('，', ", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epub::sample::bare_article;
    use crate::model::Author;

    fn cite(date: &str, source: SourceRef, names: &[&str]) -> String {
        let mut article = bare_article("题名");
        article.date = date.parse().ok();
        article.source = Some(source);
        article.authors = names
            .iter()
            .map(|n| Author { name: (*n).into(), role: None, affiliation: None })
            .collect();
        entry(&article).unwrap()
    }

    fn source(name: &str) -> SourceRef {
        SourceRef { name: Some(name.into()), ..SourceRef::default() }
    }

    #[test]
    fn each_kind_is_cited_in_its_form() {
        let journal = SourceRef {
            issue: Some("2022(9)".into()),
            pages: Some("12—17".into()),
            ..source("《中国网信》")
        };
        assert_eq!(
            cite("2022-11-26", journal, &["任贤良"]),
            "任贤良．题名[J]. 中国网信，2022(9): 12-17."
        );
        let paper = source("人民日报");
        assert_eq!(cite("2022-03-01", paper, &[]), "题名[N]. 人民日报，2022-03-01.");
        let web = SourceRef {
            url: Some("https://a.cn/1".into()),
            accessed: "2026-08-01".parse().ok(),
            ..source("某网")
        };
        assert_eq!(
            cite("2026-03", web, &["甲", "乙", "丙", "丁"]),
            "甲，乙，丙，等．题名[EB/OL]. 某网．(2026-03)[2026-08-01]. https://a.cn/1."
        );
        let book =
            SourceRef { publisher: Some("北京：中华书局".into()), ..SourceRef::default() };
        assert_eq!(cite("1982", book, &["甲"]), "甲．题名[M]. 北京：中华书局，1982.");
    }
}
