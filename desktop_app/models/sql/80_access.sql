-- Logins are PostgreSQL roles; they are made and changed only here, by holders of
-- user.manage. The password arrives as a SCRAM verifier, never in clear text.

CREATE OR REPLACE FUNCTION require_permission(role_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_has_role(session_user, role_name, 'MEMBER') THEN
    PERFORM refuse('SP004', 'permission_denied', jsonb_build_object('role', role_name));
  END IF;
END $$;

CREATE OR REPLACE FUNCTION login_save(of_login text, name text, verifier text, of_jobs text[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE job text;
BEGIN
  PERFORM require_permission('sp_p_user_manage');
  IF of_login !~ '^[^\s"'';]{1,40}$' OR of_login ~* '^(sp_|pg_|postgres$|public$)' THEN
    PERFORM refuse('SP050', 'login_name', jsonb_build_object('login', of_login));
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = of_login) THEN
    EXECUTE format('CREATE ROLE %I LOGIN', of_login);
  ELSIF NOT EXISTS (SELECT 1 FROM app_user WHERE login = of_login) AND EXISTS (
      SELECT 1 FROM pg_roles WHERE rolname = of_login AND (rolsuper OR rolcreaterole)) THEN
    PERFORM refuse('SP050', 'login_name', jsonb_build_object('login', of_login));
  END IF;
  IF verifier IS NOT NULL THEN
    IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
      PERFORM refuse('SP050', 'login_name', jsonb_build_object('login', of_login));
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', of_login, verifier);
  END IF;
  FOR job IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'sp\_r\_%' LOOP
    IF job = ANY (SELECT 'sp_r_' || j FROM unnest(of_jobs) AS j) THEN
      EXECUTE format('GRANT %I TO %I', job, of_login);
    ELSIF pg_has_role(of_login, job, 'MEMBER') THEN
      EXECUTE format('REVOKE %I FROM %I', job, of_login);
    END IF;
  END LOOP;
  EXECUTE format('GRANT sp_user TO %I', of_login);
  INSERT INTO app_user (login, display_name, jobs) VALUES (of_login, name, of_jobs)
  ON CONFLICT (login) DO UPDATE SET display_name = excluded.display_name, jobs = excluded.jobs;
END $$;

CREATE OR REPLACE FUNCTION login_set_active(of_login text, active boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM require_permission('sp_p_user_manage');
  IF of_login = session_user OR NOT EXISTS (SELECT 1 FROM app_user WHERE login = of_login) THEN
    PERFORM refuse('SP050', 'login_name', jsonb_build_object('login', of_login));
  END IF;
  EXECUTE format('ALTER ROLE %I %s', of_login, CASE WHEN active THEN 'LOGIN' ELSE 'NOLOGIN' END);
  UPDATE app_user SET is_active = active WHERE login = of_login;
END $$;
