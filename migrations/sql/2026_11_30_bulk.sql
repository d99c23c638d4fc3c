-- What a hundred thousand rows in one transaction need: words indexed once, and a head of the log
-- that is held for as short as the chain allows.

-- A thousand new patients bring twenty-five thousand words, which lie all over an index that no
-- server of a clinic holds in memory: batch after batch would read, log and write most of it again.
-- What a large statement added is remembered instead, and indexed once, in the order of the index,
-- when the transaction ends or says SET CONSTRAINTS clinic.word_stage_index IMMEDIATE.
CREATE OR REPLACE FUNCTION clinic.index_new_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM fresh) >= 200 THEN
        INSERT INTO clinic.word_stage (xact, clinic_id, ids)
        SELECT pg_current_xact_id()::text::bigint, n.clinic_id, array_agg(n.id)
        FROM fresh n GROUP BY n.clinic_id;
        RETURN NULL;
    END IF;
    INSERT INTO clinic.patient_word (clinic_id, word, sort_key, patient_id)
    SELECT DISTINCT n.clinic_id, w.word COLLATE "C", n.sort_key, n.id
    FROM fresh n CROSS JOIN LATERAL unnest(n.words) AS w(word)
    WHERE n.deleted_at IS NULL
    ORDER BY 1, 2, 3, 4;
    RETURN NULL;
END $$;

-- A record that was changed since has its present words already, and those alone.
CREATE FUNCTION clinic.index_staged_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' AS $$
DECLARE
    this_xact bigint := pg_current_xact_id()::text::bigint;
    of_clinic uuid;
BEGIN
    -- One trigger event waits for each statement; the first to fire indexes for all of them.
    IF NOT EXISTS (SELECT FROM clinic.word_stage s WHERE s.n = NEW.n) THEN
        RETURN NULL;
    END IF;
    -- A clinic at a time: sorted by the word first, which is short to compare.
    FOR of_clinic IN
        SELECT DISTINCT s.clinic_id FROM clinic.word_stage s WHERE s.xact = this_xact ORDER BY 1
    LOOP
        INSERT INTO clinic.patient_word (clinic_id, word, sort_key, patient_id)
        SELECT of_clinic, w.word COLLATE "C", p.sort_key, p.id
        FROM clinic.word_stage s
        CROSS JOIN LATERAL unnest(s.ids) AS i(id)
        JOIN clinic.patient p ON p.clinic_id = of_clinic AND p.id = i.id
        CROSS JOIN LATERAL unnest(p.words) AS w(word)
        WHERE s.xact = this_xact AND s.clinic_id = of_clinic AND p.deleted_at IS NULL
        ORDER BY 2, 3, 4
        ON CONFLICT DO NOTHING;
    END LOOP;
    DELETE FROM clinic.word_stage s WHERE s.xact = this_xact;
    RETURN NULL;
END $$;

-- As before, in another order: all that does not depend on the entry before is made first, and only
-- then is the head taken, for which every other save of the clinic waits; whoever waits for a large
-- import is not refused after the usual five seconds. A hundred thousand entries are held in memory
-- at a time. The text that is hashed is that of entry_hash: a number, and behind it what was made
-- beforehand.
CREATE OR REPLACE FUNCTION clinic.seal_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '50s'
SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    most CONSTANT int := 100000;
    this_xact bigint := pg_current_xact_id()::text::bigint;
    clinics uuid[];
    of_clinic uuid;
    number bigint;
    running bytea;
    who uuid;
    me text := session_user;
    device text := left(NULLIF(current_setting('clinic.device', true), ''), 100);
    why text := left(NULLIF(current_setting('clinic.reason', true), ''), 1000);
    last_n bigint;
    digests bytea[];
    said text[];
    hashes bytea[];
    added int;
BEGIN
    -- Clinics in one order everywhere, so that two transactions over two clinics cannot deadlock.
    SELECT array_agg(DISTINCT s.clinic_id ORDER BY s.clinic_id) INTO clinics
    FROM clinic.change_stage s WHERE s.xact = this_xact;
    FOREACH of_clinic IN ARRAY coalesce(clinics, '{}')
    LOOP
        number := NULL;
        LOOP
            SELECT (array_agg(d.who))[1], max(d.n), array_agg(d.digest ORDER BY d.n),
                   array_agg(', ' || substr(jsonb_build_array(
                       of_clinic, (extract(epoch FROM d.at) * 1000000)::bigint, me, d.who, device,
                       d.tbl, d.op, d.row_id, d.patient_id, d.permission, d.fields, 0,
                       encode(d.digest, 'hex'))::text, 2) ORDER BY d.n)
            INTO who, last_n, digests, said
            FROM (SELECT s.*, (SELECT p.id FROM clinic.person p
                               WHERE p.clinic_id = of_clinic AND p.login = me) AS who,
                         sha256(convert_to(concat_ws(chr(31), s.salt,
                                                     coalesce(s.before::text, '-'),
                                                     coalesce(s.after::text, '-'),
                                                     coalesce(why, '-')), 'UTF8')) AS digest
                  FROM clinic.change_stage s
                  WHERE s.xact = this_xact AND s.clinic_id = of_clinic
                  ORDER BY s.n LIMIT most) d;
            added := coalesce(cardinality(said), 0);
            EXIT WHEN added = 0;
            IF number IS NULL THEN
                SELECT h.seq, h.hash INTO number, running
                FROM clinic.log_head h WHERE h.clinic_id = of_clinic FOR UPDATE;
                IF NOT FOUND THEN
                    number := 0;
                    running := '\x00';
                    INSERT INTO clinic.log_head (clinic_id, seq, hash)
                    VALUES (of_clinic, 0, running);
                END IF;
            END IF;
            hashes := ARRAY[]::bytea[];
            FOR i IN 1 .. added LOOP
                running := sha256(running || convert_to('[' || number + i || said[i], 'UTF8'));
                hashes[i] := running;
            END LOOP;
            WITH staged AS (
                DELETE FROM clinic.change_stage s
                WHERE s.xact = this_xact AND s.clinic_id = of_clinic AND s.n <= last_n
                RETURNING s.*
            ), entry AS (
                SELECT s.*, row_number() OVER (ORDER BY s.n) AS place FROM staged s
            ), logged AS (
                INSERT INTO clinic.change_log (clinic_id, seq, at, login, person_id, device, tbl,
                    op, row_id, patient_id, permission, fields, seen, digest, hash)
                SELECT of_clinic, number + e.place, e.at, me, who, device, e.tbl, e.op, e.row_id,
                       e.patient_id, e.permission, e.fields, 0, digests[e.place], hashes[e.place]
                FROM entry e
            ), kept AS (
                INSERT INTO clinic.change_value (clinic_id, seq, salt, reason, before, after)
                SELECT of_clinic, number + e.place, e.salt, why, e.before, e.after FROM entry e
            )
            UPDATE clinic.log_head h SET seq = number + added, hash = running
            WHERE h.clinic_id = of_clinic;
            number := number + added;
            EXIT WHEN added < most;
        END LOOP;
        -- Clinic and number only: any login may listen, and a long payload would abort the commit.
        PERFORM pg_notify('clinic_feed', of_clinic || ' ' || number);
    END LOOP;
    RETURN NULL;
END $$;
