//! Pixel density from EXIF: the two resolution tags of a TIFF header, nothing more.
//!
//! Source: CIPA DC-008 (Exif 2.32) §4.5.2 and §4.6.4, TIFF 6.0 §2.

/// Resolution across, as a fraction.
const X_RESOLUTION: u16 = 0x011a;
/// Resolution down, as a fraction.
const Y_RESOLUTION: u16 = 0x011b;
/// What the resolutions count pixels in: 2 inch, 3 centimetre.
const RESOLUTION_UNIT: u16 = 0x0128;

/// Pixels per inch across and down; `None` if the data states none or is malformed.
///
/// - `tiff`: the EXIF data from its byte order mark on, without `Exif\0\0`.
pub(super) fn density(tiff: &[u8]) -> Option<(f64, f64)> {
    let reader = Reader { tiff, big_endian: tiff.starts_with(b"MM") };
    let directory = usize::try_from(reader.u32(4)?).ok()?;
    let (mut across, mut down, mut unit) = (None, None, 2);
    for entry in 0..usize::from(reader.u16(directory)?) {
        let at = directory.checked_add(2 + entry * 12)?;
        match reader.u16(at)? {
            X_RESOLUTION => across = reader.fraction(at),
            Y_RESOLUTION => down = reader.fraction(at),
            RESOLUTION_UNIT => unit = reader.u16(at + 8)?,
            _ => {}
        }
    }
    let per_inch = match unit {
        2 => 1.0,
        3 => 2.54,
        _ => return None,
    };
    Some((across? * per_inch, down.or(across)? * per_inch))
}

struct Reader<'a> {
    tiff: &'a [u8],
    big_endian: bool,
}

impl Reader<'_> {
    fn bytes<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.tiff.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes(at)?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes(at)?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// The fraction that the directory entry at `entry` points to.
    fn fraction(&self, entry: usize) -> Option<f64> {
        let at = usize::try_from(self.u32(entry + 8)?).ok()?;
        let (above, below) = (self.u32(at)?, self.u32(at.checked_add(4)?)?);
        (below != 0).then(|| f64::from(above) / f64::from(below))
    }
}
