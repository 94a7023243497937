-- A user's own list of agencies and outlets, on top of the one that is shipped. Given.

CREATE TABLE outlets (
  id INTEGER PRIMARY KEY,          -- in the order of the file
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('agency', 'release', 'outlet', 'photo', 'data')),
  codes TEXT NOT NULL,             -- of these three, several values are separated by '; '
  aliases TEXT NOT NULL,
  domains TEXT NOT NULL,           -- registrable, as in articles.site
  owner TEXT NOT NULL              -- empty where none is known
) STRICT;
