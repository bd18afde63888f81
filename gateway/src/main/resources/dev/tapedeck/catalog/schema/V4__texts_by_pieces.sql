-- Texts lie compressed, and the index knows which pieces of words each has, but not where: that is
-- looked up in the text. What older versions had indexed comes back by 'reindex'.

CREATE TABLE due (
  work TEXT NOT NULL PRIMARY KEY -- 'reindex'
);

INSERT INTO due (work) SELECT 'reindex' WHERE EXISTS (SELECT 1 FROM texts);

-- Tracks of whose output only the beginning is indexed.
CREATE TABLE cut_tracks (
  session_id VARCHAR(36) NOT NULL,
  track      TEXT        NOT NULL,
  bytes      BIGINT      NOT NULL, -- how much of it
  PRIMARY KEY (session_id, track)
);

DROP TRIGGER texts_come;
DROP TRIGGER texts_go;
DROP TABLE texts_index;
DROP TABLE texts;

-- What a person can read: some screens of a terminal, or one thing said in a conversation.
CREATE TABLE texts (
  id         INTEGER     NOT NULL PRIMARY KEY,
  session_id VARCHAR(36) NOT NULL,
  track      TEXT        NOT NULL,
  exchange   BIGINT,               -- its number; null for terminals
  time_ms    BIGINT      NOT NULL, -- since the session's start
  kind       TEXT        NOT NULL, -- terminal, text, thinking, tool_call, ...
  role       TEXT,                 -- user, assistant, ...; null for terminals
  name       TEXT,                 -- of a tool
  hash       BLOB,                 -- of what is said once in a session; null for terminals
  body       BLOB        NOT NULL  -- 0 and the text in UTF-8, or 1, its size and the text deflated
);

CREATE INDEX texts_session ON texts (session_id, track);
CREATE UNIQUE INDEX texts_hash ON texts (hash) WHERE hash IS NOT NULL;

CREATE VIRTUAL TABLE texts_index USING fts5 (
  grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

CREATE TRIGGER texts_go AFTER DELETE ON texts BEGIN
  DELETE FROM texts_index WHERE rowid = old.id;
END;
