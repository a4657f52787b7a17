//! What composing promises, rule by rule.

use std::path::Path;

use super::*;
use crate::epub::sample;
use crate::model::{Article, Contents, Heading, Part, Quote};

fn compose(article: &Article) -> (Outcome<Book>, Vec<Diagnostic>) {
    let mut warnings = Vec::new();
    (compose_article(article, Path::new("."), &mut warnings), warnings)
}

fn noted(label: &str) -> Text {
    Text(vec![Inline::Plain("字".into()), Inline::NoteRef(At::from(label.to_owned()))])
}

fn notes(labels: &[&str]) -> Block {
    Block::Footnotes(
        labels.iter().map(|l| ((*l).to_owned(), vec![Block::Paragraph((*l).into())])).collect(),
    )
}

#[test]
fn notes_are_ordered_by_first_reference_and_lifted_from_any_depth() {
    let mut article = sample::bare_article("题");
    article.body = vec![
        Block::Quote(Quote {
            body: vec![notes(&["a", "b"]), Block::Paragraph(noted("b"))],
            attribution: Some(noted("c")),
        }),
        Block::Table(sample::table(noted("a"), noted("b"))),
        notes(&["c", "lost"]),
    ];
    let (book, warnings) = compose(&article);
    let section = &book.unwrap().sections[0];
    assert_eq!(section.note_order, ["b", "c", "a", "lost"]);
    assert_eq!(section.notes.len(), 4);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(warnings[0].code, Code::Duplicate);
    let mut left = 0;
    section.flow.iter().for_each(|e| {
        walk::element(e, &mut |n| left += u32::from(matches!(n, Node::Block(Block::Footnotes(_)))));
    });
    assert_eq!(left, 0);
}

#[test]
fn a_reference_without_its_note_is_an_error() {
    let mut article = sample::bare_article("题");
    article.body = vec![Block::Paragraph(noted("x"))];
    let failure = compose(&article).0.unwrap_err();
    assert_eq!(failure.0[0].code, Code::DeadLink);
}

#[test]
fn headings_get_names_that_never_clash() {
    let mut article = sample::bare_article("题");
    let named = |id: &str| {
        Block::Heading(Heading { id: Some(At::from(id.to_owned())), ..Heading::new(1, "节") })
    };
    article.body =
        vec![Block::Heading(Heading::new(1, "一")), named("h1"), named("h1"), named("1 x")];
    let (book, warnings) = compose(&article);
    let book = book.unwrap();
    let ids: Vec<_> = book.contents(3).into_iter().filter_map(|e| e.anchor.element).collect();
    assert_eq!(ids, ["h2", "h1", "h3", "h4"]);
    assert_eq!(warnings.len(), 2);
}

#[test]
fn links_find_elements_articles_and_files() {
    let mut first = sample::bare_article("甲");
    first.id = Some(At::from("文章甲".to_owned()));
    first.origin = Some("book/articles/a.md".into());
    first.body = vec![Block::Heading(Heading {
        id: Some(At::from("一".to_owned())),
        ..Heading::new(1, "一")
    })];
    let mut second = sample::bare_article("乙");
    second.origin = Some("book/articles/b.md".into());
    let packet = sample::bare_packet(
        "集",
        vec![Contents::Part(Part {
            title: "部".into(),
            intro: vec![],
            articles: vec![first, second],
        })],
    );
    let book = compose_packet(&packet, Path::new("."), &mut Vec::new()).unwrap();
    let ids: Vec<_> = book.sections.iter().map(|s| s.id.0.as_str()).collect();
    assert_eq!(ids, ["part-1", "s2", "b"]);
    let from = SectionId("b".to_owned());
    let at = |element: Option<&str>| {
        LinkTarget::Internal(Anchor {
            section: SectionId("s2".to_owned()),
            element: element.map(str::to_owned),
        })
    };
    assert_eq!(book.resolve(&from, "#一"), at(Some("一")));
    assert_eq!(book.resolve(&from, "#%E4%B8%80"), at(Some("一")));
    assert_eq!(book.resolve(&from, "文章甲"), at(None));
    assert_eq!(book.resolve(&from, "文章甲#一"), at(Some("一")));
    assert_eq!(book.resolve(&from, "../articles/a.md"), at(None));
    assert_eq!(book.resolve(&from, "a.md#一"), at(Some("一")));
    for dead in ["", "a.md#二", "#二", "c.md", "javascript:x", "www.a.cn"] {
        assert_eq!(book.resolve(&from, dead), LinkTarget::Dead, "{dead}");
    }
}

#[test]
fn pictures_are_reported_with_their_place_when_missing_broken_or_outside() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("book");
    std::fs::create_dir(&root).unwrap();
    std::fs::write(folder.path().join("out.png"), sample::png(2, 2)).unwrap();
    std::fs::write(root.join("ok a.png"), sample::png(2, 2)).unwrap();
    std::fs::write(root.join("copy.png"), sample::png(2, 2)).unwrap();
    std::fs::write(root.join("bad.png"), b"\x89PNG\r\n\x1a\n junk").unwrap();
    let mut article = sample::bare_article("题");
    article.origin = Some(root.join("a.yaml"));
    let good = ["ok%20a.png", "ok a.png", "copy.png"];
    article.body = good.iter().map(|src| sample::figure(src)).collect();
    let book = compose_article(&article, &root, &mut Vec::new()).unwrap();
    assert_eq!(book.sections[0].pictures.len(), 3);
    assert_eq!(book.pictures.0.len(), 1, "the same bytes are kept once");

    let bad = ["none.png", "../out.png", "bad.png", "https://a.cn/x.png", "../none.png"];
    article.body = bad.iter().map(|src| sample::figure(src)).collect();
    let failure = compose_article(&article, &root, &mut Vec::new()).unwrap_err();
    let codes: Vec<_> = failure.0.iter().map(|d| (d.code, d.pos.is_some())).collect();
    let expected = [
        Code::MissingPicture,
        Code::OutsideFolder,
        Code::BrokenPicture,
        Code::MissingPicture,
        Code::OutsideFolder,
    ];
    assert_eq!(codes, expected.map(|code| (code, true)));
}
