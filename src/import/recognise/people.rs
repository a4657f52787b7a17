//! Who wrote it.

use super::Fate;
use super::title::Title;
use crate::import::draft::{Candidate, Draft, Known, best};
use crate::import::evidence::byline::{self, Byline, Field};
use crate::import::evidence::{ends_sentence, names, width};
use crate::model::Author;

/// The authors, from by-lines, lines with an office, the title's name and the closing bracket.
pub(super) fn authors(
    drafts: &[Draft],
    bylines: &[Byline],
    head: usize,
    text_end: usize,
    known: &Known,
    title: &Title,
    fate: &mut [Fate],
) -> Option<Candidate<Vec<Author>>> {
    let mut candidates = known.authors.clone();
    let single = |name: String, office: Option<String>| {
        vec![Author { name, role: None, affiliation: office }]
    };
    if let Some(person) = &title.person {
        candidates.push(Candidate::new(single(person.clone(), None), 0.7, "before the title"));
    }
    let mut names: Vec<String> =
        candidates.iter().flat_map(|c| c.value.iter().map(|a| a.name.clone())).collect();
    names.dedup();
    for i in 0..head.min(drafts.len()) {
        let draft = &drafts[i];
        if fate[i] != Fate::Body || !draft.is_line() || bylines[i].is_pure() {
            continue;
        }
        if let Some((name, office)) = names::with_office(&draft.text, &names) {
            candidates.push(Candidate::new(single(name, Some(office)), 0.9, "line with office"));
            fate[i] = Fate::Taken;
        } else if names::likelihood(
            draft.text.trim_matches(['□', '■', '◎', '●', '/', ' ', '\u{3000}', '@']),
        ) >= 0.8
        {
            let name = draft.text.trim_matches(['□', '■', '◎', '●', '/', ' ', '\u{3000}', '@']);
            let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
            candidates.push(Candidate::new(single(name, None), 0.75, "name on a line"));
            fate[i] = Fate::Taken;
        } else if several(&draft.text) {
            candidates.push(Candidate::new(byline::authors(&draft.text), 0.75, "names on a line"));
            fate[i] = Fate::Taken;
        }
    }
    // （作者系某大学教授）, （作者：张三，某大学教授）, at the end
    for i in text_end..drafts.len() {
        let text = drafts[i].text.trim();
        let inner = text.trim_matches(['（', '）', '(', ')', '【', '】', '。']);
        let office = [
            "作者系",
            "作者为",
            "作者单位：",
            "作者单位:",
            "作者是",
            "作者简介：",
            "作者简介:",
            "作者：",
        ]
        .iter()
        .find_map(|label| inner.strip_prefix(label));
        let Some(office) = office else { continue };
        if width(office) > 60 {
            continue;
        }
        if let Some((name, held)) = office.split_once(['，', ',', '（'])
            && names::likelihood(name) >= 0.8
        {
            let held = held
                .trim_start_matches(['系', '为', '男', '女', '，'])
                .trim_end_matches(['）', ')']);
            candidates.push(Candidate::new(
                single(name.to_owned(), Some(held.to_owned())),
                0.85,
                "closing line",
            ));
            fate[i] = Fate::Taken;
        } else if let [one] = names.as_slice()
            && names::is_office(office)
        {
            candidates.push(Candidate::new(
                single(one.clone(), Some(office.to_owned())),
                0.85,
                "closing line",
            ));
            fate[i] = Fate::Taken;
        }
    }
    // （本报记者 张三）, （记者张三）, at the end of the text
    if candidates.iter().all(|c| c.sure < 0.6)
        && let Some(found) = drafts
            .iter()
            .take(text_end + 2)
            .skip(text_end.saturating_sub(2))
            .find_map(|d| closing(&d.text))
    {
        candidates.push(Candidate::new(found, 0.65, "closing bracket"));
    }
    // 某某报 5月6日电（记者 张三）, at the beginning
    if candidates.iter().all(|c| c.sure < 0.6)
        && let Some(found) = drafts.iter().skip(head).take(2).find_map(|d| dispatch(&d.text))
    {
        candidates.push(Candidate::new(found, 0.6, "dispatch line"));
    }
    let chosen = best(&candidates)?.clone();
    // What the others know of the same people.
    let mut people = chosen.value;
    for person in &mut people {
        if person.affiliation.is_none() {
            person.affiliation = candidates
                .iter()
                .flat_map(|c| &c.value)
                .find(|other| other.name == person.name && other.affiliation.is_some())
                .and_then(|other| other.affiliation.clone());
        }
    }
    for other in candidates.iter().flat_map(|c| &c.value).filter(|a| a.role.is_some()) {
        if !people.iter().any(|p| p.name == other.name) {
            people.push(other.clone());
        }
    }
    Some(Candidate::new(people, chosen.sure.min(0.99), chosen.how))
}

/// 沈秋白　何田
fn several(text: &str) -> bool {
    let words: Vec<&str> =
        text.split([' ', '\u{3000}', '、', '/']).filter(|w| !w.is_empty()).collect();
    (2..=5).contains(&words.len()) && words.iter().all(|w| names::likelihood(w) >= 0.8)
}

fn closing(text: &str) -> Option<Vec<Author>> {
    let text = text.trim_end().trim_end_matches('。');
    let inner = text.strip_suffix(['）', ')'])?;
    let at = inner.rfind(['（', '('])?;
    let inner = inner[at..].trim_start_matches(['（', '(']);
    reporters(inner)
}

fn dispatch(text: &str) -> Option<Vec<Author>> {
    let head: String = text.chars().take(60).collect();
    let (before, after) = head.split_once(['（', '('])?;
    let (inner, _) = after.split_once(['）', ')'])?;
    (before.ends_with(['电', '讯', '电', '報', '报', '網', '网', '日', '訊'])
        && !ends_sentence(before))
    .then(|| reporters(inner))
    .flatten()
}

fn reporters(inner: &str) -> Option<Vec<Author>> {
    let at = ["记者", "記者", "通讯员", "作者", "撰稿"]
        .iter()
        .find_map(|w| inner.find(w).map(|at| at + w.len()))?;
    if width(inner) > 30 {
        return None;
    }
    let line = byline::read(&format!(
        "作者：{}",
        inner[at..].trim_start_matches(['：', ':', ' ', '\u{3000}', '|'])
    ));
    let people = byline::authors(line.get(Field::Author)?);
    (!people.is_empty() && people.iter().all(|p| names::likelihood(&p.name) >= 0.8))
        .then_some(people)
}
