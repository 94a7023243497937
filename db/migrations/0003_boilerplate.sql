-- What is learned of each site, so that its template is not taken for its text. Derived, like all of 0002.

CREATE TABLE boilerplate (
  site TEXT NOT NULL,
  sentence INTEGER NOT NULL,       -- hash of its words
  articles INTEGER NOT NULL,       -- of different stories on this site that carried it when they were linked
  last INTEGER NOT NULL,           -- id of the latest of them
  PRIMARY KEY (site, sentence)
) STRICT, WITHOUT ROWID;

-- Words of the body that were known as boilerplate of its site when the article was linked.
ALTER TABLE fingerprints ADD COLUMN boilerplate INTEGER NOT NULL DEFAULT 0;
