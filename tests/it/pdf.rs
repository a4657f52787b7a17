//! The PDF as a finished document: structure, reading order, text, navigation, attachments, locks.

use std::path::Path;

use lopdf::{Document, Object};

use super::tagged::Tagged;
use super::{keben, text};

/// Exports files of a folder to PDF and returns it.
fn pdf_of(files: &[(&str, &[u8])], options: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let input = folder.path().join(files[0].0);
    let out = folder.path().join("out.pdf");
    let done = keben(&[&["export", text(&input), "-o", text(&out)], options].concat());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    std::fs::read(&out).unwrap()
}

fn pdf(markdown: &str) -> Vec<u8> {
    pdf_of(&[("a.md", markdown.as_bytes()), ("dot.svg", DOT)], &[])
}

const DOT: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20'>\
    <rect width='30' height='20' fill='teal'/></svg>";

const EVERYTHING: &str = "---
title: 结构
authors: [甲]
---

正文里有脚注[^a]，有{漢字|hàn zì}，有[网页](https://example.org \"示例\")，也有`代码`。

## 小节

> 引文一段。

- 第一
- 第二[^b]

1. 甲
2. 乙

### 更深

![一个方块](dot.svg \"图注\")

| 名 | 值 |
|----|----|
| 甲 | 一 |
| 乙 | 二 |

```
let x = 1;
```

A line of <span lang=\"en\">English</span>.

[^a]: 第一条注。
[^b]: 第二条注。
";

#[test]
fn every_kind_of_block_has_its_place_in_the_tree() {
    insta::assert_snapshot!(Tagged::new(&pdf(EVERYTHING)).tree());
}

#[test]
fn a_packet_is_a_document_of_parts_with_contents_that_link() {
    let packet = "title: 小册\ncontents:\n  - part: 第一单元\n    articles: [a.md]\n  - b.md\n";
    let files: [(&str, &[u8]); 3] = [
        ("packet.yaml", packet.as_bytes()),
        ("a.md", "---\ntitle: 甲篇\n---\n\n甲文。\n".as_bytes()),
        ("b.md", "---\ntitle: 乙篇\nlanguage: en\n---\n\nB text.\n".as_bytes()),
    ];
    let tree = Tagged::new(&pdf_of(&files, &[])).tree();
    let contents = tree.find("«目录»").unwrap();
    // What stands before the contents is the packet's own business.
    insta::assert_snapshot!(&tree[contents..]);
}

#[test]
fn notes_figures_and_tables_are_read_where_the_text_has_them() {
    let text = Tagged::new(&pdf(EVERYTHING)).text();
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in {text}"));
    let order = [
        "结构",
        "正文里有脚注",
        "也有",
        "第一条注",
        "小节",
        "引文一段",
        "第二",
        "第二条注",
        "更深",
        "图注",
        "名",
        "甲\n一",
        "let x = 1;",
        "A line of",
    ];
    // A note is read after the paragraph with its mark, though it is set at the foot of the page.
    for pair in order.windows(2) {
        let second = text[at(pair[0])..].find(pair[1]);
        assert!(second.is_some(), "{} is not read after {} in\n{text}", pair[1], pair[0]);
    }
}

#[test]
fn text_comes_back_as_it_was_written() {
    let english = "A fairly long English paragraph, with hyphenation of considerable \
        representational responsibilities, runs over several lines; every space between its words, \
        also one where a line ends, has to come back exactly as it was typed by the author.";
    let chinese = "“引号”、（括号）——破折号……省略号；100 km/h 与 Unicode 混排，句末标点。";
    let source = format!("# 题\n\n{english}\n\n{chinese}\n");
    let found = Tagged::new(&pdf_of(&[("a.md", source.as_bytes())], &["--paper", "A5"])).text();
    // A soft hyphen where a word was divided is what the standard wants (ISO 32000-1, 14.8.2.2.3).
    let plain = found.replace('\u{AD}', "");
    assert!(found.contains('\u{AD}'), "nothing was divided: {found}");
    assert!(plain.lines().any(|line| line == english), "{found}");
    assert!(plain.lines().any(|line| line == chinese), "{found}");
}

#[test]
fn a_character_without_a_glyph_keeps_its_text() {
    let found = Tagged::new(&pdf("# 题\n\n前\u{1F9FF}\u{2FFFF}后。\n")).text();
    assert!(found.contains("前\u{1F9FF}\u{2FFFF}后。"), "{found}");
}

#[test]
fn headings_never_skip_a_level() {
    let tree = Tagged::new(&pdf("# 题\n\n#### 深\n\n文。\n\n## 浅\n\n文。\n")).tree();
    let levels: Vec<&str> = tree.lines().map(str::trim).filter(|l| l.starts_with('H')).collect();
    assert_eq!(levels[..2], ["H1", "H2"], "{tree}");
}

#[test]
fn outline_names_and_labels_lead_through_the_packet() {
    let bytes = std::fs::read_dir("input/study-packet").map(|_| {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("p.pdf");
        let done = keben(&["export", "input/study-packet/packet.yaml", "-o", text(&out)]);
        assert!(done.status.success());
        std::fs::read(&out).unwrap()
    });
    let tagged = Tagged::new(&bytes.unwrap());
    let catalog = tagged.catalog();
    assert_eq!(catalog.get(b"PageMode").unwrap().as_name().unwrap(), b"UseOutlines");
    let outline = tagged.get(catalog, "Outlines").unwrap().as_dict().unwrap();
    let mut entry = tagged.get(outline, "First").and_then(|o| o.as_dict().ok());
    let (mut titles, mut nested) = (Vec::new(), 0);
    while let Some(dict) = entry {
        titles.push(lopdf::decode_text_string(dict.get(b"Title").unwrap()).unwrap());
        nested += usize::from(dict.has(b"First"));
        entry = tagged.get(dict, "Next").and_then(|o| o.as_dict().ok());
    }
    assert!(titles.iter().any(|t| t.contains("第一单元")), "{titles:?}");
    assert!(nested >= 3, "{nested} entries have others below them");
    let names = tagged.get(catalog, "Names").unwrap().as_dict().unwrap();
    assert!(names.has(b"Dests"));
    let labels = tagged.get(catalog, "PageLabels").unwrap().as_dict().unwrap();
    let ranges = labels.get(b"Nums").unwrap().as_array().unwrap();
    let first = ranges[1].as_dict().unwrap();
    assert_eq!(lopdf::decode_text_string(first.get(b"P").unwrap()).unwrap(), "封面");
    assert!(ranges.len() >= 6, "cover, front matter and text: {ranges:?}");
}

#[test]
fn a_picture_used_twice_is_stored_once() {
    let pixels = image::RgbImage::from_fn(9, 9, |x, y| image::Rgb([x as u8 * 20, y as u8 * 20, 7]));
    let mut png = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let source = "# 题\n\n![甲](x.png)\n\n文。\n\n![乙](y.png)\n".as_bytes();
    let png = png.into_inner();
    let made = pdf_of(&[("a.md", source), ("x.png", &png), ("y.png", &png)], &[]);
    let pdf = Document::load_mem(&made).unwrap();
    let images = pdf.objects.values().filter(|object| {
        let Object::Stream(stream) = object else { return false };
        stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|s| s == b"Image")
    });
    assert_eq!(images.count(), 1);
}

#[test]
fn the_source_can_go_with_the_pdf() {
    let source = "# 题\n\n文。\n".as_bytes();
    let made = pdf_of(&[("a.md", source)], &["--attach-source"]);
    let tagged = Tagged::new(&made);
    let files = tagged.get(tagged.catalog(), "AF").unwrap().as_array().unwrap();
    let file = tagged.pdf.get_dictionary(files[0].as_reference().unwrap()).unwrap();
    assert_eq!(lopdf::decode_text_string(file.get(b"UF").unwrap()).unwrap(), "a.md");
    let embedded = tagged.get(file, "EF").unwrap().as_dict().unwrap();
    let stream = tagged.get(embedded, "F").unwrap().as_stream().unwrap();
    let content = stream.get_plain_content().unwrap();
    assert_eq!(content, source);
}

#[test]
fn a_password_closes_the_file_and_opens_it() {
    let source = "---\ntitle: 密件\n---\n\n文。\n".as_bytes();
    let made = pdf_of(&[("a.md", source)], &["--password", "芝麻开门", "--allow", "none"]);
    let mut pdf = Document::load_mem(&made).unwrap();
    assert!(pdf.is_encrypted());
    let wrong = Document::load_mem(&made).unwrap().decrypt("x");
    assert!(wrong.is_err());
    pdf.decrypt("芝麻开门").unwrap();
    assert!(!made.windows(6).any(|w| w == b"pdfaid"), "no claim of PDF/A");
}

#[test]
fn print_options_are_the_same_twice_and_state_their_boxes() {
    let source = "# 题\n\n文。\n".as_bytes();
    for options in [&["--booklet"][..], &["--bleed", "3"]] {
        let made = pdf_of(&[("a.md", source)], options);
        assert!(made == pdf_of(&[("a.md", source)], options), "{options:?}: two runs differ");
        let pdf = Document::load_mem(&made).unwrap();
        let page = pdf.get_dictionary(pdf.get_pages()[&1]).unwrap();
        let side = |key: &[u8]| page.get(key).unwrap().as_array().unwrap()[2].as_float().unwrap();
        let (media, trim) = (side(b"MediaBox"), side(b"TrimBox"));
        if options[0] == "--booklet" {
            assert!((media - 841.89).abs() < 3.0, "two A5 pages are an A4 on its side: {media}");
        } else {
            assert!(media > trim, "{media} {trim}");
        }
    }
}

#[test]
fn every_link_says_where_it_leads_and_is_in_the_tree() {
    let tagged = Tagged::new(&pdf(EVERYTHING));
    let (mut links, tree) = (0, tagged.tree());
    for page in tagged.pdf.get_pages().into_values() {
        for annotation in tagged.pdf.get_page_annotations(page).unwrap() {
            links += 1;
            let said = lopdf::decode_text_string(annotation.get(b"Contents").unwrap()).unwrap();
            assert!(!said.trim().is_empty());
            assert!(annotation.has(b"StructParent"));
        }
    }
    assert_eq!(tree.matches("→ ").count(), links);
    assert!(links >= 5, "a web address, and marks and notes both ways: {links}");
}

#[test]
fn usage_that_contradicts_itself_is_refused() {
    let input = Path::new("input/article.md");
    for options in [&["--attach-source", "--password", "x"][..], &["--bleed", "900"]] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("x.pdf");
        let done = keben(&[&["export", text(input), "-o", text(&out)], options].concat());
        assert_eq!(done.status.code(), Some(2), "{options:?}");
        assert!(!out.exists());
    }
}
