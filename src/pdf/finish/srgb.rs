//! The sRGB profile that gives the file's colours their meaning.
//!
//! Built here from the numbers of the standard: a matrix profile of version 4 with the sRGB curve
//! is 500 bytes, and no licence comes with it.
//!
//! Source: ICC.1:2022, 7 to 10; IEC 61966-2-1 (primaries, curve), adapted to D50 by Bradford.

/// Columns of the matrix from linear sRGB to D50 XYZ: red, green, blue.
const PRIMARIES: [[f64; 3]; 3] = [
    [0.436_065_674, 0.222_488_403, 0.013_916_016],
    [0.385_147_095, 0.716_873_169, 0.097_076_416],
    [0.143_066_406, 0.060_607_910, 0.714_096_069],
];
/// The illuminant of the connection space, D50.
const D50: [f64; 3] = [0.964_202_881, 1.0, 0.824_905_396];
/// Bradford adaptation from D65 to D50, by rows.
const ADAPTATION: [f64; 9] = [
    1.047_882_080,
    0.022_918_701,
    -0.050_216_675,
    0.029_586_792,
    0.990_478_516,
    -0.017_059_326,
    -0.009_231_567,
    0.015_075_684,
    0.751_678_467,
];
/// The curve: γ, then a, b, c, d of `(aX + b)^γ` from d on and `cX` below it.
const CURVE: [f64; 5] = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45];

/// The profile's bytes.
pub(super) fn profile() -> Vec<u8> {
    let xyz = |values: [f64; 3]| tag(b"XYZ ", values.iter().flat_map(|v| fixed(*v)));
    let curve = tag(b"para", [0, 3, 0, 0].into_iter().chain(CURVE.iter().flat_map(|v| fixed(*v))));
    let [red, green, blue] = PRIMARIES;
    // Tags with the same data share it.
    let parts: [(&[&[u8; 4]], Vec<u8>); 8] = [
        (&[b"desc"], text("sRGB")),
        (&[b"cprt"], text("CC0")),
        (&[b"wtpt"], xyz(D50)),
        (&[b"chad"], tag(b"sf32", ADAPTATION.iter().flat_map(|v| fixed(*v)))),
        (&[b"rXYZ"], xyz(red)),
        (&[b"gXYZ"], xyz(green)),
        (&[b"bXYZ"], xyz(blue)),
        (&[b"rTRC", b"gTRC", b"bTRC"], curve),
    ];
    let count: usize = parts.iter().map(|(names, _)| names.len()).sum();
    let mut table = (count as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    let base = 128 + 4 + count * 12;
    for (names, part) in &parts {
        for name in *names {
            table.extend_from_slice(*name);
            table.extend(((base + data.len()) as u32).to_be_bytes());
            table.extend((part.len() as u32).to_be_bytes());
        }
        data.extend(part);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let size = base + data.len();
    let mut out = Vec::with_capacity(size);
    out.extend((size as u32).to_be_bytes());
    out.extend([0; 4]); // no preferred module
    out.extend([4, 0x30, 0, 0]); // version 4.3
    out.extend_from_slice(b"mntrRGB XYZ ");
    for part in [2022_u16, 1, 1, 0, 0, 0] {
        out.extend(part.to_be_bytes()); // a fixed date: the same file every time
    }
    out.extend_from_slice(b"acsp");
    out.extend([0; 24]); // platform, flags, maker, model, attributes
    out.extend([0; 4]); // perceptual
    out.extend(D50.iter().flat_map(|v| fixed(*v)));
    out.resize(128, 0);
    out.extend(table);
    out.extend(data);
    out
}

/// s15Fixed16Number.
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}

fn tag(kind: &[u8; 4], data: impl IntoIterator<Item = u8>) -> Vec<u8> {
    kind.iter().copied().chain([0; 4]).chain(data).collect()
}

/// multiLocalizedUnicodeType with one record, for en-US.
fn text(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let head = [1_u32, 12].into_iter().flat_map(u32::to_be_bytes);
    let record = b"enUS".iter().copied();
    let place = [units.len() as u32, 28].into_iter().flat_map(u32::to_be_bytes);
    tag(b"mluc", head.chain(record).chain(place).chain(units))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primaries_add_up_to_the_white_point() {
        for axis in 0..3 {
            let sum: f64 = PRIMARIES.iter().map(|p| p[axis]).sum();
            assert!((sum - D50[axis]).abs() < 3e-4, "{axis}: {sum}");
        }
    }

    #[test]
    fn every_tag_lies_inside_the_profile_on_a_boundary_of_four() {
        let profile = profile();
        let word = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(word(0), profile.len());
        assert_eq!(&profile[36..40], b"acsp");
        for k in 0..word(128) {
            let (offset, size) = (word(132 + k * 12 + 4), word(132 + k * 12 + 8));
            assert!(offset % 4 == 0 && offset + size <= profile.len());
        }
        assert!(profile.len() < 600);
    }
}
