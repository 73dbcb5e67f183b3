//! The integration tests.

#[cfg(test)]
mod inventory;
#[cfg(test)]
mod walking;
mod corpora;
mod isolate;
mod office;
mod vectors;
mod scenarios;
mod fixtures;
#[cfg(test)]
mod layers;
