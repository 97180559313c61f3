-- A photo belongs to an act: only whoever did it, or may do such a step, adds one. Who, when and
-- the digest are stamped here; the content is a picture of bounded size and never changes.

CREATE OR REPLACE FUNCTION attachment_guard() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE done record;
BEGIN
  SELECT a.actor, a.verb, d.kind, d.number INTO done
    FROM act a JOIN document d ON d.id = a.document_id WHERE a.id = NEW.act_id;
  IF done.actor IS DISTINCT FROM session_user::text AND NOT EXISTS (
      SELECT 1 FROM transition t WHERE t.kind = done.kind AND t.verb = done.verb
        AND pg_has_role(session_user, t.role, 'MEMBER')) THEN
    PERFORM refuse('SP120', 'attachment_of_others', jsonb_build_object('number', done.number));
  END IF;
  IF octet_length(NEW.content) NOT BETWEEN 1 AND 4194304
      OR NEW.media_type NOT IN ('image/jpeg', 'image/png') THEN
    PERFORM refuse('SP121', 'attachment_form', jsonb_build_object('number', done.number));
  END IF;
  NEW.sha256 := sha256(NEW.content);
  NEW.added_by := session_user;
  NEW.added_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER attachment_guard BEFORE INSERT ON attachment
FOR EACH ROW EXECUTE FUNCTION attachment_guard();
