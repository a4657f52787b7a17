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
