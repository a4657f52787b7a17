//! The one place that shows diagnostics to people and programs.

use std::io::{IsTerminal, Write};

use super::{ColorWhen, Lang};
use crate::diagnostic::{Diagnostic, Locale, Severity};

/// Shows diagnostics on standard error.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    /// Language of messages.
    pub locale: Locale,
    color: bool,
    /// Whether programs listen.
    pub json: bool,
    /// Whether only errors are wanted.
    pub quiet: bool,
    /// Whether details are wanted.
    pub verbose: bool,
}

impl Printer {
    pub(super) fn new(
        color: ColorWhen,
        lang: Option<Lang>,
        json: bool,
        quiet: bool,
        verbose: bool,
    ) -> Self {
        let color = match color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => {
                std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
                    && std::io::stderr().is_terminal()
            }
        };
        let locale = match lang {
            Some(Lang::En) => Locale::En,
            Some(Lang::Zh) => Locale::Zh,
            None => locale_of_environment(|name| std::env::var(name).ok()),
        };
        Self { locale, color: color && !json, json, quiet, verbose }
    }

    /// Shows one diagnostic; warnings are kept back under `--quiet`.
    pub(crate) fn print(&self, diagnostic: &Diagnostic) {
        if self.quiet && diagnostic.severity == Severity::Warning {
            return;
        }
        let line = if self.json {
            diagnostic.to_json(self.locale)
        } else {
            let line = diagnostic.to_line(self.locale);
            match (self.color, diagnostic.severity, line.split_once(':')) {
                (true, Severity::Error, Some((word, rest))) => {
                    format!("\x1b[1;31m{word}\x1b[0m:{rest}")
                }
                (true, Severity::Warning, Some((word, rest))) => {
                    format!("\x1b[1;33m{word}\x1b[0m:{rest}")
                }
                _ => line,
            }
        };
        // Nobody is left to tell when standard error is gone.
        drop(writeln!(std::io::stderr(), "{line}"));
    }

    /// Whether programs are listening.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Says what was done, unless quiet.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet && !self.json {
            drop(writeln!(std::io::stderr(), "{text}"));
        }
    }
}

/// POSIX: the first of these that is set decides.
fn locale_of_environment(get: impl Fn(&str) -> Option<String>) -> Locale {
    let value =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(|n| get(n)).find(|v| !v.is_empty());
    if value.is_some_and(|v| v.starts_with("zh")) { Locale::Zh } else { Locale::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_chooses_the_language_in_order() {
        let of = |pairs: &[(&str, &str)]| {
            let pairs: Vec<(String, String)> =
                pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            locale_of_environment(|n| pairs.iter().find(|(k, _)| k == n).map(|(_, v)| v.clone()))
        };
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Locale::Zh);
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), Locale::En);
        assert_eq!(of(&[]), Locale::En);
    }
}
