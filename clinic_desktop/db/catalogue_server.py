"""What the catalogue asks beside the clinic's schema: strangers, settings, roles, and rights.

``who(x)`` is as in ``catalogue_schema``.
"""

from typing import Final

from clinic_desktop.domain.permissions import EMERGENCY_RIGHTS, MACHINE_RIGHTS

# Numbers from 16384 on are given after initdb; pg_temp is a session's own and ends with it.
#
# What nobody of ours made, wherever it stands: a database as shipped has none of it, only our roles
# and the grants of the database itself.
SERVER: Final = {
    "strange table": """
        SELECT c.oid::regclass::text, c.relkind::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid >= 16384 AND n.nspname <> 'clinic'
          AND n.nspname !~ '^pg_(toast|temp_)' AND c.relkind NOT IN ('i', 'I', 't')""",
    "strange function": """
        SELECT p.oid::regprocedure::text, p.prosrc
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.oid >= 16384 AND n.nspname <> 'clinic' AND n.nspname !~ '^pg_(toast|temp_)'""",
    "strange operator": """
        SELECT o.oid::regoperator::text, o.oprcode::text
        FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
        WHERE o.oid >= 16384 AND n.nspname !~ '^pg_temp_'""",
    "cast": """
        SELECT format('%s as %s', castsource::regtype, casttarget::regtype), castmethod::text
        FROM pg_cast WHERE oid >= 16384 AND castsource::regtype::text <> 'clinic.uuidrange'""",
    "extension": "SELECT extname, extversion FROM pg_extension WHERE extname <> 'plpgsql'",
    # A function of the system that was replaced keeps its number, and is younger than the server.
    "system function": """
        SELECT p.oid::regprocedure::text, p.prosrc FROM pg_proc p, pg_database d
        WHERE p.oid < 16384 AND d.datname = 'template0' AND age(p.xmin) < age(d.xmin)""",
    "system grant": """
        SELECT c.oid::regclass::text, c.relacl::text
        FROM pg_class c LEFT JOIN pg_init_privs i
            ON i.objoid = c.oid AND i.classoid = 'pg_class'::regclass AND i.objsubid = 0
        WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.oid < 16384
          AND c.relacl IS DISTINCT FROM i.initprivs
        UNION ALL
        SELECT p.oid::regprocedure::text, p.proacl::text
        FROM pg_proc p LEFT JOIN pg_init_privs i
            ON i.objoid = p.oid AND i.classoid = 'pg_proc'::regclass AND i.objsubid = 0
        WHERE p.oid < 16384 AND p.proacl IS DISTINCT FROM i.initprivs""",
    "default grant": """
        SELECT format('%s of %s in %s', d.defaclobjtype, who(d.defaclrole),
                      CASE d.defaclnamespace WHEN 0 THEN 'every schema'
                      ELSE d.defaclnamespace::regnamespace::text END), d.defaclacl::text
        FROM pg_default_acl d""",
    "database": """
        SELECT 'this one', format('owner=%s %s', who(d.datdba),
               ARRAY(SELECT who(x.grantee) || ':' || x.privilege_type ||
                            CASE WHEN x.is_grantable THEN '*' ELSE '' END
                     FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x ORDER BY 1))
        FROM pg_database d WHERE d.datname = current_database()""",
    "event trigger": "SELECT e.evtname, e.evtenabled::text FROM pg_event_trigger e",
    "publication": "SELECT pubname, pubviaroot::text FROM pg_publication",
    "subscription": """
        SELECT s.subname, s.subenabled::text FROM pg_subscription s JOIN pg_database d
            ON d.oid = s.subdbid WHERE d.datname = current_database()""",
    "slot": "SELECT slot_name, plugin::text FROM pg_replication_slots WHERE slot_type = 'logical'",
    "setting": """
        SELECT format('%s of %s in %s', split_part(o.setting, '=', 1),
                      CASE s.setrole WHEN 0 THEN 'every role' ELSE who(s.setrole) END,
                      CASE s.setdatabase WHEN 0 THEN 'every database' ELSE 'this database' END),
               o.setting
        FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) o(setting)
        WHERE s.setdatabase = 0
           OR s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())""",
    "parameter": """
        SELECT format('%s to %s', p.parname, who(x.grantee)),
               string_agg(x.privilege_type, ' ' ORDER BY x.privilege_type)
        FROM pg_parameter_acl p CROSS JOIN LATERAL aclexplode(p.paracl) x
        WHERE x.grantee <> 10 GROUP BY p.parname, x.grantee""",
    # From 16 on whoever creates a login is its member, to manage it and not to act as it; with the
    # right to act it is one that somebody gave.
    "role": """
        SELECT r.rolname, format(
            'super=%s inherit=%s createrole=%s createdb=%s login=%s replication=%s bypass=%s of=%s',
            r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,
            r.rolreplication, r.rolbypassrls,
            ARRAY(SELECT DISTINCT g.rolname || CASE WHEN m.admin_option THEN '*' ELSE '' END
                  FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                  WHERE m.member = r.oid
                    AND NOT (r.rolname = 'clinic_people' AND g.rolname LIKE 'u\\_%'
                             AND to_jsonb(m) @> '{"set_option": false, "inherit_option": false}')
                  ORDER BY 1))
        FROM pg_roles r WHERE r.rolname LIKE 'clinic\\_%'""",
    # A person's login has no attribute and no membership but the group.
    "person": """
        SELECT r.rolname, 'more than a person'
        FROM pg_roles r WHERE r.rolname LIKE 'u\\_%' AND (
            r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
            OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                       WHERE m.member = r.oid
                         AND (g.rolname <> 'clinic_staff' OR m.admin_option)))""",
    "strange role": """
        SELECT r.rolname, 'more than nothing'
        FROM pg_roles r
        WHERE r.oid <> 10 AND r.rolname NOT LIKE 'clinic\\_%' AND r.rolname NOT LIKE 'u\\_%' AND (
            r.rolname NOT LIKE 'pg\\_%' AND (
                r.rolsuper OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls)
            OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                       WHERE m.member = r.oid
                         AND (g.rolname LIKE 'clinic\\_%' OR g.rolname LIKE 'u\\_%' OR g.oid = 10
                              OR g.rolname LIKE 'pg\\_%' AND r.rolname NOT LIKE 'pg\\_%')))""",
}


def _values(rows: list[tuple[str, str]]) -> str:
    return ", ".join(f"('{one}', '{other}')" for one, other in rows)


# Rights are kept from people's roles by triggers; what was written beside them shows here.
_MACHINES: Final = _values(
    [(login, right) for login, rights in MACHINE_RIGHTS.items() for right in dict.fromkeys(rights)]
)
_EMERGENCY: Final = ", ".join(f"'{right}'" for right in EMERGENCY_RIGHTS)
_RIGHT: Final = """
        WITH given AS (
            SELECT p.login, unnest(sr.permissions) AS permission, p.clinic_id
            FROM clinic.person p
            JOIN clinic.person_role pr ON pr.clinic_id = p.clinic_id AND pr.person_id = p.id
            JOIN clinic.staff_role sr ON sr.clinic_id = pr.clinic_id AND sr.id = pr.staff_role_id
            WHERE p.login IS NOT NULL AND p.active AND p.deleted_at IS NULL
              AND pr.deleted_at IS NULL AND sr.deleted_at IS NULL
            UNION
            SELECT m.login, m.permission, c.id
            FROM clinic.clinic c CROSS JOIN (VALUES $machines) AS m(login, permission)
        ), held AS (
            SELECT r.login, r.permission, r.clinic_id FROM clinic.staff_right r
            WHERE (r.until IS NULL OR r.until > now()) AND NOT EXISTS (
                SELECT FROM clinic.emergency_access e
                JOIN clinic.person p ON p.clinic_id = e.clinic_id AND p.id = e.person_id
                WHERE e.clinic_id = r.clinic_id AND p.login = r.login AND e.ends_at = r.until
                  AND r.permission IN ($emergency))
        )
        SELECT format('%s of %s in %s', permission, login, clinic_id), 'given by no role'
        FROM (SELECT * FROM held EXCEPT SELECT * FROM given) AS more
        UNION ALL
        SELECT format('%s of %s in %s', permission, login, clinic_id), 'withheld from a role'
        FROM (SELECT * FROM given EXCEPT
              SELECT r.login, r.permission, r.clinic_id FROM clinic.staff_right r) AS less"""
RIGHTS: Final = {"right": _RIGHT.replace("$machines", _MACHINES).replace("$emergency", _EMERGENCY)}
