//! Names: of sections (file names and anchors) and of the elements in them.

use std::collections::BTreeSet;

use super::walk::bodies_mut;
use super::{Report, SectionId};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::{At, Block};

/// Longest section name, in characters: file names stay far under the limits of file systems.
const LONGEST: usize = 64;

/// Makes a name of `[a-z0-9-]`: ASCII letters in lower case and digits stay, everything else
/// becomes one hyphen. Empty when nothing stays.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if out.len() >= LONGEST {
            break;
        }
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// Gives every section its name: `wishes` are slugs in reading order with whether the author chose
/// them; an author's own wish goes before a derived one, earlier before later, and whoever comes
/// late gets `-2`, `-3`, …. An empty wish becomes `s1`, `s2`, … by its place.
pub(crate) fn name_sections(wishes: &[(String, bool)]) -> Vec<SectionId> {
    let mut taken = BTreeSet::new();
    let mut names = vec![String::new(); wishes.len()];
    for pass in [true, false] {
        for (at, (wish, chosen)) in wishes.iter().enumerate() {
            if *chosen == pass {
                let base = if wish.is_empty() { format!("s{}", at + 1) } else { wish.clone() };
                let mut name = base.clone();
                let mut count = 1;
                while !taken.insert(name.clone()) {
                    count += 1;
                    name = format!("{base}-{count}");
                }
                names[at] = name;
            }
        }
    }
    names.into_iter().map(SectionId).collect()
}

/// Whether a name can be an XML id (NCName, without the rarer planes of letters) and stand in an
/// address after `#` as it is.
///
/// Source: Namespaces in XML 1.0 §3; letters and digits by Unicode.
pub(crate) fn is_valid(id: &str) -> bool {
    let mut chars = id.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() && is_name_start(c) || c == '_')
        && chars.all(|c| {
            is_name_start(c) && c.is_alphabetic() || c.is_ascii_digit() || "-_.".contains(c)
        })
}

/// The ranges of XML 1.0's NameStartChar that hold letters.
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{2FF}' | '\u{370}'..='\u{1FFF}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{10000}'..='\u{EFFFF}')
        && !matches!(c, '×' | '÷')
}

/// Gives every heading of a section a name and checks the names of tables and figures.
///
/// A name that is no XML id, or is taken, is reported and dropped; a heading without one is
/// called `h1`, `h2`, … by its place among the headings, or the next number that is free.
/// Returns all names of the section.
pub(crate) fn name_elements(
    bodies: &mut [&mut Vec<Block>],
    report: &mut Report<'_>,
) -> BTreeSet<String> {
    let mut taken = BTreeSet::new();
    // First the names that authors gave, so that a made-up one never takes them.
    for body in &mut *bodies {
        each_block(body, &mut |block| {
            let id = match block {
                Block::Heading(heading) => &mut heading.id,
                Block::Table(table) => &mut table.id,
                Block::Figure(figure) => &mut figure.id,
                _ => return,
            };
            if let Some(problem) = id.as_ref().and_then(|id| refuse(id, &mut taken)) {
                report.warn(problem);
                *id = None;
            }
        });
    }
    let mut place = 0;
    for body in bodies {
        each_block(body, &mut |block| {
            if let Block::Heading(heading) = block {
                place += 1;
                if heading.id.is_none() {
                    let mut number = place;
                    while !taken.insert(format!("h{number}")) {
                        number += 1;
                    }
                    heading.id = Some(At::from(format!("h{number}")));
                }
            }
        });
    }
    taken
}

fn refuse(id: &At<String>, taken: &mut BTreeSet<String>) -> Option<Diagnostic> {
    if !is_valid(id) {
        let hint = Message::new(
            "begin with a letter, then letters, digits, '-', '_' and '.'",
            "以字母或汉字开头，其后用字母、汉字、数字、“-”“_”“.”",
        );
        let message = Message::new(
            format!("'{}' can't be the name of an element", id.value),
            format!("“{}”不能作元素的名称", id.value),
        );
        return Some(Diagnostic::warning(Code::InvalidValue, message).at(id.pos).hint(hint));
    }
    if taken.insert(id.value.clone()) {
        return None;
    }
    let message = Message::new(
        format!("the name '{}' is used twice in this article; links lead to the first", id.value),
        format!("名称“{}”在本文中重复，链接指向第一处", id.value),
    );
    Some(Diagnostic::warning(Code::Duplicate, message).at(id.pos))
}

fn each_block(body: &mut [Block], visit: &mut dyn FnMut(&mut Block)) {
    for block in body {
        visit(block);
        for inner in bodies_mut(block) {
            each_block(inner, visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_safe_in_any_file_system() {
        assert_eq!(slug("01 大变局/时代.v2"), "01-v2");
        assert_eq!(slug("Ünïcode--Name_"), "n-code-name");
        assert_eq!(slug("文章"), "");
        assert!(slug(&"x".repeat(500)).len() <= LONGEST);
    }

    #[test]
    fn an_author_s_name_is_never_taken_by_a_derived_one() {
        let wishes = [
            ("a".to_owned(), false),
            ("a".to_owned(), true),
            (String::new(), false),
            ("a".to_owned(), false),
            ("s3".to_owned(), true),
        ];
        let names: Vec<_> = name_sections(&wishes).into_iter().map(|id| id.0).collect();
        assert_eq!(names, ["a-2", "a", "s3-2", "a-3", "s3"]);
    }

    #[test]
    fn only_xml_names_are_ids() {
        for good in ["a", "_x", "第一节", "é.1-b"] {
            assert!(is_valid(good), "{good}");
        }
        for bad in ["", "1a", "a b", "a:b", "a#", "-a", "“a”", "a\u{0}", "①"] {
            assert!(!is_valid(bad), "{bad}");
        }
    }
}
