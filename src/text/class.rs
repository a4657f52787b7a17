//! Character classes of Chinese typesetting.
//!
//! Source: typesetting.md §1 (CLREQ §table_of_punctuation_marks, GB/T 15834-2011 5.1).

/// What a character is for spacing and line breaking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Han, kana, bopomofo, full-width forms and anything else one em wide that may break freely.
    Han,
    /// Opening brackets and quotes: blank on the left.
    Open,
    /// Closing brackets and quotes: blank on the right.
    Close,
    /// ， 、 ； ：
    Pause,
    /// 。 ． ！ ？
    Stop,
    /// —— as one mark of two ems.
    Dash,
    /// …… as one mark of two ems.
    Ellipsis,
    /// – — ～ between the things they join.
    Connector,
    /// · between the parts of a name.
    Interpunct,
    /// ／ and, in Chinese text, /
    Solidus,
    /// ￥ № + before digits.
    Prefix,
    /// % ℃ ‰ after digits.
    Postfix,
    /// Western digits with their points and commas.
    Digit,
    /// Letters and signs of words written with spaces.
    Latin,
    /// A raised mark that belongs to what stands before it.
    NoteMark,
    /// A word space.
    Space,
    /// U+3000, a blank frame.
    WideSpace,
    /// Hangul syllables: one em wide, but words are kept whole.
    Hangul,
    /// A forced line break.
    Newline,
}

impl Class {
    /// Whether the class is punctuation drawn in one half of a full-width frame.
    pub fn is_framed_mark(self) -> bool {
        matches!(self, Class::Open | Class::Close | Class::Pause | Class::Stop)
    }

    /// Whether a Chinese–Latin gap belongs between this and a Latin letter or digit
    /// (typesetting.md §4): next to punctuation it does not.
    pub fn is_han_like(self) -> bool {
        self == Class::Han
    }

    /// Whether a Chinese–Latin gap belongs between this and a Han character.
    pub fn is_western(self) -> bool {
        matches!(self, Class::Latin | Class::Digit | Class::Prefix | Class::Postfix)
    }

    /// The class of a character that does not depend on its neighbours; marks that Chinese and
    /// Western text share get the class they have in Chinese text (see [`super::classify`]).
    pub fn of(c: char) -> Self {
        match c {
            '\n' | '\u{2028}' => Class::Newline,
            ' ' | '\t' | '\u{2002}'..='\u{200A}' | '\u{205F}' => Class::Space,
            '\u{3000}' => Class::WideSpace,
            '“' | '‘' | '（' | '《' | '〈' | '「' | '『' | '【' | '〖' | '〔' | '［' | '｛'
            | '〘' | '〚' | '〝' | '｟' | '｢' | '﹁' | '﹃' => Class::Open,
            '”' | '’' | '）' | '》' | '〉' | '」' | '』' | '】' | '〗' | '〕' | '］' | '｝'
            | '〙' | '〛' | '〞' | '〟' | '｠' | '｣' | '﹂' | '﹄' => Class::Close,
            '，' | '、' | '；' | '：' | '､' => Class::Pause,
            '。' | '．' | '！' | '？' | '‼' | '⁇' | '⁈' | '⁉' | '｡' => Class::Stop,
            '\u{2E3A}' | '—' => Class::Dash,
            '…' | '⋯' => Class::Ellipsis,
            '–' | '～' | '〜' | '〰' => Class::Connector,
            '·' | '‧' | '・' | '･' => Class::Interpunct,
            '／' => Class::Solidus,
            '￥' | '¥' | '＄' | '$' | '£' | '€' | '₩' | '№' | '+' | '−' | '±' | '＋' => {
                Class::Prefix
            }
            '%' | '％' | '‰' | '‱' | '°' | '℃' | '℉' | '′' | '″' | '₫' | '¢' => {
                Class::Postfix
            }
            '0'..='9' => Class::Digit,
            '\u{1100}'..='\u{11FF}'
            | '\u{3130}'..='\u{318F}'
            | '\u{A960}'..='\u{A97F}'
            | '\u{AC00}'..='\u{D7FF}' => Class::Hangul,
            _ if is_wide(c) => Class::Han,
            _ => Class::Latin,
        }
    }
}

/// Characters set in a one-em frame: Han, kana, CJK symbols, enclosed and full-width forms.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FFF}' | '\u{3001}'..='\u{312F}' | '\u{3190}'..='\u{A4CF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}' | '\u{20000}'..='\u{3FFFF}' | '\u{1AFF0}'..='\u{1B16F}'
        | '\u{2460}'..='\u{24FF}' | '\u{2600}'..='\u{27BF}' | '\u{1F000}'..='\u{1FAFF}'
        | '\u{25A0}'..='\u{25FF}' | '\u{2190}'..='\u{21FF}' | '\u{203B}')
}

/// Whether a character decides that a shared mark beside it is Chinese. Hangul does not: Korean
/// takes the marks of Western text.
pub(super) fn is_cjk_strong(c: char) -> bool {
    let class = Class::of(c);
    match class {
        Class::Han | Class::Pause | Class::Stop | Class::WideSpace => true,
        Class::Open | Class::Close => !matches!(c, '“' | '”' | '‘' | '’'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_the_classes_of_the_specification() {
        for (text, class) in [
            ("中々〇あア㈱①", Class::Han),
            ("“‘（《〈「『【〖〔［｛", Class::Open),
            ("”’）》〉」』】〗〕］｝", Class::Close),
            ("，、；：", Class::Pause),
            ("。．！？", Class::Stop),
            ("·・", Class::Interpunct),
            ("0123456789", Class::Digit),
            ("Aéя", Class::Latin),
            ("%℃‰", Class::Postfix),
            ("¥$№", Class::Prefix),
            ("한글", Class::Hangul),
        ] {
            for c in text.chars() {
                assert_eq!(Class::of(c), class, "{c}");
            }
        }
    }
}
