//! The themes that come with the program.

use super::Theme;

/// Names and sources of the built-in themes, in the order in which they are listed.
pub static BUILTIN: [(&str, &str); 5] = [
    ("study", include_str!("builtin/study.toml")),
    ("book", include_str!("builtin/book.toml")),
    ("pocket", include_str!("builtin/pocket.toml")),
    ("large-print", include_str!("builtin/large-print.toml")),
    ("screen", include_str!("builtin/screen.toml")),
];

/// A built-in theme by its name; `None` if there is none of that name.
pub fn builtin(name: &str) -> Option<Theme> {
    let (_, source) = BUILTIN.iter().find(|(n, _)| *n == name)?;
    // Every built-in source is read by the test below, so the error can't occur.
    toml::from_str(source).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Pt;

    #[test]
    fn every_builtin_theme_reads_and_its_type_area_fits_its_paper() {
        for (name, source) in BUILTIN {
            let theme: Theme = toml::from_str(source).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(theme.name, name);
            let page = &theme.page;
            assert!(page.measure() + Pt::mm(12.0) <= page.paper.width, "{name}");
            assert!(page.height() + Pt::mm(16.0) <= page.paper.height, "{name}");
        }
    }
}
