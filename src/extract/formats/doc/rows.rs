//! Rows of tables in the text of a Word document: the library gives a tab for the mark that ends a cell and
//! one for the mark that ends a row, and so a table as one line.

/// The text with each row of a table on a line of its own.
pub(super) fn on_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        if bare.ends_with("\t\t") {
            add_rows(bare, &mut out);
        } else {
            out.push_str(line);
        }
    }
    out
}

/// Where rows end is seen by their width, which the first row tells: its cells, the headings, are seldom
/// empty. Where rows differ, each empty cell is taken for the end of one.
fn add_rows(line: &str, out: &mut String) {
    let cells: Vec<&str> = line.strip_suffix('\t').unwrap_or(line).split('\t').collect();
    let width = cells.iter().position(|cell| cell.is_empty()).unwrap_or(cells.len());
    let (rows, rest) = (cells.chunks_exact(width + 1), cells.len() % (width + 1));
    let even = rest == 0 && rows.clone().all(|row| row.last().is_some_and(|end| end.is_empty()));
    if even {
        for row in rows {
            let (_, cells) = row.split_last().unwrap_or((&"", &[]));
            out.push_str(&cells.join("\t"));
            out.push('\n');
        }
    } else {
        let ends = line.split("\t\t").filter(|row| !row.is_empty());
        ends.for_each(|row| out.extend([row, "\n"]));
    }
}

#[cfg(test)]
mod tests {
    use super::on_lines;

    #[test]
    fn rows_get_their_lines() {
        for (text, lines) in [
            ("Liste\na\tb\t\tc\td\t\tSlutt\n", "Liste\na\tb\t\tc\td\t\tSlutt\n"),
            ("Liste\na\tb\t\tc\td\t\t\nSlutt", "Liste\na\tb\nc\td\nSlutt"),
            ("a\tb\tc\t\td\t\te\t\t\t\tf\t\t", "a\tb\tc\nd\t\te\n\t\tf\n"),
            ("a\tb\t\tc\t\td\te\tf\t\t", "a\tb\nc\nd\te\tf\n"),
            ("a\t\t", "a\n"),
            ("\t\t", "\n\n"),
            ("Navn:\tKari\t\nTelefon:\t1\n", "Navn:\tKari\t\nTelefon:\t1\n"),
        ] {
            assert_eq!(on_lines(text), lines, "{text:?}");
        }
    }
}
