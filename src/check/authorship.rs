//! Who wrote it: names and addresses that authors put into a repository themselves.
//!
//! Only names, e-mail addresses and telephone numbers are authorship; an identity number in a licence
//! header is none.

use crate::model::Kind;

/// Detectors whose findings can be authorship.
const DETECTORS: [&str; 3] = ["name", "email", "phone"];

/// File names, in lower case and without extension, that say who wrote something.
const FILES: [&str; 23] = [
    "authors",
    "author",
    "codeowners",
    "contributors",
    "contributing",
    "code_of_conduct",
    "maintainers",
    "owners",
    "credits",
    "thanks",
    "acknowledgements",
    "acknowledgments",
    ".mailmap",
    "mailmap",
    "license",
    "licence",
    "copying",
    "copyright",
    "notice",
    "unlicense",
    "security",
    "patents",
    "trademarks",
];

/// Package manifests, in lower case.
const MANIFESTS: [&str; 27] = [
    "cargo.toml",
    "cargo.toml.orig",
    "package.json",
    "package-lock.json",
    "composer.json",
    "composer.lock",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "pkg-info",
    "metadata",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "pubspec.yaml",
    "mix.exs",
    "description",
    "manifest.mf",
    "bower.json",
    "chart.yaml",
    "citation.cff",
    "codemeta.json",
    "meson.build",
    "control",
    "configure.ac",
    "security.txt",
    "cmakelists.txt",
];

/// Extensions of package manifests.
const EXTENSIONS: [&str; 8] = [
    "gemspec", "nuspec", "podspec", "csproj", "fsproj", "vbproj", "cabal", "opam",
];

/// Whether all of a file says who wrote something. `path` has `/` between folders.
pub(super) fn is_file(path: &str) -> bool {
    let path = path.split("!/").next().unwrap_or(path).to_lowercase();
    let name = path.rsplit('/').next().unwrap_or(&path);
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    let stem = if stem.is_empty() { name } else { stem };
    let licence = [
        "license-",
        "licence-",
        "license_",
        "licence_",
        "copying-",
        "copyright-",
    ];
    FILES.contains(&stem)
        || MANIFESTS.contains(&name)
        || EXTENSIONS
            .iter()
            .any(|known| extension.rsplit('.').next() == Some(known))
        || licence.iter().any(|start| stem.starts_with(start))
        || stem.ends_with("code_of_conduct")
        || path
            .split('/')
            .any(|folder| matches!(folder, "licenses" | "licences" | "license"))
}

/// Words that say on a line who wrote something, in lower case. What a line is *based on* or whom it
/// gives *credit* is data as often as authorship, and is none.
const WORDS: [&str; 17] = [
    "copyright",
    "(c)",
    "©",
    "author",
    "maintainer",
    "-by:",
    "written by",
    "created by",
    "developed by",
    "contributed by",
    "reported by",
    "implemented by",
    "ported by",
    "spdx-",
    "opphavsrett",
    "forfatter",
    "skrevet av",
];

/// Whether a line says who wrote something.
pub(super) fn is_line(line: &str) -> bool {
    // A line of data that is a page long says more than that.
    if line.len() > 400 {
        return false;
    }
    let line = line.to_lowercase();
    // `authority` and `authorization` are other words.
    let ends = |rest: &str| {
        let more = rest.strip_prefix(['s', 'e']).unwrap_or(rest);
        !more.starts_with(|c: char| c.is_alphabetic()) || rest.starts_with("ed by")
    };
    WORDS.iter().any(|word| {
        let mut places = line.match_indices(word);
        places.any(|(at, _)| line.get(at + word.len()..).is_some_and(ends))
    })
}

/// Lines at the head of a file in which a licence or a list of authors may stand.
pub(super) const HEAD_LINES: u64 = 60;

/// Whether a line is a comment, by how it begins.
pub(super) fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    [
        "//", "#", "*", "/*", "--", ";", "%", "<!--", "..", "\"\"\"", "'", "dnl ", "\\\"",
    ]
    .iter()
    .any(|sign| line.starts_with(sign))
}

/// Whether findings of the kind can be authorship.
pub(super) fn covers(kind: &Kind) -> bool {
    DETECTORS.contains(&kind.detector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_lines_of_authors_are_told() {
        for path in [
            "AUTHORS",
            "a/CODEOWNERS",
            "b/LICENSE-MIT",
            "Cargo.toml",
            "x/y.gemspec",
            "LICENSES/x.txt",
            "AUTHORS.md",
            ".mailmap",
            "COPYING.LESSER",
            "ORG_CODE_OF_CONDUCT.md",
        ] {
            assert!(is_file(path), "{path}");
        }
        for path in [
            "src/authors.rs/x",
            "users.csv",
            "tests/fixtures/data.json",
            "customers.toml",
        ] {
            assert!(!is_file(path), "{path}");
        }
        assert!(is_line(
            " * Copyright (c) 2026 Kari Nordmann <kari@example.com>"
        ));
        assert!(is_line("Signed-off-by: Kari Nordmann <kari@example.com>"));
        assert!(is_line("# Authors: Kari Nordmann") && is_line("authored by Kari"));
        for data in [
            "kari@example.com;22334455",
            "based on a letter from Kari Nordmann, 22334455",
            "Authorization: Basic kari@example.com",
            "credit card of Kari Nordmann",
        ] {
            assert!(!is_line(data), "{data}");
        }
    }
}
