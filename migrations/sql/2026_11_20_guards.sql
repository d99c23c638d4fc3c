-- What must never happen, refused row by row.
-- SQLSTATEs of our own: CD001 stale version, CD002 frozen, CD003 not exactly one row, CD004 last
-- administrator, CD005 an act in somebody else's name.

CREATE FUNCTION clinic.guard_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'somebody saved % first', TG_TABLE_NAME
            USING ERRCODE = 'CD001', CONSTRAINT = 'stale_version';
    END IF;
    IF NEW.clinic_id <> OLD.clinic_id OR NEW.id <> OLD.id OR NEW.created_at <> OLD.created_at THEN
        RAISE EXCEPTION 'the key of % is fixed', TG_TABLE_NAME USING ERRCODE = 'CD002';
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION clinic.next_number(in_clinic uuid, in_series text, in_year int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given int;
BEGIN
    INSERT INTO clinic.counter AS c (clinic_id, series, year, last)
    VALUES (in_clinic, in_series, in_year, 1)
    ON CONFLICT (clinic_id, series, year) DO UPDATE SET last = c.last + 1
    RETURNING c.last INTO given;
    RETURN given;
END $$;

CREATE FUNCTION clinic.number_patient() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.number = '' THEN
        NEW.number := lpad(clinic.next_number(NEW.clinic_id, 'patient', 0)::text, 5, '0');
        -- The program cannot know the number beforehand; it is found with and without its zeros.
        NEW.words := NEW.words || ARRAY[NEW.number, ltrim(NEW.number, '0')];
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION clinic.index_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.words = OLD.words AND NEW.sort_key = OLD.sort_key
           AND NEW.deleted_at IS NOT DISTINCT FROM OLD.deleted_at THEN
            RETURN NULL;
        END IF;
        -- By the whole key: the old words are known, an index by patient would double the table.
        DELETE FROM clinic.patient_word w USING unnest(OLD.words) AS gone(word)
        WHERE w.clinic_id = OLD.clinic_id AND w.word = gone.word COLLATE "C"
          AND w.sort_key = OLD.sort_key AND w.patient_id = OLD.id;
    END IF;
    IF NEW.deleted_at IS NULL THEN
        INSERT INTO clinic.patient_word (clinic_id, word, sort_key, patient_id)
        SELECT DISTINCT NEW.clinic_id, w, NEW.sort_key, NEW.id FROM unnest(NEW.words) w;
    END IF;
    RETURN NULL;
END $$;

-- An appointment's provider and chair are taken while it blocks. Locks first, in one order: racing
-- inserts on an exclusion constraint would deadlock and wait for seconds.
CREATE FUNCTION clinic.occupy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one bigint := uuid_hash_extended(NEW.provider_id, 0);
    other bigint := uuid_hash_extended(coalesce(NEW.chair_id, NEW.provider_id), 0);
    ends timestamptz := NEW.ends_at;
    taken boolean := NEW.deleted_at IS NULL
                     AND NEW.status NOT IN ('cancelled', 'missed', 'rescheduled');
    own tstzmultirange;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.provider_id = OLD.provider_id
       AND NEW.chair_id IS NOT DISTINCT FROM OLD.chair_id AND NEW.starts_at = OLD.starts_at
       AND NEW.ends_at = OLD.ends_at AND NEW.status = OLD.status
       AND NEW.done_at IS NOT DISTINCT FROM OLD.done_at
       AND NEW.squeeze_reason = OLD.squeeze_reason
       AND NEW.deleted_at IS NOT DISTINCT FROM OLD.deleted_at THEN
        RETURN NULL;
    END IF;
    IF NEW.squeeze_reason <> '' AND (TG_OP = 'INSERT' OR NEW.squeeze_reason <> OLD.squeeze_reason)
    THEN
        PERFORM clinic.require(NEW.clinic_id, 'schedule.squeeze');
    END IF;
    IF NEW.status = 'done' AND NEW.done_at IS NOT NULL THEN
        -- Done early frees the rest; done before the booked time frees it all.
        IF NEW.done_at <= NEW.starts_at THEN
            taken := false;
        ELSE
            ends := least(ends, NEW.done_at);
        END IF;
    END IF;
    own := tstzmultirange(tstzrange(NEW.starts_at, ends, '[)'));
    IF taken THEN
        PERFORM pg_advisory_xact_lock(least(one, other));
        IF one <> other THEN
            PERFORM pg_advisory_xact_lock(greatest(one, other));
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM clinic.appointment_resource r
        WHERE r.clinic_id = NEW.clinic_id AND r.appointment_id = NEW.id AND r.kind = 'chair'
          AND NEW.chair_id IS NULL;
    END IF;
    -- A squeezed-in patient may overlap the provider, never the chair.
    INSERT INTO clinic.appointment_resource AS r
        (clinic_id, appointment_id, kind, resource_id, own_time, blocking)
    SELECT NEW.clinic_id, NEW.id, wanted.kind, wanted.resource_id, own, wanted.blocking
    FROM (VALUES ('provider', NEW.provider_id, taken AND NEW.squeeze_reason = ''),
                 ('chair', NEW.chair_id, taken)) AS wanted(kind, resource_id, blocking)
    WHERE wanted.resource_id IS NOT NULL
    ON CONFLICT (clinic_id, appointment_id, kind) DO UPDATE
        SET resource_id = excluded.resource_id, own_time = excluded.own_time,
            blocking = excluded.blocking;
    RETURN NULL;
END $$;

CREATE FUNCTION clinic.is_me(in_clinic uuid, in_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM clinic.person p WHERE p.clinic_id = in_clinic AND p.id = in_person
                   AND p.login = session_user::text AND p.active)
$$;

CREATE FUNCTION clinic.guard_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT clinic.is_me(NEW.clinic_id, NEW.author_id) THEN
            RAISE EXCEPTION 'a note is written in one''s own name' USING ERRCODE = 'CD005';
        END IF;
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'a note is signed after it is written' USING ERRCODE = 'CD002';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status = 'signed' THEN
        RAISE EXCEPTION 'a signed note is locked' USING ERRCODE = 'CD002', CONSTRAINT = 'note_signed';
    END IF;
    IF NEW.patient_id <> OLD.patient_id OR NEW.author_id <> OLD.author_id THEN
        RAISE EXCEPTION 'a note stays where it was written' USING ERRCODE = 'CD002';
    END IF;
    IF NEW.status = 'signed' THEN
        PERFORM clinic.require(NEW.clinic_id, 'clinical.sign');
        IF NOT clinic.is_me(NEW.clinic_id, NEW.signed_by) THEN
            RAISE EXCEPTION 'a note is signed in one''s own name' USING ERRCODE = 'CD005';
        END IF;
        NEW.signed_at := now();
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION clinic.guard_note_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    state text;
BEGIN
    -- The lock keeps a signature from slipping in between.
    SELECT n.status INTO state FROM clinic.note n
    WHERE n.clinic_id = NEW.clinic_id AND n.id = NEW.note_id AND n.patient_id = NEW.patient_id
    FOR SHARE;
    IF state IS DISTINCT FROM 'draft' THEN
        RAISE EXCEPTION 'a signed note is locked' USING ERRCODE = 'CD002', CONSTRAINT = 'note_signed';
    END IF;
    RETURN NEW;
END $$;

-- Money balances when the transaction commits.
CREATE FUNCTION clinic.entry_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry uuid := CASE TG_TABLE_NAME WHEN 'posting' THEN (to_jsonb(NEW) ->> 'journal_entry_id')::uuid
                                     ELSE NEW.id END;
    total numeric;
    sides int;
BEGIN
    SELECT sum(p.amount), count(*) INTO total, sides FROM clinic.posting p
    WHERE p.clinic_id = NEW.clinic_id AND p.journal_entry_id = entry;
    IF sides < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance', entry
            USING ERRCODE = '23514', CONSTRAINT = 'entry_balances';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION clinic.guard_invoice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    lines_total numeric;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'numbers come from issuing' USING ERRCODE = 'CD002';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status = 'issued' THEN
        -- Its stored paper is attached once, after the number is known; nothing else moves.
        IF OLD.document_id IS NULL AND NEW.document_id IS NOT NULL
           AND to_jsonb(NEW) - ARRAY['document_id', 'version', 'updated_at']
             = to_jsonb(OLD) - ARRAY['document_id', 'version', 'updated_at'] THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'an issued invoice is frozen'
            USING ERRCODE = 'CD002', CONSTRAINT = 'invoice_issued';
    END IF;
    IF NEW.status = 'issued' THEN
        SELECT sum(l.amount) INTO lines_total FROM clinic.invoice_line l
        WHERE l.clinic_id = NEW.clinic_id AND l.invoice_id = NEW.id;
        IF lines_total IS DISTINCT FROM NEW.total::numeric THEN
            RAISE EXCEPTION 'the lines do not add up to the total'
                USING ERRCODE = '23514', CONSTRAINT = 'invoice_adds_up';
        END IF;
        NEW.issued_at := now();
        -- The day and the year of the number are the clinic's, not those of UTC.
        SELECT (now() AT TIME ZONE c.zone)::date INTO NEW.issued_on
        FROM clinic.clinic c WHERE c.id = NEW.clinic_id;
        NEW.year := extract(year FROM NEW.issued_on);
        NEW.number := clinic.next_number(NEW.clinic_id, 'invoice ' || NEW.series, NEW.year);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION clinic.guard_invoice_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM clinic.invoice i
    WHERE i.clinic_id = NEW.clinic_id AND i.id = NEW.invoice_id AND i.status = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an issued invoice is frozen'
            USING ERRCODE = 'CD002', CONSTRAINT = 'invoice_issued';
    END IF;
    PERFORM FROM clinic.posting p
    WHERE p.clinic_id = NEW.clinic_id AND p.id = NEW.posting_id AND p.account = 'receivable'
      AND p.amount = NEW.amount;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a line bills a charge of the same amount'
            USING ERRCODE = '23514', CONSTRAINT = 'invoice_line_charge';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION clinic.guard_prescription() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'numbers come from issuing' USING ERRCODE = 'CD002';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status = 'issued' THEN
        IF OLD.document_id IS NULL AND NEW.document_id IS NOT NULL
           AND to_jsonb(NEW) - ARRAY['document_id', 'version', 'updated_at']
             = to_jsonb(OLD) - ARRAY['document_id', 'version', 'updated_at'] THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'an issued prescription is frozen'
            USING ERRCODE = 'CD002', CONSTRAINT = 'prescription_issued';
    END IF;
    IF NEW.status = 'issued' THEN
        PERFORM FROM clinic.provider p JOIN clinic.person s
            ON s.clinic_id = p.clinic_id AND s.id = p.person_id
        WHERE p.clinic_id = NEW.clinic_id AND p.id = NEW.provider_id
          AND s.login = session_user::text AND s.active;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a prescription is issued in one''s own name' USING ERRCODE = 'CD005';
        END IF;
        PERFORM FROM clinic.prescription_item i
        WHERE i.clinic_id = NEW.clinic_id AND i.prescription_id = NEW.id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'an empty prescription' USING ERRCODE = '23514';
        END IF;
        NEW.issued_at := now();
        SELECT extract(year FROM now() AT TIME ZONE c.zone) INTO NEW.year
        FROM clinic.clinic c WHERE c.id = NEW.clinic_id;
        NEW.number := clinic.next_number(NEW.clinic_id, 'prescription', NEW.year);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION clinic.guard_prescription_item() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM clinic.prescription p
    WHERE p.clinic_id = NEW.clinic_id AND p.id = NEW.prescription_id
      AND p.patient_id = NEW.patient_id AND p.status = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an issued prescription is frozen'
            USING ERRCODE = 'CD002', CONSTRAINT = 'prescription_issued';
    END IF;
    RETURN NEW;
END $$;

-- The balance moves with the ledger. A product that was never counted has no balance: only a count
-- gives it one, because "not known" is not zero.
CREATE FUNCTION clinic.move_stock() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE clinic.stock_balance b SET quantity = b.quantity + NEW.quantity
    WHERE b.clinic_id = NEW.clinic_id AND b.product_id = NEW.product_id;
    IF NOT FOUND AND NEW.kind = 'count' THEN
        INSERT INTO clinic.stock_balance (clinic_id, product_id, quantity)
        VALUES (NEW.clinic_id, NEW.product_id, NEW.quantity);
    END IF;
    RETURN NULL;
END $$;
