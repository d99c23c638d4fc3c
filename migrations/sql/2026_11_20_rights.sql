-- Who may do what: rights asked by every row policy, kept from people and roles by triggers.

CREATE FUNCTION clinic.clinics_with(VARIADIC wanted text[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- plpgsql keeps its plan for the session; a function in SQL is planned anew on each visit.
    IF session_user = 'clinic_api' THEN
        -- The pooled login of the API acts for one clinic a transaction; no setting, no rows.
        RETURN ARRAY(SELECT r.clinic_id FROM clinic.staff_right r
                     WHERE r.login = 'clinic_api' AND r.permission = ANY (wanted)
                       AND r.clinic_id = NULLIF(current_setting('clinic.api_clinic', true), '')::uuid);
    END IF;
    RETURN ARRAY(SELECT r.clinic_id FROM clinic.staff_right r
                 WHERE r.login = session_user AND r.permission = ANY (wanted)
                   AND (r.until IS NULL OR r.until > now()));
END $$;

CREATE FUNCTION clinic.require(in_clinic uuid, VARIADIC wanted text[]) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT coalesce(in_clinic = ANY (clinic.clinics_with(VARIADIC wanted)), false) THEN
        RAISE EXCEPTION 'the right % is missing', wanted[1] USING ERRCODE = '42501';
    END IF;
END $$;

CREATE FUNCTION clinic.my_rights(in_clinic uuid) RETURNS TABLE (permission text, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.permission, r.until FROM clinic.staff_right r
    WHERE r.login = session_user AND r.clinic_id = in_clinic
      AND (r.until IS NULL OR r.until > now())
$$;

-- Rights of one login in one clinic, made anew from its roles.
CREATE FUNCTION clinic.refresh_rights(in_clinic uuid, in_login text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM clinic.staff_right r
    WHERE r.login = in_login AND r.clinic_id = in_clinic AND r.until IS NULL;
    INSERT INTO clinic.staff_right AS r (login, permission, clinic_id)
    SELECT DISTINCT p.login, granted.permission, p.clinic_id
    FROM clinic.person p
    JOIN clinic.person_role pr ON pr.clinic_id = p.clinic_id AND pr.person_id = p.id
    JOIN clinic.staff_role sr ON sr.clinic_id = pr.clinic_id AND sr.id = pr.staff_role_id
    CROSS JOIN LATERAL unnest(sr.permissions) AS granted(permission)
    WHERE p.clinic_id = in_clinic AND p.login = in_login AND p.active AND p.deleted_at IS NULL
      AND pr.deleted_at IS NULL AND sr.deleted_at IS NULL
    ON CONFLICT (login, permission, clinic_id) DO UPDATE SET until = NULL;
    IF NOT EXISTS (SELECT FROM clinic.person p WHERE p.clinic_id = in_clinic AND p.login = in_login
                   AND p.active AND p.deleted_at IS NULL) THEN
        -- Emergency rights end with the person's place at the clinic.
        DELETE FROM clinic.staff_right r WHERE r.login = in_login AND r.clinic_id = in_clinic;
    END IF;
END $$;

CREATE FUNCTION clinic.rights_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    affected text;
BEGIN
    IF TG_TABLE_NAME = 'person' THEN
        IF TG_OP = 'UPDATE' AND OLD.login IS DISTINCT FROM NEW.login AND OLD.login IS NOT NULL THEN
            PERFORM clinic.refresh_rights(OLD.clinic_id, OLD.login);
        END IF;
        IF NEW.login IS NOT NULL THEN
            PERFORM clinic.refresh_rights(NEW.clinic_id, NEW.login);
        END IF;
    ELSIF TG_TABLE_NAME = 'person_role' THEN
        SELECT p.login INTO affected FROM clinic.person p
        WHERE p.clinic_id = NEW.clinic_id AND p.id = NEW.person_id;
        IF affected IS NOT NULL THEN
            PERFORM clinic.refresh_rights(NEW.clinic_id, affected);
        END IF;
    ELSE
        FOR affected IN
            SELECT p.login FROM clinic.person p
            JOIN clinic.person_role pr ON pr.clinic_id = p.clinic_id AND pr.person_id = p.id
            WHERE pr.clinic_id = NEW.clinic_id AND pr.staff_role_id = NEW.id AND p.login IS NOT NULL
        LOOP
            PERFORM clinic.refresh_rights(NEW.clinic_id, affected);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;

-- A clinic that nobody can administer would need a database administrator to get back in.
CREATE FUNCTION clinic.admin_remains() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM clinic.staff_right r
                   WHERE r.clinic_id = NEW.clinic_id AND r.permission = 'staff.write'
                     AND r.until IS NULL AND r.login LIKE 'u\_%') THEN
        RAISE EXCEPTION 'the last administrator cannot be removed'
            USING ERRCODE = 'CD004', CONSTRAINT = 'admin_remains';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION clinic.emergency_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own_login text;
BEGIN
    SELECT p.login INTO own_login FROM clinic.person p
    WHERE p.clinic_id = NEW.clinic_id AND p.id = NEW.person_id AND p.active;
    IF own_login IS DISTINCT FROM session_user::text THEN
        RAISE EXCEPTION 'emergency access is taken for oneself' USING ERRCODE = '42501';
    END IF;
    IF NEW.starts_at < now() - interval '1 minute' OR NEW.starts_at > now() + interval '1 minute' THEN
        RAISE EXCEPTION 'emergency access begins now' USING ERRCODE = '23514';
    END IF;
    INSERT INTO clinic.staff_right AS r (login, permission, clinic_id, until)
    SELECT own_login, wanted, NEW.clinic_id, NEW.ends_at
    FROM unnest(ARRAY['patients.read', 'clinical.read', 'prescriptions.read', 'documents.read']) wanted
    ON CONFLICT (login, permission, clinic_id)
    DO UPDATE SET until = greatest(r.until, excluded.until) WHERE r.until IS NOT NULL;
    RETURN NULL;
END $$;

-- Only the functions below and a migration give somebody a login: an administrator of one clinic
-- must not reach another clinic's login by writing its name into a row.
CREATE FUNCTION clinic.login_is_given() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user NOT IN ('clinic_people', 'clinic_migrator')
       AND (TG_OP = 'INSERT' AND NEW.login IS NOT NULL
            OR TG_OP = 'UPDATE' AND NEW.login IS DISTINCT FROM OLD.login) THEN
        RAISE EXCEPTION 'logins are given by give_login' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- People are created, disabled and given passwords here. The functions run as clinic_people, take a
-- SCRAM verifier that the program computed, and act only on logins of the person table. On
-- PostgreSQL 15 CREATEROLE reaches every ordinary login, so that check is what stands there.
CREATE FUNCTION clinic.may_manage(in_login text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(bool_and(p.clinic_id = ANY (clinic.clinics_with('staff.write'))), false)
    FROM clinic.person p WHERE p.login = in_login
$$;

CREATE FUNCTION clinic.give_login(
    in_clinic uuid, in_person uuid, in_login text, verifier text, valid_hours int
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known boolean := EXISTS (SELECT FROM pg_roles WHERE rolname = in_login);
    ends text := CASE WHEN valid_hours IS NULL THEN 'infinity'
                      ELSE (now() + make_interval(hours => valid_hours))::text END;
BEGIN
    PERFORM clinic.require(in_clinic, 'staff.write');
    IF in_login !~ '^u_[a-z0-9][a-z0-9_]{0,40}$' THEN
        RAISE EXCEPTION 'not a login of a person' USING ERRCODE = '22023';
    END IF;
    IF verifier !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' THEN
        RAISE EXCEPTION 'a SCRAM verifier is needed' USING ERRCODE = '22023';
    END IF;
    IF known AND NOT clinic.may_manage(in_login) THEN
        RAISE EXCEPTION 'this login belongs to somebody else'
            USING ERRCODE = '42710', CONSTRAINT = 'login_taken';
    END IF;
    IF EXISTS (SELECT FROM clinic.person p WHERE p.clinic_id = in_clinic AND p.login = in_login
               AND p.id <> in_person) THEN
        RAISE EXCEPTION 'this login belongs to somebody else'
            USING ERRCODE = '42710', CONSTRAINT = 'login_taken';
    END IF;
    IF known THEN
        EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L VALID UNTIL %L', in_login, verifier, ends);
    ELSE
        EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L VALID UNTIL %L CONNECTION LIMIT 50 IN ROLE clinic_staff',
                       in_login, verifier, ends);
    END IF;
    UPDATE clinic.person p SET login = in_login, must_change_password = valid_hours IS NOT NULL,
           version = p.version + 1
    WHERE p.clinic_id = in_clinic AND p.id = in_person AND p.active AND p.deleted_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such person' USING ERRCODE = 'CD003';
    END IF;
END $$;

CREATE FUNCTION clinic.end_login(in_clinic uuid, in_person uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone text;
    ended int;
BEGIN
    PERFORM clinic.require(in_clinic, 'staff.write');
    SELECT p.login INTO gone FROM clinic.person p
    WHERE p.clinic_id = in_clinic AND p.id = in_person AND NOT p.active;
    IF gone IS NULL THEN
        RETURN 0;
    END IF;
    -- Somebody who still works at another clinic keeps the login, without rights in this one.
    IF NOT EXISTS (SELECT FROM clinic.person p WHERE p.login = gone AND p.active) THEN
        EXECUTE format('ALTER ROLE %I NOLOGIN', gone);
    END IF;
    SELECT count(*) INTO ended FROM (
        SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.usename = gone) s;
    RETURN ended;
END $$;

CREATE FUNCTION clinic.change_my_password(verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF verifier !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' THEN
        RAISE EXCEPTION 'a SCRAM verifier is needed' USING ERRCODE = '22023';
    END IF;
    IF NOT EXISTS (SELECT FROM clinic.person p WHERE p.login = session_user AND p.active) THEN
        RAISE EXCEPTION 'not a person' USING ERRCODE = '42501';
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL ''infinity''', session_user, verifier);
    UPDATE clinic.person p SET must_change_password = false, version = p.version + 1
    WHERE p.login = session_user AND p.must_change_password;
END $$;

CREATE FUNCTION clinic.set_my_secret(in_kind text, in_value text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM clinic.person p WHERE p.login = session_user AND p.active) THEN
        RAISE EXCEPTION 'not a person' USING ERRCODE = '42501';
    END IF;
    IF in_value IS NULL THEN
        DELETE FROM clinic.person_secret s WHERE s.login = session_user AND s.kind = in_kind;
    ELSE
        INSERT INTO clinic.person_secret AS s (login, kind, value, changed_at)
        VALUES (session_user, in_kind, in_value, now())
        ON CONFLICT (login, kind) DO UPDATE SET value = excluded.value, changed_at = now();
    END IF;
END $$;

CREATE FUNCTION clinic.my_secret(in_kind text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.value FROM clinic.person_secret s WHERE s.login = session_user AND s.kind = in_kind
$$;

-- An administrator may take away a lost second factor, never read it.
CREATE FUNCTION clinic.clear_secret(in_clinic uuid, in_person uuid, in_kind text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whose text;
BEGIN
    PERFORM clinic.require(in_clinic, 'staff.write');
    SELECT p.login INTO whose FROM clinic.person p
    WHERE p.clinic_id = in_clinic AND p.id = in_person;
    IF NOT clinic.may_manage(whose) THEN
        RAISE EXCEPTION 'this login belongs to somebody else' USING ERRCODE = '42501';
    END IF;
    DELETE FROM clinic.person_secret s WHERE s.login = whose AND s.kind = in_kind;
END $$;
