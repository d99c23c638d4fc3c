-- Seals over the log of reading, erasure that the chain itself tells of, and money that raw SQL
-- cannot bend. What replaces an older function says why; the older text is in 2026_11_20_*.sql.

-- What one access entry says, short enough to be kept beside every seal.
CREATE FUNCTION clinic.access_digest(
    id bigint, clinic_id uuid, at timestamptz, login text, device text, patient_id uuid,
    action text, category text
) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT substr(sha256(convert_to(jsonb_build_array(
        id, clinic_id, (extract(epoch FROM at) * 1000000)::bigint, login, device, patient_id,
        action, category)::text, 'UTF8')), 1, 16)
$$;

CREATE FUNCTION clinic.seal_hash(
    previous bytea, n bigint, clinic_id uuid, ids bigint[], digests bytea
) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(n, clinic_id, ids)::text, 'UTF8')
                  || digests)
$$;

-- Seal what was read, in one chain for each clinic. Nobody waits: whoever finds another sealing
-- leaves it to them. Entries get their numbers before they commit, so a seal goes no further than
-- the number noted by the one before it, and only once every transaction of that time has ended.
CREATE FUNCTION clinic.seal_access(in_clinic uuid, most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    head record;
    running_from bigint;
    batch record;
    next_hash bytea;
    sealed int := 0;
BEGIN
    IF NOT EXISTS (SELECT FROM clinic.access_head h WHERE h.clinic_id = in_clinic) THEN
        INSERT INTO clinic.access_head (clinic_id, seals, last, hash, noted, noted_xact)
        SELECT c.id, 0, 0, '\x00', 0, 0 FROM clinic.clinic c WHERE c.id = in_clinic
        ON CONFLICT DO NOTHING;
    END IF;
    SELECT h.seals, h.last, h.hash, h.noted, h.noted_xact INTO head FROM clinic.access_head h
    WHERE h.clinic_id = in_clinic FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    running_from := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    IF head.noted_xact > running_from
       AND head.noted_xact <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint THEN
        RETURN 0;
    END IF;
    -- A note from beyond this server's transactions came with a restored backup: it is made anew.
    IF head.noted_xact <= running_from THEN
        SELECT array_agg(e.id ORDER BY e.id) AS ids,
               string_agg(clinic.access_digest(e.id, e.clinic_id, e.at, e.login, e.device,
                          e.patient_id, e.action, e.category), '' ORDER BY e.id) AS digests
        INTO batch
        FROM (SELECT * FROM clinic.access_log a
              WHERE a.clinic_id = in_clinic AND a.id > head.last AND a.id <= head.noted
              ORDER BY a.id LIMIT most) e;
        sealed := coalesce(cardinality(batch.ids), 0);
    END IF;
    IF sealed > 0 THEN
        next_hash := clinic.seal_hash(head.hash, head.seals + 1, in_clinic, batch.ids,
                                      batch.digests);
        INSERT INTO clinic.access_seal (clinic_id, n, at, ids, digests, hash)
        VALUES (in_clinic, head.seals + 1, clock_timestamp(), batch.ids, batch.digests, next_hash)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RETURN 0;  -- Somebody set the head back: verify says so, reading goes on.
        END IF;
        UPDATE clinic.access_head h
        SET seals = head.seals + 1, last = batch.ids[sealed], hash = next_hash
        WHERE h.clinic_id = in_clinic;
    END IF;
    IF sealed < most THEN
        -- The block has a transaction number of its own, taken after the entries' number was read:
        -- whoever may still bring a lower entry has a lower number.
        BEGIN
            UPDATE clinic.access_head h
            SET noted = coalesce((SELECT max(a.id) FROM clinic.access_log a
                                  WHERE a.clinic_id = in_clinic), 0)
            WHERE h.clinic_id = in_clinic;
        EXCEPTION WHEN assert_failure THEN
            RAISE;  -- never: what matters is the block
        END;
        UPDATE clinic.access_head h
        SET noted_xact = running_from
            + ((h.xmin::text::bigint - running_from % 4294967296 + 4294967296) % 4294967296)
        WHERE h.clinic_id = in_clinic;
    END IF;
    RETURN sealed;
END $$;

-- As before, and every 256th entry seals those before it: a read pays a thousandth of the cost.
CREATE OR REPLACE FUNCTION clinic.log_access(
    in_clinic uuid, in_patient uuid, in_action text, in_category text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- A transaction that takes a number has one of its own before: seals wait for it by that.
    this_xact xid8 := pg_current_xact_id();
    entry bigint;
BEGIN
    PERFORM clinic.require(in_clinic, 'member');
    INSERT INTO clinic.access_log (clinic_id, at, login, device, patient_id, action, category)
    VALUES (in_clinic, clock_timestamp(), session_user,
            left(NULLIF(current_setting('clinic.device', true), ''), 100),
            in_patient, left(in_action, 100), left(in_category, 60))
    RETURNING id INTO entry;
    IF entry % 256 = 0 THEN
        PERFORM clinic.seal_access(in_clinic, 1024);
    END IF;
END $$;

-- Values leave the log through erase_values alone, which runs as the log's owner.
CREATE FUNCTION clinic.refuse_unless_erased() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_user = 'clinic_log' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'CD002';
END $$;

-- Erase what the log kept of one patient: values, reasons and salts; the chain stays whole and gets
-- an entry (op E) that says so. Called last in the transaction that empties the record itself: of
-- those changes only what was there before goes. Only who manages staff may, which is an
-- administrator's right: a manager's or dentist's login must not be able to clear the trail.
CREATE FUNCTION clinic.erase_values(in_clinic uuid, in_patient uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    this_xact bigint := pg_current_xact_id()::text::bigint;
    erased bigint;
BEGIN
    PERFORM clinic.require(in_clinic, 'staff.write');
    PERFORM FROM clinic.patient p WHERE p.clinic_id = in_clinic AND p.id = in_patient;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such patient' USING ERRCODE = 'CD003';
    END IF;
    -- With the head held, whatever is sealed is seen here and whatever comes later is not covered.
    PERFORM FROM clinic.log_head h WHERE h.clinic_id = in_clinic FOR UPDATE;
    UPDATE clinic.change_stage s SET before = NULL
    WHERE s.xact = this_xact AND s.clinic_id = in_clinic AND s.patient_id = in_patient;
    DELETE FROM clinic.change_value v USING clinic.change_log l
    WHERE l.clinic_id = in_clinic AND l.patient_id = in_patient AND l.op <> 'E'
      AND v.clinic_id = l.clinic_id AND v.seq = l.seq;
    GET DIAGNOSTICS erased = ROW_COUNT;
    INSERT INTO clinic.change_stage (xact, clinic_id, at, tbl, op, row_id, patient_id, permission,
                                     fields, salt, before, after)
    VALUES (this_xact, in_clinic, clock_timestamp(), 'change_value', 'E', in_patient, in_patient,
            'audit.read', ARRAY['*'], gen_random_uuid(), NULL,
            jsonb_build_object('entries', erased));
    RETURN erased;
END $$;

-- The time of an entry is that of its transaction: that is how a posting is known to come with it.
CREATE FUNCTION clinic.guard_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.created_at := now();
    RETURN NEW;
END $$;

-- Money balances when the transaction commits, is owed by the patient of the entry alone, comes
-- with its entry, and leaves the clinic (refund, write-off, income taken back) only by the right
-- to it. A reversal takes back exactly what another entry did.
CREATE OR REPLACE FUNCTION clinic.entry_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry uuid;
    made record;
    sides record;
BEGIN
    IF TG_TABLE_NAME = 'posting' THEN
        entry := NEW.journal_entry_id;
    ELSE
        entry := NEW.id;
    END IF;
    SELECT e.patient_id, e.kind, e.reverses_id, e.created_at = now() AS fresh INTO made
    FROM clinic.journal_entry e WHERE e.clinic_id = NEW.clinic_id AND e.id = entry;
    IF NOT made.fresh THEN
        RAISE EXCEPTION 'entry % stands already', entry
            USING ERRCODE = 'CD002', CONSTRAINT = 'entry_stands';
    END IF;
    SELECT sum(p.amount) AS total, count(*) AS n,
           bool_or(p.patient_id <> made.patient_id) AS strange,
           bool_or(p.account = 'written_off' OR p.account = 'income' AND p.amount > 0
                   OR p.account IN ('cash', 'card', 'bank') AND p.amount < 0) AS gives
    INTO sides
    FROM clinic.posting p WHERE p.clinic_id = NEW.clinic_id AND p.journal_entry_id = entry;
    IF sides.n < 2 OR sides.total <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance', entry
            USING ERRCODE = '23514', CONSTRAINT = 'entry_balances';
    END IF;
    IF sides.strange THEN
        RAISE EXCEPTION 'entry % charges another patient', entry
            USING ERRCODE = '23514', CONSTRAINT = 'entry_of_one_patient';
    END IF;
    IF made.reverses_id IS NOT NULL THEN
        PERFORM clinic.must_mirror(NEW.clinic_id, entry, made.reverses_id);
    ELSIF sides.gives THEN
        PERFORM clinic.require(NEW.clinic_id, 'billing.refund');
    END IF;
    IF made.kind IN ('refund', 'write_off') THEN
        PERFORM clinic.require(NEW.clinic_id, 'billing.refund');
    END IF;
    RETURN NULL;
END $$;

-- Without this, anything could be called a reversal.
CREATE FUNCTION clinic.must_mirror(in_clinic uuid, in_entry uuid, in_reversed uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM clinic.journal_entry e
    JOIN clinic.journal_entry r ON r.clinic_id = e.clinic_id AND r.id = in_reversed
         AND r.kind = e.kind AND r.patient_id = e.patient_id
    WHERE e.clinic_id = in_clinic AND e.id = in_entry;
    IF NOT FOUND OR EXISTS (
        SELECT FROM (
            SELECT p.account, p.patient_id, p.provider_id, p.amount, 1 AS side
            FROM clinic.posting p
            WHERE p.clinic_id = in_clinic AND p.journal_entry_id = in_entry
            UNION ALL
            SELECT p.account, p.patient_id, p.provider_id, -p.amount, -1
            FROM clinic.posting p
            WHERE p.clinic_id = in_clinic AND p.journal_entry_id = in_reversed) both_sides
        GROUP BY account, patient_id, provider_id, amount HAVING sum(side) <> 0
    ) THEN
        RAISE EXCEPTION 'entry % is not the reverse of %', in_entry, in_reversed
            USING ERRCODE = '23514', CONSTRAINT = 'reversal_mirrors';
    END IF;
END $$;

-- A line bills a charge of the invoice's own patient.
CREATE OR REPLACE FUNCTION clinic.guard_invoice_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whose uuid;
BEGIN
    SELECT i.patient_id INTO whose FROM clinic.invoice i
    WHERE i.clinic_id = NEW.clinic_id AND i.id = NEW.invoice_id AND i.status = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an issued invoice is frozen'
            USING ERRCODE = 'CD002', CONSTRAINT = 'invoice_issued';
    END IF;
    PERFORM FROM clinic.posting p
    WHERE p.clinic_id = NEW.clinic_id AND p.id = NEW.posting_id AND p.account = 'receivable'
      AND p.amount = NEW.amount AND p.patient_id = whose;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a line bills a charge of the same patient and amount'
            USING ERRCODE = '23514', CONSTRAINT = 'invoice_line_charge';
    END IF;
    RETURN NEW;
END $$;

-- A draft stays its patient's: moved to another, it would bill charges that are not theirs.
CREATE FUNCTION clinic.guard_invoice_patient() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'an invoice stays its patient''s'
        USING ERRCODE = 'CD002', CONSTRAINT = 'invoice_issued';
END $$;
