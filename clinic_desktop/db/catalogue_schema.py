"""What the catalogue asks of the clinic's schema: each object's name, and all that matters of it.

``who(x)`` stands for the name of role x, see ``catalogue.named``; the questions run on PostgreSQL
15 to 18 and give the same answers there.
"""

from typing import Final

SCHEMA: Final = {
    "table": """
        SELECT c.relname, format('owner=%s rls=%s forced=%s persistence=%s options=%s',
               who(c.relowner), c.relrowsecurity, c.relforcerowsecurity, c.relpersistence,
               c.reloptions)
        FROM pg_class c
        WHERE c.relnamespace = 'clinic'::regnamespace AND c.relkind NOT IN ('i', 'I', 'S', 't')""",
    "column": """
        SELECT c.relname || '.' || a.attname,
               format('%s notnull=%s default=%s', format_type(a.atttypid, a.atttypmod),
                      a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'clinic'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
          AND NOT a.attisdropped""",
    "grant": """
        SELECT format('%s to %s', c.relname, who(x.grantee)),
               string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END, ' '
                          ORDER BY x.privilege_type)
        FROM pg_class c
        CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x
        -- MAINTAIN is the privilege of 17 and later that older servers do not know.
        WHERE c.relnamespace = 'clinic'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'S')
          AND x.grantee <> c.relowner AND x.privilege_type <> 'MAINTAIN'
        GROUP BY c.relname, x.grantee""",
    "column grant": """
        SELECT format('%s.%s to %s', c.relname, a.attname, who(x.grantee)),
               string_agg(x.privilege_type, ' ' ORDER BY x.privilege_type)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        CROSS JOIN LATERAL aclexplode(a.attacl) x
        WHERE c.relnamespace = 'clinic'::regnamespace GROUP BY c.relname, a.attname, x.grantee""",
    "policy": """
        SELECT c.relname || '.' || p.polname, format('%s %s to %s using %s check %s', p.polcmd,
               p.polpermissive, ARRAY(SELECT who(o) FROM unnest(p.polroles) o ORDER BY 1),
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
               format('%s owner=%s definer=%s volatile=%s strict=%s leakproof=%s parallel=%s in %s'
               ' args=%s config=%s acl=%s %s %s', p.prokind, who(p.proowner), p.prosecdef,
               p.provolatile, p.proisstrict, p.proleakproof, p.proparallel, l.lanname,
               pg_get_function_arguments(p.oid), p.proconfig,
               ARRAY(SELECT who(x.grantee) || ':' || x.privilege_type
                     FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x ORDER BY 1),
               p.prosrc, pg_get_function_sqlbody(p.oid))
        FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = 'clinic'::regnamespace""",
    "type": """
        SELECT t.typname, format('%s owner=%s', t.typtype, who(t.typowner))
        FROM pg_type t
        WHERE t.typnamespace = 'clinic'::regnamespace AND t.typrelid = 0 AND t.typelem = 0""",
    "schema": """
        SELECT n.nspname, format('owner=%s %s', who(n.nspowner),
               ARRAY(SELECT who(x.grantee) || ':' || x.privilege_type
                     FROM aclexplode(n.nspacl) x ORDER BY 1))
        FROM pg_namespace n
        WHERE n.nspname !~ '^pg_(catalog$|toast|temp_)' AND n.nspname <> 'information_schema'""",
    "rule": """
        SELECT c.relname || '.' || r.rulename, pg_get_ruledef(r.oid)
        FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE c.relnamespace = 'clinic'::regnamespace""",
}
