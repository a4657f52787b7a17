//! Chinese for the English phrases that "expected …" names. One table, so that a test can hold
//! every [`Either`](super::Either) type to it.

/// English as the types say it, and Chinese.
pub(crate) const PHRASES: &[(&str, &str)] = &[
    ("a text", "文字"),
    ("a list", "列表"),
    ("a map", "映射"),
    ("a word", "一个词"),
    ("true or false", "true 或 false"),
    ("a date such as 2022-11-26, 2022-11 or 2022", "日期（如 2022-11-26、2022-11 或 2022）"),
    (
        "a language tag such as zh-Hans, zh-Hant, ja or en",
        "语言标签（如 zh-Hans、zh-Hant、ja、en）",
    ),
    ("a block (a text, or a map with one key, its kind)", "一个块（文字，或以类型为唯一键的映射）"),
    ("a text or a list of blocks", "文字或块的列表"),
    ("a Markdown text or a list of blocks", "Markdown 文字或块的列表"),
    ("a text or a map with 'text'", "文字或含“text”的映射"),
    ("a text or a map with 'text' or 'body'", "文字或含“text”或“body”的映射"),
    ("a text or a map with 'lines'", "文字或含“lines”的映射"),
    ("a text, a list of lines or a list of stanzas", "文字、诗行列表或诗节列表"),
    ("a list of items or a map with 'items'", "列表，或含“items”的映射"),
    (
        "a text, a list of blocks or a map with 'text' or 'body'",
        "文字、块的列表或含“text”或“body”的映射",
    ),
    ("a list of definitions or a map of terms", "释义列表或“词: 释义”映射"),
    ("a text, a number or a map with 'text'", "文字、数字或含“text”的映射"),
    ("a list of cells or of rows", "单元格列表或行列表"),
    ("a path or a map with 'src'", "路径或含“src”的映射"),
    ("nothing, true or {}", "空值、true 或 {}"),
    ("a number from 1 to 100", "1 到 100 的数"),
    ("a number from 1 to 6", "1 到 6 的数"),
    ("a number from 1 to 1000", "1 到 1000 的数"),
    ("a name or a map with 'name'", "姓名或含“name”的映射"),
    ("a name or a list of authors", "姓名或作者列表"),
    ("a name or a map with 'name', 'url' and 'issue'", "名称或含“name”“url”“issue”的映射"),
    ("a text or a list of texts", "文字或文字列表"),
    ("a list of terms or a map of terms", "词条列表或“词: 释义”映射"),
    ("'drawn', 'none' or the path of a picture", "“drawn”“none”或图片路径"),
    ("a path, a part or an article", "路径、单元或文章"),
    ("a path or an article", "路径或文章"),
];

/// The Chinese of a phrase; serde's own rare words stay as they are.
pub(crate) fn zh(english: &str) -> &str {
    PHRASES.iter().find(|(en, _)| *en == english).map_or(english, |(_, zh)| zh)
}
