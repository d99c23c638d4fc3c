-- The cluster's roles. Run by a superuser (or a role with CREATEROLE and BYPASSRLS) before the
-- first migration and again at will. Each machine login gets its secret separately.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN SELECT * FROM (VALUES
        ('clinic_owner',    'NOLOGIN'),
        ('clinic_log',      'NOLOGIN'),
        ('clinic_reader',   'NOLOGIN BYPASSRLS'),
        ('clinic_people',   'NOLOGIN CREATEROLE'),
        ('clinic_staff',    'NOLOGIN'),
        ('clinic_migrator', 'LOGIN BYPASSRLS'),
        ('clinic_worker',   'LOGIN'),
        ('clinic_api',      'LOGIN'),
        ('clinic_backup',   'LOGIN BYPASSRLS')
    ) AS r(name, options)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.options);
        END IF;
    END LOOP;
END $$;
GRANT clinic_owner, clinic_log, clinic_reader, clinic_people TO clinic_migrator;
-- The job engine's schema is the worker's; the migrator makes it.
GRANT clinic_worker TO clinic_migrator;
-- People are made members of the group by the role that creates them.
GRANT clinic_staff TO clinic_people WITH ADMIN OPTION;
-- Deactivating a person ends that person's open connections.
GRANT pg_signal_backend TO clinic_people;
-- pg_dump needs it beside BYPASSRLS; it also reads every verifier, so this login is guarded like a
-- superuser's.
GRANT pg_read_all_data TO clinic_backup;
