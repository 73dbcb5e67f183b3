//! Drawings of diagrams.net: each page may stand packed in its element, as the program's own export does it:
//! XML, percent-encoded, deflated, in base 64.

use std::io::Read;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::read::DeflateDecoder;
use percent_encoding::percent_decode;

/// The element that holds a page.
const PAGE: &str = "diagram";
/// No page is larger when it is unpacked.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The page that an element of this name holds; `None` where it holds none, or none that is packed.
pub(super) fn unpacked(element: &str, text: &str) -> Option<Vec<u8>> {
    if element != PAGE || text.starts_with('<') {
        return None;
    }
    let packed = BASE64_STANDARD.decode(text).ok()?;
    let mut page = Vec::new();
    let mut source = DeflateDecoder::new(packed.as_slice()).take(MAX_BYTES);
    std::io::copy(&mut source, &mut page).ok()?;
    Some(percent_decode(&page).collect()).filter(|page: &Vec<u8>| page.starts_with(b"<"))
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read;

    #[test]
    fn a_packed_page_is_read() {
        // `<mxGraphModel><root><mxCell value="Kari 15888610046"/></root></mxGraphModel>`
        let page = "UzV2zq1wL0osyPDNT0nNUTV2VTV2LsrPL4GwciucU3NyVI0MyhJzSlNVjV1UjYy8E4sygSKGphYWFmaGBgYmZkBBVSM3iA4gA6EdyEEzHQA=";
        let text = format!("<mxfile host=\"app\"><diagram name=\"Side\">{page}</diagram></mxfile>");
        let seen = read("kart.drawio", text.as_bytes());
        assert_eq!(seen[1].path, "kart.drawio!/diagram.xml");
        assert_eq!(
            seen[1].cell("mxGraphModel.root.mxCell.value", 1),
            Some("Kari 15888610046")
        );
        let open = "<mxfile><diagram name=\"Side\">Kari</diagram></mxfile>";
        assert_eq!(
            read("kart.drawio", open.as_bytes())[0].cell("mxfile.diagram", 1),
            Some("Kari")
        );
    }
}
