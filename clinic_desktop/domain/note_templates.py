"""Note templates: text with places that the program fills, and prompts that the author answers.

A place is written ``{tooth}``, in the word of any language of the interface. A prompt begins with a
question mark, ``{? shade}``, and may offer answers: ``{? anaesthetic: none / articaine 4 %}``.
Whatever could not be filled stays in the note as it is written, so that it is seen and found.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Final

from clinic_desktop.domain.folding import fold
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import LANGUAGES, N_, _, in_language

LONGEST: Final = 8_000
_PLACE: Final = re.compile(r"\{([^{}\n]{1,200})\}")
_BRACE: Final = re.compile(r"[{}]")
_ASKS: Final = "?"

# What the program fills: key -> the word that is written, what it stands for.
FILLED: Final[dict[str, tuple[str, str]]] = {
    "patient": (N_("patient"), N_("The patient's name")),
    "age": (N_("age"), N_("The patient's age on that day")),
    "date": (N_("date"), N_("The day of the visit")),
    "time": (N_("time"), N_("The time at which the work was completed")),
    "provider": (N_("provider"), N_("Who did the work")),
    "tooth": (N_("tooth"), N_("The tooth or teeth, as the clinic numbers them")),
    "surfaces": (N_("surfaces"), N_("The surfaces of the tooth")),
    "procedure": (N_("procedure"), N_("The name of the service")),
    "material": (N_("material"), N_("The material and other details from the chart")),
    "code": (N_("code"), N_("The code of the service")),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text from ``start`` to ``end``; ``key`` is empty for a prompt."""

    start: int
    end: int
    words: str
    key: str = ""
    choices: tuple[str, ...] = ()


def written(key: str) -> str:
    """Return a place as it is written in the language in force: ``{tooth}``."""
    return "{" + _(FILLED[key][0]) + "}"


@cache
def _keys() -> dict[str, str]:
    """Return word -> key, in every language: a template outlives the language it was written in."""
    found = {}
    for language in LANGUAGES:
        with in_language(language):
            found.update({fold(_(word)): key for key, (word, _meaning) in FILLED.items()})
    return found


def places(text: str) -> tuple[Place, ...]:
    """Return the places of a text in order; braces around anything else are just braces."""
    found = (_place(match) for match in _PLACE.finditer(text))
    return tuple(place for place in found if place is not None)


def _place(match: re.Match[str]) -> Place | None:
    inside = match[1].strip()
    if not inside.startswith(_ASKS):
        key = _keys().get(fold(inside))
        return Place(match.start(), match.end(), inside, key) if key is not None else None
    words, _colon, answers = inside.removeprefix(_ASKS).partition(":")
    choices = tuple(answer for part in answers.split(" / ") if (answer := part.strip()))
    if not words.strip():
        return None
    return Place(match.start(), match.end(), words.strip(), choices=choices)


def check_body(body: str) -> None:
    """Raise InvalidError (``body``) that names a place nobody can fill, or a brace left alone."""
    for match in _PLACE.finditer(body):
        if _place(match) is None:
            raise InvalidError(_unknown(match[1].strip()), field="body")
    alone = _BRACE.search(_PLACE.sub("", body))
    if alone is not None:
        raise InvalidError(
            _("A “{brace}” stands alone. A place is written {example}.").format(
                brace=alone[0], example=written("tooth")
            ),
            field="body",
        )


def _unknown(word: str) -> str:
    if word.startswith(_ASKS) or not word:
        return _("Write after the question mark what is asked, as in {example}.").format(
            example="{? " + _("shade") + "}"
        )
    own = {fold(_(shown)): shown for shown, _meaning in FILLED.values()}
    near = get_close_matches(fold(word), own, n=1)
    if near:
        return _("{place} is not known. Did you mean {known}?").format(
            place="{" + word + "}", known="{" + _(own[near[0]]) + "}"
        )
    return _(
        "{place} is not known. Known are {known}. What the author answers begins with a question "
        "mark: {example}."
    ).format(
        place="{" + word + "}",
        known=", ".join(written(key) for key in FILLED),
        example="{? " + word + "}",
    )


def filled(body: str, values: Mapping[str, str]) -> str:
    """Return the text with every place filled whose value is known; the others stay open."""

    def value(match: re.Match[str]) -> str:
        place = _place(match)
        return (values.get(place.key) if place is not None else "") or match[0]

    return _PLACE.sub(value, body)


def joined(parts: Iterable[str]) -> str:
    """Return the parts as one note; what would be said twice in the same words is said once."""
    return "\n\n".join(dict.fromkeys(part.strip() for part in parts if part.strip()))


def open_words(text: str) -> tuple[str, ...]:
    """Return what is still open in a note, each once, in order."""
    return tuple(dict.fromkeys(place.words for place in places(text)))


def next_place(text: str, start: int, end: int) -> Place | None:
    """Return the open place that comes after a selection, None where it is the last one itself.

    From anywhere else behind the last place it goes on at the first.
    """
    found = places(text)
    after = next((place for place in found if place.start >= end and place.end > end), None)
    on_one = any((place.start, place.end) == (start, end) for place in found)
    if after is None and found and not on_one:
        return found[0]
    return after
