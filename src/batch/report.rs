//! The report: what came of every input, written as a stream, and joined from several shards.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Locale, Message, Outcome, Severity};
use crate::model::Pos;
use crate::output::{Whole, unwritable};

/// Number of the form of reports.
const VERSION: u32 = 1;

/// What came of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Its outputs were made.
    Made,
    /// Its outputs were there and are still right.
    Unchanged,
    /// It could not be made.
    Failed,
}

/// One input with what came of it.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its place among all inputs, from 0; the same in every shard.
    pub index: u64,
    /// Its name: the path, with the line for a record.
    pub input: String,
    /// What came of it.
    pub status: Status,
    /// The files made of it, in the output folder.
    pub outputs: Vec<PathBuf>,
    /// Pages, where pages were made.
    pub pages: Option<u64>,
    /// What is worth knowing.
    pub warnings: Vec<Diagnostic>,
    /// Why it could not be made.
    pub errors: Vec<Diagnostic>,
    /// Time from taking it up to its being done, in milliseconds.
    pub ms: u64,
    /// What it is, for indexes.
    pub about: About,
}

/// What a publication is, for indexes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Authors in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Date, as ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Language, as BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Abstract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Small picture of the cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
}

/// Counts of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Inputs tried.
    pub inputs: u64,
    /// Of these, made.
    pub made: u64,
    /// Of these, unchanged.
    pub unchanged: u64,
    /// Of these, failed.
    pub failed: u64,
    /// Warnings in all of them.
    pub warnings: u64,
    /// Pages of all of them.
    pub pages: u64,
    /// Time of the run in milliseconds; of several shards together.
    pub ms: u64,
    /// Whether the run ended before all inputs were tried.
    pub interrupted: bool,
}

impl Totals {
    pub(super) fn add(&mut self, item: &Item) {
        self.count(item.status, item.warnings.len(), item.pages);
    }

    fn count(&mut self, status: Status, warnings: usize, pages: Option<u64>) {
        self.inputs += 1;
        match status {
            Status::Made => self.made += 1,
            Status::Unchanged => self.unchanged += 1,
            Status::Failed => self.failed += 1,
        }
        self.warnings += warnings as u64;
        self.pages += pages.unwrap_or(0);
    }
}

/// A diagnostic as the cache keeps it, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    code: Code,
    file: Option<PathBuf>,
    pos: Option<(u32, u32)>,
    message: (String, String),
    hint: Option<(String, String)>,
}

impl From<&Diagnostic> for Note {
    fn from(d: &Diagnostic) -> Self {
        let both = |m: &Message| (m.en.clone(), m.zh.clone());
        Self {
            code: d.code,
            file: d.file.clone(),
            pos: d.pos.map(|p| (p.line, p.column)),
            message: both(&d.message),
            hint: d.hint.as_ref().map(both),
        }
    }
}

impl From<Note> for Diagnostic {
    fn from(note: Note) -> Self {
        Self {
            severity: Severity::Warning,
            code: note.code,
            file: note.file,
            pos: note.pos.map(|(line, column)| Pos::new(line, column)),
            message: Message::new(note.message.0, note.message.1),
            hint: note.hint.map(|(en, zh)| Message::new(en, zh)),
        }
    }
}

/// An item as reports hold it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    pub index: u64,
    pub input: String,
    pub status: Status,
    pub outputs: Vec<String>,
    pub pages: Option<u64>,
    pub warnings: Vec<Problem>,
    /// The first error.
    pub error: Option<Problem>,
    /// All others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_errors: Vec<Problem>,
    pub ms: u64,
    #[serde(flatten)]
    pub about: About,
}

/// A diagnostic as reports hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Problem {
    code: Code,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
}

impl Problem {
    fn new(d: &Diagnostic, locale: Locale) -> Self {
        Self {
            code: d.code,
            message: d.message.get(locale).to_owned(),
            hint: d.hint.as_ref().map(|h| h.get(locale).to_owned()),
            file: d.file.as_ref().map(|f| f.display().to_string()),
            line: d.pos.map(|p| p.line),
            column: d.pos.map(|p| p.column),
        }
    }
}

impl Item {
    /// The item as reports hold it, its messages in one language.
    pub(super) fn record(&self, locale: Locale) -> Record {
        let mut errors = self.errors.iter().map(|d| Problem::new(d, locale));
        Record {
            index: self.index,
            input: self.input.clone(),
            status: self.status,
            outputs: self.outputs.iter().map(|p| p.display().to_string()).collect(),
            pages: self.pages,
            warnings: self.warnings.iter().map(|d| Problem::new(d, locale)).collect(),
            error: errors.next(),
            more_errors: errors.collect(),
            ms: self.ms,
            about: self.about.clone(),
        }
    }
}

/// Writes a report item by item: nothing of it stays in memory, and it appears when it is whole.
pub(super) struct ReportWriter {
    path: PathBuf,
    out: Out,
    first: bool,
}

enum Out {
    File(Whole),
    Stdout,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Stdout => io::stdout().lock().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Stdout => io::stdout().lock().flush(),
        }
    }
}

impl ReportWriter {
    /// Begins a report; `-` is standard output.
    pub(super) fn create(path: &Path) -> Result<Self, Diagnostic> {
        let out = match path.as_os_str() == "-" {
            true => Out::Stdout,
            false => Out::File(Whole::create(path)?),
        };
        let mut report = Self { path: path.to_owned(), out, first: true };
        report.write(format_args!("{{\"version\":{VERSION},\"items\":["))?;
        Ok(report)
    }

    fn write(&mut self, text: fmt::Arguments<'_>) -> Result<(), Diagnostic> {
        self.out.write_fmt(text).map_err(|e| unwritable(&self.path, &e))
    }

    /// Adds an item.
    pub(super) fn add(&mut self, item: &Record) -> Result<(), Diagnostic> {
        let text = serde_json::to_string(item)
            .map_err(|e| Diagnostic::error(Code::Internal, Message::same(e.to_string())))?;
        let comma = if std::mem::take(&mut self.first) { "" } else { "," };
        self.write(format_args!("{comma}\n{text}"))
    }

    /// Ends the report and puts it in its place.
    pub(super) fn finish(mut self, totals: &Totals) -> Result<(), Diagnostic> {
        let totals = serde_json::to_string(totals)
            .map_err(|e| Diagnostic::error(Code::Internal, Message::same(e.to_string())))?;
        self.write(format_args!("\n],\"totals\":{totals}}}\n"))?;
        match self.out {
            Out::File(file) => file.finish(),
            Out::Stdout => io::stdout().lock().flush().map_err(|e| unwritable(&self.path, &e)),
        }
    }
}

/// A report as it is read.
#[derive(Debug, Deserialize)]
struct Report {
    version: u32,
    items: Vec<Record>,
    totals: Totals,
}

/// Joins the reports of shards into one, in the order of inputs.
///
/// An input that stands in several (a shard that ran twice) is taken from the last of them, but a
/// failure never replaces a success.
///
/// - `output`: where the whole report goes; `-` is standard output;
/// - `index`: hears of every item in order, for the index of what was made.
///
/// # Errors
/// A report that can't be read; an output that can't be written.
pub fn merge(
    reports: &[PathBuf],
    output: &Path,
    mut index: Option<super::Index>,
) -> Outcome<Totals> {
    let mut items: BTreeMap<(u64, String), Record> = BTreeMap::new();
    let mut totals = Totals::default();
    for path in reports {
        let report = read(path)?;
        totals.ms += report.totals.ms;
        totals.interrupted |= report.totals.interrupted;
        for item in report.items {
            let key = (item.index, item.input.clone());
            let keeps = items.get(&key).is_some_and(|known| {
                known.status != Status::Failed && item.status == Status::Failed
            });
            if !keeps {
                items.insert(key, item);
            }
        }
    }
    let mut writer = ReportWriter::create(output)?;
    for item in items.values() {
        totals.count(item.status, item.warnings.len(), item.pages);
        writer.add(item)?;
        if let Some(index) = &mut index {
            index.add(item)?;
        }
    }
    writer.finish(&totals)?;
    if let Some(index) = index {
        index.finish()?;
    }
    Ok(totals)
}

fn read(path: &Path) -> Result<Report, Diagnostic> {
    let fail = |en: String, zh: &str| {
        Diagnostic::error(Code::Unreadable, Message::new(en, zh)).in_file(path)
    };
    let bytes = std::fs::read(path).map_err(|e| fail(format!("can't be read: {e}"), "无法读取"))?;
    let report: Report = serde_json::from_slice(&bytes).map_err(|e| {
        fail(format!("is not a report of keben batch: {e}"), "不是 keben batch 的报告")
            .at(Some(Pos::new(e.line() as u32, e.column() as u32)))
    })?;
    if report.version != VERSION {
        let version = report.version;
        let en = format!("is a report of form {version}; this program knows form {VERSION}");
        return Err(fail(en, "报告的版本不受支持"));
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(index: u64, status: Status) -> Item {
        let error = Diagnostic::error(Code::Syntax, Message::new("bad", "坏"))
            .in_file("a.md")
            .at(Some(Pos::new(2, 3)));
        Item {
            index,
            input: format!("{index}.md"),
            status,
            outputs: vec![PathBuf::from(format!("out/{index}.pdf"))],
            pages: (status != Status::Failed).then_some(3),
            warnings: Vec::new(),
            errors: if status == Status::Failed { vec![error] } else { Vec::new() },
            ms: 5,
            about: About { title: Some("题".into()), ..About::default() },
        }
    }

    fn write(path: &Path, items: &[Item]) {
        let mut totals = Totals { ms: 10, ..Totals::default() };
        let mut report = ReportWriter::create(path).unwrap();
        for item in items {
            totals.add(item);
            report.add(&item.record(Locale::En)).unwrap();
        }
        report.finish(&totals).unwrap();
    }

    #[test]
    fn a_report_holds_what_the_contract_says() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.json");
        write(&path, &[item(0, Status::Made), item(1, Status::Failed)]);
        insta::assert_snapshot!(std::fs::read_to_string(path).unwrap());
    }

    #[test]
    fn shards_are_joined_in_the_order_of_inputs_and_a_success_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        write(&path("a"), &[item(0, Status::Made), item(3, Status::Failed)]);
        write(&path("b"), &[item(1, Status::Made), item(2, Status::Made)]);
        write(&path("c"), &[item(0, Status::Failed), item(3, Status::Unchanged)]);
        let reports = ["a", "b", "c"].map(path);
        let totals = merge(&reports, &path("all"), None).unwrap();
        assert_eq!((totals.inputs, totals.made, totals.unchanged, totals.failed), (4, 3, 1, 0));
        assert_eq!(totals.ms, 30);
        let all = read(&path("all")).unwrap();
        assert_eq!(all.items.iter().map(|i| i.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(all.totals, totals);
    }

    #[test]
    fn what_is_no_report_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.json");
        for text in ["[]", "{\"version\":9,\"items\":[],\"totals\":{}}", "{"] {
            std::fs::write(&path, text).unwrap();
            let failure =
                merge(std::slice::from_ref(&path), &dir.path().join("all"), None).unwrap_err();
            assert_eq!(failure.0[0].file.as_deref(), Some(path.as_path()));
        }
    }

    #[test]
    fn a_note_comes_back_as_the_warning_it_was() {
        let warning = Diagnostic::warning(Code::MissingAlt, Message::new("a", "甲"))
            .in_file("x.md")
            .at(Some(Pos::new(1, 2)))
            .hint(Message::new("b", "乙"));
        let text = serde_json::to_string(&Note::from(&warning)).unwrap();
        assert_eq!(Diagnostic::from(serde_json::from_str::<Note>(&text).unwrap()), warning);
    }
}
