-- A periodontal exam is begun in one's own name, typed as a draft, and frozen by its signature.
CREATE FUNCTION clinic.guard_perio_exam() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT clinic.is_me(NEW.clinic_id, NEW.person_id) THEN
            RAISE EXCEPTION 'an exam is made in one''s own name' USING ERRCODE = 'CD005';
        END IF;
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'an exam is signed after it is made' USING ERRCODE = 'CD002';
        END IF;
        RETURN NEW;
    END IF;
    IF clinic.is_moving() THEN
        RETURN NEW;
    END IF;
    IF OLD.status = 'signed' THEN
        RAISE EXCEPTION 'a signed exam is frozen'
            USING ERRCODE = 'CD002', CONSTRAINT = 'perio_signed';
    END IF;
    IF NEW.patient_id <> OLD.patient_id OR NEW.person_id <> OLD.person_id THEN
        RAISE EXCEPTION 'an exam stays where it was made' USING ERRCODE = 'CD002';
    END IF;
    IF NEW.status = 'signed' THEN
        PERFORM clinic.require(NEW.clinic_id, 'clinical.sign');
        IF NOT clinic.is_me(NEW.clinic_id, NEW.signed_by) THEN
            RAISE EXCEPTION 'an exam is signed in one''s own name' USING ERRCODE = 'CD005';
        END IF;
        NEW.signed_at := now();
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION clinic.guard_perio_tooth() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    state text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF clinic.is_moving() THEN
            RETURN NEW;
        END IF;
        IF NEW.patient_id <> OLD.patient_id OR NEW.exam_id <> OLD.exam_id OR NEW.tooth <> OLD.tooth
           OR NEW.deleted_at IS NOT NULL THEN
            RAISE EXCEPTION 'a tooth stays in its exam' USING ERRCODE = 'CD002';
        END IF;
    END IF;
    -- The lock keeps a signature from slipping in between.
    SELECT e.status INTO state FROM clinic.perio_exam e
    WHERE e.clinic_id = NEW.clinic_id AND e.id = NEW.exam_id AND e.patient_id = NEW.patient_id
      AND e.deleted_at IS NULL
    FOR SHARE;
    IF state IS NULL THEN
        RAISE EXCEPTION 'the exam is not there'
            USING ERRCODE = 'CD002', CONSTRAINT = 'perio_gone';
    ELSIF state <> 'draft' THEN
        RAISE EXCEPTION 'a signed exam is frozen'
            USING ERRCODE = 'CD002', CONSTRAINT = 'perio_signed';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION clinic.guard_perio_exam() OWNER TO clinic_owner;
ALTER FUNCTION clinic.guard_perio_tooth() OWNER TO clinic_owner;
REVOKE ALL ON FUNCTION clinic.guard_perio_exam() FROM PUBLIC;
REVOKE ALL ON FUNCTION clinic.guard_perio_tooth() FROM PUBLIC;
