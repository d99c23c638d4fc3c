"""The lines of an iCalendar file: escaped, folded at 75 octets, ended by CRLF (RFC 5545, 3.1)."""

from collections.abc import Iterable
from typing import Final

LONGEST: Final = 75
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
# A value of a parameter cannot hold these at all, and in quotation marks the rest.
_NO_PARAMETER: Final = str.maketrans({'"': "'", "\n": " ", "\t": " "})
_QUOTED: Final = frozenset(",;:")


def escaped(text: str) -> str:
    """Return a text as a TEXT value; controls that no reader takes are left out."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in unified if c >= " " or c in "\n\t").translate(_ESCAPES)


def line(name: str, value: str, **parameters: str) -> str:
    """Return one line before folding; ``value`` is escaped already where its type wants it."""
    parts = [name]
    for key, given in parameters.items():
        plain = given.translate(_NO_PARAMETER)
        parts.append(f'{key}="{plain}"' if _QUOTED & set(plain) else f"{key}={plain}")
    return f"{';'.join(parts)}:{value}"


def folded(text: str) -> bytes:
    """Return a line in octets, cut after at most 75 and never inside a letter."""
    octets = text.encode("utf-8", "replace")
    pieces, start, room = [], 0, LONGEST
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[start:end])
        # What follows begins with a blank of its own.
        start, room = end, LONGEST - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def written(lines: Iterable[str]) -> bytes:
    """Return the file of these lines."""
    return b"".join(map(folded, lines))
