//! Tests of the shipped rules and of the steps of precedence.

use super::*;
use crate::model::Lang;

#[test]
fn every_shipped_rule_file_passes_its_check() {
    for name in shipped_names() {
        let book = Rulebook::shipped(&[name]).unwrap();
        let report = check(&book, CheckOptions::default());
        assert!(report.is_ok(), "{name}: {:#?}", report.findings);
        assert!(report.examples > 0, "{name} has no examples");
    }
}
