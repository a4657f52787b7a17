//! End-to-end: the real program on real files.

#![allow(clippy::unwrap_used, unreachable_pub)] // a test that can't go on should stop

mod batch;
#[allow(dead_code)] // also used by examples/corpus.rs
mod corpus;
mod import;

mod packet;
mod themes;

mod pdf;
mod tagged;

use std::path::Path;
use std::process::{Command, Output};

fn keben(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keben"))
        .args(args)
        .args(["--lang", "en", "--color", "never"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs `keben export` on one file with `content`; returns status, messages and what was made.
fn export(name: &str, content: &str) -> (Option<i32>, String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join(name);
    std::fs::write(&input, content).unwrap();
    let out = folder.path().join("out");
    let done = keben(&["export", text(&input), "-o", text(&out)]);
    let made = std::fs::read_dir(&out).map_or(Vec::new(), |entries| {
        entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect()
    });
    (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned(), made)
}

#[test]
fn the_sample_packet_is_made_the_same_twice() {
    let folder = tempfile::tempdir().unwrap();
    let made: Vec<[Vec<u8>; 2]> = ["a", "b"]
        .iter()
        .map(|name| {
            let out = folder.path().join(name);
            let done = keben(&["export", "input/study-packet/packet.yaml", "-o", text(&out)]);
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            ["study-packet.pdf", "study-packet.epub"].map(|f| std::fs::read(out.join(f)).unwrap())
        })
        .collect();
    assert!(made[0] == made[1], "two runs differ");
    assert!(made[0][0].starts_with(b"%PDF-1.7"));
    assert_eq!(&made[0][1][30..38], b"mimetype");
}

#[test]
fn bad_input_names_file_place_and_mend_and_leaves_nothing() {
    for (name, content, expected) in [
        ("a.json", "{\"title\": \"题\",\n \"titel\": 1, \"body\": []}", "a.json:2:2:"),
        ("b.json", "{\"title\": ", "b.json:"),
        ("c.yaml", "title: 题\nlanguage: chinesisch-\nbody: [文]\n", "c.yaml:2:"),
        ("d.md", "---\ntitle: 题\n---\n\n![图](missing.png)\n", "d.md:5:"),
        ("e.yaml", "title: 题\nkeywords: {a: 1}\nbody: [文]\n", "e.yaml:2:"),
        ("f.yaml", "title: 题\nbody:\n  - figure: {src: ../../etc/passwd}\n", "f.yaml:3:"),
    ] {
        let (status, messages, made) = export(name, content);
        assert_eq!(status, Some(1), "{name}: {messages}");
        assert!(messages.contains("error: "), "{name}: {messages}");
        assert!(messages.contains(expected), "{name}: {messages}");
        assert!(made.is_empty(), "{name}: {made:?}");
    }
}

#[test]
fn a_missing_file_is_an_error_and_missing_arguments_are_wrong_usage() {
    let done = keben(&["export", "no/such/file.json"]);
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(keben(&["export"]).status.code(), Some(2));
}

#[test]
fn a_new_packet_builds() {
    let folder = tempfile::tempdir().unwrap();
    let packet = folder.path().join("mine");
    assert!(keben(&["new", text(&packet)]).status.success());
    assert_eq!(keben(&["new", text(&packet)]).status.code(), Some(1), "not empty any more");
    let done = keben(&["export", text(&packet.join("packet.yaml"))]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(packet.join("mine.pdf").is_file() && packet.join("mine.epub").is_file());
}

#[test]
fn an_article_of_a_packet_is_made_by_itself_with_the_packets_pictures() {
    let out = tempfile::tempdir().unwrap();
    let article = "input/study-packet/articles/01-consensus.json";
    let done = keben(&["export", article, "-o", text(out.path())]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(out.path().join("01-consensus.pdf").is_file());
}
