//! PDF: the text of each page as a piece, and what pages do not show: form values, notes, links,
//! attachments and the description.
//!
//! Pages are interpreted by hayro; a page that gives nothing or mostly unknown characters is read a
//! second time by lopdf, and what that adds is told. What lies behind the pages is read by lopdf alone:
//! where it cannot load a document that has such things, the document is incomplete. A page that
//! shows text which is none, such as a scan, is drawn for who reads pictures, or else told as such.
//! Neither library bounds everything it inflates, so the format runs in a child process.

mod behind;
mod bounded;
mod drawn;
mod page;
mod wrapped;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro_interpret::hayro_syntax::object::Object as PdfObject;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf as Pages};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use kurbo::{Affine, Rect};
use lopdf::{Document, LoadOptions};

use super::super::repeated::added_by;
use super::super::{Content, Format, FormatInfo, Head, Match, Picture, Pictures, Sink};
use crate::model::{Budget, Layout, Origin, Piece, Problem, ProblemKind, Stage};
use bounded::Bounded;
use page::PageText;

pub(crate) static FORMAT: Pdf = Pdf;

/// Reads PDF documents.
pub(crate) struct Pdf;

static INFO: FormatInfo = FormatInfo {
    id: "pdf",
    title: "PDF document",
    extensions: &["pdf"],
    version: 6,
    isolated: true,
    reads: "text of all pages and of switched-off layers, form values and scripts, notes, links, signers, description; attachments, portfolios and XFA forms are members; scanned pages by OCR where it is on; locked ones with a password of the list",
};

/// No stream that lopdf inflates may be longer.
const MAX_STREAM_BYTES: usize = 64 * 1024 * 1024;
/// The header may stand anywhere in this many first bytes.
const HEADER_BYTES: usize = 1024;

/// Whether the header stands behind text on its own line, as in a program that writes PDF.
fn follows_text(bytes: &[u8], header: usize) -> bool {
    let before = header.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_some_and(|byte| matches!(byte, b' '..=b'~'))
}

impl Format for Pdf {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let start = head.bytes.get(..HEADER_BYTES).unwrap_or(head.bytes);
        if head.bytes.starts_with(b"%PDF-") {
            Match::Sure
        } else if let Some(at) = memchr::memmem::find(start, b"%PDF-")
            && !(follows_text(start, at) && head.is_text)
        {
            Match::Likely
        } else {
            Match::No
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let bytes = content.whole(budget)?;
        let mut password = "";
        let mut first = guarded(|| Pages::new(Arc::new(bytes.to_vec())));
        for other in content.passwords().iter() {
            if !matches!(&first, Some(Err(error)) if is_locked(*error)) {
                break;
            }
            budget.check()?;
            password = other;
            first = guarded(|| Pages::new_with_password(Arc::new(bytes.to_vec()), password));
        }
        let second = guarded(|| second_engine(&bytes, password)).flatten();
        let read = match first {
            Some(Ok(pages)) => {
                let found = second.as_ref().map_or(0, |document| document.get_pages().len());
                if found < pages.pages().len() && guarded(|| holds_more(&pages)) != Some(false) {
                    sink.incomplete(problem(ProblemKind::Malformed));
                }
                read_pages(&pages, second.as_ref(), budget, sink)
            }
            Some(Err(error)) if is_locked(error) => {
                return Err(problem(ProblemKind::Encrypted));
            }
            Some(Err(_)) | None => match &second {
                Some(document) => read_by_second(document, budget, sink),
                None => Err(problem(ProblemKind::Malformed)),
            },
        };
        if let Some(document) = &second {
            let walked = catch_unwind(AssertUnwindSafe(|| behind::read(document, budget, sink)));
            match walked {
                Ok(walked) => walked?,
                Err(_) => sink.incomplete(problem(ProblemKind::Panic)),
            }
        }
        read
    }
}

fn problem(kind: ProblemKind) -> Problem {
    Problem::new(kind, Stage::Extract)
}

/// Runs a library that may panic; what it had not told by then is lost.
fn guarded<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

fn is_locked(error: LoadPdfError) -> bool {
    matches!(error, LoadPdfError::Decryption(DecryptionError::PasswordProtected))
}

fn second_engine(bytes: &[u8], password: &str) -> Option<Document> {
    let options = LoadOptions {
        password: (!password.is_empty()).then(|| password.to_owned()),
        max_decompressed_size: Some(MAX_STREAM_BYTES),
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes, options).ok()?;
    // What was decrypted has no such entry any more; else the objects were not loaded.
    (!document.trailer.has(b"Encrypt")).then_some(document)
}

/// Whether there is something behind the pages: a form with fields, notes other than links, attached
/// files, a description. Text of links and marks alone is no reason to call a document incomplete.
fn holds_more(pdf: &Pages) -> bool {
    const DESCRIBING: &[&[u8]] = &[b"Title", b"Author", b"Subject", b"Keywords"];
    pdf.objects().into_iter().any(|object| {
        let dict = match object {
            PdfObject::Dict(dict) => dict,
            PdfObject::Stream(stream) => stream.dict().clone(),
            PdfObject::Null(_)
            | PdfObject::Boolean(_)
            | PdfObject::Number(_)
            | PdfObject::String(_)
            | PdfObject::Name(_)
            | PdfObject::Array(_) => return false,
        };
        let note = dict.contains_key("Subtype") && dict.contains_key("Rect");
        let field = ["FT", "V", "XFA"].iter().any(|key| dict.contains_key(*key));
        let described = DESCRIBING.iter().any(|key| dict.contains_key(key))
            && (dict.contains_key("Producer") || dict.contains_key("CreationDate"));
        field || described || dict.contains_key("EF") || (note && dict.contains_key("Contents"))
    })
}

fn read_pages(
    pdf: &Pages,
    second: Option<&Document>,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let layered = second.is_some_and(hides_layers);
    let cache = InterpreterCache::new();
    for (at, page) in pdf.pages().iter().enumerate() {
        budget.check()?;
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let mut shown = Bounded::new(budget);
        let whole = guarded(|| {
            shown.charge_content(page.page_stream().unwrap_or_default());
            let mut context = Context::new(
                Affine::IDENTITY,
                Rect::new(0.0, 0.0, 1.0, 1.0),
                &cache,
                pdf.xref(),
                InterpreterSettings::default(),
            );
            interpret_page(page, &mut context, &mut shown);
        });
        let (mut text, ended) = shown.end();
        if let Err(limit) = ended {
            tell_page(&text, None, number, sink);
            return Err(limit);
        }
        if whole.is_none() {
            sink.incomplete(problem(ProblemKind::Panic).at(u64::from(number)));
        }
        text.join_cells();
        let other = second.filter(|_| text.is_poor() || layered).and_then(|document| {
            guarded(|| document.extract_text_with_limit(&[number], MAX_STREAM_BYTES).ok()).flatten()
        });
        let other = other.map(|other| added_by(&other, &text.text));
        tell_page(&text, other.as_deref(), number, sink);
        let seen = Seen {
            page,
            text: &text,
            other: other.as_deref(),
        };
        if let Err(unseen) = seen.look(number, budget, sink) {
            sink.incomplete(unseen.at(u64::from(number)));
        }
    }
    Ok(())
}

/// A page whose text was told.
struct Seen<'p> {
    page: &'p Page<'p>,
    text: &'p PageText,
    /// What the second engine adds.
    other: Option<&'p str>,
}

impl Seen<'_> {
    /// Has the page looked at where it shows more than its text and somebody reads pictures.
    fn look(&self, number: u32, budget: &Budget, sink: &mut dyn Sink) -> Result<(), Problem> {
        let text = self.text;
        let (width, height) = self.page.render_dimensions();
        let unread = self.other.is_none_or(|other| !is_readable(other));
        let hidden = unread && text.shows_more(f64::from(width) * f64::from(height));
        let garbled = unread && text.glyphs > 0 && text.is_poor();
        let wanted = match sink.pictures() {
            Pictures::None => false,
            Pictures::Textless => hidden,
            Pictures::All => true,
        };
        if wanted && text.images > 0 {
            let density = text.picture_density;
            let drawn = guarded(|| drawn::page(self.page, density, budget));
            let known = format!("{}\n{}", text.text, self.other.unwrap_or_default());
            sink.picture(Picture {
                bytes: &drawn.ok_or(problem(ProblemKind::Panic))?,
                page: Some(number),
                known: if hidden { known.trim() } else { &known },
            })
        } else if hidden {
            Err(problem(ProblemKind::ImageWithoutText))
        } else if garbled {
            Err(problem(ProblemKind::Unsupported))
        } else {
            Ok(())
        }
    }
}

fn tell_page(text: &PageText, other: Option<&str>, number: u32, sink: &mut dyn Sink) {
    if !text.is_blank() {
        tell(&text.text, number, sink);
    }
    if let Some(other) = other {
        tell(other, number, sink);
    }
}

/// Whether layers are switched off. The first engine leaves their text out; the second reads all.
fn hides_layers(document: &Document) -> bool {
    let off = document.catalog().and_then(|catalog| {
        let layers = catalog.get_deref(b"OCProperties", document)?.as_dict()?;
        let normal = layers.get_deref(b"D", document)?.as_dict()?;
        normal.get_deref(b"OFF", document)?.as_array()
    });
    off.is_ok_and(|off| !off.is_empty())
}

/// Whether text of the second engine is text: some letters, and hardly an unknown character.
fn is_readable(text: &str) -> bool {
    let known = text.chars().filter(|c| c.is_alphanumeric()).count();
    let unknown = text.chars().filter(|c| *c == '\u{fffd}' || c.is_control()).count();
    known > 0 && unknown < known / 4 + text.matches('\n').count() + 1
}

fn read_by_second(
    document: &Document,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    for number in document.get_pages().into_keys() {
        budget.check()?;
        let text = guarded(|| document.extract_text_with_limit(&[number], MAX_STREAM_BYTES).ok());
        match text.flatten() {
            Some(text) if !text.trim().is_empty() => tell(&text, number, sink),
            Some(_) | None => {
                sink.incomplete(problem(ProblemKind::Malformed).at(u64::from(number)));
            }
        }
    }
    // The first engine takes the file for broken: what the second makes of it may not be all.
    sink.incomplete(problem(ProblemKind::Malformed));
    Ok(())
}

fn tell(text: &str, number: u32, sink: &mut dyn Sink) {
    if text.trim().is_empty() {
        return;
    }
    sink.piece(Piece {
        text,
        layout: Layout::Flow {
            origin: Origin::Page(number),
            continues: false,
        },
    });
}

#[cfg(test)]
mod tests {
    use lopdf::{Document, Object, Stream, dictionary};

    use super::super::super::recorder::{read, read_one};
    use super::second_engine;

    /// A PDF of one page, with a form field where `form` says so.
    fn pdf(form: bool) -> Vec<u8> {
        let mut document = Document::with_version("1.4");
        let pages = document.new_object_id();
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        });
        let drawn = b"BT /F1 12 Tf 50 700 Td (Kari Nordmann) Tj ET".to_vec();
        let content = document.add_object(Stream::new(dictionary! {}, drawn));
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages, "Contents" => content,
            "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        });
        let kids: Vec<Object> = vec![page.into()];
        let tree = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 1 };
        document.objects.insert(pages, tree.into());
        let mut catalog = dictionary! { "Type" => "Catalog", "Pages" => pages };
        if form {
            let field = document.add_object(dictionary! {
                "FT" => "Tx", "T" => Object::string_literal("fnr"),
                "V" => Object::string_literal("15888610046"),
            });
            let fields: Vec<Object> = vec![field.into()];
            catalog.set("AcroForm", dictionary! { "Fields" => fields });
        }
        let catalog = document.add_object(catalog);
        document.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    /// The document with these entries in its catalogue, made with the help of the document.
    fn with(add: impl Fn(&mut Document) -> lopdf::Dictionary) -> Vec<u8> {
        let mut document = Document::load_mem(&pdf(false)).unwrap();
        let added = add(&mut document);
        let catalog = document.catalog_mut().unwrap();
        added.iter().for_each(|(key, value)| catalog.set(key.clone(), value.clone()));
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn values_that_lie_elsewhere_or_are_lists_or_names_are_read() {
        let text = Object::string_literal;
        let bytes = with(|document| {
            let string = document.add_object(text("indirekte 15888610046"));
            let stream = document.add_object(Stream::new(dictionary! {}, b"fra en stream".to_vec()));
            let choices: Vec<Object> = vec![text("a"), text("Kari vist")];
            let field = |value: Object| dictionary! { "FT" => "Tx", "T" => text("felt"), "V" => value };
            let fields: Vec<Object> = vec![
                field(string.into()).into(),
                field(stream.into()).into(),
                dictionary! { "Opt" => vec![Object::Array(choices)] }.into(),
                dictionary! { "V" => "Valgt", "MK" => dictionary! { "CA" => text("knapp") } }.into(),
                dictionary! { "V" => "Off", "RV" => text("rik") }.into(),
            ];
            let item = dictionary! { "Type" => "CollectionItem", "egen" => text("kolonne") };
            let script = dictionary! { "S" => "JavaScript", "JS" => text("app.alert(1)") };
            dictionary! {
                "AcroForm" => dictionary! { "Fields" => fields },
                "OpenAction" => script,
                "Liste" => dictionary! { "CI" => item, "Desc" => text("beskrevet") },
            }
        });
        let seen = read_one("a.pdf", &bytes);
        for wanted in [
            "indirekte 15888610046", "fra en stream", "Kari vist", "Valgt", "knapp", "rik", "kolonne",
            "app.alert(1)", "beskrevet",
        ] {
            assert!(seen.text.contains(wanted), "{wanted}: {}", seen.text);
        }
        // What is drawn is told once, and a button that is off says nothing.
        assert_eq!(seen.text.matches("Kari Nordmann").count(), 1, "{}", seen.text);
        assert!(!seen.text.contains("Off"));
    }

    #[test]
    fn forms_of_xml_are_members_whole_or_in_parts() {
        let parts = [
            "<xdp:xdp xmlns:xdp='x'>", "<data><fnr>15888610046</fnr></data>", "</xdp:xdp>",
        ];
        for parts in [parts.to_vec(), vec![parts.concat().leak() as &str]] {
            let bytes = with(|document| {
                let mut form = Vec::new();
                for part in &parts {
                    let stream = Stream::new(dictionary! {}, part.as_bytes().to_vec());
                    form.extend([Object::string_literal("del"), document.add_object(stream).into()]);
                }
                let form = if parts.len() == 1 { form.remove(1) } else { form.into() };
                dictionary! { "AcroForm" => dictionary! { "XFA" => form } }
            });
            let seen = read("a.pdf", &bytes);
            assert_eq!((seen[1].path.as_str(), seen[1].format), ("a.pdf!/form.xdp", Some("xml")));
            assert_eq!(seen[1].cell("xdp.data.fnr", 1), Some("15888610046"));
        }
    }

    /// The document with a reference to an encryption that is not there: one engine passes over it,
    /// the other gives up.
    fn half_readable(form: bool) -> Vec<u8> {
        let text = encoding_rs::mem::decode_latin1(&pdf(form)).replace("/Root", "/Encrypt 99 0 R/Root");
        encoding_rs::mem::encode_latin1_lossy(&text).into_owned()
    }

    #[test]
    fn what_only_the_second_engine_reads_is_told_when_it_cannot() {
        let whole = read_one("a.pdf", &pdf(true));
        assert!(whole.text.contains("Kari Nordmann") && whole.text.contains("15888610046"));
        assert_eq!(whole.ending(), "scanned");
        assert!(second_engine(&half_readable(true), "").is_none());
        let half = read_one("a.pdf", &half_readable(true));
        assert!(half.text.contains("Kari Nordmann"));
        assert_eq!(half.ending(), "partial malformed");
        let nothing_lost = read_one("a.pdf", &half_readable(false));
        assert_eq!(nothing_lost.ending(), "scanned");
    }
}
