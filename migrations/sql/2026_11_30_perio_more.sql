-- An exam of another clinic comes in through an archive: under the name of who brought it, with
-- the names of those who made and signed it there, and frozen as it was when it was signed there.
CREATE OR REPLACE FUNCTION clinic.guard_perio_exam() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT clinic.is_me(NEW.clinic_id, NEW.person_id) THEN
            RAISE EXCEPTION 'an exam is made in one''s own name' USING ERRCODE = 'CD005';
        END IF;
        IF NEW.status <> 'draft' OR NEW.signer <> '' THEN
            RAISE EXCEPTION 'an exam is signed after it is made' USING ERRCODE = 'CD002';
        END IF;
        IF NEW.brought_from <> '' THEN
            PERFORM clinic.require(NEW.clinic_id, 'patients.export');
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
    IF NEW.patient_id <> OLD.patient_id OR NEW.person_id <> OLD.person_id
       OR NEW.brought_from <> OLD.brought_from OR NEW.author <> OLD.author THEN
        RAISE EXCEPTION 'an exam stays where it was made' USING ERRCODE = 'CD002';
    END IF;
    IF NEW.status = 'signed' AND NEW.signer <> '' THEN
        -- Signed elsewhere: by the one who brings it in, in one act with bringing it in.
        PERFORM clinic.require(NEW.clinic_id, 'patients.export');
        IF NOT clinic.is_me(NEW.clinic_id, OLD.person_id) OR NEW.signed_at IS NULL
           OR NEW.signed_at > now() OR OLD.xmin <> pg_current_xact_id()::xid THEN
            RAISE EXCEPTION 'an exam is signed in one''s own name' USING ERRCODE = 'CD005';
        END IF;
    ELSIF NEW.status = 'signed' THEN
        PERFORM clinic.require(NEW.clinic_id, 'clinical.sign');
        IF NOT clinic.is_me(NEW.clinic_id, NEW.signed_by) THEN
            RAISE EXCEPTION 'an exam is signed in one''s own name' USING ERRCODE = 'CD005';
        END IF;
        NEW.signed_at := now();
    END IF;
    RETURN NEW;
END $$;

-- Who filled a cell last: named to whom it is refused to write over it. No value is read.
CREATE FUNCTION clinic.perio_hand(in_clinic uuid, in_row uuid, in_measure text, in_place integer)
RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.require(in_clinic, 'clinical.read');
    RETURN (
        SELECT l.login
        FROM clinic.change_log l
        JOIN clinic.change_value v ON v.clinic_id = l.clinic_id AND v.seq = l.seq
        WHERE l.clinic_id = in_clinic AND l.tbl = 'perio_tooth' AND l.row_id = in_row
          AND v.after ? in_measure
          AND CASE WHEN jsonb_typeof(v.after -> in_measure) = 'array'
                   THEN v.before -> in_measure -> in_place
                        IS DISTINCT FROM v.after -> in_measure -> in_place
                   ELSE true END
        ORDER BY l.seq DESC LIMIT 1);
END $$;
