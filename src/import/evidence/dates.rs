//! Dates as pages write them.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::Date;

/// The forms, most telling first. Groups `y`, `m`, `d`; what begins in the middle of a number is
/// none.
static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?P<y>[12]\d{3})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号號]?",
        r"(?P<y>[12]\d{3})\s?(?:-|/|\.|－|／)\s?(?P<m>\d{1,2})\s?(?:-|/|\.|－|／)\s?(?P<d>\d{1,2})",
        r"(?:民[国國])\s*(?P<roc>\d{2,3})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日",
        r"(?P<hy>[〇零○一二三四五六七八九]{4})年(?P<hm>[一二三四五六七八九十]{1,2})月(?P<hd>[一二三四五六七八九十]{1,3})日",
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?P<en>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?,?\s+(?P<y>[12]\d{3})",
        r"(?P<en>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>[12]\d{3})",
        r"(?P<y>[12]\d{3})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])",
        r"(?P<y>[12]\d{3})\s*年\s*(?P<m>\d{1,2})\s*月",
        r"(?P<y>[12]\d{3})-(?P<m>\d{2})",
    ]
    .iter()
    .filter_map(|form| Regex::new(form).ok())
    .collect()
});

/// A time of day beside a date, which the model does not keep.
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[\sT,，]*(?:(?:星期|周|週)[一二三四五六日天])?\s*(?:上午|下午|AM|PM)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\.\d+)?\s*(?:AM|PM|Z|[+-]\d{2}:?\d{2})?",
    )
    .ok()
});

/// A date in a text and the bytes it covers, a time after it included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) date: Date,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The first date in `text`.
pub(crate) fn find(text: &str) -> Option<Found> {
    let mut best: Option<Found> = None;
    for form in FORMS.iter() {
        for captures in form.captures_iter(text) {
            let Some(all) = captures.get(0) else { continue };
            let before = text[..all.start()].chars().next_back();
            let after = text[all.end()..].chars().next();
            if before.is_some_and(|c| c.is_ascii_digit())
                || after.is_some_and(|c| c.is_ascii_digit())
                    && all.as_str().ends_with(|c: char| c.is_ascii_digit())
            {
                continue;
            }
            let Some(date) = date(&captures) else { continue };
            let rest = &text[all.end()..];
            let time = TIME.as_ref().and_then(|time| time.find(rest)).map_or(0, |m| m.end());
            let found = Found { date, start: all.start(), end: all.end() + time };
            if best.as_ref().is_none_or(|best| {
                found.start < best.start && date.day().is_some() == best.date.day().is_some()
                    || date.day().is_some() && best.date.day().is_none()
            }) {
                best = Some(found);
            }
            break;
        }
    }
    best
}

fn date(captures: &regex::Captures<'_>) -> Option<Date> {
    let number = |name: &str| captures.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
    let han = |name: &str| captures.name(name).map(|m| han_number(m.as_str()));
    let year = number("y")
        .or_else(|| number("roc").map(|roc| roc + 1911)) // the Republic's year 1 is 1912
        .or_else(|| captures.name("hy").map(|m| han_digits(m.as_str())))?;
    let english = captures.name("en").and_then(|m| {
        let names = "JanFebMarAprMayJunJulAugSepOctNovDec";
        names.find(m.as_str()).map(|at| at as u32 / 3 + 1)
    });
    let month = number("m").or_else(|| han("hm")).or(english)?;
    if !(1900..=2100).contains(&year) {
        return None;
    }
    match number("d").or_else(|| han("hd")) {
        Some(day) => format!("{year:04}-{month:02}-{day:02}").parse().ok(),
        None => format!("{year:04}-{month:02}").parse().ok(),
    }
}

const DIGITS: &str = "〇一二三四五六七八九";

fn han_digits(text: &str) -> u32 {
    text.chars().fold(0, |n, c| n * 10 + digit(c))
}

fn digit(c: char) -> u32 {
    match c {
        '零' | '○' => 0,
        c => DIGITS.chars().position(|d| d == c).unwrap_or(0) as u32,
    }
}

/// 一 to 三十一.
fn han_number(text: &str) -> u32 {
    match text.split_once('十') {
        None => digit(text.chars().next().unwrap_or('〇')),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { han_digits(tens) };
            tens * 10 + han_digits(ones)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_in_the_forms_that_pages_use() {
        for (text, expected) in [
            ("日期:2022-11-26   浏览:938", "2022-11-26"),
            ("2022年7月2日 08:15 来源：", "2022-07-02"),
            ("2023/1/5 10:00:00", "2023-01-05"),
            ("2021.03.04", "2021-03-04"),
            ("二〇二三年十一月二十六日", "2023-11-26"),
            ("中華民國111年5月8日", "2022-05-08"),
            ("Posted on March 3rd, 2020 by x", "2020-03-03"),
            ("Sat, 26 Nov 2022 10:00:00 +0800", "2022-11-26"),
            ("2022-11-26T10:00:00+08:00", "2022-11-26"),
            ("t20221126_1234.html", "2022-11-26"),
            ("2022年11月", "2022-11"),
        ] {
            assert_eq!(find(text).map(|f| f.date.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "2022-13-40", "120221126", "电话 010-12345678", "第2022期"] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn the_time_belongs_to_the_date() {
        let text = "2022-11-26 10:30:15 来源";
        let found = find(text).unwrap();
        assert_eq!(text[found.end..].trim(), "来源");
    }
}
