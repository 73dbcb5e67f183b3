-- Version 6: one row for the digests of an object. One for each of its detectors cost 25 bytes beside the digests.

-- Numbers of detectors, by which `digest` names them.
CREATE TABLE main.detector (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE -- id of the detector
) STRICT;
INSERT INTO main.detector SELECT number, id FROM temp.detector;

-- Keyed digests of the values that were found in an object (`inventory/digest_row.rs`).
CREATE TABLE main.digest_of_object (
    object_id INTEGER PRIMARY KEY REFERENCES object (id),
    detectors BLOB NOT NULL,    -- of each detector its number and how many digests are its, LEB128
    digests   BLOB NOT NULL CHECK (length(digests) % 8 = 0) -- in the same order: sorted, 8 bytes each, big-endian
) STRICT;
INSERT INTO main.digest_of_object SELECT object_id, detectors, digests FROM temp.digest
    WHERE object_id IN (SELECT id FROM main.object);
DROP VIEW temp.digest;
DROP VIEW temp.detector;
DROP TABLE main.digest;
ALTER TABLE main.digest_of_object RENAME TO digest;
