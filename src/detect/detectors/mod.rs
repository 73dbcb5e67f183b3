//! The detectors: one file each, one word in the list below.

use super::Detector;

/// Declares the modules and the one static list of detectors.
macro_rules! detectors {
    ($($module:ident),* $(,)?) => {
        $(pub(super) mod $module;)*

        /// Every detector.
        pub(crate) const ALL: &[&'static dyn Detector] = &[$(&$module::DETECTOR),*];
    };
}

detectors![
    fodselsnummer,
    bank_account,
    phone,
    email,
    name,
    iban,
    payment_card,
    organisation_number,
    customer_id,
    duf_number,
    se_personnummer,
    dk_cpr,
    fi_hetu,
    is_kennitala,
    ip_address,
    mac_address,
    passport,
    licence_plate,
    health_personnel_number,
    birth_date,
    address,
    geo,
    online_id,
    special_category,
    criminal_record
];
