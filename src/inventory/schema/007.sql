-- Version 7: objects with more digests than are held in memory.

-- Digests of a detector in an object that has too many of them for one row of `digest` (`inventory/digest_parts.rs`).
-- An object with parts has a row there too.
CREATE TABLE digest_part (
    object_id INTEGER NOT NULL REFERENCES object (id),
    detector  INTEGER NOT NULL, -- its number
    least     BLOB NOT NULL CHECK (length(least) = 8), -- the first of the digests
    digests   BLOB NOT NULL CHECK (length(digests) % 8 = 0), -- sorted, 8 bytes each, big-endian
    PRIMARY KEY (object_id, detector, least)
) STRICT;
