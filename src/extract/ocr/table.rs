//! Tesseract's table of words → text, line by line, and how sure it is.
//!
//! A row has twelve columns: level, page, block, paragraph, line, word, four of the place, certainty
//! and text; words have level 5.

use super::super::PictureText;

const WORD: &str = "5";
/// Below this certainty a word is taken for a pattern in the picture, where no other word stands near
/// it in the whole picture.
const MIN_CERTAINTY: f64 = 30.0;

/// Reads the table. Rows of another form are passed over.
pub(super) fn read(table: &str) -> PictureText {
    let mut read = PictureText::default();
    let mut place = ("", "", "", "");
    let (mut letters, mut sum, mut sure) = (0.0, 0.0, false);
    for row in table.lines() {
        let columns: Vec<&str> = row.splitn(12, '\t').collect();
        let [
            WORD,
            page,
            block,
            paragraph,
            line,
            _,
            _,
            _,
            _,
            _,
            certainty,
            text,
        ] = columns[..]
        else {
            continue;
        };
        let (Ok(certainty), false) = (certainty.parse::<f64>(), text.trim().is_empty()) else {
            continue;
        };
        let own = (page, block, paragraph, line);
        let number = page
            .parse::<usize>()
            .unwrap_or(1)
            .clamp(1, read.pages.len() + 1);
        if number > read.pages.len() {
            read.pages.push(String::new());
        }
        if let Some(told) = read.pages.last_mut() {
            separate(place, own, text, told);
            told.push_str(text);
        }
        place = own;
        let weight = text.chars().filter(|c| c.is_alphanumeric()).count();
        #[expect(clippy::cast_precision_loss, reason = "letters of a word")]
        let weight = weight as f64;
        letters += weight;
        sum += weight * certainty;
        sure |= weight > 1.0 && certainty >= MIN_CERTAINTY;
    }
    if !sure {
        return PictureText::default();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a mean of values up to 100"
    )]
    let certainty = (sum / letters).clamp(0.0, 100.0) as u8;
    read.certainty = Some(certainty);
    read
}

type Place<'t> = (&'t str, &'t str, &'t str, &'t str);

/// A space between words of a line, a line break between lines, an empty line between paragraphs.
fn separate(before: Place<'_>, own: Place<'_>, word: &str, text: &mut String) {
    if text.is_empty() {
        return;
    }
    let same_paragraph = (before.0, before.1, before.2) == (own.0, own.1, own.2);
    text.push_str(match (same_paragraph, before.3 == own.3) {
        // A gap in an address: `kari@ example.no`.
        (true, true) if text.ends_with('@') && word.contains('.') => "",
        (true, true) => " ",
        (true, false) => "\n",
        (false, _) => "\n\n",
    });
}

#[cfg(test)]
mod tests {
    use super::read;

    fn row(page: u8, block: u8, line: u8, certainty: &str, text: &str) -> String {
        format!("5\t{page}\t{block}\t1\t{line}\t1\t0\t0\t9\t9\t{certainty}\t{text}\n")
    }

    #[test]
    fn words_become_lines_and_pages() {
        let table = [
            "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n".to_owned(),
            "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t\n".to_owned(),
            row(1, 1, 1, "96.5", "Kari"),
            row(1, 1, 1, "90.5", "Nordmann"),
            row(1, 1, 2, "95", "Ås"),
            row(1, 1, 2, "95", "kari@"),
            row(1, 1, 2, "95", "example.no"),
            row(1, 2, 1, "95", "Side"),
            row(2, 1, 1, "91", "Bård"),
        ]
        .concat();
        let read = read(&table);
        assert_eq!(
            read.pages,
            ["Kari Nordmann\nÅs kari@example.no\n\nSide", "Bård"]
        );
        assert_eq!(read.certainty, Some(93));
    }

    #[test]
    fn patterns_are_no_text_and_doubt_is_told() {
        let noise = row(1, 1, 1, "12", "~|") + &row(1, 2, 1, "22", "ii");
        assert_eq!(read(&noise), super::PictureText::default());
        assert_eq!(read(""), super::PictureText::default());
        let doubtful = row(1, 1, 1, "35", "Karl") + &row(1, 1, 1, "41", "Nordrnann");
        assert_eq!(read(&doubtful).certainty, Some(39));
    }
}
