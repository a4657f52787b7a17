//! By-lines: `来源：… 作者：… 2022-11-26 08:30 浏览：938`, in a line of their own or several.

use std::sync::LazyLock;

use regex::Regex;

use super::{dates, furniture, names, width};
use crate::model::{Author, Date};

/// What a label introduces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Author,
    Translator,
    Editor,
    Source,
    Date,
    Keywords,
    /// The title under which it first appeared.
    Title,
    Address,
    /// Numbers and switches of the page: views, comments, font size.
    Counter,
}

/// The labels of by-lines, both scripts. Where one begins another, the longer stands first.
const LABELS: &[(Field, &[&str])] = &[
    (
        Field::Editor,
        &[
            "本文责任编辑",
            "责任编辑",
            "执行编辑",
            "本文编辑",
            "网络编辑",
            "本期编辑",
            "值班编辑",
            "责编",
            "編輯",
            "责任编校",
            "责任校对",
            "編審",
            "编辑",
            "校对",
            "审核",
            "审校",
            "监制",
            "排版",
            "初审",
            "复审",
            "终审",
            "一审",
            "二审",
            "三审",
            "终审发布",
            "主编",
            "实习生",
            "编审",
            "責任編輯",
            "責編",
            "美编",
            "统筹",
            "策划",
            "编审",
            "录入",
            "发布人",
            "发布者",
            "发布单位审核",
            "摄影",
            "图",
            "攝影",
        ],
    ),
    (
        Field::Author,
        &[
            "文章作者",
            "本文作者",
            "原文作者",
            "作者姓名",
            "作者",
            "撰文",
            "撰稿人",
            "撰稿",
            "执笔",
            "采写",
            "供稿人",
            "口述",
            "文",
            "记者",
            "本报记者",
            "通讯员",
            "署名",
            "投稿人",
            "記者",
            "執筆",
            "Author",
            "author",
            "By",
            "by",
        ],
    ),
    (Field::Translator, &["译者", "翻译", "編譯", "编译", "譯者", "翻譯"]),
    (
        Field::Source,
        &[
            "文章来源",
            "稿件来源",
            "信息来源",
            "新闻来源",
            "文章出处",
            "本文来源",
            "原文来源",
            "来源媒体",
            "内容来源",
            "来源",
            "出处",
            "转自",
            "来自",
            "发布单位",
            "发布机构",
            "供稿单位",
            "供稿",
            "发文机关",
            "信息提供",
            "资讯来源",
            "转载自",
            "來源",
            "出處",
            "轉自",
            "資料來源",
            "文章來源",
            "Source",
            "source",
        ],
    ),
    (
        Field::Date,
        &[
            "发布时间",
            "发表时间",
            "发布日期",
            "更新时间",
            "更新日期",
            "发稿时间",
            "成文日期",
            "发文日期",
            "创建时间",
            "添加时间",
            "日期",
            "时间",
            "发表于",
            "发布于",
            "编辑于",
            "发表日期",
            "出版日期",
            "刊登日期",
            "發布時間",
            "發佈時間",
            "發布日期",
            "發佈日期",
            "更新時間",
            "日期",
            "時間",
            "發表於",
            "Date",
            "Posted on",
            "Published",
        ],
    ),
    (
        Field::Keywords,
        &[
            "关键词",
            "关键字",
            "主题词",
            "标签",
            "關鍵字",
            "關鍵詞",
            "標籤",
            "Tags",
            "tags",
            "Keywords",
        ],
    ),
    (Field::Title, &["原标题", "原題", "原标題", "原標題", "原题"]),
    (
        Field::Address,
        &["原文链接", "原文地址", "本文链接", "文章链接", "本文地址", "原文網址", "链接", "URL"],
    ),
    (
        Field::Counter,
        &[
            "浏览次数",
            "阅读次数",
            "点击次数",
            "点击数",
            "点击量",
            "浏览量",
            "阅读量",
            "访问量",
            "访问次数",
            "阅读数",
            "浏览",
            "点击",
            "阅读",
            "访问",
            "评论数",
            "评论",
            "人气",
            "热度",
            "字数统计",
            "本文字数",
            "字数",
            "字号",
            "字体大小",
            "字体",
            "大小",
            "打印",
            "分享到",
            "分享",
            "收藏",
            "点赞",
            "回复",
            "查看",
            "转发",
            "瀏覽次數",
            "點擊",
            "點閱",
            "瀏覽",
            "閱讀",
            "人氣",
            "字級",
            "索引号",
            "文号",
            "有效性",
            "分类",
            "所属栏目",
            "栏目",
            "所在位置",
            "Views",
            "PV",
            "UV",
            "下载次数",
            "次数",
            "文章字数",
            "阅读时间",
            "预计阅读",
            "阅读时长",
            "分類",
            "視力保護色",
            "视力保护色",
        ],
    ),
];

static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let mut words: Vec<&str> = LABELS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let words: Vec<String> = words.iter().map(|word| spaced(word)).collect();
    Regex::new(&format!(r"({})(?:\s?[:：]|\s*[|｜／/](?:[^\d\s]|\s\p{{Han}}))", words.join("|")))
        .ok()
});

/// 作　者, 来 源: labels of two characters are padded to the width of longer ones.
fn spaced(word: &str) -> String {
    let mut chars = word.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some(a), Some(b), None) if !a.is_ascii() => format!(r"{a}[\s　]{{0,4}}{b}"),
        _ => regex::escape(word),
    }
}

fn field_of(label: &str) -> Field {
    let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    LABELS
        .iter()
        .find(|(_, words)| words.iter().any(|w| w.replace(' ', "") == label))
        .map_or(Field::Counter, |(field, _)| *field)
}

/// A line taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Byline {
    pub(crate) pieces: Vec<(Field, String)>,
    pub(crate) date: Option<Date>,
    /// Text that is neither label, value, date nor page furniture.
    pub(crate) rest: String,
}

impl Byline {
    /// Whether the line says nothing but such data.
    pub(crate) fn is_pure(&self) -> bool {
        let told = !self.pieces.is_empty() || self.date.is_some();
        let rest = width(&self.rest);
        told && rest <= 2
    }

    /// The first value of a field.
    pub(crate) fn get(&self, field: Field) -> Option<&str> {
        self.pieces.iter().find(|(f, v)| *f == field && !v.is_empty()).map(|(_, v)| v.as_str())
    }
}

/// Longest by-line: what is longer is a sentence that holds a colon. In characters.
const LONGEST: usize = 200;

/// Takes a line apart.
pub(crate) fn read(line: &str) -> Byline {
    let mut out = Byline::default();
    let line = line.trim();
    if line.chars().count() > LONGEST {
        out.rest = line.to_owned();
        return out;
    }
    // (label start, value start, field)
    let mut labels: Vec<(usize, usize, Field)> = Vec::new();
    let mut from = 0;
    while let Some(found) = LABEL.as_ref().and_then(|label| label.captures_at(line, from)) {
        let (Some(all), Some(word)) = (found.get(0), found.get(1)) else { break };
        let before = line[..word.start()].chars().next_back();
        let is_bounded = before.is_none_or(|c| !super::is_han(c) && !c.is_ascii_alphabetic());
        // an address, a time or a ratio is no label's colon
        let tail = &line[all.end()..];
        // the sign after the label; with `/` or `|` the match reaches into the value
        let sign = line[word.end()..].trim_start().chars().next().unwrap_or(':');
        let value = word.end() + line[word.end()..].find(sign).unwrap_or(0) + sign.len_utf8();
        let single = word.as_str().chars().count() == 1;
        let slash_ok =
            !matches!(sign, '/' | '|' | '｜' | '／') || word.as_str().chars().count() <= 4;
        if (is_bounded || !labels.is_empty() && !single) && !tail.starts_with("//") && slash_ok {
            labels.push((word.start(), value, field_of(word.as_str())));
        }
        from = word.end();
    }
    let mut rest = String::new();
    let first = labels.first().map_or(line.len(), |(start, ..)| *start);
    rest.push_str(&line[..first]);
    for (i, (_, start, field)) in labels.iter().enumerate() {
        let end = labels.get(i + 1).map_or(line.len(), |(next, ..)| *next);
        let value = line.get(*start..end).unwrap_or_default();
        let (value, beyond) = value_of(value, *field);
        rest.push_str("  ");
        rest.push_str(&beyond);
        if !(matches!(field, Field::Date) && value.is_empty()) {
            out.pieces.push((*field, value));
        }
    }
    let dated =
        out.pieces.iter().find_map(|(f, v)| (*f == Field::Date).then(|| dates::find(v)).flatten());
    if let Some(found) = dated {
        out.date = Some(found.date);
    } else if let Some(found) = dates::find(&rest) {
        out.date = Some(found.date);
        rest.replace_range(found.start..found.end, " ");
    }
    // What a date label held beyond the date.
    for (field, value) in &mut out.pieces {
        if *field == Field::Date
            && let Some(found) = dates::find(value)
        {
            let beyond = value[found.end..].to_owned();
            rest.push_str("  ");
            rest.push_str(&beyond);
            value.truncate(found.end);
        }
    }
    rest = furniture::without(&rest);
    bare(&mut out, &mut rest);
    out.rest = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    out
}

const EDGES: &[char] = &[
    ' ', '\u{3000}', '\t', '|', '｜', '/', ',', '，', ';', '；', '(', '（', ')', '）', '[', ']',
    '【', '】', '<', '>', '-', '—', '·', '•', '\u{A0}', ':', '：', '“', '”', '"',
];

/// Cuts a value where it ends: at two spaces, a bar, a tab; a counter's at its number.
fn value_of(value: &str, field: Field) -> (String, String) {
    let value = value.trim_start_matches([' ', '\u{3000}', '\u{A0}', ':', '：']);
    let mut end = value.len();
    for gap in ["  ", "\u{3000}\u{3000}", "\t", "|", "｜", "\u{A0}\u{A0}", " \u{A0}", "\u{A0} "] {
        if let Some(at) = value.find(gap) {
            end = end.min(at);
        }
    }
    if field == Field::Counter {
        let number = value
            .find(|c: char| !c.is_ascii_digit() && !"次万千+,. [](){}大中小打印AaTt+-".contains(c));
        end = end.min(number.unwrap_or(end));
    }
    if matches!(field, Field::Source | Field::Author | Field::Editor | Field::Translator)
        && let Some(found) = dates::find(&value[..end])
        && found.start > 0
    {
        end = found.start;
    }
    // the closing bracket of 【来源：…】 and （责任编辑：…）
    let (mut open, mut cut) = (0i32, end);
    for (at, c) in value[..end].char_indices() {
        match c {
            '（' | '(' | '【' | '[' | '《' => open += 1,
            '）' | ')' | '】' | ']' | '》' => {
                open -= 1;
                if open < 0 {
                    cut = at;
                    break;
                }
            }
            _ => {}
        }
    }
    let beyond = value[cut..].trim_matches(EDGES).to_owned();
    let mut value =
        value[..cut].trim_matches(|c| EDGES.contains(&c) && !"）)（(".contains(c)).to_owned();
    if value.ends_with(['（', '(']) {
        value.pop();
    }
    (value.trim().to_owned(), beyond)
}

/// Endings of the names of papers, sites and agencies.
const MEDIA: &[&str] = &[
    "网",
    "報",
    "报",
    "社",
    "网站",
    "日报",
    "晚报",
    "时报",
    "周刊",
    "杂志",
    "客户端",
    "电视台",
    "广播",
    "在线",
    "新闻",
    "频道",
    "之声",
    "微信公众号",
    "公众号",
    "频道",
    "出版社",
    "網",
    "新聞",
    "電視台",
    "雜誌",
    "週刊",
    "通讯社",
    "发布",
    "政府网",
    "博客",
    "论坛",
    "融媒体中心",
    "办公室",
    "研究院",
    "文明办",
];

/// Whether a text looks like the name of a paper, site or agency.
pub(crate) fn is_media(text: &str) -> bool {
    let text = text.trim();
    (2..=24).contains(&width(text))
        && MEDIA.iter().any(|m| text.ends_with(m))
        && !super::ends_sentence(text)
        && !text.contains(['，', '。', '：', '、'])
}

/// Reporters' words before names without a colon: 本报记者 张三 李四.
static REPORTERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[\p{Han}]{0,10}(?:记者|記者|通讯员|特派员|评论员|特约撰稿|撰稿|作者|文|撰文|整理|口述))[\s　/／|｜]+(?P<names>[\p{Han}·]{1,5}(?:[\s　、，,/]+[\p{Han}·]{1,5}){0,5})$").ok()
});

/// 記者張雅文／報導, and a forum's 何田 发表于 before the date.
static POSTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[\p{Han}]{0,6}(?:记者|記者)\s*(?P<name>[\p{Han}]{2,4})\s*[／/∕]\s*[\p{Han}]{0,4}(?:报道|報導|摄影|攝影|专访|專訪)|(?P<name2>[\p{Han}]{2,4})\s*(?:发表于|发布于|写于|發表於|發佈於))$").ok()
});

/// Reads what stands without labels: a medium beside a date, 本报记者 with names.
fn bare(out: &mut Byline, rest: &mut String) {
    let text = rest.trim_matches(EDGES).to_owned();
    if text.is_empty() {
        return;
    }
    if let Some(found) =
        REPORTERS.as_ref().and_then(|r| r.captures(&text)).and_then(|c| c.name("names"))
    {
        let names = found.as_str();
        let people = split_names(names);
        if people.iter().any(|name| names::likelihood(name) >= 0.8) {
            let names = names.split_whitespace().collect::<Vec<_>>().join(" ");
            out.pieces.push((Field::Author, names));
            rest.clear();
            return;
        }
    }
    if let Some(found) = POSTED
        .as_ref()
        .and_then(|r| r.captures(&text))
        .and_then(|c| c.name("name").or_else(|| c.name("name2")))
        && names::likelihood(found.as_str()) >= 0.8
    {
        out.pieces.push((Field::Author, found.as_str().to_owned()));
        rest.clear();
        return;
    }
    if out.date.is_none()
        || out.pieces.iter().any(|(field, _)| *field == Field::Source)
            && out.pieces.iter().any(|(field, _)| *field == Field::Author)
    {
        return;
    }
    let mut left = Vec::new();
    for part in
        text.split([' ', '\u{3000}', '|', '｜', '/', '·', '\u{A0}', '•']).filter(|p| !p.is_empty())
    {
        if out.get(Field::Source).is_none() && is_media(part) {
            out.pieces.push((Field::Source, part.to_owned()));
        } else if out.get(Field::Author).is_none() && names::likelihood(part) >= 0.8 {
            out.pieces.push((Field::Author, part.to_owned()));
        } else {
            left.push(part);
        }
    }
    *rest = left.join(" ");
}

fn split_names(text: &str) -> Vec<String> {
    let hard: Vec<&str> = text.split(['、', '，', ',', ';', '；', '/', '|', '｜', '&']).collect();
    let mut out = Vec::new();
    for part in hard {
        let part = part.trim_matches(EDGES);
        let words: Vec<&str> =
            part.split([' ', '\u{3000}', '\u{A0}']).filter(|w| !w.is_empty()).collect();
        let are_names = words.len() > 1 && words.iter().all(|w| names::likelihood(w) >= 0.8);
        // 李　白: one character and one character
        if are_names {
            out.extend(words.into_iter().map(str::to_owned));
        } else if !part.is_empty() {
            out.push(part.to_owned());
        }
    }
    out
}

/// What stands for an author where nobody is named.
const NOBODY: &[&str] = &[
    "佚名",
    "未知",
    "网络",
    "admin",
    "administrator",
    "管理员",
    "本站",
    "小编",
    "匿名",
    "无",
    "不详",
    "系统管理员",
    "编辑部",
    "网站管理员",
    "root",
    "test",
    "编辑",
    "作者",
    "原创",
    "转载",
    "本站原创",
    "互联网",
    "none",
    "null",
    "佚名氏",
    "超级管理员",
    "站长",
    "網路",
    "無",
];

/// The people that an author's value names.
pub(crate) fn authors(value: &str) -> Vec<Author> {
    let mut out: Vec<Author> = Vec::new();
    // 作者：张三（某大学教授）、李四
    for part in split_outside_brackets(value) {
        let part = part.trim_matches(EDGES_OUTER).trim();
        let (name, office) = match part.split_once(['（', '(']) {
            Some((name, office)) => {
                (name.trim(), Some(office.trim_end_matches(['）', ')']).trim()))
            }
            None => (part, None),
        };
        let office =
            office.filter(|o| !o.is_empty()).map(|o| o.trim_start_matches(['系', '为']).to_owned());
        for name in split_names(name) {
            let mut name = name;
            for prefix in [
                "本报记者",
                "本刊记者",
                "新华社记者",
                "人民网记者",
                "记者",
                "本网记者",
                "通讯员",
                "本报通讯员",
                "特约记者",
                "见习记者",
                "实习生",
                "By ",
                "by ",
            ] {
                if let Some(stripped) = name.strip_prefix(prefix) {
                    name = stripped.trim().to_owned();
                }
            }
            let given = office.clone();
            let (name, office) = match names::with_office(&name, &[]) {
                Some((person, held)) => (person, given.or(Some(held))),
                None => (name, given),
            };
            let is_nobody = NOBODY.iter().any(|n| n.eq_ignore_ascii_case(&name));
            let holds_date = dates::find(&name).is_some();
            if name.is_empty()
                || is_nobody
                || holds_date
                || width(&name) > 20
                || name.contains("://")
            {
                continue;
            }
            if !out.iter().any(|a| a.name == name) {
                let name = match names::likelihood(&name) >= 0.8 && !name.contains('·') {
                    true => name.chars().filter(|c| !c.is_whitespace()).collect(),
                    false => name,
                };
                out.push(Author { name, role: None, affiliation: office });
            }
        }
    }
    out
}

const EDGES_OUTER: &[char] =
    &[' ', '\u{3000}', '\t', '/', ',', '，', ';', '；', '、', '\u{A0}', ':', '：', '@'];

fn split_outside_brackets(text: &str) -> Vec<&str> {
    let (mut out, mut depth, mut start) = (Vec::new(), 0usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            '、' | ';' | '；' | '，' | ',' if depth == 0 => {
                out.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let read = read(line);
        let mut out: Vec<String> =
            read.pieces.iter().map(|(field, value)| format!("{field:?}={value}")).collect();
        out.extend(read.date.map(|date| date.to_string()));
        if !read.rest.is_empty() {
            out.push(format!("rest={}", read.rest));
        }
        out.join(" | ")
    }

    #[test]
    fn a_by_line_is_taken_apart_label_by_label() {
        for (line, expected) in [
            (
                "日期:2022-11-26   浏览:938   来源:党政干部培训网  返回列表",
                "Date=2022-11-26 | Counter=938 | Source=党政干部培训网 | 2022-11-26",
            ),
            (
                "2023年05月06日08:12 | 来源：江南日报 | 字号 小 中 大",
                "Source=江南日报 | 2023-05-06",
            ),
            ("作者：沈秋白　　来源：水乡杂志", "Author=沈秋白 | Source=水乡杂志"),
            ("作　者：沈秋白 责任编辑：何田", "Author=沈秋白 | Editor=何田"),
            ("2023-05-06 08:12 江南新闻网", "Source=江南新闻网 | 2023-05-06"),
            ("本报记者 沈秋白 何田", "Author=沈秋白 何田"),
            ("文/沈秋白", "Author=沈秋白"),
            ("（责任编辑：何田）", "Editor=何田"),
            ("記者張雅文／報導　2022-05-08", "Author=張雅文 | 2022-05-08"),
            ("何田发表于 2019-09-10 20:15", "Author=何田 | 2019-09-10"),
            ("作者：周明远 2023-06-18", "Author=周明远 | 2023-06-18"),
        ] {
            assert_eq!(shown(line), expected, "{line}");
            assert!(read(line).is_pure(), "{line}");
        }
    }

    #[test]
    fn a_sentence_is_no_by_line() {
        for line in [
            "他说：“时间到了，我们走吧。”",
            "这条消息的来源：一位不愿透露姓名的人士向我们描述了当时的情形。",
            "会议时间定在2022年5月6日，地点另行通知，请各单位准时参加。",
        ] {
            assert!(
                !read(line).is_pure() || read(line).get(Field::Author).is_none(),
                "{line}: {}",
                shown(line)
            );
        }
    }

    #[test]
    fn authors_are_parted_from_each_other_and_from_their_offices() {
        let list = |value: &str| -> Vec<(String, Option<String>)> {
            authors(value).into_iter().map(|a| (a.name, a.affiliation)).collect()
        };
        assert_eq!(list("沈秋白 何田"), [("沈秋白".into(), None), ("何田".into(), None)]);
        assert_eq!(
            list("沈秋白（江南大学教授）、何田"),
            [("沈秋白".into(), Some("江南大学教授".into())), ("何田".into(), None)]
        );
        assert_eq!(list("佚名"), []);
        assert_eq!(list("本报记者 沈秋白"), [("沈秋白".into(), None)]);
    }
}
