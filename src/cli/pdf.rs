//! Arguments about the PDF: how it is printed, protected and kept.

use crate::diagnostic::{Code, Diagnostic, Message, Outcome};
use crate::pdf::{Lock, PdfOptions, Sheets};
use crate::theme::Paper;
use crate::units::Pt;

/// Arguments about the PDF.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "PDF")]
pub(super) struct PdfArgs {
    /// Put the files that the publication was read from into the PDF, too (PDF/A-3a).
    #[arg(long)]
    attach_source: bool,
    /// Keep no picture at more than N pixels per inch.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(36..=2400))]
    image_dpi: Option<u32>,
    /// Print two pages side by side, to be folded and stitched; A5 pages unless --paper says else.
    #[arg(long, conflicts_with = "bleed")]
    booklet: bool,
    /// Let the cover run over its edges and draw crop marks, for printers who cut [3 mm].
    #[arg(long, value_name = "MM", num_args = 0..=1, default_missing_value = "3")]
    bleed: Option<f64>,
    /// Password that opens the PDF (AES-256; the file is no PDF/A then).
    #[arg(long, value_name = "PASSWORD")]
    password: Option<String>,
    /// Password that lifts the restrictions of --allow.
    #[arg(long, value_name = "PASSWORD")]
    owner_password: Option<String>,
    /// What a reader of the protected PDF may do: print, copy, none [default: print,copy].
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    allow: Option<Vec<Permission>>,
}

/// What a reader may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Permission {
    Print,
    Copy,
    None,
}

/// Widest bleed that makes sense, in mm.
const WIDEST_BLEED: f64 = 20.0;

impl PdfArgs {
    /// Paper of pages that are printed two on a sheet, where none is named.
    pub(super) fn usual_paper(&self) -> Option<Paper> {
        self.booklet.then(|| "A5".parse().ok()).flatten()
    }

    /// The options they mean.
    ///
    /// # Errors
    /// Contradictions are wrong usage.
    pub(super) fn options(&self, stamp: Option<i64>) -> Outcome<PdfOptions> {
        let wrong = |en: &str, zh: &str| Diagnostic::error(Code::Usage, Message::new(en, zh));
        let sheets = match (self.booklet, self.bleed) {
            (true, _) => Sheets::Booklet,
            (false, Some(mm)) if (0.0..=WIDEST_BLEED).contains(&mm) => Sheets::Bleed(Pt::mm(mm)),
            (false, Some(_)) => {
                let (en, zh) = ("--bleed is 0 to 20 mm", "--bleed 须在 0 到 20 毫米之间");
                return Err(wrong(en, zh).into());
            }
            (false, None) => Sheets::Pages,
        };
        let restricted = self.allow.is_some() || self.owner_password.is_some();
        let lock = (self.password.is_some() || restricted).then(|| {
            let may = |what| self.allow.as_ref().is_none_or(|list| list.contains(&what));
            Lock {
                user: self.password.clone().unwrap_or_default(),
                owner: self.owner_password.clone(),
                print: may(Permission::Print),
                copy: may(Permission::Copy),
            }
        });
        if lock.is_some() && self.attach_source {
            return Err(wrong(
                "--attach-source makes a PDF/A-3, which can't have a password",
                "--attach-source 生成 PDF/A-3，不能同时设置密码",
            )
            .into());
        }
        Ok(PdfOptions {
            stamp,
            attach_source: self.attach_source,
            sheets,
            image_dpi: self.image_dpi.map(f64::from),
            lock,
        })
    }
}
