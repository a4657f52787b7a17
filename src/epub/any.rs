//! Any model: strategies for articles of every block and inline, nested, with any text.

use proptest::prelude::*;

use super::sample;
use crate::model::{
    Align, Article, At, Block, Callout, CalloutKind, Cell, Code, Definition, Heading, Inline, List,
    ListItem, Numbering, Poem, Quote, Row, RubyPair, Table, Text,
};

/// Strings that have broken writers of XML and EPUB, and any others.
fn string() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "]]>",
        "<!--",
        "&amp;",
        "&",
        "<b>",
        "\"'",
        "\u{0}\u{1}\u{B}\u{1F}",
        "\u{7F}\u{85}\u{9F}",
        "\u{FFFE}\u{FFFF}\u{FDD0}",
        "\u{202E}反",
        "一\u{3000}二",
        "𠀀𪚥",
        "👩\u{200D}👩",
        " ",
        "",
        "\t\n",
        "%zz#?",
        "中文，标点。",
    ]);
    prop_oneof![
        3 => known.prop_map(str::to_owned),
        3 => "[一-龥，。：]{1,12}",
        1 => any::<String>(),
    ]
}

fn inline() -> impl Strategy<Value = Inline> {
    let leaf = prop_oneof![
        4 => string().prop_map(Inline::Plain),
        1 => string().prop_map(Inline::Code),
        1 => Just(Inline::LineBreak),
        1 => "[ab]".prop_map(|label| Inline::NoteRef(At::from(label))),
        1 => (string(), string())
            .prop_map(|(base, reading)| Inline::Ruby(vec![RubyPair { base, reading }])),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        let text = prop::collection::vec(inner, 0..3).prop_map(Text);
        prop_oneof![
            text.clone().prop_map(Inline::Strong),
            text.clone().prop_map(Inline::Emphasis),
            text.clone().prop_map(Inline::ProperName),
            text.clone().prop_map(Inline::BookTitle),
            text.clone().prop_map(Inline::Highlight),
            text.clone().prop_map(Inline::Superscript),
            (string(), text.clone()).prop_map(|(target, text)| Inline::Link {
                target: At::from(target),
                title: None,
                text
            }),
            text.prop_map(|text| Inline::Foreign { language: "ja".parse().unwrap(), text }),
        ]
    })
}

pub(super) fn text() -> impl Strategy<Value = Text> {
    prop::collection::vec(inline(), 0..4).prop_map(Text)
}

fn leaf() -> impl Strategy<Value = Block> {
    let cell = || {
        (text(), 1..4_u16, 1..4_u16, any::<bool>()).prop_map(|(text, colspan, rowspan, header)| {
            Cell { text, colspan, rowspan, header, align: None }
        })
    };
    let rows = || prop::collection::vec(cell(), 0..4).prop_map(|cells| Row { cells });
    let table = (
        prop::collection::vec(rows(), 0..2),
        prop::collection::vec(rows(), 0..4),
        prop::option::of(text()),
    );
    prop_oneof![
        4 => text().prop_map(Block::Paragraph),
        2 => (1..8_u8, text(), prop::option::of(string())).prop_map(|(level, text, id)| {
            Block::Heading(Heading { level, text, id: id.map(At::from) })
        }),
        1 => (string(), prop::option::of(string()))
            .prop_map(|(text, language)| Block::Code(Code { language, text, caption: None })),
        1 => (prop::option::of(text()), prop::collection::vec(prop::collection::vec(text(), 0..3), 0..3))
            .prop_map(|(title, stanzas)| Block::Poem(Poem { title, author: None, stanzas })),
        1 => table.prop_map(|(head, rows, caption)| {
            Block::Table(Table { head, rows, align: vec![Align::Auto], caption, id: None })
        }),
        1 => Just(Block::Divider),
        1 => Just(Block::PageBreak),
    ]
}

fn block() -> impl Strategy<Value = Block> {
    leaf().prop_recursive(4, 16, 3, |inner| {
        let body = prop::collection::vec(inner, 0..3);
        let numbering = prop::option::of(prop::sample::select(vec![
            Numbering::Arabic,
            Numbering::Chinese,
            Numbering::Circled,
            Numbering::Alpha,
        ]));
        let items = prop::collection::vec((prop::option::of(any::<bool>()), body.clone()), 0..3);
        prop_oneof![
            (body.clone(), prop::option::of(text()))
                .prop_map(|(body, attribution)| Block::Quote(Quote { body, attribution })),
            (numbering, any::<u32>(), items).prop_map(|(numbering, start, items)| {
                let item = |(checked, body)| ListItem { checked, body };
                let items = items.into_iter().map(item).collect();
                Block::List(List { numbering, start, items })
            }),
            (text(), prop::collection::vec(body.clone(), 0..3)).prop_map(|(term, details)| {
                Block::Definitions(vec![Definition { term, details }])
            }),
            (prop::option::of(text()), body).prop_map(|(title, body)| {
                Block::Callout(Callout { kind: CalloutKind::Tip, title, body })
            }),
        ]
    })
}

/// An article; every note that may be referred to has a body.
pub(super) fn article() -> impl Strategy<Value = Article> {
    let notes = prop::collection::vec(leaf(), 0..3);
    (text(), prop::collection::vec(block(), 0..6), notes, string()).prop_map(
        |(title, mut body, note, keyword)| {
            let notes = ["a", "b"].map(|label| (label.to_owned(), note.clone()));
            body.push(Block::Footnotes(notes.into()));
            Article { title, body, keywords: vec![keyword], ..sample::bare_article("") }
        },
    )
}
