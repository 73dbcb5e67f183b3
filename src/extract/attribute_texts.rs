//! Which attributes of an office document's XML hold text for people: names, answers, messages, links
//! and values that programs keep. The others are measures, ids and settings.

/// Whether this attribute of this element holds text. Names are those of both office families, without
/// their prefixes.
pub(super) fn is_text(element: &str, attribute: &str) -> bool {
    match attribute {
        "author"
        | "descr"
        | "title"
        | "alt"
        | "instr"
        | "displayName"
        | "string-value"
        | "current-value"
        | "userId"
        | "displayText"
        | "tooltip"
        | "prompt"
        | "promptTitle"
        | "error"
        | "errorTitle"
        | "string"
        | "comment"
        | "refreshedBy"
        | "connection"
        | "command"
        | "description"
        | "label"
        | "string-value-if-true"
        | "string-value-if-false" => true,
        "value" | "v" => is_valued(element) || matches!(element, "n" | "d" | "option" | "ocxPr"),
        "val" => is_valued(element) || is_setting(element),
        "name" => is_named(element),
        "n" => matches!(element, "item" | "selection"),
        "display" => element == "hyperlink",
        "user" => element == "scenario",
        _ => false,
    }
}

/// Form fields, saved answers, cached values of pivot tables.
fn is_valued(element: &str) -> bool {
    matches!(
        element,
        "default" | "result" | "listItem" | "textarea" | "text" | "s" | "formula" | "property"
    )
}

/// Elements of OOXML whose one value is a text: titles of content controls, help, choices, variables of
/// a document, what a list was filtered by, sheets of other files, the source of a mail merge.
fn is_setting(element: &str) -> bool {
    matches!(
        element,
        "alias"
            | "attr"
            | "connectString"
            | "customFilter"
            | "docVar"
            | "filter"
            | "helpText"
            | "inputCells"
            | "item"
            | "listEntry"
            | "query"
            | "sheetName"
            | "statusText"
            | "tag"
            | "tblCaption"
            | "tblDescription"
    )
}

/// Elements whose name is one that people gave, or theirs.
fn is_named(element: &str) -> bool {
    matches!(
        element,
        "author"
            | "cacheField"
            | "cmAuthor"
            | "connection"
            | "protectedRange"
            | "scenario"
            | "section"
            | "userInfo"
    )
}
