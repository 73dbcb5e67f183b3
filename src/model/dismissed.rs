//! Values that a person has said are not what a detector takes them for.

/// Such values, by detector and keyed digest. They stay visible at the lowest level.
#[derive(Clone, Debug, Default)]
pub struct Dismissed(Vec<(String, u64)>);

impl Dismissed {
    /// The set of these values: id of the detector, and digest.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = (String, u64)>) -> Self {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_unstable();
        values.dedup();
        Self(values)
    }

    /// Whether a value is among them.
    #[must_use]
    pub fn has(&self, detector: &str, digest: u64) -> bool {
        let order = |(id, own): &(String, u64)| (id.as_str(), *own).cmp(&(detector, digest));
        self.0.binary_search_by(order).is_ok()
    }
}
