//! Benchmarks of the way of one article, step by step: `cargo bench`.
//!
//! The article is the corpus's even one: 4,000 characters in three faces. `docs/performance.md` says
//! what to make of the figures.

#![allow(clippy::unwrap_used, missing_docs, dead_code, unreachable_pub)] // a tool for developers

#[path = "../tests/it/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use divan::{Bencher, black_box};
use keben::export::{Composed, ExportOptions, Format, Press};
use keben::{input, layout};

fn main() {
    divan::main();
}

fn press(formats: &[Format]) -> Press {
    let options = ExportOptions {
        formats: formats.iter().copied().collect::<BTreeSet<_>>(),
        dpi: 150.0,
        ..ExportOptions::default()
    };
    Press::new(options, &mut Vec::new()).unwrap()
}

fn record() -> String {
    corpus::article(7, corpus::Kind::Even, &corpus::sentences()).to_json()
}

fn composed(press: &Press) -> Composed {
    press.compose(input::load_record(record().as_bytes(), Path::new("a.json"), 1).unwrap()).unwrap()
}

#[divan::bench]
fn open_press(bencher: Bencher<'_, '_>) {
    bencher.bench(|| press(&[Format::Pdf]));
}

#[divan::bench]
fn load(bencher: Bencher<'_, '_>) {
    let text = record();
    bencher.bench(|| input::load_record(black_box(text.as_bytes()), Path::new("a.json"), 1));
}

#[divan::bench]
fn compose(bencher: Bencher<'_, '_>) {
    let press = press(&[]);
    let loaded = input::load_record(record().as_bytes(), Path::new("a.json"), 1).unwrap();
    bencher.with_inputs(|| loaded.clone()).bench_values(|loaded| press.compose(loaded));
}

#[divan::bench]
fn lay_out(bencher: Bencher<'_, '_>) {
    let press = press(&[]);
    let Composed { book, theme, .. } = composed(&press);
    bencher.bench(|| layout::layout(black_box(&book), &theme, press.fonts()));
}

#[divan::bench]
fn print_pdf(bencher: Bencher<'_, '_>) {
    let press = press(&[Format::Pdf]);
    bencher.with_inputs(|| composed(&press)).bench_values(|composed| press.print(composed));
}

#[divan::bench]
fn print_epub(bencher: Bencher<'_, '_>) {
    let press = press(&[Format::Epub]);
    bencher.with_inputs(|| composed(&press)).bench_values(|composed| press.print(composed));
}

#[divan::bench]
fn print_both(bencher: Bencher<'_, '_>) {
    let press = press(&[Format::Pdf, Format::Epub]);
    bencher.with_inputs(|| composed(&press)).bench_values(|composed| press.print(composed));
}

/// Whole: from the file's bytes to both results, with a press of its own.
#[divan::bench]
fn one_article_whole(bencher: Bencher<'_, '_>) {
    let dir = tempfile::tempdir().unwrap();
    let path: PathBuf = dir.path().join("a.json");
    std::fs::write(&path, record()).unwrap();
    bencher.bench(|| {
        let press = press(&[Format::Pdf, Format::Epub]);
        press.print(press.compose(input::load(&path).unwrap()).unwrap())
    });
}
