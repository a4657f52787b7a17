//! Dates as publications know them: a year, a month or a day.

use std::fmt;
use std::str::FromStr;

/// A calendar date of the precision that is known.
///
/// Reads and prints ISO 8601: `2022`, `2022-11` or `2022-11-26`. Years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

/// Why a string is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a date: write it as 2022-11-26, 2022-11 or 2022")]
pub struct DateError(pub String);

impl Date {
    /// The year, 1–9999.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// The month, 1–12, where it is known.
    pub fn month(&self) -> Option<u8> {
        self.month
    }

    /// The day of the month, 1–31, where it is known.
    pub fn day(&self) -> Option<u8> {
        self.day
    }

    /// As Chinese print shows it: `2022年11月26日`, without padding (GB/T 9704).
    pub fn to_chinese(&self) -> String {
        let mut out = format!("{}年", self.year);
        if let Some(month) = self.month {
            out.push_str(&format!("{month}月"));
        }
        if let Some(day) = self.day {
            out.push_str(&format!("{day}日"));
        }
        out
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar.
///
/// Howard Hinnant's `civil_from_days`, by eras of 400 years
/// (<https://howardhinnant.github.io/date_algorithms.html>).
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let fail = || DateError(text.to_owned());
        let mut parts = text.trim().split('-');
        let mut next = |width: usize| -> Result<Option<u16>, DateError> {
            parts
                .next()
                .map(|part| {
                    let digits = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
                    if digits { part.parse().map_err(|_| fail()) } else { Err(fail()) }
                })
                .transpose()
        };
        let year = next(4)?.filter(|y| *y > 0).ok_or_else(fail)?;
        let month = next(2)?.map(|m| m as u8);
        let day = next(2)?.map(|d| d as u8);
        let month_ok = month.is_none_or(|m| (1..=12).contains(&m));
        let day_ok = day.is_none_or(|d| month.is_some_and(|m| (1..=days_in(year, m)).contains(&d)));
        if parts.next().is_some() || !month_ok || !day_ok {
            return Err(fail());
        }
        Ok(Self { year, month, day })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_three_precisions_and_prints_them_back() {
        for text in ["2022", "2022-11", "2022-11-26", "2024-02-29"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        assert_eq!("2022-11-06".parse::<Date>().unwrap().to_chinese(), "2022年11月6日");
    }

    #[test]
    fn rejects_days_that_do_not_exist() {
        for text in
            ["", "22", "2022-13", "2022-00", "2023-02-29", "2022-1-1", "2022-11-26-1", "0000"]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
