-- Nothing on a chart begins on a day that has come nowhere on earth; completed work is taken back
-- only by who may, because money, stock and the next visit followed from it.
CREATE FUNCTION clinic.guard_chart_item() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.since > (now() AT TIME ZONE 'UTC' + interval '14 hours')::date THEN
        RAISE EXCEPTION 'a chart entry does not begin in the future'
            USING ERRCODE = '23514', CONSTRAINT = 'chart_item_not_future';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.done_at IS NOT NULL AND OLD.deleted_at IS NULL
       AND (NEW.done_at IS NULL OR NEW.deleted_at IS NOT NULL) THEN
        PERFORM clinic.require(NEW.clinic_id, 'clinical.reverse');
    END IF;
    RETURN NEW;
END $$;

-- What the log says of one patient's chart, oldest first: what was known when, and whose act it
-- was. Values are read through here alone; reading them is written down.
CREATE FUNCTION clinic.read_chart_log(in_clinic uuid, in_patient uuid)
RETURNS TABLE (seq bigint, at timestamptz, login text, op text, row_id uuid, before jsonb,
               after jsonb)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.require(in_clinic, 'clinical.read');
    PERFORM clinic.log_access(in_clinic, in_patient, 'history', 'chart_item');
    RETURN QUERY
        SELECT l.seq, l.at, l.login, l.op, l.row_id, v.before, v.after
        FROM clinic.change_log l
        JOIN clinic.change_value v ON v.clinic_id = l.clinic_id AND v.seq = l.seq
        WHERE l.clinic_id = in_clinic AND l.patient_id = in_patient AND l.tbl = 'chart_item'
        ORDER BY l.seq;
END $$;
