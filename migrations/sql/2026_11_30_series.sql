-- A series is one patient's, in the clinic's own time.
CREATE FUNCTION clinic.guard_series() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.patient_id <> OLD.patient_id AND NOT clinic.is_moving() THEN
            RAISE EXCEPTION 'a series stays with its patient' USING ERRCODE = 'CD002';
        END IF;
        IF NEW.zone = OLD.zone THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM FROM clinic.clinic c WHERE c.id = NEW.clinic_id AND c.zone = NEW.zone;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a series is in the clinic''s own time'
            USING ERRCODE = '23514', CONSTRAINT = 'appointment_series_zone',
                  TABLE = 'appointment_series';
    END IF;
    RETURN NEW;
END $$;

-- An appointment belongs to a series of its own patient.
CREATE FUNCTION clinic.guard_series_visit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- A merge moves the two one after the other.
    IF clinic.is_moving() THEN
        RETURN NEW;
    END IF;
    PERFORM FROM clinic.appointment_series s
    WHERE s.clinic_id = NEW.clinic_id AND s.id = NEW.series_id AND s.patient_id = NEW.patient_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the series is another patient''s'
            USING ERRCODE = '23514', CONSTRAINT = 'appointment_series_patient',
                  TABLE = 'appointment';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION clinic.guard_series() OWNER TO clinic_owner;
REVOKE ALL ON FUNCTION clinic.guard_series() FROM PUBLIC;
ALTER FUNCTION clinic.guard_series_visit() OWNER TO clinic_owner;
REVOKE ALL ON FUNCTION clinic.guard_series_visit() FROM PUBLIC;

-- Only what belongs to a series is looked at: a booking by itself pays nothing for it.
CREATE TRIGGER b_guard_series BEFORE INSERT OR UPDATE OF series_id, series_date, patient_id
    ON clinic.appointment FOR EACH ROW WHEN (NEW.series_id IS NOT NULL)
    EXECUTE FUNCTION clinic.guard_series_visit();
CREATE TRIGGER b_guard_series BEFORE INSERT OR UPDATE OF patient_id, zone
    ON clinic.appointment_series FOR EACH ROW EXECUTE FUNCTION clinic.guard_series();
