//! From a rule as it is written to a rule with a meaning.

use super::period::Period;
use super::rule::{Example, Rule, RuleKind, Start, Timed, When};
use super::rule_file::{WrittenKind, WrittenRule};

/// Turns a rule as written into a rule.
///
/// # Errors
/// A sentence on what is missing or not understood.
pub(super) fn build(
    written: WrittenRule,
    policy: &str,
    place: (String, usize),
    examples: Vec<Example>,
) -> Result<Rule, String> {
    if let Some(key) = misplaced(&written) {
        return Err(format!(
            "rule `{}`: `{key}` means nothing for its kind",
            written.id
        ));
    }
    let kind = kind_of(&written)?;
    let Some(when) = written.when else {
        return Err(format!("rule `{}` has no `when`", written.id));
    };
    Ok(Rule {
        id: written.id,
        policy: policy.to_owned(),
        place,
        title: written.title,
        title_nb: written.title_nb,
        explain: written.explain,
        explain_nb: written.explain_nb,
        section: written.section,
        statement: written.statement,
        digest: written.digest,
        reads_with: written.reads_with,
        norm: written.norm,
        source: written.source,
        confidence: written.confidence,
        note: written.note,
        refs: written.refs,
        replaces: written.replaces,
        when: When {
            purpose: when.purpose,
            class: when.class,
            not_class: when.not_class,
            finding: when.finding,
            role: when.role,
            any_role: when.any_role,
            zone: when.zone,
            site: when.site,
        },
        kind,
        unless_event: written.unless_event,
        needs_event: written.needs_event,
        examples,
    })
}

/// A key that is given but that the rule's kind does not use: left alone it would look as if it
/// worked.
fn misplaced(written: &WrittenRule) -> Option<&'static str> {
    use WrittenKind::{Deadline, Delete, Exception, Forbid, Hold, Keep, Limit, ReviewOn};
    let timed: &[WrittenKind] = &[Delete, Keep, ReviewOn, Deadline];
    let duties: &[WrittenKind] = &[Delete, ReviewOn];
    let keys: [(&str, bool, &[WrittenKind]); 25] = [
        ("start", written.start.is_some(), timed),
        ("period", written.period.is_some(), timed),
        ("period_source", written.period_source.is_some(), timed),
        (
            "cancelled_by",
            !written.cancelled_by.is_empty(),
            &[Delete, Keep, ReviewOn],
        ),
        ("review_after", written.review_after.is_some(), &[Delete]),
        ("optional", written.optional, duties),
        ("history", !written.history.is_empty(), duties),
        ("unless_consent", !written.unless_consent.is_empty(), duties),
        (
            "unless_event",
            !written.unless_event.is_empty(),
            &[Delete, Keep, ReviewOn, Forbid],
        ),
        (
            "needs_event",
            !written.needs_event.is_empty(),
            &[Delete, Keep, ReviewOn],
        ),
        ("then", written.then.is_some(), &[Keep]),
        ("effect", written.effect.is_some(), &[Forbid]),
        (
            "unless_purpose",
            !written.unless_purpose.is_empty(),
            &[Forbid],
        ),
        (
            "review_purpose",
            !written.review_purpose.is_empty(),
            &[Forbid],
        ),
        ("unless_synthetic", written.unless_synthetic, &[Forbid]),
        ("allowed", !written.allowed.is_empty(), &[Limit]),
        ("deny", !written.deny.is_empty(), &[Limit]),
        ("review", !written.review.is_empty(), &[Limit]),
        ("open", written.open, &[Limit]),
        ("set", written.set.is_some(), &[Hold]),
        ("lift", written.lift.is_some(), &[Hold]),
        ("reasons", !written.reasons.is_empty(), &[Exception]),
        ("closes", written.closes.is_some(), &[Deadline]),
        ("extended_by", written.extended_by.is_some(), &[Deadline]),
        (
            "extended_period",
            written.extended_period.is_some(),
            &[Deadline],
        ),
    ];
    let mut wrong = keys
        .iter()
        .filter(|(_, given, kinds)| *given && !kinds.contains(&written.kind));
    wrong.next().map(|(key, _, _)| *key)
}

fn kind_of(written: &WrittenRule) -> Result<RuleKind, String> {
    let needed = |key: &Option<String>, name: &str| {
        let missing = || format!("rule `{}` has no `{name}`", written.id);
        key.clone().ok_or_else(missing)
    };
    Ok(match written.kind {
        WrittenKind::Delete => RuleKind::Delete(timed(written)?),
        WrittenKind::ReviewOn => RuleKind::ReviewOn(timed(written)?),
        WrittenKind::Keep => RuleKind::Keep {
            timed: timed(written)?,
            then: written
                .then
                .ok_or_else(|| format!("rule `{}` has no `then`", written.id))?,
        },
        WrittenKind::Deadline => RuleKind::Deadline {
            timed: timed(written)?,
            closes: needed(&written.closes, "closes")?,
            extension: match &written.extended_by {
                None => None,
                Some(event) => {
                    let text = needed(&written.extended_period, "extended_period")?;
                    Some((event.clone(), period(&text)?))
                }
            },
        },
        WrittenKind::Limit => RuleKind::Limit {
            allowed: written.allowed.clone(),
            deny: written.deny.clone(),
            review: written.review.clone(),
            open: written.open,
        },
        WrittenKind::Forbid => RuleKind::Forbid {
            effect: written.effect.unwrap_or_default(),
            unless_purpose: written.unless_purpose.clone(),
            review_purpose: written.review_purpose.clone(),
            unless_synthetic: written.unless_synthetic,
        },
        WrittenKind::Hold => RuleKind::Hold {
            set: needed(&written.set, "set")?,
            lift: needed(&written.lift, "lift")?,
        },
        WrittenKind::Exception => RuleKind::Exception {
            reasons: written.reasons.clone(),
        },
        WrittenKind::Undeclared => RuleKind::Undeclared,
        WrittenKind::Anonymised => RuleKind::Anonymised,
    })
}

fn timed(written: &WrittenRule) -> Result<Timed, String> {
    let missing = |name: &str| format!("rule `{}` has no `{name}`", written.id);
    let start = written.start.as_deref().ok_or_else(|| missing("start"))?;
    let start = match (start, start.strip_prefix("event:")) {
        (_, Some(event)) => Start::Event(event.to_owned()),
        ("document_date", _) => Start::DocumentDate,
        ("fiscal_year_end", _) => Start::FiscalYearEnd,
        ("never", _) => Start::Never,
        (other, None) => {
            return Err(format!(
                "rule `{}` starts with `{other}`: expected `event:TYPE`, `document_date`, \
                 `fiscal_year_end` or `never`",
                written.id
            ));
        }
    };
    if start == Start::Never && written.kind != WrittenKind::Keep {
        return Err(format!(
            "rule `{}`: only a `keep` may `never` start",
            written.id
        ));
    }
    let text = match (&written.period, &start) {
        (Some(text), _) => text.as_str(),
        (None, Start::Never) => "P0D",
        (None, _) => return Err(missing("period")),
    };
    let mut history = Vec::new();
    for entry in &written.history {
        history.push((period(&entry.period)?, entry.until.0));
    }
    history.sort_by_key(|(_, until)| *until);
    Ok(Timed {
        start,
        period: period(text)?,
        source: written
            .period_source
            .clone()
            .or_else(|| written.source.clone()),
        cancelled_by: written.cancelled_by.clone(),
        counter: None,
        review_after: written.review_after.as_deref().map(period).transpose()?,
        optional: written.optional,
        unless_consent: written.unless_consent.clone(),
        history,
    })
}

fn period(text: &str) -> Result<Period, String> {
    Period::parse(text).ok_or_else(|| format!("`{text}` is not a period such as `P6M` or `P30D`"))
}
