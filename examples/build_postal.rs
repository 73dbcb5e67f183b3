//! Builds `src/detect/postal.bin` from the list of postal codes that `docs/data-sources.md` names.
//!
//! Usage: `cargo run --example build_postal [FILE]`. The same list gives the same table.

#![expect(clippy::print_stdout, reason = "a tool for the terminal")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sporhund::detect::postal;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = std::env::args().nth(1).map_or_else(
        || root.join("../shared/domain/data/postnummer_2020-10.csv"),
        PathBuf::from,
    );
    let text = fs::read_to_string(list)?;
    let rows = text.lines().filter_map(|line| {
        let mut columns = line.split(',');
        let (code, place) = (columns.next()?.parse().ok()?, columns.next()?);
        // Category S: codes of services, at which nobody has an address.
        (columns.nth(2) != Some("S")).then_some((code, place))
    });
    let rows: Vec<(usize, &str)> = rows.collect();
    let table = postal::build(&rows);
    fs::write(root.join("src/detect/postal.bin"), &table)?;
    println!("{} codes, {} bytes", rows.len(), table.len());
    Ok(())
}
