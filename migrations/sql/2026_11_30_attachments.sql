-- Files of patients: whole or not there, read through one door, in one's own name.

CREATE FUNCTION clinic.file_is_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found record;
BEGIN
    SELECT count(*) AS pieces, sum(octet_length(p.content)) AS size,
           sha256(string_agg(p.sha256, ''::bytea ORDER BY p.number)) AS fingerprint
    INTO found
    FROM clinic.file_piece p WHERE p.clinic_id = NEW.clinic_id AND p.file_id = NEW.id;
    IF found.pieces <> NEW.pieces OR found.size IS DISTINCT FROM NEW.size
       OR found.fingerprint IS DISTINCT FROM NEW.fingerprint THEN
        RAISE EXCEPTION 'a stored file is not whole'
            USING ERRCODE = 'CD002', CONSTRAINT = 'stored_file_whole';
    END IF;
    RETURN NULL;
END $$;

-- A file has all its pieces when its transaction ends: their numbers leave no room for another.
CREATE FUNCTION clinic.guard_piece() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    of_file int;
BEGIN
    SELECT f.pieces INTO of_file FROM clinic.stored_file f
    WHERE f.clinic_id = NEW.clinic_id AND f.id = NEW.file_id;
    IF NEW.number < 0 OR NEW.number >= of_file
       OR (NEW.number < of_file - 1 AND octet_length(NEW.content) <> 1048576) THEN
        RAISE EXCEPTION 'a piece is outside its file'
            USING ERRCODE = 'CD002', CONSTRAINT = 'file_piece_place';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION clinic.guard_attachment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT clinic.is_me(NEW.clinic_id, NEW.added_by) THEN
            RAISE EXCEPTION 'a file is added in one''s own name' USING ERRCODE = 'CD005';
        END IF;
    ELSIF NEW.patient_id <> OLD.patient_id OR NEW.file_id <> OLD.file_id
          OR NEW.added_by <> OLD.added_by OR NEW.name <> OLD.name THEN
        RAISE EXCEPTION 'an attachment keeps its patient and its file' USING ERRCODE = 'CD002';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION clinic.guard_mark() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM clinic.attachment a WHERE a.clinic_id = NEW.clinic_id
                   AND a.id = NEW.attachment_id AND a.patient_id = NEW.patient_id) THEN
        RAISE EXCEPTION 'a mark lies over an image of its patient' USING ERRCODE = 'CD002';
    END IF;
    RETURN NEW;
END $$;

-- A patient's files with their small pictures; no bytes of theirs.
CREATE FUNCTION clinic.read_stored_file(in_clinic uuid, in_patient uuid, in_row uuid DEFAULT NULL)
RETURNS SETOF clinic.stored_file
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.require(in_clinic, 'documents.read');
    PERFORM clinic.log_access(in_clinic, in_patient, 'read', 'stored_file');
    RETURN QUERY SELECT f.* FROM clinic.stored_file f
        WHERE f.clinic_id = in_clinic AND (in_row IS NULL OR f.id = in_row)
          AND EXISTS (SELECT FROM clinic.attachment a WHERE a.clinic_id = f.clinic_id
                      AND a.file_id = f.id AND a.patient_id = in_patient
                      AND a.deleted_at IS NULL);
END $$;

-- The bytes of one attachment (in_row) of a patient, piece by piece.
CREATE FUNCTION clinic.read_file_piece(in_clinic uuid, in_patient uuid, in_row uuid)
RETURNS SETOF clinic.file_piece
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.require(in_clinic, 'documents.read');
    PERFORM clinic.log_access(in_clinic, in_patient, 'read', 'file_piece');
    RETURN QUERY SELECT p.* FROM clinic.attachment a
        JOIN clinic.file_piece p ON p.clinic_id = a.clinic_id AND p.file_id = a.file_id
        WHERE a.clinic_id = in_clinic AND a.id = in_row AND a.patient_id = in_patient
          AND a.deleted_at IS NULL
        ORDER BY p.number;
END $$;
