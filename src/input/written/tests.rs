use serde_json::{Value as Json, json};

use super::*;
use crate::diagnostic::{Diagnostic, Locale};
use crate::input::node::{self, parse_json, parse_yaml};
use crate::model::*;

/// Reads a value through Keben's own deserializer and through serde_json: both must agree.
fn from<T: serde::de::DeserializeOwned + PartialEq + fmt::Debug>(json: &Json) -> T {
    let own: T = node::read(parse_json(&json.to_string(), 0).unwrap()).unwrap();
    let other: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(own, other, "{json}");
    own
}

fn block(json: Json) -> Block {
    let block: Block = from(&json);
    let written = serde_json::to_value(&block).unwrap();
    assert_eq!(from::<Block>(&written), block, "written as {written}");
    block
}

fn errors<T: serde::de::DeserializeOwned + fmt::Debug>(yaml: &str) -> Vec<String> {
    let errors = node::read::<T>(parse_yaml(yaml, 0).unwrap()).unwrap_err();
    errors.iter().map(|d| d.clone().in_file("f").to_line(Locale::En)).collect()
}

fn p(text: &str) -> Block {
    Block::Paragraph(Text::from_markup(text))
}

#[test]
fn headings_and_paragraphs() {
    assert_eq!(block(json!("一**二**")), p("一**二**"));
    assert_eq!(block(json!({"paragraph": "一"})), p("一"));
    assert_eq!(block(json!({"heading": "一"})), Block::Heading(Heading::new(1, "一")));
    let heading = Heading { level: 3, text: "一".into(), id: Some("x".to_owned().into()) };
    assert_eq!(
        block(json!({"heading": {"text": "一", "level": 3, "id": "x"}})),
        Block::Heading(heading)
    );
}

#[test]
fn quotes() {
    let quote = |body: Vec<Block>, by: Option<&str>| {
        Block::Quote(Quote { body, attribution: by.map(Text::from) })
    };
    assert_eq!(block(json!({"quote": "一"})), quote(vec![p("一")], None));
    assert_eq!(block(json!({"quote": "一\n\n二"})), quote(vec![p("一"), p("二")], None));
    assert_eq!(
        block(json!({"quote": {"text": "一", "attribution": "某"}})),
        quote(vec![p("一")], Some("某"))
    );
    assert_eq!(
        block(json!({"quote": {"body": ["一", {"divider": null}]}})),
        quote(vec![p("一"), Block::Divider], None)
    );
    assert!(errors::<Block>("quote: {text: a, body: [b]}")[0].contains("can't both"));
    assert!(errors::<Block>("quote: {attribution: a}")[0].contains("'text' or 'body' is missing"));
}

#[test]
fn poems() {
    let poem = |stanzas: &[&[&str]]| {
        let stanzas = stanzas.iter().map(|s| s.iter().map(|l| Text::from_markup(l)).collect());
        Poem { title: None, author: None, stanzas: stanzas.collect() }
    };
    let two = poem(&[&["甲", "乙"], &["丙"]]);
    for json in [
        json!({"poem": "甲\n乙\n\n丙"}),
        json!({"poem": {"lines": "甲\n乙\n\n丙\n"}}),
        json!({"poem": {"lines": ["甲", "乙", "", "丙"]}}),
        json!({"poem": {"lines": [["甲", "乙"], ["丙"]]}}),
        json!({"poem": [["甲", "乙"], ["丙"]]}),
    ] {
        assert_eq!(block(json), Block::Poem(two.clone()));
    }
    let named = Poem { title: Some("题".into()), author: Some("人".into()), ..two };
    assert_eq!(
        block(json!({"poem": {"title": "题", "author": "人", "lines": "甲\n乙\n\n丙"}})),
        Block::Poem(named)
    );
}

#[test]
fn lists() {
    let item = |checked, body: Vec<Block>| ListItem { checked, body };
    let Block::List(list) = block(json!({"list": ["一", ["二", {"list": ["三"]}], {"quote": "四"},
        {"checked": true, "text": "五"}, {"checked": false, "body": ["六"]}]}))
    else {
        panic!()
    };
    assert_eq!((list.numbering, list.start), (None, 1));
    assert_eq!(list.items[0], item(None, vec![p("一")]));
    assert!(matches!(list.items[1].body[1], Block::List(_)));
    assert!(matches!(list.items[2].body[0], Block::Quote(_)));
    assert_eq!(list.items[3], item(Some(true), vec![p("五")]));
    assert_eq!(list.items[4], item(Some(false), vec![p("六")]));
    for (word, numbering) in [
        ("arabic", Numbering::Arabic),
        ("chinese", Numbering::Chinese),
        ("chinese-paren", Numbering::ChineseParen),
        ("arabic-paren", Numbering::ArabicParen),
        ("circled", Numbering::Circled),
        ("alpha", Numbering::Alpha),
        ("roman", Numbering::Roman),
    ] {
        let json = json!({"list": {"numbering": word, "start": 3, "items": ["一"]}});
        let Block::List(list) = block(json) else { panic!() };
        assert_eq!((list.numbering, list.start), (Some(numbering), 3));
    }
}

#[test]
fn definitions() {
    let one =
        |term: &str, text: &str| Definition { term: term.into(), details: vec![vec![p(text)]] };
    let two = Block::Definitions(vec![one("乙", "二"), one("甲", "一")]);
    assert_eq!(
        block(json!({"definitions": [{"term": "乙", "definition": "二"},
            {"term": "甲", "definition": ["一"]}]})),
        two
    );
    let yaml = parse_yaml("definitions:\n  乙: 二\n  甲: 一\n", 0).unwrap();
    assert_eq!(node::read::<Block>(yaml).unwrap(), two);
    let Block::Definitions(many) =
        block(json!({"definitions": [{"term": "甲", "definitions": ["一", ["二"]]}]}))
    else {
        panic!()
    };
    assert_eq!(many[0].details.len(), 2);
}

#[test]
fn tables() {
    let Block::Table(table) = block(json!({"table": {"head": ["a", "b"], "rows": [["一", 2],
        [{"text": "三", "colspan": 2, "rowspan": 1, "header": true, "align": "right"}]],
        "align": ["left", "auto"], "caption": "题", "id": "t"}}))
    else {
        panic!()
    };
    assert_eq!(table.head.len(), 1);
    assert_eq!(table.rows[0].cells[1], Cell::new("2"));
    let cell = &table.rows[1].cells[0];
    assert_eq!((cell.colspan, cell.header, cell.align), (2, true, Some(Align::Right)));
    assert_eq!(table.align, [Align::Left, Align::Auto]);
    let Block::Table(two) = block(json!({"table": {"head": [["a"], ["b"]], "rows": []}})) else {
        panic!()
    };
    assert_eq!(two.head.len(), 2);
    // numbers keep their written form
    let yaml = parse_yaml("table: {rows: [[1.50, 0.10, ]]}", 0).unwrap();
    let Block::Table(table) = node::read(yaml).unwrap() else { panic!() };
    assert_eq!(table.rows[0].cells[0], Cell::new("1.50"));
    assert!(errors::<Block>("table: {rows: [[{text: a, colspan: 0}]]}")[0].contains("1 to 1000"));
    assert!(errors::<Block>("table: {head: [a, [b]], rows: []}")[0].contains("either"));
}

#[test]
fn figures_code_callouts_and_the_rest() {
    let Block::Figure(figure) =
        block(json!({"figure": {"src": "a.png", "alt": "替", "caption": "题",
        "credit": "某", "width": 50, "id": "f"}}))
    else {
        panic!()
    };
    assert_eq!((figure.width, figure.src.unwrap().as_str()), (Some(50), "a.png"));
    assert!(matches!(block(json!({"figure": "a.png"})), Block::Figure(_)));
    assert!(matches!(block(json!({"figure": {"caption": "题"}})), Block::Figure(_)));
    assert!(errors::<Block>("figure: {alt: a}")[0].contains("needs 'src' or 'caption'"));

    let code = Code { language: None, text: "  a\n\nb".into(), caption: None };
    assert_eq!(block(json!({"code": "  a\n\nb\n"})), Block::Code(code.clone()));
    let code = Code { language: Some("rust".into()), caption: Some("题".into()), ..code };
    assert_eq!(
        block(json!({"code": {"language": "Rust", "text": "  a\n\nb", "caption": "题"}})),
        Block::Code(code)
    );

    for (word, kind) in [
        ("note", CalloutKind::Note),
        ("tip", CalloutKind::Tip),
        ("important", CalloutKind::Important),
        ("warning", CalloutKind::Warning),
        ("key-point", CalloutKind::KeyPoint),
    ] {
        let Block::Callout(callout) =
            block(json!({"callout": {"kind": word, "title": "题", "text": "一"}}))
        else {
            panic!()
        };
        assert_eq!((callout.kind, callout.body), (kind, vec![p("一")]));
    }
    for value in [json!(null), json!(true), json!({})] {
        assert_eq!(block(json!({"divider": value})), Block::Divider);
        assert_eq!(block(json!({"page_break": value})), Block::PageBreak);
    }
    let Block::Footnotes(notes) = block(json!({"footnotes": {"1": "注", "b": ["一", "二"]}}))
    else {
        panic!()
    };
    assert_eq!((notes["1"].len(), notes["b"].len()), (1, 2));
    let Blocks(blocks) =
        node::read(parse_yaml("- markdown: |\n    # 一\n\n    - 二\n", 0).unwrap()).unwrap();
    assert!(matches!(&blocks[..], [Block::Heading(_), Block::List(_)]));
}

#[test]
fn article_fields_in_their_short_forms() {
    let article: Article = from(&json!({
        "$schema": "article.schema.json", "title": "题", "authors": "甲、乙", "source": "报",
        "date": 2022, "language": "zh-Hant", "keywords": "一，二；三,四、五", "questions": "问？",
        "glossary": {"词": "义"}, "text": "一\n\n二"
    }));
    assert_eq!(article.authors.len(), 2);
    assert_eq!(article.source.as_ref().unwrap().name.as_deref(), Some("报"));
    assert_eq!(article.date.unwrap().to_string(), "2022");
    assert_eq!(article.keywords, ["一", "二", "三", "四", "五"]);
    assert_eq!(article.glossary[0].term, "词");
    assert_eq!(article.body.len(), 2);
    assert!(article.language_given);
    let written = serde_json::to_value(&article).unwrap();
    assert_eq!(from::<Article>(&written), article);
    let long: Article = from(&json!({
        "title": "题", "authors": ["甲", {"name": "乙", "role": "trl", "affiliation": "院"}],
        "source": {"name": "报", "url": "https://a.b", "issue": "9"},
        "glossary": [{"term": "词", "reading": "cí", "definition": "义"}], "markdown": "# 一\n\n二"
    }));
    assert_eq!(long.authors[1].role.as_deref(), Some("trl"));
    assert!(matches!(long.body[0], Block::Heading(_)));
    assert!(!long.language_given);
}

#[test]
fn packets_round_trip() {
    let packet: Packet = from(&json!({
        "title": "集", "cover": "none", "foreword": "*序*", "afterword": ["跋"],
        "contents": [{"title": "甲", "body": "一"},
            {"part": "第一单元", "intro": "导", "articles": [{"title": "乙", "body": ["二"]}]}]
    }));
    assert_eq!(packet.cover, Cover::None);
    assert_eq!(packet.foreword, [p("*序*")]);
    let written = serde_json::to_value(&packet).unwrap();
    assert_eq!(from::<Packet>(&written), packet);
}

#[test]
fn errors_name_place_cause_and_hint() {
    let one = |yaml: &str| {
        let errors = errors::<Article>(yaml);
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors.into_iter().next().unwrap_or_default()
    };
    assert_eq!(
        one("title: 题\nauthrs: 甲\nbody: a"),
        "error: f:2:1: unknown field 'authrs' (did you mean 'authors'?)"
    );
    assert_eq!(
        one("title: 题\nbody:\n  - headng: a"),
        "error: f:3:5: unknown field 'headng' (did you mean 'heading'?)"
    );
    assert_eq!(
        one("title: 题\nbody:\n  - a\n  - heading: {text: a, levl: 2}"),
        "error: f:4:24: unknown field 'levl' (did you mean 'level'?)"
    );
    assert_eq!(
        one("title: 题\nbody:\n  - heading: {level: 2}"),
        "error: f:3:14: missing field 'text'"
    );
    assert_eq!(
        one("title: 题\nbody:\n  - table: {rows: 三}"),
        "error: f:3:19: expected a list, found the text '三'"
    );
    assert_eq!(one("title: [a]\nbody: a"), "error: f:1:8: expected a text, found a list");
    assert_eq!(one("title: ''\nbody: a"), "error: f:1:8: must not be empty");
    assert_eq!(
        one("title: 题\ndate: 2022-13\nbody: a"),
        "error: f:2:7: expected a date such as 2022-11-26, 2022-11 or 2022, found the text '2022-13'"
    );
    assert!(
        one("title: 题\nlanguage: 中文\nbody: a").starts_with("error: f:2:11: expected a language")
    );
    assert!(
        one("title: 题\nbody:\n  - list: {numbering: arabc, items: []}")
            .ends_with("f:3:23: unknown value 'arabc' (did you mean 'arabic'?)")
    );
    assert!(
        one("title: 题\nbody:\n  - heading: {text: a, level: 7}")
            .contains("f:3:31: expected a number from 1 to 6")
    );
    assert!(
        one("title: 题\nbody:\n  - heading: a\n    quote: b")
            .starts_with("error: f:4:5: a block has one key")
    );
    assert!(one("title: 题\nbody: a\nmarkdown: b").contains("only one of"));
    assert!(one("title: 题\nhtml: <p>").contains("can't be given as HTML yet"));
    assert_eq!(one("body: a"), "error: f:1:1: missing field 'title'");
}

#[test]
fn all_errors_of_a_file_are_reported_each_once() {
    let errors = errors::<Article>(
        "title: [a]\ndat: 1\nauthors: [甲, {nam: 乙}]\nbody:\n  - a\n  - headng: b\n  - divider: false\n",
    );
    let places: Vec<&str> = errors
        .iter()
        .map(|e| e.trim_start_matches("error: ").split(": ").next().unwrap())
        .collect();
    assert_eq!(
        places,
        ["f:1:8:", "f:2:1:", "f:3:15:", "f:6:5:", "f:7:14:"]
            .map(|place| place.trim_end_matches(':')),
        "{errors:#?}"
    );
}

#[test]
fn every_expectation_is_translated() {
    for (en, zh) in phrases::PHRASES {
        assert_ne!(en, zh);
    }
    let errors = node::read::<Article>(
        parse_yaml("title: {a: 1}\ndate: x\nauthors: {}\ncover: 1\nbody: [[a], 3, {table: 1}, {poem: {}}, {list: a}, {definitions: 1}, {figure: []}, {divider: 1}, {footnotes: 1}, {callout: []}, {code: []}, {heading: []}]", 0)
            .unwrap(),
    )
    .unwrap_err();
    for error in &errors {
        let zh: &Diagnostic = error;
        assert!(zh.message.zh.chars().any(|c| ('一'..='龥').contains(&c)), "{zh:?}");
        assert!(!zh.message.zh.contains("a map") && !zh.message.zh.contains("a list"), "{zh:?}");
    }
    assert!(errors.len() > 8, "{errors:?}");
}

#[test]
fn inline_places_inside_strings_are_exact() {
    let place = |node| {
        let Blocks(blocks) = node::read(node).unwrap();
        let mut out = Vec::new();
        for block in &blocks {
            let Block::Paragraph(text) = block else { panic!() };
            text.visit(&mut |inline| {
                if let Inline::Link { target, .. } = inline {
                    out.push(target.pos.unwrap());
                }
            });
        }
        out
    };
    let json = parse_json("[\"一 [甲](x)\", \"\\t[乙](y)\"]", 0).unwrap();
    assert_eq!(place(json), [Pos::new(1, 5), Pos::new(1, 14)]);
    let yaml = parse_yaml("- |\n  一\n  [甲](x)\n\n  二 [乙](y)\n- 三 [丙](z)\n", 0).unwrap();
    assert_eq!(place(yaml), [Pos::new(3, 3), Pos::new(5, 5), Pos::new(6, 5)]);
}

#[test]
fn schemas_describe_what_is_read() {
    for kind in [Kind::Article, Kind::Packet] {
        let schema = schema(kind);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["additionalProperties"], false);
        let properties = schema["properties"].as_object().unwrap();
        for (name, property) in properties {
            assert!(property.get("description").is_some(), "{name} has no description");
        }
        assert!(schema["required"].as_array().unwrap().contains(&json!("title")));
        references(&schema, &schema);
    }
    let article = schema(Kind::Article);
    for field in ["title", "authors", "editor_note", "body", "markdown", "text", "glossary"] {
        assert!(article["properties"].get(field).is_some(), "{field}");
    }
    assert!(article["properties"].get("html").is_none());
    let heading = &article["$defs"]["Heading"];
    assert!(heading["anyOf"].as_array().unwrap().len() == 2, "{heading}");
}

/// Every `$ref` leads to a definition.
fn references(value: &Json, root: &Json) {
    match value {
        Json::Object(map) => {
            if let Some(Json::String(path)) = map.get("$ref") {
                let target = path.trim_start_matches('#');
                assert!(root.pointer(target).is_some(), "{path}");
            }
            map.values().for_each(|value| references(value, root));
        }
        Json::Array(items) => items.iter().for_each(|value| references(value, root)),
        _ => {}
    }
}
