//! QR codes of addresses (ISO/IEC 18004, made by the `qrcode` crate).

use qrcode::{Color, EcLevel, QrCode};

use super::links::external;

/// A QR code as a grid of modules, without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// The address it leads to.
    pub url: String,
    /// Modules on a side, 21 to 177.
    pub side: usize,
    /// Whether each module is dark, row by row.
    pub dark: Vec<bool>,
}

impl Qr {
    /// The code of an address; `None` if it is none, or too long for a code (some 2,300 bytes).
    pub(super) fn of(url: &str) -> Option<Self> {
        let url = external(url.trim())?;
        // M restores 15 % of a code: enough for print that gets folded and stained.
        let code = QrCode::with_error_correction_level(&url, EcLevel::M).ok()?;
        let dark = code.to_colors().into_iter().map(|c| c == Color::Dark).collect();
        Some(Self { url, side: code.width(), dark })
    }

    /// The dark modules of each row as runs: row, first column, number of columns.
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut out = Vec::new();
        for (row, line) in self.dark.chunks(self.side.max(1)).enumerate() {
            let mut column = 0;
            while column < line.len() {
                let length =
                    line[column..].iter().take_while(|dark| **dark == line[column]).count();
                if line[column] {
                    out.push((row, column, length));
                }
                column += length;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_finder_patterns_and_its_runs_are_its_dark_modules() {
        let code = Qr::of("https://example.com/文章").unwrap();
        assert_eq!(code.url, "https://example.com/%E6%96%87%E7%AB%A0");
        let at = |row: usize, column: usize| code.dark[row * code.side + column];
        for corner in [(0, 0), (0, code.side - 7), (code.side - 7, 0)] {
            assert!((0..7).all(|i| at(corner.0, corner.1 + i) && at(corner.0 + i, corner.1)));
        }
        let dark: usize = code.runs().iter().map(|(_, _, length)| length).sum();
        assert_eq!(dark, code.dark.iter().filter(|d| **d).count());
    }

    #[test]
    fn what_is_no_address_has_no_code() {
        assert_eq!(Qr::of("articles/a.md"), None);
        assert_eq!(Qr::of(&format!("https://a.cn/{}", "x".repeat(4000))), None);
    }
}
