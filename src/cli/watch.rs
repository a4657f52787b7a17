//! `export --watch`: makes the publication again whenever something in its folder changes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecursiveMode, Watcher};

use super::{Export, Printer, commands};
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};

/// How long it must be quiet before the publication is made: editors save in several steps.
const QUIET: Duration = Duration::from_millis(60);

/// Makes the publication, then again after every change, until the program is stopped. What is
/// wrong is reported and waited for; files made before stay as they are.
///
/// # Errors
/// The folders can't be watched.
pub(super) fn watch(args: &Export, printer: &Printer) -> Outcome<()> {
    let (send, receive) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // The other end is gone only when the program ends.
        drop(send.send(event));
    })
    .map_err(|e| unwatched(Path::new("."), &e))?;
    for folder in folders(&args.inputs) {
        watcher.watch(&folder, RecursiveMode::Recursive).map_err(|e| unwatched(&folder, &e))?;
    }
    let mut made = BTreeSet::new();
    loop {
        let start = Instant::now();
        match commands::make(args, printer) {
            Ok(paths) => {
                made.extend(paths.iter().map(|p| absolute(p)));
                printer.say(&format!("{} ms", start.elapsed().as_millis()));
            }
            Err(Failure(errors)) => errors.iter().for_each(|e| printer.print(e)),
        }
        if !changed(&receive, &made) {
            return Ok(());
        }
    }
}

/// Waits for a change of anything but our own results, and until it is quiet again. False when
/// nothing can come any more.
fn changed(events: &Receiver<notify::Result<Event>>, made: &BTreeSet<PathBuf>) -> bool {
    loop {
        match events.recv() {
            Ok(Ok(event)) if concerns(&event, made) => break,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    let mut quiet_at = Instant::now() + QUIET;
    while let Ok(event) = events.recv_timeout(quiet_at.saturating_duration_since(Instant::now())) {
        // Only changes prolong the wait: a program that reads our results all the time does not.
        if event.is_ok_and(|event| concerns(&event, made)) {
            quiet_at = Instant::now() + QUIET;
        }
    }
    true
}

fn concerns(event: &Event, made: &BTreeSet<PathBuf>) -> bool {
    let own = |path: &PathBuf| {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        // A log or an editor's swap file in the folder is no source: following it would never end.
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        let aside = match ending.as_deref() {
            None => !path.is_dir(),
            Some(ending) => ["log", "tmp", "swp", "swx"].contains(&ending),
        };
        hidden || aside || made.contains(&absolute(path))
    };
    !matches!(event.kind, EventKind::Access(_)) && !event.paths.iter().all(own)
}

/// The folders of the inputs, each once.
fn folders(inputs: &[PathBuf]) -> BTreeSet<PathBuf> {
    let folder = |input: &PathBuf| match absolute(input).parent() {
        Some(parent) => parent.to_owned(),
        None => PathBuf::from("."),
    };
    inputs.iter().map(folder).collect()
}

fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // The same name for a folder reached through a link; the file itself may be new.
    match (path.parent().and_then(|p| p.canonicalize().ok()), path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path,
    }
}

fn unwatched(path: &Path, error: &notify::Error) -> Failure {
    let message = Message::new(format!("can't be watched: {error}"), format!("无法监视：{error}"));
    Diagnostic::error(Code::Unreadable, message).in_file(path).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, CreateKind};

    #[test]
    fn a_reader_that_never_rests_does_not_keep_a_change_waiting() {
        let (send, receive) = channel();
        let event = |kind| Ok(Event::new(kind).add_path("a.md".into()));
        send.send(event(EventKind::Create(CreateKind::File))).unwrap();
        let reader = std::thread::spawn(move || {
            // Reads every 10 ms until the other end is gone.
            while send.send(event(EventKind::Access(AccessKind::Any))).is_ok() {
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        let start = Instant::now();
        assert!(changed(&receive, &BTreeSet::new()));
        drop(receive);
        reader.join().unwrap();
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }

    #[test]
    fn our_own_results_and_reading_change_nothing() {
        let made = BTreeSet::from([absolute(Path::new("out/a.pdf"))]);
        let event = |kind, path: &str| Event::new(kind).add_path(path.into());
        let create = EventKind::Create(CreateKind::File);
        assert!(!concerns(&event(create, "out/a.pdf"), &made));
        assert!(!concerns(&event(create, "out/.keben-x"), &made));
        assert!(!concerns(&event(EventKind::Access(AccessKind::Any), "a.md"), &made));
        assert!(!concerns(&event(create, "out/keben.log"), &made));
        assert!(concerns(&event(create, "a.md"), &made));
    }
}
