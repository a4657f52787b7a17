//! A content stream under construction: operators as bytes, nothing of what they mean.
//!
//! Source: ISO 32000-1, 7.8.2 (content streams), 7.3 (objects).

/// Bytes of a content stream.
#[derive(Debug, Default)]
pub(super) struct Stream(Vec<u8>);

impl Stream {
    /// The bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Appends text as it is, without white space.
    pub(super) fn raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    /// A number, to a thousandth: finer than any device shows, and short.
    pub(super) fn number(&mut self, value: f64) {
        self.decimal(value, 3);
    }

    /// A number with at most `places` digits after the point (no more than 4).
    pub(super) fn decimal(&mut self, value: f64, places: u32) {
        // A byte that ends a number or a name must stand before the next one.
        if self.0.last().is_some_and(|b| !matches!(b, b'[' | b'(' | b')' | b'<' | b'>' | b'\n')) {
            self.0.push(b' ');
        }
        push_number(&mut self.0, value, places);
    }

    /// An operator with its numbers.
    pub(super) fn operator(&mut self, operands: &[f64], name: &str) {
        for operand in operands {
            self.number(*operand);
        }
        self.name(name);
    }

    /// An operator's name after operands that are written, and a line end.
    pub(super) fn name(&mut self, name: &str) {
        if self.0.last().is_some_and(u8::is_ascii_alphanumeric) {
            self.0.push(b' ');
        }
        self.raw(name);
        self.0.push(b'\n');
    }

    /// A literal string of bytes (ISO 32000-1, 7.3.4.2): only what can't stand for itself escaped.
    pub(super) fn string(&mut self, bytes: impl IntoIterator<Item = u8>) {
        self.0.push(b'(');
        for byte in bytes {
            match byte {
                b'(' | b')' | b'\\' => self.0.extend([b'\\', byte]),
                b'\r' => self.raw("\\r"), // a bare one would be read as a line feed
                _ => self.0.push(byte),
            }
        }
        self.0.push(b')');
    }

    /// A text string in UTF-16BE with its mark, in hexadecimal (ISO 32000-1, 7.9.2.2).
    pub(super) fn text_string(&mut self, text: &str) {
        self.raw("<FEFF");
        for unit in text.encode_utf16() {
            self.raw(&format!("{unit:04X}"));
        }
        self.raw(">");
    }
}

/// Appends a number with at most `places` digits after the point, without needless ones.
pub(super) fn push_number(out: &mut Vec<u8>, value: f64, places: u32) {
    let scale = 10_i64.pow(places.min(4));
    // Lengths are far below the bound; anything else (not a number) becomes 0.
    let scaled = (value * scale as f64).round().clamp(-9e14, 9e14) as i64;
    if scaled < 0 {
        out.push(b'-');
    }
    let scaled = scaled.abs();
    let (whole, mut rest) = (scaled / scale, scaled % scale);
    if whole != 0 || rest == 0 {
        out.extend_from_slice(whole.to_string().as_bytes());
    }
    if rest != 0 {
        out.push(b'.');
        let mut unit = scale / 10;
        while rest != 0 {
            out.push(b'0' + (rest / unit) as u8);
            rest %= unit;
            unit = (unit / 10).max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: f64) -> String {
        let mut out = Vec::new();
        push_number(&mut out, value, 3);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_as_short_as_their_thousandths_allow() {
        let cases = [
            (0.0, "0"),
            (-0.0004, "0"),
            (0.5, ".5"),
            (-0.25, "-.25"),
            (12.0, "12"),
            (841.8898, "841.89"),
            (1.001, "1.001"),
            (-3.0006, "-3.001"),
            (f64::NAN, "0"),
        ];
        for (value, expected) in cases {
            assert_eq!(written(value), expected);
        }
    }

    #[test]
    fn strings_escape_what_ends_them_and_what_would_change() {
        let mut stream = Stream::default();
        stream.string(*b"a(b)\\\r\n");
        assert_eq!(stream.into_bytes(), b"(a\\(b\\)\\\\\\r\n)");
    }

    #[test]
    fn operands_are_kept_apart() {
        let mut stream = Stream::default();
        stream.operator(&[1.0, -2.5, 0.25], "m");
        stream.raw("/F0");
        stream.operator(&[10.5], "Tf");
        assert_eq!(stream.into_bytes(), b"1 -2.5 .25 m\n/F0 10.5 Tf\n");
    }
}
