-- Erasing a person: what the law keeps stays, everything else that says who they were goes.
-- SQLSTATE CD007: a record that was erased, or cannot be.

-- True inside the functions below and nowhere else, as is_moving() is for merging.
CREATE FUNCTION clinic.is_erasing() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM clinic.record_erasure m
                   WHERE m.xact = pg_current_xact_id()::text::bigint)
$$;

-- Which of the two a closed record is, for the sentence.
CREATE FUNCTION clinic.refuse_erased(in_clinic uuid, in_patients uuid[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM clinic.patient p
    WHERE p.clinic_id = in_clinic AND p.id = ANY (in_patients) AND p.erased_at IS NOT NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'the record was erased'
            USING ERRCODE = 'CD007', CONSTRAINT = 'record_erased';
    END IF;
END $$;

CREATE FUNCTION clinic.guard_erased() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user = 'clinic_owner' AND TG_OP = 'UPDATE' THEN
        IF clinic.is_erasing() THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the record was erased' USING ERRCODE = 'CD007', CONSTRAINT = 'record_erased';
END $$;

CREATE FUNCTION clinic.guard_erasure() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'clinic_owner' THEN
        RAISE EXCEPTION 'records are erased by erase_patient' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- How long the clinic must keep papers and records (years), and whether a person may decide to
-- erase a record before its time. Whatever stands in the setting, these are numbers in a range.
CREATE FUNCTION clinic.erasure_rules(
    in_clinic uuid, OUT fiscal_years int, OUT clinical_years int, OUT early boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said jsonb;
BEGIN
    SELECT s.value INTO said FROM clinic.setting s
    WHERE s.clinic_id = in_clinic AND s.name = 'erasure' AND s.deleted_at IS NULL;
    fiscal_years := CASE WHEN jsonb_typeof(said -> 'fiscal_years') = 'number'
        THEN least(greatest((said ->> 'fiscal_years')::numeric, 0), 100)::int ELSE 10 END;
    clinical_years := CASE WHEN jsonb_typeof(said -> 'clinical_years') = 'number'
        THEN least(greatest((said ->> 'clinical_years')::numeric, 0), 100)::int ELSE 10 END;
    early := said -> 'early' IS DISTINCT FROM 'false'::jsonb;
END $$;

-- A record and those that were merged into it, however long ago: they are one person.
CREATE FUNCTION clinic.records_of(in_clinic uuid, in_patient uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE mine AS (
        SELECT in_patient AS id
        UNION
        SELECT p.id FROM mine m
        JOIN clinic.patient p ON p.clinic_id = in_clinic AND p.merged_into_id = m.id
    )
    SELECT array_agg(m.id) FROM mine m
$$;

-- What is there of a person, what stands in the way, and what must be kept until when.
CREATE FUNCTION clinic.erasure_facts(in_clinic uuid, in_patient uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ids uuid[] := clinic.records_of(in_clinic, in_patient);
    rules record;
    today date;
    last_care date;
    born date;
    care_until date;
    one record;
    n bigint;
    counts jsonb := '{}';
BEGIN
    SELECT * INTO rules FROM clinic.erasure_rules(in_clinic);
    SELECT (now() AT TIME ZONE c.zone)::date INTO today FROM clinic.clinic c WHERE c.id = in_clinic;
    SELECT max(p.born) INTO born FROM clinic.patient p
    WHERE p.clinic_id = in_clinic AND p.id = ANY (ids);
    SELECT greatest(
        (SELECT max(a.local_start)::date FROM clinic.appointment a WHERE a.clinic_id = in_clinic
         AND a.patient_id = ANY (ids) AND a.status = 'done' AND a.deleted_at IS NULL),
        (SELECT max(coalesce(c.done_at, c.created_at))::date FROM clinic.chart_item c
         WHERE c.clinic_id = in_clinic AND c.patient_id = ANY (ids)),
        (SELECT max(v.created_at)::date FROM clinic.note_version v
         WHERE v.clinic_id = in_clinic AND v.patient_id = ANY (ids)),
        (SELECT max(r.issued_at)::date FROM clinic.prescription r
         WHERE r.clinic_id = in_clinic AND r.patient_id = ANY (ids)),
        (SELECT max(t.created_at)::date FROM clinic.attachment t
         WHERE t.clinic_id = in_clinic AND t.patient_id = ANY (ids))) INTO last_care;
    -- A child's record is kept as long after they come of age as another's after the last visit.
    care_until := (greatest(last_care, CASE WHEN last_care < born + interval '18 years'
                                       THEN (born + interval '18 years')::date END)
                   + make_interval(years => rules.clinical_years))::date;
    FOR one IN SELECT DISTINCT c.tbl, c.col FROM clinic.patient_columns() c
               WHERE c.tbl NOT IN ('patient', 'household') ORDER BY 1, 2 LOOP
        EXECUTE format('SELECT count(*) FROM clinic.%I t WHERE t.clinic_id = $1
                        AND t.%I = ANY ($2)', one.tbl, one.col) INTO n USING in_clinic, ids;
        IF n > 0 THEN
            counts := counts || jsonb_build_object(one.tbl, n);
        END IF;
    END LOOP;
    RETURN jsonb_build_object(
        'today', today,
        'records', (SELECT jsonb_agg(p.number ORDER BY p.id = in_patient DESC, p.number)
                    FROM clinic.patient p WHERE p.clinic_id = in_clinic AND p.id = ANY (ids)),
        'counts', counts,
        'care_until', care_until,
        'early', rules.early,
        'fiscal_years', rules.fiscal_years,
        'clinical_years', rules.clinical_years,
        'balance', (SELECT coalesce(sum(p.amount), 0) FROM clinic.posting p
                    WHERE p.clinic_id = in_clinic AND p.patient_id = ANY (ids)),
        'deposit', (SELECT coalesce(-sum(p.amount), 0) FROM clinic.journal_entry e
                    JOIN clinic.posting p ON p.clinic_id = e.clinic_id
                         AND p.journal_entry_id = e.id AND p.account = 'deposit'
                    WHERE e.clinic_id = in_clinic AND e.patient_id = ANY (ids)),
        'coming', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'id', a.id, 'at', a.starts_at, 'provider', v.short_name)
                       ORDER BY a.starts_at), '[]')
                   FROM clinic.appointment a
                   JOIN clinic.provider v ON v.clinic_id = a.clinic_id AND v.id = a.provider_id
                   WHERE a.clinic_id = in_clinic AND a.patient_id = ANY (ids)
                     AND a.deleted_at IS NULL AND a.ends_at > now()
                     AND a.status IN ('pending', 'confirmed', 'arrived', 'in_chair')),
        'invoices', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                         'id', i.id, 'series', i.series, 'year', i.year, 'number', i.number,
                         'until', (i.issued_on + make_interval(years => rules.fiscal_years))::date)
                         ORDER BY i.issued_on, i.number), '[]')
                     FROM clinic.invoice i
                     WHERE i.clinic_id = in_clinic AND i.patient_id = ANY (ids)
                       AND i.issued_on + make_interval(years => rules.fiscal_years) > today),
        'wards', (SELECT count(*) FROM clinic.patient w WHERE w.clinic_id = in_clinic
                  AND w.guardian_id = ANY (ids) AND w.id <> ALL (ids) AND w.deleted_at IS NULL),
        'shared_files', (SELECT count(DISTINCT a.file_id) FROM clinic.attachment a
                         WHERE a.clinic_id = in_clinic AND a.patient_id = ANY (ids)
                           AND EXISTS (SELECT FROM clinic.attachment o
                                       WHERE o.clinic_id = in_clinic AND o.file_id = a.file_id
                                         AND o.patient_id <> ALL (ids))));
END $$;

CREATE FUNCTION clinic.preview_erasure(in_clinic uuid, in_patient uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.require(in_clinic, 'patients.erase');
    PERFORM FROM clinic.patient p WHERE p.clinic_id = in_clinic AND p.id = in_patient;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such patient' USING ERRCODE = 'CD003';
    END IF;
    RETURN clinic.erasure_facts(in_clinic, in_patient);
END $$;

-- Empties the rows themselves. Returns by table the rows whose log has to be wiped as well, besides
-- what the log has under these records: rows of no one patient, and rows that lay in another record
-- while the two were merged. Papers from in_keep_from on stay as they are.
CREATE FUNCTION clinic.empty_records(in_clinic uuid, in_ids uuid[], in_keep_from date)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one record;
    found uuid[];
    files uuid[];
    homes uuid[];
    papers uuid[];
    touched jsonb := '{}';
BEGIN
    INSERT INTO clinic.record_move (xact) VALUES (pg_current_xact_id()::text::bigint);
    INSERT INTO clinic.record_erasure (xact) VALUES (pg_current_xact_id()::text::bigint);
    FOR one IN SELECT c.tbl, c.col FROM clinic.patient_columns() c
               WHERE c.tbl NOT IN ('patient', 'household') LOOP
        EXECUTE format('SELECT coalesce(array_agg(t.id), ''{}'') FROM clinic.%I t
                        WHERE t.clinic_id = $1 AND t.%I = ANY ($2)', one.tbl, one.col)
        INTO found USING in_clinic, in_ids;
        touched := touched || jsonb_build_object(one.tbl,
            coalesce(touched -> one.tbl, '[]') || to_jsonb(found));
    END LOOP;

    -- Images and documents; a file that another patient has as well stays theirs. Locked first, so
    -- that nobody hands in the same file between the question and the answer.
    PERFORM FROM clinic.stored_file f WHERE f.clinic_id = in_clinic AND f.id IN (
        SELECT a.file_id FROM clinic.attachment a
        WHERE a.clinic_id = in_clinic AND a.patient_id = ANY (in_ids)) ORDER BY f.id FOR UPDATE;
    SELECT coalesce(array_agg(DISTINCT a.file_id), '{}') INTO files FROM clinic.attachment a
    WHERE a.clinic_id = in_clinic AND a.patient_id = ANY (in_ids)
      AND NOT EXISTS (SELECT FROM clinic.attachment o WHERE o.clinic_id = in_clinic
                      AND o.file_id = a.file_id AND o.patient_id <> ALL (in_ids));
    DELETE FROM clinic.attachment_mark m
    WHERE m.clinic_id = in_clinic AND m.patient_id = ANY (in_ids);
    DELETE FROM clinic.attachment a
    WHERE a.clinic_id = in_clinic AND a.patient_id = ANY (in_ids);
    WITH gone AS (
        DELETE FROM clinic.file_piece p
        WHERE p.clinic_id = in_clinic AND p.file_id = ANY (files) RETURNING p.id
    )
    SELECT coalesce(array_agg(g.id), '{}') INTO found FROM gone g;
    DELETE FROM clinic.stored_file f WHERE f.clinic_id = in_clinic AND f.id = ANY (files);
    touched := touched || jsonb_build_object('stored_file', files, 'file_piece', found);

    -- Notes, alerts, what was found to be two people.
    DELETE FROM clinic.note_version v
    WHERE v.clinic_id = in_clinic AND v.patient_id = ANY (in_ids);
    DELETE FROM clinic.note n WHERE n.clinic_id = in_clinic AND n.patient_id = ANY (in_ids);
    DELETE FROM clinic.patient_alert a
    WHERE a.clinic_id = in_clinic AND a.patient_id = ANY (in_ids);
    WITH gone AS (
        DELETE FROM clinic.patient_distinct d WHERE d.clinic_id = in_clinic
          AND (d.first_id = ANY (in_ids) OR d.second_id = ANY (in_ids)) RETURNING d.id
    )
    SELECT coalesce(array_agg(g.id), '{}') INTO found FROM gone g;
    touched := touched || jsonb_build_object('patient_distinct', found);

    -- Prescriptions keep their number, day and prescriber: the series has no gaps.
    DELETE FROM clinic.prescription_item i
    WHERE i.clinic_id = in_clinic AND i.patient_id = ANY (in_ids);
    UPDATE clinic.prescription r SET allergies = '', overrides = '', weight_grams = NULL,
           document_id = NULL, version = r.version + 1
    WHERE r.clinic_id = in_clinic AND r.patient_id = ANY (in_ids);

    -- The ledger keeps every amount, day and account. What a charge was for is fiscal; a memo is
    -- whatever somebody typed.
    UPDATE clinic.journal_entry e SET memo = '', version = e.version + 1
    WHERE e.clinic_id = in_clinic AND e.patient_id = ANY (in_ids) AND e.memo <> '';
    WITH emptied AS (
        UPDATE clinic.posting p SET text = '', version = p.version + 1
        FROM clinic.journal_entry e
        WHERE p.clinic_id = in_clinic AND e.clinic_id = in_clinic AND e.id = p.journal_entry_id
          AND e.patient_id = ANY (in_ids) AND e.kind <> 'charge' AND p.text <> '' RETURNING p.id
    )
    SELECT coalesce(array_agg(g.id), '{}') INTO found FROM emptied g;
    touched := touched || jsonb_build_object('posting',
        coalesce(touched -> 'posting', '[]') || to_jsonb(found));
    UPDATE clinic.invoice i SET bill_to = '', remark = '', document_id = NULL,
           version = i.version + 1
    WHERE i.clinic_id = in_clinic AND i.patient_id = ANY (in_ids)
      AND (i.issued_on IS NULL OR i.issued_on < in_keep_from)
      AND (i.bill_to <> '' OR i.remark <> '' OR i.document_id IS NOT NULL);
    SELECT coalesce(array_agg(i.document_id), '{}') INTO papers FROM clinic.invoice i
    WHERE i.clinic_id = in_clinic AND i.patient_id = ANY (in_ids) AND i.document_id IS NOT NULL;
    DELETE FROM clinic.document d
    WHERE d.clinic_id = in_clinic AND d.patient_id = ANY (in_ids) AND d.id <> ALL (papers)
      AND NOT (d.kind = 'receipt' AND d.created_at >= in_keep_from);

    -- Visits keep their times: they are the clinic's day. Reasons that a check asks for are a dash.
    UPDATE clinic.appointment a SET remark = '', version = a.version + 1,
           reason = CASE WHEN a.reason = '' THEN '' ELSE '—' END,
           squeeze_reason = CASE WHEN a.squeeze_reason = '' THEN '' ELSE '—' END
    WHERE a.clinic_id = in_clinic AND a.patient_id = ANY (in_ids)
      AND (a.remark <> '' OR a.reason <> '' OR a.squeeze_reason <> '');

    -- Of the chart only what a charge, a visit or the stock names stays, without its remark.
    WITH RECURSIVE named AS (
        SELECT c.id FROM clinic.chart_item c
        WHERE c.clinic_id = in_clinic AND c.patient_id = ANY (in_ids)
          AND (EXISTS (SELECT FROM clinic.posting p
                       WHERE p.clinic_id = in_clinic AND p.chart_item_id = c.id)
               OR EXISTS (SELECT FROM clinic.stock_movement s
                          WHERE s.clinic_id = in_clinic AND s.chart_item_id = c.id)
               OR EXISTS (SELECT FROM clinic.appointment_treatment b
                          WHERE b.clinic_id = in_clinic AND b.chart_item_id = c.id))
        UNION
        SELECT c.fulfils_id FROM named n
        JOIN clinic.chart_item c ON c.clinic_id = in_clinic AND c.id = n.id
        WHERE c.fulfils_id IS NOT NULL
    )
    DELETE FROM clinic.chart_item c
    WHERE c.clinic_id = in_clinic AND c.patient_id = ANY (in_ids)
      AND NOT EXISTS (SELECT FROM named n WHERE n.id = c.id);
    UPDATE clinic.chart_item c SET remark = '', version = c.version + 1
    WHERE c.clinic_id = in_clinic AND c.patient_id = ANY (in_ids) AND c.remark <> '';

    -- What merges remember of the values of both, and numbers by which other systems knew them.
    WITH emptied AS (
        UPDATE clinic.patient_merge m SET moved = '{}', before = '{}', taken = '{}',
               version = m.version + 1
        WHERE m.clinic_id = in_clinic
          AND (m.survivor_id = ANY (in_ids) OR m.merged_id = ANY (in_ids)) RETURNING m.id
    )
    SELECT coalesce(array_agg(g.id), '{}') INTO found FROM emptied g;
    touched := touched || jsonb_build_object('patient_merge', found);
    UPDATE clinic.import_run r SET version = r.version + 1,
        keys = ARRAY(SELECT k.key FROM unnest(r.keys, r.key_ids) WITH ORDINALITY AS k(key, id, n)
                     WHERE k.id <> ALL (in_ids) ORDER BY k.n),
        key_ids = ARRAY(SELECT k.id FROM unnest(r.key_ids) WITH ORDINALITY AS k(id, n)
                        WHERE k.id <> ALL (in_ids) ORDER BY k.n)
    WHERE r.clinic_id = in_clinic AND r.key_ids && in_ids;

    -- The record itself. Its number stays: kept papers and rows are found by it.
    SELECT coalesce(array_agg(h.id), '{}') INTO homes FROM clinic.household h
    WHERE h.clinic_id = in_clinic AND (h.payer_id = ANY (in_ids) OR h.id IN (
        SELECT p.household_id FROM clinic.patient p
        WHERE p.clinic_id = in_clinic AND p.id = ANY (in_ids)));
    UPDATE clinic.patient p SET given = 'Erased record', family = p.number, other_name = '',
        sex = 'unknown', born = NULL, born_estimated = false, phone = '', no_phone_reason = '—',
        email = '', address = '', city = '', postcode = '', country = '', language = '',
        prefers = 'phone', status = 'archived', household_id = NULL, guardian_id = NULL,
        sticky_note = '', alerts_reviewed_at = NULL, alerts_reviewed_by = NULL, sort_key = '',
        words = '{}', erased_at = now(), deleted_at = coalesce(p.deleted_at, now()),
        version = p.version + 1
    WHERE p.clinic_id = in_clinic AND p.id = ANY (in_ids);
    UPDATE clinic.household h SET payer_id = NULL, version = h.version + 1
    WHERE h.clinic_id = in_clinic AND h.id = ANY (homes) AND h.payer_id = ANY (in_ids);
    WITH emptied AS (
        UPDATE clinic.household h SET name = '—', deleted_at = coalesce(h.deleted_at, now()),
               version = h.version + 1
        WHERE h.clinic_id = in_clinic AND h.id = ANY (homes) AND NOT EXISTS (
            SELECT FROM clinic.patient p WHERE p.clinic_id = in_clinic AND p.household_id = h.id
              AND p.erased_at IS NULL AND p.merged_into_id IS NULL) RETURNING h.id
    )
    SELECT coalesce(array_agg(g.id), '{}') INTO found FROM emptied g;
    RETURN touched || jsonb_build_object('household', found);
END $$;

CREATE FUNCTION clinic.end_erasing() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM clinic.record_move m WHERE m.xact = pg_current_xact_id()::text::bigint;
    DELETE FROM clinic.record_erasure m WHERE m.xact = pg_current_xact_id()::text::bigint;
END $$;

-- What a transaction wrote of these records before it erases them never reaches the log.
CREATE FUNCTION clinic.forget_staged(in_clinic uuid, in_ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE clinic.change_stage s SET before = NULL, after = NULL
    WHERE s.xact = pg_current_xact_id()::text::bigint AND s.clinic_id = in_clinic
      AND s.patient_id = ANY (in_ids);
END $$;

-- As erase_values, and beyond it: values of the rows in in_rows that the log has under no patient
-- or another one, and of another record what it had taken over from this one while both were merged
-- (in_taken). These are named one by one in the entry, so that verify covers nothing else.
CREATE FUNCTION clinic.wipe_log(in_clinic uuid, in_patient uuid, in_rows jsonb, in_taken jsonb)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    this_xact bigint := pg_current_xact_id()::text::bigint;
    others bigint[];
    erased bigint;
BEGIN
    PERFORM FROM clinic.log_head h WHERE h.clinic_id = in_clinic FOR UPDATE;
    UPDATE clinic.change_stage s SET before = NULL
    WHERE s.xact = this_xact AND s.clinic_id = in_clinic
      AND (s.patient_id = in_patient OR coalesce(in_rows -> s.tbl ? s.row_id::text, false));
    DELETE FROM clinic.change_value v USING clinic.change_log l
    WHERE l.clinic_id = in_clinic AND l.patient_id = in_patient AND l.op <> 'E'
      AND v.clinic_id = l.clinic_id AND v.seq = l.seq;
    GET DIAGNOSTICS erased = ROW_COUNT;
    INSERT INTO clinic.change_stage (xact, clinic_id, at, tbl, op, row_id, patient_id, permission,
                                     fields, salt, before, after)
    VALUES (this_xact, in_clinic, clock_timestamp(), 'change_value', 'E', in_patient, in_patient,
            'audit.read', ARRAY['*'], gen_random_uuid(), NULL,
            jsonb_build_object('entries', erased));
    SELECT array_agg(DISTINCT f.seq ORDER BY f.seq) INTO others FROM (
        SELECT l.seq
        FROM jsonb_each(in_rows) AS t(tbl, ids)
        CROSS JOIN LATERAL jsonb_array_elements_text(t.ids) AS i(id)
        JOIN clinic.change_log l
          ON l.clinic_id = in_clinic AND l.tbl = t.tbl AND l.row_id = i.id::uuid AND l.op <> 'E'
        UNION ALL
        SELECT l.seq
        FROM jsonb_to_recordset(in_taken) AS t(survivor uuid, since timestamptz,
                                               until timestamptz, "values" jsonb)
        JOIN clinic.change_log l ON l.clinic_id = in_clinic AND l.tbl = 'patient'
             AND l.row_id = t.survivor AND l.at >= t.since AND l.at <= t.until
        JOIN clinic.change_value v ON v.clinic_id = in_clinic AND v.seq = l.seq
        WHERE EXISTS (SELECT FROM jsonb_each(t."values") AS x(field, value)
                      WHERE v.before -> x.field = x.value OR v.after -> x.field = x.value)) f
    JOIN clinic.change_value v ON v.clinic_id = in_clinic AND v.seq = f.seq;
    IF others IS NOT NULL THEN
        DELETE FROM clinic.change_value v WHERE v.clinic_id = in_clinic AND v.seq = ANY (others);
        INSERT INTO clinic.change_stage (xact, clinic_id, at, tbl, op, row_id, patient_id,
                                         permission, fields, salt, before, after)
        VALUES (this_xact, in_clinic, clock_timestamp(), 'change_value', 'E', in_patient,
                in_patient, 'audit.read', others::text[], gen_random_uuid(), NULL,
                jsonb_build_object('entries', cardinality(others)));
    END IF;
    RETURN erased + coalesce(cardinality(others), 0);
END $$;

-- The act itself, once it is known that it may be done.
CREATE FUNCTION clinic.erase_records(
    in_clinic uuid, in_erasure uuid, in_patient uuid, in_person uuid, in_reason text, in_early text
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ids uuid[];
    facts jsonb;
    taken jsonb;
    merges uuid[];
    touched jsonb;
    one uuid;
    entries bigint := 0;
    done jsonb;
BEGIN
    ids := clinic.records_of(in_clinic, in_patient);
    PERFORM FROM clinic.patient p
    WHERE p.clinic_id = in_clinic AND p.id = ANY (ids) ORDER BY p.id FOR UPDATE;
    facts := clinic.erasure_facts(in_clinic, in_patient);
    -- Who had taken over values of this person in a merge that was taken apart, and who had taken
    -- the same values from them in turn.
    WITH RECURSIVE chain AS (
        SELECT m.id, m.survivor_id, m.created_at, m.undone_at, m.taken
        FROM clinic.patient_merge m
        WHERE m.clinic_id = in_clinic AND m.merged_id = ANY (ids) AND m.survivor_id <> ALL (ids)
        UNION
        SELECT m.id, m.survivor_id, m.created_at, m.undone_at, c.taken
        FROM chain c
        JOIN clinic.patient_merge m ON m.clinic_id = in_clinic AND m.merged_id = c.survivor_id
             AND m.survivor_id <> ALL (ids) AND m.created_at BETWEEN c.created_at AND c.undone_at
        WHERE EXISTS (SELECT FROM jsonb_each(c.taken) AS x(field, value)
                      WHERE m.taken -> x.field = x.value)
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'survivor', c.survivor_id, 'since', c.created_at,
               'until', c.undone_at + interval '1 minute', 'values', c.taken)), '[]'),
           coalesce(array_agg(c.id), '{}')
    INTO taken, merges FROM chain c;
    PERFORM clinic.forget_staged(in_clinic, ids);
    touched := clinic.empty_records(in_clinic, ids,
        ((facts ->> 'today')::date - make_interval(years => (facts ->> 'fiscal_years')::int)
         + interval '1 day')::date);
    UPDATE clinic.patient_merge m SET before = '{}', taken = '{}', version = m.version + 1
    WHERE m.clinic_id = in_clinic AND m.id = ANY (merges) AND m.taken <> '{}';
    touched := jsonb_set(touched, '{patient_merge}',
                         (touched -> 'patient_merge') || to_jsonb(merges));
    done := jsonb_build_object(
        'counts', facts -> 'counts', 'records', facts -> 'records',
        'invoices', jsonb_array_length(facts -> 'invoices'),
        'kept_until', (SELECT max(i ->> 'until') FROM jsonb_array_elements(facts -> 'invoices') i));
    INSERT INTO clinic.erasure (clinic_id, id, patient_id, person_id, reason, early_reason,
                                care_until, invoices_kept, kept_until)
    VALUES (in_clinic, in_erasure, in_patient, in_person, in_reason, in_early,
            (facts ->> 'care_until')::date, (done ->> 'invoices')::int,
            (done ->> 'kept_until')::date);
    FOREACH one IN ARRAY ids LOOP
        entries := entries + clinic.wipe_log(in_clinic, one,
            CASE WHEN one = in_patient THEN touched ELSE '{}' END,
            CASE WHEN one = in_patient THEN taken ELSE '[]' END);
    END LOOP;
    PERFORM clinic.end_erasing();
    RETURN done || jsonb_build_object('entries', entries);
END $$;

CREATE FUNCTION clinic.erase_patient(
    in_clinic uuid, in_erasure uuid, in_patient uuid, in_reason text, in_early text
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it record;
    facts jsonb;
    why text := '';
    me uuid;
BEGIN
    PERFORM clinic.require(in_clinic, 'patients.erase');
    SELECT p.* INTO it FROM clinic.patient p
    WHERE p.clinic_id = in_clinic AND p.id = in_patient FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such patient' USING ERRCODE = 'CD003';
    END IF;
    facts := clinic.erasure_facts(in_clinic, in_patient);
    IF it.erased_at IS NOT NULL THEN
        why := 'erase_twice';
    ELSIF it.merged_into_id IS NOT NULL THEN
        why := 'erase_merged';
    ELSIF jsonb_array_length(facts -> 'coming') > 0 THEN
        why := 'erase_coming';
    ELSIF (facts ->> 'balance')::bigint <> 0 OR (facts ->> 'deposit')::bigint <> 0 THEN
        why := 'erase_balance';
    ELSIF coalesce(btrim(in_reason), '') = '' THEN
        why := 'erase_reason';
    ELSIF (facts ->> 'care_until')::date > (facts ->> 'today')::date THEN
        IF NOT (facts ->> 'early')::boolean THEN
            why := 'erase_too_early';
        ELSIF coalesce(btrim(in_early), '') = '' THEN
            why := 'erase_early_reason';
        END IF;
    END IF;
    -- The reason outlives the person's name: it must not be where the name survives.
    IF why = '' AND EXISTS (
        SELECT FROM regexp_split_to_table(lower(concat_ws(' ', it.given, it.family, it.other_name,
                                                          it.email, it.phone)), '\s+') AS w(word)
        WHERE length(w.word) > 2
          AND lower(concat_ws(' ', in_reason, in_early)) ~ ('(^|\W)' || regexp_replace(w.word,
              '([^[:alnum:]])', '\\\1', 'g') || '($|\W)')) THEN
        why := 'erase_reason_names';
    END IF;
    IF why <> '' THEN
        RAISE EXCEPTION 'the record cannot be erased' USING ERRCODE = 'CD007', CONSTRAINT = why;
    END IF;
    SELECT p.id INTO me FROM clinic.person p
    WHERE p.clinic_id = in_clinic AND p.login = session_user::text;
    RETURN clinic.erase_records(in_clinic, in_erasure, in_patient, me, btrim(in_reason),
                                coalesce(btrim(in_early), ''));
END $$;

-- After a restore of an older backup: whoever was erased since is erased again, by the owner alone
-- and without asking, because it was asked then. Returns whether there was anything to do.
CREATE FUNCTION clinic.erase_again(in_clinic uuid, in_erasure uuid, in_patient uuid, in_reason text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM clinic.patient p
    WHERE p.clinic_id = in_clinic AND p.id = in_patient AND p.erased_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM clinic.erase_records(in_clinic, in_erasure, in_patient, NULL, in_reason, '');
    RETURN true;
END $$;

-- Papers of erased records whose time is over: buyer, remark and paper go, number and sums stay.
CREATE FUNCTION clinic.let_go_papers(in_clinic uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keep_from date;
    whose uuid[];
    papers uuid[];
    one uuid;
    done int;
BEGIN
    PERFORM clinic.require(in_clinic, 'patients.erase');
    SELECT ((now() AT TIME ZONE c.zone)::date - make_interval(years => r.fiscal_years)
            + interval '1 day')::date
    INTO keep_from FROM clinic.clinic c CROSS JOIN clinic.erasure_rules(in_clinic) r
    WHERE c.id = in_clinic;
    INSERT INTO clinic.record_move (xact) VALUES (pg_current_xact_id()::text::bigint);
    INSERT INTO clinic.record_erasure (xact) VALUES (pg_current_xact_id()::text::bigint);
    WITH over AS (
        UPDATE clinic.invoice i SET bill_to = '', remark = '', document_id = NULL,
               version = i.version + 1
        FROM clinic.patient p
        WHERE i.clinic_id = in_clinic AND p.clinic_id = in_clinic AND p.id = i.patient_id
          AND p.erased_at IS NOT NULL AND i.issued_on < keep_from
          AND (i.bill_to <> '' OR i.remark <> '' OR i.document_id IS NOT NULL)
        RETURNING i.patient_id
    )
    SELECT count(*), array_agg(DISTINCT o.patient_id) INTO done, whose FROM over o;
    -- Whatever paper of an erased record no invoice names any more; receipts by their own day.
    SELECT coalesce(array_agg(d.id), '{}'), whose || array_agg(DISTINCT d.patient_id)
    INTO papers, whose
    FROM clinic.document d
    JOIN clinic.patient p ON p.clinic_id = in_clinic AND p.id = d.patient_id
    WHERE d.clinic_id = in_clinic AND p.erased_at IS NOT NULL
      AND NOT (d.kind = 'receipt' AND d.created_at >= keep_from)
      AND NOT EXISTS (SELECT FROM clinic.invoice i
                      WHERE i.clinic_id = in_clinic AND i.document_id = d.id);
    DELETE FROM clinic.document d WHERE d.clinic_id = in_clinic AND d.id = ANY (papers);
    FOR one IN SELECT DISTINCT w FROM unnest(whose) w WHERE w IS NOT NULL LOOP
        PERFORM clinic.wipe_log(in_clinic, one, '{}', '[]');
    END LOOP;
    PERFORM clinic.end_erasing();
    RETURN done;
END $$;
