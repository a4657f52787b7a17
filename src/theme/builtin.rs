//! The themes that come with the program.

use super::{Theme, read};

/// Names and sources of the built-in themes, in the order in which they are listed.
pub static BUILTIN: [(&str, &str); 7] = [
    ("study", include_str!("builtin/study.toml")),
    ("book", include_str!("builtin/book.toml")),
    ("pocket", include_str!("builtin/pocket.toml")),
    ("large-print", include_str!("builtin/large-print.toml")),
    ("official", include_str!("builtin/official.toml")),
    ("screen", include_str!("builtin/screen.toml")),
    ("vertical", include_str!("builtin/vertical.toml")),
];

/// A built-in theme by its name; `None` if there is none of that name.
pub fn builtin(name: &str) -> Option<Theme> {
    let (_, source) = BUILTIN.iter().find(|(n, _)| *n == name)?;
    // Every built-in source is read by the test below, so the error can't occur.
    read(source).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Pt;

    #[test]
    fn every_builtin_theme_reads_and_its_type_area_fits_its_paper() {
        for (name, source) in BUILTIN {
            let theme: Theme = read(source).unwrap_or_else(|e| panic!("{name}: {e:?}"));
            assert_eq!(theme.name, name);
            let (width, height) = theme.area();
            assert!(width + Pt::mm(12.0) <= theme.page.paper.width, "{name}");
            assert!(height + Pt::mm(16.0) <= theme.page.paper.height, "{name}");
        }
    }
}
