//! The command `keben`: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    keben::cli::run()
}
