-- Who may sign in, to which accounts, and which channel belongs to which account.

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  -- The highest account epoch ever entered: a restored object learns here that it has gone back.
  epoch INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE people (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  -- scrypt$15$8$3$<pepper id>$<salt>$<hash>
  password TEXT NOT NULL
);

CREATE TABLE memberships (
  person TEXT NOT NULL REFERENCES people (id),
  account TEXT NOT NULL REFERENCES accounts (id),
  agent TEXT NOT NULL,
  -- The membership that was used last opens at the next sign-in.
  used_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (person, account)
);

CREATE TABLE channels (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts (id),
  carrier TEXT NOT NULL,
  -- AES-GCM under the Worker's CHANNEL_KEY: base64 of nonce and ciphertext.
  credentials TEXT NOT NULL
);
