//! JSON (RFC 8259) to [`Node`]s: strict, without the comments and commas of its dialects.

use std::collections::HashSet;

use jsonc_parser::ast::Value as Json;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind as Kind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Entry, Lines, MAX_DEPTH, Node, Str, Value};
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::model::Pos;

/// Reads one JSON value.
///
/// - `before`: lines of the file before `text` (front matter, JSON Lines).
pub(crate) fn parse(text: &str, before: u32) -> Outcome<Node> {
    let lines = Lines::new(text, before);
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict).map_err(|error| {
        let (en, zh) = describe(error.kind());
        fail(lines.pos(error.range().start), &en, zh)
    })?;
    let value = parsed.value.ok_or_else(|| fail(lines.pos(0), "no JSON value", "没有 JSON 值"))?;
    convert(value, &lines, 0)
}

fn fail(pos: Pos, en: &str, zh: &str) -> Failure {
    let message = Message::new(format!("not valid JSON: {en}"), format!("JSON 语法错误：{zh}"));
    Diagnostic::error(Code::Syntax, message).at(Some(pos)).into()
}

fn convert(value: Json<'_>, lines: &Lines<'_>, depth: usize) -> Outcome<Node> {
    let range = value.range();
    let pos = lines.pos(range.start);
    if depth > MAX_DEPTH {
        return Err(fail(pos, "nested too deeply", "嵌套过深"));
    }
    let value = match value {
        Json::NullKeyword(_) => Value::Null,
        Json::BooleanLit(literal) => Value::Bool(literal.value),
        Json::NumberLit(literal) => Value::Number(literal.value.to_owned()),
        Json::StringLit(literal) => {
            let text = literal.value.into_owned();
            let origin = lines.origin(range.start..range.end, &text);
            Value::String(Str { text, origin })
        }
        Json::Array(array) => {
            let items = array.elements.into_iter().map(|item| convert(item, lines, depth + 1));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        Json::Object(object) => {
            let mut seen = HashSet::new();
            let mut entries = Vec::with_capacity(object.properties.len());
            for property in object.properties {
                let key_pos = lines.pos(property.range.start);
                let key = property.name.into_string();
                if !seen.insert(key.clone()) {
                    return Err(duplicate(&key, key_pos));
                }
                entries.push(Entry {
                    key,
                    key_pos,
                    node: convert(property.value, lines, depth + 1)?,
                });
            }
            Value::Map(entries)
        }
    };
    Ok(Node { value, pos })
}

/// A key that stands twice in one map.
pub(super) fn duplicate(key: &str, pos: Pos) -> Failure {
    let message = Message::new(format!("'{key}' is given twice"), format!("“{key}”重复出现"));
    Diagnostic::error(Code::Duplicate, message).at(Some(pos)).into()
}

/// What the parser found, in both languages.
fn describe(kind: &Kind) -> (String, &'static str) {
    let zh = match kind {
        Kind::CommentsNotAllowed => "不允许注释",
        Kind::TrailingCommasNotAllowed => "末尾多了逗号",
        Kind::ExpectedComma => "缺少逗号",
        Kind::ExpectedColonAfterObjectKey => "键后缺少冒号",
        Kind::ExpectedObjectValue => "冒号后缺少值",
        Kind::ExpectedStringObjectProperty => "键必须用双引号",
        Kind::SingleQuotedStringsNotAllowed => "字符串必须用双引号，不能用单引号",
        Kind::MultipleRootJsonValues => "只能有一个值，其后还有内容",
        Kind::UnterminatedArray => "数组没有结束（缺少 ]）",
        Kind::UnterminatedObject => "对象没有结束（缺少 }）",
        Kind::UnterminatedCommentBlock => "注释没有结束",
        Kind::NestingDepthExceeded => "嵌套过深",
        Kind::String(_) => "字符串有误（没有结束，或转义错误）",
        Kind::UnexpectedCloseBrace => "多余的 }",
        Kind::UnexpectedCloseBracket => "多余的 ]",
        Kind::UnexpectedColon => "多余的冒号",
        Kind::UnexpectedComma => "多余的逗号",
        Kind::ExpectedDigit
        | Kind::ExpectedDigitFollowingNegativeSign
        | Kind::ExpectedPlusMinusOrDigitInNumberLiteral
        | Kind::BareDecimalPointNumbersNotAllowed
        | Kind::HexadecimalNumbersNotAllowed
        | Kind::NonFiniteNumbersNotAllowed
        | Kind::UnaryPlusNumbersNotAllowed => "数字写法有误",
        Kind::UnexpectedToken | Kind::UnexpectedTokenInObject | Kind::UnexpectedWord => {
            "此处不应有这个符号"
        }
    };
    let en = kind.to_string();
    let mut chars = en.chars();
    let en = chars.next().map(|c| c.to_lowercase().collect::<String>() + chars.as_str());
    (en.unwrap_or_default(), zh)
}
