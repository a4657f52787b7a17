//! Title page and copyright page of a packet.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::contents::running;
use super::walk::{self, Node};
use super::{Draft, Element, SectionKind, length};
use crate::labels::{self, Label};
use crate::model::{Article, Block, Colophon, Packet, Text};

/// The title page (扉页): title, subtitle, compiler; publisher and date at its foot.
pub(super) fn title_page(packet: &Packet) -> Draft {
    let language = &packet.language;
    let mut flow = vec![Element::Title(packet.title.clone())];
    flow.extend(packet.subtitle.clone().map(Element::Subtitle));
    if let Some(compiler) = &packet.compiler {
        let word = labels::role_word(Some("com"), language);
        let text = match language.is_cjk() {
            true => format!("{compiler}　{word}"),
            false => format!("{compiler}, {word}"),
        };
        flow.push(Element::Byline(Text::plain(text)));
    }
    let foot = packet.publisher.iter().cloned();
    let foot = foot.chain(packet.date.map(|d| labels::date(d, language)));
    flow.extend(foot.map(|line| Element::Imprint(Text::plain(line))));
    draft(packet, SectionKind::TitlePage, Label::TitlePage, "title-page", flow)
}

/// The copyright page: what the packet is, who made it, of what, and whether it may be passed on.
///
/// Order after GB/T 12450 (title first, then people, then figures), as far as a study packet has
/// such things. The check sum is taken over all text, so that two copies can be told apart.
pub(super) fn colophon(packet: &Packet, colophon: &Colophon) -> Draft {
    let language = &packet.language;
    let mut facts: Vec<(String, Text)> = Vec::new();
    let mut add = |label: Label, text: Option<String>| {
        let text = text.filter(|t| !t.is_empty()).map(Text::plain);
        facts.extend(text.map(|t| (label.text(language).to_owned(), t)));
    };
    let articles: Vec<&Article> = packet.articles().chain(&packet.appendices).collect();
    let body = articles.iter().map(|a| length::of_blocks(&a.body)).sum::<usize>();
    let around = length::of_blocks(&packet.foreword) + length::of_blocks(&packet.afterword);
    let (pieces, characters) = (packet.articles().count(), body + around);
    add(Label::Compiler, packet.compiler.clone());
    add(Label::Publisher, packet.publisher.clone());
    add(Label::Date, packet.date.map(|d| labels::date(d, language)));
    add(Label::Version, colophon.version.clone());
    add(Label::Identifier, packet.identifier.clone());
    let (count, length) = match language.is_cjk() {
        true => (format!("{pieces} 篇"), thousands(characters)),
        false => (pieces.to_string(), characters.to_string()),
    };
    add(Label::Articles, Some(count));
    add(Label::Characters, Some(length));
    let mut seen = BTreeSet::new();
    let sources: Vec<&str> = articles
        .iter()
        .filter_map(|a| a.source.as_ref()?.name.as_deref())
        .filter(|name| seen.insert(*name))
        .collect();
    let separator = if language.is_cjk() { "、" } else { ", " };
    add(Label::Source, Some(sources.join(separator)));
    add(Label::MadeWith, Some(format!("Keben 刻本 {}", env!("CARGO_PKG_VERSION"))));
    add(Label::CheckSum, Some(check_sum(packet)));
    let mut flow = vec![Element::Title(packet.title.clone())];
    flow.extend(packet.subtitle.clone().map(Element::Subtitle));
    flow.push(Element::Facts(facts));
    flow.extend(colophon.notice.clone().map(Element::Imprint));
    if colophon.internal {
        flow.push(Element::Imprint(Text::plain(Label::InternalOnly.text(language))));
    }
    draft(packet, SectionKind::Colophon, Label::Colophon, "colophon", flow)
}

fn draft(
    packet: &Packet,
    kind: SectionKind,
    label: Label,
    name: &str,
    flow: Vec<Element>,
) -> Draft {
    Draft {
        kind,
        level: 1,
        title: running(&Text::plain(label.text(&packet.language))),
        language: packet.language.clone(),
        flow,
        origin: packet.origin.clone(),
        name: None,
        writing_mode: None,
        fallback: name.to_owned(),
        labels: super::numbers::Labels::new(),
    }
}

/// `45 千字`, as copyright pages state it; below ten thousand the number itself.
fn thousands(characters: usize) -> String {
    match characters {
        0..10_000 => format!("{characters} 字"),
        _ => format!("{} 千字", (characters + 500) / 1000),
    }
}

/// The first 12 digits of SHA-256 over all text in reading order.
fn check_sum(packet: &Packet) -> String {
    let mut hash = Sha256::new();
    let mut add = |node: Node<'_>| match node {
        Node::Text(text) => hash.update(text.to_plain().as_bytes()),
        Node::Block(Block::Code(code)) => hash.update(code.text.as_bytes()),
        Node::Block(_) => {}
    };
    add(Node::Text(&packet.title));
    walk::blocks(&packet.foreword, &mut add);
    for article in packet.articles().chain(&packet.appendices) {
        add(Node::Text(&article.title));
        walk::blocks(&article.body, &mut add);
    }
    walk::blocks(&packet.afterword, &mut add);
    hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect()
}
