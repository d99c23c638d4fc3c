-- An appointment that was moved to another time has the one that took its place, and that one alone.

-- Which appointment it stands for is said when it is made and never afterwards: so no two can stand
-- for each other, but those that are made together.
CREATE FUNCTION clinic.guard_stands_for() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.rescheduled_from_id IS DISTINCT FROM OLD.rescheduled_from_id THEN
        RAISE EXCEPTION 'what an appointment stands for does not change'
            USING ERRCODE = 'CD002', CONSTRAINT = 'appointment_place', TABLE = 'appointment';
    END IF;
    RETURN NEW;
END $$;

-- Asked when all of an act is written: the time is given up first, and taken anew after that.
CREATE FUNCTION clinic.guard_successor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    row_now clinic.appointment;
    before clinic.appointment;
    step uuid;
    refused text;
BEGIN
    SELECT a.* INTO row_now FROM clinic.appointment a
    WHERE a.clinic_id = NEW.clinic_id AND a.id = NEW.id;
    IF row_now.id IS NULL OR row_now.deleted_at IS NOT NULL THEN
        -- Whom it stood for stands for nobody, unless that one is gone as well.
        PERFORM FROM clinic.appointment a
        WHERE a.clinic_id = NEW.clinic_id AND a.id = NEW.rescheduled_from_id
          AND a.status = 'rescheduled' AND a.deleted_at IS NULL
          AND NOT EXISTS (SELECT FROM clinic.appointment n
                          WHERE n.clinic_id = a.clinic_id AND n.rescheduled_from_id = a.id
                            AND n.deleted_at IS NULL);
        refused := CASE WHEN FOUND THEN 'appointment_successor' END;
    ELSE
        IF row_now.status = 'rescheduled' THEN
            PERFORM FROM clinic.appointment n
            WHERE n.clinic_id = row_now.clinic_id AND n.rescheduled_from_id = row_now.id
              AND n.deleted_at IS NULL
              -- One that was cancelled later is still where it went to.
              AND (n.status <> 'cancelled' OR TG_OP = 'UPDATE' AND OLD.status = 'rescheduled');
            refused := CASE WHEN NOT FOUND THEN 'appointment_successor' END;
        ELSIF row_now.status NOT IN ('missed', 'cancelled') THEN
            PERFORM FROM clinic.appointment n
            WHERE TG_OP = 'UPDATE' AND OLD.status = 'rescheduled'
              AND n.clinic_id = row_now.clinic_id AND n.rescheduled_from_id = row_now.id
              AND n.deleted_at IS NULL AND n.status <> 'cancelled';
            refused := CASE WHEN FOUND THEN 'appointment_stands_again' END;
        END IF;
        IF refused IS NULL AND row_now.rescheduled_from_id IS NOT NULL THEN
            SELECT a.* INTO before FROM clinic.appointment a
            WHERE a.clinic_id = row_now.clinic_id AND a.id = row_now.rescheduled_from_id;
            IF before.patient_id <> row_now.patient_id AND NOT clinic.is_moving() THEN
                refused := 'appointment_place_patient';
            ELSIF row_now.status <> 'cancelled' AND before.deleted_at IS NULL
                  AND before.status NOT IN ('missed', 'cancelled', 'rescheduled')
                  -- Who was missed may come after all; both visits then take place.
                  AND (TG_OP = 'INSERT' OR before.status IN ('pending', 'confirmed')) THEN
                refused := 'appointment_place_stands';
            END IF;
            step := row_now.rescheduled_from_id;
            WHILE refused IS NULL AND step IS NOT NULL LOOP
                IF step = row_now.id THEN
                    refused := 'appointment_place_loop';
                END IF;
                SELECT a.rescheduled_from_id INTO step FROM clinic.appointment a
                WHERE a.clinic_id = row_now.clinic_id AND a.id = step;
            END LOOP;
        END IF;
    END IF;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'an appointment and the one in its place do not fit'
            USING ERRCODE = '23514', CONSTRAINT = refused, TABLE = 'appointment';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER b_guard_stands_for BEFORE UPDATE OF rescheduled_from_id ON clinic.appointment
    FOR EACH ROW EXECUTE FUNCTION clinic.guard_stands_for();
-- A booking by itself pays nothing for these. They are two of one function, because the condition of
-- an insert cannot name what was there before, and asked inside it each booking would pay.
CREATE CONSTRAINT TRIGGER d_guard_made_anew AFTER INSERT ON clinic.appointment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.rescheduled_from_id IS NOT NULL OR NEW.status = 'rescheduled')
    EXECUTE FUNCTION clinic.guard_successor();
CREATE CONSTRAINT TRIGGER d_guard_successor AFTER UPDATE OF status, deleted_at ON clinic.appointment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.status <> NEW.status OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
          AND (NEW.rescheduled_from_id IS NOT NULL OR 'rescheduled' IN (OLD.status, NEW.status)))
    EXECUTE FUNCTION clinic.guard_successor();

-- Whom to call about a broken appointment, kept beside the appointments: the walk from the oldest on
-- would pass all who came since. The last one of each patient that broke, unless another one was
-- made for it; cancelled within ten minutes of being made is a slip of the desk.
CREATE FUNCTION clinic.last_broken(in_clinic uuid, in_patients uuid[])
RETURNS TABLE (clinic_id uuid, patient_id uuid, appointment_id uuid, starts_at timestamptz,
               provider_id uuid, declined boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT b.clinic_id, b.patient_id, b.id, b.starts_at, b.provider_id,
           coalesce((SELECT t.outcome = 'declined' FROM clinic.contact_attempt t
                     WHERE t.clinic_id = b.clinic_id AND t.patient_id = b.patient_id
                       AND t.appointment_id = b.id AND t.deleted_at IS NULL
                     ORDER BY t.at DESC, t.id DESC LIMIT 1), false)
    FROM (SELECT DISTINCT ON (a.patient_id) a.*
          FROM clinic.appointment a
          WHERE a.clinic_id = in_clinic AND (in_patients IS NULL OR a.patient_id = ANY (in_patients))
            AND a.status IN ('missed', 'cancelled') AND a.deleted_at IS NULL
            AND NOT (a.status = 'cancelled'
                     AND a.status_at < a.created_at + interval '10 minutes')
          ORDER BY a.patient_id, a.starts_at DESC, a.id DESC) b
    JOIN clinic.patient p ON p.clinic_id = b.clinic_id AND p.id = b.patient_id
         AND p.status = 'active' AND p.deleted_at IS NULL
    WHERE NOT EXISTS (
        SELECT FROM clinic.appointment n
        WHERE n.clinic_id = b.clinic_id AND n.patient_id = b.patient_id AND n.deleted_at IS NULL
          AND n.status NOT IN ('missed', 'cancelled', 'rescheduled')
          AND (n.rescheduled_from_id = b.id
               OR n.starts_at > b.starts_at
                  AND n.created_at > coalesce(b.status_at, b.starts_at)))
$$;

CREATE FUNCTION clinic.keep_broken(in_clinic uuid, in_patient uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Two acts on visits of one patient at a time: the later one has to see the first.
    PERFORM pg_advisory_xact_lock(uuid_hash_extended(in_patient, 1));
    DELETE FROM clinic.broken_visit v WHERE v.clinic_id = in_clinic AND v.patient_id = in_patient;
    INSERT INTO clinic.broken_visit
        (clinic_id, patient_id, appointment_id, starts_at, provider_id, declined)
    SELECT * FROM clinic.last_broken(in_clinic, ARRAY[in_patient]);
END $$;

CREATE FUNCTION clinic.broken_by_visit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone text[] := ARRAY['missed', 'cancelled', 'rescheduled'];
BEGIN
    -- A visit that takes its course takes a patient off the list at most, who is mostly not on it.
    IF NEW.status <> ALL (gone) AND NEW.deleted_at IS NULL
       AND (TG_OP = 'INSERT'
            OR OLD.status <> ALL (gone) AND OLD.deleted_at IS NULL
               AND NEW.starts_at >= OLD.starts_at AND NEW.patient_id = OLD.patient_id) THEN
        PERFORM FROM clinic.broken_visit v
        WHERE v.clinic_id = NEW.clinic_id AND v.patient_id = NEW.patient_id;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM clinic.keep_broken(NEW.clinic_id, NEW.patient_id);
    IF TG_OP = 'UPDATE' AND OLD.patient_id <> NEW.patient_id THEN
        PERFORM clinic.keep_broken(OLD.clinic_id, OLD.patient_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION clinic.broken_by_patient() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.keep_broken(NEW.clinic_id, NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION clinic.broken_by_attempt() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.keep_broken(NEW.clinic_id, NEW.patient_id);
    RETURN NULL;
END $$;

-- Made pending, an appointment is passed by the walk until its first step: booking pays nothing.
CREATE TRIGGER k_keep_broken_new AFTER INSERT ON clinic.appointment
    FOR EACH ROW WHEN (NEW.status <> 'pending') EXECUTE FUNCTION clinic.broken_by_visit();
CREATE TRIGGER k_keep_broken AFTER UPDATE OF status, starts_at, deleted_at, patient_id, provider_id
    ON clinic.appointment
    FOR EACH ROW
    WHEN (OLD.status <> NEW.status OR OLD.starts_at <> NEW.starts_at
          OR OLD.patient_id <> NEW.patient_id OR OLD.provider_id <> NEW.provider_id
          OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION clinic.broken_by_visit();
CREATE TRIGGER k_keep_broken AFTER UPDATE OF status, deleted_at ON clinic.patient
    FOR EACH ROW
    WHEN (OLD.status <> NEW.status OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION clinic.broken_by_patient();
CREATE TRIGGER k_keep_broken AFTER INSERT ON clinic.contact_attempt
    FOR EACH ROW WHEN (NEW.appointment_id IS NOT NULL)
    EXECUTE FUNCTION clinic.broken_by_attempt();

-- Names that the worker put into a file: on whose choice, of which provider, how many. It asks the
-- log itself who chose, and says nothing of any one patient.
CREATE FUNCTION clinic.log_feed(in_clinic uuid, in_provider uuid, in_names int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chose text;
    whose text;
    -- A transaction that takes a number has one of its own before: seals wait for it by that.
    this_xact xid8 := pg_current_xact_id();
    entry bigint;
BEGIN
    SELECT coalesce(w.name, l.login) INTO chose FROM clinic.setting s
    JOIN clinic.change_log l ON l.clinic_id = s.clinic_id AND l.tbl = 'setting' AND l.row_id = s.id
    LEFT JOIN clinic.person w ON w.clinic_id = l.clinic_id AND w.id = l.person_id
    WHERE s.clinic_id = in_clinic AND s.name = 'calendar_feed' AND s.deleted_at IS NULL
    ORDER BY l.seq DESC LIMIT 1;
    SELECT p.short_name INTO whose FROM clinic.provider p
    WHERE p.clinic_id = in_clinic AND p.id = in_provider;
    INSERT INTO clinic.access_log (clinic_id, at, login, device, patient_id, action, category)
    VALUES (in_clinic, clock_timestamp(), session_user,
            left('worker for ' || coalesce(chose, '?'), 100), NULL, 'export',
            left('calendar ' || in_names || ' ' || coalesce(whose, '?'), 60))
    RETURNING id INTO entry;
    IF entry % 256 = 0 THEN
        PERFORM clinic.seal_access(in_clinic, 1024);
    END IF;
END $$;
