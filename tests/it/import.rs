//! Raw input of many kinds: what is recognised, scored against what a reader would say.

use std::collections::HashMap;
use std::path::Path;

use keben::import::{ImportOptions, Kind, import, plain};
use keben::input::Publication;
use keben::model::Article;

/// Share of two texts' characters that they have in common, as F1 over counted characters.
fn f1(found: &str, expected: &str) -> f64 {
    let count = |text: &str| {
        let mut counts: HashMap<char, i64> = HashMap::new();
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .for_each(|c| *counts.entry(c).or_default() += 1);
        counts
    };
    let (a, b) = (count(found), count(expected));
    let common: i64 = a.iter().map(|(c, n)| (*n).min(b.get(c).copied().unwrap_or(0))).sum();
    let (all_a, all_b): (i64, i64) = (a.values().sum(), b.values().sum());
    2.0 * common as f64 / (all_a + all_b).max(1) as f64
}

fn first(publication: &Publication) -> &Article {
    match publication {
        Publication::Article(article) => article,
        Publication::Packet(packet) => packet.articles().next().unwrap(),
    }
}

/// What an article says, for the golden.
fn shown(article: &Article) -> String {
    let mut article = article.clone();
    article.origin = None;
    keben::import::write_article(&article, keben::import::WrittenFormat::Yaml).unwrap()
}

#[test]
fn raw_input_of_many_kinds_is_recognised() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let cases: Vec<serde_json::Value> =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    assert!(cases.len() >= 40);
    let (mut titles, mut authors, mut dates, mut body) = ((0, 0), (0, 0), (0, 0), 0.0);
    let (mut table, mut golden, mut worst) = (String::new(), String::new(), 1.0f64);
    for case in &cases {
        let file = case["file"].as_str().unwrap();
        let path = folder.join(file);
        let bytes = std::fs::read(&path).unwrap();
        let kind = Kind::of_raw(&path, &bytes).unwrap_or_else(|| panic!("{file}: no kind"));
        let imported = import(&path, &bytes, kind, &ImportOptions::default())
            .unwrap_or_else(|failure| panic!("{file}: {failure}"));
        let article = first(&imported.publication);
        golden.push_str(&format!("=== {file}\n{}", shown(article)));
        let mut mark = |field: &str, found: Option<String>, score: &mut (u32, u32)| {
            let Some(expected) = case[field].as_str() else { return "-" };
            score.1 += 1;
            let right = found.as_deref() == Some(expected);
            score.0 += u32::from(right);
            if !right {
                table.push_str(&format!("{file}: {field} {found:?}, not {expected:?}\n"));
            }
            if right { "+" } else { "x" }
        };
        let title = mark("title", Some(article.title.to_plain()), &mut titles);
        let names: Vec<&str> = article.authors.iter().map(|a| a.name.as_str()).collect();
        let author = mark("author", Some(names.join("、")), &mut authors);
        let date = mark("date", article.date.map(|d| d.to_string()), &mut dates);
        let expected: Vec<&str> =
            case["body"].as_array().unwrap().iter().filter_map(|v| v.as_str()).collect();
        let mut whole = article.clone();
        (whole.title, whole.authors) = Default::default();
        (whole.subtitle, whole.editor_note) = (None, None);
        let score = f1(&plain(&Publication::Article(Box::new(whole))), &expected.join("\n"));
        (body, worst) = (body + score, worst.min(score));
        table.push_str(&format!("{file:<28} {title} {author} {date} {score:.3}\n"));
    }
    let share = |(right, all): (u32, u32)| f64::from(right) / f64::from(all);
    let mean = body / cases.len() as f64;
    println!(
        "{table}\ntitle {titles:?} author {authors:?} date {dates:?} body {mean:.4}, worst {worst:.3}"
    );
    // Floors: what a change may not lose.
    assert!(share(titles) >= 0.95, "{table}");
    assert!(share(authors) >= 0.9, "{table}");
    assert!(share(dates) >= 0.95, "{table}");
    assert!(mean >= 0.98 && worst >= 0.85, "{table}");
    insta::assert_snapshot!("imports", golden);
}

#[test]
fn the_seed_text_comes_out_right_with_no_help() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("input/raw/000_b1b6c7ad7b737a3f.txt");
    let bytes = std::fs::read(&path).unwrap();
    let imported = import(&path, &bytes, Kind::Text, &ImportOptions::default()).unwrap();
    let article = first(&imported.publication);
    assert_eq!(article.title.to_plain(), "凝聚国际共识 携手谱写网络空间命运共同体新篇章");
    assert_eq!(article.authors[0].name, "任贤良");
    assert_eq!(article.authors[0].affiliation.as_deref(), Some("世界互联网大会秘书长"));
    assert_eq!(article.date.unwrap().to_string(), "2022-11-26");
    let source = article.source.as_ref().unwrap();
    assert_eq!(source.name.as_deref(), Some("党政干部培训网"));
    assert!(source.issue.as_deref().unwrap().contains("2022年第9期"));
    assert!(article.editor_note.as_ref().unwrap().to_plain().starts_with("近日，"));
    let yaml = shown(article);
    assert_eq!(yaml.matches("- heading:").count(), 4);
    assert_eq!(yaml.matches("- figure:").count(), 3);
    assert!(yaml.contains("发表于《中国网信》杂志") && yaml.contains("来源：世界互联网大会"));
    for furniture in ["返回列表", "浏览", "上一篇", "联系我们", "QQ客服", "微信扫", "0.116"]
    {
        assert!(!yaml.contains(furniture), "{furniture}");
        assert!(imported.report.removals.iter().any(|r| r.text.contains(furniture)), "{furniture}");
    }
}

#[test]
fn no_bytes_make_a_reader_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let mut seed = 0x2545_F491_4F6C_DD1Du64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let kinds =
        [Kind::Text, Kind::Html, Kind::Markdown, Kind::Epub, Kind::Docx, Kind::Feed, Kind::Saved];
    let names = [
        "01-scraped-list-page.txt",
        "24-footnotes.html",
        "12-gb2312-table.html",
        "34-hexo.md",
        "38-book.epub",
        "37-word.docx",
        "39-feed.xml",
        "40-wallabag.json",
    ];
    for name in names {
        let whole = std::fs::read(folder.join(name)).unwrap();
        for _ in 0..12 {
            let mut bytes = whole.clone();
            for _ in 0..(random() % 30) {
                if bytes.is_empty() {
                    break;
                }
                let at = (random() % bytes.len() as u64) as usize;
                match random() % 3 {
                    0 => bytes[at] = random() as u8,
                    1 => {
                        bytes.remove(at);
                    }
                    _ => bytes.truncate(at.max(1)),
                }
            }
            for kind in kinds {
                let _ = import(Path::new(name), &bytes, kind, &ImportOptions::default());
            }
        }
    }
    let deep = "<div><b><ul><li>".repeat(3000) + "深";
    let _ = import(Path::new("deep.html"), deep.as_bytes(), Kind::Html, &ImportOptions::default());
}
