//! Labels → precision for each detector and level, with an error margin.
//!
//! A stratum's interval is Wilson's at 95 % (E. B. Wilson, JASA 22, 1927). A detector's own figure
//! weighs its strata by their hits, and its interval is Wilson's for the effective number of labels
//! 1 / Σ(W² / n). That a stratum was labelled whole is not counted in its favour.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use super::sheet::{BadSheet, Label, Labelled};
use super::{StratumId, for_each_hit};
use crate::inventory::{self, Reader};
use crate::model::{Confidence, Lang};

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_964;

/// A share that was estimated, with its interval at 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precision {
    /// The estimate.
    pub share: f64,
    /// Where the interval begins.
    pub least: f64,
    /// Where it ends.
    pub most: f64,
}

/// What the labels of a detector come to, at one level or, without one, at all levels of the sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Detector.
    pub detector: String,
    /// Level; `None` for all levels together.
    pub confidence: Option<Confidence>,
    /// Hits in the inventory.
    pub hits: u64,
    /// Hits that were labelled right.
    pub right: u64,
    /// Hits that were labelled wrong.
    pub wrong: u64,
    /// Hits that were labelled unsure; they count neither way.
    pub unsure: u64,
    /// Rows without a label.
    pub unlabelled: u64,
    /// Precision; `None` where nothing was labelled right or wrong.
    pub precision: Option<Precision>,
}

/// Why there is no estimate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The sheet does not fit.
    #[error(transparent)]
    Sheet(#[from] BadSheet),
    /// The inventory could not be read.
    #[error("the inventory could not be read")]
    Inventory(#[from] inventory::Error),
}

/// What the labels come to: for each detector its levels, then all of them together.
///
/// # Errors
/// When a row is not of this inventory, or the inventory cannot be read.
pub fn estimate(inventory: &Reader, labelled: &[Labelled]) -> Result<Vec<Estimate>, Error> {
    let mut open: HashMap<u64, &Labelled> = labelled.iter().map(|row| (row.id, row)).collect();
    let mut strata: BTreeMap<StratumId, Estimate> = BTreeMap::new();
    for_each_hit(inventory, &mut |hit| {
        let key = (hit.finding.detector.clone(), hit.finding.confidence);
        let stratum = strata
            .entry(key)
            .or_insert_with_key(|(detector, level)| empty(detector, Some(*level)));
        // The count of a finding stands at each of its hits that are kept: it is added once.
        if hit.nth == 0 {
            stratum.hits += hit.finding.count;
        }
        if let Some(row) = open.remove(&hit.id()) {
            match row.label {
                Some(Label::Right) => stratum.right += 1,
                Some(Label::Wrong) => stratum.wrong += 1,
                Some(Label::Unsure) => stratum.unsure += 1,
                None => stratum.unlabelled += 1,
            }
        }
    })?;
    if let Some(stranger) = open.values().map(|row| row.row).min() {
        return Err(Error::Sheet(BadSheet::Stranger(stranger)));
    }
    let mut drawn: Vec<Estimate> = strata.into_values().filter(Estimate::was_drawn).collect();
    for stratum in &mut drawn {
        let count = number(stratum.right + stratum.wrong);
        stratum.precision = (count > 0.0).then(|| wilson(number(stratum.right) / count, count));
    }
    let mut all = Vec::new();
    for levels in drawn.chunk_by(|a, b| a.detector == b.detector) {
        all.extend(levels.iter().rev().cloned());
        all.extend(together(levels));
    }
    Ok(all)
}

impl Estimate {
    fn was_drawn(&self) -> bool {
        self.right + self.wrong + self.unsure + self.unlabelled > 0
    }
}

fn empty(detector: &str, confidence: Option<Confidence>) -> Estimate {
    Estimate {
        detector: detector.to_owned(),
        confidence,
        hits: 0,
        right: 0,
        wrong: 0,
        unsure: 0,
        unlabelled: 0,
        precision: None,
    }
}

/// All levels of a detector, where there are several.
fn together(levels: &[Estimate]) -> Option<Estimate> {
    let [first, _, ..] = levels else { return None };
    let mut sum = empty(&first.detector, None);
    for level in levels {
        sum.hits += level.hits;
        sum.right += level.right;
        sum.wrong += level.wrong;
        sum.unsure += level.unsure;
        sum.unlabelled += level.unlabelled;
    }
    // A level without a label leaves the whole unknown.
    let mut share = 0.0;
    let mut spread = 0.0;
    for level in levels {
        let weight = number(level.hits) / number(sum.hits);
        share += weight * level.precision?.share;
        spread += weight * weight / number(level.right + level.wrong);
    }
    sum.precision = Some(wilson(share, 1.0 / spread));
    Some(sum)
}

/// Wilson's interval for a share of `count` labels.
fn wilson(share: f64, count: f64) -> Precision {
    let square = Z * Z;
    let middle = (share + square / (2.0 * count)) / (1.0 + square / count);
    let inner = share * (1.0 - share) / count + square / (4.0 * count * count);
    let half = Z * inner.max(0.0).sqrt() / (1.0 + square / count);
    Precision {
        share,
        least: (middle - half).clamp(0.0, share),
        most: (middle + half).clamp(share, 1.0),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a share needs no more than 52 bits"
)]
fn number(count: u64) -> f64 {
    count as f64
}

/// The estimates as a table for people.
///
/// # Errors
/// What the writer fails with.
pub fn write_estimate(estimates: &[Estimate], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let [level, hits, labels, open, precision, all] = words(lang);
    writeln!(
        out,
        "{:24} {level:8} {hits:>9} {labels:>15} {open:>9}  {precision}",
        "detector"
    )?;
    for estimate in estimates {
        let level = estimate.confidence.map_or(all, Confidence::as_str);
        let labels = format!("{}/{}/{}", estimate.right, estimate.wrong, estimate.unsure);
        let figure = estimate.precision.map_or_else(
            || "–".to_owned(),
            |p| format!("{:.3} ({:.3}–{:.3})", p.share, p.least, p.most),
        );
        let (detector, hits, open) = (&estimate.detector, estimate.hits, estimate.unlabelled);
        writeln!(
            out,
            "{detector:24} {level:8} {hits:>9} {labels:>15} {open:>9}  {figure}"
        )?;
    }
    Ok(())
}

/// Heads of the table: level, hits, right/wrong/unsure, without a label, precision; and all levels.
fn words(lang: Lang) -> [&'static str; 6] {
    match lang {
        Lang::Nb => [
            "nivå",
            "treff",
            "ja/nei/usikker",
            "åpne",
            "presisjon (95 %)",
            "alle",
        ],
        Lang::Nn => [
            "nivå",
            "treff",
            "ja/nei/uviss",
            "opne",
            "presisjon (95 %)",
            "alle",
        ],
        Lang::En => [
            "level",
            "hits",
            "yes/no/unsure",
            "open",
            "precision (95 %)",
            "all",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(precision: Precision, share: f64, least: f64, most: f64) {
        for (got, wanted) in [
            (precision.share, share),
            (precision.least, least),
            (precision.most, most),
        ] {
            assert!((got - wanted).abs() < 5e-4, "{precision:?}, not {wanted}");
        }
    }

    #[test]
    fn the_interval_is_wilsons() {
        // Worked out by hand from the formula: 8 of 10, 10 of 10, 0 of 5.
        near(wilson(0.8, 10.0), 0.8, 0.4902, 0.9433);
        near(wilson(1.0, 10.0), 1.0, 0.7225, 1.0);
        near(wilson(0.0, 5.0), 0.0, 0.0, 0.4345);
    }

    #[test]
    fn levels_count_by_their_hits() {
        let level = |confidence, hits, right, wrong| Estimate {
            hits,
            right,
            wrong,
            precision: Some(wilson(
                number(right) / number(right + wrong),
                number(right + wrong),
            )),
            ..empty("name", Some(confidence))
        };
        let levels = [
            level(Confidence::Medium, 900, 5, 5),
            level(Confidence::High, 100, 10, 0),
        ];
        let sum = together(&levels).unwrap();
        // 0.9 × 0.5 + 0.1 × 1.0, with 1 / (0.81 / 10 + 0.01 / 10) labels.
        near(sum.precision.unwrap(), 0.55, 0.2942, 0.7818);
        assert_eq!((sum.hits, sum.right, sum.wrong), (1000, 15, 5));
        assert!(together(&levels[..1]).is_none());
    }
}
