-- The register of licences, as a user keeps it (`syndet licences FILE`). Given.

CREATE TABLE licences (
  id INTEGER PRIMARY KEY,          -- in the order of the file
  line INTEGER NOT NULL,           -- of the file; a line that names several sites has a row for each
  licensee TEXT NOT NULL,          -- a site, a listed name, owner:NAME, * (anybody) or - (nobody)
  source TEXT NOT NULL,            -- a site, a name, or owner:NAME
  begins TEXT NOT NULL,            -- ISO 8601, a day, month, year, or a time with its zone; empty: open
  ends TEXT NOT NULL,              -- the same, included
  terms TEXT NOT NULL
) STRICT;
