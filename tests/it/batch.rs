//! `keben batch`: many articles, none lost, whatever happens.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::corpus::{self, Kind};
use crate::{keben, text};

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keben"));
    command.args(args).args(["--lang", "en", "--color", "never"]);
    for name in ["SOURCE_DATE_EPOCH", "JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID"] {
        command.env_remove(name);
    }
    command
}

fn started(args: &[&str]) -> Child {
    command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file below a folder but Keben's own, with its content.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if entry.file_name() != ".keben" {
                    folders.push(path);
                }
            } else {
                let below = path.strip_prefix(dir).unwrap().to_owned();
                found.insert(below, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

fn write(dir: &Path, name: &str, content: &str) {
    let path = dir.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

fn names(dir: &Path) -> Vec<String> {
    files(dir).keys().map(|p| p.to_string_lossy().into_owned()).collect()
}

/// Waits until a condition holds; the machine may be busy.
fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(120), "{what} never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_killed_batch_loses_only_work_in_flight_and_the_next_run_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out, report) =
        (dir.path().join("in"), dir.path().join("out"), dir.path().join("r"));
    let count = 140;
    let bad = corpus::write(&input, count, Kind::Tiny, 14);
    assert_eq!(bad, 10);
    let args = ["batch", text(&input), "-o", text(&out), "--report", text(&report)];

    let mut child = started(&args);
    wait_for("a result", || files(&out).len() > 30);
    child.kill().unwrap(); // SIGKILL: no chance to tidy up
    child.wait().unwrap();
    assert!(!report.exists(), "a report that is not whole");
    for (path, content) in files(&out) {
        let whole = match path.extension().unwrap().to_str().unwrap() {
            "pdf" => content.starts_with(b"%PDF-") && content.trim_ascii_end().ends_with(b"%%EOF"),
            "epub" => {
                content.len() > 22 && content[content.len() - 22..].starts_with(b"PK\x05\x06")
            }
            _ => false,
        };
        assert!(whole, "{} is not whole", path.display());
    }

    let done = command(&args).output().unwrap();
    assert_eq!(done.status.code(), Some(1), "{}", said(&done));
    let result = read(&report);
    let totals = &result["totals"];
    assert_eq!(totals["inputs"], count);
    assert_eq!(totals["failed"], bad);
    let unchanged = totals["unchanged"].as_u64().unwrap();
    assert!(unchanged >= 10, "{totals}");
    assert_eq!(totals["made"].as_u64().unwrap() + unchanged + bad as u64, count as u64);

    // Every input stands in the report, in order, with its files or with the reason there are none.
    let items = result["items"].as_array().unwrap();
    assert_eq!(items.len(), count);
    let mut codes = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        assert_eq!(item["index"], index);
        assert!(item["input"].as_str().unwrap().contains(&format!("/{index:05}.")));
        if index % 14 == 13 {
            assert_eq!(item["status"], "failed");
            *codes.entry(item["error"]["code"].as_str().unwrap().to_owned()).or_insert(0) += 1;
        } else {
            assert_eq!(item["error"], Value::Null);
            assert!(item["pages"].as_u64().unwrap() >= 1);
            let outputs = item["outputs"].as_array().unwrap();
            assert_eq!(outputs.len(), 2);
            assert!(outputs.iter().all(|o| Path::new(o.as_str().unwrap()).is_file()));
        }
    }
    assert!(codes.len() >= 5, "{codes:?}");
    assert_eq!(said(&done).matches("error: ").count(), bad);

    // What a killed and resumed run leaves is what one worker makes without trouble.
    let (clean, again) = (dir.path().join("clean"), dir.path().join("again"));
    let args = ["batch", text(&input), "-o", text(&clean), "--jobs", "1"];
    assert_eq!(command(&args).output().unwrap().status.code(), Some(1));
    assert!(files(&out) == files(&clean), "another result than that of a whole run");

    let args = ["batch", text(&input), "-o", text(&out), "--report", text(&again)];
    command(&args).output().unwrap();
    assert_eq!(read(&again)["totals"]["made"], 0);
    assert_eq!(read(&again)["totals"]["unchanged"], count - bad);
}

#[test]
fn only_what_changed_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out, report) =
        (dir.path().join("in"), dir.path().join("out"), dir.path().join("r"));
    corpus::write(&input, 6, Kind::Tiny, 0); // 0 and 5 show the picture
    let picture = input.join("00/images/a.png");
    let plain = std::fs::read(&picture).unwrap();
    std::fs::write(&picture, commented(&plain, b'A')).unwrap();
    write(dir.path(), "my.toml", THEME);
    let theme = dir.path().join("my.toml");
    let run = |more: &[&str]| {
        let args = [
            "batch",
            text(&input),
            "-o",
            text(&out),
            "--report",
            text(&report),
            "--theme",
            text(&theme),
        ];
        let done = command(&[&args, more].concat()).output().unwrap();
        assert!(done.status.success(), "{}", said(&done));
        let made = read(&report)["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["status"] == "made")
            .map(|item| item["index"].as_u64().unwrap())
            .collect::<Vec<_>>();
        (made, said(&done))
    };
    let all = vec![0, 1, 2, 3, 4, 5];
    assert_eq!(run(&[]).0, all);
    assert!(run(&[]).0.is_empty());
    assert_eq!(run(&["--force"]).0, all);

    // A picture with other bytes, but of the same length and time.
    let time = std::fs::metadata(&picture).unwrap().modified().unwrap();
    std::fs::write(&picture, commented(&plain, b'B')).unwrap();
    std::fs::File::options().write(true).open(&picture).unwrap().set_modified(time).unwrap();
    assert_eq!(run(&[]).0, [0, 5]);

    write(&input, "00/00003.json", r#"{"title": "新", "body": ["新文。"]}"#);
    assert_eq!(run(&[]).0, [3]);
    assert_eq!(run(&["--paper", "A5"]).0, all);
    assert!(run(&["--paper", "A5"]).0.is_empty());
    std::fs::write(&theme, THEME.replace("lines = 36", "lines = 35")).unwrap();
    assert_eq!(run(&["--paper", "A5"]).0, all);

    // Results that are gone or were written over are made again.
    std::fs::remove_file(out.join("00/00001.epub")).unwrap();
    std::fs::write(out.join("00/00002.pdf"), "mine").unwrap();
    assert_eq!(run(&["--paper", "A5"]).0, [1, 2]);

    // A cache that is broken or another version's costs work, never a result.
    let cache = out.join(".keben/cache.jsonl");
    std::fs::write(&cache, "\u{0}rubbish\n").unwrap();
    let (made, said) = run(&["--paper", "A5"]);
    assert_eq!(made, all);
    assert!(said.contains("cache is broken or another version's"), "{said}");
}

/// A theme of the user's: a copy of one of the program's.
const THEME: &str = include_str!("../../src/theme/builtin/study.toml");

/// A PNG with a comment of one letter before its end, which readers pass over.
fn commented(png: &[u8], letter: u8) -> Vec<u8> {
    let data = [b"tEXtComment\0".as_slice(), &[letter]].concat();
    let length = u32::try_from(data.len() - 4).unwrap().to_be_bytes();
    let check = crc32fast::hash(&data).to_be_bytes();
    let (before, end) = png.split_at(png.len() - 12);
    [before, &length, &data, &check, end].concat()
}

#[test]
fn names_follow_the_template_and_no_input_takes_anothers() {
    let dir = tempfile::tempdir().unwrap();
    let (a, b, out) = (dir.path().join("a"), dir.path().join("b"), dir.path().join("out"));
    for (name, title) in [("1", "谁/在说?"), ("2", "同名"), ("3", "同名"), ("4", "CON")] {
        let article = format!("---\ntitle: {title}\ndate: 2022-11-26\n---\n\n文。\n");
        write(&a, &format!("{name}.md"), &article);
    }
    write(&b, "1.md", "---\ntitle: 同名\ndate: 2022-11-26\n---\n\n另一篇。\n");
    let run = |input: &Path| {
        let args =
            ["batch", text(input), "-o", text(&out), "--to", "epub", "--name", "{date}/{title}"];
        let done = command(&args).output().unwrap();
        assert!(done.status.success(), "{}", said(&done));
    };
    run(&a);
    let expected = ["_CON.epub", "同名-2.epub", "同名.epub", "谁_在说.epub"];
    let expected = expected.map(|name| format!("2022-11-26/{name}"));
    assert_eq!(names(&out), expected);
    let before = files(&out);
    run(&b);
    assert_eq!(names(&out).len(), 5);
    assert!(names(&out).contains(&"2022-11-26/同名-3.epub".to_owned()));
    assert!(before.iter().all(|(name, content)| files(&out)[name] == *content));
    run(&a);
    run(&b);
    assert_eq!(names(&out).len(), 5, "names wander from run to run");

    let wrong = keben(&["batch", text(&a), "-o", text(&out), "--name", "{titel}"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(said(&wrong).contains("{title}"));
}

#[test]
fn articles_come_from_json_lines_lists_and_standard_input() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    write(dir.path(), "a.md", "# 甲\n\n文。\n");
    let lines = "{\"title\": \"一\", \"id\": \"yi\", \"body\": [\"文\"]}\n\n{\"title\": \"断\n\
                 {\"title\": \"三\", \"body\": [\"文\"], \"zzz\": 1}\n{\"title\": \"四\", \"body\": [\"文\"]}\n";
    write(dir.path(), "all.jsonl", lines);
    let fed = |input: &str, args: &[&str]| {
        let args = [args, &["-o", "out", "--to", "epub", "--report", "-"]].concat();
        let mut child = command(&args)
            .current_dir(dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        let report: Value = serde_json::from_slice(&done.stdout).unwrap();
        let seen: Vec<String> = report["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| format!("{} {}", i["input"].as_str().unwrap(), i["status"].as_str().unwrap()))
            .collect();
        (seen, said(&done))
    };
    let (seen, said) = fed("", &["batch", "all.jsonl"]);
    let expected =
        ["all.jsonl:1 made", "all.jsonl:3 failed", "all.jsonl:4 failed", "all.jsonl:5 made"];
    assert_eq!(seen, expected);
    assert!(said.contains("error: all.jsonl:3:"), "{said}");
    assert!(said.contains("error: all.jsonl:4:31: unknown field 'zzz'"), "{said}");
    assert_eq!(names(&out), ["all-000005.epub", "yi.epub"]);

    let record = "{\"title\": \"流\", \"body\": [\"文\"]}";
    let (seen, _) = fed(&format!("a.md\nnone.md\n{record}\n"), &["batch", "-"]);
    assert_eq!(seen, ["a.md made", "none.md failed", "-:3 made"]);
    let (seen, _) = fed("a.md\0all.jsonl\0", &["batch", "-", "--jobs", "1"]);
    assert_eq!(seen[0], "a.md unchanged");
    assert_eq!(seen.len(), 5);
}

#[test]
fn shards_of_several_processes_make_together_what_one_makes_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (input, alone, out) =
        (dir.path().join("in"), dir.path().join("alone"), dir.path().join("out"));
    corpus::write(&input, 40, Kind::Tiny, 20);
    // Articles of one title, whose numbers must not depend on the division.
    for n in 0..6 {
        write(&input, &format!("zz/{n}.md"), &format!("# 同名\n\n第{n}篇。\n"));
    }
    let report = |name: &str| dir.path().join(name);
    let args = ["batch", text(&input), "-o", text(&alone), "--name", "{title}"];
    command(&[&args[..], &["--report", text(&report("alone.json"))]].concat()).output().unwrap();

    let shards = ["1/3", "2/3", "3/3"];
    let parts: Vec<PathBuf> = (1..=3).map(|n| report(&format!("{n}.json"))).collect();
    let running: Vec<Child> = shards
        .iter()
        .zip(&parts)
        .map(|(shard, part)| {
            let args =
                ["batch", text(&input), "-o", text(&out), "--name", "{title}", "--jobs", "1"];
            started(&[&args[..], &["--shard", shard, "--report", text(part)]].concat())
        })
        .collect();
    for child in running {
        let done = child.wait_with_output().unwrap();
        assert!(matches!(done.status.code(), Some(0 | 1)), "{}", said(&done));
    }
    assert!(files(&out) == files(&alone), "the shards made something else");

    let whole = report("whole.json");
    let merge = ["report", "merge", text(&parts[2]), text(&parts[0]), text(&parts[1])];
    let index = ["-o", text(&whole), "--index", text(&out), "--title", "文集"];
    let done = command(&[&merge[..], &index].concat()).output().unwrap();
    assert!(done.status.success(), "{}", said(&done));
    let bare = |path: &Path| {
        let mut report = read(path);
        report["totals"]["ms"] = Value::Null;
        let text = report.to_string().replace(text(&alone), "O").replace(text(&out), "O");
        let mut report: Value = serde_json::from_str(&text).unwrap();
        for item in report["items"].as_array_mut().unwrap() {
            item["ms"] = Value::Null;
        }
        report
    };
    assert_eq!(bare(&whole), bare(&report("alone.json")));
    let html = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert_eq!(html.matches("<li ").count(), 44);
}

#[test]
fn the_scheduler_says_which_shard_is_made() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..8 {
        write(dir.path(), &format!("in/{n}.md"), "# 题\n\n文。\n");
    }
    let mut made = 0;
    for index in ["0", "1"] {
        let out = dir.path().join("out");
        let input = dir.path().join("in");
        let args = ["batch", text(&input), "-o", text(&out), "--to", "epub", "--shard", "auto/2"];
        let done = command(&args).env("JOB_COMPLETION_INDEX", index).output().unwrap();
        assert!(done.status.success(), "{}", said(&done));
        let now = files(&out).len();
        assert!(now > made, "shard {index} made nothing");
        made = now;
    }
    assert_eq!(made, 8);
    let args = ["batch", "x", "-o", text(dir.path()), "--shard", "auto"];
    assert_eq!(command(&args).output().unwrap().status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_what_is_in_flight_and_writes_the_report() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out, report) =
        (dir.path().join("in"), dir.path().join("out"), dir.path().join("r"));
    corpus::write(&input, 200, Kind::Varied, 0);
    let interrupt = |child: &Child| {
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    };
    let args = ["batch", text(&input), "-o", text(&out), "--report", text(&report)];
    let child = started(&args);
    wait_for("a result", || !files(&out).is_empty());
    interrupt(&child);
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(130), "{}", said(&done));
    let result = read(&report);
    assert_eq!(result["totals"]["interrupted"], true);
    let items = result["items"].as_array().unwrap();
    assert!(!items.is_empty() && items.len() < 200);
    assert_eq!(files(&out).len(), items.len() * 2, "what was in flight was not finished");

    // Standard input that never ends does not hold the run up, nor does a second signal.
    let mut child = command(&["batch", "-", "-o", text(&out)])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let held = child.stdin.take();
    std::thread::sleep(Duration::from_millis(500));
    interrupt(&child);
    let done = child.wait_with_output().unwrap();
    drop(held);
    assert_eq!(done.status.code(), Some(130));
}

#[test]
fn fail_fast_ends_at_the_first_failure() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out, report) =
        (dir.path().join("in"), dir.path().join("out"), dir.path().join("r"));
    corpus::write(&input, 60, Kind::Tiny, 5);
    let args = ["batch", text(&input), "-o", text(&out), "--report", text(&report), "--fail-fast"];
    assert_eq!(command(&args).output().unwrap().status.code(), Some(1));
    let result = read(&report);
    assert!(result["items"].as_array().unwrap().len() < 40);
    assert_eq!(result["totals"]["interrupted"], true);
}

#[test]
fn programs_read_events_and_a_second_batch_waits_outside() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    corpus::write(&input, 3, Kind::Tiny, 3);
    let args = ["batch", text(&input), "-o", text(&out), "--to", "epub", "--json"];
    let done = command(&args).output().unwrap();
    let events: Vec<Value> = String::from_utf8(done.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<&str> = events.iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["start", "item", "item", "item", "end"]);
    assert_eq!(events[3]["status"], "failed");
    assert_eq!(events[4]["totals"]["made"], 2);
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{said}");

    let lock = std::fs::File::options().write(true).open(out.join(".keben/lock")).unwrap();
    lock.lock().unwrap();
    let done = command(&args).output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&done.stderr).contains("another batch"));
}

#[test]
fn each_folder_becomes_a_book_and_the_index_leads_to_everything() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, "01-春/1.md", "# 春晓\n\n春眠不觉晓。\n");
    write(&input, "01-春/2.md", "# 春望\n\n国破山河在。\n");
    write(&input, "夏/packet.yaml", "title: 夏天的书\ncontents: [a.md]\n");
    write(&input, "夏/a.md", "# 小池\n\n泉眼无声惜细流。\n");
    let args = ["batch", text(&input), "-o", text(&out), "--each-folder", "--index=四时"];
    let done = command(&args).output().unwrap();
    assert!(done.status.success(), "{}", said(&done));
    let expected = [
        "01-春.epub",
        "01-春.pdf",
        "catalog.xml",
        "covers/01-春.png",
        "covers/夏.png",
        "index.html",
        "夏.epub",
        "夏.pdf",
    ];
    assert_eq!(names(&out), expected);
    let read = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    let html = read("index.html");
    assert!(html.contains("<h1>四时</h1>") && html.contains(">夏天的书<") && html.contains(">春<"));
    for page in [&html, &read("catalog.xml")] {
        for link in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let name = decoded(link);
            assert!(out.join(&name).is_file(), "{name}");
        }
    }
}

/// An address with its percent signs decoded.
fn decoded(link: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = link.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let hex = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}
