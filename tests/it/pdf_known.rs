//! PDF documents made here, whose text is known to the letter: every way in which letters are encoded
//! and text is placed, and everything that stands beside the pages.

use std::fmt::Write as _;

use lopdf::{Dictionary, Document, Object, Stream, StringFormat, dictionary};
use sporhund::extract::{Content, Reader};
use sporhund::model::{Cancel, Limits, ObjectPath};

use crate::collected::Collector;

/// A document of one page.
struct Page {
    document: Document,
    fonts: Dictionary,
    resources: Dictionary,
    own: Dictionary,
    catalog: Dictionary,
    drawn: Vec<u8>,
}

impl Page {
    fn new() -> Self {
        Self {
            document: Document::with_version("1.7"),
            fonts: Dictionary::new(),
            resources: Dictionary::new(),
            own: dictionary! {
                "Type" => "Page", "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            },
            catalog: dictionary! { "Type" => "Catalog" },
            drawn: Vec::new(),
        }
    }

    /// A simple font with this entry for its encoding.
    fn font(mut self, name: &str, encoding: impl Into<Object>) -> Self {
        let font = dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
            "Encoding" => encoding.into(),
        };
        let font = self.document.add_object(font);
        self.fonts.set(name, font);
        self
    }

    /// Draws the bytes in a font at a place.
    fn show(mut self, font: &str, place: &str, bytes: &[u8]) -> Self {
        self.drawn
            .extend(format!("BT /{font} 12 Tf {place} Tm <").bytes());
        self.drawn.extend(
            bytes
                .iter()
                .flat_map(|byte| format!("{byte:02X}").into_bytes()),
        );
        self.drawn.extend(b"> Tj ET\n");
        self
    }

    fn draw(mut self, drawn: &str) -> Self {
        self.drawn.extend(drawn.bytes());
        self.drawn.push(b'\n');
        self
    }

    fn bytes(mut self) -> Vec<u8> {
        let tree = self.document.new_object_id();
        let content = self
            .document
            .add_object(Stream::new(dictionary! {}, self.drawn));
        self.resources.set("Font", self.fonts);
        self.own.set("Resources", self.resources);
        self.own.set("Contents", content);
        self.own.set("Parent", tree);
        let page = self.document.add_object(self.own);
        let kids: Vec<Object> = vec![page.into()];
        let node = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 1 };
        self.document.objects.insert(tree, node.into());
        self.catalog.set("Pages", tree);
        let catalog = self.document.add_object(self.catalog);
        self.document.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).unwrap();
        bytes
    }
}

const AT: &str = "1 0 0 1 60 700";

/// The bytes of `text` where `letters` gives those that are no ASCII.
fn coded(text: &str, letters: &[(char, u8)]) -> Vec<u8> {
    let code = |c: char| {
        letters
            .iter()
            .find(|own| own.0 == c)
            .map_or_else(|| u8::try_from(c).unwrap(), |own| own.1)
    };
    text.chars().map(code).collect()
}

fn wide(text: &str) -> Object {
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    Object::String(
        [0xFE, 0xFF].into_iter().chain(units).collect(),
        StringFormat::Hexadecimal,
    )
}

fn map_of(codes: &[(u16, char)], width: usize) -> Stream {
    let mut map = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <{0}> <{1}> endcodespacerange\n{2} beginbfchar\n",
        "0".repeat(width),
        "F".repeat(width),
        codes.len(),
    );
    for (code, letter) in codes {
        let letter = u32::from(*letter);
        writeln!(map, "<{code:0width$X}> <{letter:04X}>").unwrap();
    }
    map.push_str("endbfchar endcmap end end");
    Stream::new(dictionary! {}, map.into_bytes())
}

const TEXT: &str = "Blåbær og rømme på Ærøy, Øystein Åsnes";

#[expect(clippy::too_many_lines, reason = "a list of fonts")]
fn letters_in_every_encoding() -> Vec<(&'static str, Vec<u8>)> {
    let win = encoding_rs::WINDOWS_1252.encode(TEXT).0.into_owned();
    let mac = [
        ('å', 0x8C),
        ('Å', 0x81),
        ('æ', 0xBE),
        ('Æ', 0xAE),
        ('ø', 0xBF),
        ('Ø', 0xAF),
    ];
    let own = [('å', 1), ('Å', 2), ('æ', 3), ('Æ', 4), ('ø', 5), ('Ø', 6)];
    let names = ["aring", "Aring", "ae", "AE", "oslash", "Oslash"];
    let mut differences: Vec<Object> = vec![1.into()];
    differences.extend(names.map(|name| Object::Name(name.into())));
    let differences = dictionary! { "Type" => "Encoding", "Differences" => differences };
    let mut all = vec![
        (
            "WinAnsi",
            Page::new()
                .font("F1", "WinAnsiEncoding")
                .show("F1", AT, &win)
                .bytes(),
        ),
        (
            "MacRoman",
            Page::new()
                .font("F1", "MacRomanEncoding")
                .show("F1", AT, &coded(TEXT, &mac))
                .bytes(),
        ),
        (
            "differences",
            Page::new()
                .font("F1", differences)
                .show("F1", AT, &coded(TEXT, &own))
                .bytes(),
        ),
    ];
    // Codes that say nothing by themselves, with a map to letters; one byte and two bytes wide.
    let letters: Vec<char> = TEXT.chars().collect();
    let codes: Vec<(u16, char)> = (10..).zip(letters.iter().copied()).collect();
    let mut page = Page::new();
    let map = page.document.add_object(map_of(&codes, 2));
    let font = dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "ToUnicode" => map,
    };
    let font = page.document.add_object(font);
    page.fonts.set("F1", font);
    let narrow: Vec<u8> = codes
        .iter()
        .map(|own| u8::try_from(own.0).unwrap())
        .collect();
    all.push(("ToUnicode", page.show("F1", AT, &narrow).bytes()));
    let mut page = Page::new();
    let map = page.document.add_object(map_of(&codes, 4));
    let descendant = page.document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => "Ukjent", "DW" => 500,
        "CIDSystemInfo" => dictionary! {
            "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal("Identity"),
            "Supplement" => 0,
        },
    });
    let descendants: Vec<Object> = vec![descendant.into()];
    let font = page.document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Ukjent", "Encoding" => "Identity-H",
        "DescendantFonts" => descendants, "ToUnicode" => map,
    });
    page.fonts.set("F1", font);
    let wide: Vec<u8> = codes.iter().flat_map(|own| own.0.to_be_bytes()).collect();
    all.push(("Type0", page.show("F1", AT, &wide).bytes()));
    all
}

#[test]
fn every_letter_of_every_encoding_is_read() {
    for (name, bytes) in letters_in_every_encoding() {
        let text = read(&bytes);
        assert!(text.contains(TEXT), "{name}: {text}");
    }
}

#[test]
fn text_is_read_however_it_is_placed() {
    let plain = || Page::new().font("F1", "WinAnsiEncoding");
    let line = |y: u32, left: &str, right: &str| {
        format!(
            "BT /F1 10 Tf 1 0 0 1 50 {y} Tm ({left}) Tj ET BT /F1 10 Tf 1 0 0 1 320 {y} Tm ({right}) Tj ET"
        )
    };
    let mut turned = plain().show("F1", AT, b"Kari Nordmann 22 22 55 55");
    turned.own.set("Rotate", 90);
    let mut form = plain();
    let font = form.fonts.get(b"F1").unwrap().clone();
    let inner = Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 400.into(), 50.into()],
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        },
        b"BT /F1 12 Tf 0 10 Td (Kari Nordmann 22 22 55 55) Tj ET".to_vec(),
    );
    let inner = form.document.add_object(inner);
    form.resources.set("XObject", dictionary! { "X1" => inner });
    let cases = [
        ("up the page", plain().show("F1", "0 1 -1 0 300 300", b"Kari Nordmann 22 22 55 55")),
        ("upside down", plain().show("F1", "-1 0 0 -1 400 300", b"Kari Nordmann 22 22 55 55")),
        ("turned page", turned),
        ("invisible", plain().draw("3 Tr").show("F1", AT, b"Kari Nordmann 22 22 55 55")),
        ("off the page", plain().show("F1", "1 0 0 1 60 -200", b"Kari Nordmann 22 22 55 55")),
        ("form", form.draw("q 1 0 0 1 50 600 cm /X1 Do Q")),
        ("kerned", plain().draw("BT /F1 12 Tf 60 700 Td [(Ka) -20 (ri Nord) 30 (mann 22) -10 ( 22 5) 15 (5 55)] TJ ET")),
        ("in parts", plain().draw("BT /F1 12 Tf 60 700 Td (Kari Nord) Tj (mann 22 22) Tj ( 55 55) Tj ET")),
        ("without spaces", plain().draw("BT /F1 12 Tf 60 700 Td [(Kari) -300 (Nordmann) -300 (22) -300 (22) -300 (55) -300 (55)] TJ ET")),
        ("columns", plain().draw(&line(700, "Kari Nordmann", "Bokmerke")).draw(&line(680, "22 22 55 55", "Slutt"))),
    ];
    for (name, page) in cases {
        let text = read(&page.bytes());
        assert!(
            text.contains("Kari Nordmann") && text.contains("22 22 55 55"),
            "{name}: {text}"
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one page with all there is")]
fn what_stands_beside_the_pages_is_read() {
    let mut page = Page::new()
        .font("F1", "WinAnsiEncoding")
        .show("F1", AT, b"Side");
    let document = &mut page.document;
    let note = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Text", "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
        "Contents" => wide("Lapp fra Åse"), "T" => Object::string_literal("Per Moe"),
    });
    let link = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Link", "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
        "A" => dictionary! { "S" => "URI", "URI" => Object::string_literal("mailto:kari@example.no") },
    });
    let field = document.add_object(dictionary! {
        "FT" => "Tx", "T" => Object::string_literal("fnr"), "V" => wide("15888610046"),
    });
    let old = document.add_object(dictionary! {
        "FT" => "Tx", "T" => Object::string_literal("navn"),
        "V" => Object::String(b"\xD8ystein \xC5snes".to_vec(), StringFormat::Literal),
    });
    let layer = document.add_object(dictionary! {
        "Type" => "OCG", "Name" => Object::string_literal("Skjult"),
    });
    let file = document.add_object(Stream::new(
        dictionary! { "Type" => "EmbeddedFile" },
        b"vedlagt: Ola".to_vec(),
    ));
    let spec = document.add_object(dictionary! {
        "Type" => "Filespec", "F" => Object::string_literal("v.txt"), "EF" => dictionary! { "F" => file },
    });
    let info = document.add_object(dictionary! {
        "Title" => wide("Referat fra Tromsø"), "Author" => Object::string_literal("Kari Moe"),
    });
    document.trailer.set("Info", info);
    let list = |ids: &[lopdf::ObjectId]| Object::Array(ids.iter().map(|id| (*id).into()).collect());
    page.own.set("Annots", list(&[note, link]));
    page.catalog
        .set("AcroForm", dictionary! { "Fields" => list(&[field, old]) });
    page.catalog.set(
        "OCProperties",
        dictionary! {
            "OCGs" => list(&[layer]), "D" => dictionary! { "OFF" => list(&[layer]) },
        },
    );
    page.catalog.set(
        "Names",
        dictionary! {
            "EmbeddedFiles" => dictionary! {
                "Names" => vec![Object::string_literal("v.txt"), spec.into()],
            },
        },
    );
    page.resources
        .set("Properties", dictionary! { "L1" => layer });
    let page = page.draw("/OC /L1 BDC BT /F1 12 Tf 60 600 Td (Skjult lag: Bodil) Tj ET EMC");
    let text = read(&page.bytes());
    for part in [
        "Side",
        "Lapp fra Åse",
        "Per Moe",
        "kari@example.no",
        "15888610046",
        "Øystein Åsnes",
        "Bodil",
        "vedlagt: Ola",
        "Referat fra Tromsø",
        "Kari Moe",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

fn read(bytes: &[u8]) -> String {
    let mut collector = Collector::default();
    let object = ObjectPath::file("".into(), b"a.pdf");
    Reader::new(Limits::default(), Cancel::default()).read_content(
        &object,
        Content::from_bytes(bytes),
        &mut collector,
    );
    let outcome = collector.outcomes.last().unwrap();
    assert_eq!(outcome.name(), "scanned", "{outcome:?}");
    collector.text
}
