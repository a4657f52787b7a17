//! Numbers as labels: 1. 一、 （一） ① a. i.

use crate::model::{Numbering, Pattern, Sign};

/// The label of item `n`, from 1, in a numbering.
///
/// Where a numbering has no sign for a number (circled beyond 50), it is written in brackets.
pub fn number(numbering: Numbering, n: u32) -> String {
    match numbering {
        Numbering::Arabic => format!("{n}."),
        Numbering::Chinese => format!("{}、", chinese(n)),
        Numbering::ChineseParen => format!("（{}）", chinese(n)),
        Numbering::ArabicParen => format!("（{n}）"),
        Numbering::Circled => circled(n),
        Numbering::Alpha => format!("{}.", alpha(n)),
        Numbering::Roman => format!("{}.", roman(n)),
        Numbering::Bracketed => format!("[{n}]"),
    }
}

/// Number `n` in a pattern: `第三单元`.
pub fn by_pattern(pattern: &Pattern, n: u32) -> String {
    let number = match pattern.sign {
        Sign::Chinese => chinese(n),
        Sign::Arabic => n.to_string(),
        Sign::Circled => circled(n),
        Sign::Roman => roman(n).to_uppercase(),
        Sign::Letter => alpha(n).to_uppercase(),
    };
    format!("{}{number}{}", pattern.before, pattern.after)
}

/// A number in a circle: ① to ㊿, then `[51]` (typesetting.md §8).
pub fn circled(n: u32) -> String {
    let base = match n {
        1..=20 => 0x2460 + (n - 1),
        21..=35 => 0x3251 + (n - 21),
        36..=50 => 0x32B1 + (n - 36),
        _ => return format!("[{n}]"),
    };
    // All three ranges are assigned characters.
    char::from_u32(base).map_or_else(|| format!("[{n}]"), String::from)
}

/// A number in Chinese: 一, 十二, 一百零三.
pub fn chinese(n: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const UNITS: [(u32, &str); 3] = [(1000, "千"), (100, "百"), (10, "十")];
    if n == 0 {
        return DIGITS[0].to_owned();
    }
    let mut out = String::new();
    if n >= 10_000 {
        out = chinese(n / 10_000) + "万";
    }
    let mut rest = n % 10_000;
    let mut zero = n >= 10_000 && rest > 0 && rest < 1000;
    for (unit, name) in UNITS {
        let digit = rest / unit;
        if digit > 0 {
            if zero {
                out.push_str(DIGITS[0]);
            }
            zero = false;
            // 十二, not 一十二, at the beginning.
            if !(unit == 10 && digit == 1 && out.is_empty()) {
                out.push_str(DIGITS[digit as usize]);
            }
            out.push_str(name);
        } else if !out.is_empty() && rest > 0 {
            zero = true;
        }
        rest %= unit;
    }
    if rest > 0 {
        if zero {
            out.push_str(DIGITS[0]);
        }
        out.push_str(DIGITS[rest as usize]);
    }
    out
}

fn alpha(mut n: u32) -> String {
    let mut out = Vec::new();
    while n > 0 {
        n -= 1;
        out.push(b'a' + (n % 26) as u8);
        n /= 26;
    }
    out.iter().rev().map(|b| *b as char).collect()
}

/// A number in small Roman numerals; beyond 3999 in digits.
pub fn roman(n: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4000).contains(&n) {
        return n.to_string();
    }
    let mut rest = n;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            out.push_str(sign);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_numbers_read_as_they_are_spoken() {
        for (n, text) in [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (103, "一百零三"),
            (110, "一百一十"),
            (1001, "一千零一"),
            (1010, "一千零一十"),
            (2024, "二千零二十四"),
            (10_000, "一万"),
            (10_050, "一万零五十"),
            (12_345, "一万二千三百四十五"),
        ] {
            assert_eq!(chinese(n), text);
        }
    }

    #[test]
    fn labels_follow_their_numbering() {
        assert_eq!(number(Numbering::Chinese, 3), "三、");
        assert_eq!(number(Numbering::Circled, 21), "㉑");
        assert_eq!(number(Numbering::Circled, 36), "㊱");
        assert_eq!(number(Numbering::Circled, 51), "[51]");
        assert_eq!(number(Numbering::Alpha, 28), "ab.");
        assert_eq!(number(Numbering::Roman, 14), "xiv.");
    }
}
