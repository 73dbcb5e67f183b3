//! The review in a real browser: what a person does there ends in the plan's file.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::review::{Review, plan, planned};

/// Fills a field in as a person does.
fn fill(browser: &Browser, id: &str, text: &str) {
    browser.run(&format!(
        "const field = document.getElementById('{id}'); field.value = {};
        field.dispatchEvent(new Event('input'));",
        json!(text)
    ));
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

#[test]
fn an_approval_in_the_page_ends_in_the_plan() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let place = planned();
    let before = plan(&place);
    let lines = before["lines"].as_array().unwrap();
    let review = Review::start(&place, &["plan.json"]);
    browser.visit(&review.address());
    browser.wait("document.querySelectorAll('#lines tr').length > 1");

    let rows = "return document.querySelectorAll('#lines tr').length";
    let all = number(&browser.run(rows));
    let wanted = lines
        .iter()
        .find(|line| line["kind"] == "file" && line["state"] == "open")
        .expect("a line to approve");
    let object = wanted["object"].as_str().unwrap();
    fill(&browser, "text", object);
    let some = number(&browser.run(rows));
    assert!(some >= 1 && some < all, "{some} of {all}");

    browser.run("document.querySelector('[data-state=approved]').click()");
    browser.wait("document.getElementById('status').classList.contains('bad')");
    fill(&browser, "name", "Kari Testesen");
    browser.run("document.querySelector('#lines input').click()");
    browser.run("document.querySelector('[data-state=approved]').click()");
    browser.wait("document.querySelector('#lines .state-approved')");
    let approved: Vec<Value> = plan(&place)["lines"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["state"] == "approved")
        .cloned()
        .collect();
    assert_eq!(approved.len(), 1, "{approved:?}");
    assert_eq!(approved[0]["id"], wanted["id"]);
    assert_eq!(approved[0]["by"]["name"], "Kari Testesen");

    browser.run("document.getElementById('tab-objects').click()");
    browser.wait("document.querySelectorAll('#rows tr').length > 1");
    fill(&browser, "object-text", "kandidater");
    browser.wait(
        "[...document.querySelectorAll('#rows .path button')].every(one =>
            one.textContent.includes('kandidater'))",
    );
    browser.run("document.querySelector('#rows .path button').click()");
    browser.wait("document.getElementById('story').open");
    let found = browser.run("return document.querySelector('#story .found').textContent");
    let found = found.as_str().unwrap();
    let level = ["så godt som sikkert", "sannsynlig", "mulig"];
    assert!(level.iter().any(|word| found.contains(word)), "{found}");
    assert!(!found.contains(':') && found.contains("Ikke "), "{found}");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    assert_eq!(
        browser.requests_beside(&review.address()),
        Vec::<String>::new()
    );
}

#[test]
fn the_review_fits_a_telephone() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let place = planned();
    let review = Review::start(&place, &["plan.json"]);
    browser.resize((400, 800));
    browser.visit(&review.address());
    browser.wait("document.querySelectorAll('#lines tr').length > 1");
    let too_wide = "return [document.documentElement, ...document.querySelectorAll('.scroll')]
        .filter(one => one.scrollWidth > one.clientWidth).length";
    assert_eq!(browser.run(too_wide), 0);
    browser.run("document.getElementById('tab-objects').click()");
    browser.wait("document.querySelectorAll('#rows tr').length > 1");
    assert_eq!(browser.run(too_wide), 0);
    assert!(browser.barriers().is_none_or(|found| found == json!([])));
}

#[test]
fn axe_finds_nothing_serious_in_the_review() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let place = planned();
    let review = Review::start(&place, &["plan.json"]);
    browser.visit(&review.address());
    browser.wait("document.querySelectorAll('#lines tr').length > 1");
    let Some(barriers) = browser.barriers() else {
        return;
    };
    assert_eq!(barriers, json!([]));
    browser.run("document.querySelector('#lines .path button').click()");
    browser.wait("document.getElementById('story').open");
    assert_eq!(browser.barriers(), Some(json!([])), "with a line open");
    browser.run("document.getElementById('story').close()");
    browser.run("document.getElementById('tab-objects').click()");
    browser.wait("document.querySelectorAll('#rows tr').length > 1");
    assert_eq!(browser.barriers(), Some(json!([])), "with the objects");
}
