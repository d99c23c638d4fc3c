-- Which of these rights the caller has in one clinic: asked once, where the policies of each table
-- that a statement names would ask for theirs.
CREATE FUNCTION clinic.rights_among(in_clinic uuid, VARIADIC wanted text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me text := session_user;
BEGIN
    IF me = 'clinic_api' AND in_clinic IS DISTINCT FROM
            NULLIF(current_setting('clinic.api_clinic', true), '')::uuid THEN
        -- The pooled login of the API acts for one clinic a transaction.
        RETURN '{}';
    END IF;
    RETURN ARRAY(SELECT r.permission FROM clinic.staff_right r
                 WHERE r.login = me AND r.permission = ANY (wanted) AND r.clinic_id = in_clinic
                   AND (r.until IS NULL OR r.until > now()));
END $$;

-- The entry of who read what, for functions that have asked for the caller's rights themselves.
CREATE FUNCTION clinic.enter_access(
    in_clinic uuid, in_patient uuid, in_action text, in_category text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- A transaction that takes a number has one of its own before: seals wait for it by that.
    this_xact xid8 := pg_current_xact_id();
    entry bigint;
BEGIN
    INSERT INTO clinic.access_log (clinic_id, at, login, device, patient_id, action, category)
    VALUES (in_clinic, clock_timestamp(), session_user,
            left(NULLIF(current_setting('clinic.device', true), ''), 100),
            in_patient, left(in_action, 100), left(in_category, 60))
    RETURNING id INTO entry;
    IF entry % 256 = 0 THEN
        PERFORM clinic.seal_access(in_clinic, 1024);
    END IF;
END $$;

-- What the head of a record shows, as one text of JSON, and the entry of who read it. It says what
-- the policies of its tables would let the caller see: a part without the right is empty.
CREATE FUNCTION clinic.patient_card(in_clinic uuid, in_patient uuid, in_access text)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mine text[] := clinic.rights_among(in_clinic, 'patients.read', 'schedule.read',
                                       'catalogue.read', 'staff.read', 'billing.read');
    sees_visits boolean := 'schedule.read' = ANY (mine);
    sees_names boolean := 'catalogue.read' = ANY (mine);
    sees_staff boolean := 'staff.read' = ANY (mine);
    sees_money boolean := 'billing.read' = ANY (mine);
    card text;
BEGIN
    IF NOT 'patients.read' = ANY (mine) THEN
        RAISE EXCEPTION 'the right patients.read is missing' USING ERRCODE = '42501';
    END IF;
    SELECT row_to_json(shown)::text INTO card FROM (
        SELECT p.id, p.version, p.number, p.created_at, p.given, p.family, p.other_name, p.sex,
               p.species, p.born, p.born_estimated, p.phone, p.no_phone_reason, p.email,
               p.address, p.city, p.postcode, p.country, p.language, p.prefers, p.status,
               p.deceased_on, p.sticky_note, p.household_id, p.tags, p.photo_id, p.guardian_id,
               p.alerts_reviewed_at,
               CASE WHEN p.guardian_id IS NOT NULL THEN
                   (SELECT concat_ws(' ', g.given, NULLIF(g.family, '')) FROM clinic.patient g
                    WHERE g.clinic_id = in_clinic AND g.id = p.guardian_id) END AS guardian,
               CASE WHEN p.household_id IS NOT NULL THEN
                   (SELECT f.payer_id FROM clinic.household f
                    WHERE f.clinic_id = in_clinic AND f.id = p.household_id) END AS payer_id,
               CASE WHEN p.alerts_reviewed_by IS NOT NULL AND sees_staff THEN
                   (SELECT s.name FROM clinic.person s
                    WHERE s.clinic_id = in_clinic AND s.id = p.alerts_reviewed_by) END
                   AS alerts_reviewed_by,
               (SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'id', a.id, 'version', a.version, 'kind', a.kind, 'severity', a.severity,
                    'text', a.text, 'substance', a.substance, 'noted_on', a.noted_on)
                    ORDER BY a.severity DESC, a.noted_on, a.id), '[]')
                FROM clinic.patient_alert a
                WHERE a.clinic_id = in_clinic AND a.patient_id = p.id AND a.deleted_at IS NULL)
                   AS alerts,
               CASE WHEN m.today_id IS NOT NULL THEN
                   (SELECT jsonb_build_object('id', v.id, 'starts_at', v.starts_at,
                        'ends_at', v.ends_at, 'status', v.status, 'remark', v.remark,
                        'provider', CASE WHEN sees_names THEN
                            (SELECT d.short_name FROM clinic.provider d
                             WHERE d.clinic_id = in_clinic AND d.id = v.provider_id) END,
                        'chair', CASE WHEN sees_names THEN
                            (SELECT c.name FROM clinic.chair c
                             WHERE c.clinic_id = in_clinic AND c.id = v.chair_id) END)
                    FROM clinic.appointment v
                    WHERE v.clinic_id = in_clinic AND v.id = m.today_id) END AS today,
               m.next_visit, m.last_visit,
               CASE WHEN sees_money THEN
                   (SELECT coalesce(sum(o.amount), 0)::bigint FROM clinic.posting o
                    WHERE o.clinic_id = in_clinic AND o.patient_id = p.id) END AS balance
        FROM clinic.patient p
        CROSS JOIN (
            SELECT n.today::timestamp AT TIME ZONE n.zone AS begins,
                   (n.today + 1)::timestamp AT TIME ZONE n.zone AS ends
            FROM (SELECT c.zone, (now() AT TIME ZONE c.zone)::date AS today
                  FROM clinic.clinic c WHERE c.id = in_clinic) n
        ) day
        -- The few visits of one patient are read in one.
        CROSS JOIN LATERAL (
            SELECT min(v.starts_at) FILTER (WHERE v.starts_at >= day.ends
                       AND v.status IN ('pending', 'confirmed')) AS next_visit,
                   max(v.starts_at) FILTER (WHERE v.starts_at < now()
                       AND v.status = 'done') AS last_visit,
                   (array_agg(v.id ORDER BY v.status = 'done', v.starts_at)
                       FILTER (WHERE v.starts_at >= day.begins AND v.starts_at < day.ends))[1]
                       AS today_id
            FROM clinic.appointment v
            WHERE sees_visits AND v.clinic_id = in_clinic AND v.patient_id = p.id
              AND v.deleted_at IS NULL
              AND v.status IN ('pending', 'confirmed', 'arrived', 'in_chair', 'done')
        ) m
        WHERE p.clinic_id = in_clinic AND p.id = in_patient AND p.deleted_at IS NULL
    ) shown;
    IF card IS NOT NULL THEN
        PERFORM clinic.enter_access(in_clinic, in_patient, in_access, 'patient');
    END IF;
    RETURN card;
END $$;
