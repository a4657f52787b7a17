//! `keben import`: raw input → structured articles, with an account of what was done.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Printer;
use crate::clean::{Rule, Rules};
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::import::{self, ImportOptions, Imported, Kind, WrittenFormat};
use crate::output::write_whole;

/// Arguments of `keben import`.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// Raw files: text, HTML, Markdown, EPUB, DOCX, RSS, Atom, JSON Feed, wallabag or Readeck JSON.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Folder for the articles, or - for standard output [default: beside the input].
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// What to write.
    #[arg(long, value_enum, default_value = "yaml")]
    format: FormatName,
    /// Repairs not to make: width, quotes, dashes, spaces, digits, codepoints, invisible, blanks,
    /// trailers.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    skip: Vec<RuleName>,
    /// Make no repairs at all.
    #[arg(long)]
    no_clean: bool,
    /// Fetch pictures from the web (never from private addresses); else they are listed.
    #[arg(long)]
    fetch: bool,
    /// Show what would be done as a difference, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FormatName {
    Yaml,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum RuleName {
    Width,
    Quotes,
    Dashes,
    Spaces,
    Digits,
    Codepoints,
    Invisible,
    Blanks,
    Trailers,
}

impl From<RuleName> for Rule {
    fn from(name: RuleName) -> Self {
        match name {
            RuleName::Width => Self::Width,
            RuleName::Quotes => Self::Quotes,
            RuleName::Dashes => Self::Dashes,
            RuleName::Spaces => Self::Spaces,
            RuleName::Digits => Self::Digits,
            RuleName::Codepoints => Self::Codepoints,
            RuleName::Invisible => Self::Invisible,
            RuleName::Blanks => Self::Blanks,
            RuleName::Trailers => Self::Trailers,
        }
    }
}

/// Imports every input; one that fails does not keep the others from being made.
pub(super) fn import(args: &ImportArgs, printer: &Printer) -> Outcome<()> {
    let rules = match args.no_clean {
        true => Rules::none(),
        false => Rules::without(&args.skip.iter().map(|r| Rule::from(*r)).collect::<Vec<_>>()),
    };
    let fetch = args.fetch.then(import::Fetcher::default);
    let options = ImportOptions { rules, gather: true, fetch };
    let mut failures = Vec::new();
    let mut taken = std::collections::BTreeSet::new();
    for input in &args.inputs {
        if let Err(Failure(errors)) = one(input, args, &options, &mut taken, printer) {
            let named = |d: Diagnostic| if d.file.is_some() { d } else { d.in_file(input) };
            failures.extend(errors.into_iter().map(named));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(Failure(failures)) }
}

fn one(
    input: &Path,
    args: &ImportArgs,
    options: &ImportOptions,
    taken: &mut std::collections::BTreeSet<String>,
    printer: &Printer,
) -> Outcome<()> {
    let bytes = crate::input::bytes(input)?;
    let kind = Kind::of_raw(input, &bytes).ok_or_else(|| {
        let message = Message::new("this is no raw input that can be imported", "无法导入此类文件");
        let hint = Message::new(
            "give text, HTML, Markdown, EPUB, DOCX or a feed; structured files are used as they are",
            "可导入文本、HTML、Markdown、EPUB、DOCX 或订阅源；结构化文件可直接使用",
        );
        Diagnostic::error(Code::UnknownFormat, message).hint(hint)
    })?;
    let imported = import::import(input, &bytes, kind, options)?;
    for warning in &imported.report.warnings {
        let named = warning.file.is_none().then(|| warning.clone().in_file(input));
        printer.print(named.as_ref().unwrap_or(warning));
    }
    let format = match args.format {
        FormatName::Yaml => WrittenFormat::Yaml,
        FormatName::Json => WrittenFormat::Json,
    };
    let stem = unique(input, taken);
    let files = import::files(&imported, &stem, format)?;
    let mut outputs = Vec::new();
    if args.dry_run {
        if !printer.is_json() {
            to_stdout(&difference(&imported))?;
        }
    } else if args.output.as_deref() == Some(Path::new("-")) {
        for (_, bytes) in files.iter().filter(|(name, _)| name.ends_with(format.ending())) {
            to_stdout(&String::from_utf8_lossy(bytes))?;
        }
    } else {
        let folder = match &args.output {
            Some(folder) => folder.clone(),
            None => input.parent().map(Path::to_owned).unwrap_or_default(),
        };
        for (name, bytes) in &files {
            let path = folder.join(name);
            write_whole(&path, bytes)?;
            outputs.push(path.display().to_string());
        }
    }
    if printer.is_json() {
        let report = imported.report.to_json(&input.display().to_string(), &outputs);
        to_stdout(&format!("{report}\n"))?;
    } else {
        printer.say(&format!("{}\n{}", input.display(), imported.report.to_text(printer.locale)));
        outputs.iter().for_each(|path| printer.say(path));
    }
    Ok(())
}

/// The input's name without its ending, made different from those of other inputs.
fn unique(input: &Path, taken: &mut std::collections::BTreeSet<String>) -> String {
    let stem = input.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let mut name = stem.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{stem}-{number}");
        number += 1;
    }
    name
}

/// What the import changes: lines of the source against lines of the article.
fn difference(imported: &Imported) -> String {
    let after = import::plain(&imported.publication);
    let diff = similar::TextDiff::from_lines(&imported.before, &after);
    diff.unified_diff().context_radius(1).header("source", "article").to_string()
}

fn to_stdout(text: &str) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|e| crate::output::unwritable(Path::new("-"), &e).into())
}
