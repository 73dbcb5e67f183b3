-- Version 2: the way from a value to the objects that hold it.
-- A row names the objects with any digest that begins with the same bits. The values themselves stay in
-- `digest`, where a match is proved, so that an entry costs some two bytes and not sixteen.
CREATE TABLE bucket (
    detector TEXT NOT NULL,     -- id of the detector
    first    INTEGER NOT NULL,  -- the leading bits as a number
    objects  BLOB NOT NULL,     -- ids of objects, ascending, as distances to the one before, LEB128
    PRIMARY KEY (detector, first)
) STRICT, WITHOUT ROWID;

-- The detectors whose buckets agree with `digest`. A change of digests takes its detector out; the end
-- of the run makes its buckets anew.
CREATE TABLE bucketed (
    detector TEXT PRIMARY KEY,
    bits     INTEGER NOT NULL   -- how many leading bits make a bucket
) STRICT, WITHOUT ROWID;
CREATE TRIGGER digest_put AFTER INSERT ON digest
    BEGIN DELETE FROM bucketed WHERE detector = new.detector; END;
CREATE TRIGGER digest_changed AFTER UPDATE ON digest
    BEGIN DELETE FROM bucketed WHERE detector IN (old.detector, new.detector); END;
CREATE TRIGGER digest_gone AFTER DELETE ON digest
    BEGIN DELETE FROM bucketed WHERE detector = old.detector; END;
