//! Keys of fideslang's data categories (version 3.2) for what is found and declared: labels for other
//! tools, never a ground for a verdict.
//!
//! fideslang has no key for an application, a CV or a reference; `user.professional_information` is the
//! nearest one.

/// The key for a finding (`id` or `id:kind`) or a declared category of data; none where fideslang has
/// nothing that fits.
pub(super) fn category(id: &str) -> Option<&'static str> {
    let whole = match id {
        "online-id:login" => "user.account.username",
        "online-id:cookie" => "user.device.cookie_id",
        "special-category:health" => "user.health",
        "special-category:trade-union" => "user.demographic.union_membership",
        "special-category:religion" => "user.demographic.religious_belief",
        "special-category:ethnicity" => "user.demographic.race_ethnicity",
        "special-category:political" => "user.demographic.political_opinion",
        "special-category:sexual" => "user.demographic.sexual_orientation",
        "special-category:genetic-biometric" => "user.biometrics",
        _ => return of_detector(id.split(':').next().unwrap_or_default()),
    };
    Some(whole)
}

fn of_detector(id: &str) -> Option<&'static str> {
    Some(match id {
        "name" => "user.name",
        "email" => "user.contact.email",
        "phone" => "user.contact.phone_number",
        "address" => "user.contact.address",
        "birth-date" => "user.demographic.date_of_birth",
        "fodselsnummer" | "bankid" | "se-personnummer" | "dk-cpr" | "fi-hetu" | "is-kennitala" => {
            "user.government_id.national_identification_number"
        }
        "duf-number" => "user.government_id.immigration",
        "passport" => "user.government_id.passport_number",
        "licence-plate" => "user.government_id.vehicle_registration",
        "bank-account" | "iban" => "user.financial.bank_account",
        "payment-card" => "user.financial.credit_card",
        "ip-address" => "user.device.ip_address",
        "mac-address" | "online-id" => "user.device.device_id",
        "geo" => "user.location",
        "usage" => "user.behavior",
        "customer-id" => "user.unique_id",
        "health-personnel-number" | "cv" | "application" | "certificate" | "reference" => {
            "user.professional_information"
        }
        "face" => "user.content.self_image",
        "special-category" => "user.demographic.protected_classifications",
        "criminal-record" => "user.criminal_history",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Category;

    #[test]
    fn whatever_is_personal_has_a_key() {
        for detector in crate::detect::detectors() {
            let info = detector.info();
            let personal = info
                .kinds
                .iter()
                .any(|kind| kind.category != Category::NotPersonal);
            // A number of an organisation is a person's only where the person is the firm.
            if personal && info.id != "organisation-number" {
                assert!(category(info.id).is_some(), "no key for `{}`", info.id);
            }
        }
        assert_eq!(category("email:personal"), Some("user.contact.email"));
        assert_eq!(category("special-category:health"), Some("user.health"));
        assert_eq!(category("something"), None);
    }
}
