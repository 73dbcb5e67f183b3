//! Identifiers that occur together with a person's own: proposed with the evidence, followed only when
//! somebody asks for it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::inventory::{self, Reader};

/// Detectors whose values are one person's.
const PERSONAL: [&str; 6] = [
    "bank-account",
    "customer-id",
    "email",
    "fodselsnummer",
    "name",
    "phone",
];
/// An object with more values of one kind is a list, and says nothing of who belongs together.
const MOST_OF_A_KIND: usize = 2;
/// Objects that are looked through.
const MOST_OBJECTS: usize = 2_000;
/// Objects in which two identifiers must stand together.
const TOGETHER: usize = 2;

/// An identifier that occurs with the person's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Id of the detector that found it.
    pub detector: String,
    /// A sample of it, masked, where one is kept.
    pub masked: Option<String>,
    /// Objects in which it stands with the person's own identifiers.
    pub together: usize,
    /// Objects in which it stands without them.
    pub elsewhere: usize,
    /// The first of the objects in which they stand together.
    pub evidence: Vec<String>,
    #[serde(skip)]
    pub(super) digest: u64,
}

/// What stands with the person's own identifiers in at least two objects, and in four of five of those
/// it stands in at all. `objects` are numbers of objects that hold the person's identifiers surely,
/// each with its path as it is shown; `own` are the person's.
pub(super) fn links(
    inventory: &Reader,
    objects: &[(i64, String)],
    own: &[(String, u64)],
) -> Result<Vec<Link>, inventory::Error> {
    let mut with: BTreeMap<(String, u64), Vec<&(i64, String)>> = BTreeMap::new();
    for object in objects.iter().take(MOST_OBJECTS) {
        for (detector, digests) in inventory.digests_of(object.0, MOST_OF_A_KIND)? {
            if !PERSONAL.contains(&detector.as_str()) {
                continue;
            }
            for digest in digests {
                let key = (detector.clone(), digest);
                if !own.contains(&key) {
                    with.entry(key).or_default().push(object);
                }
            }
        }
    }
    let mut links = Vec::new();
    for ((detector, digest), objects) in with {
        if objects.len() < TOGETHER {
            continue;
        }
        let all = inventory.objects_with(&detector, digest)?.len();
        if objects.len() * 5 < all * 4 {
            continue;
        }
        let masked = match objects.first() {
            Some((object, _)) => inventory.only_sample(*object, &detector)?,
            None => None,
        };
        links.push(Link {
            masked,
            together: objects.len(),
            elsewhere: all.saturating_sub(objects.len()),
            evidence: objects
                .iter()
                .take(3)
                .map(|(_, path)| path.clone())
                .collect(),
            detector,
            digest,
        });
    }
    Ok(links)
}
