//! Texts in the formulas of a sheet: calamine gives what a formula came to, which says nothing of the
//! address behind a name in `HYPERLINK("mailto:…", "Kari")`, or nothing at all where no program has
//! reckoned it yet.

use std::collections::HashSet;

/// A formula is no longer than this, [MS-OI29500] 2.1.645, in bytes of UTF-8 with entities.
const MAX_FORMULA: usize = 64 * 1024;
/// What is kept of a sheet, at most; beyond it nothing new is told.
const MAX_KEPT: usize = 4 * 1024 * 1024;

/// Gathers formulas with texts in them from the XML of a sheet, block by block.
#[derive(Default)]
pub(super) struct Formulas {
    /// What may be the beginning of a formula's element, or of one that goes on.
    carried: Vec<u8>,
    seen: HashSet<String>,
    kept: usize,
    pub(super) text: String,
}

impl Formulas {
    /// Takes the next bytes.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let joined;
        let mut left = if self.carried.is_empty() {
            bytes
        } else {
            joined = [std::mem::take(&mut self.carried).as_slice(), bytes].concat();
            &joined
        };
        while let Some(at) = memchr::memmem::find(left, b"<f") {
            left = left.get(at..).unwrap_or_default();
            // Other elements begin so too, such as `fonts`.
            match left.get(2) {
                None => break,
                Some(b'>' | b' ') => {}
                Some(_) => {
                    left = left.get(2..).unwrap_or_default();
                    continue;
                }
            }
            let Some(tag) = memchr::memchr(b'>', left) else {
                break;
            };
            if tag > 0 && left.get(tag - 1) == Some(&b'/') {
                left = left.get(tag..).unwrap_or_default();
                continue;
            }
            match memchr::memmem::find(left, b"</f>") {
                Some(end) => {
                    self.formula(left.get(tag + 1..end).unwrap_or_default());
                    left = left.get(end..).unwrap_or_default();
                }
                // Nothing ends here, and it is too long to be one.
                None if left.len() > MAX_FORMULA => left = &[],
                None => break,
            }
        }
        if left.len() > MAX_FORMULA {
            left = &[];
        }
        let keep = if left.starts_with(b"<f") {
            left.len()
        } else {
            left.len().min(1)
        };
        self.carried = left.get(left.len() - keep..).unwrap_or_default().to_vec();
    }

    fn formula(&mut self, bytes: &[u8]) {
        let formula = String::from_utf8_lossy(bytes);
        let Ok(formula) = quick_xml::escape::unescape(&formula) else {
            return;
        };
        if !formula.contains('"') || self.kept > MAX_KEPT {
            return;
        }
        // The same text stands in every row of a column that is filled downwards.
        for text in formula.split('"').skip(1).step_by(2) {
            let tells = text.chars().filter(|own| own.is_alphanumeric()).count() > 3;
            if tells && self.seen.insert(text.to_owned()) {
                self.kept += text.len();
                self.text.push_str(text);
                self.text.push('\n');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Formulas;

    #[test]
    fn texts_of_formulas_are_kept_once_wherever_blocks_end() {
        let sheet = "<fonts/><c r=\"A1\"><f>HYPERLINK(\"mailto:kari@example.no\",\"Kari\")</f><v>Kari</v></c>\
            <c><f t=\"shared\" si=\"0\"/></c><c><f>SUM(A1:A9)</f></c><c><f>IF(A1=&quot;Per Ås&quot;,\"ja\",\"Kari\")</f></c><f";
        let bytes = sheet.as_bytes();
        for size in 1..bytes.len() {
            let mut formulas = Formulas::default();
            bytes.chunks(size).for_each(|block| formulas.take(block));
            assert_eq!(
                formulas.text, "mailto:kari@example.no\nKari\nPer Ås\n",
                "{size}"
            );
        }
    }
}
