//! What lines of a Chinese page tell about themselves: dates, by-lines, names, furniture,
//! headings. Vocabulary is data, in tables; nothing here knows a format or a site.

pub(crate) mod byline;
pub(crate) mod dates;
pub(crate) mod furniture;
pub(crate) mod heading;
pub(crate) mod names;

/// Han characters, the ideographic zero included.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '〇'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a text closes like a sentence.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['”', '’', '」', '』', '"', '）', ')', ' ']);
    text.ends_with(['。', '！', '？', '；', '…', '!', '?', '．'])
        || text.ends_with('.') && !text.ends_with("..")
}

/// Characters that count when texts are compared: letters and digits, width and case folded, so
/// that two ways of writing the same title are equal.
pub(crate) fn key(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            c => c,
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Length as a reader sees it: characters, two Latin letters counting as one.
pub(crate) fn width(text: &str) -> usize {
    let (narrow, wide) = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .fold((0, 0), |(n, w), c| if c.is_ascii() { (n + 1, w) } else { (n, w + 1) });
    wide + narrow / 2
}

/// The language of a text whose page does not name it, where it is not Simplified Chinese: by
/// characters that only one way of writing has.
pub(crate) fn language(text: &str) -> Option<crate::model::Language> {
    const TRADITIONAL: &str = "這個為時來們對會發動過說產種後學經進電裡現實體當點從業應開還線數關間樣與質總問題見長門書國將無";
    const SIMPLIFIED: &str = "这个为时来们对会发动过说产种后学经进电里现实体当点从业应开还线数关间样与质总问题见长门书国将无";
    let (mut han, mut kana, mut hangul, mut latin) = (0u32, 0u32, 0u32, 0u32);
    let (mut traditional, mut simplified) = (0u32, 0u32);
    for c in text.chars() {
        match c {
            '\u{3040}'..='\u{30FF}' => kana += 1,
            '\u{AC00}'..='\u{D7AF}' => hangul += 1,
            c if c.is_ascii_alphabetic() => latin += 1,
            c if is_han(c) => {
                han += 1;
                traditional += u32::from(TRADITIONAL.contains(c));
                simplified += u32::from(SIMPLIFIED.contains(c) && !TRADITIONAL.contains(c));
            }
            _ => {}
        }
    }
    let tag = if kana * 8 > han + kana && kana > 20 {
        "ja"
    } else if hangul > han && hangul > 20 {
        "ko"
    } else if latin > 200 && latin > 12 * (han + kana + hangul) {
        "en"
    } else if traditional >= 4 && traditional > simplified * 2 {
        "zh-Hant"
    } else {
        return None;
    };
    tag.parse().ok()
}
