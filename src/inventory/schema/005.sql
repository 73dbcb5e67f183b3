-- Version 5: what became of findings from run to run.

-- By how many hits of one kind at one level a run changed a file with its members. What a new file brings
-- and what goes with one that is gone is not written here: the file's own first and last run say it. A file
-- that comes back has what went and what came here.
CREATE TABLE change (
    top_id     INTEGER NOT NULL, -- the file
    run_id     INTEGER NOT NULL, -- the run that read it anew
    kind_id    INTEGER NOT NULL REFERENCES kind (id),
    confidence INTEGER NOT NULL, -- as in `finding`
    hits       INTEGER NOT NULL, -- how many more; fewer below zero
    PRIMARY KEY (top_id, run_id, kind_id, confidence)
) STRICT, WITHOUT ROWID;

-- What the end of a run summed up.
CREATE TABLE run_sum (
    run_id   INTEGER NOT NULL,
    level    INTEGER NOT NULL,  -- the level that was summed up at, as in `finding`
    detector TEXT NOT NULL,     -- id of the detector; empty for all together
    objects  INTEGER NOT NULL,  -- objects with hits
    hits     INTEGER NOT NULL,
    PRIMARY KEY (run_id, level, detector)
) STRICT, WITHOUT ROWID;

-- Up to this moment nothing of that was written down. Only what came after the latest run is known whole.
INSERT INTO about SELECT 'history', max(started) FROM run HAVING max(started) IS NOT NULL;
