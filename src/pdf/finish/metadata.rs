//! Metadata: the same facts in the information dictionary and in XMP.
//!
//! Source: ISO 32000-1, 14.3; ISO 16684-1 (XMP); ISO 19005-2, 6.6; ISO 14289-1, 5 and 7.1.

use std::fmt::Write as _;

use lopdf::{Dictionary, Object, Stream, dictionary};

use super::text_string;
use crate::compose::Book;
use crate::model::civil_from_days;
use crate::pdf::{Archive, PdfOptions};

/// What made the file.
const CREATOR: &str = concat!("Keben ", env!("CARGO_PKG_VERSION"));
/// What wrote it.
const PRODUCER: &str = concat!("Keben ", env!("CARGO_PKG_VERSION"), " (printpdf)");

/// The information dictionary (ISO 32000-1, 14.3.3).
pub(super) fn info(book: &Book, stamp: Option<i64>) -> Dictionary {
    let mut info = dictionary! {
        "Title" => text_string(&title(book)),
        "Creator" => text_string(CREATOR),
        "Producer" => text_string(PRODUCER),
    };
    let authors: Vec<&str> = book.creators.iter().map(|c| c.name.as_str()).collect();
    if !authors.is_empty() {
        info.set("Author", text_string(&authors.join("；")));
    }
    if let Some(description) = &book.description {
        info.set("Subject", text_string(description));
    }
    if !book.subjects.is_empty() {
        info.set("Keywords", text_string(&keywords(book)));
    }
    if let Some(stamp) = stamp {
        let date = pdf_date(stamp);
        info.set("CreationDate", Object::string_literal(date.clone()));
        info.set("ModDate", Object::string_literal(date));
    }
    info
}

/// The title, never empty: a window has to show something (ISO 14289-1, 7.1).
fn title(book: &Book) -> String {
    let title = book.title.to_plain();
    if title.trim().is_empty() {
        crate::labels::Label::Untitled.text(&book.language).to_owned()
    } else {
        title
    }
}

fn keywords(book: &Book) -> String {
    book.subjects.join("，")
}

/// The XMP packet as a stream, not compressed, so that programs find it without reading PDF.
pub(super) fn xmp(book: &Book, options: &PdfOptions) -> Stream {
    let mut out = String::from(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\"\n \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n \
         xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"\n \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"\n \
         xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n",
    );
    let alternative = |out: &mut String, tag: &str, text: &str| {
        let text = escaped(text);
        // Writing to a String can't fail.
        let _ = writeln!(
            out,
            "<dc:{tag}><rdf:Alt><rdf:li xml:lang=\"x-default\">{text}</rdf:li></rdf:Alt></dc:{tag}>"
        );
    };
    let list = |out: &mut String, tag: &str, kind: &str, items: &[&str]| {
        if items.iter().all(|item| item.is_empty()) {
            return;
        }
        let _ = write!(out, "<dc:{tag}><rdf:{kind}>");
        for item in items.iter().filter(|item| !item.is_empty()) {
            let _ = write!(out, "<rdf:li>{}</rdf:li>", escaped(item));
        }
        let _ = writeln!(out, "</rdf:{kind}></dc:{tag}>");
    };
    alternative(&mut out, "title", &title(book));
    if let Some(description) = &book.description {
        alternative(&mut out, "description", description);
    }
    let creators: Vec<&str> = book.creators.iter().map(|c| c.name.as_str()).collect();
    list(&mut out, "creator", "Seq", &creators);
    list(&mut out, "publisher", "Bag", &[book.publisher.as_deref().unwrap_or_default()]);
    let subjects: Vec<&str> = book.subjects.iter().map(String::as_str).collect();
    list(&mut out, "subject", "Bag", &subjects);
    list(&mut out, "language", "Bag", &[book.language.tag()]);
    let date = book.date.map(|date| date.to_string()).unwrap_or_default();
    list(&mut out, "date", "Seq", &[&date]);
    out.push_str("<dc:format>application/pdf</dc:format>\n");
    if let Some(identifier) = &book.identifier {
        let _ = writeln!(out, "<dc:identifier>{}</dc:identifier>", escaped(identifier));
    }
    if let Some(source) = &book.source {
        let _ = writeln!(out, "<dc:source>{}</dc:source>", escaped(source));
    }
    let _ = writeln!(out, "<xmp:CreatorTool>{CREATOR}</xmp:CreatorTool>");
    if let Some(stamp) = options.stamp {
        let date = xmp_date(stamp);
        for tag in ["CreateDate", "ModifyDate", "MetadataDate"] {
            let _ = writeln!(out, "<xmp:{tag}>{date}</xmp:{tag}>");
        }
    }
    let _ = writeln!(out, "<pdf:Producer>{PRODUCER}</pdf:Producer>");
    if !book.subjects.is_empty() {
        let _ = writeln!(out, "<pdf:Keywords>{}</pdf:Keywords>", escaped(&keywords(book)));
    }
    if let Some((part, level)) = match options.archive() {
        Archive::None => None,
        Archive::A2a => Some((2, 'A')),
        Archive::A3a => Some((3, 'A')),
    } {
        let _ = writeln!(out, "<pdfaid:part>{part}</pdfaid:part>");
        let _ = writeln!(out, "<pdfaid:conformance>{level}</pdfaid:conformance>");
    }
    out.push_str("<pdfuaid:part>1</pdfuaid:part>\n</rdf:Description>\n");
    out.push_str(UA_SCHEMA);
    out.push_str("</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
    let dict = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    Stream::new(dict, out.into_bytes()).with_compression(false)
}

/// PDF/A does not know the property of PDF/UA, so the packet describes it
/// (ISO 19005-2, 6.6.2.3).
const UA_SCHEMA: &str = "\
<rdf:Description rdf:about=\"\"
 xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\"
 xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\"
 xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
";

/// Text in XML; characters that XML 1.0 has no place for are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{0}'..='\u{8}'
            | '\u{B}'
            | '\u{C}'
            | '\u{E}'..='\u{1F}'
            | '\u{FFFE}'
            | '\u{FFFF}' => {}
            c => out.push(c),
        }
    }
    out
}

struct Moment {
    date: (i64, i64, i64),
    time: (i64, i64, i64),
}

impl Moment {
    fn new(stamp: i64) -> Self {
        let seconds = stamp.rem_euclid(86_400);
        Self {
            date: civil_from_days(stamp.div_euclid(86_400)),
            time: (seconds / 3600, seconds / 60 % 60, seconds % 60),
        }
    }
}

/// A date as PDF writes it (ISO 32000-1, 7.9.4), in UTC.
pub(super) fn pdf_date(stamp: i64) -> String {
    let Moment { date: (year, month, day), time: (hour, minute, second) } = Moment::new(stamp);
    format!("D:{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z")
}

/// A date as XMP writes it (ISO 8601), in UTC.
fn xmp_date(stamp: i64) -> String {
    let Moment { date: (year, month, day), time: (hour, minute, second) } = Moment::new(stamp);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_the_standards_want() {
        assert_eq!(pdf_date(0), "D:19700101000000Z");
        assert_eq!(pdf_date(1_669_420_800), "D:20221126000000Z");
        assert_eq!(pdf_date(951_782_399), "D:20000228235959Z");
        assert_eq!(pdf_date(951_782_400), "D:20000229000000Z");
        assert_eq!(xmp_date(951_782_399), "2000-02-28T23:59:59Z");
    }

    #[test]
    fn metadata_holds_any_text() {
        assert_eq!(escaped("a<b> & \u{1}“c”"), "a&lt;b&gt; &amp; “c”");
    }
}
