//! The bounds of reading: what one top-level file, with all that is nested in it, may cost.

use std::io::{self, Read};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Cancel, Problem, ProblemKind, Stage, work};

const MIB: u64 = 1024 * 1024;

/// The bounds a run works under. They protect memory and time and scale with the input, so that an
/// ordinary large file is read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many containers may enclose an object.
    pub max_depth: u32,
    /// How many members, folders included, one top-level file may hold at all depths.
    pub max_members: u64,
    /// How many bytes may come out of containers for each byte of the top-level file, once
    /// `free_inflated_bytes` are passed.
    pub max_ratio: u64,
    /// How many bytes may always come out of containers, whatever the ratio.
    pub free_inflated_bytes: u64,
    /// How many bytes may be unpacked for each byte of the top-level file before its processor time is
    /// bounded by `dense_time`. An archive within an archive is not counted beside its members.
    pub dense_ratio: u64,
    /// How many bytes of text, or segments of lines, pages may show for each byte of the top-level file before its
    /// processor time is bounded by `dense_time`.
    pub drawn_ratio: u64,
    /// Processor time for a file that was packed more densely than that; half of it for unpacking, and half for
    /// what its pages show.
    pub dense_time: Duration,
    /// Up to how many bytes a member is held in memory; a larger one lies in an unlinked temporary
    /// file while it is read.
    pub spool_memory_bytes: u64,
    /// How many bytes a reader may hold at once that cannot work on a stream.
    pub max_held_bytes: u64,
    /// Time for any top-level file, however small.
    pub base_time: Duration,
    /// Further time for each MiB that was read or came out of containers.
    pub time_per_mib: Duration,
    /// Time for reading the text of one picture or scanned page.
    pub picture_time: Duration,
    /// Time for all pictures and scanned pages of one top-level file. It is not counted as the file's
    /// own.
    pub pictures_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_depth: 8,
            max_members: 100_000,
            max_ratio: 200,
            free_inflated_bytes: 64 * MIB,
            dense_ratio: 100,
            drawn_ratio: 10,
            dense_time: Duration::from_secs(6),
            spool_memory_bytes: 8 * MIB,
            max_held_bytes: 256 * MIB,
            base_time: Duration::from_secs(20),
            time_per_mib: Duration::from_millis(500),
            picture_time: Duration::from_mins(1),
            pictures_time: Duration::from_mins(10),
        }
    }
}

/// What is left of the limits for one top-level file; shared by everything nested in it. It is
/// used by the thread that reads the file, whose processor time counts from the first unpacking on.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    cancel: Cancel,
    file_bytes: u64,
    inflated: AtomicU64,
    /// How many of these are archives, whose members are counted.
    archives: AtomicU64,
    /// How much pages showed: bytes of text, segments of lines.
    drawn: AtomicU64,
    members: AtomicU64,
    started: Instant,
    /// The thread's processor time when unpacking began; most files have nothing to unpack.
    worked: OnceLock<Duration>,
    /// Milliseconds of work that has a bound of its own.
    excused: AtomicU64,
}

impl Budget {
    /// A fresh budget for a top-level file of `file_bytes` bytes. The clock starts now.
    #[must_use]
    pub fn new(limits: Limits, cancel: Cancel, file_bytes: u64) -> Self {
        Self {
            limits,
            cancel,
            file_bytes,
            inflated: AtomicU64::new(0),
            archives: AtomicU64::new(0),
            drawn: AtomicU64::new(0),
            members: AtomicU64::new(0),
            started: Instant::now(),
            worked: OnceLock::new(),
            excused: AtomicU64::new(0),
        }
    }

    /// A budget of `time` from now for a helper's work, which ends when this one is cancelled.
    #[must_use]
    pub fn aside(&self, time: Duration) -> Self {
        let limits = Limits {
            base_time: time,
            ..self.limits.clone()
        };
        Self::new(limits, self.cancel.clone(), 0)
    }

    /// Moves the deadline by `time`, which went to work with a bound of its own.
    pub fn excuse(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.excused.fetch_add(millis, Ordering::Relaxed);
    }

    /// How much time was excused so far.
    #[must_use]
    pub fn excused(&self) -> Duration {
        Duration::from_millis(self.excused.load(Ordering::Relaxed))
    }

    /// The limits it was made from.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Time that is left until the deadline; zero when it has passed.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        let seen = self
            .file_bytes
            .saturating_add(self.inflated.load(Ordering::Relaxed));
        let mib = u32::try_from(seen / MIB).unwrap_or(u32::MAX);
        let allowed = self.limits.time_per_mib.saturating_mul(mib) + self.limits.base_time;
        (allowed + self.excused()).saturating_sub(self.started.elapsed())
    }

    /// How many more bytes may come out of containers.
    #[must_use]
    pub fn bytes_left(&self) -> u64 {
        self.allowed().saturating_sub(self.inflated())
    }

    /// How many bytes came out of containers so far.
    #[must_use]
    pub fn inflated(&self) -> u64 {
        self.inflated.load(Ordering::Relaxed)
    }

    /// How many more members there may be.
    #[must_use]
    pub fn members_left(&self) -> u64 {
        let members = self.members.load(Ordering::Relaxed);
        self.limits.max_members.saturating_sub(members)
    }

    fn allowed(&self) -> u64 {
        let explained = self.file_bytes.saturating_mul(self.limits.max_ratio);
        explained.max(self.limits.free_inflated_bytes)
    }

    /// Says that `bytes` that came out of a container are an archive, whose members are counted.
    pub fn holds(&self, bytes: u64) {
        self.archives.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Takes back what was said of `bytes` as an archive: there is text beside the members.
    pub fn speaks(&self, bytes: u64) {
        self.archives.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Whether more was unpacked than an ordinary file's size explains, and `time` is used up.
    fn is_overworked(&self, time: Duration) -> bool {
        let archives = self.archives.load(Ordering::Relaxed);
        let unpacked = self.inflated().saturating_sub(archives);
        let dense = unpacked > self.file_bytes.saturating_mul(self.limits.dense_ratio)
            || self.drawn() > self.file_bytes.saturating_mul(self.limits.drawn_ratio);
        dense && work::spent().saturating_sub(*self.worked.get_or_init(work::spent)) >= time
    }

    /// Checks time and cancellation.
    ///
    /// # Errors
    /// `Cancelled` when a stop was asked for, `Timeout` when the deadline has passed, `LimitBytes` when
    /// a file that was packed too densely has had its processor time.
    pub fn check(&self) -> Result<(), Problem> {
        if self.cancel.is_requested() {
            return Err(Problem::new(ProblemKind::Cancelled, Stage::Extract));
        }
        if self.time_left().is_zero() {
            return Err(Problem::new(ProblemKind::Timeout, Stage::Extract));
        }
        self.check_work()
    }

    /// Checks what a file that was packed densely may cost: for those who hand out text without looking
    /// at the other bounds.
    ///
    /// # Errors
    /// `LimitBytes` when its processor time is used up.
    pub fn check_work(&self) -> Result<(), Problem> {
        if self.is_overworked(self.limits.dense_time) {
            return Err(Problem::new(ProblemKind::LimitBytes, Stage::Extract));
        }
        Ok(())
    }

    /// Counts one more member (or folder entry) of a container.
    ///
    /// # Errors
    /// `LimitMembers` when there are too many, and what [`check`](Self::check) finds.
    pub fn enter_member(&self) -> Result<(), Problem> {
        let members = self.members.fetch_add(1, Ordering::Relaxed) + 1;
        if members > self.limits.max_members {
            return Err(Problem::new(ProblemKind::LimitMembers, Stage::Extract).at(members));
        }
        self.check()
    }

    /// Charges `bytes` that came out of a container or a compressed stream.
    ///
    /// # Errors
    /// `LimitBytes` when more came out than the file's size can explain, or unpacking took half of what a
    /// densely packed file may cost, and what
    /// [`check`](Self::check) finds.
    pub fn charge(&self, bytes: u64) -> Result<(), Problem> {
        if bytes > 0 {
            self.worked.get_or_init(work::spent);
        }
        let inflated = self
            .inflated
            .fetch_add(bytes, Ordering::Relaxed)
            .saturating_add(bytes);
        let half = self.limits.dense_time / 2;
        if inflated > self.allowed() || (bytes > 0 && self.is_overworked(half)) {
            return Err(Problem::new(ProblemKind::LimitBytes, Stage::Extract));
        }
        self.check()
    }

    /// How much pages showed so far.
    #[must_use]
    pub fn drawn(&self) -> u64 {
        self.drawn.load(Ordering::Relaxed)
    }

    /// Processor time of the calling thread since the first page was drawn, or since unpacking began.
    #[must_use]
    pub fn drawing_time(&self) -> Duration {
        let begun = self.worked.get().filter(|_| self.drawn() > 0);
        begun.map_or(Duration::ZERO, |begun| work::spent().saturating_sub(*begun))
    }

    /// Counts what pages showed, where another process drew them.
    pub fn count_drawn(&self, drawn: u64) {
        self.worked.get_or_init(work::spent);
        self.drawn.fetch_add(drawn, Ordering::Relaxed);
    }

    /// Charges what a page showed: bytes of text, segments of lines.
    ///
    /// # Errors
    /// `LimitBytes` when more was shown than the file's size explains and drawing took half of what such a file
    /// may cost, and what [`check`](Self::check) finds.
    pub fn draw(&self, drawn: u64) -> Result<(), Problem> {
        self.count_drawn(drawn);
        if self.is_overworked(self.limits.dense_time / 2) {
            return Err(Problem::new(ProblemKind::LimitBytes, Stage::Extract));
        }
        self.check()
    }

    /// A reader that charges every byte it passes on, so that a parser that knows nothing of the
    /// budget is bounded and can be cancelled.
    pub fn meter<R: Read>(&self, reader: R) -> Metered<'_, R> {
        self.worked.get_or_init(work::spent);
        Metered {
            budget: self,
            reader,
            problem: None,
        }
    }
}

/// A reader that charges a [`Budget`]; see [`Budget::meter`].
#[derive(Debug)]
pub struct Metered<'b, R> {
    budget: &'b Budget,
    reader: R,
    problem: Option<Problem>,
}

impl<R> Metered<'_, R> {
    /// The limit that struck, if one did. Parsers turn our error into one of their own, so ask here
    /// before believing what they say.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        self.problem
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        match self.budget.charge(read as u64) {
            Ok(()) => Ok(read),
            Err(problem) => {
                self.problem = Some(problem);
                Err(io::Error::other("a limit was reached"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tight() -> Limits {
        Limits {
            max_ratio: 2,
            free_inflated_bytes: 10,
            max_members: 2,
            ..Limits::default()
        }
    }

    #[test]
    fn a_sane_ratio_is_read_to_its_end_and_a_bomb_is_not() {
        let budget = Budget::new(tight(), Cancel::default(), 100);
        assert_eq!(budget.charge(200), Ok(()));
        assert_eq!(
            budget.charge(1).map_err(|p| p.kind),
            Err(ProblemKind::LimitBytes)
        );
    }

    #[test]
    fn densely_packed_files_have_a_bound_of_work() {
        let limits = |dense_time| Limits {
            dense_ratio: 2,
            dense_time,
            ..Limits::default()
        };
        let budget = Budget::new(limits(Duration::ZERO), Cancel::default(), 100);
        assert_eq!(budget.charge(200), Ok(()));
        assert_eq!(budget.check_work(), Ok(()));
        let dense = Problem::new(ProblemKind::LimitBytes, Stage::Extract);
        assert_eq!(budget.charge(1), Err(dense));
        assert_eq!(budget.check(), Err(dense));
        budget.holds(150);
        assert_eq!(budget.check(), Ok(()), "an archive in it is not counted");
        budget.speaks(150);
        assert_eq!(budget.check(), Err(dense));
        let patient = Budget::new(limits(Duration::from_hours(1)), Cancel::default(), 100);
        assert_eq!(patient.charge(1000), Ok(()));
    }

    #[test]
    fn pages_that_show_more_than_their_file_explains_have_a_bound_of_work() {
        let limits = Limits {
            drawn_ratio: 2,
            dense_time: Duration::ZERO,
            ..Limits::default()
        };
        let budget = Budget::new(limits.clone(), Cancel::default(), 100);
        assert_eq!(budget.draw(200), Ok(()));
        let dense = Problem::new(ProblemKind::LimitBytes, Stage::Extract);
        assert_eq!(budget.draw(1), Err(dense));
        let budget = Budget::new(limits, Cancel::default(), 100);
        budget.count_drawn(201);
        assert_eq!((budget.drawn(), budget.check()), (201, Err(dense)));
    }

    #[test]
    fn what_is_left_can_be_told() {
        let budget = Budget::new(tight(), Cancel::default(), 100);
        assert_eq!((budget.bytes_left(), budget.members_left()), (200, 2));
        assert_eq!(budget.charge(150), Ok(()));
        assert_eq!(budget.enter_member(), Ok(()));
        assert_eq!((budget.bytes_left(), budget.members_left()), (50, 1));
        assert_eq!(budget.inflated(), 150);
    }

    #[test]
    fn a_metered_reader_tells_which_limit_struck() {
        let budget = Budget::new(tight(), Cancel::default(), 1);
        let mut reader = budget.meter(io::repeat(0));
        let copied = io::copy(&mut reader, &mut io::sink());
        assert!(copied.is_err());
        assert_eq!(
            reader.problem().map(|p| p.kind),
            Some(ProblemKind::LimitBytes)
        );
    }

    #[test]
    fn members_time_and_cancellation_are_bounded() {
        let cancel = Cancel::default();
        let budget = Budget::new(tight(), cancel.clone(), 1);
        assert_eq!(budget.enter_member(), Ok(()));
        assert_eq!(budget.enter_member(), Ok(()));
        assert_eq!(
            budget.enter_member().map_err(|p| p.kind),
            Err(ProblemKind::LimitMembers)
        );
        cancel.request();
        assert_eq!(
            budget.check().map_err(|p| p.kind),
            Err(ProblemKind::Cancelled)
        );
        let late = Limits {
            base_time: Duration::ZERO,
            ..Limits::default()
        };
        let budget = Budget::new(late, Cancel::default(), 1);
        assert_eq!(
            budget.check().map_err(|p| p.kind),
            Err(ProblemKind::Timeout)
        );
    }
}
