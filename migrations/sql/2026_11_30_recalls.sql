-- A try to reach somebody is told by whoever made it, of the patient whose recall it is, and once.
CREATE FUNCTION clinic.guard_attempt() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT clinic.is_me(NEW.clinic_id, NEW.person_id) THEN
        RAISE EXCEPTION 'an attempt is told in one''s own name' USING ERRCODE = 'CD005';
    END IF;
    IF NEW.at > now() + interval '5 minutes' THEN
        RAISE EXCEPTION 'an attempt lies in the past' USING ERRCODE = 'CD002';
    END IF;
    PERFORM FROM clinic.recall r
    WHERE r.clinic_id = NEW.clinic_id AND r.id = NEW.recall_id AND r.patient_id = NEW.patient_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the recall is another patient''s' USING ERRCODE = 'CD002';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION clinic.guard_attempt() OWNER TO clinic_owner;
REVOKE ALL ON FUNCTION clinic.guard_attempt() FROM PUBLIC;
