-- The floor: what a hand-written SQL program would keep for the same documents, without any
-- guard, role, trigger or life cycle. Foreign keys and CHECKs are there, as the reference
-- measurements had them. See docs/adr/0007-bench.md.
CREATE TABLE product (id bigint PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE place (id bigint PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE party (id bigint PRIMARY KEY, name text NOT NULL);

CREATE TABLE doc (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL, number text UNIQUE, state text NOT NULL, party bigint REFERENCES party,
  day date NOT NULL DEFAULT current_date, origin bigint REFERENCES doc,
  carrier text NOT NULL DEFAULT '', waybill text NOT NULL DEFAULT '',
  created_by text NOT NULL DEFAULT session_user, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON doc (kind, id);
CREATE INDEX ON doc (party);

CREATE TABLE doc_line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  doc bigint NOT NULL REFERENCES doc, line_no int NOT NULL, product bigint NOT NULL REFERENCES product,
  qty numeric(18,6) NOT NULL CHECK (qty > 0), source bigint NOT NULL, target bigint NOT NULL,
  origin_line bigint REFERENCES doc_line, UNIQUE (doc, line_no));
CREATE INDEX ON doc_line (product);

CREATE TABLE doc_state (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  doc bigint NOT NULL REFERENCES doc, uuid uuid NOT NULL UNIQUE, verb text NOT NULL,
  state text NOT NULL, evidence jsonb NOT NULL DEFAULT '{}', actor text NOT NULL DEFAULT session_user,
  pc text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX ON doc_state (doc);

CREATE TABLE ledger (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  doc bigint NOT NULL REFERENCES doc, line_no int NOT NULL, product bigint NOT NULL REFERENCES product,
  place bigint NOT NULL REFERENCES place, qty numeric(18,6) NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX ON ledger (product, place, at);
CREATE INDEX ON ledger (doc);
CREATE INDEX ON ledger USING brin (at);

CREATE TABLE balance (
  product bigint NOT NULL, place bigint NOT NULL, qty numeric(18,6) NOT NULL DEFAULT 0,
  reserved numeric(18,6) NOT NULL DEFAULT 0, PRIMARY KEY (product, place),
  CONSTRAINT qty_not_negative CHECK (qty >= 0),
  CONSTRAINT reserved_within CHECK (reserved >= 0 AND reserved <= qty)) WITH (fillfactor = 70);

CREATE TABLE reservation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  line bigint NOT NULL REFERENCES doc_line, product bigint NOT NULL, place bigint NOT NULL,
  qty numeric(18,6) NOT NULL CHECK (qty > 0), qty_open numeric(18,6) NOT NULL,
  CHECK (qty_open >= 0 AND qty_open <= qty));
CREATE INDEX ON reservation (line);
CREATE INDEX ON reservation (product) WHERE qty_open > 0;

CREATE TABLE counter (kind text NOT NULL, day date NOT NULL, last_no bigint NOT NULL,
  PRIMARY KEY (kind, day));
