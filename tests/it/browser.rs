//! The page in a real browser: headless Chromium, driven over the `WebDriver` protocol. Where there is
//! no Chromium with its driver, these tests say so and pass.

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::program::Workplace;

/// A browser and its driver; both end when it is dropped.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    /// What the driver says: it would end if nobody could hear it.
    _output: Lines<BufReader<ChildStdout>>,
    profile: tempfile::TempDir,
}

impl Browser {
    /// A new one; nothing where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let (Some(driver), Some(chromium)) = (installed("chromedriver"), installed("chromium"))
        else {
            println!("NOT TESTED: pages in a browser (no chromium with chromedriver)");
            return None;
        };
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the driver starts");
        let mut output = BufReader::new(driver.stdout.take().expect("its output")).lines();
        let port = output.by_ref().map_while(Result::ok).find_map(|line| {
            let port = line.split("on port ").nth(1)?;
            // What was asked for is told first, and that is 0.
            let port = port.trim_end_matches('.').parse::<u16>().ok();
            port.filter(|port| *port != 0)
        });
        let profile = tempfile::tempdir().expect("a profile");
        let mut browser = Self {
            driver,
            port: port.expect("the driver names its port"),
            session: String::new(),
            _output: output,
            profile,
        };
        let data = format!("--user-data-dir={}", browser.profile.path().display());
        let options = json!({
            "binary": chromium,
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--window-size=1280,900", data],
        });
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let answer = browser.ask("POST", "/session", &wanted);
        browser.session = answer["sessionId"].as_str().expect("a session").to_owned();
        Some(browser)
    }

    /// Opens a file and waits until its script has drawn it.
    pub(crate) fn open(&self, file: &Path) {
        let address = format!("file://{}", file.display());
        self.visit(&address);
        self.wait("document.documentElement.dataset.ready === 'yes'");
    }

    /// Goes to an address.
    pub(crate) fn visit(&self, address: &str) {
        self.tell("url", &json!({ "url": address }));
    }

    /// Waits until an expression holds in the page.
    pub(crate) fn wait(&self, expression: &str) {
        for _ in 0..400 {
            if self.run(&format!("return Boolean({expression})")) == true {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("not in time: {expression}: {:?}", self.complaints());
    }

    /// Gives the window another size, in pixels.
    pub(crate) fn resize(&self, (width, height): (u32, u32)) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": size });
        self.tell("goog/cdp/execute", &command);
    }

    /// What axe-core finds that keeps people out; nothing to say where it is not installed.
    pub(crate) fn barriers(&self) -> Option<Value> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("target/tools/axe/node_modules/axe-core/axe.min.js");
        let Ok(axe) = std::fs::read_to_string(script) else {
            println!("NOT TESTED: accessibility of pages (axe-core is not below target/tools)");
            return None;
        };
        self.run(&axe);
        Some(self.run_later(
            "const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then(found => done(found.violations
                .filter(one => one.impact === 'serious' || one.impact === 'critical')
                .map(one => one.id + ': ' + one.nodes.map(node => node.html).slice(0, 5).join(' | '))));",
        ))
    }

    /// Runs a script in the page and returns what it returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.tell("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Runs a script that calls its last argument with its result.
    fn run_later(&self, script: &str) -> Value {
        self.tell("execute/async", &json!({ "script": script, "args": [] }))
    }

    /// What the console was told at the level of a warning or above.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.tell("se/log", &json!({ "type": "browser" }));
        let entries = log.as_array().cloned().unwrap_or_default();
        let bad = entries
            .iter()
            .filter(|entry| entry["level"] != "INFO" && entry["level"] != "DEBUG");
        bad.map(ToString::to_string).collect()
    }

    /// The addresses of all requests so far that go elsewhere than to `home`: none of the data in a page, nor of
    /// the pages that the browser has of its own.
    pub(crate) fn requests_beside(&self, home: &str) -> Vec<String> {
        let own = [home, "data:", "chrome://", "chrome-untrusted://"];
        let mut requests = self.requests();
        requests.retain(|address| !own.iter().any(|own| address.starts_with(own)));
        requests
    }

    /// The addresses of all requests so far.
    fn requests(&self) -> Vec<String> {
        let log = self.tell("se/log", &json!({ "type": "performance" }));
        let entries = log.as_array().cloned().unwrap_or_default();
        let sent = entries.iter().filter_map(|entry| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &message["message"];
            let sent = message["method"] == "Network.requestWillBeSent";
            let address = message["params"]["request"]["url"].as_str()?.to_owned();
            sent.then_some(address)
        });
        sent.collect()
    }

    fn tell(&self, command: &str, body: &Value) -> Value {
        self.ask(
            "POST",
            &format!("/session/{}/{command}", self.session),
            body,
        )
    }

    /// One request to the driver.
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the driver listens");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("a request");
        let mut answer = Vec::new();
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a header");
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        std::io::copy(&mut reader.take(length), &mut answer).expect("an answer");
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        assert!(
            answer["value"].get("error").is_none(),
            "{path}: {}",
            answer["value"]
        );
        answer["value"].clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() && !std::thread::panicking() {
            self.ask("DELETE", &format!("/session/{}", self.session), &json!({}));
        }
        // It may have ended already.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn installed(name: &str) -> Option<PathBuf> {
    let found = Command::new("sh")
        .args(["-c", "command -v \"$0\"", name])
        .output();
    let found = found.ok().filter(|found| found.status.success())?;
    Some(String::from_utf8(found.stdout).ok()?.trim().into())
}

/// The page over the fixtures, among them files with hostile names.
fn page(work: &Workplace) -> PathBuf {
    crate::reports::written(work, "html", &[]);
    work.path().join("rapport.html")
}

/// Changes the language: headings, numbers and what a register says follow.
fn speaks_each_language(browser: &Browser) {
    let page = "return document.querySelector('main').textContent";
    let share = "return document.querySelector('.figure.read dd').textContent";
    for (code, heading, mark, refused) in [
        ("nn", "Personopplysningar", ',', "linje 14: E0013: hending"),
        ("en", "Personal data", '.', "line 14: E0013: event"),
        ("nb", "Personopplysninger", ',', "linje 14: E0013: hendelse"),
    ] {
        browser.run(&format!(
            "document.querySelector('[data-lang={code}]').click()"
        ));
        assert_eq!(
            browser.run("return document.querySelector('h1').textContent"),
            heading
        );
        assert_eq!(browser.run("return document.documentElement.lang"), code);
        let share = browser.run(share).to_string();
        assert!(share.contains(mark), "{code}: {share}");
        let page = browser.run(page).to_string();
        assert!(page.contains(refused), "{code}: {refused}");
    }
}

#[test]
fn the_page_filters_zooms_and_speaks_three_languages_and_asks_nobody() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let work = crate::reports::scanned();
    browser.open(&page(&work));
    let count = "return document.getElementById('count').textContent";
    let all = browser.run(count);
    let type_in = "const field = document.getElementById('search'); field.value = 'kandidater';
        field.dispatchEvent(new Event('input')); ";
    let some = browser.run(&format!("{type_in} {count}"));
    assert_ne!(all, some);
    let paths = "return [...document.querySelectorAll('.open')].map(one => one.textContent)";
    let paths = browser.run(paths);
    let paths = paths.as_array().unwrap();
    assert!(
        paths.len() > 5
            && paths
                .iter()
                .all(|path| path.as_str().unwrap().contains("kandidater"))
    );
    browser.run("document.querySelector('.open').click()");
    let story = browser.run("return document.querySelector('dialog').textContent");
    assert!(story.as_str().unwrap().contains("PO-"), "{story}");
    let class = "return [...document.querySelectorAll('dialog dt')]
        .find(one => one.textContent === say('class')).nextSibling.textContent";
    let class = browser.run(class);
    let class = class.as_str().unwrap();
    let (words, id) = class.split_once(" (").unwrap();
    assert!(!words.contains('.') && id.contains('.'), "{class}");
    browser.run("document.querySelector('dialog .close').click()");

    let trail = "return document.querySelector('.trail').textContent";
    let before = browser.run(trail);
    let enter = "const tile = document.querySelector('.tile'); tile.focus(); tile.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));";
    browser.run(enter);
    assert_ne!(before, browser.run(trail), "the map was entered");

    speaks_each_language(&browser);
    assert_eq!(browser.complaints(), Vec::<String>::new());
    assert_eq!(browser.requests_beside("file://"), Vec::<String>::new());
}

#[test]
fn the_page_shows_the_findings_of_each_run() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let work = Workplace::new();
    let line = "Fødselsnummer: 15888610046\n";
    work.put("a.txt", line);
    work.run(&["scan", "share"]);
    work.put("b.txt", line.repeat(2));
    work.run(&["scan", "share"]);
    work.run(&["report", "html", "--output", "rapport.html"]);
    browser.open(&work.path().join("rapport.html"));
    let charts = "return [...document.querySelectorAll('#time svg')].map(one =>
        one.getAttribute('aria-label'))";
    let charts = browser.run(charts);
    assert_eq!(charts[0], "treff: 1, 3", "{charts}");
    assert_eq!(charts[1], "med personopplysninger: 1, 2", "{charts}");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn hostile_names_are_only_text_in_the_page() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let work = crate::reports::scanned();
    browser.open(&page(&work));
    browser.run(
        "const field = document.getElementById('search'); field.value = 'gammel-disk';
        field.dispatchEvent(new Event('input'));",
    );
    assert_eq!(
        browser.run("return document.querySelectorAll('img, iframe, object').length"),
        0
    );
    let title = browser.run("return document.title");
    assert!(
        title.as_str().unwrap().starts_with("Personopplysninger"),
        "{title}"
    );
    let text = browser.run("return document.getElementById('list').textContent");
    let text = text.as_str().unwrap();
    for part in [
        "<img src=x onerror",
        "=cmd|",
        "\\u{1b}[31m",
        "\\u{202e}",
        "\\u{a}2 objekter",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains(['\u{202e}', '\u{1b}', '\u{2066}']));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn nothing_scrolls_sideways_on_a_narrow_screen() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let work = crate::reports::scanned();
    let page = page(&work);
    for (width, row) in [(400, 116), (800, 68), (1400, 36)] {
        browser.resize((width, 800));
        browser.open(&page);
        let too_wide =
            "return [document.documentElement, ...document.querySelectorAll('.wide, .rows')]
            .filter(one => one.scrollWidth > one.clientWidth)
            .map(one => one.getAttribute('aria-label') ?? 'the page')";
        assert_eq!(browser.run(too_wide), json!([]), "{width}");
        let heights =
            "return [...new Set([...document.querySelectorAll('.rows tbody tr:not(.space)')]
            .map(one => one.getBoundingClientRect().height))]";
        assert_eq!(browser.run(heights), json!([row]), "{width}");
        // Spacers are as high as the rows that they stand for: the last row is reached.
        browser.run("document.querySelector('.rows').scrollTop = 1e6");
        let last = "[...document.querySelectorAll('.rows .open')].at(-1).textContent";
        browser.wait(&format!("{last}.endsWith('bilag-0417.pdf')"));
        browser.run("document.querySelectorAll('.open')[3].click()");
        assert_eq!(
            browser.run(too_wide),
            json!([]),
            "{width}, with an object open"
        );
        assert!(
            browser.barriers().is_none_or(|found| found == json!([])),
            "{width}"
        );
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn axe_finds_nothing_serious_in_the_page() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let work = crate::reports::scanned();
    browser.open(&page(&work));
    let Some(barriers) = browser.barriers() else {
        return;
    };
    assert_eq!(barriers, json!([]));
    browser.run("document.querySelector('.open').click()");
    assert_eq!(browser.barriers(), Some(json!([])), "with an object open");
}
