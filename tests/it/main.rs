//! The integration tests.

#[cfg(test)]
mod applicant_lists;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod bombs;
#[cfg(test)]
mod broken_text;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod browser_review;
#[cfg(test)]
mod check;
#[cfg(test)]
mod check_baseline;
#[cfg(test)]
mod check_fix;
#[cfg(test)]
mod closed_round;
#[cfg(test)]
mod collected;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod corpora;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod deeds;
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod detection;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod expectations;
#[cfg(test)]
mod first_steps;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod full;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod hard_cases;
#[cfg(test)]
mod inventory;
#[cfg(test)]
mod isolate;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod listed_round;
#[cfg(test)]
mod locked;
#[cfg(test)]
mod ocr;
#[cfg(test)]
mod office;
#[cfg(test)]
mod operating;
#[cfg(test)]
mod own_detectors;
#[cfg(test)]
mod pdf_known;
#[cfg(test)]
mod pdf_pages;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod program;
#[cfg(test)]
mod records;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod review;
#[cfg(test)]
mod rounds;
#[cfg(test)]
mod same_verdicts;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod scanning;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod schemas;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod special;
#[cfg(test)]
mod subject;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod trends;
#[cfg(test)]
mod upkeep;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod verdicts;
#[cfg(test)]
mod walking;
#[cfg(test)]
mod written_forms;
