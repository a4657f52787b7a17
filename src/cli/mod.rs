//! The command line: arguments in, diagnostics and exit status out. Does nothing itself.

mod batch;
mod check;
mod commands;
mod epub;
mod import;
mod pdf;
mod printer;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::export::Format;
use crate::script::Script;
use crate::theme::Paper;
pub(crate) use printer::Printer;

/// Typeset PDF and clean EPUB from structured articles (刻本).
#[derive(Debug, Parser)]
#[command(name = "keben", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Say nothing but errors.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say what is done (twice: in detail).
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// When to colour messages.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorWhen,
    /// Language of messages; by default that of the environment.
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<Lang>,
    /// Diagnostics as JSON objects, one a line.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    En,
    Zh,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemaKind {
    Article,
    Packet,
    Theme,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make one publication from an article, a packet, or several articles in order.
    Export(Box<Export>),
    /// Make a publication of each of many articles.
    Batch(Box<batch::Batch>),
    /// Work with reports of batches.
    Report {
        #[command(subcommand)]
        command: batch::Report,
    },
    /// Turn raw pages, texts, books and feeds into structured articles.
    Import(import::ImportArgs),
    /// Validate and lint; write nothing.
    Check {
        /// Files to check.
        #[arg(required = true)]
        inputs: Vec<PathBuf>,
    },
    /// List the faces there are, or say which face each character is set in.
    Fonts {
        /// Files whose characters are looked up.
        #[arg(long, value_name = "INPUT", num_args = 1..)]
        check: Vec<PathBuf>,
        /// Folder with more fonts.
        #[arg(long, value_name = "DIR")]
        font_dir: Vec<PathBuf>,
    },
    /// List the built-in themes.
    Themes,
    /// Print the JSON Schema of a kind of file.
    Schema {
        /// Which kind.
        kind: SchemaKind,
    },
    /// Make a small packet that builds, in an empty folder.
    New {
        /// The folder.
        dir: PathBuf,
    },
    /// Print the completions of a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, clap::Args)]
struct Export {
    /// Articles or packets (JSON, YAML, TOML, Markdown), or raw files as for 'import'.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// File (its ending picks the format), folder, or - for standard output.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// What to make: pdf, epub, png [default: pdf,epub].
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    to: Vec<FormatName>,
    /// Theme: a built-in name or the path of a .toml file.
    #[arg(long, value_name = "NAME|FILE")]
    theme: Option<String>,
    /// Paper: A4, A5, B5, 16k, 32k, d32k or WIDTHxHEIGHTmm.
    #[arg(long, value_name = "PAPER")]
    paper: Option<Paper>,
    /// Folder with more fonts.
    #[arg(long, value_name = "DIR")]
    font_dir: Vec<PathBuf>,
    /// Title of a publication made from several files.
    #[arg(long)]
    title: Option<String>,
    /// Pixels per inch of page pictures.
    #[arg(long, default_value_t = 150.0, value_name = "N")]
    dpi: f64,
    #[command(flatten)]
    pdf: pdf::PdfArgs,
    #[command(flatten)]
    epub: epub::EpubArgs,
    /// Convert everything to Simplified (hans) or Traditional Chinese (hant, hk).
    #[arg(long, value_name = "SCRIPT")]
    script: Option<ScriptName>,
    /// Make it again whenever a file in its folder changes.
    #[arg(long)]
    watch: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ScriptName {
    Hans,
    Hant,
    Hk,
}

impl From<ScriptName> for Script {
    fn from(name: ScriptName) -> Self {
        match name {
            ScriptName::Hans => Self::Hans,
            ScriptName::Hant => Self::Hant,
            ScriptName::Hk => Self::Hk,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Pdf,
    Epub,
    Png,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Pdf => Self::Pdf,
            FormatName::Epub => Self::Epub,
            FormatName::Png => Self::Png,
        }
    }
}

/// Runs the program on its arguments. Status: 0 all made, 1 something not, 2 wrong usage.
pub fn run() -> ExitCode {
    let cli = Cli::parse(); // prints and exits with 2 itself on wrong usage
    start_logging(cli.verbose);
    let printer = Printer::new(cli.color, cli.lang, cli.json, cli.quiet, cli.verbose > 0);
    let done = match cli.command {
        Command::Export(args) if args.watch => watch::watch(&args, &printer),
        Command::Batch(args) => match batch::batch(&args, &printer) {
            Ok(code) => return code,
            Err(failure) => Err(failure),
        },
        Command::Report { command } => batch::report(&command, &printer),
        Command::Export(args) => commands::export(&args, &printer),
        Command::Import(args) => import::import(&args, &printer),
        Command::Check { inputs } => check::check(&inputs, &printer),
        Command::Fonts { check, font_dir } => commands::fonts(&check, &font_dir, &printer),
        Command::Themes => commands::themes(&printer),
        Command::Schema { kind } => commands::schema(kind),
        Command::New { dir } => commands::new(&dir, &printer),
        Command::Completions { shell } => commands::completions(shell),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            for diagnostic in &failure.0 {
                printer.print(diagnostic);
            }
            let usage = failure.0.iter().any(|d| d.code == crate::diagnostic::Code::Usage);
            ExitCode::from(if usage { 2 } else { 1 })
        }
    }
}

fn start_logging(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => tracing::Level::INFO,
        _ => tracing::Level::DEBUG,
    };
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).init();
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn formats_are_a_list_and_papers_are_read() {
        let cli =
            Cli::try_parse_from(["keben", "export", "a.json", "--to", "pdf,png", "--paper", "A5"]);
        let Command::Export(args) = cli.unwrap().command else { panic!("another command") };
        assert_eq!(args.to, [FormatName::Pdf, FormatName::Png]);
        assert!(args.paper.is_some());
        assert!(Cli::try_parse_from(["keben", "export", "a.json", "--paper", "A99"]).is_err());
        assert!(Cli::try_parse_from(["keben", "export"]).is_err());
    }
}
