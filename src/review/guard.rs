//! Who may talk to the server: whoever knows the token, from this machine, on our own page.
//!
//! The token keeps out other users of the machine. The checks of `Host` and `Origin` keep out pages of
//! other sites that the same browser shows: one that has renamed itself to this address names its own
//! host, and one that posts here names its own origin.

use std::fmt::Write as _;

use axum::http::{HeaderMap, HeaderValue, Method, header};

/// Bytes of a token.
const TOKEN_BYTES: usize = 24;

/// The secret part of the address, hexadecimal.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A random one.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; TOKEN_BYTES];
        getrandom::fill(&mut bytes)?;
        let mut text = String::with_capacity(2 * TOKEN_BYTES);
        for byte in bytes {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Self(text))
    }

    /// The token, for the address that is shown to the user.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `given` is the token; takes as long for a nearly right one as for any other.
    fn is(&self, given: &str) -> bool {
        let same_length = given.len() == self.0.len();
        let differing = self.0.bytes().zip(given.bytes());
        same_length && differing.fold(0, |all, (own, other)| all | (own ^ other)) == 0
    }
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The address lacks the token.
    Token,
    /// It was sent to another name than this machine's own.
    Host,
    /// Another page sent it.
    Origin,
}

/// What is checked of each request.
pub(super) struct Guard {
    token: Token,
    /// `127.0.0.1:PORT`, `localhost:PORT` and `[::1]:PORT`.
    hosts: [String; 3],
}

impl Guard {
    pub(super) fn new(token: Token, port: u16) -> Self {
        let hosts = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
        Self { token, hosts }
    }

    /// Looks at a request; the first part of its path must be the token.
    pub(super) fn check(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<(), Refused> {
        let text = |name| {
            headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        let host = text(header::HOST).unwrap_or_default();
        if !self.hosts.iter().any(|own| own == host) {
            return Err(Refused::Host);
        }
        let given = path.trim_start_matches('/').split('/').next();
        if !self.token.is(given.unwrap_or_default()) {
            return Err(Refused::Token);
        }
        let origin = text(header::ORIGIN);
        let own = |origin: &str| origin.strip_prefix("http://") == Some(host);
        // A page of another site may always ask for something; only its own may change something.
        if origin.is_some_and(|origin| !own(origin)) || (method != Method::GET && origin.is_none())
        {
            return Err(Refused::Origin);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test]
    fn only_our_own_page_with_the_token_is_answered() {
        let guard = Guard::new(Token("ab12".to_owned()), 7000);
        let own = headers(&[(header::HOST, "127.0.0.1:7000")]);
        assert_eq!(guard.check(&Method::GET, "/ab12/", &own), Ok(()));
        for wrong in ["/ab13/", "/", "/ab12x/", "/ab1/", "//"] {
            let got = guard.check(&Method::GET, wrong, &own);
            assert_eq!(got, Err(Refused::Token), "{wrong}");
        }
        for host in ["evil.example:7000", "127.0.0.1:7001", "127.0.0.1", ""] {
            let other = headers(&[(header::HOST, host)]);
            let got = guard.check(&Method::GET, "/ab12/", &other);
            assert_eq!(got, Err(Refused::Host), "{host}");
        }
    }

    #[test]
    fn nothing_is_changed_for_a_page_of_another_site() {
        let guard = Guard::new(Token("ab12".to_owned()), 7000);
        let from =
            |origin: &str| headers(&[(header::HOST, "localhost:7000"), (header::ORIGIN, origin)]);
        let post = |headers: &HeaderMap| guard.check(&Method::POST, "/ab12/decide", headers);
        assert_eq!(post(&from("http://localhost:7000")), Ok(()));
        for origin in ["http://evil.example", "https://localhost:7000", "null"] {
            assert_eq!(post(&from(origin)), Err(Refused::Origin), "{origin}");
        }
        let none = headers(&[(header::HOST, "localhost:7000")]);
        assert_eq!(post(&none), Err(Refused::Origin));
    }

    #[test]
    fn tokens_differ() {
        let (one, two) = (Token::random().unwrap(), Token::random().unwrap());
        assert_ne!(one.as_str(), two.as_str());
        assert_eq!(one.as_str().len(), 2 * TOKEN_BYTES);
    }
}
