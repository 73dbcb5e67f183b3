-- Version 4: what a text is like, and how mails name themselves.

-- A sketch of an object's text (`model::Likeness`), where it is long enough for one.
CREATE TABLE likeness (
    object_id INTEGER PRIMARY KEY REFERENCES object (id),
    sketch    BLOB NOT NULL CHECK (length(sketch) = 16)
) STRICT;

-- The `Message-ID` of a mail, where it does not look like a person's address.
CREATE TABLE message (
    object_id INTEGER PRIMARY KEY REFERENCES object (id),
    id        TEXT NOT NULL
) STRICT;
