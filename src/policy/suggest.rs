//! Zones that could stand in a site file, from the classes of documents that were observed.
//!
//! It proposes and decides nothing: what a place is for, and in which role, is said by a person. A
//! place that nobody describes stays `review`.

use std::collections::BTreeMap;

use super::globs::pattern_of;
use super::{Rulebook, Site};

/// Folders deeper than this count for the folder above them: a zone that deep describes a document
/// and no place.
const MAX_DEPTH: usize = 5;

/// Documents of one family that a folder needs at least.
const LEAST_DOCUMENTS: u64 = 3;

/// Of the documents with a class, the share in percent that must be of one family.
const AGREEING_PERCENT: u64 = 80;

/// Of the folders in it that hold personal data, the share in percent that must be of the family.
const AGREEING_FOLDERS_PERCENT: usize = 80;

/// Of the documents with personal data, the share in percent that must have a class.
const CLASSED_PERCENT: u64 = 50;

/// A class that is less certain says nothing of the place.
const LEAST_CERTAINTY: f64 = 0.5;

/// Folders of this name, at most two deep, hold a folder for each employee.
const HOMES: &[&str] = &[
    "brukere",
    "brukarar",
    "heim",
    "heimeområde",
    "hjem",
    "hjemmeområde",
    "hjemmeområder",
    "home",
    "homes",
    "users",
];

/// Families of classes, and the use of data (`data_use` of fideslang) that their documents serve: a
/// purpose of the rules that bears the label is proposed. `hr` has none, since the policy that is
/// published speaks to customers and applicants; employees are covered by the rules for all.
const USES: &[(&str, &str)] = &[
    ("account", "essential.service"),
    ("accounting", "essential.legal_obligation"),
    ("analytics", "functional.service.improve"),
    ("course", "essential.service.notifications.email"),
    ("log", "essential.service.security"),
    ("marketing", "marketing.communications.email"),
    ("recruitment", "employment.recruitment"),
    ("support", "essential.service.operations.support"),
];

/// What was observed of the documents of a share, by folder. Its size is that of the folder tree
/// down to five levels.
#[derive(Debug, Default)]
pub struct Observed {
    root: Folder,
}

#[derive(Debug, Default)]
struct Folder {
    /// Documents in it and below.
    documents: u64,
    /// Those of them with personal data.
    personal: u64,
    /// Documents in it and below by class.
    classes: BTreeMap<String, u64>,
    children: BTreeMap<String, Folder>,
}

/// A zone that could stand in a site file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Path pattern, with a capture where the folders below look like one for each round or person.
    pub path: String,
    /// Family of the classes, such as `recruitment`; empty for folders of employees.
    pub family: String,
    /// Documents of the family, of all documents there that have a class.
    pub agreeing: (u64, u64),
    /// The commonest class; none for folders of employees.
    pub default_class: Option<String>,
    /// Purposes of the rules that fit.
    pub purpose: Vec<String>,
    /// A pattern that tells the round or course by the path.
    pub process_from_path: Option<String>,
    /// The folders of employees: listed and not opened.
    pub employee_private: bool,
}

/// What can be said of the places of a share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// Zones to accept, in the order of their paths.
    pub zones: Vec<Suggestion>,
    /// Folders with personal data of which nothing can be said, with the number of such documents:
    /// they are in no zone of the site file and in none of the proposed ones.
    pub unknown: Vec<(String, u64)>,
}

impl Observed {
    /// Adds a document: its path relative to the root, its class with its certainty (0 to 1), and
    /// whether it holds personal data.
    pub fn add(&mut self, path: &str, class: Option<(&str, f64)>, personal: bool) {
        let class = class.filter(|(_, certainty)| *certainty >= LEAST_CERTAINTY);
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        let mut folder = &mut self.root;
        folder.count(class, personal);
        for name in folders
            .split('/')
            .filter(|name| !name.is_empty())
            .take(MAX_DEPTH)
        {
            folder = folder.children.entry(name.to_owned()).or_default();
            folder.count(class, personal);
        }
    }

    /// Zones for the places that no zone of `site` covers, with purposes of `rulebook`. The highest
    /// folder whose documents agree is proposed, and nothing below it.
    #[must_use]
    pub fn suggest(&self, site: &Site, rulebook: Option<&Rulebook>) -> Suggestions {
        let mut suggestions = Suggestions::default();
        let mut search = Search {
            site,
            rulebook,
            found: &mut suggestions,
        };
        for (name, folder) in &self.root.children {
            search.look(name, folder);
        }
        suggestions
    }
}

impl Folder {
    fn count(&mut self, class: Option<(&str, f64)>, personal: bool) {
        self.documents += 1;
        self.personal += u64::from(personal);
        if let Some((class, _)) = class {
            *self.classes.entry(class.to_owned()).or_default() += 1;
        }
    }

    /// The family that nearly all classed documents belong to, with how many do, of how many. There is
    /// none where a folder in it is mostly of another.
    fn family(&self) -> Option<(&str, u64, u64)> {
        let families = self.families();
        let classed = families.values().sum();
        let (family, count) = families.into_iter().max_by_key(|(_, count)| *count)?;
        let agrees = count >= LEAST_DOCUMENTS && count * 100 >= classed * AGREEING_PERCENT;
        let known = classed * 100 >= self.personal * CLASSED_PERCENT;
        (agrees && known && self.folders_agree(family)).then_some((family, count, classed))
    }

    /// Whether no folder in it is mostly of another family, and nearly all that hold personal data are
    /// of this one.
    fn folders_agree(&self, family: &str) -> bool {
        let mains = self.children.values().map(Self::main_family);
        let foreign = mains.flatten().any(|own| own != family);
        let telling: Vec<&Self> = self.children.values().filter(|f| f.personal > 0).collect();
        let own = telling.iter().filter(|f| f.main_family() == Some(family));
        !foreign && own.count() * 100 >= telling.len() * AGREEING_FOLDERS_PERCENT
    }

    /// The family that most classed documents belong to; none where two are as common.
    fn main_family(&self) -> Option<&str> {
        let families = self.families();
        let most = families.values().copied().max()?;
        let mut first = families.into_iter().filter(|(_, count)| *count == most);
        let (family, _) = first.next()?;
        first.next().is_none().then_some(family)
    }

    /// How many documents belong to each family of classes.
    fn families(&self) -> BTreeMap<&str, u64> {
        let mut families = BTreeMap::new();
        for (class, count) in &self.classes {
            *families.entry(family_of(class)).or_default() += count;
        }
        families
    }

    /// The commonest class of a family; of equally common ones the first by name.
    fn commonest(&self, family: &str) -> Option<String> {
        let own = self
            .classes
            .iter()
            .filter(|(class, _)| family_of(class) == family);
        let most = own.rev().max_by_key(|(_, count)| **count);
        most.map(|(class, _)| class.clone())
    }
}

fn family_of(class: &str) -> &str {
    class.split_once('.').map_or(class, |(family, _)| family)
}

struct Search<'a> {
    site: &'a Site,
    rulebook: Option<&'a Rulebook>,
    found: &'a mut Suggestions,
}

impl Search<'_> {
    fn look(&mut self, path: &str, folder: &Folder) {
        let described = |below| self.site.zone(&format!("{path}{below}")).is_some();
        if described("/-") || described("/-/-") {
            return;
        }
        if let Some(homes) = homes(path, folder) {
            self.found.zones.push(homes);
        } else if let Some(zone) = self.of_family(path, folder) {
            self.found.zones.push(zone);
        } else if folder.children.is_empty() || !folder.children.values().any(says_something) {
            if folder.personal > 0 {
                self.found.unknown.push((path.to_owned(), folder.personal));
            }
        } else {
            self.look_below(path, folder);
        }
    }

    fn look_below(&mut self, path: &str, folder: &Folder) {
        let mut below = 0;
        for (name, child) in &folder.children {
            below += child.personal;
            self.look(&format!("{path}/{name}"), child);
        }
        if folder.personal > below {
            let directly = folder.personal - below;
            self.found.unknown.push((path.to_owned(), directly));
        }
    }

    fn of_family(&self, path: &str, folder: &Folder) -> Option<Suggestion> {
        let (family, count, classed) = folder.family()?;
        let alike = folder.children.len() > 1;
        let person = alike && family == "hr" && folder.children.values().all(|f| f.personal > 0);
        let round = alike && matches!(family, "recruitment" | "course");
        let path = pattern_of(path);
        Some(Suggestion {
            path: if person {
                format!("{path}/{{subject}}/**")
            } else {
                format!("{path}/**")
            },
            family: family.to_owned(),
            agreeing: (count, classed),
            default_class: folder.commonest(family),
            purpose: self.purposes(family),
            process_from_path: round.then(|| format!("{path}/{{process}}/**")),
            employee_private: false,
        })
    }

    fn purposes(&self, family: &str) -> Vec<String> {
        let used = USES.iter().find(|(known, _)| *known == family);
        let purposes = self.rulebook.map(Rulebook::purposes).unwrap_or_default();
        let fit = purposes.iter().filter(|purpose| {
            !purpose.processor && purpose.fides.as_deref() == used.map(|(_, label)| *label)
        });
        fit.filter(|purpose| purpose.fides.is_some())
            .map(|purpose| purpose.id.clone())
            .collect()
    }
}

/// Whether it pays to look at a folder by itself.
fn says_something(folder: &Folder) -> bool {
    folder.personal > 0 || !folder.classes.is_empty()
}

/// The zone of employees' own folders, where the name says that these are here.
fn homes(path: &str, folder: &Folder) -> Option<Suggestion> {
    let mut names = path.split('/');
    let name = names.next_back()?;
    let near_the_top = names.count() < 2;
    let is_one = near_the_top && holds_homes(name) && !folder.children.is_empty();
    is_one.then(|| Suggestion {
        path: format!("{}/{{subject}}/**", pattern_of(path)),
        family: String::new(),
        agreeing: (0, folder.documents),
        default_class: Some("hr.home_folder".to_owned()),
        purpose: Vec::new(),
        process_from_path: None,
        employee_private: true,
    })
}

/// Whether a folder at the top of a share, by its name alone, holds a folder for each employee.
#[must_use]
pub fn holds_homes(name: &str) -> bool {
    HOMES.contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str) -> Site {
        Site::parse("site.toml", &format!("schema = 1\n{text}")).unwrap()
    }

    fn observed(documents: &[(&str, Option<&str>)]) -> Observed {
        let mut observed = Observed::default();
        for (path, class) in documents {
            observed.add(path, class.map(|class| (class, 0.9)), true);
        }
        observed
    }

    #[test]
    fn the_highest_folder_whose_documents_agree_is_proposed() {
        let rulebook = Rulebook::shipped(&["poweroffice-2024"]).unwrap();
        let seen = observed(&[
            ("hr/rekruttering/r1/a.docx", Some("recruitment.cv")),
            ("hr/rekruttering/r1/b.docx", Some("recruitment.cv")),
            ("hr/rekruttering/r2/c.docx", Some("recruitment.application")),
            ("hr/ansatte/1/d.docx", Some("hr.contract")),
            ("hr/ansatte/2/e.docx", Some("hr.contract")),
            ("hr/ansatte/2/f.docx", Some("hr.contract")),
            ("felles/g.txt", None),
        ]);
        let got = seen.suggest(&site(""), Some(&rulebook));
        let paths: Vec<&str> = got.zones.iter().map(|zone| zone.path.as_str()).collect();
        assert_eq!(paths, ["hr/ansatte/{subject}/**", "hr/rekruttering/**"]);
        let [_, round] = got.zones.as_slice() else {
            panic!()
        };
        assert_eq!(round.purpose, ["recruitment"]);
        assert_eq!(round.default_class.as_deref(), Some("recruitment.cv"));
        assert_eq!(
            round.process_from_path.as_deref(),
            Some("hr/rekruttering/{process}/**")
        );
        assert_eq!(got.unknown, [("felles".to_owned(), 1)]);
    }

    #[test]
    fn places_that_are_described_and_folders_that_disagree_are_left_out() {
        let seen = observed(&[
            ("hr/a", Some("recruitment.cv")),
            ("hr/b", Some("recruitment.cv")),
            ("hr/c", Some("recruitment.cv")),
            ("felles/a", Some("recruitment.cv")),
            ("felles/b", Some("accounting.voucher")),
            ("felles/c", Some("support.ticket")),
        ]);
        let described = site("[[zone]]\npath = \"hr/**\"\nrole = \"controller\"\n");
        let got = seen.suggest(&described, None);
        assert!(got.zones.is_empty(), "{got:?}");
        assert_eq!(got.unknown, [("felles".to_owned(), 3)]);
    }

    #[test]
    fn folders_of_employees_are_told_by_their_name_and_never_by_content() {
        let seen = observed(&[
            ("hjem/kari/a", Some("recruitment.cv")),
            ("hjem/kari/b", Some("recruitment.cv")),
            ("hjem/ola/c", Some("recruitment.cv")),
        ]);
        let got = seen.suggest(&site(""), None);
        let [zone] = got.zones.as_slice() else {
            panic!("{got:?}")
        };
        assert!(zone.employee_private);
        assert_eq!(zone.path, "hjem/{subject}/**");
        assert!(holds_homes("Hjem") && !holds_homes("hjemmekontor"));
    }

    #[test]
    fn an_uncertain_class_says_nothing_of_its_place() {
        let mut seen = Observed::default();
        for name in ["a", "b", "c"] {
            seen.add(&format!("x/{name}"), Some(("recruitment.cv", 0.3)), false);
        }
        assert_eq!(seen.suggest(&site(""), None), Suggestions::default());
    }
}
