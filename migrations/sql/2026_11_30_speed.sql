-- The same refusals and the same log, with less work for each row.

-- Asked for every table that a statement names: as a variable the login is compared by the index;
-- as an expression it was made anew for each row of everybody's rights.
CREATE OR REPLACE FUNCTION clinic.clinics_with(VARIADIC wanted text[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me text := session_user;
BEGIN
    -- plpgsql keeps its plan for the session; a function in SQL is planned anew on each visit.
    IF me = 'clinic_api' THEN
        -- The pooled login of the API acts for one clinic a transaction; no setting, no rows.
        RETURN ARRAY(SELECT r.clinic_id FROM clinic.staff_right r
                     WHERE r.login = me AND r.permission = ANY (wanted)
                       AND r.clinic_id = NULLIF(current_setting('clinic.api_clinic', true), '')::uuid);
    END IF;
    IF cardinality(wanted) = 1 THEN
        RETURN ARRAY(SELECT r.clinic_id FROM clinic.staff_right r
                     WHERE r.login = me AND r.permission = wanted[1]
                       AND (r.until IS NULL OR r.until > now()));
    END IF;
    RETURN ARRAY(SELECT r.clinic_id FROM clinic.staff_right r
                 WHERE r.login = me AND r.permission = ANY (wanted)
                   AND (r.until IS NULL OR r.until > now()));
END $$;

-- What an INSERT added is staged by one statement, however many rows there are.
CREATE FUNCTION clinic.stage_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET enable_seqscan = off AS $$
-- Arguments: the table's read permission, its patient column ('' for none), its unlogged columns.
DECLARE
    hidden text[] := string_to_array(TG_ARGV[2], ',') || ARRAY['created_at', 'updated_at'];
    this_xact bigint := pg_current_xact_id()::text::bigint;
BEGIN
    INSERT INTO clinic.change_stage (xact, clinic_id, at, tbl, op, row_id, patient_id, permission,
                                     fields, salt, after, leads)
    SELECT this_xact, a.clinic_id, clock_timestamp(), TG_TABLE_NAME, 'I', a.id,
           CASE WHEN TG_ARGV[1] <> '' THEN (a.shown ->> TG_ARGV[1])::uuid END,
           TG_ARGV[0], '{*}', gen_random_uuid(), a.shown,
           a.place = 1 AND NOT EXISTS (SELECT FROM clinic.change_stage s WHERE s.xact = this_xact)
    FROM (SELECT r.clinic_id, r.id, row_number() OVER () AS place, to_jsonb(r) - hidden AS shown
          FROM added r) a;
    RETURN NULL;
END $$;

-- Updates are staged row by row, because each says what it was before.
CREATE OR REPLACE FUNCTION clinic.stage_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET enable_seqscan = off AS $$
-- Arguments: the table's read permission, its patient column ('' for none), its unlogged columns.
DECLARE
    hidden text[] := string_to_array(TG_ARGV[2], ',') || ARRAY['created_at', 'updated_at'];
    this_xact bigint := pg_current_xact_id()::text::bigint;
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
                                     fields, salt, before, after, leads)
    VALUES (this_xact, (row_now ->> 'clinic_id')::uuid, clock_timestamp(),
            TG_TABLE_NAME, left(TG_OP, 1), (row_now ->> 'id')::uuid,
            CASE WHEN TG_ARGV[1] <> '' THEN (row_now ->> TG_ARGV[1])::uuid END,
            TG_ARGV[0], changed, gen_random_uuid(), was, is_now,
            NOT EXISTS (SELECT FROM clinic.change_stage s WHERE s.xact = this_xact));
    RETURN NULL;
END $$;

-- Only the first row staged waits for the commit. All are sealed at once: the digests and what is
-- hashed are made by one statement, the chain is walked without any, and one writes both tables.
-- The expressions are those of entry_digest and entry_hash, by which verify checks them.
CREATE OR REPLACE FUNCTION clinic.seal_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    this_xact bigint := pg_current_xact_id()::text::bigint;
    clinics uuid[];
    of_clinic uuid;
    number bigint;
    running bytea;
    who uuid;
    me text := session_user;
    device text := left(NULLIF(current_setting('clinic.device', true), ''), 100);
    why text := left(NULLIF(current_setting('clinic.reason', true), ''), 1000);
    digests bytea[];
    said bytea[];
    hashes bytea[];
    added int;
BEGIN
    -- Clinics in one order everywhere, so that two transactions over two clinics cannot deadlock.
    SELECT array_agg(DISTINCT s.clinic_id ORDER BY s.clinic_id) INTO clinics
    FROM clinic.change_stage s WHERE s.xact = this_xact;
    FOREACH of_clinic IN ARRAY coalesce(clinics, '{}')
    LOOP
        SELECT h.seq, h.hash,
               (SELECT p.id FROM clinic.person p WHERE p.clinic_id = of_clinic AND p.login = me)
        INTO number, running, who
        FROM clinic.log_head h WHERE h.clinic_id = of_clinic FOR UPDATE OF h;
        IF NOT FOUND THEN
            number := 0;
            running := '\x00';
            INSERT INTO clinic.log_head (clinic_id, seq, hash) VALUES (of_clinic, 0, running);
            SELECT p.id INTO who FROM clinic.person p WHERE p.clinic_id = of_clinic AND p.login = me;
        END IF;
        SELECT array_agg(d.digest ORDER BY d.n),
               array_agg(convert_to(jsonb_build_array(
                   number + d.place, of_clinic, (extract(epoch FROM d.at) * 1000000)::bigint, me,
                   who, device, d.tbl, d.op, d.row_id, d.patient_id, d.permission, d.fields,
                   0, encode(d.digest, 'hex'))::text, 'UTF8') ORDER BY d.n)
        INTO digests, said
        FROM (SELECT s.*, row_number() OVER (ORDER BY s.n) AS place,
                     sha256(convert_to(concat_ws(chr(31), s.salt, coalesce(s.before::text, '-'),
                                                 coalesce(s.after::text, '-'), coalesce(why, '-')),
                                       'UTF8')) AS digest
              FROM clinic.change_stage s
              WHERE s.xact = this_xact AND s.clinic_id = of_clinic) d;
        added := cardinality(said);
        hashes := ARRAY[]::bytea[];
        FOR i IN 1 .. added LOOP
            running := sha256(running || said[i]);
            hashes[i] := running;
        END LOOP;
        WITH staged AS (
            DELETE FROM clinic.change_stage s
            WHERE s.xact = this_xact AND s.clinic_id = of_clinic
            RETURNING s.*
        ), entry AS (
            SELECT s.*, row_number() OVER (ORDER BY s.n) AS place FROM staged s
        ), logged AS (
            INSERT INTO clinic.change_log (clinic_id, seq, at, login, person_id, device, tbl, op,
                row_id, patient_id, permission, fields, seen, digest, hash)
            SELECT of_clinic, number + e.place, e.at, me, who, device, e.tbl, e.op, e.row_id,
                   e.patient_id, e.permission, e.fields, 0, digests[e.place], hashes[e.place]
            FROM entry e
        ), kept AS (
            INSERT INTO clinic.change_value (clinic_id, seq, salt, reason, before, after)
            SELECT of_clinic, number + e.place, e.salt, why, e.before, e.after FROM entry e
        )
        UPDATE clinic.log_head h SET seq = number + added, hash = running
        WHERE h.clinic_id = of_clinic;
        -- Clinic and number only: any login may listen, and a long payload would abort the commit.
        PERFORM pg_notify('clinic_feed', of_clinic || ' ' || number + added);
    END LOOP;
    RETURN NULL;
END $$;

-- As before; the right is asked in the statement that writes the entry.
CREATE OR REPLACE FUNCTION clinic.log_access(
    in_clinic uuid, in_patient uuid, in_action text, in_category text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- A transaction that takes a number has one of its own before: seals wait for it by that.
    this_xact xid8 := pg_current_xact_id();
    entry bigint;
BEGIN
    INSERT INTO clinic.access_log (clinic_id, at, login, device, patient_id, action, category)
    SELECT in_clinic, clock_timestamp(), session_user,
           left(NULLIF(current_setting('clinic.device', true), ''), 100),
           in_patient, left(in_action, 100), left(in_category, 60)
    WHERE in_clinic = ANY (clinic.clinics_with('member'))
    RETURNING id INTO entry;
    IF entry IS NULL THEN
        RAISE EXCEPTION 'the right member is missing' USING ERRCODE = '42501';
    END IF;
    IF entry % 256 = 0 THEN
        PERFORM clinic.seal_access(in_clinic, 1024);
    END IF;
END $$;
