//! Arguments about the EPUB.

use crate::export::EpubChoices;

/// Arguments about the EPUB.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "EPUB")]
pub(super) struct EpubArgs {
    /// Put the theme's faces into the EPUB, cut down to the characters it shows.
    #[arg(long)]
    embed_fonts: bool,
    /// State in the EPUB that NAME vouches for EPUB Accessibility 1.1 at WCAG 2.1 level AA.
    #[arg(long, value_name = "NAME")]
    certified_by: Option<String>,
}

impl EpubArgs {
    /// The choices they mean.
    pub(super) fn choices(&self) -> EpubChoices {
        EpubChoices { embed_fonts: self.embed_fonts, certified_by: self.certified_by.clone() }
    }
}
