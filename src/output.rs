//! Writing results: a file appears whole or not at all.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::diagnostic::{Code, Diagnostic, Message};

/// Writes a file through a temporary one in the same folder, then renames it into place.
///
/// Missing folders on the way are created.
///
/// # Errors
/// A [`Code::Unwritable`] diagnostic that names the file and the cause. Nothing is left behind.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    write_with(path, &mut |out| out.write_all(bytes))
}

/// As [`write_whole`], for what is written piece by piece.
///
/// # Errors
/// As [`write_whole`].
pub fn write_with(
    path: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Diagnostic> {
    let mut file = Whole::create(path)?;
    write(&mut file).map_err(|e| unwritable(path, &e))?;
    file.finish()
}

/// As [`write_whole`], with the temporary file in `staging`, a folder on the same file system that
/// is emptied by whoever comes after a program that was killed.
///
/// # Errors
/// As [`write_whole`].
pub fn write_staged(staging: &Path, path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    let fail = |error: io::Error| unwritable(path, &error);
    make_room(path)?;
    let mut file = temporary(staging).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    match file.persist(path) {
        Ok(_) => Ok(()),
        // The place may be on another file system after all (a mount inside the output folder).
        Err(error) if error.error.kind() == io::ErrorKind::CrossesDevices => {
            write_whole(path, bytes)
        }
        Err(error) => Err(fail(error.error)),
    }
}

/// A file that is being written and appears when it is finished; dropped before, it never was.
#[derive(Debug)]
pub struct Whole {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl Whole {
    /// Begins a file; missing folders on the way are created.
    ///
    /// # Errors
    /// As [`write_whole`].
    pub fn create(path: &Path) -> Result<Self, Diagnostic> {
        let folder = make_room(path)?;
        let file = temporary(folder).map_err(|e| unwritable(path, &e))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file) })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// As [`write_whole`].
    pub fn finish(self) -> Result<(), Diagnostic> {
        let Self { path, file } = self;
        let fail = |error: io::Error| unwritable(&path, &error);
        let file = file.into_inner().map_err(|e| fail(e.into_error()))?;
        file.persist(&path).map_err(|e| fail(e.error))?;
        Ok(())
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Creates the folder of a file that is to be written, and sees that the file is no folder itself.
fn make_room(path: &Path) -> Result<&Path, Diagnostic> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(|e| unwritable(path, &e))?;
    if path.is_dir() {
        let message = Message::new("is a folder, not a file", "是文件夹而不是文件");
        return Err(Diagnostic::error(Code::Unwritable, message).in_file(path));
    }
    Ok(folder)
}

fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let file = tempfile::Builder::new().prefix(".keben-").tempfile_in(folder)?;
    set_ordinary_permissions(&file);
    Ok(file)
}

/// Temporary files are private; results are as readable as any file a program makes.
#[cfg(unix)]
fn set_ordinary_permissions(file: &NamedTempFile) {
    use std::os::unix::fs::PermissionsExt;
    let permissions = std::fs::Permissions::from_mode(0o644);
    if let Err(error) = file.as_file().set_permissions(permissions) {
        tracing::debug!("permissions stay as they are: {error}");
    }
}

#[cfg(not(unix))]
fn set_ordinary_permissions(_file: &NamedTempFile) {}

/// What to say when a place can't be written.
pub fn unwritable(path: &Path, error: &std::io::Error) -> Diagnostic {
    let hint = match error.kind() {
        std::io::ErrorKind::StorageFull => {
            Message::new("free some space on the disk", "请先清出磁盘空间")
        }
        _ => Message::new("choose another place with -o", "请用 -o 换一个位置"),
    };
    let message = Message::new(format!("can't be written: {error}"), format!("无法写入：{error}"));
    Diagnostic::error(Code::Unwritable, message).in_file(path).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_can_not_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let blocked = folder.path().join("file");
        write_whole(&blocked, b"1").unwrap();
        let error = write_whole(&blocked.join("below"), b"2").unwrap_err();
        assert_eq!(error.code, Code::Unwritable);
        assert_eq!(std::fs::read(&blocked).unwrap(), b"1");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
