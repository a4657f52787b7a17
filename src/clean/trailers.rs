//! What an account adds before and after everything it sends: 点击上方蓝字, 长按识别二维码, END.

use super::{Log, Rule};
use crate::import::evidence::furniture::{self, Reason};
use crate::model::Block;

/// Blocks looked at from the beginning: a call to follow, never more than a few lines.
const HEAD: usize = 3;
/// Blocks looked at from the end.
const TAIL: usize = 12;
/// How sure it must be: a sentence of the article may begin with the same words.
const SURE: f32 = 0.6;

pub(super) fn drop(body: &mut Vec<Block>, log: &mut Log) {
    let count = body.len();
    let mut at = 0;
    body.retain(|block| {
        let near = at < HEAD || at + TAIL >= count;
        at += 1;
        let text = match block {
            Block::Paragraph(text) => text.to_plain(),
            Block::Heading(heading) => heading.text.to_plain(),
            _ => return true,
        };
        let trailer = near
            && matches!(furniture::judge(&text), Some((Reason::Trailer, sure)) if sure >= SURE);
        if trailer {
            log.dropped(Rule::Trailers, &text);
        }
        !trailer
    });
}
