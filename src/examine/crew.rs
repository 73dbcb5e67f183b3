//! Threads that help with the windows of a long text.

use rayon::Scope;

/// Threads of a rayon pool that may help the one that reads a text. They may use what lives for `'a`.
#[derive(Clone, Copy)]
pub struct Crew<'r, 'a>(Option<&'r Scope<'a>>);

impl<'r, 'a> Crew<'r, 'a> {
    /// Nobody: the reading thread does it all.
    #[must_use]
    pub fn nobody() -> Self {
        Self(None)
    }

    /// The other threads of the pool that the caller works in, and of this scope.
    #[must_use]
    pub fn of(scope: &'r Scope<'a>) -> Self {
        Self(Some(scope))
    }

    /// Calls `work` with the other threads of the pool that the caller works in; with nobody outside of a pool.
    pub fn here<T>(work: impl FnOnce(Crew<'_, 'a>) -> T) -> T {
        // Asked outside of a pool, rayon would start one of its own.
        if rayon::current_thread_index().is_none() {
            return work(Crew::nobody());
        }
        rayon::in_place_scope(|scope| work(Crew::of(scope)))
    }

    /// How many can help beside the caller.
    pub(super) fn hands(self) -> usize {
        let threads = self.0.map_or(1, |_| rayon::current_num_threads());
        threads.saturating_sub(1)
    }

    /// Lets one of them do this, as soon as it has time.
    pub(super) fn ask(self, work: impl FnOnce() + Send + 'a) {
        if let Some(scope) = self.0 {
            scope.spawn(move |_| work());
        }
    }
}
