-- What became of the backups, and the one door through which staff ask the worker for something.

CREATE TABLE clinic.backup_run (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    name text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    good boolean NOT NULL,
    sentence text NOT NULL,
    size bigint NOT NULL,
    places jsonb NOT NULL,
    CONSTRAINT backup_run_pkey PRIMARY KEY (id),
    CONSTRAINT backup_run_kind_check CHECK (kind IN ('full', 'tail', 'drill', 'pack')),
    CONSTRAINT backup_run_name_text_check CHECK (length(name) <= 100),
    CONSTRAINT backup_run_sentence_text_check CHECK (length(sentence) <= 500)
);
CREATE INDEX ix_backup_run_ended_at ON clinic.backup_run (kind, ended_at);
ALTER TABLE clinic.backup_run OWNER TO clinic_owner;
ALTER TABLE clinic.backup_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinic.backup_run FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON clinic.backup_run TO clinic_owner USING (true) WITH CHECK (true);
-- It tells nothing of any patient: whoever may sign in may know how old the backup is.
CREATE POLICY may_read ON clinic.backup_run FOR SELECT
    TO clinic_staff, clinic_worker, clinic_backup USING (true);
GRANT SELECT ON clinic.backup_run TO clinic_staff, clinic_worker, clinic_backup;

CREATE FUNCTION clinic.note_backup(
    in_kind text, in_name text, in_started timestamptz, in_good boolean, in_sentence text,
    in_size bigint, in_places jsonb
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO clinic.backup_run
        (kind, name, started_at, ended_at, good, sentence, size, places)
    VALUES (in_kind, left(in_name, 100), in_started, clock_timestamp(), in_good,
            left(in_sentence, 500), in_size, in_places);
    -- Four segments an hour: what is older than two months tells nobody anything.
    DELETE FROM clinic.backup_run b WHERE b.ended_at < now() - interval '60 days'
        AND b.id < (SELECT max(l.id) FROM clinic.backup_run l WHERE l.kind = b.kind AND l.good);
END $$;

-- Names and ids only, nothing of a patient; the task runs as clinic_worker or clinic_backup.
CREATE FUNCTION clinic.ask_worker(in_clinic uuid, in_task text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = jobs, pg_catalog, pg_temp AS $$
DECLARE
    asked bigint;
BEGIN
    PERFORM clinic.require(in_clinic, 'settings.write');
    IF in_task NOT IN ('backup.full', 'backup.drill') THEN
        RAISE EXCEPTION 'no such task' USING ERRCODE = '22023';
    END IF;
    -- Asked for twice it is done once.
    INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    VALUES ('backup', in_task, 'backup', in_task, '{}')
    ON CONFLICT DO NOTHING RETURNING id INTO asked;
    RETURN asked;
END $$;
