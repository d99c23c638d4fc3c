"""What goes into services and what comes out: cleaned inputs, frozen outputs."""

import unicodedata
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict

# Controls (but line breaks and tabs), lone surrogates and noncharacters cannot be stored or drawn.
# Format characters stay: joiners shape Arabic and emoji, direction marks belong to mixed names.
_DROPPED: Final = {"Cc", "Cs"}
_KEPT: Final = {"\n", "\t"}


def clean(value: Any) -> Any:
    """Return a text without characters that no database or font can hold, trimmed; others as is."""
    if not isinstance(value, str):
        return value
    # Nearly every text is printable and composed already: looked at twice as fast as rebuilt.
    if value.isprintable() and unicodedata.is_normalized("NFC", value):
        return value.strip()
    unified = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in unified if c in _KEPT or unicodedata.category(c) not in _DROPPED)
    return "".join(kept).strip()


def clean_line(value: Any) -> Any:
    """Return a cleaned text on one line, its runs of blanks made one."""
    cleaned = clean(value)
    return " ".join(cleaned.split()) if isinstance(cleaned, str) else cleaned


Line = Annotated[str, BeforeValidator(clean_line)]
"""One line of text a person typed."""
Text = Annotated[str, BeforeValidator(clean)]
"""Text of several lines a person typed."""


class Input(BaseModel):
    """What a person asks for; unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(BaseModel):
    """What a service answers; frozen, because it crosses threads."""

    model_config = ConfigDict(frozen=True, from_attributes=True)
