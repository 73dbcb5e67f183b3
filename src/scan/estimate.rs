//! What a scan would have to read, and how long that may take: the files are listed, a sample of them is
//! read, and nothing is kept.
//!
//! Files are sorted into strata by extension and order of size, since a picture of 5 MB costs less than
//! a workbook of 50 kB. From each stratum a few are drawn and read; what they took as a mean is taken for
//! all of it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::examine::Examiner;
use crate::extract::Content;
use crate::model::{Cancel, ObjectPath};
use crate::source::{self, Found, Task};

use super::Settings;

/// Files that are drawn from each stratum.
const DRAWN: usize = 6;

/// Strata of which files are drawn; what comes beyond is taken to be like the rest.
const MOST_STRATA: usize = 2000;

/// Characters of an extension; what is longer is none.
const EXTENSION: usize = 10;

/// What a scan would meet.
#[derive(Clone, Debug, Default)]
pub struct Estimate {
    /// Files to read.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What would not be read: links, excluded and special files, folders that cannot be listed.
    pub left: u64,
    /// Files and bytes by extension, in lower case; empty for files without one.
    pub extensions: BTreeMap<String, (u64, u64)>,
    /// Files that were read for the estimate.
    pub sampled: u64,
    /// Time of one core that the scan may take.
    pub core_time: Duration,
    /// Whether it was stopped before its end, so that all of it is too little.
    pub interrupted: bool,
}

/// Files of one extension and order of size.
#[derive(Debug, Default)]
struct Stratum {
    files: u64,
    bytes: u64,
    drawn: Vec<Task>,
}

/// Lists what the settings name, reads a sample for at most about `longest`, and works out the time.
#[must_use]
pub fn estimate(settings: &Settings, cancel: &Cancel, longest: Duration) -> Estimate {
    let mut strata: BTreeMap<(String, u32), Stratum> = BTreeMap::new();
    let mut total = Estimate::default();
    let mut draw = Draw(0x9E37_79B9_7F4A_7C15);
    settings.walker.walk(cancel, &mut |found| {
        match found {
            Found::File(task) if !(settings.metadata_only)(&task.object) => {
                put(&mut strata, task, &mut total, &mut draw);
            }
            Found::File(_) | Found::Settled { .. } => total.left += 1,
            Found::HardLink { .. } => {}
        }
        ControlFlow::Continue(())
    });
    read(settings, cancel, longest, &strata, &mut total);
    total.interrupted = cancel.is_requested();
    total
}

fn put(
    strata: &mut BTreeMap<(String, u32), Stratum>,
    task: Task,
    total: &mut Estimate,
    draw: &mut Draw,
) {
    let bytes = task.stat.bytes;
    total.files += 1;
    total.bytes += bytes;
    let extension = extension(&task.object);
    let of_extension = total.extensions.entry(extension.clone()).or_default();
    of_extension.0 += 1;
    of_extension.1 += bytes;
    let mut key = (extension, bytes.checked_ilog2().unwrap_or_default() / 2);
    if strata.len() >= MOST_STRATA && !strata.contains_key(&key) {
        key.0 = String::new();
    }
    let stratum = strata.entry(key).or_default();
    stratum.files += 1;
    stratum.bytes += bytes;
    // Each file of the stratum is as likely to be among those drawn.
    if stratum.drawn.len() < DRAWN {
        stratum.drawn.push(task);
    } else if let Some(place) = usize::try_from(draw.below(stratum.files))
        .ok()
        .and_then(|at| stratum.drawn.get_mut(at))
    {
        *place = task;
    }
}

/// Reads what was drawn, the costliest strata first, and adds up what all may take.
fn read(
    settings: &Settings,
    cancel: &Cancel,
    longest: Duration,
    strata: &BTreeMap<(String, u32), Stratum>,
    total: &mut Estimate,
) {
    let examiner = Examiner {
        reader: &settings.reader,
        scanner: &settings.scanner,
        classes: &settings.classes,
        samples: settings.samples,
        dismissed: &settings.dismissed,
    };
    let mut ordered: Vec<&Stratum> = strata.values().collect();
    ordered.sort_by_key(|stratum| std::cmp::Reverse(stratum.bytes));
    let started = Instant::now();
    let (mut read_bytes, mut read_time, mut unread_bytes) = (0_u64, Duration::ZERO, 0_u64);
    for stratum in ordered {
        let (mut files, mut took) = (0_u32, Duration::ZERO);
        for task in &stratum.drawn {
            if started.elapsed() >= longest || cancel.is_requested() {
                break;
            }
            let begun = Instant::now();
            if let Ok(file) = source::open(task) {
                let content = Content::from_file(file, task.stat.bytes);
                drop(examiner.examine(&task.object, content));
                read_bytes += task.stat.bytes;
            }
            took += begun.elapsed();
            files += 1;
        }
        total.sampled += u64::from(files);
        read_time += took;
        match took.checked_div(files) {
            Some(mean) => total.core_time += times(mean, stratum.files),
            None => unread_bytes += stratum.bytes,
        }
    }
    if read_bytes > 0 {
        let share = times(read_time, unread_bytes).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let share = share / read_bytes as f64;
        total.core_time += Duration::try_from_secs_f64(share).unwrap_or_default();
    }
}

fn times(duration: Duration, count: u64) -> Duration {
    let nanoseconds = duration.as_nanos().saturating_mul(u128::from(count));
    let seconds = u64::try_from(nanoseconds / 1_000_000_000).unwrap_or(u64::MAX);
    let rest = u32::try_from(nanoseconds % 1_000_000_000).unwrap_or_default();
    Duration::new(seconds, rest)
}

/// The extension in lower case, where it looks like one.
fn extension(object: &ObjectPath) -> String {
    let plain =
        |bytes: &&[u8]| bytes.len() <= EXTENSION && bytes.iter().all(u8::is_ascii_alphanumeric);
    let extension = object.extension().filter(plain).unwrap_or_default();
    String::from_utf8_lossy(extension).to_ascii_lowercase()
}

/// Numbers that look random and are the same each time (xorshift).
struct Draw(u64);

impl Draw {
    /// A number below `bound`, which is not 0.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.checked_rem(bound).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_extension() {
        for (name, expected) in [
            ("a.TXT", "txt"),
            ("a.tar.gz", "gz"),
            ("uten", ""),
            ("kari.nordmann@example", ""),
            ("a.søknad", ""),
        ] {
            let object = ObjectPath::file("".into(), name.as_bytes());
            assert_eq!(extension(&object), expected, "{name}");
        }
        assert_eq!(
            times(Duration::from_millis(1500), 4),
            Duration::from_secs(6)
        );
    }
}
