-- Working time: a place is booked while its provider works and its chair is in use, or somebody who
-- may says why not. All of it in the clinic's own time, on days when the clocks change as well.

-- The instant at which the clocks first show a time. PostgreSQL takes the later of two; of a time
-- that is skipped both it and we take what stands an hour on.
CREATE FUNCTION clinic.clock_first(in_local timestamp, in_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found timestamptz := in_local AT TIME ZONE in_zone;
    -- Every change of clocks since 1980 is a multiple of a quarter, and none is longer.
    earlier interval := interval '3 hours';
BEGIN
    WHILE earlier > interval '0' LOOP
        IF (found - earlier) AT TIME ZONE in_zone = in_local THEN
            RETURN found - earlier;
        END IF;
        earlier := earlier - interval '15 minutes';
    END LOOP;
    RETURN found;
END $$;

-- When a provider works on a day and the chair, if any, is in use. domain/working_time.py says the
-- same in Python: own hours of a kind stand in place of the clinic's, hours of one date in place of
-- the week's, and what is closed is closed. Without a provider the chair alone counts.
CREATE FUNCTION clinic.worked_on(
    in_clinic uuid, in_provider uuid, in_chair uuid, in_day date, in_zone text
) RETURNS tstzmultirange
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    none constant tstzmultirange := '{}';
    midnight timestamp := in_day;
    next_midnight timestamp := in_day + 1;
    starts timestamptz := midnight AT TIME ZONE in_zone;
    ends timestamptz := next_midnight AT TIME ZONE in_zone;
    -- Three hours to either side, because clocks change at midnight too.
    plain boolean := (ends + interval '3 hours') AT TIME ZONE in_zone
                     - (starts - interval '3 hours') AT TIME ZONE in_zone
                     = ends - starts + interval '6 hours';
    own_hours boolean;
    own_breaks boolean;
    chair_hours boolean;
    own tstzmultirange;
    usual tstzmultirange;
    pauses tstzmultirange;
    usual_pauses tstzmultirange;
    seat tstzmultirange;
    seat_pauses tstzmultirange;
    own_date tstzmultirange;
    clinic_date tstzmultirange;
    seat_date tstzmultirange;
    closed tstzmultirange;
    seat_closed tstzmultirange;
    whole tstzmultirange;
    worked tstzmultirange;
BEGIN
    IF NOT plain THEN
        starts := clinic.clock_first(midnight, in_zone);
        ends := clinic.clock_first(next_midnight, in_zone);
    END IF;
    whole := tstzmultirange(tstzrange(starts, ends, '[)'));
    SELECT bool_or(w.is_own AND w.kind = 'open'), bool_or(w.is_own AND w.kind = 'break'),
           bool_or(w.is_seat AND w.kind = 'open'),
           range_agg(w.span) FILTER (WHERE w.is_own AND w.kind = 'open'),
           range_agg(w.span) FILTER (WHERE w.is_usual AND w.kind = 'open'),
           range_agg(w.span) FILTER (WHERE w.is_own AND w.kind = 'break'),
           range_agg(w.span) FILTER (WHERE w.is_usual AND w.kind = 'break'),
           range_agg(w.span) FILTER (WHERE w.is_seat AND w.kind = 'open'),
           range_agg(w.span) FILTER (WHERE w.is_seat AND w.kind = 'break')
    INTO own_hours, own_breaks, chair_hours, own, usual, pauses, usual_pauses, seat, seat_pauses
    FROM (
        SELECT h.kind, h.provider_id IS NOT NULL AS is_own, h.chair_id IS NOT NULL AS is_seat,
               h.provider_id IS NULL AND h.chair_id IS NULL AS is_usual,
               CASE WHEN h.weekday <> extract(isodow FROM in_day)::int - 1 THEN NULL
                    WHEN plain THEN tstzrange((in_day + h.starts) AT TIME ZONE in_zone,
                                              (in_day + h.ends) AT TIME ZONE in_zone, '[)')
                    ELSE clinic.clock_span(in_day + h.starts, in_day + h.ends, in_zone) END AS span
        FROM clinic.working_time h
        WHERE h.clinic_id = in_clinic AND h.deleted_at IS NULL
          AND (h.provider_id = in_provider OR h.chair_id = in_chair
               OR h.provider_id IS NULL AND h.chair_id IS NULL)
    ) w;
    SELECT range_agg(s.span) FILTER (WHERE s.kind = 'open' AND s.provider_id IS NOT NULL),
           range_agg(s.span) FILTER (WHERE s.kind = 'open' AND s.provider_id IS NULL
                                     AND s.chair_id IS NULL),
           range_agg(s.span) FILTER (WHERE s.kind = 'open' AND s.chair_id IS NOT NULL),
           range_agg(s.span) FILTER (WHERE s.kind <> 'open' AND s.chair_id IS NULL),
           range_agg(s.span) FILTER (WHERE s.kind <> 'open' AND s.chair_id IS NOT NULL)
    INTO own_date, clinic_date, seat_date, closed, seat_closed
    FROM (
        SELECT t.kind, t.provider_id, t.chair_id,
               clinic.clock_span(greatest(t.starts, midnight), least(t.ends, next_midnight),
                                 in_zone) AS span
        FROM clinic.special_time t
        WHERE t.clinic_id = in_clinic AND t.deleted_at IS NULL
          AND t.starts < next_midnight AND t.ends > midnight
          AND (t.provider_id = in_provider OR t.chair_id = in_chair
               OR t.provider_id IS NULL AND t.chair_id IS NULL)
    ) s;
    IF in_provider IS NULL THEN
        worked := whole;
        closed := none;
    ELSIF own_date IS NOT NULL THEN
        worked := own_date;
    ELSIF clinic_date IS NOT NULL AND NOT coalesce(own_hours, false) THEN
        worked := clinic_date;
    ELSE
        worked := coalesce(CASE WHEN own_hours THEN own ELSE usual END, none)
                  - coalesce(CASE WHEN own_breaks THEN pauses ELSE usual_pauses END, none);
        IF clinic_date IS NOT NULL THEN
            worked := worked * clinic_date;
        END IF;
    END IF;
    worked := worked * whole - coalesce(closed, none);
    IF in_chair IS NOT NULL THEN
        IF seat_date IS NOT NULL THEN
            worked := worked * seat_date;
        ELSE
            IF chair_hours THEN
                worked := worked * coalesce(seat, none);
            END IF;
            worked := worked - coalesce(seat_pauses, none);
        END IF;
        worked := worked - coalesce(seat_closed, none);
    END IF;
    RETURN worked;
END $$;

-- From one time on the clocks to another; an hour that comes twice is in it twice.
CREATE FUNCTION clinic.clock_span(in_starts timestamp, in_ends timestamp, in_zone text)
RETURNS tstzrange
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    starts timestamptz := clinic.clock_first(in_starts, in_zone);
BEGIN
    RETURN tstzrange(starts, greatest(starts, in_ends AT TIME ZONE in_zone), '[)');
END $$;

CREATE FUNCTION clinic.is_worked(
    in_clinic uuid, in_provider uuid, in_chair uuid, in_starts timestamptz, in_ends timestamptz,
    in_zone text
) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    day date := (in_starts AT TIME ZONE in_zone)::date;
    last_day date := ((in_ends - interval '1 microsecond') AT TIME ZONE in_zone)::date;
    worked tstzmultirange := '{}';
BEGIN
    WHILE day <= last_day LOOP
        worked := worked + clinic.worked_on(in_clinic, in_provider, in_chair, day, in_zone);
        day := day + 1;
    END LOOP;
    RETURN tstzrange(in_starts, in_ends, '[)') <@ worked;
END $$;

-- What an appointment's last move changed, by which it may go back.
CREATE FUNCTION clinic.place_before(in_clinic uuid, in_appointment uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT v.before FROM clinic.change_log l
    JOIN clinic.change_value v ON v.clinic_id = l.clinic_id AND v.seq = l.seq
    WHERE l.clinic_id = in_clinic AND l.tbl = 'appointment' AND l.row_id = in_appointment
      AND l.op = 'U' AND l.fields && ARRAY['starts_at', 'ends_at', 'provider_id', 'chair_id']
    ORDER BY l.seq DESC LIMIT 1
$$;

-- The minutes in which an assistant alone works, counted from the start: '0-10,50-60'.
CREATE FUNCTION clinic.assist_time(in_assist text, in_starts timestamptz) RETURNS tstzmultirange
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(range_agg(tstzrange(
               in_starts + make_interval(mins => split_part(part, '-', 1)::int),
               in_starts + make_interval(mins => greatest(split_part(part, '-', 1)::int,
                                                          split_part(part, '-', 2)::int)), '[)')),
           '{}')
    FROM unnest(string_to_array(in_assist, ',')) AS part
$$;

-- Where and when an appointment may stand. SQLSTATE 23514 with a name for each refusal.
CREATE FUNCTION clinic.guard_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_new boolean := TG_OP = 'INSERT';
    other_place boolean := true;
    within boolean := false;
    woken boolean := false;
    other_start boolean := true;
    here record;
    inside boolean;
    past boolean;
    was jsonb;
    refused text;
BEGIN
    IF NOT is_new THEN
        other_place := (NEW.provider_id, NEW.starts_at, NEW.ends_at)
                       <> (OLD.provider_id, OLD.starts_at, OLD.ends_at)
                       OR NEW.chair_id IS DISTINCT FROM OLD.chair_id;
        IF NOT other_place AND NEW.outside_reason <> OLD.outside_reason THEN
            -- Why it stands there is part of the record.
            PERFORM clinic.require(NEW.clinic_id, 'schedule.override');
            IF NEW.outside_reason = '' THEN
                RAISE EXCEPTION 'the reason stays with the appointment'
                    USING ERRCODE = 'CD002', CONSTRAINT = 'appointment_outside_reason';
            END IF;
        END IF;
        -- What was cancelled comes back to a place that may be closed by now.
        woken := NEW.deleted_at IS NULL
                 AND NEW.status NOT IN ('cancelled', 'missed', 'rescheduled')
                 AND (OLD.deleted_at IS NOT NULL
                      OR OLD.status IN ('cancelled', 'missed', 'rescheduled'))
                 AND NEW.ends_at > now();
        IF NOT other_place AND NOT woken AND NEW.local_start = OLD.local_start
           AND NEW.zone = OLD.zone AND NEW.assist = OLD.assist THEN
            RETURN NEW;
        END IF;
        other_start := NEW.starts_at <> OLD.starts_at;
        -- Nothing of the provider's that was not taken before.
        within := NOT woken AND NEW.provider_id = OLD.provider_id
                  AND NEW.starts_at >= OLD.starts_at AND NEW.ends_at <= OLD.ends_at;
    END IF;
    IF NOT coalesce(isfinite(NEW.starts_at) AND isfinite(NEW.ends_at)
                    AND NEW.ends_at > NEW.starts_at
                    AND NEW.ends_at <= NEW.starts_at + interval '24 hours', false) THEN
        -- A check of the table says what is wrong with these times.
        RETURN NEW;
    END IF;
    -- Against a change of hours under way: whoever makes one waits for bookings, and they for it.
    PERFORM pg_advisory_xact_lock_shared(uuid_hash_extended(NEW.clinic_id, 0));
    SELECT c.zone, NEW.starts_at < now() - make_interval(mins => c.slot_minutes) AS late,
           p.active AND p.deleted_at IS NULL AS provider_stands,
           NEW.chair_id IS NULL OR s.active AND s.deleted_at IS NULL AS chair_stands,
           t.status = 'active' AND t.deleted_at IS NULL AS patient_stands
    INTO here
    FROM clinic.clinic c
    LEFT JOIN clinic.provider p ON p.clinic_id = c.id AND p.id = NEW.provider_id
    LEFT JOIN clinic.chair s ON s.clinic_id = c.id AND s.id = NEW.chair_id
    LEFT JOIN clinic.patient t ON t.clinic_id = c.id AND t.id = NEW.patient_id
    WHERE c.id = NEW.clinic_id;
    IF NEW.zone <> here.zone
       OR NEW.local_start IS DISTINCT FROM (NEW.starts_at AT TIME ZONE NEW.zone) THEN
        refused := 'appointment_local_time';
    ELSIF NEW.assist <> '' AND clinic.assist_time(NEW.assist, NEW.starts_at)
          @> tstzrange(NEW.starts_at, NEW.ends_at, '[)') THEN
        refused := 'appointment_assist';
    END IF;
    IF refused IS NULL AND is_new AND NEW.source = 'import' THEN
        -- What another system held stays as it was there.
        PERFORM clinic.require(NEW.clinic_id, 'settings.write');
        RETURN NEW;
    END IF;
    IF refused IS NOT NULL OR NOT (other_place OR woken) THEN
        NULL;
    ELSIF is_new AND here.patient_stands IS NOT TRUE THEN
        refused := 'appointment_patient_stands';
    ELSIF here.provider_stands IS NOT TRUE
          AND (is_new OR NEW.provider_id <> OLD.provider_id OR other_start) THEN
        refused := 'appointment_provider_stands';
    ELSIF here.chair_stands IS NOT TRUE
          AND (is_new OR NEW.chair_id IS DISTINCT FROM OLD.chair_id OR other_start) THEN
        refused := 'appointment_chair_stands';
    ELSE
        past := other_start AND here.late;
        IF within AND (NEW.chair_id IS NULL OR NEW.chair_id IS NOT DISTINCT FROM OLD.chair_id) THEN
            inside := true;
        ELSE
            inside := clinic.is_worked(
                NEW.clinic_id, CASE WHEN within THEN NULL ELSE NEW.provider_id END, NEW.chair_id,
                NEW.starts_at, NEW.ends_at, NEW.zone);
        END IF;
        IF inside AND NOT past THEN
            NEW.outside_reason := CASE WHEN within OR woken THEN OLD.outside_reason ELSE '' END;
        ELSIF NEW.outside_reason <> '' AND woken AND NOT other_place THEN
            -- It says why already.
            NULL;
        ELSIF NEW.outside_reason <> '' THEN
            PERFORM clinic.require(NEW.clinic_id, 'schedule.override');
            IF past AND is_new AND NEW.source NOT IN ('walk_in', 'backdated') THEN
                refused := 'appointment_past';
            END IF;
        ELSE
            refused := CASE WHEN past THEN 'appointment_past' ELSE 'appointment_in_hours' END;
            IF NOT is_new THEN
                -- Back to where it stood before its last move it may always go.
                was := clinic.place_before(NEW.clinic_id, NEW.id);
                IF was IS NOT NULL
                   AND coalesce((was ->> 'starts_at')::timestamptz, OLD.starts_at) = NEW.starts_at
                   AND coalesce((was ->> 'ends_at')::timestamptz, OLD.ends_at) = NEW.ends_at
                   AND coalesce((was ->> 'provider_id')::uuid, OLD.provider_id) = NEW.provider_id
                   AND (CASE WHEN was ? 'chair_id' THEN (was ->> 'chair_id')::uuid
                             ELSE OLD.chair_id END) IS NOT DISTINCT FROM NEW.chair_id THEN
                    NEW.outside_reason := coalesce(was ->> 'outside_reason', OLD.outside_reason);
                    IF inside OR NEW.outside_reason <> '' THEN
                        refused := NULL;
                    ELSE
                        refused := 'appointment_in_hours';
                    END IF;
                END IF;
            END IF;
        END IF;
    END IF;
    IF refused IS NULL THEN
        RETURN NEW;
    END IF;
    IF is_new THEN
        -- The same act sent twice is told what it did the first time.
        PERFORM FROM clinic.appointment a WHERE a.clinic_id = NEW.clinic_id AND a.id = NEW.id;
        IF FOUND THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'an appointment cannot stand there: %', refused
        USING ERRCODE = '23514', CONSTRAINT = refused, TABLE = 'appointment';
END $$;

-- Bookings wait while hours change, so that none slips past a change that does not know of it.
CREATE FUNCTION clinic.hold_bookings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(uuid_hash_extended(NEW.clinic_id, 0));
    RETURN NEW;
END $$;

-- Whoever has bookings ahead is not put away: they are given to somebody else or cancelled first.
CREATE FUNCTION clinic.guard_booked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.active AND NEW.deleted_at IS NULL OR NOT OLD.active OR OLD.deleted_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(uuid_hash_extended(NEW.clinic_id, 0));
    IF TG_TABLE_NAME = 'provider' THEN
        PERFORM FROM clinic.appointment a
        WHERE a.clinic_id = NEW.clinic_id AND a.provider_id = NEW.id AND a.starts_at > now()
          AND a.status IN ('pending', 'confirmed') AND a.deleted_at IS NULL;
    ELSE
        PERFORM FROM clinic.appointment a
        WHERE a.clinic_id = NEW.clinic_id AND a.chair_id = NEW.id AND a.starts_at > now()
          AND a.status IN ('pending', 'confirmed') AND a.deleted_at IS NULL;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'there are bookings ahead'
            USING ERRCODE = '23514', CONSTRAINT = TG_TABLE_NAME || '_has_bookings';
    END IF;
    RETURN NEW;
END $$;
