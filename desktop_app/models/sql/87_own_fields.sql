-- Own fields: values of the right kind, and required ones filled. The checks hang on a table
-- only while a field of it exists, so a company without own fields pays nothing; they are
-- deferred, because a record and its own fields are written by several statements.

CREATE OR REPLACE FUNCTION own_field_wrong(own custom_field, scope text, value jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE plain text := value #>> '{}';
BEGIN
  IF plain IS NULL OR plain = '' THEN
    RETURN CASE WHEN scope = ANY (own.required_in) THEN 'missing' END;
  END IF;
  CASE own.editor
    WHEN 'number' THEN PERFORM plain::numeric(18, 6);
    WHEN 'date' THEN PERFORM plain::date;
    WHEN 'yes_no' THEN PERFORM plain::boolean;
    WHEN 'choice' THEN IF plain <> ALL (own.choices) THEN RETURN 'value'; END IF;
    ELSE NULL;
  END CASE;
  RETURN NULL;
EXCEPTION WHEN data_exception THEN
  RETURN 'value';
END $$;

CREATE OR REPLACE FUNCTION check_own_fields(scope text, category text, stored jsonb, line_no bigint)
RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE own custom_field; wrong text;
BEGIN
  FOR own IN SELECT * FROM custom_field f WHERE f.is_active AND f.editor <> 'formula'
      AND scope = ANY (f.scopes) AND (f.categories = '{}' OR category = ANY (f.categories))
      ORDER BY f.position, f.id LOOP
    wrong := own_field_wrong(own, scope, stored -> own.name);
    IF wrong IS NOT NULL THEN
      PERFORM refuse('SP085', 'own_field', jsonb_build_object('name', own.name, 'field', own.title,
        'problem', wrong, 'value', stored ->> own.name, 'line_no', line_no));
    END IF;
  END LOOP;
END $$;

-- Functions of triggers see what the statement left: read the row as it is at commit.
CREATE OR REPLACE FUNCTION own_fields_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE now_there record;
BEGIN
  EXECUTE format('SELECT custom, %s AS category FROM %I WHERE id = $1',
                 CASE WHEN TG_TABLE_NAME = 'item' THEN 'category' ELSE '''''::text' END, TG_TABLE_NAME)
    INTO now_there USING NEW.id;
  PERFORM check_own_fields(TG_TABLE_NAME, now_there.category, now_there.custom, NULL);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION own_fields_of_document() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE doc document;
BEGIN
  SELECT * INTO doc FROM document d WHERE d.id = NEW.id;
  IF doc.reverses_id IS NULL THEN
    PERFORM check_own_fields(doc.kind, '', doc.custom, NULL);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION own_fields_of_line() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE kept record;
BEGIN
  SELECT l.custom, l.line_no, d.kind, d.reverses_id, i.category INTO kept FROM document_line l
    JOIN document d ON d.id = l.document_id JOIN item i ON i.id = l.item_id WHERE l.id = NEW.id;
  IF FOUND AND kept.reverses_id IS NULL THEN
    PERFORM check_own_fields(kept.kind || '.line', kept.category, kept.custom, kept.line_no);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION own_fields_installed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE place record; wanted boolean;
BEGIN
  FOR place IN SELECT * FROM (VALUES ('item', 'own_fields_of_record'), ('party', 'own_fields_of_record'),
      ('document', 'own_fields_of_document'), ('document_line', 'own_fields_of_line')) AS v(tab, fn) LOOP
    SELECT EXISTS (SELECT 1 FROM custom_field f, unnest(f.scopes) AS scope WHERE f.is_active
      AND f.editor <> 'formula' AND place.tab = CASE WHEN scope IN ('item', 'party') THEN scope
        WHEN scope LIKE '%.line' THEN 'document_line' ELSE 'document' END) INTO wanted;
    IF wanted AND NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'own_fields'
                              AND tgrelid = place.tab::regclass) THEN
      EXECUTE format('CREATE CONSTRAINT TRIGGER own_fields AFTER INSERT OR UPDATE OF custom ON %I
                      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION %I()',
                     place.tab, place.fn);
    ELSIF NOT wanted THEN
      EXECUTE format('DROP TRIGGER IF EXISTS own_fields ON %I', place.tab);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER own_fields_installed AFTER INSERT OR UPDATE ON custom_field
FOR EACH STATEMENT EXECUTE FUNCTION own_fields_installed();

-- A field is switched off, never deleted: the values of old records keep their meaning.
CREATE OR REPLACE TRIGGER never_deleted BEFORE DELETE ON custom_field
FOR EACH ROW EXECUTE FUNCTION append_only();

GRANT SELECT ON custom_field TO sp_user;
GRANT INSERT, UPDATE ON custom_field TO sp_p_user_manage;
