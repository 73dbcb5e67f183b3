//! The files of the page. They lie in the program, so that nothing is fetched.

/// What the browser may do with the page: run and show what comes from this server, and nothing else.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page itself.
pub(super) const HTML: &str = include_str!("page/index.html");
/// How it looks.
pub(super) const CSS: &str = include_str!("page/style.css");
/// What it does.
pub(super) const SCRIPT: &str = include_str!("page/review.js");
/// What it says, in each language.
pub(super) const WORDS: &str = include_str!("page/words.js");
