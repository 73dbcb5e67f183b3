//! Kinds of documents that rules speak of, such as `recruitment.cv`.

/// A document class with the words that suggest it. Words are lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentClass {
    /// Id, such as `recruitment.cv`.
    pub id: String,
    /// Words that suggest it in folder and file names.
    pub words_path: Vec<String>,
    /// Words and phrases that suggest it in the text.
    pub words_text: Vec<String>,
}

/// What an object was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassGuess {
    /// Id of the class.
    pub id: String,
    /// Certainty from 0 to 1.
    pub certainty: f64,
}
