//! `[check]` of `sporhund.toml`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::check_args::{CheckArgs, HonourArg};
use super::message::Refusal;
use super::own_detectors::Own;
use super::settings;
use crate::check::{Allowance, Excluded, Honour, Policy, Severity, kinds};
use crate::policy::TomlDate;

/// What may stand in `[check]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckConfig {
    /// Severity by detector or `detector:kind`.
    #[serde(default)]
    pub(crate) kinds: BTreeMap<String, String>,
    /// Domains whose addresses pass.
    #[serde(default)]
    pub(crate) own_domains: Vec<String>,
    /// Globs of what is left out.
    #[serde(default)]
    pub(crate) exclude: Vec<String>,
    /// The baseline.
    pub(crate) baseline: Option<std::path::PathBuf>,
    /// Tools whose comments are honoured.
    #[serde(default)]
    pub(crate) honour: Vec<String>,
    /// Whether names and addresses of authors pass; they do where nothing is said.
    pub(crate) authorship: Option<bool>,
    /// Places where a kind is allowed.
    #[serde(default)]
    pub(crate) allow: Vec<AllowConfig>,
}

/// `[[check.allow]]`: for formats without comments.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllowConfig {
    /// Glob over paths, as the check tells them.
    pub(crate) path: String,
    /// Detector, `detector:kind`, or `*`.
    pub(crate) detector: String,
    /// Why it is allowed.
    pub(crate) reason: String,
    /// Last day on which it is.
    pub(crate) until: Option<TomlDate>,
}

/// The policy that the configuration and the arguments make together.
///
/// # Errors
/// A refusal that names what is not known.
pub(crate) fn policy(
    config: &CheckConfig,
    arguments: &CheckArgs,
    own: &Own,
    today: Date,
) -> anyhow::Result<Policy> {
    let mut policy = Policy::new(today)
        .with_own_detectors(own.list().map(|(id, _, _)| id.to_owned()))
        .with_own_domains(config.own_domains.iter().cloned())
        .with_authorship(config.authorship.unwrap_or(true))
        .from_level(settings::level(arguments.min_confidence))
        .honouring(honour(config, arguments)?);
    for (id, word) in &config.kinds {
        let severity = Severity::parse(word).ok_or_else(|| {
            Refusal::new(format!(
                "`{word}` for `{id}` in `[check.kinds]` is not known"
            ))
            .hint("`fail`, `warn` or `allow`")
        })?;
        policy = policy.with_severity(id, severity).map_err(|unknown| {
            Refusal::new(format!("`[check.kinds]`: {unknown}")).hint(nearest(id))
        })?;
    }
    let mut allowances = Vec::new();
    for entry in &config.allow {
        if entry.reason.trim().is_empty() {
            let refusal = Refusal::new(format!(
                "`[[check.allow]]` for `{}` has no reason",
                entry.path
            ));
            return Err(refusal.into());
        }
        let until = entry.until.map(|day| day.0);
        let made = Allowance::new(&entry.path, &entry.detector, until, &policy);
        allowances.push(made.map_err(|bad| {
            Refusal::new(format!("`[[check.allow]]`: {bad}")).hint(nearest(&entry.detector))
        })?);
    }
    Ok(policy.with_allowances(allowances))
}

/// The detectors' ids, or the kinds of the detector that was meant.
fn nearest(id: &str) -> String {
    let detector = id.split(':').next().unwrap_or(id);
    let start = format!("{detector}:");
    let own: Vec<String> = kinds().filter(|known| known.starts_with(&start)).collect();
    if own.is_empty() {
        "`sporhund detectors list` names them".to_owned()
    } else {
        format!("its kinds are {}", own.join(", "))
    }
}

fn honour(config: &CheckConfig, arguments: &CheckArgs) -> anyhow::Result<Honour> {
    let mut honour = Honour {
        gitleaks: arguments.honour.contains(&HonourArg::Gitleaks),
        detect_secrets: arguments.honour.contains(&HonourArg::DetectSecrets),
    };
    for tool in &config.honour {
        match tool.as_str() {
            "gitleaks" => honour.gitleaks = true,
            "detect-secrets" => honour.detect_secrets = true,
            other => {
                let refusal = Refusal::new(format!("`honour = [\"{other}\"]` is not known"));
                return Err(refusal.hint("`gitleaks` or `detect-secrets`").into());
            }
        }
    }
    Ok(honour)
}

/// What the configuration and the arguments leave out.
///
/// # Errors
/// A refusal that names what is no glob.
pub(crate) fn excluded(config: &CheckConfig, arguments: &CheckArgs) -> anyhow::Result<Excluded> {
    let globs = config.exclude.iter().chain(&arguments.exclude);
    Excluded::new(globs.map(String::as_str))
        .map_err(|glob| Refusal::new(format!("`{glob}` is not a valid glob")).into())
}
