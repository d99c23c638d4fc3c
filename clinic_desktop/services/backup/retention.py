"""Which backups are kept: the newest of each day, week and month."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

STAMP: Final = re.compile(r"^(clinic-\w+-(\d{8}T\d{6})Z)-(full|\d{4,})\.(age|json)$")


def stamp(name: str) -> str | None:
    """Return the stamp in a file's name, or None for a file that is no backup."""
    found = STAMP.match(name)
    return found.group(1) if found else None


def made_at(of_stamp: str) -> datetime:
    """Return when the dump of a stamp was made."""
    return datetime.strptime(of_stamp[-16:-1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def kept(stamps: Iterable[str], *, daily: int, weekly: int, monthly: int) -> set[str]:
    """Return the stamps to keep: the newest of the last days, weeks and months with a backup.

    The two newest of all are always among them: the newest may not have been tried yet.
    """
    newest_first = sorted(set(stamps), key=made_at, reverse=True)
    found = set(newest_first[:2])
    for form, most in (("%Y-%m-%d", daily), ("%G-%V", weekly), ("%Y-%m", monthly)):
        seen: list[str] = []
        for one in newest_first:
            span = made_at(one).strftime(form)
            if span not in seen and len(seen) < most:
                seen.append(span)
                found.add(one)
    return found


def surplus(names: Sequence[str], *, daily: int, weekly: int, monthly: int) -> list[str]:
    """Return the files that go: dumps not kept, with manifests and segments.

    Each clinic counts for itself; files that are no backups are never named.
    """
    by_clinic: dict[str, set[str]] = {}
    for name in names:
        if found := stamp(name):
            by_clinic.setdefault(found.rsplit("-", 1)[0], set()).add(found)
    stay = {
        one
        for stamps in by_clinic.values()
        for one in kept(stamps, daily=daily, weekly=weekly, monthly=monthly)
    }
    return sorted(n for n in names if (found := stamp(n)) is not None and found not in stay)
