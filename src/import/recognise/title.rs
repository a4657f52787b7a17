//! Which line is the title.

use super::Fate;
use crate::import::draft::{Draft, Known};
use crate::import::evidence::byline::Byline;
use crate::import::evidence::{ends_sentence, furniture, heading, is_han, key, names, width};
use crate::model::Block;

/// The title as it was chosen.
#[derive(Debug, Clone)]
pub(in crate::import) struct Title {
    pub(in crate::import) text: String,
    pub(in crate::import) subtitle: Option<String>,
    /// Its letters, for comparing lines with it.
    pub(in crate::import) key: String,
    /// A name that stood before it: 任贤良：…
    pub(in crate::import) person: Option<String>,
    pub(in crate::import) sure: f32,
    pub(in crate::import) how: &'static str,
}

/// A line that may be the title.
#[derive(Debug)]
struct Option_ {
    text: String,
    key: String,
    score: f32,
    how: &'static str,
    /// Drafts that it is made of.
    from: Option<(usize, usize)>,
}

/// Chooses the title and marks the lines that repeat it.
pub(super) fn choose(
    drafts: &[Draft],
    bylines: &[Byline],
    head: usize,
    known: &Known,
    fate: &mut [Fate],
) -> Title {
    let quoted = quoted(drafts);
    let mut options: Vec<Option_> = Vec::new();
    let mut order = 0;
    for i in 0..head.min(drafts.len()) {
        let draft = &drafts[i];
        if !is_possible(draft, &bylines[i]) || fate[i] != Fate::Body {
            continue;
        }
        let mut score: f32 = match order {
            0 => 0.3,
            1 => 0.2,
            2 => 0.12,
            _ => 0.05,
        };
        order += 1;
        let mut how = "first line";
        if let Block::Heading(heading) = &draft.block {
            score += match heading.level {
                1 => 0.4,
                2 => 0.2,
                _ => 0.1,
            };
            how = "heading";
        }
        if draft.look.bold {
            score += 0.1;
        }
        if draft.look.centred {
            score += 0.15;
        }
        if ends_sentence(&draft.text) && !draft.text.ends_with(['？', '！', '?', '!']) {
            score -= 0.3;
        }
        if heading::numbering(&draft.text).is_some_and(|n| n >= heading::Numbering::Section) {
            score -= 0.25;
        }
        if width(&draft.text) > 40 {
            score -= 0.15;
        }
        if draft.text.starts_with(['—', '-', '（', '(']) {
            score -= 0.2;
        }
        let followed = bylines.get(i + 1..(i + 3).min(head)).unwrap_or_default().iter();
        if followed.into_iter().any(Byline::is_pure) {
            score += 0.25;
        }
        options.push(Option_ {
            key: key(&draft.text),
            text: draft.text.clone(),
            score,
            how,
            from: Some((i, i)),
        });
        // a title on two or three lines
        for lines in [2, 3] {
            let run = drafts.get(i..(i + lines).min(head)).unwrap_or_default();
            if run.len() == lines
                && run
                    .iter()
                    .zip(&bylines[i..])
                    .all(|(d, b)| is_possible(d, b) && width(&d.text) <= 24)
            {
                let text = run.iter().map(|d| d.text.as_str()).collect::<Vec<_>>().join(" ");
                options.push(Option_ {
                    key: key(&text),
                    text,
                    score: 0.0,
                    how: "lines",
                    from: Some((i, i + lines - 1)),
                });
            }
        }
    }
    for candidate in &known.title {
        let text = candidate.value.trim().to_owned();
        if !text.is_empty() {
            options.push(Option_ {
                key: key(&text),
                text,
                score: candidate.sure,
                how: candidate.how,
                from: None,
            });
        }
    }
    // Lines that say the same support each other; so does a mention in book-title marks.
    let keys: Vec<(String, Option<(usize, usize)>)> =
        options.iter().map(|o| (o.key.clone(), o.from)).collect();
    let repeats: Vec<String> = drafts
        .iter()
        .skip(head)
        .filter(|d| d.is_line() && width(&d.text) <= 60)
        .map(|d| key(&d.text))
        .collect();
    for (i, option) in options.iter_mut().enumerate() {
        let bare = key(&without_person(&option.text).1);
        let same = |other: &str| !other.is_empty() && (other == option.key || other == bare);
        let twins = keys.iter().enumerate().filter(|(j, (other, from))| {
            *j != i
                && (same(other) || same(&key(&without_person(other).1)))
                && (*from != option.from || from.is_none())
        });
        let twins = twins.count();
        option.score += 0.3 * twins.min(2) as f32;
        if quoted.iter().any(|q| same(&key(q))) {
            option.score += 0.25;
        }
        if repeats.iter().any(|r| {
            same(r)
                || r.ends_with(&bare)
                    && bare.chars().count() >= 8
                    && r.chars().count() <= bare.chars().count() + 5
        }) {
            option.score += 0.2;
        }
        // a line that the container's title begins with or holds: 标题_站名
        if option.from.is_some()
            && option.key.chars().count() >= 4
            && known.title.iter().any(|k| key(&k.value).contains(&option.key))
        {
            option.score += 0.25;
        }
    }
    let Some(chosen) = options.iter().fold(None, |best: Option<&Option_>, next| match best {
        Some(best) if best.score >= next.score => Some(best),
        _ => Some(next),
    }) else {
        return Title {
            text: known.fallback.clone(),
            subtitle: None,
            key: key(&known.fallback),
            person: None,
            sure: 0.2,
            how: "file name",
        };
    };
    let (score, how) = (chosen.score, chosen.how);
    let (mut person, mut text) = (None, chosen.text.clone());
    let (name, rest) = without_person(&chosen.text);
    if let Some(name) = name {
        let rest_key = key(&rest);
        let alone =
            keys.iter().any(|(k, _)| *k == rest_key) || quoted.iter().any(|q| key(q) == rest_key);
        let named =
            drafts.iter().filter(|d| d.text.contains(&name) && !d.text.contains(&rest)).count();
        if alone || named >= 1 && names::likelihood(&name) >= 0.85 {
            person = Some(name);
            text = rest;
        }
    }
    let title_key = key(&text);
    // Of the ways it is written, the one that parts its clauses.
    let with_person = person.as_ref().map(|p| key(p) + &title_key).unwrap_or_default();
    let forms = options
        .iter()
        .map(|o| o.text.clone())
        .chain(quoted)
        .chain(drafts.iter().map(|d| d.text.clone()));
    for form in forms {
        let bare = if person.is_some() { without_person(&form).1 } else { form };
        if key(&bare) == title_key
            && inner_spaces(&bare) > inner_spaces(&text)
            && inner_spaces(&bare) <= 3
        {
            text = bare;
        }
    }
    mark(drafts, head, &title_key, &with_person, &options, fate);
    let subtitle = subtitle(drafts, bylines, head, &title_key, fate);
    Title {
        text: text.trim().trim_matches(['《', '》']).to_owned().replace('\u{3000}', " "),
        subtitle,
        key: title_key,
        person,
        sure: (0.35 + score * 0.5).clamp(0.1, 0.99),
        how,
    }
    .keep_marks(&text)
}

impl Title {
    /// Book-title marks inside a title are part of it; only a pair around all of it is not.
    fn keep_marks(mut self, written: &str) -> Self {
        let written = written.trim();
        let whole = written.starts_with('《')
            && written.ends_with('》')
            && written.matches('《').count() == 1;
        if !whole {
            self.text = written.replace('\u{3000}', " ");
        }
        self
    }
}

fn is_possible(draft: &Draft, byline: &Byline) -> bool {
    let wide = width(&draft.text);
    draft.is_line()
        && (1..=60).contains(&wide)
        && !byline.is_pure()
        && draft.look.links < 0.9
        && !draft.is_running()
        && furniture::judge(&draft.text).is_none_or(|(_, sure)| {
            sure < 0.7 || matches!(&draft.block, Block::Heading(h) if h.level == 1) && sure < 0.9
        })
}

/// 任贤良：凝聚国际共识 → the name and the rest.
fn without_person(text: &str) -> (Option<String>, String) {
    if let Some((name, rest)) = text.split_once(['：', ':', '丨', '|', '｜'])
        && names::likelihood(name) >= 0.8
        && rest.chars().count() >= 4
    {
        return (Some(name.trim().to_owned()), rest.trim().to_owned());
    }
    (None, text.to_owned())
}

/// What stands between book-title marks anywhere.
fn quoted(drafts: &[Draft]) -> Vec<String> {
    let mut out = Vec::new();
    for draft in drafts {
        for part in draft.text.split('《').skip(1) {
            if let Some((inside, _)) = part.split_once('》')
                && (6..=60).contains(&width(inside))
            {
                out.push(inside.to_owned());
            }
        }
    }
    out
}

/// Spaces between Han characters: they part the clauses of a title.
fn inner_spaces(text: &str) -> usize {
    let chars: Vec<char> = text.trim().chars().collect();
    chars.windows(3).filter(|w| w[1].is_whitespace() && is_han(w[0]) && is_han(w[2])).count()
}

/// Marks the title's lines in the head; those in the text are places of pictures.
fn mark(
    drafts: &[Draft],
    head: usize,
    title: &str,
    with_person: &str,
    options: &[Option_],
    fate: &mut [Fate],
) {
    let is_title = |k: &str| k == title || !with_person.is_empty() && k == with_person;
    for option in options {
        if let Some((from, to)) = option.from
            && is_title(&option.key)
        {
            for place in fate.iter_mut().take(to + 1).skip(from) {
                *place = Fate::Taken;
            }
        }
    }
    for i in 0..head.min(drafts.len()) {
        if drafts[i].is_line() && is_title(&key(&drafts[i].text)) {
            fate[i] = Fate::Taken;
        }
    }
}

/// The line after the title that a dash begins, or a second heading before the by-line.
fn subtitle(
    drafts: &[Draft],
    bylines: &[Byline],
    head: usize,
    title: &str,
    fate: &mut [Fate],
) -> Option<String> {
    let at = (0..head.min(drafts.len())).rev().find(|i| {
        fate[*i] == Fate::Taken
            && title.contains(&key(&drafts[*i].text))
            && !drafts[*i].text.is_empty()
    })?;
    let next = drafts.get(at + 1)?;
    let fits = at + 1 < head && is_possible(next, &bylines[at + 1]) && fate[at + 1] == Fate::Body;
    let dashed = next.text.starts_with(['—', '―', '─']) || next.text.starts_with("--");
    if fits && dashed && width(&next.text) <= 50 {
        fate[at + 1] = Fate::Taken;
        return Some(next.text.trim_matches(['—', '―', '─', '-', ' ']).to_owned());
    }
    None
}
