//! The integration tests.

mod inventory;
mod walking;
