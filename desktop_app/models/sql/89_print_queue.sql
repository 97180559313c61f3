-- The print queue: what may have printed is asked about, never repeated silently and never
-- lost silently. A label's steps are allowed here or nowhere, and each is on record.

CREATE OR REPLACE FUNCTION print_label_may(from_state text, to_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT (from_state, to_state) IN (
    ('queued', 'sending'), ('queued', 'cancelled'),
    ('queued', 'queued'),  -- why it still waits, told by the printer's PC
    -- Back to the queue only when not a byte of it left; the program says so.
    ('sending', 'queued'), ('sending', 'sent'), ('sending', 'uncertain'), ('sending', 'failed'),
    ('sent', 'confirmed'), ('sent', 'uncertain'),
    -- A person looked: it came out, or it did not, or it is not wanted any more.
    ('uncertain', 'confirmed'), ('uncertain', 'queued'), ('uncertain', 'cancelled'),
    ('failed', 'queued'), ('failed', 'cancelled'))
$$;

CREATE OR REPLACE FUNCTION print_label_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE at_home boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.state := 'queued';
    NEW.detail := '';
    NEW.changed_by := session_user;
    NEW.changed_at := now();
    RETURN NEW;
  END IF;
  IF (to_jsonb(NEW) - '{state,detail,changed_by,changed_at}'::text[])
     IS DISTINCT FROM (to_jsonb(OLD) - '{state,detail,changed_by,changed_at}'::text[]) THEN
    PERFORM refuse('SP020', 'append_only', jsonb_build_object('table', TG_TABLE_NAME));
  END IF;
  IF NOT print_label_may(OLD.state, NEW.state) THEN
    PERFORM refuse('SP130', 'label_step', jsonb_build_object('seq', OLD.seq, 'from', OLD.state, 'to', NEW.state));
  END IF;
  SELECT d.workstation = coalesce(current_setting('stockproof.workstation', true), '') INTO at_home
  FROM print_job j JOIN device d ON d.id = j.device_id WHERE j.id = OLD.job_id;
  IF NOT at_home AND (NEW.state IN ('sending', 'sent') OR OLD.state = 'sending'
                      OR (OLD.state, NEW.state) IN (('sent', 'confirmed'), ('queued', 'queued'))) THEN
    PERFORM refuse('SP131', 'other_workstation', jsonb_build_object('seq', OLD.seq));
  END IF;
  NEW.changed_by := session_user;
  NEW.changed_at := now();
  IF NEW.state = OLD.state THEN
    RETURN NEW;  -- no step
  END IF;
  INSERT INTO print_event (label_id, from_state, to_state, detail)
  VALUES (OLD.id, OLD.state, NEW.state, NEW.detail);
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER print_label_guard BEFORE INSERT OR UPDATE ON print_label
FOR EACH ROW EXECUTE FUNCTION print_label_guard();

-- A reprint copies a job of the same printer or another, with its reason; both stay linked.
CREATE OR REPLACE FUNCTION print_job_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.requested_by := session_user;
  NEW.workstation := coalesce(current_setting('stockproof.workstation', true), '');
  NEW.at := now();
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER print_job_guard BEFORE INSERT ON print_job
FOR EACH ROW EXECUTE FUNCTION print_job_guard();

-- Whether a scale passed is computed here, from what was put on and what it showed.
CREATE OR REPLACE FUNCTION scale_check_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.passed := abs(NEW.shown_g - NEW.test_weight_g) <= NEW.tolerance_g;
  NEW.checked_by := session_user;
  NEW.workstation := coalesce(current_setting('stockproof.workstation', true), '');
  NEW.at := now();
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER scale_check_guard BEFORE INSERT ON scale_check
FOR EACH ROW EXECUTE FUNCTION scale_check_guard();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['print_event', 'print_job', 'scale_check'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION append_only()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['print_label', 'device', 'label_design'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER never_deleted BEFORE DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION append_only()', t);
  END LOOP;
END $$;

-- Takes the next labels of a printer for sending, in order, each of them once: two programs on
-- one PC never get the same. A label behind an unanswered one of its job waits for the answer.
CREATE OR REPLACE FUNCTION claim_labels(of_device bigint, most bigint) RETURNS SETOF print_label
LANGUAGE sql AS $$
  UPDATE print_label l SET state = 'sending', detail = '' FROM (
    SELECT p.id FROM print_label p JOIN print_job j ON j.id = p.job_id
    WHERE j.device_id = of_device AND p.state = 'queued'
      AND NOT EXISTS (SELECT 1 FROM print_label u WHERE u.job_id = p.job_id AND u.state = 'uncertain')
    ORDER BY p.job_id, p.seq LIMIT most FOR UPDATE OF p SKIP LOCKED) c
  WHERE l.id = c.id RETURNING l.*
$$;

GRANT SELECT ON device, label_design, print_job, print_label, print_event, scale_check TO sp_user;
GRANT INSERT, UPDATE ON device, label_design TO sp_p_device_manage;
GRANT INSERT (uuid, device_id, title, design, document_id, copy_of_id, reason) ON print_job TO sp_p_label_print;
GRANT INSERT (job_id, seq, fields), UPDATE (state, detail) ON print_label TO sp_p_label_print;
GRANT INSERT (device_id, test_weight_g, shown_g, tolerance_g, passed) ON scale_check TO sp_p_stock_receive, sp_p_count_enter;
