//! PDF documents that tests need: pages, what they show, and the bytes of the whole.

use lopdf::{Dictionary, Document, Object, Stream, dictionary};

/// A document of pages, each with its resources and its content.
pub(crate) fn with_pages(mut document: Document, pages: Vec<(Dictionary, Stream)>) -> Document {
    let tree = document.new_object_id();
    let mut kids: Vec<Object> = Vec::new();
    for (resources, content) in pages {
        let content = document.add_object(content);
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => content,
            "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            "Resources" => resources,
        });
        kids.push(page.into());
    }
    let count = i64::try_from(kids.len()).unwrap();
    let node = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
    document.objects.insert(tree, node.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document
}

/// The resources of a page whose font is `F1`.
pub(crate) fn font(document: &mut Document) -> Dictionary {
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    });
    dictionary! { "Font" => dictionary! { "F1" => font } }
}

/// Content that shows lines of text below each other.
pub(crate) fn lines<'l>(lines: impl IntoIterator<Item = &'l str>) -> Stream {
    let mut drawn = b"BT /F1 14 Tf 60 760 Td 24 TL\n".to_vec();
    for line in lines {
        drawn.push(b'(');
        drawn.extend(encoding_rs::WINDOWS_1252.encode(line).0.iter());
        drawn.extend(b") Tj T*\n");
    }
    drawn.extend(b"ET");
    Stream::new(dictionary! {}, drawn)
}

/// The document as a file.
pub(crate) fn bytes(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}
