"""The catalogue's fingerprint: what an owner or superuser could still change, made comparable.

Triggers, policies, grants, functions, constraints, row security and roles are written as one line
each. The program ships the lines of a database it made itself; ``differences`` names what is
missing, added or altered.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

import psycopg

from clinic_desktop.resources import resource

# What each object is called, and everything about it that matters, as one text.
_QUERIES: Final = {
    "table": """
        SELECT c.relname, format('owner=%s rls=%s forced=%s persistence=%s',
               pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity,
               c.relpersistence)
        FROM pg_class c
        WHERE c.relnamespace = 'clinic'::regnamespace AND c.relkind IN ('r', 'v')""",
    "column": """
        SELECT c.relname || '.' || a.attname,
               format('%s notnull=%s default=%s', format_type(a.atttypid, a.atttypmod),
                      a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'clinic'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
          AND NOT a.attisdropped""",
    "grant": """
        SELECT format('%s to %s', c.relname, r.grantee),
               string_agg(r.privilege_type || CASE WHEN r.is_grantable THEN '*' ELSE '' END, ' '
                          ORDER BY r.privilege_type)
        FROM pg_class c
        CROSS JOIN LATERAL (
            SELECT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee) END
                   AS grantee, x.privilege_type, x.is_grantable
            FROM aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x
            -- The privilege of 17 and later that older servers do not know.
            WHERE x.grantee <> c.relowner AND x.privilege_type <> 'MAINTAIN') r
        WHERE c.relnamespace = 'clinic'::regnamespace AND c.relkind IN ('r', 'v', 'S')
        GROUP BY c.relname, r.grantee""",
    "column grant": """
        SELECT format('%s.%s to %s', c.relname, a.attname,
                      CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee) END),
               string_agg(x.privilege_type, ' ' ORDER BY x.privilege_type)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        CROSS JOIN LATERAL aclexplode(a.attacl) x
        WHERE c.relnamespace = 'clinic'::regnamespace
        GROUP BY c.relname, a.attname, x.grantee""",
    "policy": """
        SELECT c.relname || '.' || p.polname, format('%s %s to %s using %s check %s', p.polcmd,
               p.polpermissive, ARRAY(SELECT CASE WHEN o = 0 THEN 'public' ELSE
               pg_get_userbyid(o)::text END FROM unnest(p.polroles) o ORDER BY 1),
               pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = 'clinic'::regnamespace""",
    "trigger": """
        SELECT c.relname || '.' || t.tgname,
               format('%s enabled=%s', pg_get_triggerdef(t.oid), t.tgenabled)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'clinic'::regnamespace AND NOT t.tgisinternal""",
    # Foreign keys live in triggers of the system: one switched off checks nothing.
    "inner trigger": """
        SELECT c.relname, format('%s of %s on', count(*) FILTER (WHERE t.tgenabled = 'O'), count(*))
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'clinic'::regnamespace AND t.tgisinternal GROUP BY c.relname""",
    "constraint": """
        SELECT c.relname || '.' || o.conname,
               format('%s valid=%s', pg_get_constraintdef(o.oid), o.convalidated)
        FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
        -- NOT NULL is a constraint of its own from 18 on; columns say it on every version.
        WHERE c.relnamespace = 'clinic'::regnamespace AND o.contype <> 'n'""",
    "index": """
        SELECT i.relname, format('%s valid=%s', pg_get_indexdef(x.indexrelid), x.indisvalid)
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE i.relnamespace = 'clinic'::regnamespace""",
    "function": """
        SELECT p.oid::regprocedure::text,
               format('owner=%s definer=%s volatile=%s config=%s acl=%s %s',
               -- Functions of a range type belong to the server's first superuser, whose name the
               -- server's administrator chose.
               CASE p.proowner WHEN 10 THEN 'postgres' ELSE pg_get_userbyid(p.proowner)::text END,
               p.prosecdef, p.provolatile, p.proconfig,
               ARRAY(SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' WHEN 10 THEN 'postgres' ELSE
                     pg_get_userbyid(x.grantee)::text END || ':' || x.privilege_type
                     FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x ORDER BY 1),
               p.prosrc)
        FROM pg_proc p WHERE p.pronamespace = 'clinic'::regnamespace""",
    "schema": """
        SELECT n.nspname, format('owner=%s %s', pg_get_userbyid(n.nspowner),
               ARRAY(SELECT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE
                     pg_get_userbyid(x.grantee)::text END || ':' || x.privilege_type
                     FROM aclexplode(n.nspacl) x ORDER BY 1))
        FROM pg_namespace n WHERE n.nspname = 'clinic'""",
    "rule": """
        SELECT c.relname || '.' || r.rulename, pg_get_ruledef(r.oid)
        FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE c.relnamespace = 'clinic'::regnamespace""",
    "role": """
        SELECT r.rolname, format(
            'super=%s inherit=%s createrole=%s createdb=%s login=%s replication=%s bypass=%s of=%s',
            r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,
            r.rolreplication, r.rolbypassrls,
            ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                  WHERE m.member = r.oid AND g.rolname NOT LIKE 'u\\_%%' ORDER BY 1))
        FROM pg_roles r WHERE r.rolname LIKE 'clinic\\_%%'""",
    # A person's login has no attribute and no membership but the group.
    "person": """
        SELECT r.rolname, 'more than a person'
        FROM pg_roles r WHERE r.rolname LIKE 'u\\_%%' AND (
            r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
            OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                       WHERE m.member = r.oid AND g.rolname <> 'clinic_staff'))""",
    "event trigger": "SELECT e.evtname, e.evtenabled::text FROM pg_event_trigger e",
}


def objects(connection: psycopg.Connection[tuple[Any, ...]]) -> dict[str, str]:
    """Return each protecting object of the database and a hash of all that matters about it."""
    connection.execute("SET search_path = pg_catalog")
    found: dict[str, str] = {}
    for kind, query in _QUERIES.items():
        for name, definition in connection.execute(query.replace("%%", "%").encode()):
            text = " ".join(str(definition).split())
            found[f"{kind} {name}"] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


def shipped() -> dict[str, str]:
    """Return the objects as the migrations of this program make them."""
    content: dict[str, str] = json.loads(
        resource("reference", "catalogue.json").read_text(encoding="utf-8")
    )
    return content


def differences(found: dict[str, str], expected: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is ``missing``, ``added`` or ``altered``, with the object's name."""
    for name in sorted(expected.keys() - found.keys()):
        yield "missing", name
    for name in sorted(found.keys() - expected.keys()):
        yield "added", name
    for name in sorted(found.keys() & expected.keys()):
        if found[name] != expected[name]:
            yield "altered", name


def fingerprint(found: dict[str, str]) -> str:
    """Return one short text for the whole catalogue."""
    lines = "\n".join(f"{name} {digest}" for name, digest in sorted(found.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]
