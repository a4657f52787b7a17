//! What the EPUB promises: well-formed, deterministic, complete.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use resvg::usvg::roxmltree::{Document, ParsingOptions};

use super::*;
use crate::compose::{compose_article, walk};
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

/// The usual theme, and faces read once.
fn press() -> (Theme, &'static FontBook) {
    static FONTS: OnceLock<FontBook> = OnceLock::new();
    (crate::theme::builtin("study").unwrap(), FONTS.get_or_init(FontBook::bundled))
}

fn make(book: &Book, options: &EpubOptions) -> Vec<u8> {
    let (theme, fonts) = press();
    to_bytes(book, &theme, fonts, options, &mut Vec::new()).unwrap()
}

/// Keeps a file for outside judges (`.ci/epub`), where they ask for it.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("KEBEN_KEEP_EPUB") {
        std::fs::write(Path::new(&folder).join(name), bytes).unwrap();
    }
}

fn book(article: &Article) -> Book {
    compose_article(article, Path::new("."), &mut Vec::new()).unwrap()
}

/// The XHTML of an article's only file.
fn xhtml(article: &Article) -> String {
    let book = book(article);
    let plan = Plan::new(&book, plan::MOST);
    let pictures = PictureNames::new(&BTreeMap::new());
    let rare = fonts::Rare::new();
    content::document(
        &content::Shared { book: &book, plan: &plan, pictures: &pictures, rare: &rare },
        0,
    )
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
    let (mut theme, fonts) = press();
    for vertical in [false, true] {
        if vertical {
            theme.writing_mode = crate::model::WritingMode::Vertical;
        }
        let options = EpubOptions::default();
        let bytes = to_bytes(&book, &theme, fonts, &options, &mut Vec::new()).unwrap();
        keep(&format!("every-{vertical}.epub"), &bytes);
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
    let (theme, fonts) = press();
    let options = EpubOptions::default();
    let writer = Writer { book: &book, theme: &theme, fonts, options: &options, most: 2000 };
    writer.write(&mut Vec::new(), &mut out).unwrap();
    keep("divided.epub", out.get_ref());
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
    let once = make(&book, &options);
    assert_eq!(once, make(&book, &options));
    let opf = |bytes: &[u8]| String::from_utf8(unpack(bytes)["OEBPS/content.opf"].clone()).unwrap();
    let id = |text: &str| text.split("pub-id\">").nth(1).unwrap()[..45].to_owned();
    let first = opf(&once);
    assert!(first.contains(">1970-01-01T00:00:00Z<"));
    assert!(id(&first).starts_with("urn:uuid:"));
    book.title = "别的".into();
    assert_ne!(id(&opf(&make(&book, &options))), id(&first));
}

#[test]
fn mimetype_is_first_stored_and_bare() {
    let bytes = make(&book(&sample::bare_article("题")), &EpubOptions::default());
    assert_eq!(&bytes[30..58], b"mimetypeapplication/epub+zip");
    assert_eq!(&bytes[28..30], [0, 0], "no extra field (OCF 4.2)");
}

#[test]
fn the_reading_order_is_cover_foreword_contents_articles_afterword() {
    let folder = tempfile::tempdir().unwrap();
    let book = sample::every_book(folder.path());
    let files = unpack(&make(&book, &EpubOptions::default()));
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
    let (theme, fonts) = press();
    let made = to_bytes(&book, &theme, fonts, &EpubOptions::default(), &mut Vec::new());
    assert!(matches!(made, Err(EpubError::Empty)));
}

#[test]
fn the_text_of_every_section_is_in_its_document() {
    let folder = tempfile::tempdir().unwrap();
    let book = sample::every_book(folder.path());
    let files = unpack(&make(&book, &EpubOptions::default()));
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
    <p><sup class="noteref"><a class="duokan-footnote" epub:type="noteref" role="doc-noteref" id="fnref1" href="#fn1">[1]</a></sup><sup class="noteref"><a class="duokan-footnote" epub:type="noteref" role="doc-noteref" id="fnref1-2" href="#fn1">[1]</a></sup></p>
    <ol class="notes duokan-footnote-content" role="none">
    <li class="duokan-footnote-item" role="none">
    <aside epub:type="footnote" role="doc-footnote" id="fn1">
    <p><a role="doc-backlink" href="#fnref1" aria-label="[1] 返回正文">[1]</a> 注。</p>
    </aside>
    </li>
    </ol>
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
        let bytes = make(&book(&article), &EpubOptions::default());
        check_links(&unpack(&bytes));
    }
}

/// The strings that a section's model shows, in the order they are read.
fn strings(section: &Section) -> Vec<String> {
    let mut out = Vec::new();
    let visit = &mut |node: walk::Node<'_>| match node {
        walk::Node::Text(text) => text.visit(&mut |inline| match inline {
            Inline::Plain(text) | Inline::Code(text) => out.push(text.clone()),
            Inline::Ruby(pairs) => {
                out.extend(pairs.iter().flat_map(|p| [p.base.clone(), p.reading.clone()]));
            }
            _ => {}
        }),
        walk::Node::Block(Block::Code(code)) => out.push(code.text.clone()),
        walk::Node::Block(_) => {}
    };
    section.flow.iter().for_each(|e| walk::element(e, visit));
    section.note_order.iter().for_each(|label| walk::blocks(&section.notes[label], visit));
    out
}

/// Checks that a document shows all text of its section, in order.
fn check_text(section: &Section, document: &str) {
    let shown = |text: &str| -> String {
        text.chars().filter(|c| xml::is_allowed(*c) && !c.is_whitespace()).collect()
    };
    let tokens = scan::tokens(document).map(|(_, token)| token);
    let text: String = tokens
        .filter_map(|token| match token {
            scan::Token::Text(text) => Some(scan::chars(text).map(|(_, c)| c).collect::<String>()),
            _ => None,
        })
        .collect();
    let text = shown(&text);
    let mut rest = text.as_str();
    for string in strings(section) {
        let string = shown(&string);
        let at = rest.find(&string);
        assert!(at.is_some(), "{string:?} is lost or out of order in {document}");
        rest = &rest[at.unwrap() + string.len()..];
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_model_gives_well_formed_files_with_all_its_text(article in any::article()) {
        let book = book(&article);
        let files = unpack(&make(&book, &EpubOptions::default()));
        check_links(&files);
        let section = &book.sections[0];
        let document = &files[&format!("OEBPS/text/{}.xhtml", section.id.0)];
        check_text(section, std::str::from_utf8(document).unwrap());
    }
}

#[test]
fn a_book_of_random_articles_is_kept_for_epubcheck() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let articles = (0..40).map(|_| {
        let article = any::article().new_tree(&mut runner).unwrap().current();
        crate::model::Contents::Article(Box::new(article))
    });
    let packet = sample::bare_packet("随机", articles.collect());
    let book = crate::compose::compose_packet(&packet, Path::new("."), &mut Vec::new()).unwrap();
    let bytes = make(&book, &EpubOptions::default());
    check_links(&unpack(&bytes));
    keep("random.epub", &bytes);
}

#[test]
fn five_hundred_levels_of_nesting_overflow_no_stack() {
    use crate::model::{List, ListItem, Quote};
    let mut block = sample::p("底");
    let mut text = Text::plain("底");
    for level in 0..500 {
        block = match level % 2 {
            0 => Block::Quote(Quote { body: vec![block], attribution: None }),
            _ => {
                let items = vec![ListItem { checked: None, body: vec![block] }];
                Block::List(List { numbering: None, start: 1, items })
            }
        };
        text =
            Text(vec![if level % 2 == 0 { Inline::Strong(text) } else { Inline::Highlight(text) }]);
    }
    let mut article = sample::bare_article("深");
    article.body = vec![block, Block::Paragraph(text)];
    let bytes = make(&book(&article), &EpubOptions::default());
    keep("deep.epub", &bytes);
    let files = unpack(&bytes);
    let document = std::str::from_utf8(&files["OEBPS/text/s1.xhtml"]).unwrap();
    assert_eq!(document.matches("<blockquote>").count(), 250);
    assert_eq!(document.matches("<mark>").count(), 250);
    assert_eq!(document.matches('底').count(), 2);
}

#[test]
fn a_title_of_ten_thousand_characters_stays_whole() {
    let title = "长".repeat(10_000);
    let bytes = make(&book(&sample::bare_article(&title)), &EpubOptions::default());
    keep("long-title.epub", &bytes);
    let files = unpack(&bytes);
    for name in ["OEBPS/content.opf", "OEBPS/nav.xhtml", "OEBPS/toc.ncx", "OEBPS/text/s1.xhtml"] {
        assert!(std::str::from_utf8(&files[name]).unwrap().contains(&title), "{name}");
    }
}

#[test]
fn package_navigation_and_ncx_are_written_from_the_book() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = sample::every_book(folder.path());
    book.series = Some(crate::model::Series { name: "丛书".into(), number: Some(3) });
    let author = |name: &str, role: &str| crate::model::Author {
        name: name.into(),
        role: Some(role.into()),
        affiliation: None,
    };
    book.creators.extend([author("Ludwig van Beethoven", "aut"), author("某译", "译者")]);
    book.identifier = Some("urn:test:1".into());
    book.sections.truncate(4);
    let page = |label: &str, section: usize| PrintedPage {
        label: label.into(),
        part: PrintedPart::Section(book.sections[section].id.clone()),
        opening: vec![],
        chars: 0,
    };
    let pages = vec![page("i", 0), page("1", 1), page("2", 2)];
    let certified_by = Some("某人".to_owned());
    let options = EpubOptions { pages, certified_by, ..EpubOptions::default() };
    let files = unpack(&make(&book, &options));
    check_links(&files);
    for name in ["content.opf", "nav.xhtml", "toc.ncx"] {
        let text = std::str::from_utf8(&files[&format!("OEBPS/{name}")]).unwrap().to_owned();
        insta::assert_snapshot!(name.replace('.', "_"), text);
    }
    let plain = unpack(&make(&book, &EpubOptions::default()));
    let opf = std::str::from_utf8(&plain["OEBPS/content.opf"]).unwrap();
    assert!(!opf.contains("conformsTo") && !opf.contains("pageBreak"), "nothing claimed unasked");
}

/// The sample packet with the pages that layout makes of it.
fn sample_packet() -> (Book, crate::layout::Document, Theme) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("input/study-packet/packet.yaml");
    let (book, _) = crate::export::book(&[path], None).unwrap();
    let (theme, fonts) = press();
    let (document, _) = crate::layout::layout(&book, &theme, fonts);
    (book, document, theme)
}

#[test]
fn pages_of_the_page_list_begin_where_the_printed_pages_do() {
    let (book, document, _) = sample_packet();
    let printed = document.printed_pages();
    let options = EpubOptions { pages: printed.clone(), ..EpubOptions::default() };
    let files = unpack(&make(&book, &options));
    let nav = String::from_utf8(files["OEBPS/nav.xhtml"].clone()).unwrap();
    let tree = parse(&nav);
    let list = tree.descendants().find(|n| n.attribute("role") == Some("doc-pagelist")).unwrap();
    let listed: Vec<(&str, &str)> =
        list.descendants().filter_map(|n| Some((n.text()?, n.attribute("href")?))).collect();
    let labels: Vec<&str> =
        printed.iter().map(|p| p.label.as_str()).filter(|l| !l.is_empty()).collect();
    assert_eq!(listed.iter().map(|(label, _)| *label).collect::<Vec<_>>(), labels);
    for (label, href) in listed {
        let (file, id) = href.split_once('#').unwrap_or((href, ""));
        if id.is_empty() {
            continue; // cover and contents
        }
        let at = printed.iter().position(|p| p.label == label).unwrap();
        let page = &printed[at];
        let text = std::str::from_utf8(&files[&format!("OEBPS/{file}")]).unwrap();
        let after = &text[text.find(&format!("id=\"{id}\"")).unwrap()..];
        let after = &after[after.find("</span>").unwrap()..];
        let mut shown = String::new();
        let mut skipped = false;
        for (_, token) in scan::tokens(&format!("<html>{after}")) {
            match token {
                scan::Token::Start { name, attributes, .. } => {
                    skipped = matches!(name, "rt" | "dt")
                        || ["label", "noteref"].iter().any(|c| scan::has_class(attributes, c))
                        || scan::has_class(attributes, "duokan-footnote");
                }
                scan::Token::End => skipped = false,
                scan::Token::Text(text) if !skipped => {
                    shown.extend(
                        scan::chars(text)
                            .map(|(_, c)| c)
                            .filter(|c| crate::layout::counts_in_pages(*c)),
                    );
                }
                scan::Token::Text(_) => {}
            }
        }
        if at == 0 || printed[at - 1].part != page.part {
            // A section's first page begins with the section, whatever its columns are.
            assert!(text.contains(&format!(
                "\">\n<span epub:type=\"pagebreak\" role=\"doc-pagebreak\" id=\"{id}\""
            )));
            continue;
        }
        if page.chars < 8 {
            continue; // a page for notes: only paper has it
        }
        let opening: String = page.opening.iter().take(8).collect();
        assert!(
            shown.starts_with(&opening),
            "page {label} begins with {opening}, not {:.40}",
            shown
        );
    }
}

#[test]
fn characters_that_readers_lack_bring_their_face() {
    let mut article = sample::bare_article("生𡃁僻");
    article.body = vec![sample::p("人名𠮷用字"), sample::p("无此字\u{F8FE}")];
    let (theme, fonts) = press();
    let mut warnings = Vec::new();
    let options = EpubOptions::default();
    let bytes = to_bytes(&book(&article), &theme, fonts, &options, &mut warnings).unwrap();
    let files = unpack(&bytes);
    let text = |name: &str| std::str::from_utf8(&files[name]).unwrap();
    assert!(text("OEBPS/text/s1.xhtml").contains("人名<span class=\"rare\">𠮷</span>用字"));
    let nav = text("OEBPS/nav.xhtml");
    assert!(nav.contains("生<span class=\"rare\">𡃁</span>僻"), "{nav}");
    assert!(text("OEBPS/stylesheet.css").contains(".rare { font-family: \"Keben Rare 1\""));
    assert_eq!(covered(&files["OEBPS/fonts/rare-1.otf"]), "𠮷𡃁");
    assert_eq!(warnings.len(), 1, "what no face has is reported");
}

/// The characters that a font file maps.
fn covered(data: &[u8]) -> String {
    let font = harfrust::Font::new(data.to_vec(), 0).unwrap();
    let mut all: Vec<u32> = font.charmap().unicodes().map(|(c, _)| c).collect();
    all.sort_unstable();
    all.into_iter().filter_map(char::from_u32).collect()
}

#[test]
fn embedded_faces_have_what_is_shown_in_them() {
    let mut article = sample::bare_article("题目");
    article.body = vec![
        sample::p("正文"),
        Block::Quote(crate::model::Quote { body: vec![sample::p("引语")], attribution: None }),
        Block::Code(crate::model::Code { language: None, text: "fn x".into(), caption: None }),
        Block::Paragraph(Text(vec![Inline::Foreign {
            language: "ja".parse().unwrap(),
            text: "骨".into(),
        }])),
    ];
    let options = EpubOptions { embed_fonts: true, ..EpubOptions::default() };
    let files = unpack(&make(&book(&article), &options));
    let face = |name: &str| covered(&files[&format!("OEBPS/fonts/{name}")]);
    assert_eq!(face("hei-sc-bold.otf"), "\u{2F6C}目题", "⽬ and 目 share a glyph");
    assert!(face("song-sc.otf").contains('正') && !face("song-sc.otf").contains('骨'));
    assert_eq!(face("song-jp.otf"), "\u{2FBB}骨");
    assert_eq!(face("kai-sc.ttf"), "引语");
    assert_eq!(face("mono-sc.ttf"), "fnx");
    let css = std::str::from_utf8(&files["OEBPS/stylesheet.css"]).unwrap();
    assert!(css.contains(":lang(ja) { font-family: \"Keben Song JP\", serif; }"));
    let plain = unpack(&make(&book(&article), &EpubOptions::default()));
    assert!(!plain.keys().any(|name| name.contains("fonts/")), "none unless asked for");
}

#[test]
fn long_books_are_packed_some_at_a_time_and_nothing_twice() {
    let book = book(&sample::bare_article("题"));
    let mut out = Cursor::new(Vec::new());
    let mut packer = container::Packer::new(&book, &mut out).unwrap();
    let text = "字".repeat(1_000_000);
    for number in 1..=4 {
        packer.add(&format!("text/{number}.xhtml"), &text).unwrap();
    }
    packer.finish("p {}", [const { String::new() }; 3], &[]).unwrap();
    let files = unpack(out.get_ref());
    assert_eq!(files.len(), 3 + 4 + 1 + 3);
    assert_eq!(files["OEBPS/text/4.xhtml"], text.as_bytes());
    assert_eq!(files["OEBPS/stylesheet.css"], b"p {}");
}
