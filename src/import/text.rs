//! Scraped text: what is left of a page when its text is copied out.
//!
//! A line is a paragraph, unless the text was wrapped by hand: then lines of nearly one width are
//! joined up to the blank line, the indent or the short line that ends a paragraph.

use super::draft::{Draft, Known};
use super::evidence::{ends_sentence, width};

/// Drafts of a text.
pub(crate) fn drafts(text: &str) -> Vec<Draft> {
    let lines: Vec<&str> = text.split('\n').collect();
    let wrapped = wrapped_at(&lines);
    let mut out: Vec<Draft> = Vec::new();
    let mut open = false;
    let mut last_width = 0;
    for (number, line) in lines.iter().enumerate() {
        let shown = line.trim_matches(is_blank);
        if shown.is_empty() {
            open = false;
            continue;
        }
        let indented = line.starts_with("\u{3000}\u{3000}") || line.starts_with("    ");
        let joins = wrapped.is_some_and(|full| open && !indented && last_width + 6 >= full);
        match out.last_mut().filter(|_| joins) {
            Some(draft) => {
                let before = draft.text.chars().next_back().unwrap_or(' ');
                let after = shown.chars().next().unwrap_or(' ');
                if !crate::model::joins_without_space(before, after) {
                    draft.text.push(' ');
                }
                draft.text.push_str(shown);
            }
            None => out.push(Draft::paragraph(shown, number as u32 + 1)),
        }
        open = true;
        last_width = width(shown);
    }
    for draft in &mut out {
        *draft = Draft { line: draft.line, ..Draft::paragraph(&draft.text, draft.line) };
    }
    out
}

/// What the container of a text says: nothing but its name.
pub(crate) fn known(stem: &str) -> Known {
    Known { fallback: stem.to_owned(), ..Known::default() }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{2060}')
}

/// The full width of a text wrapped by hand, `None` when lines are paragraphs.
///
/// Wrapped lines are followed by more lines without a blank one between, are of nearly one width,
/// and end in the middle of sentences.
fn wrapped_at(lines: &[&str]) -> Option<usize> {
    let shown: Vec<&str> = lines.iter().map(|l| l.trim_matches(is_blank)).collect();
    // lines directly followed by another that does not begin a paragraph
    let inner: Vec<&str> = (0..shown.len().saturating_sub(1))
        .filter(|i| {
            !shown[*i].is_empty()
                && !shown[i + 1].is_empty()
                && !lines[i + 1].starts_with("\u{3000}\u{3000}")
        })
        .map(|i| shown[i])
        .collect();
    if inner.len() < 4 {
        return None;
    }
    let mut widths: Vec<usize> = inner.iter().map(|l| width(l)).collect();
    widths.sort_unstable();
    // the ninth tenth, so that one long line does not count
    let full = *widths.get(widths.len() * 9 / 10).or(widths.last())?;
    let near = inner.iter().filter(|l| width(l) + 6 >= full).count();
    let broken = inner.iter().filter(|l| width(l) + 6 >= full && !ends_sentence(l)).count();
    let is_wrapped =
        (18..=60).contains(&full) && near * 10 >= inner.len() * 6 && broken * 2 >= near;
    is_wrapped.then_some(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        drafts(source).into_iter().map(|d| d.text).collect()
    }

    #[test]
    fn a_line_is_a_paragraph() {
        assert_eq!(
            texts("标题\n第一段。\n\n\u{3000}\u{3000}第二段。\n"),
            ["标题", "第一段。", "第二段。"]
        );
    }

    #[test]
    fn lines_wrapped_by_hand_are_joined() {
        let source = "清晨的集市已经热闹起来，卖豆腐的老人把担子\n放在桥头，等着第一批客人。他看了看天色，云\n层很低，怕是要下雨了。\n\n\
            中午时分果然下起雨来，人们躲到廊下，看雨水\n顺着瓦檐流成一道帘子，谁也不说话，只听见河\n水涨起来的声音。\n";
        let texts = texts(source);
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert!(texts[0].contains("担子放在桥头") && texts[0].ends_with("下雨了。"));
    }
}
