//! How a table is written as text: its separator, its line break, and whether it has a header.

use super::super::charset::SAMPLE_BYTES;
use super::csv::scan_row;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) newline: u8,
    /// Where the first row begins: after a `sep=;` line.
    pub(super) first_row: usize,
    pub(super) header: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: b';',
            newline: b'\n',
            first_row: 0,
            header: false,
        }
    }
}

/// How many rows are looked at.
const SAMPLE_ROWS: usize = 60;
/// Words that stand in headers and seldom in the cells below.
const HEADER_WORDS: &[&str] = &[
    "navn",
    "namn",
    "name",
    "fornavn",
    "etternavn",
    "adresse",
    "address",
    "epost",
    "e-post",
    "email",
    "e-mail",
    "telefon",
    "phone",
    "mobil",
    "tlf",
    "dato",
    "date",
    "id",
    "nr",
    "fnr",
    "fødselsnummer",
    "personnummer",
    "by",
    "city",
    "poststed",
    "postnr",
    "postnummer",
    "type",
    "status",
    "kommentar",
    "merknad",
    "kode",
    "code",
    "beløp",
    "amount",
    "konto",
    "kontonummer",
    "stilling",
    "avdeling",
    "ansatt",
    "kunde",
    "kundenr",
    "user",
    "username",
    "brukernavn",
    "land",
    "country",
    "kjønn",
    "gender",
    "alder",
    "age",
    "value",
    "verdi",
    "key",
    "fornamn",
    "førenamn",
    "etternamn",
    "mellomnavn",
    "mellomnamn",
    "fullname",
    "firstname",
    "lastname",
    "surname",
    "givenname",
    "familyname",
    "forename",
    "namnet",
    "navnet",
    "poststad",
    "stad",
    "sted",
    "kontaktperson",
    "søker",
    "søkjar",
    "søkar",
    "elev",
    "pasient",
    "deltaker",
    "deltakar",
    "tilsett",
    "føresett",
    "foresatt",
    "fødselsdato",
    "klasse",
    "kommune",
    "fylke",
    "adressa",
    "epostadresse",
    "mobilnr",
    "telefonnr",
    "first",
    "last",
    "full",
    "given",
    "family",
    "town",
    "municipality",
    "employee",
    "applicant",
    "candidate",
    "participant",
    "patient",
    "student",
    "birthdate",
];

/// The dialect of a table that begins with `text`, or `None` where it looks like no table. `named`
/// where the name says that it is one: then one column and few rows suffice.
pub(super) fn of_text(text: &str, named: bool) -> Option<Dialect> {
    let text = text.get(..text.floor_char_boundary(SAMPLE_BYTES))?;
    let has = |byte| memchr::memchr(byte, text.as_bytes()).is_some();
    let newline = if has(b'\n') || !has(b'\r') {
        b'\n'
    } else {
        b'\r'
    };
    let declared = text
        .strip_prefix("sep=")
        .and_then(|rest| rest.bytes().next())
        .filter(u8::is_ascii);
    let first_row = match declared {
        Some(_) => text
            .find(char::from(newline))
            .map_or(text.len(), |at| at + 1),
        None => 0,
    };
    let body = text.get(first_row..)?;
    let dialect = |delimiter| Dialect {
        delimiter,
        newline,
        first_row,
        header: false,
    };
    let best = || {
        // A separator that does not occur makes no second cell.
        let occurs = |delimiter: &&u8| memchr::memchr(**delimiter, body.as_bytes()).is_some();
        let fits = b";\t,|".iter().filter(occurs).filter_map(|delimiter| {
            let dialect = dialect(*delimiter);
            let may_fit = named
                || (in_most_lines(body, dialect)
                    && !(*delimiter == b',' && has_spaced_commas(body)));
            Some((may_fit.then(|| fit(body, dialect, named))??, dialect))
        });
        fits.rev().max_by_key(|(fit, _)| *fit).map(|(_, own)| own)
    };
    let mut found = declared
        .map(dialect)
        .or_else(best)
        .or(named.then(|| dialect(b';')))?;
    let rows = sample(body, found);
    found.header = !rows.first().is_some_and(|row| is_title(row)) && has_header(&rows);
    if !found.header
        && declared.is_none()
        && let Some(first_row) = behind_title(body, found, &rows)
    {
        (found.first_row, found.header) = (first_row, true);
    }
    Some(found)
}

/// Lines of a title that may stand above a header, at most.
const TITLE_ROWS: usize = 20;

/// Whether a row of several cells has text in the first only, as spreadsheets save a title above a table.
fn is_title(row: &[&str]) -> bool {
    row.len() > 2 && filled(row) == 1
}

fn filled(row: &[&str]) -> usize {
    row.iter().filter(|cell| !cell.is_empty()).count()
}

/// Where the header begins that stands behind a title: lines that are narrower than the rows, as reports
/// have them, or whose cells are mostly empty. `None` where there is no such header.
fn behind_title(text: &str, dialect: Dialect, rows: &[Vec<&str>]) -> Option<usize> {
    let width = usual_width(rows)?;
    let is_body = |row: &Vec<&str>| row.len() == width && filled(row) * 3 >= width * 2;
    let title = rows.iter().position(is_body)?;
    let below = rows.get(title..)?;
    if !(1..=TITLE_ROWS).contains(&title) || !has_header(below) {
        return None;
    }
    let header = below.first()?;
    let (first, second) = (header.first()?, header.get(1)?);
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let mut cells = Vec::new();
        let length = scan_row(rest, dialect, true, &mut |from, to| {
            cells.push(rest.get(from..to).unwrap_or_default().trim());
        })?;
        if cells.len() == width && cells.first() == Some(first) && cells.get(1) == Some(second) {
            return Some(at);
        }
        at += length;
    }
}

/// The number of cells that most rows have, of several.
fn usual_width(rows: &[Vec<&str>]) -> Option<usize> {
    let same = |width: usize| rows.iter().filter(|row| row.len() == width).count();
    let widths = rows.iter().map(Vec::len).filter(|width| *width > 1);
    widths
        .max_by_key(|width| (same(*width), *width))
        .filter(|width| same(*width) > 1)
}

/// Whether the separator stands in nearly all lines, as it must in a table without a name that says
/// so: told at less cost than how well it fits. With quotation marks, rows may have several lines.
fn in_most_lines(text: &str, dialect: Dialect) -> bool {
    if memchr::memchr(b'"', text.as_bytes()).is_some() {
        return true;
    }
    let mut start = 0;
    let ends = memchr::memchr_iter(dialect.newline, text.as_bytes()).chain([text.len()]);
    let lines = ends.filter_map(|end| {
        let line = text.as_bytes().get(start..end);
        start = end + 1;
        line
    });
    let lines = lines
        .filter(|line| !line.trim_ascii().is_empty())
        .take(SAMPLE_ROWS);
    let (mut all, mut parted) = (0, 0);
    for line in lines {
        all += 1;
        parted += usize::from(memchr::memchr(dialect.delimiter, line).is_some());
    }
    // The last line may be cut off and is no row then.
    parted + 2 > all * 9 / 10
}

/// How well a separator fits, or `None` where the rows have too different numbers of cells.
fn fit(text: &str, dialect: Dialect, named: bool) -> Option<usize> {
    let rows = sample(text, dialect);
    let widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    let width = *widths.iter().max_by_key(|own| {
        let same = widths.iter().filter(|other| other == own).count();
        (**own > 1, same, **own)
    })?;
    let same = widths.iter().filter(|own| **own == width).count();
    let enough = if named { 1 } else { 3 };
    let needed = if named {
        widths.len() / 2
    } else {
        widths.len() * 9 / 10
    };
    // Lines of a program end in semicolons.
    let program = !named
        && rows
            .iter()
            .all(|row| row.last().is_none_or(|cell| cell.is_empty()));
    let prose = !named && dialect.delimiter == b',' && has_long_cells(&rows);
    (width > 1 && same >= enough && same > needed.saturating_sub(1) && !prose && !program)
        .then_some(same * 100 + width.min(99))
}

/// Prose has commas too, but with spaces after them.
fn has_spaced_commas(text: &str) -> bool {
    let bytes = text.as_bytes();
    let commas = memchr::memchr_iter(b',', bytes);
    let (commas, spaced) = commas.fold((0, 0), |(commas, spaced), at| {
        let is_spaced = bytes.get(at + 1) == Some(&b' ');
        (commas + 1, spaced + usize::from(is_spaced))
    });
    spaced * 2 > commas
}

/// Or it has long stretches between them.
fn has_long_cells(rows: &[Vec<&str>]) -> bool {
    let longest = rows.iter().flatten().map(|cell| cell.len()).max();
    longest > Some(200)
}

/// The complete rows of the sample that hold anything.
fn sample(text: &str, dialect: Dialect) -> Vec<Vec<&str>> {
    let mut rows = Vec::new();
    let mut rest = text;
    while rows.len() < SAMPLE_ROWS {
        let mut row = Vec::new();
        let whole = scan_row(rest, dialect, true, &mut |from, to| {
            row.push(rest.get(from..to).unwrap_or_default().trim());
        });
        if row.iter().any(|cell| !cell.is_empty()) && whole.is_some() {
            rows.push(row);
        }
        match whole {
            Some(length) => rest = rest.get(length..).unwrap_or_default(),
            None => break,
        }
    }
    rows
}

/// Whether the first row names the columns: no cell of it is a value, and either a column below is
/// of another nature, or a word is one that headers use.
pub(super) fn has_header(rows: &[Vec<&str>]) -> bool {
    let Some((first, below)) = rows.split_first() else {
        return false;
    };
    let named: Vec<&&str> = first.iter().filter(|cell| !cell.is_empty()).collect();
    if named.is_empty() || named.iter().any(|cell| is_value(cell) || cell.len() > 80) {
        return false;
    }
    let known = named.iter().any(|cell| {
        let cell = cell.to_lowercase();
        cell.split(|c: char| !c.is_alphanumeric() && c != '-')
            .any(|word| HEADER_WORDS.contains(&word))
    });
    let values_below = (0..first.len()).any(|column| {
        let mut cells = below
            .iter()
            .filter_map(|row| row.get(column))
            .filter(|cell| !cell.is_empty())
            .peekable();
        cells.peek().is_some() && cells.all(|cell| is_value(cell))
    });
    known || values_below
}

/// Whether a cell is a number, a date or an address rather than a name of a column.
fn is_value(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    digits * 2 > cell.len() || digits >= 4 || cell.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_apart() {
        for (text, delimiter) in [
            ("a;b;c\n1,5;2,5;3\n4,5;5,5;6\n", b';'),
            ("a,b\n1,2\n3,4\n", b','),
            ("a\tb\n1\t2\n3\t4\n", b'\t'),
            ("a|b\n1|2\n3|4\n", b'|'),
            ("sep=;\na;b\n1;2\n", b';'),
        ] {
            let found = of_text(text, false).map(|own| own.delimiter);
            assert_eq!(found, Some(delimiter), "{text}");
        }
    }

    #[test]
    fn prose_is_no_table() {
        let text = "Hei, Per.\nTakk for sist, og for praten.\nHilsen Åse\n";
        assert_eq!(of_text(text, false), None);
        assert_eq!(of_text("int a;\nint b;\nint c;\n", false), None);
        assert_eq!(of_text("Per, Kari\nOla, Åse\nLiv, Jon\n", false), None);
        assert_eq!(of_text("En linje\nEn til\nOg en til\n", false), None);
    }

    #[test]
    fn headers_are_told_from_rows() {
        let header = |text| of_text(text, true).map(|own| own.header);
        assert_eq!(header("x;y\nPer;12\nKari;13\n"), Some(true));
        assert_eq!(header("Navn;By\nPer;Oslo\n"), Some(true));
        assert_eq!(
            header("fornamn;etternamn;poststad\nPer;Li;Moss\n"),
            Some(true)
        );
        assert_eq!(header("Per;Oslo\nKari;Bergen\n"), Some(false));
        assert_eq!(header("123;456\n789;012\n"), Some(false));
    }
}
