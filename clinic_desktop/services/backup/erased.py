"""Who was erased, by the ids of their records alone, so that no older backup brings them back.

The list lies beside the backups as ``erased-TAG-COUNT.json``: it only grows, and a place that
takes every name once takes each new length under a name of its own.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from clinic_desktop import files
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _

NAME: Final = re.compile(r"^erased-(\w+)-(\d{6,})\.json$")
Erased = Mapping[UUID, frozenset[UUID]]
# A record goes with those that were merged into it.
_ERASED: Final = """
WITH RECURSIVE gone AS (
    SELECT e.clinic_id, e.patient_id AS id FROM clinic.erasure e
    UNION
    SELECT p.clinic_id, p.id FROM gone g
    JOIN clinic.patient p ON p.clinic_id = g.clinic_id AND p.merged_into_id = g.id
)
SELECT clinic_id, id FROM gone
"""


def remember(dsn: Dsn, folder: Path) -> list[Path]:
    """Write the list of each clinic below ``folder``; return the files, newest of each only.

    ``dsn`` is the sign-in of clinic_backup. What an older file knows stays known.
    """
    found: dict[UUID, set[UUID]] = defaultdict(set)
    with open_connection(dsn) as connection:
        there = connection.execute("SELECT to_regclass('clinic.erasure') IS NOT NULL").fetchone()
        if there and there[0]:
            for clinic, patient in connection.execute(_ERASED.encode()):
                found[clinic].add(patient)
    old = lists(folder)
    for clinic, known in read(old).items():
        found[clinic] |= known
    made = []
    for clinic, patients in found.items():
        path = folder / f"erased-{str(clinic).replace('-', '')[-8:]}-{len(patients):06d}.json"
        text = json.dumps({str(clinic): sorted(map(str, patients))}, indent=1)
        files.make_folder(folder)
        try:
            files.replace_text(path, text)
        except OSError as error:
            raise files.refusal(error, folder) from error
        made.append(path)
    for path in old:
        if path not in made:
            path.unlink(missing_ok=True)
    return made


def lists(folder: Path) -> list[Path]:
    """Return the lists that lie in a folder."""
    return sorted(path for path in folder.glob("erased-*.json") if NAME.match(path.name))


def read(paths: Iterable[Path]) -> Erased:
    """Return what all of these lists know; raises SetupError for one that cannot be read.

    A list that is left out in silence would bring somebody back.
    """
    found: dict[UUID, frozenset[UUID]] = defaultdict(frozenset)
    for path in paths:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            for clinic, patients in content.items():
                found[UUID(clinic)] |= frozenset(map(UUID, patients))
        except OSError as error:
            raise files.refusal(error, path) from error
        except (ValueError, TypeError, AttributeError) as error:
            raise SetupError(
                _(
                    "The file {file}, which tells who was erased, cannot be read. Take the copy of "
                    "another place, or move it away: then somebody may come back."
                ).format(file=path)
            ) from error
    return found


def outdone(names: Iterable[str]) -> list[str]:
    """Return those names of lists of which there is a longer one."""
    found = {name: match for name in names if (match := NAME.match(name))}
    longest: dict[str, int] = {}
    for match in found.values():
        longest[match[1]] = max(longest.get(match[1], 0), int(match[2]))
    return sorted(name for name, match in found.items() if int(match[2]) < longest[match[1]])


def erase_again(admin: Dsn, known: Erased) -> int:
    """Erase in a restored database whoever was erased since; return how many records.

    ``admin`` is a superuser's sign-in: the function is nobody else's.
    """
    done = 0
    with open_connection(admin, autocommit=False) as connection:
        connection.execute("SELECT set_config('clinic.device', 'restore', true)")
        for clinic, patients in known.items():
            for patient in sorted(patients):
                row = connection.execute(
                    "SELECT clinic.erase_again(%s, gen_random_uuid(), %s, %s)",
                    (clinic, patient, _("Erased again after a restore")),
                ).fetchone()
                done += bool(row and row[0])
        connection.commit()
    return done
