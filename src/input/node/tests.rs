use super::*;
use crate::diagnostic::{Code, Diagnostic, Locale, Outcome};

fn line(diagnostic: &Diagnostic) -> String {
    diagnostic.clone().in_file("f").to_line(Locale::En)
}

/// The only error of a text that can't be parsed.
fn error(parsed: Outcome<Node>) -> Diagnostic {
    let mut failure = parsed.unwrap_err();
    assert_eq!(failure.0.len(), 1);
    failure.0.remove(0)
}

fn string(node: &Node) -> &Str {
    match &node.value {
        Value::String(s) => s,
        other => panic!("{other:?}"),
    }
}

#[test]
fn places_count_characters_from_one() {
    let json = parse_json("{\"标题\": \"一\",\n \"b\": [1, 2.50]}", 0).unwrap();
    let Value::Map(entries) = &json.value else { panic!() };
    assert_eq!(entries[0].key_pos, Pos::new(1, 2));
    assert_eq!(entries[0].node.pos, Pos::new(1, 8));
    assert_eq!(string(&entries[0].node).origin.locate(1, 1), Pos::new(1, 9));
    let Value::List(items) = &entries[1].node.value else { panic!() };
    assert_eq!((items[1].pos, &items[1].value), (Pos::new(2, 11), &Value::Number("2.50".into())));

    let yaml = parse_yaml("标题: 一\nb:\n  - 1\n  - \"二\"\n", 10).unwrap();
    let Value::Map(entries) = &yaml.value else { panic!() };
    assert_eq!(entries[0].node.pos, Pos::new(11, 5));
    let Value::List(items) = &entries[1].node.value else { panic!() };
    assert_eq!(string(&items[1]).origin.locate(1, 1), Pos::new(14, 6));

    let toml = parse_toml("b = 1\na = \"一\" # 注\n[c]\n'd' = ['二', 2022-11-26]\n", 0).unwrap();
    let Value::Map(entries) = &toml.value else { panic!() };
    let keys: Vec<&str> = entries.iter().map(|e| e.key.as_str()).collect();
    assert_eq!(keys, ["b", "a", "c"]);
    let Value::List(items) = &entries[2].node.get("d").unwrap().value else { panic!() };
    assert_eq!(string(&items[0]).origin.locate(1, 1), Pos::new(4, 9));
    assert_eq!(string(&items[1]).text, "2022-11-26");
}

#[test]
fn literal_blocks_of_yaml_know_the_place_of_every_character() {
    let yaml = parse_yaml("a:\n  m: |\n    一二\n\n    三四\n", 0).unwrap();
    let s = string(yaml.get("a").unwrap().get("m").unwrap());
    assert_eq!(s.text, "一二\n\n三四\n");
    assert_eq!(s.origin.locate(1, 2), Pos::new(3, 6));
    assert_eq!(s.origin.locate(3, 1), Pos::new(5, 5));
}

#[test]
fn json_is_strict() {
    for (text, place) in [
        ("{\"a\": 1,}", "f:1:8"),
        ("{\"a\": 1} // c", "f:1:10"),
        ("{'a': 1}", "f:1:2"),
        ("{a: 1}", "f:1:2"),
        ("[1 2]", "f:1:3"),
        ("{\"a\": 01}", "f:1:8"),
        ("{\"a\": 1", "f:1:1"),
        ("{\"a\": \"x\n", "f:1:7"),
    ] {
        let error = self::error(parse_json(text, 0));
        assert_eq!(error.code, Code::Syntax);
        assert!(line(&error).starts_with(&format!("error: {place}: ")), "{text}: {}", line(&error));
    }
}

#[test]
fn keys_given_twice_are_errors_at_the_second() {
    let json = error(parse_json("{\"a\": 1,\n \"a\": 2}", 0));
    assert_eq!((json.code, json.pos), (Code::Duplicate, Some(Pos::new(2, 2))));
    let yaml = error(parse_yaml("a: 1\nb: 2\na: 3\n", 0));
    assert_eq!((yaml.code, yaml.pos), (Code::Duplicate, Some(Pos::new(3, 1))));
    let toml = error(parse_toml("a = 1\na = 2\n", 0));
    assert_eq!(toml.pos, Some(Pos::new(2, 1)));
}

#[test]
fn yaml_resolves_aliases_and_refuses_what_would_explode() {
    let yaml = parse_yaml("a: &x [1, 2]\nb: *x\n", 0).unwrap();
    assert_eq!(yaml.get("a").unwrap().value, yaml.get("b").unwrap().value);
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        let refs = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb.push_str(&format!("a{i}: &a{i} [{refs}]\n"));
    }
    assert!(line(&error(parse_yaml(&bomb, 0))).contains("too much"));
    let two = error(parse_yaml("a: 1\n---\nb: 2\n", 0));
    assert_eq!(two.pos, Some(Pos::new(2, 1)));
    let scalars = parse_yaml("[~, true, no, 1.50, 0x1F, '1', 2022-11-26, !!str 1]", 0).unwrap();
    let Value::List(items) = scalars.value else { panic!() };
    let kinds: Vec<String> = items
        .iter()
        .map(|item| match &item.value {
            Value::Null => "null".into(),
            Value::Bool(b) => b.to_string(),
            Value::Number(n) => format!("n{n}"),
            Value::String(s) => s.text.clone(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, ["null", "true", "no", "n1.50", "0x1F", "1", "2022-11-26", "1"]);
}

#[test]
fn deep_nesting_is_an_error_not_a_crash() {
    let lists = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for fault in [
        error(parse_json(&lists, 0)),
        error(parse_yaml(&lists, 0)),
        error(parse_toml(&format!("a = {lists}"), 0)),
        error(parse_yaml(&"- ".repeat(100_000), 0)),
        error(parse_toml(&format!("{}a = 1", "a.".repeat(100_000)), 0)),
        error(parse_json(&"{\"a\":".repeat(100_000), 0)),
    ] {
        assert_eq!(fault.code, Code::Syntax);
    }
}
