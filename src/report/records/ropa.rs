//! The record of processing: for each purpose and place, what was declared beside what was found.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::{self, ObjectRow, Reader};
use crate::model::{Category, Lang};
use crate::policy::{Purpose, Region, Role, Rule, Transfer, Zone, implied_category};
use crate::report::Judging;

/// What a record is made of.
pub struct RopaWish<'a> {
    /// Judges each object, so that the limits that apply are known; it knows purposes and places.
    pub judging: &'a Judging<'a>,
    /// A path as it may be shown.
    pub shown: &'a dyn Fn(&str) -> String,
    /// The language.
    pub lang: Lang,
}

/// A record of processing.
#[derive(Clone, Debug)]
pub struct Ropa {
    /// Who is responsible, with the contact, as the policies name them.
    pub controllers: Vec<(String, Option<String>)>,
    /// The activities.
    pub rows: Vec<Processing>,
    /// Objects that were not read to their end, of how many.
    pub unread: (u64, u64),
}

/// One purpose in one place.
#[derive(Clone, Debug, Default)]
pub struct Processing {
    /// Id of the purpose; none where nobody has stated one.
    pub purpose: Option<String>,
    /// What the purpose is, in the language; empty where no rule file states it.
    pub title: String,
    /// Where the policy states it.
    pub statement: Option<String>,
    /// Role of the organisation.
    pub role: Role,
    /// For whom data is processed, as far as paths name customers.
    pub customers: BTreeSet<String>,
    /// The place as the site file describes it, or the folder that it leaves out; none where nothing
    /// lies anywhere for the purpose.
    pub place: Option<String>,
    /// Whether the site file describes the place.
    pub described: bool,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Legal grounds.
    pub basis: Vec<String>,
    /// Categories of people.
    pub subjects: Vec<String>,
    /// Declared categories of data.
    pub declared: Vec<String>,
    /// Observed categories of data: objects and hits.
    pub observed: BTreeMap<String, (u64, u64)>,
    /// Those among them that nobody has declared for the purpose.
    pub undeclared: Vec<String>,
    /// Those of a special category or on criminal matters.
    pub special: BTreeSet<String>,
    /// Kinds of documents: objects.
    pub classes: BTreeMap<String, u64>,
    /// Labels of the purpose and of the data, in fideslang's keys.
    pub fides: Vec<String>,
    /// Who the data is given to, as the site file says.
    pub recipients: Vec<String>,
    /// A processor holds the data, and whether there is an agreement with it.
    pub processor: Option<bool>,
    /// People outside the organisation can read it.
    pub shared_outside: bool,
    /// Who can read it.
    pub readable_by: Option<String>,
    /// Where the data lies.
    pub region: Option<Region>,
    /// Countries outside the EEA.
    pub countries: Vec<String>,
    /// What a transfer rests on.
    pub transfer: Option<Transfer>,
    /// Rules that set a limit: id and what it says.
    pub limits: Vec<(String, String)>,
    /// Objects that lie there.
    pub objects: u64,
    /// Objects among them in which something personal was found.
    pub personal: u64,
    /// Objects among them that were not read to their end.
    pub unread: u64,
}

/// Purpose and place; a place that nobody has described is told by its folder.
type Key = (Option<String>, Option<usize>, Option<String>);

/// Makes the record.
///
/// # Errors
/// When the inventory cannot be read.
pub fn ropa(inventory: &Reader, wish: &RopaWish<'_>) -> Result<Ropa, inventory::Error> {
    let mut rows: BTreeMap<Key, Gathered> = BTreeMap::new();
    let (mut unread, mut all) = (0, 0);
    inventory.for_each_object(&mut |row| {
        all += 1;
        unread += u64::from(row.outcome.is_unread());
        let limits = wish.limits_of(&row);
        let (keys, customer) = wish.keys(&row);
        for key in keys {
            let gathered = rows.entry(key).or_default();
            gathered.add(&row, &limits);
            gathered.customers.extend(customer.clone());
        }
    })?;
    for purpose in wish.judging.book().purposes() {
        if !rows
            .keys()
            .any(|(id, _, _)| id.as_ref() == Some(&purpose.id))
        {
            rows.insert((Some(purpose.id.clone()), None, None), Gathered::default());
        }
    }
    let policies = wish.judging.book().policies().iter();
    let controllers = policies.filter_map(|policy| {
        let controller = policy.controller.clone()?;
        Some((controller, policy.contact.clone()))
    });
    let rows = rows.into_iter().filter(|((purpose, _, _), gathered)| {
        // A place without purpose and without personal data is no processing.
        purpose.is_some() || gathered.personal > 0
    });
    Ok(Ropa {
        controllers: controllers.collect(),
        rows: rows
            .map(|(key, gathered)| wish.told(key, gathered))
            .collect(),
        unread: (unread, all),
    })
}

/// What was found of one purpose in one place.
#[derive(Default)]
struct Gathered {
    observed: BTreeMap<String, (u64, u64)>,
    special: BTreeSet<String>,
    classes: BTreeMap<String, u64>,
    limits: BTreeSet<String>,
    customers: BTreeSet<String>,
    objects: u64,
    personal: u64,
    unread: u64,
}

impl Gathered {
    fn add(&mut self, row: &ObjectRow, limits: &[String]) {
        self.objects += 1;
        self.unread += u64::from(row.outcome.is_unread());
        let mut here: BTreeMap<String, u64> = BTreeMap::new();
        for found in row.findings.iter().filter(|found| found.is_personal()) {
            let id = found.id();
            if found.category == Category::Special.as_str() {
                self.special.insert(id.clone());
            }
            *here.entry(id).or_default() += found.count;
        }
        if here.is_empty() {
            return;
        }
        self.personal += 1;
        self.limits.extend(limits.iter().cloned());
        if let Some(class) = &row.class {
            *self.classes.entry(class.id.clone()).or_default() += 1;
            if let Some(implied) = implied_category(&class.id) {
                here.insert(implied.to_owned(), 1);
            }
        }
        for (id, hits) in here {
            let total = self.observed.entry(id).or_default();
            total.0 += 1;
            total.1 += hits;
        }
    }
}

impl RopaWish<'_> {
    /// Purposes and place of an object, and the customer whom its path names.
    fn keys(&self, row: &ObjectRow) -> (Vec<Key>, Option<String>) {
        let Some(found) = self.judging.site().zone(&row.path) else {
            let folder = (self.shown)(&folder(&row.path, &row.root));
            return (vec![(None, None, Some(folder))], None);
        };
        let index = Some(found.index);
        let purposes = found.zone.purpose.iter();
        let mut keys: Vec<Key> = purposes
            .map(|purpose| (Some(purpose.clone()), index, None))
            .collect();
        if keys.is_empty() {
            keys.push((None, index, None));
        }
        (keys, found.org)
    }

    /// Rules that count the time of an object.
    fn limits_of(&self, row: &ObjectRow) -> Vec<String> {
        if !row.outcome.is_read() {
            return Vec::new();
        }
        let judgement = self.judging.judge(&self.judging.known(row).facts);
        let rules = judgement.rules.into_iter();
        rules.filter(|id| self.limit(id).is_some()).collect()
    }

    /// The rule, where it sets a limit of storage.
    fn limit(&self, id: &str) -> Option<&Rule> {
        let rule = self.judging.book().rule(id)?;
        let stored = matches!(rule.kind_word(), "delete" | "keep");
        rule.counted().filter(|_| stored).map(|_| rule)
    }

    fn told(&self, (id, zone, folder): Key, gathered: Gathered) -> Processing {
        let purpose = id.as_ref().and_then(|id| {
            self.judging
                .book()
                .purposes()
                .iter()
                .find(|one| one.id == *id)
        });
        let zone = zone.and_then(|index| self.judging.site().zones().get(index));
        let declared = purpose
            .map(|purpose| purpose.data.clone())
            .unwrap_or_default();
        let undeclared = gathered.observed.keys();
        let undeclared = undeclared.filter(|id| !declared.iter().any(|name| names(name, id)));
        let fides = fides(purpose, gathered.observed.keys().chain(&declared));
        Processing {
            title: purpose.map(|one| self.title(one)).unwrap_or_default(),
            statement: purpose.and_then(|one| one.statement.clone()),
            role: role(purpose, zone),
            place: zone.map(|zone| zone.path.clone()).or(folder),
            described: zone.is_some(),
            owner: zone.and_then(|zone| zone.owner.clone()),
            basis: purpose.map(|one| one.basis.clone()).unwrap_or_default(),
            subjects: purpose.map(|one| one.subjects.clone()).unwrap_or_default(),
            undeclared: undeclared.cloned().collect(),
            limits: self.limits(id.as_deref(), &gathered.limits),
            fides,
            declared,
            purpose: id,
            observed: gathered.observed,
            special: gathered.special,
            customers: gathered.customers,
            classes: gathered.classes,
            objects: gathered.objects,
            personal: gathered.personal,
            unread: gathered.unread,
            ..zone.map(placed).unwrap_or_default()
        }
    }

    fn title(&self, purpose: &Purpose) -> String {
        purpose.title_in(self.lang).to_owned()
    }

    /// Limits that name the purpose, and those that applied to what lies there.
    fn limits(&self, purpose: Option<&str>, applied: &BTreeSet<String>) -> Vec<(String, String)> {
        let rules = self.judging.book().rules().iter().filter(|rule| {
            let named = rule
                .purposes()
                .iter()
                .any(|id| Some(id.as_str()) == purpose);
            self.limit(&rule.id).is_some() && (named || applied.contains(&rule.id))
        });
        rules
            .map(|rule| (rule.id.clone(), rule.title_in(self.lang).to_owned()))
            .collect()
    }
}

/// The role that the place has, else that of the purpose.
fn role(purpose: Option<&Purpose>, zone: Option<&Zone>) -> Role {
    let of_purpose = purpose.map(|purpose| {
        if purpose.processor {
            Role::Processor
        } else {
            Role::Controller
        }
    });
    zone.map(|zone| zone.role)
        .or(of_purpose)
        .unwrap_or_default()
}

/// Labels of a purpose and of data.
fn fides<'i>(purpose: Option<&Purpose>, data: impl Iterator<Item = &'i String>) -> Vec<String> {
    let data: BTreeSet<&str> = data.filter_map(|id| super::fides::category(id)).collect();
    let used = purpose.and_then(|purpose| purpose.fides.clone());
    used.into_iter()
        .chain(data.into_iter().map(str::to_owned))
        .collect()
}

/// What the site file says of a place.
fn placed(zone: &Zone) -> Processing {
    let facts = &zone.facts;
    let held = facts.processor == Some(true);
    Processing {
        recipients: zone.recipients.clone(),
        processor: held.then(|| facts.agreement == Some(true)),
        shared_outside: facts.shared_outside == Some(true),
        readable_by: facts.readable_by.clone(),
        region: facts.region,
        countries: zone.countries.clone(),
        transfer: facts.transfer,
        ..Processing::default()
    }
}

/// Whether a declared `id`, `id:kind` or `*` names what was found.
fn names(declared: &str, found: &str) -> bool {
    if declared == "*" {
        return true;
    }
    let rest = found.strip_prefix(declared);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// The first folder of a path that nobody has described, as a pattern.
fn folder(path: &str, root: &str) -> String {
    let file = path.split("!/").next().unwrap_or(path);
    match file.split_once('/') {
        Some((first, _)) => format!("{first}/**"),
        None if root.is_empty() => "*".to_owned(),
        None => format!("{root}:*"),
    }
}
