//! Colours of a terminal, which say again what the words beside them say.
//!
//! Text is padded before it is painted: colours take no room, and the width of text with them is
//! not its length.

/// Paints, or leaves text as it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint(bool);

/// What a colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shade {
    /// A heading: bold.
    Heading,
    /// Something is wrong now: red.
    Bad,
    /// Somebody has to do something: yellow.
    Look,
    /// As it should be: green.
    Good,
    /// Beside the point: dim.
    Quiet,
    /// As it comes.
    Plain,
}

impl Shade {
    /// The colour of a verdict.
    pub(super) fn of_verdict(id: &str) -> Self {
        match id {
            "violation" | "delete_due" => Self::Bad,
            "review" | "hold" => Self::Look,
            "delete_on" | "keep" => Self::Good,
            _ => Self::Plain,
        }
    }
}

impl Paint {
    /// With colours, or without.
    pub(super) fn new(colour: bool) -> Self {
        Self(colour)
    }

    /// Text in a colour. The sixteen colours are those of the user's own theme.
    pub(super) fn of(self, shade: Shade, text: &str) -> String {
        let code = match shade {
            Shade::Heading => "1",
            Shade::Bad => "31",
            Shade::Look => "33",
            Shade::Good => "32",
            Shade::Quiet => "2",
            Shade::Plain => "",
        };
        if self.0 && !code.is_empty() && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_only_where_they_are_wanted() {
        let bad = Shade::of_verdict("violation");
        assert_eq!(Paint::new(false).of(bad, "brudd"), "brudd");
        assert_eq!(
            Paint::new(true).of(bad, "brudd"),
            "\u{1b}[31mbrudd\u{1b}[0m"
        );
        assert_eq!(Paint::new(true).of(Shade::Plain, "x"), "x");
    }
}
