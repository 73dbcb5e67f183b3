//! The review in the browser, asked over plain HTTP: who is answered, and what a decision does.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::program::{Workplace, copy_folder, fixtures, stderr, stdout};

/// A review that runs until it is dropped.
pub(crate) struct Review {
    child: Child,
    port: u16,
    token: String,
}

impl Review {
    pub(crate) fn start(place: &Workplace, arguments: &[&str]) -> Self {
        let mut command = place.command(&[&["review"], arguments].concat());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let address = line.trim().to_owned();
        let rest = address
            .strip_prefix("http://127.0.0.1:")
            .expect("an address");
        let (port, token) = rest.trim_end_matches('/').split_once('/').unwrap();
        Self {
            child,
            port: port.parse().unwrap(),
            token: token.to_owned(),
        }
    }

    /// Where the page is.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    /// Sends a request as it stands and returns status, headers and body.
    fn send(&self, head: &str, body: &str) -> (u16, String, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        write!(
            stream,
            "{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let answer = std::io::read_to_string(stream).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split_whitespace().nth(1).unwrap().parse().unwrap();
        (status, head.to_lowercase(), body.to_owned())
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String, String) {
        let (token, port) = (&self.token, self.port);
        self.send(
            &format!("GET /{token}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}"),
            "",
        )
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let (token, port) = (&self.token, self.port);
        let head = format!(
            "POST /{token}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}"
        );
        let (status, _, text) = self.send(&head, &body.to_string());
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

impl Drop for Review {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The fixtures, scanned and planned.
pub(crate) fn planned() -> Workplace {
    let place = Workplace::new();
    copy_folder(&fixtures(), &place.share());
    let scanned = place.run(&["scan", "share", "--quiet"]);
    assert_eq!(scanned.status.code(), Some(3), "{}", stderr(&scanned));
    let made = place.run(&["plan", "--output", "plan.json"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    place
}

pub(crate) fn plan(place: &Workplace) -> Value {
    let text = std::fs::read_to_string(place.path().join("plan.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn only_the_holder_of_the_address_is_answered() {
    let place = planned();
    let review = Review::start(&place, &["plan.json"]);
    let (status, head, body) = review.get("");
    assert_eq!(status, 200);
    assert!(
        head.contains("content-security-policy: default-src 'none'"),
        "{head}"
    );
    assert!(head.contains("cache-control: no-store"), "{head}");
    assert!(body.contains("<title>Sporhund</title>"));
    let port = review.port;
    let ask = |line: &str, headers: &str| review.send(&format!("{line}\r\n{headers}"), "{}").0;
    let own = format!("Host: 127.0.0.1:{port}");
    let token = &review.token;
    assert_eq!(ask("GET /beginning HTTP/1.1", &own), 404);
    assert_eq!(ask("GET /0000/beginning HTTP/1.1", &own), 404);
    let page = format!("GET /{token}/beginning HTTP/1.1");
    assert_eq!(ask(&page, &own), 200);
    assert_eq!(ask(&page, &format!("Host: evil.example:{port}")), 421);
    let change = format!("POST /{token}/decide HTTP/1.1");
    assert_eq!(ask(&change, &own), 403);
    assert_eq!(
        ask(&change, &format!("{own}\r\nOrigin: http://evil.example")),
        403
    );
    assert_eq!(
        ask(
            &change,
            &format!("{own}\r\nOrigin: http://127.0.0.1:{port}")
        ),
        400
    );
}

#[test]
fn a_decision_ends_in_the_plan_that_apply_reads_and_leaves_a_trace() {
    let place = planned();
    let review = Review::start(&place, &["plan.json"]);
    let before = plan(&place);
    let lines = before["lines"].as_array().unwrap();
    let files: Vec<&str> = lines
        .iter()
        .filter(|line| line["kind"] == "file")
        .map(|line| line["id"].as_str().unwrap())
        .collect();
    let [first, second, ..] = files.as_slice() else {
        panic!("{before}")
    };
    let nobody = json!({ "ids": [first], "state": "approved" });
    let (status, told) = review.post("decide", &nobody);
    assert_eq!(
        (status, &told["why"]),
        (400, &json!("it is approved by nobody"))
    );
    assert_eq!(plan(&place), before);
    let approved = json!({ "ids": [first], "state": "approved", "name": "Kari" });
    let (status, answer) = review.post("decide", &approved);
    assert_eq!(
        (status, &answer["lines"][0]["state"]),
        (200, &json!("approved"))
    );
    let exempted = json!({ "ids": [second], "state": "exempted", "name": "Kari", "until": "2030-01-01",
        "reason": "tvist" });
    assert_eq!(review.post("decide", &exempted).0, 200);
    let after = plan(&place);
    let of = |id: &str| {
        let lines = after["lines"].as_array().unwrap();
        lines.iter().find(|line| line["id"] == id).unwrap().clone()
    };
    assert_eq!(of(first)["by"]["name"], "Kari");
    assert!(of(first)["by"]["account"].as_str().unwrap().contains("uid"));
    assert_eq!(of(second)["reason"], "tvist");
    assert_eq!(after["seal"], before["seal"]);
    let trail = std::fs::read_to_string(place.path().join("plan.json.trail.jsonl")).unwrap();
    assert_eq!(trail.lines().count(), 2, "{trail}");
    assert!(!trail.contains("hr/"), "{trail}");
    let told = place.run(&["apply", "plan.json"]);
    assert_eq!(
        told.status.code(),
        Some(0),
        "{}{}",
        stdout(&told),
        stderr(&told)
    );
}

#[test]
fn a_plan_that_somebody_else_changed_is_not_overwritten() {
    let place = planned();
    let review = Review::start(&place, &["plan.json"]);
    let file = place.path().join("plan.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n")).unwrap();
    let before = plan(&place);
    let id = before["lines"][0]["id"].clone();
    let (status, _) = review.post("decide", &json!({ "ids": [id], "state": "left" }));
    assert_eq!(status, 409);
    assert_eq!(plan(&place), before);
    assert!(!place.path().join("plan.json.trail.jsonl").exists());
}

#[test]
fn objects_are_found_by_path_verdict_and_detector() {
    let place = planned();
    let review = Review::start(&place, &[]);
    let count = |question: Value| {
        let (status, answer) = review.post("objects", &question);
        assert_eq!(status, 200, "{answer}");
        answer["total"].as_u64().unwrap()
    };
    let all = count(json!({ "count": 10 }));
    let due = count(json!({ "verdict": "delete_due" }));
    let hr = count(json!({ "text": "HR/rekruttering" }));
    let numbers = count(json!({ "detector": "fodselsnummer" }));
    assert!(
        due > 0 && hr > 0 && numbers > 0 && all > due + numbers,
        "{all} {due} {hr} {numbers}"
    );
    let (_, answer) = review.post("objects", &json!({ "verdict": "delete_due", "count": 1 }));
    let number = answer["rows"][0]["number"].as_i64().unwrap();
    let (status, _, story) = review.get(&format!("object/{number}"));
    let story: Value = serde_json::from_str(&story).unwrap();
    assert_eq!(status, 200);
    assert_eq!(story["object"], answer["rows"][0]["object"]);
    assert!(
        !story["judgement"]["explanation"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(review.get("object/999999").0, 400);
    let (status, _) = review.post("decide", &json!({ "ids": ["x"], "state": "left" }));
    assert_eq!(status, 400, "no plan is open");
}

#[test]
fn what_was_marked_as_false_is_low_from_the_next_scan_on_everywhere() {
    let place = Workplace::new();
    place.put("a/one.txt", "Kontakt: kari.nordmann@firma.example");
    place.put(
        "b/two.txt",
        "Fra kari.nordmann@firma.example\nTil ola@annet.example",
    );
    let scan = [
        "scan",
        "share",
        "--quiet",
        "--rules",
        "baseline-no-private",
        "--findings",
        "f.jsonl",
    ];
    // Old enough for the folders to be taken as a whole by the next scan.
    place.settle();
    place.run(&scan);
    let found = |place: &Workplace| -> Vec<(String, String, Value)> {
        let text = std::fs::read_to_string(place.path().join("f.jsonl")).unwrap();
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let of = |line: Value| {
            let object = line["object"].as_str().unwrap().to_owned();
            let outcome = line["outcome"].as_str().unwrap().to_owned();
            let findings = line["findings"].as_array().unwrap().iter();
            let own = findings
                .filter(|f| f["detector"] == "email")
                .cloned()
                .collect();
            (object, outcome, own)
        };
        lines.map(of).collect()
    };
    let before = found(&place);
    assert_eq!(before[0].2[0]["count"], 1);
    assert_eq!(before[1].2[0]["count"], 2);
    {
        let review = Review::start(&place, &["--rules", "baseline-no-private"]);
        let (_, answer) = review.post("objects", &json!({ "text": "one.txt" }));
        let number = answer["rows"][0]["number"].as_i64().unwrap();
        let wish = json!({ "number": number, "detector": "phone" });
        assert_eq!(review.post("dismiss", &wish).0, 400);
        let wish = json!({ "number": number, "detector": "email" });
        let (status, answer) = review.post("dismiss", &wish);
        assert_eq!((status, &answer["values"]), (200, &json!(1)), "{answer}");
    }
    let kept = std::fs::read_to_string(place.path().join("sporhund.db.dismissed")).unwrap();
    assert!(!kept.contains("kari"), "{kept}");
    place.run(&scan);
    let after = found(&place);
    assert_eq!(after[0].1, "scanned", "it is read again");
    assert_eq!(after[0].2, json!([]), "{after:?}");
    assert_eq!(after[1].2[0]["count"], 1, "the other address stays");
    place.run(&[&scan[..], &["--min-confidence", "low"]].concat());
    let low = found(&place);
    assert_eq!(low[0].1, "unchanged");
    assert_eq!(low[0].2[0]["confidence"], "low");
}

#[test]
fn bad_beginnings_are_told() {
    let place = planned();
    let told = |arguments: &[&str]| {
        let got = place.run(arguments);
        assert_eq!(got.status.code(), Some(2), "{}", stderr(&got));
        stderr(&got)
    };
    assert!(told(&["review", "nowhere.json"]).contains("nowhere.json"));
    let text = std::fs::read_to_string(place.path().join("plan.json")).unwrap();
    std::fs::write(
        place.path().join("other.json"),
        text.replace("delete_due", "keep"),
    )
    .unwrap();
    assert!(told(&["review", "other.json"]).contains("changed by hand"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = told(&["review", "--port", &port]);
    assert!(said.contains(&port) && said.contains("hint:"), "{said}");
}
