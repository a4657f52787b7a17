//! Marks that Chinese and Western text share are decided by their neighbours, not by the font.
//!
//! `“ ” ‘ ’ · — … – /` are Chinese when the nearest strong character on either side is Han or a
//! CJK mark, Western inside a run of Latin text, and `’` between letters is always an apostrophe.
//! Source: typesetting.md §1.

use super::class::{Class, is_cjk_strong};

/// The class of every character of a paragraph, with shared marks decided.
///
/// - `text`: the whole paragraph, style boundaries ignored;
/// - `cjk`: whether the paragraph's language is written with Han characters, which decides marks
///   with no strong character around them at all.
///
/// Returns one class for each `char`, in order. A pair of dashes or ellipses gets its class on
/// both characters; a single dash in Chinese text is a connector.
pub fn classify(chars: &[char], cjk: bool) -> Vec<Class> {
    let chinese = chinese_context(chars, cjk);
    let mut classes = Vec::with_capacity(chars.len());
    for (i, &c) in chars.iter().enumerate() {
        let class = Class::of(c);
        let next = chars.get(i + 1).copied();
        let prev = i.checked_sub(1).map(|p| chars[p]);
        classes.push(match c {
            '’' if is_word(prev) && is_word(next) => Class::Latin,
            '“' | '”' | '‘' | '’' | '·' | '…' | '–' if !chinese[i] => Class::Latin,
            '—' if !chinese[i] => Class::Latin,
            '—' if prev != Some('—') && next != Some('—') => Class::Connector,
            '/' if chinese[i] && is_cjk(prev) && is_cjk(next) => Class::Solidus,
            '+' | '−' | '±' | '$' | '£' | '€' | '¥' if !is_digit(next) => {
                if c == '¥' && chinese[i] { Class::Han } else { Class::Latin }
            }
            '%' | '°' | '′' | '″' | '¢' if !is_digit(prev) => Class::Latin,
            '.' | ',' | ':' | '/' if is_digit(prev) && is_digit(next) => Class::Digit,
            _ => class,
        });
    }
    classes
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() && matches!(Class::of(c), Class::Latin | Class::Digit))
}

fn is_digit(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

fn is_cjk(c: Option<char>) -> bool {
    c.is_some_and(is_cjk_strong)
}

/// For every character: whether a shared mark standing there is Chinese.
///
/// The nearest strong character before and after are looked at; one Chinese neighbour is enough,
/// except that a quote pair is decided as a pair: by what stands outside it, or inside when there
/// is nothing outside.
fn chinese_context(chars: &[char], cjk: bool) -> Vec<bool> {
    let strong = |c: char| -> Option<bool> {
        if is_cjk_strong(c) {
            Some(true)
        } else if c.is_alphanumeric() {
            Some(false)
        } else {
            None
        }
    };
    let n = chars.len();
    let mut before: Vec<Option<bool>> = vec![None; n];
    let mut after: Vec<Option<bool>> = vec![None; n];
    let mut last = None;
    for i in 0..n {
        before[i] = last;
        last = strong(chars[i]).or(last);
    }
    last = None;
    for i in (0..n).rev() {
        after[i] = last;
        last = strong(chars[i]).or(last);
    }
    let mut chinese: Vec<bool> = (0..n)
        .map(|i| match (before[i], after[i]) {
            (None, None) => cjk,
            (a, b) => a == Some(true) || b == Some(true),
        })
        .collect();
    pair_quotes(chars, &mut chinese);
    chinese
}

/// Both halves of a quote pair stand in the same script: Chinese if either half is.
fn pair_quotes(chars: &[char], chinese: &mut [bool]) {
    let mut open: Vec<(usize, char)> = Vec::new();
    for i in 0..chars.len() {
        match chars[i] {
            c @ ('“' | '‘') => open.push((i, c)),
            c @ ('”' | '’') => {
                let apostrophe = c == '’'
                    && is_word(i.checked_sub(1).map(|p| chars[p]))
                    && is_word(chars.get(i + 1).copied());
                let wanted = if c == '”' { '“' } else { '‘' };
                if apostrophe || open.last().is_none_or(|(_, o)| *o != wanted) {
                    continue;
                }
                if let Some((start, _)) = open.pop() {
                    let both = chinese[start] || chinese[i];
                    chinese[start] = both;
                    chinese[i] = both;
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(text: &str) -> Vec<Class> {
        classify(&text.chars().collect::<Vec<_>>(), true)
    }

    #[test]
    fn an_apostrophe_between_letters_is_western_even_in_chinese_text() {
        let text = "T’Pol是‘虚构’人物";
        let got = classes(text);
        assert_eq!(got[1], Class::Latin);
        assert_eq!(got[6], Class::Open);
        assert_eq!(got[9], Class::Close);
    }

    #[test]
    fn quotes_around_latin_words_in_chinese_text_are_chinese() {
        let got = classes("他说“Hello world”就走");
        assert_eq!((got[2], got[14]), (Class::Open, Class::Close));
    }

    #[test]
    fn quotes_inside_english_are_western() {
        let chars: Vec<char> = "He said “go” and left…".chars().collect();
        let got = classify(&chars, false);
        assert!(got.iter().all(|c| matches!(c, Class::Latin | Class::Space)));
    }

    #[test]
    fn dashes_in_pairs_are_one_mark_and_single_ones_connect() {
        assert_eq!(classes("是——的")[1..3], [Class::Dash, Class::Dash]);
        assert_eq!(classes("北京—上海")[2], Class::Connector);
    }

    #[test]
    fn numbers_hold_their_points_and_signs() {
        use Class::{Digit, Postfix, Prefix};
        assert_eq!(
            classes("¥1,234.56万")[..9],
            [Prefix, Digit, Digit, Digit, Digit, Digit, Digit, Digit, Digit]
        );
        assert_eq!(classes("增50%。")[3], Postfix);
    }
}
