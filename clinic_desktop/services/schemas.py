"""What goes into services and what comes out: cleaned inputs, frozen outputs."""

import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationInfo

from clinic_desktop.domain.folding import is_blank
from clinic_desktop.domain.names import tidy
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

# Controls (but line breaks and tabs), lone surrogates and noncharacters cannot be stored or drawn.
# Format characters stay: joiners shape Arabic and emoji, direction marks belong to mixed names.
_DROPPED: Final = {"Cc", "Cs"}
_KEPT: Final = {"\n", "\t"}
_MOST_WORDS, _LONGEST_WORD = 20, 39


def clean(value: Any) -> Any:
    """Return a text without characters that no database or font can hold, trimmed; others as is.

    Where nothing is left that can be seen, nothing was written.
    """
    if not value or not isinstance(value, str):
        return value
    # Nearly every text is printable and composed already: looked at twice as fast as rebuilt.
    if value.isprintable() and (value.isascii() or unicodedata.is_normalized("NFC", value)):
        cleaned = value.strip()
        return cleaned if cleaned.isascii() or not is_blank(cleaned) else ""
    unified = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in unified if c in _KEPT or unicodedata.category(c) not in _DROPPED)
    cleaned = "".join(kept).strip()
    return "" if is_blank(cleaned) else cleaned


def clean_line(value: Any) -> Any:
    """Return a cleaned text on one line, its runs of blanks made one."""
    cleaned = clean(value)
    return " ".join(cleaned.split()) if cleaned and isinstance(cleaned, str) else cleaned


def clean_name(value: Any) -> Any:
    """Return a cleaned line also without the marks that nobody can see."""
    cleaned = clean(value)
    return tidy(cleaned) if isinstance(cleaned, str) else cleaned


def _something(value: str, info: ValidationInfo) -> str:
    """Refuse an empty name; the field of the form has the name of the schema's."""
    if not value:
        raise InvalidError(_("This cannot be empty."), field=info.field_name)
    return value


Line = Annotated[str, BeforeValidator(clean_line)]
"""One line of text a person typed."""
Text = Annotated[str, BeforeValidator(clean)]
"""Text of several lines a person typed."""


def words(value: Any) -> Any:
    """Return words parted by commas, folded to small letters, each once; others as they are."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        return value
    found = (clean_line(part).casefold() for part in parts)
    return tuple(dict.fromkeys(part for part in found if part))


def _few(value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    if len(value) > _MOST_WORDS or any(len(word) > _LONGEST_WORD for word in value):
        raise InvalidError(
            _("At most {count} words of {letters} letters, parted by commas.").format(
                count=_MOST_WORDS, letters=_LONGEST_WORD
            ),
            field=info.field_name,
        )
    return value


Words = Annotated[tuple[str, ...], BeforeValidator(words), AfterValidator(_few)]
"""A few words a person typed, parted by commas: skills, equipment."""
Name = Annotated[str, BeforeValidator(clean_name), AfterValidator(_something)]
"""What something or somebody is called; raises InvalidError when nothing of it can be seen."""


class Input(BaseModel):
    """What a person asks for; unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Row(BaseModel):
    """What a service answers; frozen, because it crosses threads."""

    model_config = ConfigDict(frozen=True, from_attributes=True, defer_build=True)
