//! `keben batch` and `keben report`: arguments, Ctrl-C, exit status.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;

use super::commands::{source_date, usage};
use super::epub::EpubArgs;
use super::pdf::PdfArgs;
use super::{FormatName, Printer, ScriptName};
use crate::batch::{
    self, BatchOptions, Ending, Index, Progress, Shard, Stop, Style, Template, Voice,
};
use crate::diagnostic::{Code, Diagnostic, Locale, Message, Outcome};
use crate::export::{ExportOptions, Format};
use crate::theme::Paper;

#[derive(Debug, clap::Args)]
pub(super) struct Batch {
    /// Files, folders, patterns, .jsonl files, @FILE with a path a line, or - for paths or JSON
    /// Lines from standard input.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Folder of the results.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// What to make: pdf, epub, png [default: pdf,epub].
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    to: Vec<FormatName>,
    /// Names of the results, as {date}-{title} or {year}/{id}; by default where the input stands.
    #[arg(long, value_name = "TEMPLATE")]
    name: Option<Template>,
    /// Number of workers [default: one for each core].
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Report on every input, as JSON; - for standard output.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Make again what did not change.
    #[arg(long)]
    force: bool,
    /// Make only this part: I/N, auto (by Slurm or AWS Batch) or auto/N (by Kubernetes).
    #[arg(long, value_name = "I/N")]
    shard: Option<String>,
    /// End at the first failure.
    #[arg(long)]
    fail_fast: bool,
    /// Make one book of each folder that holds articles.
    #[arg(long)]
    each_folder: bool,
    /// Write an index of what was made: index.html and catalog.xml (OPDS).
    #[arg(long, value_name = "TITLE", num_args = 0..=1, require_equals = true)]
    index: Option<Option<String>>,
    /// Theme: a built-in name or the path of a .toml file.
    #[arg(long, value_name = "NAME|FILE")]
    theme: Option<String>,
    /// Paper: A4, A5, B5, 16k, 32k, d32k or WIDTHxHEIGHTmm.
    #[arg(long, value_name = "PAPER")]
    paper: Option<Paper>,
    /// Folder with more fonts.
    #[arg(long, value_name = "DIR")]
    font_dir: Vec<PathBuf>,
    /// Pixels per inch of page pictures.
    #[arg(long, default_value_t = 150.0, value_name = "N")]
    dpi: f64,
    /// Convert everything to Simplified (hans) or Traditional Chinese (hant, hk).
    #[arg(long, value_name = "SCRIPT")]
    script: Option<ScriptName>,
    #[command(flatten)]
    pdf: PdfArgs,
    #[command(flatten)]
    epub: EpubArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Report {
    /// Join the reports of shards into one, in the order of inputs.
    Merge {
        /// Reports.
        #[arg(required = true)]
        reports: Vec<PathBuf>,
        /// The whole report; - for standard output.
        #[arg(short, long, value_name = "FILE", default_value = "-")]
        output: PathBuf,
        /// Write the index of everything that was made into this folder, the results' own.
        #[arg(long, value_name = "DIR")]
        index: Option<PathBuf>,
        /// Title of the index [default: the folder's name].
        #[arg(long, requires = "index")]
        title: Option<String>,
    },
}

/// Exit status of a run that somebody stopped: 128 and the number of SIGINT.
const STOPPED: u8 = 130;

pub(super) fn batch(args: &Batch, printer: &Printer) -> Outcome<ExitCode> {
    let options = options(args, printer)?;
    let style = match (printer.json, printer.quiet) {
        (true, _) => Style::Events,
        (false, true) => Style::Quiet,
        (false, false) if std::io::stderr().is_terminal() => Style::Bar,
        (false, false) => Style::Lines,
    };
    let progress = Progress::new(Arc::new(printer.clone()), style, printer.verbose);
    let stop = Stop::default();
    listen(&stop, printer);
    let (totals, ending) = batch::run(options, &progress, &stop)?;
    Ok(match ending {
        Ending::Stopped => ExitCode::from(STOPPED),
        Ending::Failed => ExitCode::FAILURE,
        Ending::Complete if totals.failed > 0 => ExitCode::FAILURE,
        Ending::Complete => ExitCode::SUCCESS,
    })
}

/// The first Ctrl-C (or SIGTERM, SIGHUP) lets what is in flight be finished, the second ends all.
fn listen(stop: &Stop, printer: &Printer) {
    let (stop, printer) = (stop.clone(), printer.clone());
    let set = ctrlc::set_handler(move || {
        if stop.ask() {
            std::process::exit(i32::from(STOPPED));
        }
        let text = Message::new(
            "finishing what is in flight; once more to stop at once",
            "正在完成手头的文章；再按一次立即停止",
        );
        printer.say(text.get(printer.locale));
    });
    if let Err(error) = set {
        tracing::warn!("Ctrl-C ends the run at once: {error}");
    }
}

fn options(args: &Batch, printer: &Printer) -> Outcome<BatchOptions> {
    let stamp = source_date()?;
    let mut formats: std::collections::BTreeSet<Format> =
        args.to.iter().copied().map(Format::from).collect();
    if formats.is_empty() {
        formats.extend([Format::Pdf, Format::Epub]);
    }
    let shard = match &args.shard {
        None => Shard::WHOLE,
        Some(text) => Shard::read(text, &|name| std::env::var(name).ok())
            .map_err(|e| Diagnostic::error(Code::Usage, Message::same(e.to_string())))?,
    };
    let index = args.index.as_ref().map(|title| {
        title.clone().filter(|t| !t.is_empty()).unwrap_or_else(|| name_of(&args.output))
    });
    if index.is_some() && !shard.is_whole() {
        return Err(usage(
            "a shard has no index of its own: make it with 'keben report merge --index DIR'",
            "分片没有单独的索引：请用“keben report merge --index DIR”生成",
        ));
    }
    if printer.json && args.report.as_deref().is_some_and(|r| r.as_os_str() == "-") {
        return Err(usage(
            "standard output can't take both the events of --json and the report",
            "标准输出不能同时写 --json 事件和报告",
        ));
    }
    let output = &args.output;
    if output.exists() && !output.is_dir() {
        return Err(usage("-o must be a folder", "-o 须为文件夹"));
    }
    Ok(BatchOptions {
        inputs: args.inputs.clone(),
        output: output.clone(),
        export: ExportOptions {
            theme: args.theme.clone(),
            paper: args.paper.or_else(|| args.pdf.usual_paper()),
            font_dirs: args.font_dir.clone(),
            title: None,
            formats,
            dpi: args.dpi,
            stamp,
            script: args.script.map(Into::into),
            pdf: args.pdf.options(stamp)?,
            epub: args.epub.choices(),
        },
        name: args.name.clone().unwrap_or_default(),
        jobs: args.jobs.map_or(0, usize::from),
        report: args.report.clone(),
        force: args.force,
        shard,
        fail_fast: args.fail_fast,
        each_folder: args.each_folder,
        index,
        locale: printer.locale,
    })
}

fn name_of(folder: &std::path::Path) -> String {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    whole.file_name().map_or_else(|| "Keben".to_owned(), |n| n.to_string_lossy().into_owned())
}

pub(super) fn report(command: &Report, printer: &Printer) -> Outcome<()> {
    let Report::Merge { reports, output, index, title } = command;
    let index = match index {
        Some(folder) => {
            let title = title.clone().unwrap_or_else(|| name_of(folder));
            Some(Index::create(folder, &title, source_date()?, printer.locale)?)
        }
        None => None,
    };
    batch::merge(reports, output, index)?;
    Ok(())
}

impl Voice for Printer {
    fn diagnostic(&self, diagnostic: &Diagnostic) {
        self.print(diagnostic);
    }

    fn say(&self, text: &str) {
        Self::say(self, text);
    }

    fn event(&self, line: &str) {
        // A reader that went away has heard enough; the run goes on for the files' sake.
        drop(writeln!(std::io::stdout().lock(), "{line}"));
    }

    fn locale(&self) -> Locale {
        self.locale
    }
}
