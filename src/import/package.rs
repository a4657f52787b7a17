//! Reading the zip packages of EPUB and DOCX.

use std::io::{Cursor, Read};

use crate::diagnostic::{Code, Diagnostic, Failure, Message};

/// Largest file taken out of a package, in bytes: a zip may claim to unfold without end.
const LARGEST: u64 = 64 * 1024 * 1024;

/// An opened package.
pub(super) struct Package<'b> {
    archive: zip::ZipArchive<Cursor<&'b [u8]>>,
}

impl<'b> Package<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Failure> {
        let archive =
            zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))?;
        Ok(Self { archive })
    }

    /// The bytes of a file; `None` if it is not there or broken.
    pub(super) fn bytes(&mut self, name: &str) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let file = self.archive.by_name(name).ok()?;
        file.take(LARGEST).read_to_end(&mut out).ok()?;
        Some(out)
    }

    /// The text of a file.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.bytes(name).map(|bytes| super::encoding::decode(&bytes).text)
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.archive.file_names().flatten().map(|n| n.into_owned()).collect()
    }
}

pub(super) fn broken(cause: &str) -> Failure {
    let message = Message::new(
        format!("the package can't be read: {cause}"),
        format!("无法读取压缩包：{cause}"),
    );
    Diagnostic::error(Code::InvalidValue, message).into()
}

/// A path relative to the folder of another one in the same package.
pub(super) fn join(base: &str, relative: &str) -> String {
    let relative = relative.split(['#', '?']).next().unwrap_or_default();
    let relative = super::percent_decode(relative);
    let mut parts: Vec<&str> = match relative.starts_with('/') {
        true => Vec::new(),
        false => {
            base.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect())
        }
    };
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
