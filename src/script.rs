//! Conversion of a whole publication between Simplified and Traditional Chinese.
//!
//! Words and characters are OpenCC's (<https://github.com/BYVoid/OpenCC>, Apache-2.0), through
//! `ferrous-opencc`. Text in other languages than Chinese, code, addresses and names of elements
//! stay as they are, and so do the words of the packet's keep-list.

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

use crate::compose::walk::bodies_mut;
use crate::diagnostic::{Code, Diagnostic, Message, Outcome};
use crate::input::Publication;
use crate::model::{
    Article, Author, Block, Contents, Inline, Language, Packet, Pattern, Region, Text,
};

/// A script of Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Simplified.
    Hans,
    /// Traditional, in the forms of Taiwan.
    Hant,
    /// Traditional, in the forms of Hong Kong.
    Hk,
}

impl Script {
    fn language(self) -> Language {
        let tag = match self {
            Self::Hans => "zh-Hans",
            Self::Hant => "zh-Hant",
            Self::Hk => "zh-HK",
        };
        tag.parse().unwrap_or_default()
    }
}

/// Converts a publication.
///
/// # Errors
///
/// The dictionaries compiled into the program can't be read: a fault in the program.
pub fn convert(publication: &mut Publication, script: Script) -> Outcome<()> {
    let keep = match publication {
        Publication::Packet(packet) => packet.study.keep.clone(),
        Publication::Article(_) => Vec::new(),
    };
    let converter = Converter::new(script, keep)?;
    match publication {
        Publication::Article(article) => converter.article(article),
        Publication::Packet(packet) => converter.packet(packet),
    }
    Ok(())
}

struct Converter {
    script: Script,
    opencc: OpenCC,
    /// Longest first, so that of two words at one place the longer is kept.
    keep: Vec<String>,
}

impl Converter {
    fn new(script: Script, mut keep: Vec<String>) -> Outcome<Self> {
        let config = match script {
            Script::Hans => BuiltinConfig::T2s,
            Script::Hant => BuiltinConfig::S2tw,
            Script::Hk => BuiltinConfig::S2hk,
        };
        let opencc = OpenCC::from_config(config).map_err(|e| {
            Diagnostic::error(Code::Internal, Message::same(format!("OpenCC: {e}")))
        })?;
        keep.retain(|word| !word.is_empty());
        keep.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Ok(Self { script, opencc, keep })
    }

    /// Converts a string but for the words to be kept.
    fn string(&self, text: &mut String) {
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let next = self
                .keep
                .iter()
                .filter_map(|word| rest.find(word.as_str()).map(|at| (at, word.len())))
                .min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)));
            let (before, kept) = next.map_or((rest.len(), 0), |found| found);
            if before > 0 {
                out.push_str(&self.opencc.convert(&rest[..before]));
            }
            out.push_str(&rest[before..before + kept]);
            rest = &rest[before + kept..];
        }
        *text = out;
    }

    fn text(&self, text: &mut Text) {
        for inline in &mut text.0 {
            match inline {
                Inline::Plain(plain) => self.string(plain),
                Inline::Ruby(pairs) => pairs.iter_mut().for_each(|p| self.string(&mut p.base)),
                Inline::Image(image) => self.string(&mut image.alt),
                Inline::Foreign { language, text } => {
                    if is_chinese(language) {
                        self.text(text);
                        *language = self.script.language();
                    }
                    continue;
                }
                Inline::Link { title: Some(title), .. } => self.string(title),
                _ => {}
            }
            if let Some(inner) = inline.children_mut() {
                self.text(inner);
            }
        }
    }

    fn optional(&self, text: &mut Option<Text>) {
        text.iter_mut().for_each(|t| self.text(t));
    }

    fn strings<'s>(&self, strings: impl IntoIterator<Item = &'s mut String>) {
        strings.into_iter().for_each(|s| self.string(s));
    }

    fn blocks(&self, blocks: &mut [Block]) {
        for block in blocks {
            match block {
                Block::Heading(heading) => self.text(&mut heading.text),
                Block::Paragraph(text) => self.text(text),
                Block::Quote(quote) => self.optional(&mut quote.attribution),
                Block::Poem(poem) => {
                    self.optional(&mut poem.title);
                    self.optional(&mut poem.author);
                    poem.stanzas.iter_mut().flatten().for_each(|t| self.text(t));
                }
                Block::Definitions(list) => {
                    list.iter_mut().for_each(|d| self.text(&mut d.term));
                }
                Block::Table(table) => {
                    self.optional(&mut table.caption);
                    let rows = table.head.iter_mut().chain(&mut table.rows);
                    rows.flat_map(|row| &mut row.cells).for_each(|c| self.text(&mut c.text));
                }
                Block::Figure(figure) => {
                    self.optional(&mut figure.caption);
                    self.optional(&mut figure.credit);
                    self.strings(&mut figure.alt);
                }
                Block::Code(code) => self.optional(&mut code.caption),
                Block::Callout(callout) => self.optional(&mut callout.title),
                Block::List(_) | Block::Divider | Block::PageBreak | Block::Footnotes(_) => {}
            }
            bodies_mut(block).into_iter().for_each(|body| self.blocks(body));
        }
    }

    fn authors(&self, authors: &mut [Author]) {
        for author in authors {
            self.string(&mut author.name);
            self.strings(author.role.iter_mut().chain(&mut author.affiliation));
        }
    }

    fn article(&self, article: &mut Article) {
        if !is_chinese(&article.language) {
            return;
        }
        article.language = self.script.language();
        self.text(&mut article.title);
        for text in [&mut article.subtitle, &mut article.summary, &mut article.editor_note] {
            self.optional(text);
        }
        self.authors(&mut article.authors);
        if let Some(source) = &mut article.source {
            self.strings(source.name.iter_mut().chain(&mut source.issue));
            self.strings(source.publisher.iter_mut());
        }
        self.strings(&mut article.keywords);
        article.questions.iter_mut().for_each(|q| self.text(q));
        for entry in &mut article.glossary {
            self.string(&mut entry.term);
            self.text(&mut entry.definition);
        }
        self.blocks(&mut article.body);
    }

    fn packet(&self, packet: &mut Packet) {
        packet.articles_mut().for_each(|article| self.article(article));
        if !is_chinese(&packet.language) {
            return;
        }
        packet.language = self.script.language();
        self.text(&mut packet.title);
        self.optional(&mut packet.subtitle);
        self.strings(packet.compiler.iter_mut().chain(&mut packet.publisher));
        self.blocks(&mut packet.foreword);
        self.blocks(&mut packet.afterword);
        for entry in &mut packet.contents {
            if let Contents::Part(part) = entry {
                self.text(&mut part.title);
                self.blocks(&mut part.intro);
            }
        }
        let study = &mut packet.study;
        if let Some(colophon) = &mut study.colophon {
            self.strings(&mut colophon.version);
            self.optional(&mut colophon.notice);
        }
        self.strings(&mut study.index_terms);
        self.strings(study.readings.iter_mut().map(|(word, _)| word));
        let plan = &mut study.numbering;
        let single = [
            &mut plan.parts,
            &mut plan.articles,
            &mut plan.figures,
            &mut plan.tables,
            &mut plan.appendices,
        ];
        let patterns = single.into_iter().flatten().chain(&mut plan.headings);
        for Pattern { before, after, .. } in patterns {
            self.strings([before, after]);
        }
    }
}

fn is_chinese(language: &Language) -> bool {
    matches!(language.region(), Region::Hans | Region::Hant | Region::Hk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epub::sample::{bare_article, bare_packet};

    fn packet() -> Packet {
        let mut article = bare_article("网络里的“头发”与“发展”");
        article.body = vec![
            Block::Paragraph("范文芳说：皇后在后面。".into()),
            Block::Code(crate::model::Code {
                language: None,
                text: "let 网 = 1;".into(),
                caption: None,
            }),
        ];
        let mut foreign = bare_article("国");
        foreign.language = "ja".parse().unwrap();
        let contents = [article, foreign].map(|a| Contents::Article(Box::new(a)));
        let mut packet = bare_packet("学习资料", contents.into());
        packet.study.keep = vec!["范文芳".into()];
        packet
    }

    #[test]
    fn words_are_converted_by_sense_and_names_kept() {
        let mut publication = Publication::Packet(Box::new(packet()));
        convert(&mut publication, Script::Hant).unwrap();
        let Publication::Packet(packet) = publication else { panic!() };
        let articles: Vec<&Article> = packet.articles().collect();
        assert_eq!(articles[0].title.to_plain(), "網路裡的“頭髮”與“發展”".replace("網路", "網絡"));
        assert_eq!(articles[0].body[0], Block::Paragraph("范文芳說：皇后在後面。".into()));
        assert!(matches!(&articles[0].body[1], Block::Code(c) if c.text == "let 网 = 1;"));
        assert_eq!(articles[0].language.region(), Region::Hant);
        assert_eq!(articles[1].title.to_plain(), "国", "another language is left alone");
        assert_eq!(packet.title.to_plain(), "學習資料");
    }

    #[test]
    fn the_way_back_gives_simplified_text() {
        let mut publication = Publication::Packet(Box::new(packet()));
        convert(&mut publication, Script::Hant).unwrap();
        convert(&mut publication, Script::Hans).unwrap();
        let Publication::Packet(back) = publication else { panic!() };
        assert_eq!(back.articles().next().unwrap().body, packet().articles().next().unwrap().body);
    }
}
