//! Whether enough people have approved a line, and who they are.

use crate::plan::{Approval, Line, Signed, SignedApprovals};

/// Who approved the line, where that is enough. Where signers are named, only signed approvals count.
pub(super) fn approved_by(
    line: &Line,
    needed: u8,
    signed: Option<&SignedApprovals>,
) -> Result<Vec<String>, String> {
    let Some(first) = named(line.by.as_ref()) else {
        return Err("it is approved by nobody: `by` is empty".to_owned());
    };
    if needed >= 2 && named(line.second.as_ref()).is_none() {
        return Err("the plan needs the approval of a second person".to_owned());
    }
    let by = match signed {
        Some(signed) => by_signature(line, needed, signed)?,
        None => match named(line.second.as_ref()) {
            Some(second) => vec![first, second],
            None => vec![first],
        },
    };
    if needed >= 2 && is_one_person(line) {
        return Err(SAME.to_owned());
    }
    Ok(by)
}

const SAME: &str = "the second approval is by the same person as the first";

fn named(approval: Option<&Approval>) -> Option<String> {
    let approval = approval.filter(|approval| !approval.name.trim().is_empty())?;
    Some(match &approval.account {
        Some(account) => format!("{} ({account})", approval.name.trim()),
        None => approval.name.trim().to_owned(),
    })
}

fn by_signature(line: &Line, needed: u8, signed: &SignedApprovals) -> Result<Vec<String>, String> {
    let told = |approval: &Option<Approval>, signed: &Signed| {
        let name = approval
            .as_ref()
            .map_or("", |approval| approval.name.trim());
        format!("{name} (signed by {}, {})", signed.who, signed.key)
    };
    let first = signed.of(line, false).ok_or("its approval is not signed")?;
    let mut by = vec![told(&line.by, first)];
    match signed.of(line, true) {
        Some(second) if needed >= 2 && second.is_same(first) => return Err(SAME.to_owned()),
        Some(second) => by.push(told(&line.second, second)),
        None if needed >= 2 => return Err("its second approval is not signed".to_owned()),
        None => {}
    }
    Ok(by)
}

/// Whether both approvals are by one name, or by one account where that is known.
fn is_one_person(line: &Line) -> bool {
    let parts = |approval: &Option<Approval>| {
        let approval = approval.as_ref();
        let name = approval.map(|a| a.name.trim().to_lowercase());
        let account = approval.and_then(|a| a.account.clone());
        (name.unwrap_or_default(), account)
    };
    let ((one, its), (two, others)) = (parts(&line.by), parts(&line.second));
    one == two || (its.is_some() && its == others)
}
