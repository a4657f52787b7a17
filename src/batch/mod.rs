//! Batch: one publication for each of many inputs, at the full speed of the machine.
//!
//! ```text
//! discover ─▶ queue ─▶ workers: load ─▶ name ─▶ unchanged? ─▶ compose ─▶ print ─▶ write ─▶ cache
//!                                                                            │
//!                                      report, index ◀─ in the order of inputs
//! ```
//!
//! [`discover`] finds inputs as they are wanted; [`queue`] hands them to one worker for each core
//! and brings the results back into order; [`make`] is what a worker does with one; [`naming`]
//! gives every input a file name of its own; [`cache`] knows what needs no making; [`report`] and
//! [`index`] are written as results come. Memory grows by some 100 bytes an input (its name and
//! its cache entry), whatever the inputs hold.

mod cache;
mod collections;
mod discover;
mod index;
mod make;
mod naming;
mod opds;
mod progress;
mod queue;
mod report;
mod shard;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

pub use index::Index;
pub use naming::{FIELDS, Template, TemplateError};
pub use progress::{Progress, Style, Voice};
pub use report::{About, Item, Note, Status, Totals, merge};
pub use shard::{Shard, ShardError};

use crate::diagnostic::{Code, Diagnostic, Failure, Locale, Message, Outcome};
use crate::export::{ExportOptions, Press};
use crate::output::unwritable;
use cache::Cache;
use make::Workshop;
use queue::Turn;
use report::ReportWriter;

/// Folder for Keben's own files in the output folder.
pub(crate) const OWN_FOLDER: &str = ".keben";

/// What is to be made, and how.
#[derive(Debug, Clone)]
pub struct BatchOptions {
    /// Files, folders, patterns, `.jsonl` files, `@list` files and `-`, in order.
    pub inputs: Vec<PathBuf>,
    /// Folder of the results.
    pub output: PathBuf,
    /// How each publication is made.
    pub export: ExportOptions,
    /// Names of the results, without their endings.
    pub name: Template,
    /// Number of workers; 0 is one for each core.
    pub jobs: usize,
    /// Where the report goes; `-` is standard output.
    pub report: Option<PathBuf>,
    /// Whether what did not change is made again.
    pub force: bool,
    /// The part of the inputs that this run makes.
    pub shard: Shard,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// Whether each folder becomes one book.
    pub each_folder: bool,
    /// Title of the index of what was made; `None` makes no index.
    pub index: Option<String>,
    /// Language of the report's messages.
    pub locale: Locale,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every input was tried.
    Complete,
    /// The first failure ended it, as `fail_fast` asked.
    Failed,
    /// Somebody stopped it.
    Stopped,
}

/// Asks a run to stop: what is in flight is finished, nothing new is begun.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    asked: Arc<AtomicBool>,
    failed: Arc<AtomicBool>,
}

impl Stop {
    /// Asks; returns whether it had been asked before.
    pub fn ask(&self) -> bool {
        self.asked.swap(true, Ordering::SeqCst)
    }

    fn fail(&self) {
        self.failed.store(true, Ordering::SeqCst);
    }

    fn asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst) || self.failed.load(Ordering::SeqCst)
    }

    fn ending(&self) -> Ending {
        match (self.asked.load(Ordering::SeqCst), self.failed.load(Ordering::SeqCst)) {
            (true, _) => Ending::Stopped,
            (false, true) => Ending::Failed,
            (false, false) => Ending::Complete,
        }
    }
}

/// Makes a publication of every input.
///
/// - `progress` hears of every result, in the order of inputs.
///
/// Returns what came of them and how the run ended. A bad input fails alone: it stands in the
/// totals, in the report and in `progress`.
///
/// # Errors
/// What keeps the whole run from being made: no theme, an output folder or report that can't be
/// written, another run at work in the same folder.
pub fn run(options: BatchOptions, progress: &Progress, stop: &Stop) -> Outcome<(Totals, Ending)> {
    let started = Instant::now();
    let options = Arc::new(options);
    let output = options.output.as_path();
    let fail = |e: io::Error| Failure::from(unwritable(output, &e));
    std::fs::create_dir_all(output).map_err(fail)?;
    let mut notes = Vec::new();
    let press = Press::new(options.export.clone(), &mut notes)?;
    let cache = Cache::open(output, options.shard, &mut notes)?;
    notes.iter().for_each(|note| progress.note(note));
    let index = match &options.index {
        Some(title) => Some(Index::create(output, title, options.export.stamp, options.locale)?),
        None => None,
    };
    let report = options.report.as_deref().map(ReportWriter::create).transpose()?;
    let accounts = Accounts { totals: Totals::default(), report, index, broken: None };
    let turn = Turn::new(accounts);
    let workshop = Workshop::new(&options, &press, &cache);

    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.jobs)
        .stack_size(WORKER_STACK)
        .build()
        .map_err(|e| Diagnostic::error(Code::Internal, Message::same(e.to_string())))?;
    let (jobs, feed) = queue::feed(Arc::clone(&options), pool.current_num_threads(), stop.clone());
    if progress.wants_total() && !options.inputs.iter().any(|i| i.as_os_str() == "-") {
        progress.count(Arc::clone(&options), stop.clone());
    }
    progress.start();
    // The workers are the pool's own threads, so that what one article does side by side (subsetting
    // faces, compressing) never has more threads at work than there are cores.
    pool.broadcast(|_| {
        while let Some(input) = jobs.next(stop) {
            let (index, mine) = (input.index, input.mine);
            let item = workshop.make(input);
            if options.fail_fast
                && mine
                && item.as_ref().is_some_and(|i| i.status == Status::Failed)
            {
                stop.fail();
            }
            turn.deliver(index, item, |accounts, item| accounts.enter(item, progress, &options));
            feed.reported(turn.reached());
        }
    });
    let mut accounts = turn.into_inner();
    let ending = stop.ending();
    accounts.totals.interrupted = ending != Ending::Complete;
    accounts.totals.ms = started.elapsed().as_millis() as u64;
    accounts.close()?;
    progress.finish(&accounts.totals, ending, options.report.as_deref());
    Ok((accounts.totals, ending))
}

/// Stack of a worker in bytes: nested blocks are walked by recursion, and the depth that input
/// allows fits the usual 2 MB of a thread; four times that costs nothing until it is used.
const WORKER_STACK: usize = 8 << 20;

/// Everything that is written in the order of inputs.
struct Accounts {
    totals: Totals,
    report: Option<ReportWriter>,
    index: Option<Index>,
    /// The first failure to write one of them.
    broken: Option<Diagnostic>,
}

impl Accounts {
    fn enter(&mut self, item: Item, progress: &Progress, options: &BatchOptions) {
        self.totals.add(&item);
        let record = item.record(options.locale);
        if let Some(report) = &mut self.report
            && let Err(diagnostic) = report.add(&record)
        {
            self.broken.get_or_insert(diagnostic);
        }
        if let Some(index) = &mut self.index
            && let Err(diagnostic) = index.add(&record)
        {
            self.broken.get_or_insert(diagnostic);
        }
        progress.item(&item, &record, &self.totals);
    }

    fn close(&mut self) -> Outcome<()> {
        if let Some(broken) = self.broken.take() {
            return Err(broken.into());
        }
        if let Some(report) = self.report.take() {
            report.finish(&self.totals)?;
        }
        if let Some(index) = self.index.take() {
            index.finish()?;
        }
        Ok(())
    }
}

/// A lock that a panic in another thread does not close: what it guards is whole between calls.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A path as reports, keys and templates write it: with `/`, whatever the system uses.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    match parts.split_first() {
        Some((root, rest)) if root == "/" => format!("/{}", rest.join("/")),
        _ => parts.join("/"),
    }
}
