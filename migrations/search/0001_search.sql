-- The full-text index, a database of its own so that the history can be exported.

CREATE VIRTUAL TABLE texts USING fts5 (account UNINDEXED, entry UNINDEXED, user UNINDEXED, text);
