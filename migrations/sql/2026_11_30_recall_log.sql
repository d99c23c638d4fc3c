-- When the recalls of one patient were advanced, and from what: a completion that is taken back
-- sets them back. Values are read through here alone; reading them is written down.
CREATE FUNCTION clinic.read_recall_log(in_clinic uuid, in_patient uuid)
RETURNS TABLE (seq bigint, op text, row_id uuid, before jsonb, after jsonb)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.require(in_clinic, 'clinical.reverse');
    PERFORM clinic.log_access(in_clinic, in_patient, 'history', 'recall');
    RETURN QUERY
        SELECT l.seq, l.op, l.row_id, v.before, v.after
        FROM clinic.change_log l
        JOIN clinic.change_value v ON v.clinic_id = l.clinic_id AND v.seq = l.seq
        WHERE l.clinic_id = in_clinic AND l.patient_id = in_patient AND l.tbl = 'recall'
          AND v.after ? 'last_on'
        ORDER BY l.seq DESC;
END $$;
