//! Type sizes: points, or the Chinese names of sizes (字号).

use crate::units::Pt;

/// Names of sizes in points (GB/T 40070-2021 as given by the ctex manual; typesetting.md §12.2).
const NAMED: [(&str, f64); 16] = [
    ("初号", 42.0),
    ("小初", 36.0),
    ("一号", 26.0),
    ("小一", 24.0),
    ("二号", 22.0),
    ("小二", 18.0),
    ("三号", 16.0),
    ("小三", 15.0),
    ("四号", 14.0),
    ("小四", 12.0),
    ("五号", 10.5),
    ("小五", 9.0),
    ("六号", 7.5),
    ("小六", 6.5),
    ("七号", 5.5),
    ("八号", 5.0),
];

/// Why a size is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a type size: write points (10.5, \"10.5pt\") or a name (五号, 小四)")]
pub struct SizeError(pub String);

/// Reads a type size: `10.5`, `10.5pt`, `五号`. Range 1–400 pt.
pub fn parse_size(text: &str) -> Result<Pt, SizeError> {
    let text = text.trim();
    if let Some((_, points)) = NAMED.iter().find(|(name, _)| *name == text) {
        return Ok(Pt(*points));
    }
    let number = text.strip_suffix("pt").unwrap_or(text).trim();
    match number.parse::<f64>() {
        Ok(points) if (1.0..=400.0).contains(&points) => Ok(Pt(points)),
        _ => Err(SizeError(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_points_or_chinese_names() {
        assert_eq!(parse_size("五号"), Ok(Pt(10.5)));
        assert_eq!(parse_size("小四"), Ok(Pt(12.0)));
        assert_eq!(parse_size("10.5pt"), Ok(Pt(10.5)));
        assert!(parse_size("大号").is_err());
        assert!(parse_size("0").is_err());
    }
}
