//! The schemas of our TOML files are those that are shipped, and our files fit them.
//!
//! What checks them here knows the keywords that our schemas use, and fails on any other.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Workplace, stderr, stdout};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The schema that the program writes.
fn written(id: &str) -> String {
    let output = Workplace::new().run(&["rules", "schema", id]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output)
}

fn validator(id: &str) -> Validator {
    Validator(serde_json::from_str(&written(id)).unwrap())
}

/// A schema with all that it refers to.
struct Validator(Value);

impl Validator {
    /// What is wrong with a value at `place`.
    fn faults(&self, schema: &Value, value: &Value, place: &str, said: &mut Vec<String>) {
        let mut wrong = |is: bool, what: &str| {
            if is {
                said.push(format!("{place}: {what}"));
            }
        };
        let Value::Object(keywords) = schema else {
            wrong(*schema == Value::Bool(false), "nothing may stand here");
            return;
        };
        for (keyword, of) in keywords {
            match keyword.as_str() {
                "type" => wrong(!is_of_type(of, value), &format!("no {of}")),
                "enum" => wrong(
                    !of.as_array().unwrap().contains(value),
                    &format!("none of {of}"),
                ),
                "const" => wrong(of != value, &format!("not {of}")),
                "pattern" => {
                    let pattern = regex::Regex::new(of.as_str().unwrap()).unwrap();
                    wrong(
                        value.as_str().is_some_and(|text| !pattern.is_match(text)),
                        "misspelt",
                    );
                }
                "minimum" => wrong(value.as_f64() < of.as_f64(), "too small"),
                "required" => {
                    let names = of.as_array().unwrap().iter();
                    let missing = |name: &&Value| value.get(name.as_str().unwrap()).is_none();
                    wrong(
                        names.filter(missing).count() > 0,
                        &format!("one of {of} is missing"),
                    );
                }
                "oneOf" | "anyOf" => {
                    let fits = of
                        .as_array()
                        .unwrap()
                        .iter()
                        .filter(|one| self.fits(one, value));
                    let count = fits.count();
                    wrong(
                        count == 0 || (keyword == "oneOf" && count > 1),
                        "none of the choices",
                    );
                }
                "allOf"
                | "$ref"
                | "items"
                | "properties"
                | "additionalProperties"
                | "$schema"
                | "title"
                | "description"
                | "default"
                | "definitions"
                | "format" => {}
                other => panic!("the schema says `{other}`, which is not known here"),
            }
        }
        self.parts(schema, value, place, said);
    }

    /// What is wrong with the parts of a value, and with what is referred to.
    fn parts(&self, schema: &Value, value: &Value, place: &str, said: &mut Vec<String>) {
        if let Some(name) = schema["$ref"].as_str() {
            let definition = self.0.pointer(name.strip_prefix('#').unwrap()).unwrap();
            self.faults(definition, value, place, said);
        }
        for all in schema["allOf"].as_array().into_iter().flatten() {
            self.faults(all, value, place, said);
        }
        for (at, item) in value.as_array().into_iter().flatten().enumerate() {
            let items = schema.get("items").unwrap_or(&Value::Bool(true));
            self.faults(items, item, &format!("{place}/{at}"), said);
        }
        for (key, own) in value.as_object().into_iter().flatten() {
            let others = schema
                .get("additionalProperties")
                .unwrap_or(&Value::Bool(true));
            let of = schema["properties"].get(key).unwrap_or(others);
            self.faults(of, own, &format!("{place}/{key}"), said);
        }
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut said = Vec::new();
        self.faults(schema, value, "", &mut said);
        said.is_empty()
    }
}

fn is_of_type(types: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("`{other}` is no type"),
    };
    let one = std::slice::from_ref(types);
    let all = types.as_array().map_or(one, Vec::as_slice);
    all.iter().any(|name| is(name.as_str().unwrap()))
}

/// A TOML file as editors hand it to a schema: dates are text.
fn plain(text: &str) -> Value {
    fn value(of: &toml::Value) -> Value {
        match of {
            toml::Value::Datetime(day) => Value::String(day.to_string()),
            toml::Value::Array(all) => all.iter().map(value).collect(),
            toml::Value::Table(table) => {
                let entries = table.iter();
                entries
                    .map(|(key, own)| (key.clone(), value(own)))
                    .collect()
            }
            toml::Value::String(text) => text.as_str().into(),
            toml::Value::Integer(number) => (*number).into(),
            toml::Value::Float(number) => (*number).into(),
            toml::Value::Boolean(is) => (*is).into(),
        }
    }
    value(&toml::Value::Table(toml::from_str(text).unwrap()))
}

/// What a schema says against a text.
fn faults(validator: &Validator, text: &str) -> Vec<String> {
    let mut said = Vec::new();
    validator.faults(&validator.0, &plain(text), "", &mut said);
    said
}

fn read(file: impl AsRef<Path>) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

#[test]
fn the_shipped_schemas_are_the_programs_own() {
    for id in ["rules", "site", "classes", "events"] {
        let shipped = read(format!("rules/schema/{id}.json"));
        assert!(
            shipped == written(id),
            "`sporhund rules schema {id} > rules/schema/{id}.json` brings it up to date"
        );
    }
}

#[test]
fn every_file_of_ours_fits_its_schema() {
    let mut files: Vec<(&str, PathBuf)> = vec![
        ("classes", "rules/classes.toml".into()),
        ("events", "rules/events.toml".into()),
        ("site", "fixtures/filserver/site.toml".into()),
    ];
    for name in sporhund::policy::shipped_names() {
        files.push(("rules", format!("rules/{name}.toml").into()));
    }
    for lang in ["nb", "nn", "en"] {
        files.push(("site", format!("src/cli/templates/{lang}/site.toml").into()));
    }
    for (id, file) in files {
        let text = read(&file).replace("{public_body}", "false");
        let said = faults(&validator(id), &text);
        assert!(said.is_empty(), "{}: {said:#?}", file.display());
    }
}

#[test]
fn a_slip_of_the_pen_is_seen() {
    let site = "schema = 1\n[[zone]]\npath = \"hr/**\"\nrole = \"controller\"\n";
    let check = validator("site");
    assert!(faults(&check, site).is_empty());
    for (right, wrong) in [
        ("role", "rolle"),
        ("controller", "owner"),
        ("schema = 1", "schema = \"1\""),
    ] {
        assert!(
            !faults(&check, &site.replace(right, wrong)).is_empty(),
            "{wrong}"
        );
    }
    let rules = read("rules/poweroffice-2024.toml");
    let check = validator("rules");
    for (right, wrong) in [
        ("\nperiod_source = ", "\nperiode_source = "),
        ("kind = \"delete\"", "kind = \"slett\""),
        ("effective_from = 2024-01-01", "effective_from = \"i fjor\""),
        ("expect = \"keep\"", "expect = \"kept\""),
    ] {
        assert!(rules.contains(right), "{right}");
        assert!(
            !faults(&check, &rules.replacen(right, wrong, 1)).is_empty(),
            "{wrong}"
        );
    }
}
