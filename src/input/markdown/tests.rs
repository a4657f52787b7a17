use super::*;
use crate::model::{
    Align, CalloutKind, Code as CodeText, Figure, Inline, List, Numbering, Quote, Table, Text,
};

fn md(text: &str) -> Vec<Block> {
    let mut warnings = Vec::new();
    let source = Source { text: text.to_owned(), pos: None, origin: Some(Origin::FILE) };
    let out = blocks(&source, &mut warnings);
    assert_eq!(warnings, [], "{text}");
    out
}

fn warned(text: &str) -> (Vec<Block>, Vec<Diagnostic>) {
    let mut warnings = Vec::new();
    let source = Source { text: text.to_owned(), pos: None, origin: Some(Origin::FILE) };
    (blocks(&source, &mut warnings), warnings)
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(Text::from_markup(text))
}

fn read(text: &str) -> Article {
    article(text, &mut Vec::new()).unwrap()
}

fn errors(text: &str) -> Vec<String> {
    let failure = article(text, &mut Vec::new()).unwrap_err();
    let line = |d: &Diagnostic| d.clone().in_file("f").to_line(crate::diagnostic::Locale::En);
    failure.0.iter().map(line).collect()
}

#[test]
fn front_matter_of_every_kind_gives_the_fields() {
    for text in [
        "---\ntitle: 标题\nauthors: [甲, 乙]\ndate: 2022-11-26\n---\n正文\n",
        "+++\ntitle = \"标题\"\nauthors = [\"甲\", \"乙\"]\ndate = 2022-11-26\n+++\n正文\n",
        "{\n\"title\": \"标题\", \"authors\": [\"甲\", \"乙\"], \"date\": \"2022-11-26\"\n}\n正文\n",
    ] {
        let article = read(text);
        assert_eq!(article.title, Text::plain("标题"), "{text}");
        assert_eq!(article.authors.len(), 2);
        assert_eq!(article.date.unwrap().to_string(), "2022-11-26");
        assert_eq!(article.body, [paragraph("正文")]);
    }
}

#[test]
fn blogs_fields_are_understood() {
    let article = read(
        "---\ntitle: T\nauthor: 甲、乙\ntags: [一, 二]\ncategories:\n  - [三, 一]\ndescription: 摘要\n\
         layout: post\ndraft: true\nlang: zh-Hant\ndate: 2022-11-26 10:30:00 +0800\nslug: abc\n---\nx\n",
    );
    let authors: Vec<&str> = article.authors.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(authors, ["甲", "乙"]);
    assert_eq!(article.keywords, ["一", "二", "三"]);
    assert_eq!(article.summary, Some(Text::plain("摘要")));
    assert_eq!(article.language.tag(), "zh-Hant");
    assert_eq!(article.date.unwrap().to_string(), "2022-11-26");
    assert_eq!(article.id.unwrap().value, "abc");
}

#[test]
fn front_matter_errors_name_line_and_column() {
    assert_eq!(
        errors("---\ntitle: T\nsubtitel: S\n---\nx\n"),
        ["error: f:3:1: unknown field 'subtitel' (did you mean 'subtitle'?)"]
    );
    assert_eq!(
        errors("+++\ntitle = \"T\"\n  dat = 2022-11-26\n+++\nx\n"),
        ["error: f:3:3: unknown field 'dat' (did you mean 'date'?)"]
    );
    assert!(errors("---\ntitle: T\nbody: x\n---\nx\n")[0].starts_with("error: f:3:1: 'body'"));
    assert!(errors("---\ntitle: [\n---\nx\n")[0].contains("not valid YAML"));
    assert!(errors("没有标题\n")[0].starts_with("error: f:1:1: the article has no title"));
}

#[test]
fn a_leading_heading_is_the_title_and_levels_begin_at_one() {
    let article = read("# 题目\n\n## 一\n\n### 二\n");
    assert_eq!(article.title, Text::plain("题目"));
    assert_eq!(
        article.body,
        [Block::Heading(Heading::new(1, "一")), Block::Heading(Heading::new(2, "二"))]
    );
    let repeated = read("---\ntitle: 题目\n---\n# 题目\n\n正文\n");
    assert_eq!(repeated.body, [paragraph("正文")]);
}

#[test]
fn a_heading_takes_its_name_from_braces() {
    let Block::Heading(heading) = &md("# 一 {#one}")[0] else { panic!() };
    assert_eq!(
        (heading.text.to_plain().as_str(), heading.id.as_ref().unwrap().as_str()),
        ("一", "one")
    );
}

#[test]
fn quotes_give_their_last_line_as_source() {
    let quote = |body: &str, source: Option<&str>| {
        Block::Quote(Quote { body: vec![paragraph(body)], attribution: source.map(Text::from) })
    };
    assert_eq!(md("> 学而时习之\n> —— 《论语》"), [quote("学而时习之", Some("《论语》"))]);
    assert_eq!(md("> 学而时习之\n>\n> -- Confucius"), [quote("学而时习之", Some("Confucius"))]);
    assert_eq!(md("> —— 只有一行"), [quote("—— 只有一行", None)]);
    assert_eq!(md("> 一\n> 二"), [quote("一二", None)]);
}

#[test]
fn lists_keep_kind_start_and_tasks() {
    let Block::List(List { numbering, start, items }) = &md("3. a\n4. b")[0] else { panic!() };
    assert_eq!((*numbering, *start, items.len()), (Some(Numbering::Arabic), 3, 2));
    let Block::List(list) = &md("- [x] a\n- [ ] b\n- c")[0] else { panic!() };
    let checked: Vec<_> = list.items.iter().map(|item| item.checked).collect();
    assert_eq!(checked, [Some(true), Some(false), None]);
    assert_eq!(list.items[0].body, [paragraph("a")]);
}

#[test]
fn tables_keep_alignment_caption_and_ruby() {
    let text = "表 1：人口\n\n| 省 | 数 |\n|:--|--:|\n| {漢字|hàn zì} | 1.50 |\n";
    let Block::Table(Table { head, rows, align, caption, .. }) = &md(text)[0] else { panic!() };
    assert_eq!(align, &[Align::Left, Align::Right]);
    assert_eq!(caption.as_ref().unwrap().to_plain(), "人口");
    assert_eq!(head[0].cells[0].text, Text::plain("省"));
    assert!(matches!(&rows[0].cells[0].text.0[..], [Inline::Ruby(pairs)] if pairs.len() == 2));
    assert_eq!(rows[0].cells.len(), 2);
    let after = md("| a |\n|---|\n| b |\n\nTable: below\n");
    assert_eq!(after.len(), 1);
    let Block::Table(table) = &after[0] else { panic!() };
    assert_eq!(table.caption, Some(Text::plain("below")));
    assert_eq!(md("表：不在表旁"), [paragraph("表：不在表旁")]);
}

#[test]
fn a_picture_alone_is_a_figure_with_its_place() {
    let blocks = md("正文\n\n![替代](a.png \"图题\")\n");
    let Block::Figure(Figure { src, alt, caption, .. }) = &blocks[1] else { panic!("{blocks:?}") };
    let src = src.as_ref().unwrap();
    assert_eq!((src.as_str(), src.pos), ("a.png", Some(Pos::new(3, 1))));
    assert_eq!(alt.as_deref(), Some("替代"));
    assert_eq!(caption, &Some(Text::plain("图题")));
}

#[test]
fn inline_places_are_exact_in_every_container() {
    let text =
        "- 一\n- 二三 [链接](x) 与\n  后 ![图](y.png) 尾\n\n> 引文 [^n] 完\n\n[^n]: 注 [l](z)\n";
    let blocks = md(text);
    let mut places = Vec::new();
    fn texts<'a>(blocks: &'a [Block], out: &mut Vec<&'a Text>) {
        for block in blocks {
            match block {
                Block::Paragraph(text) => out.push(text),
                Block::List(list) => list.items.iter().for_each(|item| texts(&item.body, out)),
                Block::Quote(quote) => texts(&quote.body, out),
                Block::Footnotes(notes) => notes.values().for_each(|body| texts(body, out)),
                _ => {}
            }
        }
    }
    let mut all = Vec::new();
    texts(&blocks, &mut all);
    for text in all {
        text.visit(&mut |inline| match inline {
            Inline::Link { target, .. } => places.push((target.value.clone(), target.pos)),
            Inline::Image(image) => places.push((image.src.value.clone(), image.src.pos)),
            Inline::NoteRef(label) => places.push((label.value.clone(), label.pos)),
            _ => {}
        });
    }
    let at = |name: &str, line, column| (name.to_owned(), Some(Pos::new(line, column)));
    assert_eq!(places, [at("x", 2, 6), at("y.png", 3, 5), at("n", 5, 6), at("z", 7, 9)]);
}

#[test]
fn footnotes_are_collected_and_lines_after_front_matter_count() {
    let article =
        read("---\ntitle: T\n---\n甲[^1]乙[^未]\n\n[^1]: 注一\n    续行\n\n[^二]: 注二\n");
    let Some(Block::Footnotes(notes)) = article.body.last() else { panic!("{:?}", article.body) };
    assert_eq!(notes.keys().collect::<Vec<_>>(), ["1", "二"]);
    assert_eq!(notes["1"], [paragraph("注一续行")]);
    let Block::Paragraph(text) = &article.body[0] else { panic!() };
    let refs: Vec<_> = text
        .0
        .iter()
        .filter_map(|inline| match inline {
            Inline::NoteRef(label) => Some((label.as_str(), label.pos.unwrap())),
            _ => None,
        })
        .collect();
    assert_eq!(refs, [("1", Pos::new(4, 2)), ("未", Pos::new(4, 7))]);
}

#[test]
fn a_poem_may_name_its_title_and_its_poet() {
    for info in ["title=\"山居 秋暝\" author=\"王维\"", "author=“王维” title=“山居 秋暝”"]
    {
        let blocks = md(&format!("```poem {info}\n空山新雨后\n```\n"));
        let Block::Poem(poem) = &blocks[0] else { panic!("{blocks:?}") };
        assert_eq!(poem.title, Some(Text::plain("山居 秋暝")));
        assert_eq!(poem.author, Some(Text::plain("王维")));
    }
}

#[test]
fn definitions_alerts_dividers_poems_and_code() {
    let blocks = md("词\n\n: 义一\n\n: 义二\n");
    let Block::Definitions(definitions) = &blocks[0] else { panic!("{blocks:?}") };
    assert_eq!(definitions[0].term, Text::plain("词"));
    assert_eq!(definitions[0].details, [vec![paragraph("义一")], vec![paragraph("义二")]]);

    let blocks = md("> [!WARNING]\n> 小心\n");
    let Block::Callout(callout) = &blocks[0] else { panic!("{blocks:?}") };
    assert_eq!((callout.kind, &callout.body[..]), (CalloutKind::Warning, &[paragraph("小心")][..]));

    assert_eq!(md("a\n\n---\n\nb")[1], Block::Divider);

    let blocks = md("```poem 静夜思 李白\n床前明月光\n疑是地上霜\n\n举头望明月\n低头思故乡\n```\n");
    let Block::Poem(poem) = &blocks[0] else { panic!("{blocks:?}") };
    assert_eq!(poem.title, Some(Text::plain("静夜思")));
    assert_eq!(poem.author, Some(Text::plain("李白")));
    assert_eq!(poem.stanzas.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);

    let code = CodeText {
        language: Some("rust".into()),
        text: "let a = {b|c}; // ~ [^1]".into(),
        caption: None,
    };
    assert_eq!(md("```Rust\nlet a = {b|c}; // ~ [^1]\n```\n"), [Block::Code(code)]);
}

#[test]
fn simple_html_blocks_are_read_and_others_keep_their_text() {
    let blocks = md("<center>\n<img src=\"a.png\" alt=\"替代\" width=\"50%\">\n</center>\n");
    let Block::Figure(figure) = &blocks[0] else { panic!("{blocks:?}") };
    assert_eq!((figure.src.as_ref().unwrap().as_str(), figure.width), ("a.png", Some(50)));
    assert_eq!(figure.src.as_ref().unwrap().pos, Some(Pos::new(2, 1)));
    let blocks = md(
        "<figure><img src=\"a.png\" title=\"t\"><figcaption>图<b>题</b></figcaption></figure>\n",
    );
    let Block::Figure(figure) = &blocks[0] else { panic!("{blocks:?}") };
    assert_eq!(figure.caption.as_ref().unwrap().to_plain(), "图题");
    assert_eq!(md("<!-- gone -->\n\na"), [paragraph("a")]);
    assert_eq!(md("<!-- pagebreak -->\n\na"), [Block::PageBreak, paragraph("a")]);
    let (blocks, warnings) = warned("<iframe src=\"x\">文*字*</iframe>\n");
    assert_eq!(blocks, [Block::Paragraph(Text::plain("文*字*"))]);
    assert_eq!(warnings[0].pos, Some(Pos::new(1, 1)));
    let (blocks, warnings) = warned("一 <foo>二\n");
    assert_eq!(blocks, [Block::Paragraph(Text::plain("一 <foo>二"))]);
    assert_eq!(warnings[0].pos, Some(Pos::new(1, 3)));
}

#[test]
fn deep_nesting_ends_in_paragraphs_not_in_a_crash() {
    let quotes = ">".repeat(100_000);
    assert_eq!(warned(&format!("{quotes} 深")).1.len(), 1);
    let (_, warnings) = warned(&format!("{} 深", ">".repeat(150)));
    assert!(!warnings.is_empty());
    let lists: String = (0..150).map(|i| format!("{}- a\n", "  ".repeat(i))).collect();
    warned(&lists);
    for inline in ["**a ", "[", "*a _b ", "<u>", "~~a ", "`", "![", "==x "] {
        warned(&inline.repeat(20_000));
    }
    let balanced = format!("{}x{}", "<u>".repeat(5_000), "</u>".repeat(5_000));
    warned(&balanced);
}
