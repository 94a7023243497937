-- Every date that a page states, with its place: JSON array, [] for pages that were stored before.

ALTER TABLE articles ADD COLUMN dates TEXT NOT NULL DEFAULT '[]';
ALTER TABLE versions ADD COLUMN dates TEXT NOT NULL DEFAULT '[]';
