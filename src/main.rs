//! The `sporhund` program: hands its arguments to the library and returns its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    sporhund::cli::run(std::env::args_os()).into()
}
