"""The note templates a clinic begins with; source: note_templates.json in resources/reference."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from clinic_desktop.i18n import LANGUAGES
from clinic_desktop.resources import resource

_FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True)
class UsualTemplate:
    """A template in one language; ``procedures`` are codes of the neutral price list."""

    code: str
    name: str
    body: str
    procedures: tuple[str, ...]


@cache
def _read() -> list[dict[str, Any]]:
    path = resource("reference", "note_templates.json")
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def usual_templates(locale: str) -> tuple[UsualTemplate, ...]:
    """Return the templates in the language of a clinic's locale, in English where we ship none."""
    language = locale.replace("-", "_").partition("_")[0].casefold()
    language = language if language in LANGUAGES else _FALLBACK
    return tuple(
        UsualTemplate(
            code=one["code"],
            name=one[language]["name"],
            body=one[language]["body"],
            procedures=tuple(one["procedures"]),
        )
        for one in _read()
    )
