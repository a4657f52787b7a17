//! How the time of one paragraph grows with its length: `cargo bench --bench paragraph`.
//!
//! Line breaking is linear: ten times the characters take ten times as long, and 100,000 characters
//! in one paragraph less than a second.

#![allow(clippy::unwrap_used, missing_docs)] // a tool for developers

use std::collections::BTreeSet;
use std::path::Path;

use divan::counter::CharsCount;
use divan::{Bencher, black_box};
use keben::export::{Composed, ExportOptions, Press};
use keben::{input, layout};

/// The sentences that `docs/comparison.md` compares makers of pages by.
const SENTENCES: &str = include_str!("../docs/comparison/sentences.txt");

fn main() {
    divan::main();
}

/// An article of one paragraph, `chars` characters long.
fn article(chars: usize) -> String {
    let text: String = SENTENCES.lines().cycle().flat_map(str::chars).take(chars).collect();
    format!("{{\"title\": \"长段\", \"body\": [\"{}\"]}}", text.replace(['"', '\\'], " "))
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 20)]
fn set_one_paragraph(bencher: Bencher<'_, '_>, chars: usize) {
    let options = ExportOptions { formats: BTreeSet::new(), ..ExportOptions::default() };
    let press = Press::new(options, &mut Vec::new()).unwrap();
    let loaded = input::load_record(article(chars).as_bytes(), Path::new("a.json"), 1).unwrap();
    let Composed { book, theme, .. } = press.compose(loaded).unwrap();
    bencher
        .counter(CharsCount::new(chars))
        .bench(|| layout::layout(black_box(&book), &theme, press.fonts()));
}
