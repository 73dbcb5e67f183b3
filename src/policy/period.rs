//! Periods as rules write them (`P6M`, `P3Y6M`, `P30D`, `PT72H`), and how they are counted.
//!
//! Time within a day is not known here: hours count as whole days, rounded up.

use std::fmt;

use jiff::Span;
use jiff::civil::Date;

/// A stretch of calendar time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    years: i32,
    months: i32,
    days: i32,
    hours: i32,
}

impl Period {
    /// Reads an ISO 8601 period of years, months, weeks, days and hours; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut period = Self {
            years: 0,
            months: 0,
            days: 0,
            hours: 0,
        };
        let mut number = String::new();
        let mut seen = false;
        let mut time = false;
        for c in text.strip_prefix('P')?.chars() {
            if c.is_ascii_digit() && number.len() < 5 {
                number.push(c);
                continue;
            }
            if c == 'T' && number.is_empty() && !time {
                time = true;
                continue;
            }
            let n: i32 = number.parse().ok()?;
            number.clear();
            seen = true;
            match (c, time) {
                ('Y', false) => period.years = period.years.saturating_add(n),
                ('M', false) => period.months = period.months.saturating_add(n),
                ('W', false) => period.days = period.days.saturating_add(7 * n),
                ('D', false) => period.days = period.days.saturating_add(n),
                ('H', true) => period.hours = period.hours.saturating_add(n),
                _ => return None,
            }
        }
        (seen && number.is_empty()).then_some(period)
    }

    /// The day this long after `day`. Months end where the calendar lets them: a month after
    /// 31 January is the last of February. Beyond the calendar it is the calendar's last day.
    #[must_use]
    pub fn after(self, day: Date) -> Date {
        let hours = self.hours / 24 + i32::from(self.hours % 24 != 0);
        let days = self.days.saturating_add(hours);
        Span::new()
            .try_months(self.years.saturating_mul(12).saturating_add(self.months))
            .and_then(|span| span.try_days(days))
            .and_then(|span| day.checked_add(span))
            .unwrap_or(Date::MAX)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        let parts = [(self.years, 'Y'), (self.months, 'M')];
        for (n, unit) in parts {
            if n > 0 {
                write!(f, "{n}{unit}")?;
            }
        }
        let nothing = [self.years, self.months, self.hours] == [0; 3];
        if self.days > 0 || nothing {
            write!(f, "{}D", self.days)?;
        }
        if self.hours > 0 {
            write!(f, "T{}H", self.hours)?;
        }
        Ok(())
    }
}

/// The day after, or the calendar's last.
pub(super) fn next_day(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

/// Whole days from `start` to `end`; negative where `end` comes first.
pub(super) fn days_between(start: Date, end: Date) -> i64 {
    end.duration_since(start).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn plus(period: &str, day: Date) -> Date {
        Period::parse(period).unwrap().after(day)
    }

    #[test]
    fn months_end_where_the_calendar_lets_them() {
        assert_eq!(plus("P1M", date(2026, 1, 31)), date(2026, 2, 28));
        assert_eq!(plus("P1M", date(2028, 1, 31)), date(2028, 2, 29));
        assert_eq!(plus("P3Y6M", date(2022, 12, 31)), date(2026, 6, 30));
        assert_eq!(plus("P5Y", date(2024, 2, 29)), date(2029, 2, 28));
        assert_eq!(plus("P30D", date(2026, 3, 31)), date(2026, 4, 30));
        assert_eq!(plus("PT72H", date(2026, 11, 15)), date(2026, 11, 18));
        assert_eq!(plus("P0D", date(2026, 11, 15)), date(2026, 11, 15));
        assert_eq!(plus("P99999Y", date(2026, 11, 15)), Date::MAX);
        let endless = format!("P{}", "99999Y".repeat(50_000));
        assert_eq!(plus(&endless, date(2026, 11, 15)), Date::MAX);
    }

    #[test]
    fn only_periods_are_periods() {
        for text in ["P6M", "P12M", "P3Y6M", "P30D", "PT72H", "P0D"] {
            assert_eq!(Period::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "", "P", "6M", "P6", "PM", "P6m", "PT", "P1H", "P-1D", "P123456D",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }
}
