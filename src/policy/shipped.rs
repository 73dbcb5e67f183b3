//! The files in `rules/`, which are part of the program.

/// Every shipped file: id, and text.
const FILES: &[(&str, &str)] = &[
    (
        "poweroffice-2024",
        include_str!("../../rules/poweroffice-2024.toml"),
    ),
    (
        "baseline-no-private",
        include_str!("../../rules/baseline-no-private.toml"),
    ),
    (
        "baseline-no-public",
        include_str!("../../rules/baseline-no-public.toml"),
    ),
    ("classes", include_str!("../../rules/classes.toml")),
    ("events", include_str!("../../rules/events.toml")),
];

/// The text of a shipped file by its id, such as `poweroffice-2024`.
#[must_use]
pub fn shipped(name: &str) -> Option<&'static str> {
    let found = FILES.iter().find(|(id, _)| *id == name);
    found.map(|(_, text)| *text)
}

/// The ids of the shipped rule files; `classes` and `events` are not among them.
#[must_use]
pub fn shipped_names() -> Vec<&'static str> {
    rule_files().map(|(id, _)| id).collect()
}

/// Id and text of each shipped rule file.
pub(super) fn rule_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    let others = ["classes", "events"];
    FILES
        .iter()
        .copied()
        .filter(move |(id, _)| !others.contains(id))
}
