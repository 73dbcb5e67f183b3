//! From what the inventory holds of an object to the facts that rules ask for.

use super::facts::{Facts, FindingFact, SubjectRef, implied_category};
use super::site::ZoneMatch;
use crate::model::{ClassGuess, Fact};

impl Facts {
    /// The facts of a path and its zone. Without a zone the role is unknown.
    #[must_use]
    pub fn at(path: &str, zone: Option<&ZoneMatch<'_>>) -> Self {
        let mut facts = Self {
            path: path.to_owned(),
            class: "unknown".to_owned(),
            class_confidence: 1.0,
            ..Self::default()
        };
        let Some(found) = zone else {
            return facts;
        };
        facts.role = found.zone.role;
        facts.purpose.clone_from(&found.zone.purpose);
        facts.zone = found.zone.facts.clone();
        facts.process.clone_from(&found.process);
        facts.org.clone_from(&found.org);
        if let Some(class) = &found.zone.default_class {
            facts.class.clone_from(class);
        }
        let subject = |id: &String| SubjectRef {
            id: id.clone(),
            relation: None,
        };
        facts.subjects.extend(found.subject.iter().map(subject));
        facts
    }

    /// Takes over what the object was classed as; without a guess the zone's class stays.
    ///
    /// A guess of the zone's own family (the part before the full stop) is confirmed by the place:
    /// its certainty is then at least 0.8. A guess of another family that is less certain than 0.6
    /// does not stand against what the site file says. Both are starting values, not measured.
    #[must_use]
    pub fn with_class(mut self, guess: Option<&ClassGuess>) -> Self {
        let Some(guess) = guess.filter(|guess| guess.id != "unknown") else {
            return self;
        };
        let placed = self.class != "unknown";
        let confirmed = placed && family(&guess.id) == family(&self.class);
        if placed && !confirmed && guess.certainty < DOUBT {
            return self;
        }
        let least = if confirmed { CONFIRMED } else { 0.0 };
        self.class.clone_from(&guess.id);
        self.class_confidence = guess.certainty.max(least);
        self
    }

    /// Adds what was found: detector's id or `id:kind`, and whether every value is synthetic; then
    /// the category that the class implies. The caller leaves out what is not sure enough, and what
    /// is known not to be personal.
    #[must_use]
    pub fn with_findings(mut self, found: impl IntoIterator<Item = (String, bool)>) -> Self {
        for (kind, synthetic) in found {
            self.add_finding(kind, synthetic);
        }
        if let (false, Some(category)) = (self.findings.is_empty(), implied_category(&self.class)) {
            self.add_finding(category.to_owned(), false);
        }
        self
    }

    /// Adds the dates of an object.
    #[must_use]
    pub fn with_dates(mut self, facts: &[Fact]) -> Self {
        for fact in facts {
            if let Fact::Date { source, interval } = fact {
                self.dates.insert(*source, *interval);
            }
        }
        self
    }

    /// Adds a finding once; what is real anywhere is real.
    fn add_finding(&mut self, kind: String, synthetic: bool) {
        match self.findings.iter_mut().find(|known| known.kind == kind) {
            Some(known) => known.synthetic &= synthetic,
            None => self.findings.push(FindingFact { kind, synthetic }),
        }
    }
}

/// Certainty of a class that name or text suggest and the place confirms.
const CONFIRMED: f64 = 0.8;

/// Certainty of a class from which it casts doubt on what the place says.
const DOUBT: f64 = 0.6;

/// The part of a class before the full stop, such as `recruitment`.
fn family(class: &str) -> &str {
    class.split('.').next().unwrap_or(class)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DateInterval, DateSource};
    use crate::policy::{Role, Site};
    use jiff::civil::date;

    #[test]
    fn an_object_brings_its_zone_class_findings_and_dates() {
        let text = "schema = 1\n[[zone]]\npath = \"hr/{process}/**\"\nrole = \"controller\"\n\
                    purpose = [\"recruitment\"]\ndefault_class = \"recruitment.cv\"\n";
        let site = Site::parse("site.toml", text).unwrap();
        let day = DateInterval::day(date(2026, 1, 20));
        let dates = [Fact::Date {
            source: DateSource::Mail,
            interval: day,
        }];
        let found = [("name".to_owned(), true), ("name".to_owned(), false)];
        let facts = Facts::at("hr/r1/cv.pdf", site.zone("hr/r1/cv.pdf").as_ref())
            .with_class(None)
            .with_findings(found)
            .with_dates(&dates);
        assert_eq!(facts.role, Role::Controller);
        assert_eq!(facts.process.as_deref(), Some("r1"));
        assert_eq!(facts.class, "recruitment.cv");
        let kinds: Vec<&str> = facts.findings.iter().map(|f| f.kind.as_str()).collect();
        assert_eq!(kinds, ["name", "cv"]);
        assert!(!facts.findings[0].synthetic);
        assert_eq!(facts.dates.get(DateSource::Mail), Some(day));
        assert_eq!(Facts::at("x", None).role, Role::Unknown);
    }

    #[test]
    fn the_place_confirms_a_guess_of_its_own_family() {
        let facts = |guess: &str, certainty| {
            let guess = ClassGuess {
                id: guess.to_owned(),
                certainty,
            };
            let class = "recruitment.correspondence".to_owned();
            let facts = Facts {
                class,
                class_confidence: 1.0,
                ..Facts::default()
            };
            let facts = facts.with_class(Some(&guess));
            (facts.class, facts.class_confidence)
        };
        assert_eq!(
            facts("recruitment.cv", 0.6),
            ("recruitment.cv".into(), CONFIRMED)
        );
        assert_eq!(
            facts("accounting.voucher", 0.6),
            ("accounting.voucher".into(), 0.6)
        );
        assert_eq!(
            facts("accounting.voucher", 0.5),
            ("recruitment.correspondence".into(), 1.0)
        );
    }
}
