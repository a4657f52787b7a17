//! End-to-end: what a study packet has besides its articles, in both outputs.

use std::io::Read;
use std::path::Path;

use super::{keben, text};

/// Makes a packet of `files` in a fresh folder and exports `packet.yaml`; returns the folder.
pub(super) fn made(files: &[(&str, &str)], more: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let packet = folder.path().join("packet.yaml");
    let out = folder.path().join("out");
    let mut args = vec!["export", text(&packet), "-o", text(&out)];
    args.extend(more);
    let done = keben(&args);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    folder
}

/// The XHTML documents of the EPUB in `folder`, in the order of the file, joined.
pub(super) fn xhtml(folder: &Path) -> String {
    let out = folder.join("out");
    let mut paths: Vec<_> = std::fs::read_dir(out).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let file = paths.into_iter().find(|p| p.extension().is_some_and(|e| e == "epub")).unwrap();
    let mut archive = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|n| n.unwrap().into_owned()).collect();
    let mut all = String::new();
    for name in names.iter().filter(|n| n.ends_with(".xhtml")) {
        archive.by_name(name).unwrap().read_to_string(&mut all).unwrap();
    }
    all
}

const ARTICLE: &str = "---\ntitle: 甲文\ndate: 2026-01-02\nkeywords: [驿站]\n\
    source: {name: 某刊, issue: 2026(1), url: 'https://a.cn/1'}\n\
    questions: [何为驿站？]\nglossary: [{term: 驿站, definition: 传递文书之所。}]\n---\n\n\
    # 起 {#qi}\n\n驿站换马。\n\n![图](p.png \"马\"){#ma}\n";

#[test]
fn a_packet_has_its_pages_around_the_articles_in_the_order_of_books() {
    let packet = "title: 集\ncompiler: 某人\nforeword: 序言一段。\nafterword: 后记一段。\n\
        colophon: {internal: true, version: 第一版}\nquestions: collected\nanswer_lines: 2\n\
        glossary: pinyin\nindex: pinyin\nbibliography: true\n\
        numbering: {parts: 第一单元, articles: 一、, appendices: 附录一}\n\
        appendices: [{title: 附, body: [附文。]}]\n\
        contents: [{part: 部, articles: [a.md]}]\n";
    let article = ARTICLE.replace("![图](p.png \"马\"){#ma}\n", "");
    let folder = made(&[("packet.yaml", packet), ("a.md", &article)], &[]);
    let text = xhtml(folder.path());
    for expected in [
        "内部学习资料",
        "第一版",
        "<h1>第一单元　部</h1>",
        "<h1>一、甲文</h1>",
        "<h1>附录一　附</h1>",
        "<h1>思考题</h1>",
        "驿站（yì zhàn）",
        "[1]",
        "甲文[J/OL]. 某刊，2026(1)",
        "<h1>索引</h1>",
        "id=\"ix1\"",
        "<svg ",
    ] {
        assert!(text.contains(expected), "no '{expected}'");
    }
    let spine: Vec<usize> = [
        "epub:type=\"titlepage\"",
        "epub:type=\"colophon\"",
        "epub:type=\"foreword\"",
        "epub:type=\"part\"",
        "epub:type=\"chapter\"",
        "epub:type=\"qna\"",
        "epub:type=\"appendix\"",
        "epub:type=\"glossary\"",
        "epub:type=\"bibliography\"",
        "epub:type=\"index\"",
        "epub:type=\"afterword\"",
    ]
    .iter()
    .map(|kind| text.find(&format!("<section {kind}")).unwrap_or_else(|| panic!("{kind}")))
    .collect();
    assert!(spine.is_sorted(), "{spine:?}");
}

#[test]
fn a_link_that_says_only_see_names_its_target() {
    let packet = "title: 集\nnumbering: {figures: 图 1}\ncontents: [a.yaml]\n";
    let body = "title: 甲\nbody:\n  - heading: 起\n  - '[见](#ma)；[参见](#h1)；[见](a.yaml)。'\n  \
        - figure: {alt: 马, caption: 一匹马, id: ma}\n";
    let folder = made(&[("packet.yaml", packet), ("a.yaml", body)], &[]);
    let text = xhtml(folder.path());
    assert!(text.contains("见图 1</a>"), "{text}");
    assert!(text.contains("参见“起”</a>"));
    assert!(text.contains("见《甲》</a>"));
    assert!(text.contains("图 1　一匹马"));
}

#[test]
fn selections_filter_sort_and_limit_and_the_same_text_twice_is_reported() {
    let article = |title: &str, date: &str, words: &str, body: &str| {
        format!("title: {title}\ndate: {date}\nkeywords: [{words}]\nbody: [{body}]\n")
    };
    let long = "这一段文字足够长，长到可以判断两篇文章是不是同一篇，而不会把两篇空文章当成重复的文章来报告给编者。";
    let files = [
        ("packet.yaml", "title: 集\nqr: false\ncontents:\n  - {from: 'a/*.yaml', sort: date, reverse: true, keyword: 选, since: 2020, limit: 2}\n".to_owned()),
        ("a/1.yaml", article("旧", "2019-05", "选", "旧文。")),
        ("a/2.yaml", article("早", "2020-01-01", "选", "早文。")),
        ("a/3.yaml", article("中", "2021", "选", long)),
        ("a/4.yaml", article("晚", "2022", "选", &long.replace('，', "、"))),
        ("a/5.yaml", article("外", "2023", "别", "外文。")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(n, c)| (*n, c.as_str())).collect();
    let folder = made(&files, &[]);
    let text = xhtml(folder.path());
    let (late, middle) = (text.find("<h1>晚</h1>").unwrap(), text.find("<h1>中</h1>").unwrap());
    assert!(late < middle);
    assert!(!text.contains("<h1>早</h1>") && !text.contains("<h1>外</h1>"));
    let done = keben(&["check", self::text(&folder.path().join("packet.yaml"))]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("the same text"), "{said}");
}

#[test]
fn a_wrong_pattern_or_number_is_refused_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("packet.yaml");
    for (line, place) in [
        ("numbering: {parts: 单元}", ":2:"),
        ("answer_lines: 400", ":2:"),
        ("volumes: by-pages 2", ":2:"),
        ("questions: somewhere", ":2:"),
    ] {
        std::fs::write(
            &file,
            format!("title: 集\n{line}\ncontents: [{{title: 甲, body: [文。]}}]\n"),
        )
        .unwrap();
        let done = keben(&["check", text(&file)]);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(1), "{line}: {said}");
        assert!(said.contains(&format!("packet.yaml{place}")), "{line}: {said}");
    }
}

#[test]
fn a_publication_is_converted_to_traditional_but_for_the_words_to_keep() {
    let packet =
        "title: 学习资料\nkeep: [范文芳]\ncontents: [{title: 头发, body: [范文芳发现了网络。]}]\n";
    let folder = made(&[("packet.yaml", packet)], &["--script", "hant"]);
    let text = xhtml(folder.path());
    assert!(text.contains("<h1>頭髮</h1>"), "{text}");
    assert!(text.contains("范文芳發現了網"));
    assert!(text.contains("lang=\"zh-Hant\"") && text.contains("目錄"));
}

#[test]
fn check_counts_and_names_long_titles_missing_dates_and_glyphs_with_places() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    let title = "很长的题目".repeat(10);
    std::fs::write(
        &file,
        format!("language: zh-Hans\ntitle: {title}\nbody:\n  - 一二\u{10FFFD}三\n"),
    )
    .unwrap();
    let done = keben(&["check", text(&file)]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
    assert!(said.contains("a.yaml:2:8: the title has 50 characters"), "{said}");
    assert!(said.contains("a.yaml:2:8: the article has no date"), "{said}");
    assert!(said.contains("a.yaml:4:7: no face has a glyph for U+10FFFD"), "{said}");
    assert!(said.contains("1 articles, 54 characters"), "{said}");
}

#[test]
fn watching_makes_the_files_again_after_a_change_and_survives_mistakes() {
    use std::time::{Duration, Instant};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.md");
    let out = folder.path().join("a.epub");
    let article = |text: &str| format!("---\ntitle: 题\n---\n\n{text}\n");
    std::fs::write(&file, article("甲")).unwrap();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_keben"))
        .args(["export", text(&file), "--to", "epub", "--watch", "-q"])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let wait_for = |word: &str| {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(120) {
            // Always whole: the file is replaced, never written in place.
            if out.is_file() && whole(&out).contains(word) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        false
    };
    let first = wait_for("甲");
    std::fs::write(&file, "---\ntitel: 题\n---\n\n乙\n").unwrap();
    std::thread::sleep(Duration::from_millis(400));
    let kept = whole(&out).contains('甲');
    std::fs::write(&file, article("丙")).unwrap();
    let second = wait_for("丙");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(first && kept && second, "{first} {kept} {second}");
}

/// The text of an EPUB.
fn whole(path: &Path) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut all = String::new();
    archive.by_name("OEBPS/text/a.xhtml").unwrap().read_to_string(&mut all).unwrap();
    all
}
