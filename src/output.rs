//! Writing results: a file appears whole or not at all.

use std::io::Write;
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic, Message};

/// Writes a file through a temporary one in the same folder, then renames it into place.
///
/// Missing folders on the way are created.
///
/// # Errors
/// A [`Code::Unwritable`] diagnostic that names the file and the cause. Nothing is left behind.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    let fail = |error: std::io::Error| unwritable(path, &error);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(fail)?;
    if path.is_dir() {
        let message = Message::new("is a folder, not a file", "是文件夹而不是文件");
        return Err(Diagnostic::error(Code::Unwritable, message).in_file(path));
    }
    let mut file = tempfile::Builder::new().prefix(".keben-").tempfile_in(folder).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(fail)?;
    set_ordinary_permissions(&file);
    file.persist(path).map_err(|e| fail(e.error))?;
    Ok(())
}

/// Temporary files are private; results are as readable as any file a program makes.
#[cfg(unix)]
fn set_ordinary_permissions(file: &tempfile::NamedTempFile) {
    use std::os::unix::fs::PermissionsExt;
    let permissions = std::fs::Permissions::from_mode(0o644);
    if let Err(error) = file.as_file().set_permissions(permissions) {
        tracing::debug!("permissions stay as they are: {error}");
    }
}

#[cfg(not(unix))]
fn set_ordinary_permissions(_file: &tempfile::NamedTempFile) {}

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
