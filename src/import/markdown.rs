//! Markdown as it is found on blogs and in notes: what site generators add to it is put into the
//! forms that Keben reads, then read as any Markdown.

use std::sync::LazyLock;

use regex::Regex;

use super::report::Report;
use crate::diagnostic::{Failure, Outcome};
use crate::model::{Article, Text};

/// An article of a Markdown text; without a title the file's name is one.
pub(super) fn article(source: &str, stem: &str, report: &mut Report) -> Outcome<Article> {
    let plain = standard(source);
    let mut warnings = Vec::new();
    let read = crate::input::markdown::wild_article(&plain, &mut warnings);
    let article = match read {
        Err(Failure(errors))
            if errors.iter().all(|e| e.code == crate::diagnostic::Code::MissingField) =>
        {
            // no title anywhere
            let (front, body) = split_front(&plain);
            let titled = match front.is_empty() {
                true => format!("---\ntitle: '{}'\n---\n{body}", stem.replace('\'', "''")),
                false => {
                    front.replacen('\n', &format!("\ntitle: '{}'\n", stem.replace('\'', "''")), 1)
                        + body
                }
            };
            report.found("title", stem, 0.3, "file name");
            crate::input::markdown::wild_article(&titled, &mut warnings)?
        }
        other => {
            let article = other?;
            report.found("title", article.title.to_plain(), 0.95, "front matter or heading");
            article
        }
    };
    report.warnings.extend(warnings);
    if let Some(date) = article.date {
        report.found("date", date.to_string(), 0.95, "front matter");
    }
    if !article.authors.is_empty() {
        let names: Vec<&str> = article.authors.iter().map(|a| a.name.as_str()).collect();
        report.found("authors", names.join("、"), 0.95, "front matter");
    }
    report.found("body", format!("{} blocks", article.body.len()), 0.9, "Markdown");
    let mut article = article;
    if article.title.is_empty() {
        article.title = Text::plain(stem);
    }
    Ok(article)
}

/// The front matter with its fences, and the rest.
fn split_front(source: &str) -> (&str, &str) {
    for fence in ["---", "+++"] {
        if source.starts_with(&format!("{fence}\n"))
            && let Some(at) = source[4..].find(&format!("\n{fence}"))
        {
            let end = 4 + at + 1 + fence.len();
            return source.split_at(end);
        }
    }
    ("", source)
}

/// Puts admonitions, plug-in tags and wiki links into standard forms. Code is left alone.
fn standard(source: &str) -> String {
    let (front, body) = split_front(source);
    let mut out = String::with_capacity(source.len() + 64);
    out.push_str(front);
    let mut fence: Option<String> = None;
    // (indentation that belongs to the admonition, or the closing colons)
    let mut note: Option<Note> = None;
    for line in body.split_inclusive('\n') {
        let text = line.trim_end_matches('\n');
        let trimmed = text.trim_start();
        if let Some(open) = &fence {
            if trimmed.starts_with(open.as_str())
                && trimmed.trim_start_matches(['`', '~']).trim().is_empty()
            {
                fence = None;
            }
            push(&mut out, &note, text);
            continue;
        }
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            let sign = &trimmed[..1];
            let count = trimmed.len() - trimmed.trim_start_matches(sign).len();
            fence = Some(sign.repeat(count));
            push(&mut out, &note, text);
            continue;
        }
        match &note {
            Some(Note::Indented)
                if !text.is_empty() && !text.starts_with("    ") && !text.starts_with('\t') =>
            {
                note = None;
                out.push('\n');
            }
            Some(Note::Colons) if trimmed.starts_with(":::") => {
                note = None;
                out.push('\n');
                continue;
            }
            Some(Note::Tag(name)) if is_end(trimmed, name) => {
                note = None;
                out.push('\n');
                continue;
            }
            _ => {}
        }
        if note.is_none()
            && let Some((opened, kind, title)) = opening(trimmed)
        {
            out.push_str(&format!(
                "\n> [!{kind}]{}{title}\n",
                if title.is_empty() { "" } else { " " }
            ));
            note = Some(opened);
            continue;
        }
        push(&mut out, &note, &inline(text));
    }
    out
}

/// How an admonition ends.
enum Note {
    Indented,
    Colons,
    Tag(String),
}

fn push(out: &mut String, note: &Option<Note>, text: &str) {
    match note {
        Some(Note::Indented) => {
            out.push_str("> ");
            out.push_str(
                text.strip_prefix("    ").or_else(|| text.strip_prefix('\t')).unwrap_or(text),
            );
        }
        Some(_) => {
            out.push_str("> ");
            out.push_str(text);
        }
        None => out.push_str(text),
    }
    out.push('\n');
}

fn is_end(line: &str, name: &str) -> bool {
    let bare: String = line.chars().filter(|c| !"{}%<>/- ".contains(*c)).collect();
    line.starts_with("{") && (bare == format!("end{name}") || line.contains(&format!("/{name}")))
}

/// `!!! note "title"` (MkDocs), `::: tip title` (VuePress, Docusaurus), `{% note info %}` (Hexo),
/// `{{< admonition note >}}` (Hugo).
fn opening(line: &str) -> Option<(Note, &'static str, String)> {
    static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [
            r#"^(?:!!!|\?\?\?\+?)\s+(?P<kind>\w+)\s*"?(?P<title>[^"]*)"?\s*$"#,
            r"^:::+\s*\{?\.?(?P<kind>\w+)\}?\s*(?P<title>.*)$",
            r"^\{%\s*(?P<tag>note|admonition|callout)\s+(?P<kind>\w+)\s*(?P<title>[^%]*?)\s*%\}\s*$",
            r#"^\{\{[<%]\s*(?P<tag>admonition|notice|callout|alert)\s+"?(?P<kind>\w+)"?\s*"?(?P<title>[^">]*)"?\s*[>%]\}\}\s*$"#,
        ]
        .iter()
        .filter_map(|f| Regex::new(f).ok())
        .collect()
    });
    for (i, form) in FORMS.iter().enumerate() {
        let Some(found) = form.captures(line) else { continue };
        let kind = match found.name("kind").map_or("", |m| m.as_str()).to_ascii_lowercase().as_str()
        {
            "tip" | "hint" | "success" | "check" => "TIP",
            "important" | "attention" => "IMPORTANT",
            "warning" | "danger" | "caution" | "error" | "failure" => "WARNING",
            "details" | "note" | "info" | "primary" | "default" | "abstract" | "question"
            | "example" | "quote" | "bug" | "todo" | "summary" | "seealso" => "NOTE",
            _ => return None,
        };
        let title = found.name("title").map_or("", |m| m.as_str()).trim().to_owned();
        let tag = found.name("tag").map_or("", |m| m.as_str()).to_owned();
        let note = match i {
            0 => Note::Indented,
            1 => Note::Colons,
            _ => Note::Tag(tag),
        };
        return Some((note, kind, title));
    }
    None
}

/// Tags of generators within a line: pictures stay, what only arranges goes.
fn inline(line: &str) -> String {
    if !line.contains(['{', '<', '[']) {
        return line.to_owned();
    }
    static FORMS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
        [
            (r"<!--\s*more\s*-->", ""),
            (r"^\s*\[(?:TOC|toc)\]\s*$", ""),
            (r"^\s*@\[toc\].*$", ""),
            (r#"\{%\s*(?:asset_img|img)\s+(?:[\w-]+\s+)?(?P<src>[^\s%"]+\.\w+)\s*"?(?P<alt>[^"%]*)"?\s*%\}"#, "![$alt]($src)"),
            (r#"\{\{<\s*figure\s+[^>]*?src="(?P<src>[^"]+)"[^>]*?(?:alt|title|caption)="(?P<alt>[^"]*)"[^>]*>\}\}"#, "![$alt]($src \"$alt\")"),
            (r#"\{\{<\s*figure\s+[^>]*?src="(?P<src>[^"]+)"[^>]*>\}\}"#, "![]($src)"),
            (r"!\[\[(?P<src>[^\]|]+)(?:\|[^\]]*)?\]\]", "![]($src)"),
            (r"\[\[(?:[^\]|]+\|)?(?P<text>[^\]|]+)\]\]", "$text"),
            (r"^\s*\{%\s*(?:end)?(?:raw|blockquote|cq|centerquote|tabs|tab|fold|hideToggle|gallery|btn|label)[^%]*%\}\s*$", ""),
            (r"^\s*\{\{[<%]\s*/?\s*\w+[^>%]*[>%]\}\}\s*$", ""),
            (r"^\s*\{:\s*[^}]*\}\s*$", ""),
            (r"(?P<before>\S)\{:\s*[.#][^}]*\}\s*$", "$before"),
        ]
        .into_iter()
        .filter_map(|(form, with)| Regex::new(form).ok().map(|f| (f, with)))
        .collect()
    });
    let mut out = line.to_owned();
    for (form, with) in FORMS.iter() {
        if form.is_match(&out) {
            out = form.replace_all(&out, *with).into_owned();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Block;

    #[test]
    fn admonitions_of_all_generators_become_callouts() {
        for source in [
            "# 题\n\n!!! warning \"小心\"\n    水深。\n\n    别靠近。\n\n正文。\n",
            "# 题\n\n::: warning 小心\n水深。\n\n别靠近。\n:::\n\n正文。\n",
            "# 题\n\n{% note warning 小心 %}\n水深。\n\n别靠近。\n{% endnote %}\n\n正文。\n",
        ] {
            let article = article(source, "x", &mut Report::new("markdown")).unwrap();
            let Block::Callout(callout) = &article.body[0] else { panic!("{:?}", article.body) };
            assert_eq!(
                callout.title.as_ref().map(Text::to_plain).as_deref(),
                Some("小心"),
                "{source}"
            );
            assert_eq!(callout.body.len(), 2, "{source}");
            assert_eq!(article.body.len(), 2, "{source}");
        }
    }

    #[test]
    fn a_text_without_a_title_takes_the_files_name() {
        let article = article("一段话。\n", "笔记", &mut Report::new("markdown")).unwrap();
        assert_eq!(article.title.to_plain(), "笔记");
    }

    #[test]
    fn code_is_not_rewritten() {
        let article = article(
            "# 题\n\n```\n!!! note\n{{< figure src=\"a.png\" >}}\n```\n",
            "x",
            &mut Report::new("markdown"),
        )
        .unwrap();
        let Block::Code(code) = &article.body[0] else { panic!("{:?}", article.body) };
        assert_eq!(code.text, "!!! note\n{{< figure src=\"a.png\" >}}");
    }
}
