//! What a page says of itself: JSON-LD, Open Graph, `<meta>`, `<time>`, and elements whose class
//! names what they hold.

use std::sync::LazyLock;

use dom_query::{Document, NodeId, NodeRef};
use regex::Regex;
use serde_json::Value;

use super::{attr, name, tokens};
use crate::import::draft::{Candidate, Known};
use crate::import::evidence::{byline, dates, key, width};

/// What head and marks say.
pub(super) fn read(document: &Document, stem: &str) -> Known {
    let mut known = Known { fallback: stem.to_owned(), ..Known::default() };
    for node in document.root().descendants_it().filter(NodeRef::is_element) {
        match name(&node).as_str() {
            "meta" => meta(&node, &mut known),
            "title"
                if node.ancestors_it(None).all(|a| name(&a) != "svg")
                    && known.title.iter().all(|t| t.how != "<title>") =>
            {
                title(&node.text(), &mut known);
            }
            "link" if attr(&node, "rel").is_some_and(|r| r == "canonical") => {
                if let Some(href) = attr(&node, "href").filter(|h| h.starts_with("http")) {
                    known.url = Some(href);
                }
            }
            "script" => script(&node, &mut known),
            "html" => {
                let lang = attr(&node, "lang").or_else(|| attr(&node, "xml:lang"));
                known.language = lang.and_then(|l| language(&l));
            }
            _ => {}
        }
    }
    if let Some(date) = known.url.as_deref().and_then(url_date) {
        known.date.push(Candidate::new(date, 0.45, "address"));
    }
    known
}

/// A language worth stating: the default needs no words.
fn language(tag: &str) -> Option<crate::model::Language> {
    let lower = tag.to_ascii_lowercase().replace('_', "-");
    let tag = match lower.as_str() {
        "zh-tw" | "zh-hant" | "zh-hant-tw" => "zh-Hant",
        "zh-hk" | "zh-mo" | "zh-hant-hk" => "zh-HK",
        _ => return None, // zh-CN is the default, and templates leave en on Chinese pages
    };
    tag.parse().ok()
}

fn url_date(url: &str) -> Option<crate::model::Date> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"/(20\d{2})[/-]?(\d{2})[/-]?(\d{2})(?:/|_|\.|-)|/t?(20\d{2})(\d{2})(\d{2})_")
            .ok()
    });
    let found = FORM.as_ref()?.captures(url)?;
    let part =
        |a: usize, b: usize| found.get(a).or_else(|| found.get(b)).map(|m| m.as_str().to_owned());
    format!("{}-{}-{}", part(1, 4)?, part(2, 5)?, part(3, 6)?).parse().ok()
}

fn title(text: &str, known: &mut Known) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return;
    }
    // 标题_频道_站名, 标题 - 站名, 标题 | 站名
    let mut parts: Vec<&str> = vec![&text];
    for separator in ["_", " | ", "|", " - ", "——", " – ", " — ", "--", "-", "｜", " · ", "–"]
    {
        if text.contains(separator) {
            parts = text.split(separator).map(str::trim).filter(|p| !p.is_empty()).collect();
            break;
        }
    }
    if let Some(first) = parts.first().filter(|_| parts.len() > 1) {
        let longest = parts.iter().max_by_key(|p| width(p)).unwrap_or(first);
        let chosen = if width(first) * 2 >= width(longest) { first } else { longest };
        known.title.push(Candidate::new((*chosen).to_owned(), 0.5, "<title>"));
        if let Some(site) = parts.last().filter(|s| byline::is_media(s) && *s != chosen) {
            known.source.push(Candidate::new((*site).to_owned(), 0.3, "<title>"));
        }
    } else {
        known.title.push(Candidate::new(text, 0.5, "<title>"));
    }
}

fn meta(node: &NodeRef<'_>, known: &mut Known) {
    let Some(content) = attr(node, "content") else { return };
    let Some(key) =
        attr(node, "property").or_else(|| attr(node, "name")).or_else(|| attr(node, "itemprop"))
    else {
        return;
    };
    let people = |sure: f32, known: &mut Known| {
        if content.starts_with("http") {
            return;
        }
        let list = byline::authors(&content);
        if !list.is_empty() {
            // an institution as the author of everything says little
            let sure =
                if list.iter().all(|a| byline::is_media(&a.name)) { sure - 0.3 } else { sure };
            known.authors.push(Candidate::new(list, sure, "<meta>"));
        }
    };
    let date = |sure: f32, known: &mut Known| {
        if let Some(found) = dates::find(&content) {
            known.date.push(Candidate::new(found.date, sure, "<meta>"));
        }
    };
    let lower = key.to_ascii_lowercase();
    match lower.as_str() {
        "og:title" | "twitter:title" | "articletitle" | "dc.title" | "citation_title"
        | "headline" => {
            let before = known.title.len();
            title(&content, known);
            for t in &mut known.title[before..] {
                t.sure = 0.55;
                t.how = "<meta>";
            }
        }
        "og:site_name" | "sitename" | "application-name" => known.source.push(Candidate::new(
            content.clone(),
            if lower == "sitename" { 0.35 } else { 0.5 },
            "<meta>",
        )),
        "contentsource"
        | "source"
        | "dc.source"
        | "mediaid"
        | "publisher"
        | "citation_journal_title"
            if !content.starts_with("http") && width(&content) <= 24 =>
        {
            known.source.push(Candidate::new(
                content.clone(),
                if lower == "mediaid" || lower == "publisher" { 0.5 } else { 0.8 },
                "<meta>",
            ));
        }
        "article:published_time"
        | "og:published_time"
        | "og:release_date"
        | "datepublished"
        | "pubdate"
        | "publishdate"
        | "publish_date"
        | "parsely-pub-date"
        | "citation_publication_date"
        | "citation_date"
        | "dc.date"
        | "dcterms.created"
        | "dc.date.issued"
        | "weibo: article:create_at"
        | "weibo:article:create_at"
        | "sailthru.date"
        | "firstpublishedtime"
        | "apub:time" => date(0.9, known),
        "date" | "createdate" | "releasetime" => date(0.7, known),
        "article:modified_time"
        | "og:updated_time"
        | "lastmodified"
        | "datemodified"
        | "dc.date.modified" => date(0.35, known),
        "author" | "article:author" | "og:article:author" | "dc.creator" | "citation_author"
        | "byl" | "parsely-author" | "twitter:creator"
            if !content.starts_with('@') =>
        {
            people(0.7, known);
        }
        "og:url" if known.url.is_none() && content.starts_with("http") => known.url = Some(content),
        "keywords" | "news_keywords" => {
            let words = content.split([',', '，', ';', '；', '、', '|']).map(str::trim);
            let words: Vec<String> =
                words.filter(|w| !w.is_empty() && width(w) <= 12).map(str::to_owned).collect();
            if known.keywords.is_empty() && words.len() <= 8 {
                known.keywords = words;
            }
        }
        _ => {}
    }
}

/// Times in seconds that scripts of 公众号 and others hold.
static STAMP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?:var\s+ct|oriCreateTime|create_time|publish_time|createTime|publishTime|pubtime)["']?\s*[=:]\s*["']?(\d{10}|20\d{2}-\d{2}-\d{2})"#).ok()
});

fn script(node: &NodeRef<'_>, known: &mut Known) {
    let kind = attr(node, "type").unwrap_or_default();
    if kind.contains("ld+json") {
        let text = node.text();
        // pages break lines inside strings, which JSON does not allow
        let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if let Ok(value) = serde_json::from_str::<Value>(cleaned.trim().trim_end_matches(';')) {
            linked_data(&value, known, 0);
        }
        return;
    }
    if kind.is_empty() || kind.contains("javascript") {
        let text = node.text();
        if text.len() < 200_000
            && let Some(found) =
                STAMP.as_ref().and_then(|s| s.captures(&text)).and_then(|c| c.get(1))
        {
            let date = match found.as_str().parse::<i64>() {
                Ok(seconds) => from_seconds(seconds),
                Err(_) => found.as_str().parse().ok(),
            };
            if let Some(date) = date {
                known.date.push(Candidate::new(date, 0.6, "script"));
            }
        }
    }
}

/// The day in China of a moment in seconds since 1970 (UTC+8).
pub(in crate::import) fn from_seconds(seconds: i64) -> Option<crate::model::Date> {
    let days = (seconds + 8 * 3600).div_euclid(86_400);
    let (year, month, day) = crate::model::civil_from_days(days);
    format!("{year:04}-{month:02}-{day:02}").parse().ok()
}

fn linked_data(value: &Value, known: &mut Known, depth: usize) {
    if depth > 6 {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| linked_data(item, known, depth + 1)),
        Value::Object(map) => {
            if let Some(graph) = map.get("@graph") {
                linked_data(graph, known, depth + 1);
            }
            let kind = match map.get("@type") {
                Some(Value::String(kind)) => kind.clone(),
                Some(Value::Array(kinds)) => {
                    kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
                }
                _ => String::new(),
            };
            let is_article = kind.contains("Article")
                || kind.contains("BlogPosting")
                || kind.contains("Report")
                || kind.contains("DiscussionForumPosting");
            let text = |key: &str| {
                map.get(key).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty())
            };
            if !is_article && !map.contains_key("pubDate") {
                if let Some(main) = map.get("mainEntity") {
                    linked_data(main, known, depth + 1);
                }
                return;
            }
            if let Some(headline) =
                text("headline").or_else(|| text("name")).or_else(|| text("title"))
            {
                known.title.push(Candidate::new(unescape(headline), 0.6, "JSON-LD"));
            }
            if let Some(date) = ["datePublished", "pubDate", "dateCreated"]
                .iter()
                .find_map(|k| text(k))
                .and_then(dates::find)
            {
                known.date.push(Candidate::new(date.date, 0.92, "JSON-LD"));
            }
            let mut people = Vec::new();
            persons(map.get("author"), &mut people);
            let list: Vec<_> = people.iter().flat_map(|p| byline::authors(p)).collect();
            if !list.is_empty() {
                let sure = if list.iter().all(|a| byline::is_media(&a.name)) { 0.5 } else { 0.85 };
                known.authors.push(Candidate::new(list, sure, "JSON-LD"));
            }
            let mut houses = Vec::new();
            persons(map.get("publisher"), &mut houses);
            if let Some(house) = houses.first() {
                known.source.push(Candidate::new(house.clone(), 0.6, "JSON-LD"));
            }
        }
        _ => {}
    }
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
}

fn persons(value: Option<&Value>, out: &mut Vec<String>) {
    match value {
        Some(Value::String(name)) if !name.starts_with("http") => out.push(name.trim().to_owned()),
        Some(Value::Array(items)) => items.iter().for_each(|item| persons(Some(item), out)),
        Some(Value::Object(map)) => persons(map.get("name"), out),
        _ => {}
    }
}

/// Elements outside comments whose class or mark names what they hold.
pub(super) fn by_class(document: &Document, main: NodeId, known: &mut Known) {
    let Some(body) = document.body() else { return };
    let mut seen_main = false;
    for node in body.descendants_it().filter(NodeRef::is_element) {
        if node.id == main {
            seen_main = true;
        }
        let tag = name(&node);
        if matches!(tag.as_str(), "body" | "script" | "style" | "ul" | "table") {
            continue;
        }
        let words = tokens(&node);
        let prop = attr(&node, "itemprop").unwrap_or_default();
        let rel = attr(&node, "rel").unwrap_or_default();
        let says = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        if tag == "time" {
            let value = attr(&node, "datetime").unwrap_or_else(|| node.text().to_string());
            if let Some(found) = dates::find(&value) {
                let near = says(&["published", "publish", "entry", "post"])
                    || node.has_attr("pubdate")
                    || prop == "datePublished";
                let updated = says(&["updated", "modified", "update"]) && !says(&["published"])
                    || prop == "dateModified";
                let sure = if updated {
                    0.3
                } else if near {
                    0.8
                } else if seen_main {
                    0.4
                } else {
                    0.6
                };
                known.date.push(Candidate::new(found.date, sure, "<time>"));
            }
            continue;
        }
        // the account of a 公众号 page
        if attr(&node, "id").as_deref() == Some("js_name") {
            let account = node.text().trim().to_owned();
            known.source.push(Candidate::new(account, 0.85, "account"));
            continue;
        }
        if words.is_empty() && prop.is_empty() && rel.is_empty()
            || says(&["comment", "comments", "sidebar", "related", "widget", "footer", "reply"])
        {
            continue;
        }
        let is_author = prop == "author"
            || rel == "author"
            || says(&[
                "author",
                "byline",
                "writer",
                "zuozhe",
                "zz",
                "authorname",
                "nickname",
                "username",
            ]);
        let is_source =
            says(&["source", "laiyuan", "ly", "origin", "origins", "mediasource", "copyfrom"]);
        let is_date = prop == "datePublished"
            || says(&[
                "date",
                "time",
                "pubtime",
                "publish",
                "pubdate",
                "published",
                "posttime",
                "datetime",
                "riqi",
            ]);
        if !(is_author || is_source || is_date) || node.normalized_char_count() > 60 {
            continue;
        }
        let text = node.text().split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            continue;
        }
        let far = if seen_main { 0.15 } else { 0.0 };
        if is_date && let Some(found) = dates::find(&text) {
            known.date.push(Candidate::new(found.date, 0.6 - far, "class"));
        }
        let line = byline::read(&text);
        if is_author && !is_date {
            let value = line.get(byline::Field::Author).map_or_else(|| text.clone(), str::to_owned);
            let people = byline::authors(value.trim_start_matches(['@']));
            let fits =
                people.iter().all(|a| width(&a.name) <= 12 && !a.name.contains(['。', '，']));
            if !people.is_empty() && people.len() <= 4 && fits {
                known.authors.push(Candidate::new(people, 0.6 - far, "class"));
            }
        }
        if is_source && !is_date {
            let value = line.get(byline::Field::Source).map_or_else(|| text.clone(), str::to_owned);
            if (2..=20).contains(&width(&value))
                && dates::find(&value).is_none()
                && !key(&value).is_empty()
            {
                known.source.push(Candidate::new(value, 0.5 - far, "class"));
            }
        }
    }
}
