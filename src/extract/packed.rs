//! What is the same for all streams that pack a single content: how they begin, and the name of what
//! is inside.

use super::{Head, Match};

/// Sure where the content begins with `signature`.
pub(super) fn begins(head: &Head<'_>, signature: &[u8]) -> Match {
    if head.bytes.starts_with(signature) {
        Match::Sure
    } else {
        Match::No
    }
}

/// The name of the packed content, by the name of the stream: `a.txt` for `a.txt.gz`. `endings`
/// are pairs of an extension (lower case) and what stands in its place, as `.tar` for `tgz`.
/// `None` for names of another form.
pub(super) fn unpacked_name(name: &str, endings: &[(&str, &str)]) -> Option<Vec<u8>> {
    let (stem, extension) = name.rsplit_once('.')?;
    let (_, instead) = endings
        .iter()
        .find(|(own, _)| extension.eq_ignore_ascii_case(own))?;
    Some([stem.as_bytes(), instead.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ending_goes() {
        let endings = [("gz", ""), ("tgz", ".tar")];
        let name = |name| unpacked_name(name, &endings).map(|own| String::from_utf8(own).unwrap());
        assert_eq!(name("a.txt.GZ").as_deref(), Some("a.txt"));
        assert_eq!(name("a.tgz").as_deref(), Some("a.tar"));
        assert_eq!((name("a.txt"), name("gz")), (None, None));
    }
}
