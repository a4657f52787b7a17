//! What the EPUB promises: well-formed, deterministic, complete.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use proptest::prelude::*;
use resvg::usvg::roxmltree::{Document, ParsingOptions};

use super::*;
use crate::compose::compose_article;
use crate::model::{Article, At, Block, Inline, Text};

/// The entries of an EPUB by name.
fn unpack(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = BTreeMap::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap();
        out.insert(entry.name().unwrap().into_owned(), data);
    }
    out
}

fn book(article: &Article) -> Book {
    compose_article(article, Path::new("."), &mut Vec::new()).unwrap()
}

/// The XHTML of an article's only file.
fn xhtml(article: &Article) -> String {
    let book = book(article);
    let plan = Plan::new(&book, plan::MOST);
    content::document(&book, &plan, &PictureNames::new(&book.pictures), 0)
}

fn parse(text: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).unwrap()
}

/// The body of an article made of these blocks, without its head.
fn body(blocks: Vec<Block>) -> String {
    let mut article = sample::bare_article("题");
    article.body = blocks;
    let text = xhtml(&article);
    let begin = text.find("</header>\n").unwrap() + "</header>\n".len();
    text[begin..text.rfind("</section>").unwrap()].to_owned()
}

/// All files with markup, checked to be well-formed and to link only to what is there.
fn check_links(files: &BTreeMap<String, Vec<u8>>) {
    let texts: BTreeMap<&str, &str> = files
        .iter()
        .filter(|(name, _)| [".xhtml", ".opf", ".ncx"].iter().any(|end| name.ends_with(end)))
        .map(|(name, data)| (name.as_str(), std::str::from_utf8(data).unwrap()))
        .collect();
    let trees: BTreeMap<&str, Document<'_>> =
        texts.iter().map(|(name, text)| (*name, parse(text))).collect();
    let ids: BTreeMap<&str, Vec<&str>> = trees
        .iter()
        .map(|(name, tree)| {
            let ids: Vec<&str> = tree.descendants().filter_map(|n| n.attribute("id")).collect();
            let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
            assert_eq!(unique.len(), ids.len(), "an id stands twice in {name}");
            (*name, ids)
        })
        .collect();
    for (name, tree) in &trees {
        for node in tree.descendants() {
            for target in ["href", "src"].into_iter().filter_map(|a| node.attribute(a)) {
                if target.contains(':') {
                    continue;
                }
                let (file, id) = target.split_once('#').unwrap_or((target, ""));
                let folder = Path::new(name).parent().unwrap();
                let mut path =
                    if file.is_empty() { Path::new(name).into() } else { folder.join(file) };
                if let Ok(rest) = path.strip_prefix("OEBPS/text/..") {
                    path = Path::new("OEBPS").join(rest);
                }
                let path = path.to_str().unwrap().to_owned();
                assert!(files.contains_key(&path), "{name} leads to {target}");
                if !id.is_empty() {
                    let id = crate::compose::percent_decode(id);
                    assert!(ids[path.as_str()].contains(&id.as_str()), "{name} leads to {target}");
                }
            }
        }
    }
}

#[test]
fn a_book_of_everything_is_well_formed_and_every_link_leads_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    let book = sample::every_book(folder.path());
    for vertical in [false, true] {
        let options = EpubOptions { vertical, ..EpubOptions::default() };
        let bytes = to_bytes(&book, &options).unwrap();
        // For looking at and for epubcheck by hand.
        if let Some(keep) = std::env::var_os("KEBEN_KEEP_EPUB") {
            std::fs::write(Path::new(&keep).join(format!("every-{vertical}.epub")), &bytes)
                .unwrap();
        }
        let files = unpack(&bytes);
        check_links(&files);
        assert!(files.contains_key("OEBPS/text/first.xhtml"));
        assert!(files.contains_key("OEBPS/cover.xhtml"));
    }
}

#[test]
fn long_sections_are_divided_and_their_links_still_lead_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    let book = sample::every_book(folder.path());
    let mut out = Cursor::new(Vec::new());
    write_divided(&book, &EpubOptions::default(), &mut out, 2000).unwrap();
    if let Some(keep) = std::env::var_os("KEBEN_KEEP_EPUB") {
        std::fs::write(Path::new(&keep).join("divided.epub"), out.get_ref()).unwrap();
    }
    let files = unpack(&out.into_inner());
    check_links(&files);
    assert!(files.contains_key("OEBPS/text/first.3.xhtml"));
    let all: String = files
        .iter()
        .filter(|(name, _)| name.starts_with("OEBPS/text/first."))
        .map(|(_, data)| String::from_utf8(data.clone()).unwrap())
        .collect();
    for number in 1..=5 {
        assert_eq!(all.matches(&format!("id=\"fn{number}\"")).count(), 1, "note {number}");
    }
}

#[test]
fn the_same_book_gives_the_same_bytes_and_another_one_another_identifier() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = sample::every_book(folder.path());
    let options = EpubOptions { modified: Some(0), ..EpubOptions::default() };
    let once = to_bytes(&book, &options).unwrap();
    assert_eq!(once, to_bytes(&book, &options).unwrap());
    let opf = |bytes: &[u8]| String::from_utf8(unpack(bytes)["OEBPS/content.opf"].clone()).unwrap();
    let id = |text: &str| text.split("pub-id\">").nth(1).unwrap()[..45].to_owned();
    let first = opf(&once);
    assert!(first.contains(">1970-01-01T00:00:00Z<"));
    assert!(id(&first).starts_with("urn:uuid:"));
    book.title = "别的".into();
    assert_ne!(id(&opf(&to_bytes(&book, &options).unwrap())), id(&first));
}

#[test]
fn mimetype_is_first_stored_and_bare() {
    let bytes = to_bytes(&book(&sample::bare_article("题")), &EpubOptions::default()).unwrap();
    assert_eq!(&bytes[30..58], b"mimetypeapplication/epub+zip");
    assert_eq!(&bytes[28..30], [0, 0], "no extra field (OCF 4.2)");
}

#[test]
fn the_reading_order_is_cover_foreword_contents_articles_afterword() {
    let folder = tempfile::tempdir().unwrap();
    let book = sample::every_book(folder.path());
    let files = unpack(&to_bytes(&book, &EpubOptions::default()).unwrap());
    let opf = String::from_utf8(files["OEBPS/content.opf"].clone()).unwrap();
    let tree = parse(&opf);
    let item = |id: &str| {
        let found = tree.descendants().find(|n| n.attribute("id") == Some(id)).unwrap();
        found.attribute("href").unwrap()
    };
    let spine: Vec<&str> =
        tree.descendants().filter_map(|n| n.attribute("idref")).map(item).collect();
    assert_eq!(
        spine,
        [
            "cover.xhtml",
            "text/foreword.xhtml",
            "nav.xhtml",
            "text/part-1.xhtml",
            "text/first.xhtml",
            "text/second.xhtml",
            "text/s5.xhtml",
            "text/afterword.xhtml",
        ]
    );
}

#[test]
fn a_book_without_sections_is_refused() {
    let mut book = book(&sample::bare_article("题"));
    book.sections.clear();
    assert!(matches!(to_bytes(&book, &EpubOptions::default()), Err(EpubError::Empty)));
}

#[test]
fn the_text_of_every_section_is_in_its_document() {
    let folder = tempfile::tempdir().unwrap();
    let book = sample::every_book(folder.path());
    let files = unpack(&to_bytes(&book, &EpubOptions::default()).unwrap());
    for section in &book.sections {
        let file = String::from_utf8(files[&format!("OEBPS/text/{}.xhtml", section.id.0)].clone());
        let file = file.unwrap();
        let shown: String = parse(&file).descendants().filter_map(|n| n.text()).collect();
        let visit = &mut |node: crate::compose::walk::Node<'_>| {
            let crate::compose::walk::Node::Text(text) = node else { return };
            text.visit(&mut |inline| {
                if let Inline::Plain(text) | Inline::Code(text) = inline {
                    assert!(shown.contains(text.as_str()), "{} lacks {text}", section.id.0);
                }
            });
        };
        section.flow.iter().for_each(|e| crate::compose::walk::element(e, visit));
        section.notes.values().for_each(|body| crate::compose::walk::blocks(body, visit));
    }
}

#[test]
fn inlines_become_semantic_markup() {
    let text = |inlines| body(vec![Block::Paragraph(Text(inlines))]);
    let pair = |base: &str, reading: &str| crate::model::RubyPair {
        base: base.into(),
        reading: reading.into(),
    };
    for (inline, expected) in [
        (Inline::Plain("a<b&c".into()), "a&lt;b&amp;c"),
        (Inline::Strong("字".into()), "<strong>字</strong>"),
        (Inline::Emphasis("字".into()), "<em class=\"dots\">字</em>"),
        (Inline::Emphasis("abc".into()), "<em class=\"slanted\">abc</em>"),
        (Inline::Code("a  b".into()), "<code>a  b</code>"),
        (Inline::Ruby(vec![pair("漢", "hàn"), pair("的", "")]), "<ruby>漢<rt>hàn</rt></ruby>的"),
        (Inline::Superscript("2".into()), "<sup>2</sup>"),
        (Inline::Subscript("2".into()), "<sub>2</sub>"),
        (Inline::ProperName("人".into()), "<u class=\"name\">人</u>"),
        (Inline::BookTitle("书".into()), "<cite class=\"book\">书</cite>"),
        (Inline::Underline("字".into()), "<u>字</u>"),
        (Inline::Strike("字".into()), "<s>字</s>"),
        (Inline::Highlight("字".into()), "<mark>字</mark>"),
        (
            Inline::Foreign { language: "en".parse().unwrap(), text: "hi".into() },
            "<span lang=\"en\" xml:lang=\"en\">hi</span>",
        ),
        (Inline::LineBreak, "<br/>"),
        (
            sample::link("https://a.cn/?a&b", "字"),
            "<a href=\"https://a.cn/?a&amp;b\" title=\"说明\">字</a>",
        ),
        (sample::link("none.md", "字"), "字"),
    ] {
        assert_eq!(text(vec![inline]), format!("<p>{expected}</p>\n"));
    }
}

#[test]
fn notes_lead_there_and_back() {
    let reference = |label: &str| Inline::NoteRef(At::from(label.to_owned()));
    let notes = Block::Footnotes([("a".to_owned(), vec![sample::p("注。")])].into());
    let got = body(vec![Block::Paragraph(Text(vec![reference("a"), reference("a")])), notes]);
    insta::assert_snapshot!(got, @r##"
    <p><sup class="noteref"><a epub:type="noteref" role="doc-noteref" id="fnref1" href="#fn1">[1]</a></sup><sup class="noteref"><a epub:type="noteref" role="doc-noteref" id="fnref1-2" href="#fn1">[1]</a></sup></p>
    <div class="notes">
    <aside epub:type="footnote" role="doc-footnote" id="fn1">
    <p><a role="doc-backlink" href="#fnref1" aria-label="[1] 返回正文">[1]</a> 注。</p>
    </aside>
    </div>
    "##);
}

#[test]
fn blocks_become_semantic_markup() {
    let article = sample::every_block();
    let kept = |block: &&Block| match block {
        Block::Paragraph(_) | Block::Footnotes(_) | Block::Heading(_) => false,
        Block::Figure(figure) => figure.src.is_none(),
        _ => true,
    };
    let mut blocks: Vec<Block> = article.body.iter().filter(kept).cloned().collect();
    for block in &mut blocks {
        if let Block::Table(table) = block {
            table.rows.pop(); // its cell refers to a note
        }
    }
    insta::assert_snapshot!(body(blocks));
}

#[test]
fn tables_are_made_complete_and_spans_never_overlap() {
    use crate::model::{Cell, Row, Table};
    let cell = |text: &str, colspan, rowspan| Cell { colspan, rowspan, ..Cell::new(text) };
    let table = Table {
        head: vec![],
        rows: vec![
            Row { cells: vec![cell("a", 1, 1), cell("b", 1, 9), cell("c", 1, 1)] },
            Row { cells: vec![cell("d", 5, 1)] },
        ],
        align: vec![],
        caption: None,
        id: None,
    };
    insta::assert_snapshot!(body(vec![Block::Table(table)]), @r#"
    <table><tbody>
    <tr><td class="center">a</td><td rowspan="2" class="center">b</td><td class="center">c</td></tr>
    <tr><td class="center">d</td><td></td></tr>
    </tbody>
    </table>
    "#);
}

#[test]
fn pictures_that_no_reader_could_show_are_refused() {
    let ns = "xmlns=\"http://www.w3.org/2000/svg\"";
    assert!(
        picture::check_svg(format!("<svg {ns}><a href=\"http://x/\"/></svg>").as_bytes()).is_ok()
    );
    for bad in ["", "<svg>", "<svg><g></svg>", "<p/>", "<svg><script/></svg>"] {
        assert!(picture::check_svg(bad.as_bytes()).is_err(), "{bad}");
    }
    assert!(picture::check_svg(b"<svg><image href=\"http://x/\"/></svg>").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_gives_well_formed_files(
        title in any::<String>(), text in any::<String>(), code in any::<String>(),
        target in any::<String>(), label in any::<String>(), repeat in 1_usize..400,
    ) {
        let mut article = sample::bare_article(&title.repeat(repeat));
        article.keywords = vec![label.clone()];
        article.authors =
            vec![crate::model::Author { name: label.clone(), role: Some(code.clone()), affiliation: None }];
        article.body = vec![
            sample::p("]]> &"),
            Block::Heading(crate::model::Heading {
                id: Some(At::from(label.clone())),
                ..crate::model::Heading::new(9, text.as_str())
            }),
            Block::Paragraph(Text(vec![
                Inline::Plain(text),
                sample::link(&target, &label),
                Inline::NoteRef(At::from(label.clone())),
            ])),
            Block::Code(crate::model::Code { language: Some(target), text: code, caption: None }),
            Block::Footnotes([(label, vec![])].into()),
        ];
        let bytes = to_bytes(&book(&article), &EpubOptions::default()).unwrap();
        check_links(&unpack(&bytes));
    }
}
