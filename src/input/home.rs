//! The home of a publication: the folder that its pictures may not leave.

use std::path::{Path, PathBuf};

/// Names of the file that makes a folder a packet's.
const PACKET_FILES: [&str; 4] = ["packet.yaml", "packet.yml", "packet.json", "packet.toml"];

/// Folder of a file; the current one for a bare name.
pub(super) fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Home of an article set by itself: the nearest folder above it that holds a packet's file, since
/// articles of a packet share its pictures; its own folder where there is none.
pub(super) fn of_article(path: &Path) -> PathBuf {
    let own = folder(path);
    let Ok(whole) = own.canonicalize() else { return own };
    let holds_packet = |dir: &&Path| PACKET_FILES.iter().any(|name| dir.join(name).is_file());
    whole.ancestors().find(holds_packet).map_or(own, Path::to_owned)
}

/// Home of several articles set as one publication: the deepest folder that holds all their homes.
/// Whoever names the files has chosen their folders.
pub(super) fn of_articles<'p>(paths: impl IntoIterator<Item = &'p Path>) -> PathBuf {
    let whole = |path: &Path| {
        let home = of_article(path);
        home.canonicalize().unwrap_or(home)
    };
    let mut homes = paths.into_iter().map(whole);
    let Some(first) = homes.next() else { return PathBuf::from(".") };
    homes.fold(first, |shared, home| {
        shared.ancestors().find(|dir| home.starts_with(dir)).unwrap_or(&shared).to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_of_a_packet_is_at_home_in_the_packet_and_any_other_in_its_folder() {
        let dir = tempfile::tempdir().unwrap();
        let articles = dir.path().join("book/articles");
        std::fs::create_dir_all(&articles).unwrap();
        assert_eq!(of_article(&articles.join("a.md")), articles);
        std::fs::write(dir.path().join("book/packet.yaml"), "").unwrap();
        let book = dir.path().join("book").canonicalize().unwrap();
        assert_eq!(of_article(&articles.join("a.md")), book);
    }

    #[test]
    fn articles_from_several_folders_share_the_folder_above_them() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("x/one/a.md"), dir.path().join("x/two/b.md"));
        let paths = [one.as_path(), two.as_path()];
        assert_eq!(of_articles(paths), dir.path().join("x"));
    }
}
