//! Models for tests: bare ones, and a book that uses every block and inline.

use std::io::Cursor;
use std::path::Path;

use crate::compose::{Book, compose_packet};
use crate::model::{
    Align, Article, At, Author, Block, Callout, CalloutKind, Cell, Code, Contents, Cover,
    Definition, Figure, GlossaryEntry, Heading, Inline, InlineImage, Language, List, ListItem,
    Numbering, Packet, Part, Poem, Pos, Quote, Row, RubyPair, SourceRef, Study, Table, Text,
};

/// An article with a title and nothing else.
pub(crate) fn bare_article(title: &str) -> Article {
    Article {
        title: title.into(),
        subtitle: None,
        authors: vec![],
        source: None,
        date: None,
        language: Language::default(),
        language_given: false,
        summary: None,
        keywords: vec![],
        editor_note: None,
        id: None,
        questions: vec![],
        glossary: vec![],
        writing_mode: None,
        body: vec![],
        origin: None,
    }
}

/// A packet with a title and contents.
pub(crate) fn bare_packet(title: &str, contents: Vec<Contents>) -> Packet {
    Packet {
        title: title.into(),
        subtitle: None,
        compiler: None,
        publisher: None,
        date: None,
        language: Language::default(),
        identifier: None,
        series: None,
        cover: Cover::None,
        theme: None,
        foreword: vec![],
        appendices: vec![],
        afterword: vec![],
        contents,
        study: Study::plain(),
        origin: None,
    }
}

/// A grey PNG.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let picture = image::GrayImage::from_pixel(width, height, image::Luma([150]));
    picture.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

/// A figure at a place in its file.
pub(crate) fn figure(src: &str) -> Block {
    Block::Figure(Figure {
        src: Some(At::new(src.to_owned(), Pos::new(3, 5))),
        alt: Some("灰色方块".into()),
        caption: Some("图一　方块".into()),
        credit: Some("某人摄".into()),
        width: Some(60),
        id: None,
    })
}

/// A table of a caption and one row.
pub(crate) fn table(caption: Text, cell: Text) -> Table {
    Table {
        head: vec![],
        rows: vec![Row { cells: vec![Cell::new(cell)] }],
        align: vec![],
        caption: Some(caption),
        id: None,
    }
}

/// A paragraph of plain text.
pub(crate) fn p(text: &str) -> Block {
    Block::Paragraph(text.into())
}

fn name(id: &str) -> Option<At<String>> {
    Some(At::from(id.to_owned()))
}

/// A link.
pub(crate) fn link(target: &str, text: &str) -> Inline {
    Inline::Link {
        target: At::from(target.to_owned()),
        title: Some("说明".into()),
        text: text.into(),
    }
}

fn note(label: &str) -> Inline {
    Inline::NoteRef(At::from(label.to_owned()))
}

/// A text that uses every inline.
pub(crate) fn every_inline() -> Text {
    let pair = |base: &str, reading: &str| RubyPair { base: base.into(), reading: reading.into() };
    Text(vec![
        Inline::Plain("普通 <文字> & “引号”".into()),
        Inline::Strong("着重".into()),
        Inline::Emphasis("强调".into()),
        Inline::Emphasis("italic".into()),
        link("https://example.com/路径?a=1&b=2", "外部"),
        link("#小节", "内部"),
        link("second#表", "另一篇"),
        link("nowhere.md", "没有去处"),
        Inline::Link {
            target: At::from("mailto:a@example.com".to_owned()),
            title: None,
            text: Text(vec![Inline::Strong("信".into()), link("#小节", "套"), note("甲")]),
        },
        Inline::Code("let x = 1 < 2;".into()),
        Inline::Ruby(vec![pair("漢", "hàn"), pair("字", "zì"), pair("的", ""), pair("書", "shū")]),
        Inline::Superscript("2".into()),
        Inline::Subscript("3".into()),
        note("甲"),
        Inline::ProperName("任贤良".into()),
        Inline::BookTitle("红楼梦".into()),
        Inline::Underline("下划线".into()),
        Inline::Strike("删去".into()),
        Inline::Highlight("标记".into()),
        Inline::Foreign { language: "en".parse().unwrap(), text: "foreign words".into() },
        Inline::LineBreak,
        Inline::Image(InlineImage { src: At::from("p.png".to_owned()), alt: "小图".into() }),
        note("乙"),
    ])
}

/// An article that uses every block and inline. Its pictures are `p.png` and `d.svg`.
pub(crate) fn every_block() -> Article {
    let heading = |level, text: &str, id: Option<At<String>>| {
        Block::Heading(Heading { level, text: text.into(), id })
    };
    let item = |checked, body: Vec<Block>| ListItem { checked, body };
    let list = |numbering, start| {
        let inner = List { numbering: None, start: 1, items: vec![item(None, vec![p("里层")])] };
        let items = vec![
            item(None, vec![p("一项")]),
            item(None, vec![p("两段"), p("第二段"), Block::List(inner)]),
            item(None, vec![]),
        ];
        Block::List(List { numbering, start, items })
    };
    let callout = |kind, title: Option<&str>| {
        Block::Callout(Callout { kind, title: title.map(Text::from), body: vec![p("框内")] })
    };
    let cell = |text: &str| Cell::new(text);
    let mut article = bare_article("变局 & <时代>");
    article.subtitle = Some("副题".into());
    article.authors = vec![
        Author { name: "任贤良".into(), role: None, affiliation: Some("某办公室".into()) },
        Author { name: "John Q. Smith".into(), role: Some("trl".into()), affiliation: None },
    ];
    article.source = Some(SourceRef {
        name: Some("某报".into()),
        url: Some("https://example.com/a?b=1&c=2".into()),
        issue: Some("2022年第3期".into()),
        ..SourceRef::default()
    });
    article.date = Some("2022-11-26".parse().unwrap());
    article.summary = Some("一句话摘要。".into());
    article.keywords = vec!["互联网".into(), "治理".into()];
    article.editor_note = Some("编者的话。".into());
    article.id = name("first");
    article.questions = vec!["第一问？".into(), "第二问？".into()];
    article.glossary = vec![GlossaryEntry {
        term: "变局".into(),
        reading: Some("biàn jú".into()),
        definition: "变化的局势。".into(),
    }];
    article.body = vec![
        p("开头一段。"),
        heading(2, "小节", name("小节")),
        Block::Paragraph(every_inline()),
        heading(5, "更小", None),
        Block::Quote(Quote {
            body: vec![p("引文。"), heading(3, "引文里的标题", None)],
            attribution: Some("某人".into()),
        }),
        Block::Poem(Poem {
            title: Some("静夜思".into()),
            author: Some("李白".into()),
            stanzas: vec![
                vec!["床前明月光，".into(), "疑是地上霜。".into()],
                vec!["举头望明月，".into(), "低头思故乡。".into()],
            ],
        }),
        list(None, 1),
        list(Some(Numbering::Arabic), 3),
        list(Some(Numbering::Chinese), 9),
        list(Some(Numbering::ChineseParen), 1),
        list(Some(Numbering::ArabicParen), 1),
        list(Some(Numbering::Circled), 1),
        list(Some(Numbering::Alpha), 1),
        list(Some(Numbering::Roman), 2),
        Block::List(List {
            numbering: None,
            start: 1,
            items: vec![item(Some(true), vec![p("做了")]), item(Some(false), vec![p("没做")])],
        }),
        Block::Definitions(vec![Definition {
            term: "术语".into(),
            details: vec![vec![p("释义一")], vec![p("释义二"), p("又一段")]],
        }]),
        Block::Table(Table {
            head: vec![Row { cells: vec![cell("年"), cell("名称"), cell("数")] }],
            rows: vec![
                Row {
                    cells: vec![
                        Cell { rowspan: 2, header: true, ..cell("2022") },
                        cell("甲"),
                        cell("1.5"),
                    ],
                },
                Row { cells: vec![Cell { align: Some(Align::Right), ..cell("乙") }] },
                Row { cells: vec![Cell { colspan: 3, ..Cell::new(Text(vec![note("丙")])) }] },
            ],
            align: vec![Align::Left, Align::Center],
            caption: Some("表一".into()),
            id: name("表"),
        }),
        figure("p.png"),
        Block::Figure(Figure {
            src: name("d.svg"),
            alt: Some(String::new()),
            caption: None,
            credit: None,
            width: None,
            id: name("图"),
        }),
        Block::Figure(Figure {
            src: None,
            alt: None,
            caption: Some("只有说明".into()),
            credit: None,
            width: None,
            id: None,
        }),
        Block::Code(Code {
            language: Some("rust".into()),
            text: "fn main() {\n\tprintln!(\"<&>\");\n}".into(),
            caption: Some("代码一".into()),
        }),
        Block::Code(Code { language: None, text: "plain".into(), caption: None }),
        callout(CalloutKind::Note, None),
        callout(CalloutKind::Tip, None),
        callout(CalloutKind::Important, None),
        callout(CalloutKind::Warning, Some("当心")),
        callout(CalloutKind::KeyPoint, None),
        Block::Divider,
        Block::PageBreak,
        Block::Footnotes(
            [
                ("甲".to_owned(), vec![p("注甲。"), p("第二段。")]),
                ("乙".to_owned(), vec![Block::Paragraph(Text(vec![note("丁")]))]),
                ("丙".to_owned(), vec![p("表里的注。")]),
                ("丁".to_owned(), vec![p("注里的注。")]),
                ("没人引".to_owned(), vec![p("没有人引用的注。")]),
            ]
            .into(),
        ),
        p("结尾。"),
    ];
    article
}

/// A book of foreword, part, two articles and afterword that uses everything.
pub(crate) fn every_book(folder: &Path) -> Book {
    std::fs::write(folder.join("p.png"), png(40, 30)).unwrap();
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 20 10\" width=\"20\" \
        height=\"10\"><circle cx=\"5\" cy=\"5\" r=\"4\"/></svg>";
    std::fs::write(folder.join("d.svg"), svg).unwrap();
    let mut first = every_block();
    first.origin = Some(folder.join("one.yaml"));
    let mut second = every_block();
    second.origin = Some(folder.join("two.yaml"));
    second.id = name("second");
    second.language = "en".parse().unwrap();
    second.language_given = true;
    let part =
        Part {
            title: "第一单元".into(), intro: vec![p("引言。")], articles: vec![first, second]
        };
    let third = bare_article("单篇");
    let mut packet =
        bare_packet("学习资料", vec![Contents::Part(part), Contents::Article(Box::new(third))]);
    packet.subtitle = Some("第一辑".into());
    packet.compiler = Some("编写组".into());
    packet.publisher = Some("某出版社".into());
    packet.date = Some("2022-11".parse().unwrap());
    packet.cover = Cover::Picture(At::from("cover.png".to_owned()));
    packet.foreword = vec![p("前言正文。")];
    packet.afterword = vec![Block::Heading(Heading::new(1, "跋")), p("后记正文。")];
    packet.origin = Some(folder.join("packet.yaml"));
    std::fs::write(folder.join("cover.png"), png(600, 800)).unwrap();
    compose_packet(&packet, folder, &mut Vec::new()).unwrap()
}
