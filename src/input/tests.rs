use std::fs;

use super::*;
use crate::diagnostic::Locale;

/// A folder with these files.
fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn lines(folder: &tempfile::TempDir, failure: &[Diagnostic]) -> Vec<String> {
    let prefix = format!("{}/", folder.path().display());
    failure.iter().map(|d| d.to_line(Locale::En).replace(&prefix, "")).collect()
}

fn errors(files: &[(&str, &str)], name: &str) -> Vec<String> {
    let folder = folder_of(files);
    let failure = load(&folder.path().join(name)).unwrap_err();
    lines(&folder, &failure.0)
}

fn article(loaded: Loaded) -> Article {
    match loaded.publication {
        Publication::Article(article) => *article,
        Publication::Packet(_) => panic!("a packet"),
    }
}

fn packet(loaded: &Loaded) -> &Packet {
    match &loaded.publication {
        Publication::Packet(packet) => packet,
        Publication::Article(_) => panic!("an article"),
    }
}

fn titles(packet: &Packet) -> Vec<String> {
    let titles = packet.contents.iter().flat_map(|entry| match entry {
        Contents::Article(article) => vec![article.title.to_plain()],
        Contents::Part(part) => {
            let articles = part.articles.iter().map(|a| a.title.to_plain());
            std::iter::once(part.title.to_plain()).chain(articles).collect()
        }
    });
    titles.collect()
}

#[test]
fn every_format_gives_the_same_article() {
    let folder = folder_of(&[
        ("a.json", "{\"title\": \"题\", \"body\": [\"一\", \"二\"]}"),
        ("a.yaml", "title: 题\nbody:\n  - 一\n  - 二\n"),
        ("a.toml", "title = \"题\"\nbody = [\"一\", \"二\"]\n"),
        ("a.md", "# 题\n\n一\n\n二\n"),
        ("a.txt", "\u{FEFF}题\r\n\r\n一\r\n\r\n二\r\n"),
        ("without-ending", "{\"title\": \"题\", \"text\": \"一\\n\\n二\"}"),
    ]);
    for name in ["a.json", "a.yaml", "a.toml", "a.md", "a.txt", "without-ending"] {
        let path = folder.path().join(name);
        let loaded = load(&path).unwrap();
        assert_eq!(loaded.warnings, [], "{name}");
        assert_eq!(loaded.root, folder.path());
        let article = article(loaded);
        assert_eq!(article.origin.as_deref(), Some(path.as_path()));
        assert_eq!(article.title.to_plain(), "题", "{name}");
        let body: Vec<String> = article
            .body
            .iter()
            .map(|block| match block {
                crate::model::Block::Paragraph(text) => text.to_plain(),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(body, ["一", "二"], "{name}");
    }
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let files = [
        ("empty.yaml", " \n"),
        ("x.bin", "abc"),
        ("list.json", "[1]"),
        ("no-body.json", "{\"title\": \"题\"}"),
    ];
    assert_eq!(errors(&files, "none.yaml"), ["error: none.yaml: no such file"]);
    assert!(errors(&files, "")[0].contains("this is a folder"));
    assert_eq!(errors(&files, "empty.yaml"), ["error: empty.yaml: the file is empty"]);
    assert!(errors(&files, "x.bin")[0].starts_with("error: x.bin: the format can't be told"));
    assert!(errors(&files, "list.json")[0].starts_with("error: list.json:1:1: "));
    assert!(
        errors(&files, "no-body.json")[0]
            .starts_with("error: no-body.json:1:1: missing field 'body'")
    );
}

#[test]
fn broken_bytes_and_control_characters_have_places() {
    let folder = folder_of(&[
        ("a.md", "# 题\n\n一\u{0}二\u{8}\n"),
        ("b.json", "{\"title\": \"a\\u0001\", \"body\": \"x\"}"),
    ]);
    let path = folder.path().join("gbk.md");
    fs::write(&path, b"# ab\n\xe9\xa2\x98\xb1\xea").unwrap();
    let failure = load(&path).unwrap_err();
    assert_eq!(failure.0[0].code, Code::Encoding);
    assert_eq!(failure.0[0].pos, Some(Pos::new(2, 2)));
    assert!(failure.0[0].hint.as_ref().unwrap().en.contains("iconv -f GB18030"));
    let loaded = load(&folder.path().join("a.md")).unwrap();
    assert_eq!(
        lines(&folder, &loaded.warnings),
        ["warning: a.md:3:2: 2 control character(s) removed, the first U+0000"]
    );
    let loaded = load(&folder.path().join("b.json")).unwrap();
    assert_eq!(loaded.warnings[0].pos, Some(Pos::new(1, 11)));
    assert_eq!(article(loaded).title.to_plain(), "a");
}

#[test]
fn a_packet_follows_paths_globs_and_parts_in_order() {
    let folder = folder_of(&[
        (
            "p.yaml",
            "title: 集\nlanguage: zh-Hant\ncontents:\n  - articles/*.yaml\n  - {title: 丙, body: 文}\n  \
             - part: 第一单元\n    intro: 导\n    articles: [more/d.md]\n",
        ),
        ("articles/b.yaml", "title: 乙\nbody: 文\n"),
        ("articles/a.yaml", "title: 甲\nlanguage: ja\nbody: 文\n"),
        ("articles/deep/x.yaml", "title: 深\nbody: 文\n"),
        ("more/d.md", "# 丁\n\n文\n"),
    ]);
    let loaded = load(&folder.path().join("p.yaml")).unwrap();
    let packet = packet(&loaded);
    assert_eq!(titles(packet), ["甲", "乙", "丙", "第一单元", "丁"]);
    let Contents::Article(first) = &packet.contents[0] else { panic!() };
    assert_eq!(first.language.tag(), "ja");
    assert_eq!(first.origin, Some(folder.path().join("articles/a.yaml")));
    let Contents::Article(inline) = &packet.contents[2] else { panic!() };
    assert_eq!((inline.language.tag(), &inline.origin), ("zh-Hant", &packet.origin));
}

#[test]
fn a_pattern_does_not_find_the_packet_itself() {
    let folder = folder_of(&[
        ("p.yaml", "title: 集\ncontents: ['**/*.yaml']\n"),
        ("a.yaml", "title: 甲\nbody: 文\n"),
        ("b/c.yaml", "title: 乙\nbody: 文\n"),
    ]);
    assert_eq!(titles(packet(&load(&folder.path().join("p.yaml")).unwrap())), ["甲", "乙"]);
}

#[test]
fn errors_of_all_articles_come_together() {
    let found = errors(
        &[
            ("p.yaml", "title: 集\ncontents:\n  - a.yaml\n  - none.yaml\n  - b.md\n  - x/*.md\n"),
            ("a.yaml", "titel: 甲\nbody: 文\n"),
            ("b.md", "---\ntitle: 乙\nfoo: 1\n---\n文\n"),
        ],
        "p.yaml",
    );
    assert_eq!(found.len(), 4, "{found:#?}");
    assert_eq!(found[0], "error: a.yaml:1:1: unknown field 'titel' (did you mean 'title'?)");
    assert_eq!(found[1], "error: p.yaml:4:5: 'none.yaml': no such file");
    assert!(found[2].starts_with("error: b.md:3:1: unknown field 'foo' (known: "));
    assert_eq!(found[3], "error: p.yaml:6:5: no file matches 'x/*.md'");
}

#[test]
fn paths_may_not_leave_the_packets_folder() {
    let outer = folder_of(&[
        (
            "in/p.json",
            "{\"title\": \"集\", \"cover\": \"../c.png\", \"contents\": [\"../a.yaml\", \"/etc/passwd\", \"x/../../a.yaml\", \"link.yaml\", \"li*.yaml\"]}",
        ),
        ("in/x/y", ""),
        ("a.yaml", "title: 甲\nbody: 文\n"),
    ]);
    #[cfg(unix)]
    {
        let link = outer.path().join("in/link.yaml");
        std::os::unix::fs::symlink(outer.path().join("a.yaml"), link).unwrap();
    }
    let expected = if cfg!(unix) { 6 } else { 4 };
    let failure = load(&outer.path().join("in/p.json")).unwrap_err();
    let outside = failure.0.iter().filter(|d| d.code == Code::OutsideFolder && d.pos.is_some());
    assert_eq!(outside.count(), expected, "{:#?}", failure.0);
    assert_eq!(failure.0[0].pos, Some(Pos::new(1, 50)));
}

#[test]
fn several_articles_become_a_packet() {
    let folder = folder_of(&[
        ("a.md", "# 甲\n\n文\n"),
        ("b.md", "# 乙\n\n文\n"),
        ("p.yaml", "title: 集\ncontents: []\n"),
    ]);
    let path = |name: &str| folder.path().join(name);
    let loaded = load_all(&[path("b.md"), path("a.md")], Some("合集")).unwrap();
    assert_eq!(
        (packet(&loaded).title.to_plain().as_str(), titles(packet(&loaded))),
        ("合集", vec!["乙".into(), "甲".into()])
    );
    assert_eq!(load_all(&[path("b.md"), path("a.md")], None).unwrap().warnings.len(), 1);
    assert!(matches!(
        load_all(&[path("a.md")], None).unwrap().publication,
        Publication::Article(_)
    ));
    assert_eq!(load_all(&[path("a.md"), path("p.yaml")], None).unwrap_err().0[0].code, Code::Usage);
    assert_eq!(load_all(&[], None).unwrap_err().0[0].code, Code::Usage);
}

#[test]
fn checks_find_what_the_model_alone_shows() {
    let folder = folder_of(&[
        (
            "a.md",
            "# 题\n\n## 一 {#x}\n\n#### 二 {#x}\n\n![](a.png) 文[^无] ![](b.png)\n\n![](c.png)\n\n[^未]: 注\n",
        ),
        ("good.md", "# 题\n\n## 一\n\n文[^a]\n\n![替](a.png)\n\n[^a]: 注\n"),
        ("empty.yaml", "title: 题\nbody: []\n"),
    ]);
    let check_file = |name: &str| check(&article(load(&folder.path().join(name)).unwrap()));
    let found = check_file("a.md");
    let seen: Vec<_> = found.iter().map(|d| (d.code, d.pos.map(|p| (p.line, p.column)))).collect();
    assert_eq!(
        seen,
        [
            (Code::Duplicate, None),
            (Code::InvalidValue, Some((5, 1))),
            (Code::Duplicate, Some((5, 1))),
            (Code::MissingAlt, Some((7, 1))),
            (Code::DeadLink, Some((7, 13))),
            (Code::MissingAlt, Some((7, 18))),
            (Code::MissingAlt, Some((9, 1))),
        ],
        "{found:#?}"
    );
    assert_eq!(check_file("good.md"), []);
    assert_eq!(check_file("empty.yaml").len(), 1);
}
