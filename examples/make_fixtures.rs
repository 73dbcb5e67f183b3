//! Writes the file server of the examples and tests, and the labelled corpus, below `fixtures/`:
//! `cargo run --example make_fixtures`.

use std::error::Error;
use std::io::Write;
use std::path::Path;

#[path = "../fixtures/generator/mod.rs"]
mod generator;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = generator::write(&folder)?;
    writeln!(
        std::io::stderr(),
        "wrote {files} files and documents below {}",
        folder.display()
    )?;
    Ok(())
}
