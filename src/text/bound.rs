//! What belongs together in a line though its characters could part: the numbers of chapters and the
//! labels of figures and tables.
//!
//! Source: typesetting.md §2.4 (derived from house rules on headings and captions).

use super::{Class, Opportunity};

/// What 第N… can count: the parts of books, and the things that are numbered in order.
const COUNTED: &str = "章节篇部编卷回集册辑讲课单元条款项幕场期版届次页行段层类种个位名";
/// Words whose number stays with them: 图 3, 表2.1, 附录 A.
const LABELS: [&str; 11] =
    ["图", "表", "式", "例", "公式", "附录", "附件", "附图", "附表", "注", "图表"];

/// Forbids the breaks inside 第三章, 第 12 条, 图 3.
pub(super) fn keep(chars: &[char], classes: &[Class], out: &mut [Opportunity]) {
    for i in 0..chars.len() {
        if chars[i] == '第' {
            let number = skip_spaces(chars, i + 1);
            let end = number + numerals(&chars[number..]);
            let unit = skip_spaces(chars, end);
            if end > number && chars.get(unit).is_some_and(|c| COUNTED.contains(*c)) {
                forbid(&mut out[i..unit]);
            }
        } else if let Some(label) = label_at(chars, i) {
            let number = skip_spaces(chars, i + label);
            if classes.get(number) == Some(&Class::Digit) {
                forbid(&mut out[i..number]);
            }
        }
    }
}

fn forbid(out: &mut [Opportunity]) {
    out.fill(Opportunity::Forbidden);
}

/// Index of the first character at or after `i` that is no space: one or two may stand between.
fn skip_spaces(chars: &[char], i: usize) -> usize {
    let spaces = chars.iter().skip(i).take(2).take_while(|c| **c == ' ').count();
    (i + spaces).min(chars.len())
}

/// How many numerals stand at the beginning, Arabic or Chinese.
fn numerals(chars: &[char]) -> usize {
    let numeral = |c: &&char| c.is_ascii_digit() || is_han_numeral(**c);
    // Longer ones are no numbers of anything.
    chars.iter().take(12).take_while(numeral).count()
}

/// The signs Chinese numbers are written with.
pub(crate) fn is_han_numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百千万两廿卅壹贰叁肆伍陆柒捌玖拾佰仟".contains(c)
}

/// Length of the longest label that begins at `i` and is no tail of a longer word.
fn label_at(chars: &[char], i: usize) -> Option<usize> {
    LABELS
        .iter()
        .filter(|label| label.chars().eq(chars[i..].iter().copied().take(label.chars().count())))
        .map(|label| label.chars().count())
        .max()
}

#[cfg(test)]
mod tests {
    use crate::text::{Breaks, Kinsoku, Opportunity, classify};

    fn kept(text: &str, within: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        let found = Breaks { kinsoku: Kinsoku::Gb }.find(&chars, &classify(&chars, true), |_| None);
        let at = text[..text.find(within).unwrap()].chars().count();
        found[at..at + within.chars().count() - 1].iter().all(|o| *o == Opportunity::Forbidden)
    }

    #[test]
    fn numbers_of_chapters_and_labels_stay_whole() {
        assert!(kept("见第三章的论述", "第三章"));
        assert!(kept("依照第 1024 条办理", "第 1024 条"));
        assert!(kept("如图 3 所示", "图 3"));
        assert!(kept("见附录2.1末尾", "附录2.1"));
    }

    #[test]
    fn other_words_break_as_ever() {
        assert!(!kept("第三者都在", "第三者"));
        assert!(!kept("地图上有", "图上"));
    }
}
