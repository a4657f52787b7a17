//! Languages (BCP 47) and the regional conventions of type that they choose.

use std::fmt;
use std::str::FromStr;

/// A language tag that Keben can set, kept as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Language(String);

/// The regional convention for forms of characters and punctuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// Simplified Chinese, Mainland: GB punctuation.
    Hans,
    /// Traditional Chinese, Taiwan: centred stops.
    Hant,
    /// Traditional Chinese, Hong Kong and Macao: centred stops.
    Hk,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
    /// A language written without Han characters.
    Western,
}

/// Why a tag is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a BCP 47 language tag such as zh-Hans, zh-Hant, zh-HK, ja, ko or en")]
pub struct LanguageError(pub String);

impl Language {
    /// The tag as written.
    pub fn tag(&self) -> &str {
        &self.0
    }

    /// The primary subtag, lower case: `zh`.
    pub fn primary(&self) -> String {
        self.0.split('-').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// Which regional forms and punctuation the language asks for.
    pub fn region(&self) -> Region {
        let mut script = None;
        let mut territory = None;
        let mut subtags = self.0.split('-');
        let primary = subtags.next().unwrap_or_default().to_ascii_lowercase();
        for subtag in subtags {
            match subtag.len() {
                1 => break, // an extension or private use begins
                2 => territory = territory.or(Some(subtag.to_ascii_uppercase())),
                4 if subtag.as_bytes()[0].is_ascii_alphabetic() => {
                    script = script.or(Some(subtag.to_ascii_lowercase()));
                }
                _ => {}
            }
        }
        match primary.as_str() {
            "ja" => Region::Ja,
            "ko" => Region::Ko,
            "yue" => {
                if script.as_deref() == Some("hans") {
                    Region::Hans
                } else {
                    Region::Hk
                }
            }
            "zh" | "cmn" | "lzh" | "wuu" | "nan" | "hak" => {
                match (script.as_deref(), territory.as_deref()) {
                    (Some("hans"), _) => Region::Hans,
                    (_, Some("HK" | "MO")) => Region::Hk,
                    (Some("hant"), _) | (None, Some("TW")) => Region::Hant,
                    _ => Region::Hans,
                }
            }
            _ => Region::Western,
        }
    }

    /// Whether the language is written with Han characters.
    pub fn is_cjk(&self) -> bool {
        self.region() != Region::Western
    }
}

impl Default for Language {
    /// Simplified Chinese.
    fn default() -> Self {
        Self("zh-Hans".to_owned())
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    /// Accepts well-formed tags: a primary subtag of two or three letters, then subtags of one to
    /// eight letters or digits (RFC 5646 §2.1).
    fn from_str(text: &str) -> Result<Self, LanguageError> {
        let mut subtags = text.split('-');
        let primary_ok = subtags.next().is_some_and(|s| {
            (2..=3).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphabetic())
        });
        let rest_ok = subtags
            .all(|s| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric()));
        if primary_ok && rest_ok && !text.ends_with("-x") {
            Ok(Self(text.to_owned()))
        } else {
            Err(LanguageError(text.to_owned()))
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(tag: &str) -> Region {
        tag.parse::<Language>().unwrap().region()
    }

    #[test]
    fn tags_choose_their_region() {
        assert_eq!(region("zh"), Region::Hans);
        assert_eq!(region("zh-CN"), Region::Hans);
        assert_eq!(region("zh-Hans-HK"), Region::Hans);
        assert_eq!(region("zh-Hant"), Region::Hant);
        assert_eq!(region("zh-TW"), Region::Hant);
        assert_eq!(region("zh-HK"), Region::Hk);
        assert_eq!(region("zh-Hant-MO"), Region::Hk);
        assert_eq!(region("ja"), Region::Ja);
        assert_eq!(region("ko-KR"), Region::Ko);
        assert_eq!(region("en"), Region::Western);
    }

    #[test]
    fn malformed_tags_are_refused() {
        for tag in ["", "z", "chinese", "zh_CN", "zh--CN", "zh-", "简体"] {
            assert!(tag.parse::<Language>().is_err(), "{tag}");
        }
    }
}
