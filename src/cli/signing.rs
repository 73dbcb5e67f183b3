//! Approvals signed with SSH keys: who may sign is named on the command line or in `sporhund.toml`.

use std::path::{Path, PathBuf};

use super::config::{Config, read_text};
use super::environment;
use super::message::{Refusal, remark};
use crate::plan::{Plan, Signers};

/// Those who may sign, where a file of them is named.
pub(super) fn signers(given: Option<&Path>, config: &Config) -> anyhow::Result<Option<Signers>> {
    let configured = config.allowed_signers.as_ref();
    let configured = configured.map(|path| config.resolve(path));
    let Some(file) = given.map(PathBuf::from).or(configured) else {
        return Ok(None);
    };
    let signers = Signers::parse(&read_text(&file)?)
        .map_err(|why| Refusal::new(format!("`{}`, {why}", file.display())))?;
    Ok(Some(signers))
}

/// Takes a signature into a plan.
pub(super) fn sign(
    plan: &mut Plan,
    second: bool,
    file: &Path,
    signers: Option<&Signers>,
) -> anyhow::Result<()> {
    let signers = signers.ok_or_else(nobody_named)?;
    let (who, count) = plan
        .sign(second, &read_text(file)?, signers, &environment::zoned())
        .map_err(|why| {
            Refusal::new(format!(
                "the signature in `{}` is not taken: {why}",
                file.display()
            ))
        })?;
    remark(&format!("plan: {count} approvals signed by {who}"));
    Ok(())
}

/// Who signed which approvals of a plan; none where nobody is named who may sign, and nobody has.
#[cfg(unix)]
pub(super) fn signed(
    plan: &Plan,
    signers: Option<&Signers>,
) -> anyhow::Result<Option<crate::plan::SignedApprovals>> {
    match signers {
        None if plan.signatures.is_empty() => Ok(None),
        None => Err(nobody_named()),
        Some(signers) => {
            let signed = plan.signed(signers, &environment::zoned());
            let signed = signed.map_err(|why| {
                Refusal::new(format!("a signature of the plan does not hold: {why}"))
            })?;
            Ok(Some(signed))
        }
    }
}

fn nobody_named() -> anyhow::Error {
    Refusal::new("nobody is named who may sign approvals")
        .hint("`--allowed-signers FILE`, or `allowed_signers` in `sporhund.toml`")
        .into()
}
