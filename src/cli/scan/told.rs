//! What a scan says at its end: the summary as data, everything else as remarks.

use std::time::Instant;

use anyhow::Context as _;

use super::Plan;
use crate::cli::args::SummaryFormat;
use crate::cli::report::{self, Reporting};
use crate::cli::{passwords, progress, remarks, workers};
use crate::extract::ChildPool;
use crate::inventory;
use crate::model::{DigestKey, ProblemKind};
use crate::report::Overview;
use crate::report::escape::for_json;
use crate::scan::Summary;

impl Plan<'_> {
    /// Looks for the applicants of the list in what is known now.
    pub(super) fn attribute(
        &mut self,
        inventory: &inventory::Reader,
        key: &DigestKey,
    ) -> anyhow::Result<()> {
        let (law, key) = (self.law.as_mut(), || Ok(key.clone()));
        progress::summing_up(&self.saying, || {
            self.applicants.attribute(law, inventory, key, &self.saying)
        })
    }

    /// Writes what the scan comes to.
    pub(super) fn summarise(
        &self,
        reporting: &Reporting,
        inventory: &inventory::Reader,
        started: Instant,
    ) -> anyhow::Result<Overview> {
        report::with_output(self.saying.output.as_deref(), |out| {
            // Written at once afterwards, so that it does not run into the progress.
            let mut summary = Vec::new();
            let law = self.law.as_ref();
            let overview = progress::summing_up(&self.saying, || {
                reporting.write(inventory, law, "summary", &mut summary)
            })?;
            if self.arguments.format == SummaryFormat::Text {
                out.write_all(&summary)
                    .context("the summary cannot be written")?;
                return Ok(overview);
            }
            let mut totals = crate::report::totals(&overview, self.saying.lang);
            if let Some(totals) = totals.as_object_mut() {
                let seconds = started.elapsed().as_secs_f64();
                totals.insert("elapsed_seconds".to_owned(), serde_json::json!(seconds));
            }
            writeln!(out, "{}", for_json(&totals.to_string()))
                .context("the summary cannot be written")?;
            Ok(overview)
        })
    }

    /// How more could be read, where something can be done about it.
    pub(super) fn hints(&self, overview: &Overview) {
        if self.ocr.is_off() && overview.pictures > 0 {
            self.saying.remark(remarks::pictures_can_be_read());
        }
        if overview
            .unread
            .contains_key(ProblemKind::Encrypted.as_str())
        {
            self.saying.remark(passwords::hint(&self.passwords));
        }
    }

    /// What is remarkable about how it went, and where the inventory is.
    pub(super) fn remarks(&self, summary: &Summary, pool: Option<&ChildPool>) {
        if self.saying.quiet {
            return;
        }
        workers::remark_on_confinement(pool);
        if summary.resumed {
            self.saying.remark(remarks::went_on());
        }
        if summary.paused {
            self.saying.remark(remarks::time_spent());
        }
        let file = &self.places.inventory;
        self.saying.remark(remarks::inventory_at(file));
    }
}
