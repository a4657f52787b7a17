//! The publication's own words, by language: 目录, 摘要, 来源 and their like.
//!
//! Both outputs take them from here, so that a word is the same in PDF and EPUB. The language is
//! that of the text the word stands with, not that of the person who runs the program.

use crate::model::{CalloutKind, Date, Language, Region};

/// A word of the publication itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // each is its own meaning; see WORDS
pub enum Label {
    Contents,
    Summary,
    Keywords,
    EditorNote,
    Questions,
    Glossary,
    Notes,
    Source,
    Foreword,
    Afterword,
    Cover,
    Figure,
    Table,
    Note,
    Tip,
    Important,
    Warning,
    KeyPoint,
    Body,
    Done,
    NotDone,
    BackToText,
    Untitled,
    Landmarks,
    Pages,
    Code,
    TitlePage,
    Colophon,
    Compiler,
    Publisher,
    Date,
    Version,
    Identifier,
    Articles,
    Characters,
    MadeWith,
    CheckSum,
    InternalOnly,
    Appendix,
    Bibliography,
    Index,
    NotePage,
    Answer,
    SourceCode,
    Volume,
}

/// A label in zh-Hans, zh-Hant, ja, ko and English, in this order.
const WORDS: [(Label, [&str; 5]); 45] = [
    (Label::Contents, ["目录", "目錄", "目次", "차례", "Contents"]),
    (Label::Summary, ["摘要", "摘要", "要旨", "요약", "Abstract"]),
    (Label::Keywords, ["关键词", "關鍵詞", "キーワード", "주제어", "Keywords"]),
    (Label::EditorNote, ["编者按", "編者按", "編集者注", "편집자 주", "Editor’s note"]),
    (Label::Questions, ["思考题", "思考題", "考える問い", "생각할 문제", "Questions"]),
    (Label::Glossary, ["词语表", "詞語表", "用語集", "용어집", "Glossary"]),
    (Label::Notes, ["注释", "註釋", "注", "주석", "Notes"]),
    (Label::Source, ["来源", "來源", "出典", "출처", "Source"]),
    (Label::Foreword, ["前言", "前言", "まえがき", "머리말", "Foreword"]),
    (Label::Afterword, ["后记", "後記", "あとがき", "맺음말", "Afterword"]),
    (Label::Cover, ["封面", "封面", "表紙", "표지", "Cover"]),
    (Label::Figure, ["图", "圖", "図", "그림", "Figure"]),
    (Label::Table, ["表", "表", "表", "표", "Table"]),
    (Label::Note, ["注", "註", "注", "참고", "Note"]),
    (Label::Tip, ["提示", "提示", "ヒント", "도움말", "Tip"]),
    (Label::Important, ["重要", "重要", "重要", "중요", "Important"]),
    (Label::Warning, ["警告", "警告", "警告", "경고", "Warning"]),
    (Label::KeyPoint, ["要点", "要點", "要点", "요점", "Key point"]),
    (Label::Body, ["正文", "正文", "本文", "본문", "Text"]),
    (Label::Done, ["已完成", "已完成", "済み", "완료", "Done"]),
    (Label::NotDone, ["未完成", "未完成", "未完", "미완료", "Not done"]),
    (Label::BackToText, ["返回正文", "返回正文", "本文に戻る", "본문으로", "Back to the text"]),
    (Label::Untitled, ["无题", "無題", "無題", "무제", "Untitled"]),
    (Label::Landmarks, ["导航", "導覽", "ナビゲーション", "탐색", "Landmarks"]),
    (Label::Pages, ["页码", "頁碼", "ページ一覧", "쪽 목록", "Pages"]),
    (Label::Code, ["代码", "程式碼", "コード", "코드", "Code"]),
    (Label::TitlePage, ["扉页", "扉頁", "扉", "속표지", "Title page"]),
    (Label::Colophon, ["版权页", "版權頁", "奥付", "판권", "Colophon"]),
    (Label::Compiler, ["选编", "選編", "編", "엮음", "Compiled by"]),
    (Label::Publisher, ["编印", "編印", "発行", "펴낸 곳", "Published by"]),
    (Label::Date, ["日期", "日期", "日付", "날짜", "Date"]),
    (Label::Version, ["版次", "版次", "版", "판", "Edition"]),
    (Label::Identifier, ["编号", "編號", "番号", "번호", "Identifier"]),
    (Label::Articles, ["篇数", "篇數", "収録", "수록", "Articles"]),
    (Label::Characters, ["字数", "字數", "字数", "글자 수", "Words"]),
    (Label::MadeWith, ["排版", "排版", "組版", "조판", "Set with"]),
    (Label::CheckSum, ["校验", "校驗", "検査値", "검사합", "Check sum"]),
    (
        Label::InternalOnly,
        [
            "内部学习资料，仅供学习交流，请勿外传。",
            "內部學習資料，僅供學習交流，請勿外傳。",
            "内部学習用資料につき、外部への配布を禁じます。",
            "내부 학습용 자료이므로 외부에 배포하지 마십시오.",
            "For internal study only; please do not pass on.",
        ],
    ),
    (Label::Appendix, ["附录", "附錄", "付録", "부록", "Appendix"]),
    (Label::Bibliography, ["参考文献", "參考文獻", "参考文献", "참고 문헌", "References"]),
    (Label::Index, ["索引", "索引", "索引", "찾아보기", "Index"]),
    (Label::NotePage, ["笔记", "筆記", "メモ", "메모", "Notes of the reader"]),
    (Label::Answer, ["作答处", "作答處", "解答欄", "답란", "Room for an answer"]),
    (
        Label::SourceCode,
        [
            "二维码：原文网址",
            "二維碼：原文網址",
            "QRコード：原文のURL",
            "QR 코드: 원문 주소",
            "QR code: address of the source",
        ],
    ),
    (Label::Volume, ["册", "冊", "巻", "권", "Volume"]),
];

impl Label {
    /// The word in a language; English for languages without Han characters.
    pub fn text(self, language: &Language) -> &'static str {
        let column = match language.region() {
            Region::Hans => 0,
            Region::Hant | Region::Hk => 1,
            Region::Ja => 2,
            Region::Ko => 3,
            Region::Western => 4,
        };
        WORDS.iter().find(|(label, _)| *label == self).map_or("", |(_, words)| words[column])
    }
}

impl From<CalloutKind> for Label {
    fn from(kind: CalloutKind) -> Self {
        match kind {
            CalloutKind::Note => Self::Note,
            CalloutKind::Tip => Self::Tip,
            CalloutKind::Important => Self::Important,
            CalloutKind::Warning => Self::Warning,
            CalloutKind::KeyPoint => Self::KeyPoint,
        }
    }
}

/// The sign between a label and its text: full-width in Chinese and Japanese.
pub fn colon(language: &Language) -> &'static str {
    match language.region() {
        Region::Hans | Region::Hant | Region::Hk | Region::Ja => "：",
        Region::Ko | Region::Western => ": ",
    }
}

/// A page as references name it: `第 37 页`, `p. 37`.
pub fn page(folio: &str, language: &Language) -> String {
    match language.region() {
        Region::Hans => format!("第 {folio} 页"),
        Region::Hant | Region::Hk => format!("第 {folio} 頁"),
        Region::Ja => format!("{folio}ページ"),
        Region::Ko => format!("{folio}쪽"),
        Region::Western => format!(" p. {folio}"),
    }
}

/// A date as print in the language shows it: `2022年11月26日`, `26 November 2022`.
pub fn date(date: Date, language: &Language) -> String {
    match language.region() {
        Region::Hans | Region::Hant | Region::Hk | Region::Ja => date.to_chinese(),
        Region::Ko => {
            let units = [
                Some(format!("{}년", date.year())),
                date.month().map(|m| format!("{m}월")),
                date.day().map(|d| format!("{d}일")),
            ];
            units.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Region::Western if language.primary() == "en" => english_date(date),
        Region::Western => date.to_string(), // ISO 8601 is read everywhere
    }
}

fn english_date(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = date.month().and_then(|m| MONTHS.get(usize::from(m).saturating_sub(1)));
    match (month, date.day()) {
        (Some(month), Some(day)) => format!("{day} {month} {}", date.year()),
        (Some(month), None) => format!("{month} {}", date.year()),
        (None, _) => date.year().to_string(),
    }
}

/// What somebody did for a text, as a MARC relator code with the words people use for it.
struct Role {
    code: &'static str,
    /// As in [`WORDS`].
    shown: [&'static str; 5],
    /// Words that mean it, lower case.
    words: &'static [&'static str],
}

/// Source: <https://id.loc.gov/vocabulary/relators.html>.
const ROLES: [Role; 9] = [
    Role {
        code: "aut",
        shown: ["", "", "", "", ""],
        words: &["author", "作者", "著", "撰", "著者", "文"],
    },
    Role {
        code: "trl",
        shown: ["译", "譯", "訳", "옮김", "translator"],
        words: &["translator", "译者", "译", "翻译", "譯者", "譯", "翻譯", "訳", "訳者"],
    },
    Role {
        code: "edt",
        shown: ["编", "編", "編", "엮음", "editor"],
        words: &["editor", "编辑", "编者", "编", "主编", "編輯", "編者", "編", "主編"],
    },
    Role {
        code: "com",
        shown: ["编", "編", "編", "엮음", "compiler"],
        words: &["compiler", "选编", "汇编", "編纂", "選編"],
    },
    Role {
        code: "ill",
        shown: ["绘", "繪", "絵", "그림", "illustrator"],
        words: &["illustrator", "绘", "插图", "绘者", "繪", "插圖"],
    },
    Role {
        code: "pht",
        shown: ["摄影", "攝影", "撮影", "사진", "photographer"],
        words: &["photographer", "摄影", "攝影", "摄"],
    },
    Role {
        code: "ann",
        shown: ["注", "註", "注", "주해", "annotator"],
        words: &["annotator", "注", "注释", "注者", "註", "註釋"],
    },
    Role {
        code: "pfr",
        shown: ["校", "校", "校", "교정", "proofreader"],
        words: &["proofreader", "校", "校对", "校對"],
    },
    Role {
        code: "ivr",
        shown: ["采访", "採訪", "取材", "취재", "interviewer"],
        words: &["interviewer", "采访", "记者", "採訪", "記者"],
    },
];

fn find_role(role: &str) -> Option<&'static Role> {
    let role = role.trim().to_lowercase();
    ROLES.iter().find(|r| r.code == role || r.words.contains(&role.as_str()))
}

/// The MARC relator code for a role as written in the model; `oth` for a word not known.
pub fn relator(role: Option<&str>) -> &'static str {
    role.map_or("aut", |role| find_role(role).map_or("oth", |r| r.code))
}

/// The word set after a name for a role: nothing for an author, a word not known as it is.
pub fn role_word(role: Option<&str>, language: &Language) -> String {
    let Some(role) = role else { return String::new() };
    let column = match language.region() {
        Region::Hans => 0,
        Region::Hant | Region::Hk => 1,
        Region::Ja => 2,
        Region::Ko => 3,
        Region::Western => 4,
    };
    let is_code = role.len() == 3 && role.bytes().all(|b| b.is_ascii_lowercase());
    match find_role(role) {
        Some(known) if is_code || known.code == "aut" => known.shown[column].to_owned(),
        _ => role.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(tag: &str) -> Language {
        tag.parse().unwrap()
    }

    #[test]
    fn every_label_has_a_word_in_every_language() {
        for (label, words) in WORDS {
            assert!(words.iter().all(|w| !w.is_empty()), "{label:?}");
            assert_eq!(label.text(&language("zh-Hans")), words[0], "{label:?} stands twice");
        }
    }

    #[test]
    fn words_follow_the_language_of_the_text() {
        assert_eq!(Label::Contents.text(&language("zh-Hans")), "目录");
        assert_eq!(Label::Contents.text(&language("zh-HK")), "目錄");
        assert_eq!(Label::Contents.text(&language("fr")), "Contents");
        let day: Date = "2022-11-06".parse().unwrap();
        assert_eq!(date(day, &language("zh-Hant")), "2022年11月6日");
        assert_eq!(date(day, &language("en")), "6 November 2022");
        assert_eq!(date(day, &language("de")), "2022-11-06");
    }

    #[test]
    fn roles_are_known_as_code_and_as_word() {
        assert_eq!(relator(None), "aut");
        assert_eq!(relator(Some("译者")), "trl");
        assert_eq!(relator(Some("trl")), "trl");
        assert_eq!(relator(Some("杂役")), "oth");
        assert_eq!(role_word(Some("trl"), &language("zh-Hans")), "译");
        assert_eq!(role_word(Some("主编"), &language("zh-Hans")), "主编");
        assert_eq!(role_word(Some("作者"), &language("zh-Hans")), "");
    }
}
