//! From bytes to text: which encoding, and where it is broken.
//!
//! The order of trust: byte order mark, UTF-8 that is valid throughout, what the page declares of
//! itself, then what the bytes look like: `chardetng`'s guess and the encodings of East Asia are
//! each tried, and the one whose text has most of the commonest characters wins.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
};

use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::Pos;

/// Text as it was decoded.
#[derive(Debug, Clone)]
pub(crate) struct Decoded {
    /// The text, without byte order mark, lines divided by `\n`.
    pub(crate) text: String,
    /// Name of the encoding (WHATWG).
    pub(crate) encoding: &'static str,
    /// How the encoding was found out.
    pub(crate) how: &'static str,
    /// Broken bytes, if there were any.
    pub(crate) broken: Option<Diagnostic>,
}

/// Bytes looked at to find the encoding: a page says what it is in its first kilobytes.
const HEAD: usize = 64 * 1024;

/// Decodes a file.
///
/// Broken bytes become U+FFFD, and one warning names how many and where the first stand.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    let (encoding, how) = find(bytes);
    let (text, broken) = with_places(bytes, encoding);
    let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
    let text = match text.contains('\r') {
        true => text.replace("\r\n", "\n").replace('\r', "\n"),
        false => text,
    };
    let broken = (!broken.is_empty()).then(|| report(&broken, encoding));
    Decoded { text, encoding: encoding.name(), how, broken }
}

fn find(bytes: &[u8]) -> (&'static Encoding, &'static str) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, "byte order mark");
    }
    if std::str::from_utf8(bytes).is_ok() && !looks_utf16(bytes) {
        return (UTF_8, "valid UTF-8");
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    if let Some(encoding) = utf16(bytes) {
        return (encoding, "bytes of UTF-16");
    }
    let share = |encoding| plausibility(head, encoding);
    if let Some(declared) = declared(head) {
        // Servers lie and tools convert without saying so: the declaration must fit the bytes.
        if share(declared) > 0.25 || !declared.decode_without_bom_handling(head).1 {
            return (declared, "declaration");
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, bytes.len() <= HEAD);
    let guess = detector.guess(None, Utf8Detection::Allow);
    let mut best = (guess, share(guess) + 0.1); // a tie goes to the detector
    for encoding in [UTF_8, GB18030, BIG5, SHIFT_JIS, EUC_JP, EUC_KR] {
        let score = share(encoding);
        if score > best.1 {
            best = (encoding, score);
        }
    }
    (best.0, "detection")
}

/// What the file says of itself in an XML declaration or a `<meta>`.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&head[..head.len().min(8192)]).to_ascii_lowercase();
    let at = |marker: &str| {
        let rest = head.split_once(marker)?.1.trim_start().strip_prefix('=')?.trim_start();
        let rest = rest.trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
        Encoding::for_label(&rest.as_bytes()[..end.unwrap_or(rest.len())])
    };
    let xml = head.trim_start().starts_with("<?xml").then(|| at("encoding")).flatten();
    // What can be read as ASCII is not UTF-16, whatever it says (HTML, "determining the encoding").
    xml.or_else(|| at("charset")).map(|e| if e == UTF_16LE || e == UTF_16BE { UTF_8 } else { e })
}

fn looks_utf16(bytes: &[u8]) -> bool {
    bytes.len() >= 4
        && bytes.iter().take(HEAD).filter(|b| **b == 0).count() * 20 > bytes.len().min(HEAD)
}

/// UTF-16 without a mark: its spaces and line ends have a zero byte, always on the same side.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let pairs = head.chunks_exact(2);
    let (mut little, mut big) = (0usize, 0usize);
    for pair in pairs {
        match pair {
            [low, 0] if low.is_ascii() && *low != 0 => little += 1,
            [0, low] if low.is_ascii() && *low != 0 => big += 1,
            _ => {}
        }
    }
    let enough = |n: usize, other: usize| n > 0 && n > other * 8 && n * 400 >= head.len();
    if enough(little, big) {
        Some(UTF_16LE)
    } else if enough(big, little) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The commonest characters of written Chinese (both scripts), Japanese and Korean: in running
/// text of the right encoding they are a quarter and more of all that is not ASCII; in text of the
/// wrong one they are rare.
const COMMON: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年\
动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使\
点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质\
這個為時來們對會發動過說產種後學經進著電裡現實量兩體當點從業應開還線數關間樣與質總問題見長門書國將無\
，。、；：？！“”‘’《》（）—…「」『』\u{3000}\
のにはをたがでてとしれさいなるもかっあこりらそまくよんうスルイントラリクーア\
이다는의에을가지고한로도하은사기를어나자서그수대시인정과";

/// Share of common characters among those that are not ASCII, less what is broken. 1 for ASCII.
fn plausibility(head: &[u8], encoding: &'static Encoding) -> f32 {
    let (text, _) = encoding.decode_without_bom_handling(head);
    let (mut all, mut common, mut bad) = (0u32, 0u32, 0u32);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        all += 1;
        match c {
            '\u{FFFD}' => bad += 1,
            '\u{E000}'..='\u{F8FF}' | '\u{80}'..='\u{9F}' | '\u{FF61}'..='\u{FF9F}' => bad += 1,
            c if COMMON.contains(c) => common += 1,
            _ => {}
        }
    }
    if all == 0 {
        return 1.0;
    }
    (common as f32 - 4.0 * bad as f32) / all as f32
}

/// A broken place: line, column, first byte.
type Broken = (Pos, u8);

fn with_places(bytes: &[u8], encoding: &'static Encoding) -> (String, Vec<Broken>) {
    if encoding == UTF_8
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return (text.to_owned(), Vec::new());
    }
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 2 + 16);
    let mut broken = Vec::new();
    let (mut rest, mut counted, mut line, mut column) = (bytes, 0, 1u32, 1u32);
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut out, true);
        let consumed = &rest[..read];
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => out.reserve(rest.len() * 2 + 64),
            DecoderResult::Malformed(length, after) => {
                for c in out[counted..].chars() {
                    (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
                }
                let from = consumed.len().saturating_sub(usize::from(length) + usize::from(after));
                let byte = consumed.get(from).copied().unwrap_or_default();
                broken.push((Pos::new(line, column), byte));
                out.push('\u{FFFD}');
                column += 1;
                counted = out.len();
            }
        }
    }
    (out, broken)
}

fn report(broken: &[Broken], encoding: &'static Encoding) -> Diagnostic {
    let places: Vec<String> = broken
        .iter()
        .take(5)
        .map(|(pos, byte)| format!("{}:{} 0x{byte:02X}", pos.line, pos.column))
        .collect();
    let places = places.join(", ") + if broken.len() > 5 { ", …" } else { "" };
    let (name, count) = (encoding.name(), broken.len());
    let message = Message::new(
        format!("{count} broken place(s) in {name} text, shown as U+FFFD: {places}"),
        format!("{name} 文本有 {count} 处无效字节，以 U+FFFD 代替：{places}"),
    );
    Diagnostic::warning(Code::Encoding, message).at(broken.first().map(|(pos, _)| *pos))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: &str = "清晨的集市已经热闹起来，卖豆腐的老人把担子放在桥头，等着第一批客人。\n这是小镇一天的开始。";
    const TRADITIONAL: &str = "清晨的市集已經熱鬧起來，賣豆腐的老人把擔子放在橋頭，等著第一批客人。\n這是小鎮一天的開始。";
    const JAPANESE: &str =
        "朝の市場はもうにぎやかで、豆腐を売る老人が橋のたもとに荷を下ろしている。";
    const KOREAN: &str =
        "아침 시장은 벌써 시끌벅적하고 두부를 파는 노인이 다리 옆에 짐을 내려놓는다.";

    #[test]
    fn east_asian_encodings_are_told_apart_by_their_bytes() {
        for (text, encoding) in [
            (CHINESE, GB18030),
            (TRADITIONAL, BIG5),
            (JAPANESE, SHIFT_JIS),
            (JAPANESE, EUC_JP),
            (KOREAN, EUC_KR),
        ] {
            let (bytes, _, _) = encoding.encode(text);
            let decoded = decode(&bytes);
            assert_eq!(decoded.text, text, "{}", encoding.name());
            assert!(decoded.broken.is_none());
        }
    }

    #[test]
    fn utf16_is_read_with_and_without_its_mark() {
        for little in [true, false] {
            let text = format!("{CHINESE}\nhttps://example.org/ 2024");
            let unit = |u: u16| if little { u.to_le_bytes() } else { u.to_be_bytes() };
            let bare: Vec<u8> = text.encode_utf16().flat_map(unit).collect();
            let mut marked = unit(0xFEFF).to_vec();
            marked.extend(&bare);
            assert_eq!(decode(&bare).text, text, "little: {little}");
            assert_eq!(decode(&marked).text, text);
        }
    }

    #[test]
    fn a_declaration_is_believed_when_it_fits_and_only_then() {
        let page = |charset: &str| format!("<meta charset=\"{charset}\"><p>{CHINESE}</p>");
        let (gb, utf) = (page("gb2312"), page("utf-8"));
        let (bytes, _, _) = GB18030.encode(&gb);
        let decoded = decode(&bytes);
        assert_eq!((decoded.text.as_str(), decoded.how), (&*page("gb2312"), "declaration"));
        let (bytes, _, _) = GB18030.encode(&utf);
        assert_eq!(decode(&bytes).text, page("utf-8"), "the declaration is wrong");
    }

    #[test]
    fn a_broken_byte_is_reported_with_its_place_and_the_rest_is_kept() {
        let mut bytes = CHINESE.as_bytes().to_vec();
        let at = CHINESE.find("这是").unwrap();
        bytes.insert(at, 0xFF);
        let decoded = decode(&bytes);
        assert_eq!(decoded.encoding, "UTF-8");
        assert_eq!(decoded.text, CHINESE.replace("这是", "\u{FFFD}这是"));
        let broken = decoded.broken.unwrap();
        assert_eq!(broken.pos, Some(Pos::new(2, 1)));
        assert!(broken.message.en.contains("0xFF"), "{}", broken.message.en);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_decoded(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            decode(&bytes);
        }
    }
}
