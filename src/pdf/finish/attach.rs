//! Attachments: the files that a publication was read from (ISO 19005-3, 6.8).

use lopdf::{Document as Lopdf, Object, ObjectId, Stream, StringFormat, dictionary};

use super::metadata::pdf_date;
use super::text_string;
use super::trees::name_tree;
use crate::pdf::Attachment;

/// The attached files as objects.
pub(super) struct Attached {
    /// Their specifications, for the catalog's `AF`.
    pub files: Vec<Object>,
    /// The tree of their names.
    pub names: ObjectId,
}

/// Attaches files; `None` without any.
pub(super) fn attach(
    pdf: &mut Lopdf,
    attachments: &[Attachment],
    stamp: Option<i64>,
) -> Option<Attached> {
    let mut named = Vec::new();
    for attachment in attachments {
        // A date is wanted (ISO 19005-3, 6.8) and the clock must not show: without one, the epoch.
        let changed = Object::string_literal(pdf_date(stamp.unwrap_or(0)));
        let params = dictionary! { "Size" => attachment.data.len() as i64, "ModDate" => changed };
        let dict = dictionary! {
            "Type" => "EmbeddedFile",
            "Subtype" => attachment.media_type,
            "Params" => params,
        };
        let content = pdf.add_object(Stream::new(dict, attachment.data.clone()));
        let name = text_string(&attachment.name);
        let file = pdf.add_object(dictionary! {
            "Type" => "Filespec",
            "F" => name.clone(),
            "UF" => name,
            "AFRelationship" => "Source",
            "EF" => dictionary! { "F" => content, "UF" => content },
        });
        let key = Object::String(attachment.name.clone().into_bytes(), StringFormat::Literal);
        named.push((attachment.name.as_bytes(), key, Object::Reference(file)));
    }
    let files = named.iter().map(|(_, _, file)| file.clone()).collect();
    named.sort_by(|a, b| a.0.cmp(b.0));
    let entries = named.into_iter().map(|(_, key, file)| (key, file)).collect();
    name_tree(pdf, entries).map(|names| Attached { files, names })
}
