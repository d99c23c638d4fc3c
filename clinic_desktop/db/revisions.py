"""Which versions this program ships, read from its migrations without running them.

Alembic takes longer to load than a program needs to find that nothing is to be done.
"""

import re
from functools import cache
from typing import Final

from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.resources import migrations

_NAMES: Final = re.compile(r'^(revision|down_revision) = (?:"([^"]+)"|None)$', re.MULTILINE)


@cache
def shipped() -> dict[str, str | None]:
    """Return version -> the version before it, None for the first."""
    found: dict[str, str | None] = {}
    for file in sorted((migrations() / "versions").glob("*.py")):
        names = dict(_NAMES.findall(file.read_text(encoding="utf-8")))
        if "revision" in names:
            found[names["revision"]] = names.get("down_revision") or None
    return found


def head() -> str:
    """Return the version this program works with; raises SetupError where none is shipped."""
    before = set(shipped().values())
    last = [version for version in shipped() if version not in before]
    if len(last) != 1:
        raise SetupError(_("The program's migrations are missing. Install it again."))
    return last[0]


def known(revision: str) -> bool:
    """Return whether this program ships the migration that made the version."""
    return revision in shipped()
