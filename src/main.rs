//! The `sporhund` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|arg| arg == "__read")
    {
        let served = sporhund::extract::serve(std::io::stdin(), std::io::stdout());
        return served.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
    }
    ExitCode::SUCCESS
}
