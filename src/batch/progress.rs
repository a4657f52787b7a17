//! Progress: a bar on a terminal, plain lines elsewhere, events for programs.

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::discover::Discovery;
use super::report::Record;
use super::{BatchOptions, Ending, Item, Stop, Totals, lock};
use crate::diagnostic::{Diagnostic, Locale, Message};

/// Time between plain lines and between events of progress.
const INTERVAL: Duration = Duration::from_secs(10);
/// How often the bar is drawn anew while nothing happens.
const TICK: Duration = Duration::from_millis(200);
/// Not yet counted.
const UNKNOWN: u64 = u64::MAX;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A bar with rate and time left, on a terminal.
    Bar,
    /// A line now and then.
    Lines,
    /// JSON objects on standard output, one a line.
    Events,
    /// Nothing but errors and the summary of what failed.
    Quiet,
}

/// Where the run's messages go: a diagnostic, or a line to people.
pub trait Voice: Send + Sync {
    /// Shows a diagnostic.
    fn diagnostic(&self, diagnostic: &Diagnostic);
    /// Says something to people.
    fn say(&self, text: &str);
    /// Writes a line to standard output.
    fn event(&self, line: &str);
    /// Language of messages.
    fn locale(&self) -> Locale;
}

/// Shows how a run goes.
pub struct Progress {
    voice: Arc<dyn Voice>,
    style: Style,
    /// Whether warnings are shown as they come.
    warnings: bool,
    bar: ProgressBar,
    started: Instant,
    last: Mutex<Instant>,
    total: Arc<AtomicU64>,
}

impl Progress {
    /// - `warnings`: whether to show every article's warnings, not only their number.
    pub fn new(voice: Arc<dyn Voice>, style: Style, warnings: bool) -> Self {
        let bar = match style {
            Style::Bar => ProgressBar::new_spinner(),
            _ => ProgressBar::hidden(),
        };
        let started = Instant::now();
        let total = Arc::new(AtomicU64::new(UNKNOWN));
        Self { voice, style, warnings, bar, started, last: Mutex::new(started), total }
    }

    fn words(&self, en: String, zh: String) -> String {
        Message::new(en, zh).get(self.voice.locale()).to_owned()
    }

    /// Shows something beside the bar.
    fn aside(&self, show: impl FnOnce()) {
        self.bar.suspend(show);
    }

    pub(super) fn note(&self, note: &Diagnostic) {
        self.aside(|| self.voice.diagnostic(note));
    }

    pub(super) fn start(&self) {
        match self.style {
            Style::Bar => {
                self.bar.set_style(spinner(self.voice.locale()));
                self.bar.enable_steady_tick(TICK);
            }
            Style::Events => self.event(json!({ "event": "start", "version": 1 })),
            Style::Lines | Style::Quiet => {}
        }
    }

    /// Whether the number of inputs would be shown.
    pub(super) fn wants_total(&self) -> bool {
        self.style != Style::Quiet
    }

    /// Counts the inputs in a thread of its own: names only, no article is read twice.
    pub(super) fn count(&self, options: Arc<BatchOptions>, stop: Stop) {
        let (total, bar, style, locale) =
            (Arc::clone(&self.total), self.bar.clone(), self.style, self.voice.locale());
        std::thread::spawn(move || {
            let inputs = Discovery::new(&options).take_while(|_| !stop.asked());
            let count = inputs.filter(|input| input.mine).count() as u64;
            if !stop.asked() {
                total.store(count, Ordering::SeqCst);
                if style == Style::Bar {
                    bar.set_length(count);
                    bar.set_style(measured(locale));
                }
            }
        });
    }

    pub(super) fn item(&self, item: &Item, record: &Record, totals: &Totals) {
        self.aside(|| {
            item.errors.iter().for_each(|error| self.voice.diagnostic(error));
            if self.warnings {
                item.warnings.iter().for_each(|warning| self.voice.diagnostic(warning));
            }
        });
        match self.style {
            Style::Bar => {
                if totals.failed > 0 {
                    let failed = totals.failed;
                    self.bar.set_message(
                        self.words(format!("{failed} failed"), format!("{failed} 篇失败")),
                    );
                }
                self.bar.set_position(totals.inputs);
            }
            Style::Events => {
                let mut event = json!({ "event": "item" });
                if let (Some(event), Ok(serde_json::Value::Object(fields))) =
                    (event.as_object_mut(), serde_json::to_value(record))
                {
                    event.extend(fields);
                }
                self.event(event);
            }
            Style::Lines | Style::Quiet => {}
        }
        let mut last = lock(&self.last);
        if last.elapsed() >= INTERVAL {
            *last = Instant::now();
            match self.style {
                Style::Lines => self.voice.say(&self.line(totals)),
                Style::Events => {
                    let total = self.total.load(Ordering::SeqCst);
                    let total = (total != UNKNOWN).then_some(total);
                    self.event(json!({ "event": "progress", "total": total, "totals": totals }));
                }
                Style::Bar | Style::Quiet => {}
            }
        }
    }

    fn event(&self, event: serde_json::Value) {
        self.voice.event(&event.to_string());
    }

    /// One plain line: how far, how fast, how long still.
    fn line(&self, totals: &Totals) -> String {
        let rate = rate(totals.inputs, self.started.elapsed());
        let (done, failed) = (totals.inputs, totals.failed);
        match self.total.load(Ordering::SeqCst) {
            UNKNOWN => self.words(
                format!("{done} done, {failed} failed, {rate:.1} a second"),
                format!("已完成 {done} 篇，失败 {failed} 篇，每秒 {rate:.1} 篇"),
            ),
            total => {
                let left = total.saturating_sub(done) as f64 / rate.max(1e-9);
                let left = indicatif::HumanDuration(Duration::from_secs_f64(left.min(1e9)));
                self.words(
                    format!(
                        "{done} of {total} done, {failed} failed, {rate:.1} a second, {left} left"
                    ),
                    format!(
                        "已完成 {done}/{total} 篇，失败 {failed} 篇，每秒 {rate:.1} 篇，还需 {left}"
                    ),
                )
            }
        }
    }

    pub(super) fn finish(&self, totals: &Totals, ending: Ending, report: Option<&Path>) {
        self.bar.finish_and_clear();
        if self.style == Style::Events {
            self.event(json!({ "event": "end", "totals": totals }));
            return;
        }
        let Totals { inputs, made, unchanged, failed, warnings, ms, .. } = *totals;
        let rate = rate(inputs, Duration::from_millis(ms));
        let seconds = ms as f64 / 1000.0;
        let mut text = self.words(
            format!(
                "{inputs} inputs: {made} made, {unchanged} unchanged, {failed} failed; \
                 {warnings} warnings; {seconds:.1} s, {rate:.1} a second"
            ),
            format!(
                "共 {inputs} 篇：生成 {made}，未变 {unchanged}，失败 {failed}；\
                 警告 {warnings} 条；用时 {seconds:.1} 秒，每秒 {rate:.1} 篇"
            ),
        );
        let why =
            match ending {
                Ending::Complete => None,
                Ending::Failed => Some(self.words(
                    "ended at the first failure".to_owned(),
                    "遇到第一个失败后停止".to_owned(),
                )),
                Ending::Stopped => Some(self.words(
                    "stopped; run it again to go on".to_owned(),
                    "已中断；再次运行即可继续".to_owned(),
                )),
            };
        if let Some(why) = why {
            text = format!("{text} ({why})");
        }
        self.voice.say(&text);
        if let Some(report) = report.filter(|path| path.as_os_str() != "-") {
            self.voice.say(&report.display().to_string());
        }
    }
}

fn rate(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(1e-3)
}

fn spinner(locale: Locale) -> ProgressStyle {
    let words = match locale {
        Locale::En => "{spinner} {pos} done, {per_sec}, {elapsed} {msg:.red}",
        Locale::Zh => "{spinner} 已完成 {pos} 篇，{per_sec}，{elapsed} {msg:.red}",
    };
    // The templates are fixed and right; a wrong one would only cost the bar its looks.
    ProgressStyle::with_template(words).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn measured(locale: Locale) -> ProgressStyle {
    let words = match locale {
        Locale::En => "{bar:32} {pos}/{len} {per_sec}, {eta} left {msg:.red}",
        Locale::Zh => "{bar:32} {pos}/{len} {per_sec}，还需 {eta} {msg:.red}",
    };
    ProgressStyle::with_template(words).unwrap_or_else(|_| ProgressStyle::default_bar())
}
