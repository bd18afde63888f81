-- Neither table refers to sessions: what was said may be written before its session is, and both
-- are made anew for one session after the other while others read.

CREATE TABLE exchanges (
  session_id  VARCHAR(36) NOT NULL,
  track       TEXT        NOT NULL,
  number      BIGINT      NOT NULL, -- unique within the track
  started_ms  BIGINT      NOT NULL, -- since the session's start
  method      TEXT        NOT NULL,
  url         TEXT        NOT NULL,
  status      INTEGER     NOT NULL, -- 0 where no answer came
  logical_status INTEGER,           -- what an error within a stream stands for
  model       TEXT,
  protocol    TEXT,
  input       BIGINT,               -- tokens, as four kinds that do not overlap
  output      BIGINT,
  cache_read  BIGINT,
  cache_write BIGINT,
  stop_reason TEXT,
  end_state   TEXT        NOT NULL, -- complete, error, upstream_eof, ...
  duration_ms BIGINT      NOT NULL,
  ttft_ms     BIGINT,
  PRIMARY KEY (session_id, track, number)
);

-- What a person can read: a few lines of a terminal, or one thing said in a conversation.
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
  marks      TEXT,                 -- "OFFSET:MILLIS ..." where a terminal's later lines begin
  text       TEXT        NOT NULL,
  UNIQUE (session_id, hash)
);

CREATE VIRTUAL TABLE texts_index USING fts5 (
  text, content = 'texts', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
