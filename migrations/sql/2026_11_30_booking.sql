-- Work that is planned in the chart and who books it: the desk sees what is to be booked, and no
-- more of the chart than that.

-- An appointment of a patient holds planned work of the same patient, as the treatment it is.
CREATE FUNCTION clinic.guard_planned() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM clinic.chart_item c
    JOIN clinic.appointment a ON a.clinic_id = c.clinic_id AND a.patient_id = c.patient_id
         AND a.id = NEW.appointment_id
    WHERE c.clinic_id = NEW.clinic_id AND c.id = NEW.chart_item_id AND c.kind = 'procedure'
      AND c.treatment_id = NEW.treatment_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the work is not planned for this patient'
            USING ERRCODE = '23514', CONSTRAINT = 'appointment_treatment_planned';
    END IF;
    RETURN NEW;
END $$;

-- A try is told by whoever made it, of the patient whose appointment it is about.
CREATE FUNCTION clinic.guard_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT clinic.is_me(NEW.clinic_id, NEW.person_id) THEN
        RAISE EXCEPTION 'a try is told in one''s own name' USING ERRCODE = 'CD005';
    END IF;
    IF NEW.at > now() + interval '5 minutes' THEN
        RAISE EXCEPTION 'a try lies in the past' USING ERRCODE = 'CD002';
    END IF;
    IF EXISTS (SELECT FROM unnest(ARRAY[NEW.appointment_id, NEW.booked_id]) AS one(id)
               WHERE one.id IS NOT NULL AND NOT EXISTS (
                   SELECT FROM clinic.appointment a WHERE a.clinic_id = NEW.clinic_id
                     AND a.id = one.id AND a.patient_id = NEW.patient_id)) THEN
        RAISE EXCEPTION 'the appointment is another patient''s' USING ERRCODE = 'CD002';
    END IF;
    RETURN NEW;
END $$;

-- What is planned for one patient, and the appointment still to come that holds it.
CREATE FUNCTION clinic.planned_work(in_clinic uuid, in_patient uuid, since_day timestamptz)
RETURNS TABLE (item_id uuid, treatment_id uuid, name text, minutes int, tooth int, surfaces text,
               since date, provider_id uuid, fee bigint, held_id uuid, held_at timestamp)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.require(in_clinic, 'schedule.write');
    RETURN QUERY
    SELECT c.id, c.treatment_id, t.name, t.minutes::int, c.tooth::int, c.surfaces, c.since,
           c.provider_id, coalesce(c.fee, t.price)::bigint, h.id, h.local_start
    FROM clinic.chart_item c
    JOIN clinic.treatment t ON t.clinic_id = c.clinic_id AND t.id = c.treatment_id
    LEFT JOIN LATERAL (
        SELECT a.id, a.local_start FROM clinic.appointment a
        WHERE a.clinic_id = c.clinic_id AND a.patient_id = c.patient_id
          AND a.starts_at >= since_day AND a.deleted_at IS NULL
          AND a.status IN ('pending', 'confirmed', 'arrived', 'in_chair')
          AND (a.id = c.appointment_id OR EXISTS (
              SELECT FROM clinic.appointment_treatment l
              WHERE l.clinic_id = c.clinic_id AND l.chart_item_id = c.id
                AND l.appointment_id = a.id AND l.deleted_at IS NULL))
        ORDER BY a.starts_at LIMIT 1) h ON true
    WHERE c.clinic_id = in_clinic AND c.patient_id = in_patient AND c.kind = 'procedure'
      AND c.status IN ('planned', 'in_progress') AND c.until IS NULL AND c.deleted_at IS NULL
    ORDER BY c.since, c.created_at, c.id;
END $$;

-- Patients with planned work that no appointment still to come holds, by the day that it was
-- planned: one row a patient, at their newest entry, or at their oldest when it goes upwards. The
-- walk goes along the entries in order and stops when the page is full.
CREATE FUNCTION clinic.unscheduled_work(
    in_clinic uuid, since_day timestamptz, newest boolean, in_provider uuid, first_day date,
    last_day date, after_day date, after_id uuid, with_declined boolean, most int)
RETURNS TABLE (patient_id uuid, since date, item_id uuid, work jsonb, fee bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- How many are looked at until the page is full nobody can guess: sorting all of them is never it.
SET enable_sort = off SET enable_bitmapscan = off SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    walk text := CASE WHEN newest THEN 'DESC' ELSE 'ASC' END;
    beyond text := CASE WHEN newest THEN '<' ELSE '>' END;
    whose text := CASE WHEN in_provider IS NULL THEN '' ELSE 'AND c.provider_id = $8' END;
BEGIN
    PERFORM clinic.require(in_clinic, 'schedule.write');
    RETURN QUERY EXECUTE format($walk$
        SELECT w.patient_id, w.since, w.id, mine.work, mine.fee
        FROM (SELECT c.patient_id, c.since, c.id FROM clinic.chart_item c
              WHERE c.clinic_id = $1 AND c.kind = 'procedure'
                AND c.status IN ('planned', 'in_progress') AND c.until IS NULL
                AND c.deleted_at IS NULL AND c.since >= $2 AND c.since <= $3
                AND (c.since, c.id) %2$s ($4, $5) %3$s
              ORDER BY c.since %1$s, c.id %1$s) w
        JOIN LATERAL (SELECT FROM clinic.patient p
                      WHERE p.clinic_id = $1 AND p.id = w.patient_id AND p.status = 'active'
                        AND p.deleted_at IS NULL OFFSET 0) p ON true
        CROSS JOIN LATERAL (
            SELECT (array_agg(c.id ORDER BY c.since %1$s, c.id %1$s))[1] AS first_id,
                   max(c.created_at) AS latest,
                   jsonb_agg(jsonb_build_array(c.id, c.treatment_id, t.name, t.minutes, c.tooth,
                                               c.surfaces, c.provider_id)
                             ORDER BY c.since, c.created_at, c.id) AS work,
                   sum(coalesce(c.fee, t.price))::bigint AS fee
            FROM clinic.chart_item c
            JOIN clinic.treatment t ON t.clinic_id = $1 AND t.id = c.treatment_id
            WHERE c.clinic_id = $1 AND c.patient_id = w.patient_id AND c.kind = 'procedure'
              AND c.status IN ('planned', 'in_progress') AND c.until IS NULL
              AND c.deleted_at IS NULL AND c.since >= $2 AND c.since <= $3 %3$s
              AND NOT EXISTS (
                  SELECT FROM clinic.appointment a
                  WHERE a.clinic_id = $1 AND a.patient_id = w.patient_id AND a.starts_at >= $6
                    AND a.deleted_at IS NULL
                    AND a.status IN ('pending', 'confirmed', 'arrived', 'in_chair')
                    AND (a.id = c.appointment_id OR EXISTS (
                        SELECT FROM clinic.appointment_treatment l
                        WHERE l.clinic_id = $1 AND l.chart_item_id = c.id
                          AND l.appointment_id = a.id AND l.deleted_at IS NULL)))
            OFFSET 0) mine
        WHERE mine.first_id = w.id
          -- Whoever said no is asked again once more is planned.
          AND ($9 OR (SELECT t.outcome = 'declined' AND t.at > mine.latest
                      FROM clinic.contact_attempt t
                      WHERE t.clinic_id = $1 AND t.patient_id = w.patient_id
                        AND t.about = 'planned' AND t.deleted_at IS NULL
                      ORDER BY t.at DESC, t.id DESC LIMIT 1) IS NOT TRUE)
        ORDER BY w.since %1$s, w.id %1$s
        LIMIT $7
        $walk$, walk, beyond, whose)
    USING in_clinic, first_day, last_day, after_day, after_id, since_day, most, in_provider,
          with_declined;
END $$;
