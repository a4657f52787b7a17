//! What a picture must be to stand in an EPUB.

use quick_xml::events::Event;

use super::EpubError;
use crate::picture::{Picture, PictureFormat};

/// Checks that a picture is one that readers can show: an SVG must be well-formed XML without
/// scripts and without pictures from elsewhere (EPUB 3.3 §3.6: such resources must be in the file).
pub(super) fn check(picture: &Picture) -> Result<(), EpubError> {
    if picture.format != PictureFormat::Svg {
        return Ok(());
    }
    check_svg(&picture.data)
        .map_err(|reason| EpubError::Picture { path: picture.path.display().to_string(), reason })
}

pub(super) fn check_svg(data: &[u8]) -> Result<(), String> {
    let mut reader = quick_xml::Reader::from_reader(data);
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    let mut root = false;
    loop {
        let event =
            reader.read_event_into(&mut buffer).map_err(|e| format!("not well-formed: {e}"))?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = tag.local_name();
                if depth == 0 && name.as_ref() != "svg" {
                    return Err("its root element is not 'svg'".to_owned());
                }
                root = true;
                if name.as_ref() == "script" {
                    return Err("it holds a script".to_owned());
                }
                for attribute in tag.attributes() {
                    let attribute = attribute.map_err(|e| format!("not well-formed: {e}"))?;
                    let key = attribute.key.local_name();
                    let value = attribute.value.trim_start();
                    let remote = value.starts_with("http:") || value.starts_with("https:");
                    if key.as_ref() == "href" && remote && name.as_ref() != "a" {
                        return Err("it shows something from the web".to_owned());
                    }
                }
                if matches!(event, Event::Start(_)) {
                    depth += 1;
                }
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth > 0 || !root => {
                return Err("not well-formed: it ends early".to_owned());
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}
