//! From what the inventory holds of an object to the facts that rules ask for.

use super::facts::{Facts, FindingFact, SubjectRef, implied_category};
use super::site::ZoneMatch;
use crate::model::{Category, ClassGuess, Confidence, Fact, Finding};

/// The kind of a finding whose values are all from a synthetic series.
const SYNTHETIC: &str = "synthetic";

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
    #[must_use]
    pub fn with_class(mut self, guess: Option<&ClassGuess>) -> Self {
        if let Some(guess) = guess.filter(|guess| guess.id != "unknown") {
            self.class.clone_from(&guess.id);
            self.class_confidence = guess.certainty;
        }
        self
    }

    /// Adds findings of at least a level, and the category that the class implies. What is known
    /// not to be personal is left out.
    #[must_use]
    pub fn with_findings(mut self, findings: &[Finding], least: Confidence) -> Self {
        for finding in findings {
            let personal = finding.kind.category != Category::NotPersonal;
            if personal && finding.confidence >= least {
                let synthetic = finding.kind.kind == SYNTHETIC;
                self.add_finding(finding.kind.id(), synthetic);
            }
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
            let Fact::Date { source, interval } = fact;
            self.dates.insert(*source, *interval);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DateInterval, DateSource, Distinct, EvidenceSet, Kind};
    use crate::policy::{Role, Site};
    use jiff::civil::date;

    static NAME: Kind = Kind {
        detector: "name",
        kind: "name",
        category: Category::Contact,
        digested: false,
        precedence: 0,
    };
    static COMPANY: Kind = Kind {
        detector: "organisation-number",
        kind: "company",
        category: Category::NotPersonal,
        digested: false,
        precedence: 0,
    };

    fn finding(kind: &'static Kind, confidence: Confidence) -> Finding {
        Finding {
            kind,
            confidence,
            count: 1,
            distinct: Distinct {
                count: 1,
                estimated: false,
            },
            samples: Vec::new(),
            reasons: EvidenceSet::default(),
        }
    }

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
        let found = [
            finding(&NAME, Confidence::High),
            finding(&COMPANY, Confidence::High),
            finding(&NAME, Confidence::Low),
        ];
        let facts = Facts::at("hr/r1/cv.pdf", site.zone("hr/r1/cv.pdf").as_ref())
            .with_class(None)
            .with_findings(&found, Confidence::Medium)
            .with_dates(&dates);
        assert_eq!(facts.role, Role::Controller);
        assert_eq!(facts.process.as_deref(), Some("r1"));
        assert_eq!(facts.class, "recruitment.cv");
        let kinds: Vec<&str> = facts.findings.iter().map(|f| f.kind.as_str()).collect();
        assert_eq!(kinds, ["name", "cv"]);
        assert_eq!(facts.dates.get(DateSource::Mail), Some(day));
        assert_eq!(Facts::at("x", None).role, Role::Unknown);
    }
}
