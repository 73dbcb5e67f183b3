-- The inventory, version 1. Times are seconds since 1970 unless a name says otherwise.
-- No matched text is kept: samples are masked, and values are keyed digests.

-- What holds for the whole inventory.
CREATE TABLE about (
    name  TEXT PRIMARY KEY,     -- `key`: public name of the digest key
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A place that was scanned.
CREATE TABLE root (
    id    INTEGER PRIMARY KEY,
    label TEXT NOT NULL,        -- what its files are shown under; empty for a single root
    path  BLOB NOT NULL,        -- real path on the machine that scanned it, bytes as they are
    UNIQUE (label, path)
) STRICT;

-- One scan.
CREATE TABLE run (
    id          INTEGER PRIMARY KEY,
    started     INTEGER NOT NULL,
    ended       INTEGER,        -- NULL until it ends
    state       TEXT NOT NULL CHECK (state IN ('running', 'finished', 'interrupted', 'killed')),
    fingerprint TEXT NOT NULL,  -- versions of everything that decides what is found
    settings    TEXT NOT NULL,  -- the settings of the run, JSON
    rules_hash  TEXT,           -- digest of the rules it was judged by, where it was
    discovered  INTEGER NOT NULL DEFAULT 0, -- objects met; the next five add up to it
    scanned     INTEGER NOT NULL DEFAULT 0, -- read to their end in this run
    unchanged   INTEGER NOT NULL DEFAULT 0, -- read to their end by an earlier run, same since
    partial     INTEGER NOT NULL DEFAULT 0, -- read in part
    skipped     INTEGER NOT NULL DEFAULT 0, -- left unread on purpose or for want of a reader
    failed      INTEGER NOT NULL DEFAULT 0, -- should have been read and could not be
    bytes       INTEGER NOT NULL DEFAULT 0, -- size of the top-level files neither skipped nor failed
    gone        INTEGER NOT NULL DEFAULT 0, -- top-level objects that this run no longer met
    CHECK (discovered = scanned + unchanged + partial + skipped + failed)
) STRICT;

-- Which roots a run covers.
CREATE TABLE run_root (
    run_id   INTEGER NOT NULL REFERENCES run (id),
    root_id  INTEGER NOT NULL REFERENCES root (id),
    complete INTEGER NOT NULL DEFAULT 0, -- 1 where it was walked to its end
    PRIMARY KEY (run_id, root_id)
) STRICT, WITHOUT ROWID;

-- A folder, so that its path is kept once.
CREATE TABLE folder (
    id      INTEGER PRIMARY KEY,
    root_id INTEGER NOT NULL REFERENCES root (id),
    path    BLOB NOT NULL,      -- relative to the root with `/`, bytes as they are; empty for the root
    shown   TEXT,               -- the path as it is displayed, where it is not UTF-8; else NULL
    UNIQUE (root_id, path)
) STRICT;

-- An object: a top-level file (or what stands for one: a link, an excluded folder) or a member.
CREATE TABLE object (
    id             INTEGER PRIMARY KEY, -- members follow their file in the order of the container
    top_id         INTEGER NOT NULL, -- the top-level file it is or lies in
    parent_id      INTEGER,     -- the container it is a member of; NULL for a top-level file
    folder_id      INTEGER REFERENCES folder (id), -- top-level files only
    name           BLOB NOT NULL, -- file name, or member name; bytes as they are
    shown          TEXT,        -- the name as it is displayed, where it is not UTF-8; else NULL
    outcome        TEXT NOT NULL CHECK (outcome IN ('scanned', 'partial', 'skipped', 'failed')),
    problem        TEXT,        -- the cause of an outcome other than scanned
    stage          TEXT,        -- the part of the work in which the problem arose
    at             INTEGER,     -- position of the problem, where one is known
    format         TEXT,        -- id of the format it was read as
    bytes          INTEGER NOT NULL, -- size on disk or in its container
    content_digest BLOB CHECK (length(content_digest) = 32), -- BLAKE3; NULL where not read whole
    class          TEXT,        -- kind of document
    certainty      REAL,        -- how sure the class is, 0 to 1
    mtime_ns       INTEGER,     -- from here to `links`: the file system's view; NULL for members
    ctime_ns       INTEGER,     -- change time, nanoseconds since 1970
    device         INTEGER,     -- device number, a hint only
    inode          INTEGER,     -- inode number
    mode           INTEGER,     -- permission bits
    uid            INTEGER,     -- owner
    gid            INTEGER,     -- owning group
    links          INTEGER,     -- hard links
    first_run      INTEGER,     -- run that met it first; this and the next three: top-level only
    read_run       INTEGER,     -- run that its present rows come from
    seen_run       INTEGER,     -- last run that met it
    gone_run       INTEGER,     -- run that no longer met it; NULL while it is present
    CHECK ((outcome = 'scanned') = (problem IS NULL)),
    CHECK ((problem IS NULL) = (stage IS NULL)),
    CHECK ((parent_id IS NULL) = (folder_id IS NOT NULL)),
    CHECK ((parent_id IS NULL) = (seen_run IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX object_by_name ON object (folder_id, name) WHERE folder_id IS NOT NULL;
CREATE INDEX object_by_top ON object (top_id) WHERE parent_id IS NOT NULL;

-- Another name of a file that has several hard links.
CREATE TABLE alias (
    folder_id INTEGER NOT NULL REFERENCES folder (id),
    name      BLOB NOT NULL,    -- bytes as they are
    object_id INTEGER NOT NULL REFERENCES object (id), -- the file under the name it counts by
    seen_run  INTEGER NOT NULL, -- last run that met the name
    PRIMARY KEY (folder_id, name)
) STRICT, WITHOUT ROWID;

-- What can be found.
CREATE TABLE kind (
    id       INTEGER PRIMARY KEY,
    detector TEXT NOT NULL,     -- id of the detector
    kind     TEXT NOT NULL,     -- kind within it
    category TEXT NOT NULL,     -- sort of data
    UNIQUE (detector, kind)
) STRICT;

-- All hits of one kind at one level in one object.
CREATE TABLE finding (
    object_id  INTEGER NOT NULL REFERENCES object (id),
    kind_id    INTEGER NOT NULL REFERENCES kind (id),
    confidence INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 2), -- 0 low, 1 medium, 2 high
    count      INTEGER NOT NULL, -- hits, exact
    distincts  INTEGER NOT NULL, -- different values
    estimated  INTEGER NOT NULL, -- 1 where `distincts` is an estimate
    reasons    TEXT NOT NULL,   -- words of the evidence, with commas
    PRIMARY KEY (object_id, kind_id, confidence)
) STRICT, WITHOUT ROWID;

-- The first hits of a finding, masked.
CREATE TABLE sample (
    object_id  INTEGER NOT NULL REFERENCES object (id),
    kind_id    INTEGER NOT NULL REFERENCES kind (id),
    confidence INTEGER NOT NULL, -- as in `finding`
    ordinal    INTEGER NOT NULL, -- order in the text, from 0
    place      TEXT NOT NULL,   -- where it stands, JSON
    masked     TEXT NOT NULL,   -- the masked value
    PRIMARY KEY (object_id, kind_id, confidence, ordinal)
) STRICT, WITHOUT ROWID;

-- Dates that an object says of itself.
CREATE TABLE fact (
    object_id INTEGER NOT NULL REFERENCES object (id),
    ordinal   INTEGER NOT NULL, -- order in which they were read, from 0
    source    TEXT NOT NULL,    -- where the date comes from
    first_day TEXT NOT NULL,    -- YYYY-MM-DD
    last_day  TEXT NOT NULL,    -- YYYY-MM-DD, included
    PRIMARY KEY (object_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Keyed digests of the values that a detector found in an object.
CREATE TABLE digest (
    object_id INTEGER NOT NULL REFERENCES object (id),
    detector  TEXT NOT NULL,    -- id of the detector
    digests   BLOB NOT NULL CHECK (length(digests) % 8 = 0), -- sorted, 8 bytes each, big-endian
    PRIMARY KEY (object_id, detector)
) STRICT, WITHOUT ROWID;
