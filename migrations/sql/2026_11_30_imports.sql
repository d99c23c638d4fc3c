-- What many rows at once need: words indexed a statement at a time, numbers taken by the block.

-- One statement for all rows of an INSERT: a hundred thousand patients would otherwise run a
-- function each, and their words would go into the index one by one in no order.
CREATE FUNCTION clinic.index_new_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO clinic.patient_word (clinic_id, word, sort_key, patient_id)
    SELECT DISTINCT n.clinic_id, w.word COLLATE "C", n.sort_key, n.id
    FROM fresh n CROSS JOIN LATERAL unnest(n.words) AS w(word)
    WHERE n.deleted_at IS NULL
    ORDER BY 1, 2, 3, 4;
    RETURN NULL;
END $$;

-- Taking the numbers one by one would walk a chain of dead counters as long as the file, and hold
-- the counter against everybody else meanwhile. The caller commits this by itself; a block that is
-- not used leaves a gap, which record numbers may have. Numbers that a file brings along are never
-- given again: the counter passes in_least first.
CREATE FUNCTION clinic.reserve_patient_numbers(in_clinic uuid, in_count int, in_least int)
RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reached int;
BEGIN
    PERFORM clinic.require(in_clinic, 'patients.write');
    IF in_count NOT BETWEEN 0 AND 10000 OR in_least NOT BETWEEN 0 AND 9999999 THEN
        RAISE EXCEPTION 'no such block of numbers' USING ERRCODE = '22023';
    END IF;
    INSERT INTO clinic.counter AS c (clinic_id, series, year, last)
    VALUES (in_clinic, 'patient', 0, in_least + in_count)
    ON CONFLICT (clinic_id, series, year)
    DO UPDATE SET last = greatest(c.last, in_least) + in_count
    RETURNING c.last INTO reached;
    RETURN reached - in_count + 1;
END $$;
