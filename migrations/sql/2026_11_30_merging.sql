-- Merging two records of one person, and taking the merge apart again.
-- SQLSTATE CD006: a record that was merged, or cannot be.

-- True inside the two functions below and nowhere else: the table has no grant, and its row is gone
-- before they return, so that nobody's own statement ever runs while it is there.
CREATE FUNCTION clinic.is_moving() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM clinic.record_move m
                   WHERE m.xact = pg_current_xact_id()::text::bigint)
$$;

-- Every column that says whose record a row belongs to, from the foreign keys themselves, so that
-- no table can be forgotten. What stays with a merged record is named here, with its reason.
CREATE FUNCTION clinic.patient_columns() RETURNS TABLE (tbl text, col text, single boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.relname::text, a.attname::text,
           -- At most one row of a patient may be there: a second one stays where it is.
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisunique
                   AND NOT i.indisprimary AND a.attnum = ANY (i.indkey::int2[]))
    FROM pg_constraint f
    JOIN pg_class t ON t.oid = f.conrelid
    CROSS JOIN LATERAL unnest(f.conkey) AS key(attnum)
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = key.attnum
    WHERE f.contype = 'f' AND f.confrelid = 'clinic.patient'::regclass AND a.attname <> 'clinic_id'
      -- The merges themselves and the pairs found to be two people speak of the records as such.
      AND t.relname NOT IN ('patient_merge', 'patient_distinct')
      AND NOT (t.relname = 'patient' AND a.attname = 'merged_into_id')
      AND EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = t.oid AND k.attname = 'id')
    UNION ALL
    -- A household is made before its payer belongs to it, and so has no foreign key to them.
    SELECT 'household', 'payer_id', false
    ORDER BY 1, 2
$$;

-- Moves rows from one record to another: all, or those of which the ids are given. Returns their
-- ids by table and column. The names come from the catalogue alone.
CREATE FUNCTION clinic.move_records(in_clinic uuid, from_id uuid, to_id uuid, given jsonb)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one record;
    wanted uuid[];
    ids uuid[];
    row_id uuid;
    done jsonb := '{}';
    statement text;
BEGIN
    INSERT INTO clinic.record_move (xact) VALUES (pg_current_xact_id()::text::bigint);
    FOR one IN SELECT * FROM clinic.patient_columns() LOOP
        IF given IS NOT NULL THEN
            wanted := ARRAY(SELECT jsonb_array_elements_text(
                coalesce(given -> (one.tbl || '.' || one.col), '[]'))::uuid);
        ELSE
            -- The survivor is nobody's guardian but another's: its own row is left alone.
            EXECUTE format(
                'SELECT coalesce(array_agg(t.id ORDER BY t.id), ''{}'') FROM clinic.%I t
                 WHERE t.clinic_id = $1 AND t.%I = $2 AND ($4 OR t.id <> $3)', one.tbl, one.col)
            INTO wanted USING in_clinic, from_id, to_id, one.tbl <> 'patient';
        END IF;
        CONTINUE WHEN wanted = '{}';
        statement := format(
            'WITH moved AS (UPDATE clinic.%I t SET %I = $3, version = t.version + 1
             WHERE t.clinic_id = $1 AND t.%I = $2 AND t.id = ANY ($4) RETURNING t.id)
             SELECT coalesce(array_agg(m.id ORDER BY m.id), ''{}'') FROM moved m',
            one.tbl, one.col, one.col);
        IF one.single THEN
            ids := '{}';
            FOREACH row_id IN ARRAY wanted LOOP
                BEGIN
                    EXECUTE statement INTO wanted
                    USING in_clinic, from_id, to_id, ARRAY[row_id];
                    ids := ids || wanted;
                EXCEPTION WHEN unique_violation THEN
                    NULL;  -- The other record has one already: this one waits with the merged.
                END;
            END LOOP;
        ELSE
            EXECUTE statement INTO ids USING in_clinic, from_id, to_id, wanted;
        END IF;
        IF ids <> '{}' THEN
            done := done || jsonb_build_object(one.tbl || '.' || one.col, to_jsonb(ids));
        END IF;
    END LOOP;
    DELETE FROM clinic.record_move m WHERE m.xact = pg_current_xact_id()::text::bigint;
    RETURN done;
END $$;

-- What was written since about what had moved: a note's versions, the paper of an invoice, the
-- reversal of a payment. Found along the foreign keys between tables of patients, both ways.
CREATE FUNCTION clinic.written_with(in_clinic uuid, survivor uuid, moved jsonb, since timestamptz)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    edge record;
    ids uuid[];
    grown boolean := true;
    found jsonb := moved;
BEGIN
    WHILE grown LOOP
        grown := false;
        FOR edge IN
            SELECT c.tbl AS child, c.col AS child_col, p.tbl AS parent, p.col AS parent_col,
                   a.attname::text AS link
            FROM pg_constraint f
            JOIN clinic.patient_columns() c
              ON f.conrelid = format('clinic.%I', c.tbl)::regclass
            JOIN clinic.patient_columns() p
              ON f.confrelid = format('clinic.%I', p.tbl)::regclass
            CROSS JOIN LATERAL unnest(f.conkey) AS key(attnum)
            JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = key.attnum
            WHERE f.contype = 'f' AND a.attname <> 'clinic_id'
              AND c.tbl NOT IN ('patient', 'household') AND p.tbl NOT IN ('patient', 'household')
        LOOP
            EXECUTE format(
                'SELECT array_agg(c.id) FROM clinic.%1$I c
                 WHERE c.clinic_id = $1 AND c.%2$I = $2 AND c.created_at > $3
                   AND c.%3$I = ANY (ARRAY(SELECT jsonb_array_elements_text($4)::uuid))
                   AND NOT c.id = ANY (ARRAY(SELECT jsonb_array_elements_text($5)::uuid))',
                edge.child, edge.child_col, edge.link)
            INTO ids USING in_clinic, survivor, since,
                coalesce(found -> (edge.parent || '.' || edge.parent_col), '[]'),
                coalesce(found -> (edge.child || '.' || edge.child_col), '[]');
            IF ids IS NOT NULL THEN
                grown := true;
                found := jsonb_set(found, ARRAY[edge.child || '.' || edge.child_col],
                    coalesce(found -> (edge.child || '.' || edge.child_col), '[]') || to_jsonb(ids));
            END IF;
            EXECUTE format(
                'SELECT array_agg(DISTINCT p.id) FROM clinic.%4$I p
                 JOIN clinic.%1$I c ON c.clinic_id = $1 AND c.%3$I = p.id
                 WHERE p.clinic_id = $1 AND p.%5$I = $2 AND p.created_at > $3
                   AND c.id = ANY (ARRAY(SELECT jsonb_array_elements_text($5)::uuid))
                   AND NOT p.id = ANY (ARRAY(SELECT jsonb_array_elements_text($4)::uuid))',
                edge.child, edge.child_col, edge.link, edge.parent, edge.parent_col)
            INTO ids USING in_clinic, survivor, since,
                coalesce(found -> (edge.parent || '.' || edge.parent_col), '[]'),
                coalesce(found -> (edge.child || '.' || edge.child_col), '[]');
            IF ids IS NOT NULL THEN
                grown := true;
                found := jsonb_set(found, ARRAY[edge.parent || '.' || edge.parent_col],
                    coalesce(found -> (edge.parent || '.' || edge.parent_col), '[]')
                        || to_jsonb(ids));
            END IF;
        END LOOP;
    END LOOP;
    RETURN found;
END $$;

CREATE FUNCTION clinic.merge_patients(
    in_clinic uuid, in_merge uuid, in_survivor uuid, in_merged uuid, in_before jsonb, in_taken jsonb
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    there int;
    went jsonb;
BEGIN
    PERFORM clinic.require(in_clinic, 'patients.merge');
    IF in_survivor = in_merged THEN
        RAISE EXCEPTION 'a record cannot be merged with itself'
            USING ERRCODE = 'CD006', CONSTRAINT = 'merge_with_itself';
    END IF;
    -- In one order, so that two merges of one pair wait instead of deadlocking. Whoever writes for
    -- one of them at this moment holds its key, and is waited for.
    PERFORM FROM clinic.patient p
    WHERE p.clinic_id = in_clinic AND p.id IN (in_survivor, in_merged) ORDER BY p.id FOR UPDATE;
    SELECT count(*) INTO there FROM clinic.patient p
    WHERE p.clinic_id = in_clinic AND p.id IN (in_survivor, in_merged) AND p.deleted_at IS NULL;
    IF there <> 2 THEN
        RAISE EXCEPTION 'a record is no longer in use'
            USING ERRCODE = 'CD006', CONSTRAINT = 'merge_gone';
    END IF;
    went := clinic.move_records(in_clinic, in_merged, in_survivor, NULL);
    UPDATE clinic.patient p
    SET merged_into_id = in_survivor, deleted_at = now(), version = p.version + 1
    WHERE p.clinic_id = in_clinic AND p.id = in_merged;
    INSERT INTO clinic.patient_merge (clinic_id, id, survivor_id, merged_id, moved, before, taken)
    VALUES (in_clinic, in_merge, in_survivor, in_merged, went, in_before, in_taken);
    RETURN went;
END $$;

CREATE FUNCTION clinic.unmerge_patients(in_clinic uuid, in_merge uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it clinic.patient_merge;
    next_merge clinic.patient_merge;
    field text;
    went jsonb;
    kept boolean;
BEGIN
    PERFORM clinic.require(in_clinic, 'patients.merge');
    SELECT * INTO it FROM clinic.patient_merge m
    WHERE m.clinic_id = in_clinic AND m.id = in_merge FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such merge' USING ERRCODE = 'CD003';
    END IF;
    IF it.undone_at IS NOT NULL THEN
        RAISE EXCEPTION 'taken apart before'
            USING ERRCODE = 'CD006', CONSTRAINT = 'unmerge_twice';
    END IF;
    PERFORM FROM clinic.patient p
    WHERE p.clinic_id = in_clinic AND p.id IN (it.survivor_id, it.merged_id)
    ORDER BY p.id FOR UPDATE;
    SELECT p.deleted_at IS NULL INTO kept FROM clinic.patient p
    WHERE p.clinic_id = in_clinic AND p.id = it.survivor_id;
    IF NOT kept THEN
        RAISE EXCEPTION 'the survivor was merged as well'
            USING ERRCODE = 'CD006', CONSTRAINT = 'unmerge_later';
    END IF;
    UPDATE clinic.patient p
    SET merged_into_id = NULL, deleted_at = NULL, version = p.version + 1
    WHERE p.clinic_id = in_clinic AND p.id = it.merged_id AND p.merged_into_id = it.survivor_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the record is not as the merge left it' USING ERRCODE = 'CD003';
    END IF;
    went := clinic.move_records(in_clinic, it.survivor_id, it.merged_id,
        clinic.written_with(in_clinic, it.survivor_id, it.moved, it.created_at));
    -- A later merge of the survivor remembers values that this one had brought.
    FOR next_merge IN
        SELECT * FROM clinic.patient_merge m
        WHERE m.clinic_id = in_clinic AND m.survivor_id = it.survivor_id AND m.undone_at IS NULL
          AND m.id <> it.id AND m.created_at >= it.created_at
        ORDER BY m.created_at, m.id
    LOOP
        FOR field IN SELECT jsonb_object_keys(it.taken) LOOP
            IF next_merge.before -> field = it.taken -> field THEN
                UPDATE clinic.patient_merge m
                SET before = m.before || jsonb_build_object(field, it.before -> field),
                    version = m.version + 1
                WHERE m.clinic_id = in_clinic AND m.id = next_merge.id;
            END IF;
        END LOOP;
    END LOOP;
    UPDATE clinic.patient_merge m SET undone_at = now(), version = m.version + 1
    WHERE m.clinic_id = in_clinic AND m.id = in_merge;
    RETURN went;
END $$;

-- A row of patient_merge says what may move: only the functions above write it.
CREATE FUNCTION clinic.guard_merge() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'clinic_owner' THEN
        RAISE EXCEPTION 'records are merged by merge_patients' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- Only those functions forward a record or take it back from there.
CREATE FUNCTION clinic.guard_forwarding() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'clinic_owner'
       AND (TG_OP = 'INSERT' AND NEW.merged_into_id IS NOT NULL
            OR TG_OP = 'UPDATE' AND (OLD.merged_into_id IS NOT NULL
                                     OR NEW.merged_into_id IS NOT NULL)) THEN
        RAISE EXCEPTION 'a merged record is closed' USING ERRCODE = 'CD006';
    END IF;
    RETURN NEW;
END $$;
