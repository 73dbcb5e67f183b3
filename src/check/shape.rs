//! What only looks like a value: parts of longer words, days of a calendar, and addresses that stand
//! for any.
//!
//! It looks at the value and at what touches it on its line, and never lets an identity number pass.

/// How far a line is looked at before and behind a value, in bytes.
const REACH: usize = 120;

/// What stands on the line before and behind a value.
#[derive(Clone, Copy, Default)]
pub(super) struct Around<'t> {
    pub(super) before: &'t str,
    pub(super) after: &'t str,
}

impl<'t> Around<'t> {
    /// What stands around the bytes `start..end` of a text, at most [`REACH`] bytes on each side.
    pub(super) fn of(text: &'t str, start: usize, end: usize) -> Self {
        let from = text.floor_char_boundary(start.saturating_sub(REACH));
        let until = text.floor_char_boundary(end.saturating_add(REACH));
        let before = text.get(from..start).unwrap_or_default();
        let after = text.get(end..until).unwrap_or_default();
        Self {
            before: before.rsplit(['\n', '\r']).next().unwrap_or_default(),
            after: after.split(['\n', '\r']).next().unwrap_or_default(),
        }
    }

    /// Whether it is cut out of a name with hyphens: `llvm-mingw-20250613-ucrt`.
    pub(super) fn is_in_a_chain(self) -> bool {
        let joins = |c: char| c == '-' || c == '_' || c.is_alphanumeric();
        self.before.ends_with(joins) && self.after.starts_with(joins)
    }

    /// Whether it stands among bytes written in sixteens, two signs each: `4b 00 95 56 10 67 b3 74`. A
    /// single `1a` may be a house.
    pub(super) fn is_in_a_dump(self) -> bool {
        let words = self.before.split_whitespace().rev().take(8);
        let words = words.chain(self.after.split_whitespace().take(8));
        let byte = |word: &&str| {
            let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            let mixed = word.contains(|c: char| c.is_ascii_digit())
                && word.contains(|c: char| c.is_ascii_alphabetic());
            let hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
            word.len() == 2 && hex && (mixed || word == "00")
        };
        words.filter(byte).count() > 1
    }

    /// Whether it is cut out of name and password in an address on the net: `https://user:pass@host`.
    pub(super) fn is_behind_a_user(self) -> bool {
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '(');
        let last = self.before.rsplit(ends).next().unwrap_or_default();
        let user = last.split_once("://").map(|(_, user)| user);
        user.is_some_and(|user| user.contains(':') && !user.contains(['/', '?', '#']))
    }

    /// Whether it is cut out of an address on the net.
    pub(super) fn is_in_a_link(self) -> bool {
        let last = self.before.rsplit(char::is_whitespace).next();
        last.is_some_and(|word| word.contains("://"))
    }
}

/// The pairs of digits that a number is written in, where it is written in nothing else.
fn pairs(written: &str) -> Option<Vec<u32>> {
    let words = written.split(' ').filter(|word| !word.is_empty());
    let pairs: Option<Vec<u32>> = words
        .map(|word| (word.len() == 2).then(|| word.parse().ok()).flatten())
        .collect();
    pairs.filter(|pairs| pairs.len() > 1)
}

/// `28 29 30 31`: each pair is one more than the one before it.
pub(super) fn counts_days(written: &str) -> bool {
    pairs(written).is_some_and(|pairs| {
        let mut steps = pairs.iter().zip(pairs.iter().skip(1));
        steps.all(|(one, next)| one + 1 == *next)
    })
}

/// `+262142-12-31`: a day of a year that is far away.
pub(super) fn is_far_day(written: &str) -> bool {
    let parts: Vec<&str> = written.trim_start_matches('+').split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let within = |text: &str, most: u32| {
        text.len() == 2
            && text
                .parse::<u32>()
                .is_ok_and(|number| (1..=most).contains(&number))
    };
    let digits = year.bytes().all(|byte| byte.is_ascii_digit());
    digits && (5..=6).contains(&year.len()) && within(month, 12) && within(day, 31)
}

/// What stands before the `@` where anybody could be meant.
const ANY_LOCALS: [&str; 32] = [
    "user",
    "user1",
    "user2",
    "username",
    "foo",
    "bar",
    "baz",
    "test",
    "tester",
    "testuser",
    "someone",
    "somebody",
    "anybody",
    "nobody",
    "you",
    "your",
    "yourname",
    "your.name",
    "your-name",
    "youremail",
    "your-email",
    "your_email",
    "first.last",
    "firstname.lastname",
    "fornavn.etternavn",
    "navn.navnesen",
    "john.doe",
    "johndoe",
    "jane.doe",
    "janedoe",
    "ola.nordmann",
    "kari.nordmann",
];

/// Words that stand for a domain in examples, where they are followed by one of [`ANY_ENDS`].
const ANY_DOMAINS: [&str; 17] = [
    "domain",
    "mydomain",
    "yourdomain",
    "your-domain",
    "somedomain",
    "otherdomain",
    "host",
    "hostname",
    "myhost",
    "foo",
    "bar",
    "baz",
    "foobar",
    "abc",
    "xyz",
    "company",
    "yourcompany",
];

const ANY_ENDS: [&str; 3] = ["com", "org", "net"];

/// Whether an address stands for any: what it says before the `@` or behind it is a placeholder.
pub(super) fn is_any_address(address: &str) -> bool {
    let address = address.to_lowercase();
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let mut labels = domain.rsplit('.');
    let (end, name) = (
        labels.next().unwrap_or_default(),
        labels.next().unwrap_or_default(),
    );
    let placeholder = ANY_ENDS.contains(&end) && (ANY_DOMAINS.contains(&name) || name.len() == 1);
    let letters = local.len() == 1 && name.len() == 1;
    placeholder || letters || ANY_LOCALS.contains(&local)
}

/// How many digits before the `@` make it the name of a message.
const MESSAGE_DIGITS: usize = 10;

/// Whether an address is that of a program, a list, or no address at all but the name of a message.
pub(super) fn is_machine(address: &str, around: Around<'_>) -> bool {
    let address = address.to_lowercase();
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let digits = local.bytes().filter(u8::is_ascii_digit).count();
    let list = domain.starts_with("lists.") || domain.starts_with("list.");
    let before = around.before.to_lowercase();
    let headers = ["message-id", "in-reply-to", "content-id", "references"];
    list || digits >= MESSAGE_DIGITS && local.contains('.') && local.contains(char::is_alphabetic)
        || headers.iter().any(|header| before.contains(header))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(line: &'static str, value: &str) -> Around<'static> {
        let start = line.find(value).unwrap();
        Around::of(line, start, start + value.len())
    }

    #[test]
    fn days_of_a_calendar_are_no_telephone() {
        assert!(counts_days("28 29 30 31"));
        assert!(!counts_days("22 33 44 55") && !counts_days("92233445"));
        assert!(is_far_day("+262142-12-31"));
        assert!(!is_far_day("+47 22-12-31") && !is_far_day("+262142-13-31"));
    }

    #[test]
    fn placeholders_and_names_of_messages_are_no_persons() {
        for any in [
            "x@x.com",
            "user@domain.org",
            "user@gmail.com",
            "a@ABC.com",
            "a@b.co",
        ] {
            assert!(is_any_address(any), "{any}");
        }
        for somebody in ["kari@firma.no", "o@abc.no", "users@x.no", "kari@hostel.com"] {
            assert!(!is_any_address(somebody), "{somebody}");
        }
        let none = Around::default();
        assert!(is_machine(
            "325993.29502.qm.4444@web28416.mail.example",
            none
        ));
        assert!(is_machine("shapelib@lists.maptools.org", none));
        assert!(!is_machine("kari.olsen1986@firma.no", none));
        assert!(
            !is_machine("15108695088@firma.no", none),
            "it is looked at alone"
        );
        let line = "Message-ID: <kari.1@firma.no>";
        assert!(is_machine(
            "kari.1@firma.no",
            around(line, "kari.1@firma.no")
        ));
    }

    #[test]
    fn what_touches_a_value_makes_it_part_of_something() {
        assert!(around("/opt/llvm-mingw-20250613-ucrt", "20250613").is_in_a_chain());
        assert!(around("se https://a.example/Oslo.gate.1", "Oslo").is_in_a_link());
        assert!(!around("se https://a.example og Oslo", "Oslo").is_in_a_link());
        assert!(around("87 4b 3b 95 56 10 67 a7", "95 56 10 67").is_in_a_dump());
        let house = "Storgata 1a, da er tlf 95 56 10 67";
        assert!(!around(house, "95 56 10 67").is_in_a_dump());
        let link = "git clone https://kari:pass@vert.no/a.git";
        assert!(around(link, "pass@vert.no").is_behind_a_user());
        let mail = "se https://vert.no:80/ eller skriv til kari@vert.no";
        assert!(!around(mail, "kari@vert.no").is_behind_a_user());
    }
}
