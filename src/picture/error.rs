//! Why a picture can't be used.

use std::io;
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic, Message};

/// Why a picture can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// No file has this name.
    #[error("there is no such file")]
    NotFound,
    /// The file is there but can't be read.
    #[error("the file can't be read: {0}")]
    Unreadable(#[source] io::Error),
    /// The content is none of the formats that can be used.
    #[error("this is not a PNG, JPEG, GIF, WebP or SVG picture")]
    UnknownFormat,
    /// The content is cut off or damaged.
    #[error("the picture is damaged: {}", .0.en)]
    Broken(Message),
    /// More than 200 megapixels or 512 MiB.
    #[error("the picture is too large (limit: 200 megapixels, 512 MiB)")]
    TooLarge,
}

impl PictureError {
    /// A damaged picture, with the reason in both languages.
    pub(super) fn broken(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::Broken(Message::new(en, zh))
    }

    /// What is wrong, in both languages.
    pub fn message(&self) -> Message {
        let en = self.to_string();
        match self {
            Self::NotFound => Message::new(en, "文件不存在"),
            Self::Unreadable(cause) => Message::new(en, format!("无法读取文件：{cause}")),
            Self::UnknownFormat => Message::new(en, "不是 PNG、JPEG、GIF、WebP 或 SVG 图片"),
            Self::Broken(reason) => Message::new(en, format!("图片已损坏：{}", reason.zh)),
            Self::TooLarge => Message::new(en, "图片过大（上限为 2 亿像素、512 MiB）"),
        }
    }

    /// The kind of fault, for programs.
    pub fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::MissingPicture,
            Self::Unreadable(_) => Code::Unreadable,
            Self::UnknownFormat | Self::Broken(_) | Self::TooLarge => Code::BrokenPicture,
        }
    }

    /// A warning that names the picture: a book without one picture is still a book.
    pub fn to_warning(&self, path: &Path) -> Diagnostic {
        Diagnostic::warning(self.code(), self.message()).in_file(path)
    }
}

impl From<io::Error> for PictureError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            _ => Self::Unreadable(error),
        }
    }
}

impl From<image::ImageError> for PictureError {
    fn from(error: image::ImageError) -> Self {
        match error {
            image::ImageError::Limits(_) => Self::TooLarge,
            image::ImageError::IoError(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                Self::broken("it is cut off", "内容不完整")
            }
            other => Self::Broken(Message::same(other.to_string())),
        }
    }
}
