//! Accessibility metadata (EPUB Accessibility 1.1 §2): only what is true of this very book.

use crate::compose::Book;
use crate::compose::walk::{self, Node};
use crate::model::{Block, Inline, Region};
use crate::picture::PictureFormat;

/// What was found in a book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// Whether it shows any picture.
    pub(super) pictures: bool,
    /// Whether some picture has no alternative text of its own.
    pub(super) without_alt: bool,
    /// Whether a picture may move (GIF): then nobody can say that it never flashes.
    pub(super) moving: bool,
    /// Whether it has ruby.
    pub(super) ruby: bool,
    /// Whether it says where the pages of a printed edition begin; not looked for in the book.
    pub(super) pages: bool,
}

impl Findings {
    /// Looks through the whole book.
    pub(super) fn of(book: &Book) -> Self {
        let mut found = Self {
            moving: book.pictures.0.iter().any(|p| p.format == PictureFormat::Gif),
            ..Self::default()
        };
        let mut visit = |node: Node<'_>| match node {
            Node::Block(Block::Figure(figure)) if figure.src.is_some() => {
                found.pictures = true;
                found.without_alt |= figure.alt.is_none();
            }
            Node::Text(text) => text.visit(&mut |inline| match inline {
                Inline::Image(_) => found.pictures = true,
                Inline::Ruby(_) => found.ruby = true,
                _ => {}
            }),
            Node::Block(_) => {}
        };
        for section in &book.sections {
            section.flow.iter().for_each(|element| walk::element(element, &mut visit));
            section.notes.values().for_each(|body| walk::blocks(body, &mut visit));
        }
        found
    }

    /// `property`, `value` pairs in the order they stand in the package document.
    pub(super) fn metadata(self, book: &Book) -> Vec<(&'static str, String)> {
        let mut out: Vec<(&str, String)> = vec![("schema:accessMode", "textual".to_owned())];
        if self.pictures {
            out.push(("schema:accessMode", "visual".to_owned()));
        }
        if !self.without_alt {
            out.push(("schema:accessModeSufficient", "textual".to_owned()));
        }
        if self.pictures {
            out.push(("schema:accessModeSufficient", "textual,visual".to_owned()));
        }
        let features = [
            (true, "structuralNavigation"),
            (true, "tableOfContents"),
            (true, "readingOrder"),
            (true, "ARIA"),
            (true, "displayTransformability"),
            (true, "unlocked"),
            (self.pictures && !self.without_alt, "alternativeText"),
            (self.ruby, "rubyAnnotations"),
            (self.pages, "pageBreakMarkers"),
            (self.pages, "pageNavigation"),
        ];
        for (_, feature) in features.into_iter().filter(|(holds, _)| *holds) {
            out.push(("schema:accessibilityFeature", feature.to_owned()));
        }
        let hazard = if self.moving { "unknown" } else { "none" };
        out.push(("schema:accessibilityHazard", hazard.to_owned()));
        out.push(("schema:accessibilitySummary", self.summary(book).to_owned()));
        out
    }

    /// A sentence for people, in the language of the book.
    fn summary(self, book: &Book) -> &'static str {
        let all = !self.without_alt;
        match book.language.region() {
            Region::Hans if all => "正文为可调整版式的文字，有目录和标题结构；图片均有替代文字。",
            Region::Hans => "正文为可调整版式的文字，有目录和标题结构；部分图片没有替代文字。",
            Region::Hant | Region::Hk if all => {
                "正文為可調整版式的文字，有目錄和標題結構；圖片均有替代文字。"
            }
            Region::Hant | Region::Hk => {
                "正文為可調整版式的文字，有目錄和標題結構；部分圖片沒有替代文字。"
            }
            Region::Ja if all => {
                "本文はリフロー型のテキストで、目次と見出しがあります。画像にはすべて代替テキストがあります。"
            }
            Region::Ja => {
                "本文はリフロー型のテキストで、目次と見出しがあります。一部の画像に代替テキストがありません。"
            }
            Region::Ko if all => {
                "본문은 재배치 가능한 텍스트이며 차례와 제목 구조가 있습니다. 모든 그림에 대체 텍스트가 있습니다."
            }
            Region::Ko => {
                "본문은 재배치 가능한 텍스트이며 차례와 제목 구조가 있습니다. 일부 그림에는 대체 텍스트가 없습니다."
            }
            Region::Western if all => {
                "Reflowable text with contents and structured headings; every picture has a text alternative."
            }
            Region::Western => {
                "Reflowable text with contents and structured headings; some pictures have no text alternative."
            }
        }
    }
}
