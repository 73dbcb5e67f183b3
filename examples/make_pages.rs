//! Writes the pages that are made of the program's own parts: `cargo run --example make_pages`.

use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::write(docs.join("detectors.md"), sporhund::detect::page())?;
    fs::write(docs.join("rules.md"), sporhund::policy::page()?)?;
    Ok(())
}
