-- Tags and birthdays as keys of a list, whose own stars and filters are, who was opened last.

-- The persons that the login is, one for each clinic.
CREATE FUNCTION clinic.own_persons() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me text := session_user;
BEGIN
    RETURN ARRAY(SELECT p.id FROM clinic.person p WHERE p.login = me AND p.active);
END $$;

-- The keys of a record: one for each tag, one for the day of birth. A record that is merged or
-- deleted has none.
CREATE FUNCTION clinic.list_keys(in_tags uuid[], in_born date) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT 'tag:' || t::text FROM unnest(in_tags) t
    UNION ALL
    SELECT 'born:' || to_char(in_born, 'MMDD') WHERE in_born IS NOT NULL
$$;

CREATE FUNCTION clinic.index_keys() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.tags IS DISTINCT FROM OLD.tags AND EXISTS (
        SELECT FROM unnest(NEW.tags) t
        WHERE NOT EXISTS (SELECT FROM clinic.patient_tag g
                          WHERE g.clinic_id = NEW.clinic_id AND g.id = t)
    ) THEN
        RAISE EXCEPTION 'a tag of another clinic, or none'
            USING ERRCODE = '23503', CONSTRAINT = 'patient_tags_known';
    END IF;
    DELETE FROM clinic.patient_key k USING clinic.list_keys(OLD.tags, OLD.born) AS gone(key)
    WHERE k.clinic_id = OLD.clinic_id AND k.key = gone.key COLLATE "C"
      AND k.sort_key = OLD.sort_key AND k.patient_id = OLD.id;
    IF NEW.deleted_at IS NULL THEN
        INSERT INTO clinic.patient_key (clinic_id, key, sort_key, patient_id)
        SELECT NEW.clinic_id, made.key, NEW.sort_key, NEW.id
        FROM clinic.list_keys(NEW.tags, NEW.born) AS made(key);
    END IF;
    RETURN NULL;
END $$;

-- One statement for all rows of an INSERT, as with the words of names.
CREATE FUNCTION clinic.index_new_keys() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh n CROSS JOIN LATERAL unnest(n.tags) AS t(id)
        WHERE NOT EXISTS (SELECT FROM clinic.patient_tag g
                          WHERE g.clinic_id = n.clinic_id AND g.id = t.id)
    ) THEN
        RAISE EXCEPTION 'a tag of another clinic, or none'
            USING ERRCODE = '23503', CONSTRAINT = 'patient_tags_known';
    END IF;
    INSERT INTO clinic.patient_key (clinic_id, key, sort_key, patient_id)
    SELECT n.clinic_id, 'born:' || to_char(n.born, 'MMDD'), n.sort_key, n.id
    FROM fresh n WHERE n.deleted_at IS NULL AND n.born IS NOT NULL
    UNION ALL
    SELECT DISTINCT n.clinic_id, 'tag:' || t.id::text, n.sort_key, n.id
    FROM fresh n CROSS JOIN LATERAL unnest(n.tags) AS t(id) WHERE n.deleted_at IS NULL;
    RETURN NULL;
END $$;

-- Whom the person opened last, the latest first: from the log of who opened what, which holds on
-- every PC. It looks at the last in_look openings and no further.
CREATE FUNCTION clinic.opened_last(in_clinic uuid, in_most int, in_look int)
RETURNS TABLE (patient_id uuid, opened_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me text := session_user;
BEGIN
    PERFORM clinic.require(in_clinic, 'patients.read');
    RETURN QUERY
    SELECT o.patient_id, max(o.at) FROM (
        SELECT a.patient_id, a.at, a.id FROM clinic.access_log a
        WHERE a.clinic_id = in_clinic AND a.login = me AND a.action = 'open'
          AND a.patient_id IS NOT NULL
        ORDER BY a.id DESC LIMIT least(in_look, 1000)
    ) o GROUP BY o.patient_id ORDER BY max(o.id) DESC LIMIT least(in_most, 100);
END $$;
