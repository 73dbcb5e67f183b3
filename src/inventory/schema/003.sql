-- Version 3: a folder whose files are all as they were costs one row, not one for each of them.

-- The sum of the folder's files (`model::ListingSum`), where all of them may be carried over; NULL where
-- not, or where it is not known. Whoever writes an object of the folder takes it away.
ALTER TABLE folder ADD COLUMN listing BLOB CHECK (length(listing) = 16);
-- Last run that met every present object of the folder unchanged. An object was seen last by the newer of
-- this run and its own.
ALTER TABLE folder ADD COLUMN seen_run INTEGER;

-- The files with a problem, their own or a member's.
CREATE INDEX object_by_problem ON object (top_id) WHERE problem IS NOT NULL;

-- The one writer takes a detector out of `bucketed` before it changes digests; a statement for each row
-- cost more than the row. A detector without digests stands there with 0 bits.
DROP TRIGGER digest_put;
DROP TRIGGER digest_changed;
DROP TRIGGER digest_gone;

-- Sums of what was found (`inventory::Sums`), as the end of a run left them. They hold while `content` is
-- that of `about`, which changes with whatever is written but marks.
CREATE TABLE kept (
    scope   TEXT NOT NULL,      -- ids of the roots that were met, ascending
    level   INTEGER NOT NULL,   -- as in `finding`
    content INTEGER NOT NULL,
    body    BLOB NOT NULL,
    PRIMARY KEY (scope, level)
) STRICT, WITHOUT ROWID;
INSERT INTO about VALUES ('content', 0);
