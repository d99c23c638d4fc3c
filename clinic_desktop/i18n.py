"""The interface language: every text a person reads passes through here.

Catalogues are gettext files in ``resources/i18n``. English is the source language and needs none.
The desktop sets one language for the process; the hosted API sets one for each request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Final

from clinic_desktop.resources import resource

LANGUAGES: Final = {"en": "English", "es": "Español", "pt": "Português"}

_process_language = "en"
_request_language: ContextVar[str | None] = ContextVar("language", default=None)


@cache
def _catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """Return source text -> translations (one, or singular and plural)."""
    if language == "en":
        return {}
    # English, the common case on a bare machine, starts without loading the parser.
    from babel.messages.pofile import read_po

    with resource("i18n", f"{language}.po").open("rb") as stream:
        messages = read_po(stream, locale=language)
    found: dict[str, tuple[str, ...]] = {}
    for message in messages:
        if not message.id or message.fuzzy:
            continue
        source = message.id[0] if isinstance(message.id, list | tuple) else message.id
        texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if texts and all(texts):
            found[str(source)] = tuple(str(text) for text in texts)
    return found


def language() -> str:
    """Return the language in force here: ``en``, ``es`` or ``pt``."""
    return _request_language.get() or _process_language


def use_language(code: str) -> None:
    """Set the language of the whole process, falling back to English for one we do not ship."""
    global _process_language  # noqa: PLW0603 - one person sits before one desktop
    _process_language = code if code in LANGUAGES else "en"


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Use another language inside the block, for example the patient's on a printed paper."""
    token = _request_language.set(code if code in LANGUAGES else "en")
    try:
        yield
    finally:
        _request_language.reset(token)


def _(text: str) -> str:
    """Return the text in the language in force, or the English source."""
    return _catalogue(language()).get(text, (text,))[0]


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form that fits the count; the placeholders are filled by the caller.

    The three languages shipped have two forms and the same rule: one is singular.
    """
    translated = _catalogue(language()).get(singular, (singular, plural))
    return translated[0] if count == 1 or len(translated) == 1 else translated[1]


def N_(text: str) -> str:  # noqa: N802 - the name that extraction tools know
    """Mark a text for translation that is translated later, where it is shown."""
    return text
