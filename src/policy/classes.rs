//! The classes of documents that rules speak of, for the classifier.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Error;
use super::shipped::shipped;
use crate::model::DocumentClass;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassFile {
    /// The version of the shape: 1.
    #[serde(rename = "schema")]
    _schema: u32,
    /// The classes.
    #[serde(default)]
    class: Vec<WrittenClass>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenClass {
    /// Id, with its family first: `recruitment.cv`.
    id: String,
    /// Words in a path that speak for it.
    #[serde(default)]
    words_path: Vec<String>,
    /// Words in the text that speak for it.
    #[serde(default)]
    words_text: Vec<String>,
}

/// The shipped classes.
///
/// # Errors
/// None in a program whose tests pass.
pub fn classes() -> Result<Vec<DocumentClass>, Error> {
    parse_classes("classes.toml", shipped("classes").unwrap_or_default())
}

/// Reads a file of classes. Words come out in lower case.
///
/// # Errors
/// Text that is not TOML, an unknown or missing key, or an id used twice, with file and line.
pub fn parse_classes(name: &str, text: &str) -> Result<Vec<DocumentClass>, Error> {
    let file: ClassFile = toml::from_str(text).map_err(|error| Error::toml(name, text, &error))?;
    let mut classes: Vec<DocumentClass> = Vec::new();
    for class in file.class {
        if classes.iter().any(|known| known.id == class.id) {
            return Err(Error::whole(
                name,
                format!("class `{}` is given twice", class.id),
            ));
        }
        let lower = |words: Vec<String>| words.iter().map(|word| word.to_lowercase()).collect();
        classes.push(DocumentClass {
            id: class.id,
            words_path: lower(class.words_path),
            words_text: lower(class.words_text),
        });
    }
    Ok(classes)
}
