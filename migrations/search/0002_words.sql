-- An account's name is a column of the index, so that a search reads its own texts only; rows carry the rowid of the
-- history's entries, so that writing one again changes nothing. Prefixes of two and three letters are kept ready.

DROP TABLE texts;
CREATE VIRTUAL TABLE texts USING fts5 (
  account, entry UNINDEXED, user UNINDEXED, text,
  tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- How far the history is indexed: the highest rowid of its entries.
CREATE TABLE progress (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
