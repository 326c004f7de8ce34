-- Where an account's object stood at the last flush that was confirmed here: a restored object finds by it that it
-- has gone back. `epoch`, of the first step, is the highest that was ever entered or is about to be.
ALTER TABLE accounts ADD COLUMN flushed_epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN flushed_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN flushed_tag TEXT NOT NULL DEFAULT '';
