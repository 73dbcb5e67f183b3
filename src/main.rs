//! The `sporhund` program.
fn main() {}
