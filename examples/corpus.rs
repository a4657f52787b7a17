//! Writes generated articles for measurements: `cargo run --example corpus -- DIR COUNT KIND [BROKEN]`
//!
//! KIND is `even`, `varied` or `tiny`; every BROKEN-th article is broken. KIND `jsonl` writes tiny
//! articles as one file of JSON Lines, `DIR/all.jsonl`.

#![allow(clippy::unwrap_used, missing_docs, dead_code, unreachable_pub)] // a tool for developers; it may stop

#[path = "../tests/it/corpus.rs"]
mod corpus;

use std::io::Write;
use std::path::PathBuf;

use corpus::Kind;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, count, kind, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: corpus DIR COUNT even|varied|tiny|jsonl [BROKEN]");
        std::process::exit(2);
    };
    let (dir, count) = (PathBuf::from(dir), count.parse().unwrap());
    std::fs::create_dir_all(&dir).unwrap();
    if kind == "jsonl" {
        let sentences = corpus::sentences();
        let mut out =
            std::io::BufWriter::new(std::fs::File::create(dir.join("all.jsonl")).unwrap());
        for number in 0..count {
            let mut article = corpus::article(number, Kind::Tiny, &sentences);
            article.picture = false; // there are no files but this one
            writeln!(out, "{}", article.to_json()).unwrap();
        }
        return;
    }
    let kind = match kind.as_str() {
        "even" => Kind::Even,
        "varied" => Kind::Varied,
        _ => Kind::Tiny,
    };
    let broken = rest.first().map_or(0, |text| text.parse().unwrap());
    println!("{} broken of {count}", corpus::write(&dir, count, kind, broken));
}
