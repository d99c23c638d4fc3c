"""The catalogue's fingerprint: what an owner or superuser could still change, made comparable.

Triggers, policies, grants, functions, constraints, row security, roles and their settings are
written as one line each, and so is what does not belong: objects outside the clinic's schema,
roles that nobody of ours made, rights that no role gives. The program ships the lines of a database
it made itself; ``differences`` names what is missing, added or altered.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import psycopg

from clinic_desktop.db.catalogue_schema import SCHEMA
from clinic_desktop.db.catalogue_server import RIGHTS, SERVER
from clinic_desktop.resources import resource

_WHO: Final = re.compile(r"\bwho\(([\w.]+)\)")


def named(query: str) -> str:
    """Return a question with the names of roles filled in.

    The superuser that made the server is #10 whatever it is called; no quoted name looks like that.
    """
    return _WHO.sub(
        r"CASE \1 WHEN 0 THEN 'PUBLIC' WHEN 10 THEN '#10'"
        r" ELSE quote_ident(pg_get_userbyid(\1)) END",
        query,
    )


def objects(connection: psycopg.Connection[tuple[Any, ...]]) -> dict[str, str]:
    """Return each protecting object of the database and a hash of all that matters about it."""
    connection.execute("SET search_path = pg_catalog")
    found: dict[str, str] = {}
    for kind, query in {**SCHEMA, **SERVER, **RIGHTS}.items():
        for name, definition in connection.execute(named(query).encode()):
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
