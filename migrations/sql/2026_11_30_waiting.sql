-- An answer is told by whoever heard it, and of the patient whose request it is.
CREATE FUNCTION clinic.guard_offer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT clinic.is_me(NEW.clinic_id, NEW.person_id) THEN
        RAISE EXCEPTION 'an answer is told in one''s own name' USING ERRCODE = 'CD005';
    END IF;
    IF NEW.at > now() + interval '5 minutes' THEN
        RAISE EXCEPTION 'an answer lies in the past' USING ERRCODE = 'CD002';
    END IF;
    PERFORM FROM clinic.waiting_request r
    WHERE r.clinic_id = NEW.clinic_id AND r.id = NEW.request_id AND r.patient_id = NEW.patient_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the request is another patient''s' USING ERRCODE = 'CD002';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION clinic.guard_offer() OWNER TO clinic_owner;
REVOKE ALL ON FUNCTION clinic.guard_offer() FROM PUBLIC;
