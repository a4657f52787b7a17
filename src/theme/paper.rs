//! Paper: trim sizes by name or by measure.

use std::str::FromStr;

use crate::units::Pt;

/// Width and height of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// Width.
    pub width: Pt,
    /// Height.
    pub height: Pt,
}

/// Why a paper is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not a paper size: use A4, A5, B5, 16k, d16k, 32k, d32k or WIDTHxHEIGHTmm (60–1000 mm)"
)]
pub struct PaperError(pub String);

/// Trim sizes in mm (typesetting.md §12.4).
const NAMED: [(&str, f64, f64); 8] = [
    ("a4", 210.0, 297.0),
    ("a5", 148.0, 210.0),
    ("b5", 176.0, 250.0),
    ("16k", 185.0, 260.0),
    ("d16k", 210.0, 285.0),
    ("32k", 130.0, 184.0),
    ("d32k", 140.0, 203.0),
    ("letter", 215.9, 279.4),
];

impl FromStr for Paper {
    type Err = PaperError;

    /// Reads `A4`, `d32k`, `大32开`, or `120x180mm`; without regard to case.
    fn from_str(text: &str) -> Result<Self, PaperError> {
        let wanted = text.trim().to_lowercase().replace('开', "k").replace('大', "d");
        let mm = |width: f64, height: f64| Self { width: Pt::mm(width), height: Pt::mm(height) };
        if let Some((_, width, height)) = NAMED.iter().find(|(name, ..)| *name == wanted) {
            return Ok(mm(*width, *height));
        }
        let fail = || PaperError(text.to_owned());
        let (width, height) = wanted
            .strip_suffix("mm")
            .and_then(|sides| sides.split_once(['x', '×']))
            .ok_or_else(fail)?;
        let side =
            |side: &str| side.trim().parse::<f64>().ok().filter(|v| (60.0..=1000.0).contains(v));
        match (side(width), side(height)) {
            (Some(width), Some(height)) => Ok(mm(width, height)),
            _ => Err(fail()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_have_names_and_measures() {
        let a4: Paper = "A4".parse().unwrap();
        assert!((a4.width.to_mm() - 210.0).abs() < 1e-9);
        assert_eq!("大32开".parse::<Paper>(), "d32k".parse());
        assert!("120x180mm".parse::<Paper>().is_ok());
        for wrong in ["", "A9", "10x10mm", "120x180", "NaNxNaNmm", "120xmm"] {
            assert!(wrong.parse::<Paper>().is_err(), "{wrong}");
        }
    }
}
