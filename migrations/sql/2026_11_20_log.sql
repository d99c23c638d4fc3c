-- The change log: staged by row triggers, sealed once a transaction in commit order.

CREATE FUNCTION clinic.stage_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
-- Arguments: the table's read permission, its patient column ('' for none), its unlogged columns.
DECLARE
    hidden text[] := string_to_array(TG_ARGV[2], ',') || ARRAY['created_at', 'updated_at'];
    old_row jsonb;
    new_row jsonb;
    was jsonb;
    is_now jsonb;
    changed text[];
    row_now jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        is_now := to_jsonb(NEW) - hidden;
        changed := ARRAY['*'];
        row_now := is_now;
    ELSIF TG_OP = 'DELETE' THEN
        was := to_jsonb(OLD) - hidden;
        changed := ARRAY['*'];
        row_now := was;
    ELSE
        old_row := to_jsonb(OLD);
        new_row := to_jsonb(NEW);
        SELECT array_agg(e.key ORDER BY e.key),
               jsonb_object_agg(e.key, old_row -> e.key) FILTER (WHERE e.key <> ALL (hidden)),
               jsonb_object_agg(e.key, e.value) FILTER (WHERE e.key <> ALL (hidden))
        INTO changed, was, is_now
        FROM jsonb_each(new_row) e
        WHERE e.value IS DISTINCT FROM old_row -> e.key
          AND e.key NOT IN ('updated_at');
        IF changed IS NULL THEN
            RETURN NULL;
        END IF;
        row_now := new_row;
    END IF;
    INSERT INTO clinic.change_stage (xact, clinic_id, at, tbl, op, row_id, patient_id, permission,
                                     fields, salt, before, after)
    VALUES (pg_current_xact_id()::text::bigint, (row_now ->> 'clinic_id')::uuid, clock_timestamp(),
            TG_TABLE_NAME, left(TG_OP, 1), (row_now ->> 'id')::uuid,
            CASE WHEN TG_ARGV[1] <> '' THEN (row_now ->> TG_ARGV[1])::uuid END,
            TG_ARGV[0], changed, gen_random_uuid(), was, is_now);
    RETURN NULL;
END $$;

CREATE FUNCTION clinic.entry_digest(salt uuid, before jsonb, after jsonb, reason text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(concat_ws(chr(31), salt, coalesce(before::text, '-'),
                                       coalesce(after::text, '-'), coalesce(reason, '-')), 'UTF8'))
$$;

CREATE FUNCTION clinic.entry_hash(
    previous bytea, seq bigint, clinic_id uuid, at timestamptz, login text, person_id uuid,
    device text, tbl text, op text, row_id uuid, patient_id uuid, permission text, fields text[],
    seen bigint, digest bytea
) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        seq, clinic_id, (extract(epoch FROM at) * 1000000)::bigint, login, person_id, device, tbl,
        op, row_id, patient_id, permission, fields, seen, encode(digest, 'hex'))::text, 'UTF8'))
$$;

CREATE FUNCTION clinic.seal_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    this_xact bigint := pg_current_xact_id()::text::bigint;
    of_clinic uuid;
    staged record;
    number bigint;
    running bytea;
    who uuid;
    device text := left(NULLIF(current_setting('clinic.device', true), ''), 100);
    why text := left(NULLIF(current_setting('clinic.reason', true), ''), 1000);
    digest bytea;
BEGIN
    -- One trigger event waits for each staged row; the first to fire seals them all.
    IF NOT EXISTS (SELECT FROM clinic.change_stage s WHERE s.n = NEW.n) THEN
        RETURN NULL;
    END IF;
    -- Clinics in one order everywhere, so that two transactions over two clinics cannot deadlock.
    FOR of_clinic IN
        SELECT DISTINCT s.clinic_id FROM clinic.change_stage s WHERE s.xact = this_xact ORDER BY 1
    LOOP
        SELECT h.seq, h.hash INTO number, running FROM clinic.log_head h
        WHERE h.clinic_id = of_clinic FOR UPDATE;
        IF NOT FOUND THEN
            number := 0;
            running := '\x00';
            INSERT INTO clinic.log_head (clinic_id, seq, hash) VALUES (of_clinic, 0, running);
        END IF;
        SELECT p.id INTO who FROM clinic.person p
        WHERE p.clinic_id = of_clinic AND p.login = session_user::text;
        FOR staged IN
            SELECT * FROM clinic.change_stage s
            WHERE s.xact = this_xact AND s.clinic_id = of_clinic ORDER BY s.n
        LOOP
            number := number + 1;
            digest := clinic.entry_digest(staged.salt, staged.before, staged.after, why);
            running := clinic.entry_hash(running, number, of_clinic, staged.at, session_user::text, who,
                device, staged.tbl, staged.op, staged.row_id, staged.patient_id, staged.permission,
                staged.fields, 0, digest);
            INSERT INTO clinic.change_log (clinic_id, seq, at, login, person_id, device, tbl, op,
                row_id, patient_id, permission, fields, seen, digest, hash)
            VALUES (of_clinic, number, staged.at, session_user, who, device, staged.tbl, staged.op,
                staged.row_id, staged.patient_id, staged.permission, staged.fields, 0, digest, running);
            INSERT INTO clinic.change_value (clinic_id, seq, salt, reason, before, after)
            VALUES (of_clinic, number, staged.salt, why, staged.before, staged.after);
        END LOOP;
        UPDATE clinic.log_head h SET seq = number, hash = running
        WHERE h.clinic_id = of_clinic;
        -- Clinic and number only: any login may listen, and a long payload would abort the commit.
        PERFORM pg_notify('clinic_feed', of_clinic || ' ' || number);
    END LOOP;
    DELETE FROM clinic.change_stage s WHERE s.xact = this_xact;
    RETURN NULL;
END $$;

CREATE FUNCTION clinic.refuse_edit() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'CD002';
END $$;

-- Reading a record is logged as well as changing it.
CREATE FUNCTION clinic.log_access(in_clinic uuid, in_patient uuid, in_action text, in_category text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.require(in_clinic, 'member');
    INSERT INTO clinic.access_log (clinic_id, at, login, device, patient_id, action, category)
    VALUES (in_clinic, clock_timestamp(), session_user,
            left(NULLIF(current_setting('clinic.device', true), ''), 100),
            in_patient, left(in_action, 100), left(in_category, 60));
END $$;

CREATE FUNCTION clinic.read_history(in_clinic uuid, in_tbl text, in_row uuid)
RETURNS TABLE (seq bigint, at timestamptz, login text, person_id uuid, device text, tbl text,
               op text, row_id uuid, fields text[], hidden boolean, reason text, before jsonb,
               after jsonb)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mine text[] := ARRAY(SELECT r.permission FROM clinic.my_rights(in_clinic) r);
    whose uuid;
BEGIN
    PERFORM clinic.require(in_clinic, 'member');
    SELECT l.patient_id INTO whose FROM clinic.change_log l
    WHERE l.clinic_id = in_clinic AND l.tbl = in_tbl AND l.row_id = in_row LIMIT 1;
    PERFORM clinic.log_access(in_clinic, whose, 'history', in_tbl);
    RETURN QUERY
        SELECT l.seq, l.at, l.login, l.person_id, l.device, l.tbl, l.op, l.row_id, l.fields,
               l.permission <> ALL (mine),
               CASE WHEN l.permission = ANY (mine) THEN v.reason END,
               CASE WHEN l.permission = ANY (mine) THEN v.before END,
               CASE WHEN l.permission = ANY (mine) THEN v.after END
        FROM clinic.change_log l
        LEFT JOIN clinic.change_value v ON v.clinic_id = l.clinic_id AND v.seq = l.seq
        WHERE l.clinic_id = in_clinic AND l.tbl = in_tbl AND l.row_id = in_row
        ORDER BY l.seq;
END $$;
