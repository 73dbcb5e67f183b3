//! The report as a page: one file that fetches nothing, runs only its own script, and holds no value
//! of a person.
//!
//! The script and the style lie beside this file. The data are columns of numbers that point into
//! tables, as compressed JSON (gzip, base64); the page unpacks them itself. A policy of the page
//! (Content-Security-Policy) names the digests of script and style and forbids everything else.

mod columns;
mod interned;
mod totals;

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use super::Form;
use crate::model::Lang;
use crate::report::backdrop::Backdrop;
use crate::report::overview::Overview;
use crate::report::{JudgedObject, Style};
use columns::Columns;

const PAGE: &str = include_str!("page.html");
const CSS: &str = include_str!("style.css");
/// The parts of the script, in the order in which they need each other.
const SCRIPTS: [&str; 4] = [
    include_str!("words.js"),
    include_str!("map.js"),
    include_str!("table.js"),
    include_str!("page.js"),
];

/// A page with everything in it.
#[derive(Debug)]
pub struct Html {
    backdrop: Backdrop,
    columns: Mutex<Columns>,
}

impl Html {
    /// A page that tells the rules and runs of a backdrop beside the objects.
    #[must_use]
    pub fn new(backdrop: Backdrop) -> Self {
        let columns = Mutex::new(Columns::new(&backdrop));
        Self { backdrop, columns }
    }
}

impl Form for Html {
    fn id(&self) -> &'static str {
        "html"
    }

    fn begin(&self, _: Style, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn object(
        &self,
        object: &JudgedObject,
        _: bool,
        style: Style,
        _: &mut dyn Write,
    ) -> io::Result<()> {
        let mut columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        columns.add(object, style.lang);
        Ok(())
    }

    fn end(&self, overview: &Overview, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let mut columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(b"{\"about\":")?;
        let about = totals::about(overview, &self.backdrop, style);
        serde_json::to_writer(&mut packed, &about)?;
        packed.write_all(b",\"folders\":")?;
        serde_json::to_writer(&mut packed, &totals::folders(&overview.tree))?;
        packed.write_all(b",\"rows\":")?;
        columns.write(&mut packed)?;
        packed.write_all(b"}")?;
        drop(std::mem::take(&mut *columns));
        write_page(&packed.finish()?, style.lang, out)
    }
}

/// Fills in the page's frame.
fn write_page(data: &[u8], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let script = SCRIPTS.concat();
    let title = match lang {
        Lang::Nb => "Personopplysninger – rapport",
        Lang::Nn => "Personopplysningar – rapport",
        Lang::En => "Personal data – report",
    };
    let code = lang.code();
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        source(&script),
        source(CSS)
    );
    let mut rest = PAGE;
    let parts: [(&str, &[u8]); 6] = [
        ("{{lang}}", code.as_bytes()),
        ("{{policy}}", policy.as_bytes()),
        ("{{title}}", title.as_bytes()),
        ("{{style}}", CSS.as_bytes()),
        ("{{data}}", &[]),
        ("{{script}}", script.as_bytes()),
    ];
    for (mark, filled) in parts {
        let Some((before, after)) = rest.split_once(mark) else {
            return Err(io::Error::other("the page's frame has no such mark"));
        };
        out.write_all(before.as_bytes())?;
        if mark == "{{data}}" {
            write_base64(data, out)?;
        } else {
            out.write_all(filled)?;
        }
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// Bytes in base64, a piece at a time; pieces of a multiple of three bytes join without padding.
fn write_base64(data: &[u8], out: &mut dyn Write) -> io::Result<()> {
    for piece in data.chunks(3 << 14) {
        out.write_all(STANDARD.encode(piece).as_bytes())?;
    }
    Ok(())
}

/// A script or style as the page's policy names it.
fn source(text: &str) -> String {
    format!(
        "sha256-{}",
        STANDARD.encode(Sha256::digest(text.as_bytes()))
    )
}
