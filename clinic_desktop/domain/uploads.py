"""Files that a person hands in: what they hold, told by their bytes and never by their name."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

import filetype

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _

LARGEST_FILE: Final = 200 * 1024 * 1024
HEAD_BYTES: Final = 4096
TAIL_BYTES: Final = 65_536
LONGEST_NAME: Final = 200

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
TIFF: Final = "image/tiff"
BMP: Final = "image/bmp"
WEBP: Final = "image/webp"
PDF: Final = "application/pdf"
DICOM: Final = "application/dicom"

# What is taken, and the endings under which each goes.
ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    PNG: ("png",),
    TIFF: ("tif", "tiff"),
    BMP: ("bmp", "dib"),
    WEBP: ("webp",),
    PDF: ("pdf",),
    DICOM: ("dcm", "dic", "dicom"),
}
PICTURES: Final = frozenset({JPEG, PNG, TIFF, BMP, WEBP, DICOM})
WORDS: Final[dict[str, str]] = {
    JPEG: N_("a JPEG picture"),
    PNG: N_("a PNG picture"),
    TIFF: N_("a TIFF picture"),
    BMP: N_("a bitmap picture"),
    WEBP: N_("a WebP picture"),
    PDF: N_("a PDF document"),
    DICOM: N_("a DICOM image"),
}

_MARKUP: Final = (b"<svg", b"<!doctype", b"<html", b"<?xml", b"<script", b"<?php", b"<head")
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"#!", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba")
# What makes the end of a picture into the beginning of something else.
_SECOND_LIVES: Final = (b"PK\x05\x06", b"%PDF-", b"<script", b"<?php", b"<html", b"<svg")
_RESERVED: Final = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """Return the name of a file without its path and without what a system takes for more.

    Separators of any system, controls, direction marks, leading dots, device names and endless
    length are taken out; a name of which nothing is left becomes ``file``.
    """
    # A colon ends the name before an alternate stream, or follows a drive's letter.
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1].split("\0")[0]
    last = last.split(":")[0] if not re.match(r"^[A-Za-z]:", last) else last[2:]
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    kept = re.sub(r'[<>"|?*]', "", kept).strip(" .")
    if _RESERVED.match(kept):
        kept = f"_{kept}"
    if not kept:
        return "file"
    ending = PurePosixPath(kept).suffix[:12]
    stem = kept[: len(kept) - len(ending)] if ending else kept
    return stem[: LONGEST_NAME - len(ending)] + ending


def check_size(size: int) -> None:
    """Raise InvalidError for an empty file and for one beyond 200 MB, before it is read."""
    if size == 0:
        raise InvalidError(_("This file is empty. It was not stored."))
    if size > LARGEST_FILE:
        sentence = _("This file has {size} MB. It was not stored: {most} MB is the most.")
        raise InvalidError(sentence.format(size=size // 1_048_576, most=LARGEST_FILE // 1_048_576))


def media_type(name: str, head: bytes, tail: bytes) -> str:
    """Return what a file holds, from its first 4 KB and its last 64 KB.

    Raises InvalidError for everything outside the allow-list, for a name that says something
    else, and for a file that is two things at once. A picture called by another picture's ending
    is taken as what it is: cameras and telephones do that by mistake.
    """
    ending = PurePosixPath(name).suffix.lstrip(".").lower()
    found = _kind(head)
    if found is None:
        raise _lie(ending, _(_stranger(head)))
    said = next((kind for kind, endings in ENDINGS.items() if ending in endings), None)
    if said is not None and said != found and not {said, found} <= PICTURES - {DICOM}:
        raise _lie(ending, _(WORDS[found]))
    if ending and said is None and found != DICOM:
        # DICOM files mostly go by numbers with dots in them.
        raise _lie(ending, _(WORDS[found]))
    _refuse_two_in_one(found, head, tail)
    return found


def _kind(head: bytes) -> str | None:
    """Return the media type when it is one of the allow-list."""
    if head[128:132] == b"DICM":
        return DICOM
    if head.startswith(b"%PDF-"):
        return PDF
    guessed = filetype.guess(head)
    return guessed.mime if guessed is not None and guessed.mime in ENDINGS else None


def _stranger(head: bytes) -> str:
    """Return in words what a refused file holds."""
    if head.startswith(_PROGRAMS):
        return N_("a program")
    start = head[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").lower()
    if start.startswith(_MARKUP) or b"<svg" in head.lower():
        return N_("a page or drawing made of text, which can hold a program")
    if head.startswith((b"PK", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
        return N_("a packed folder")
    guessed = filetype.guess(head)
    if guessed is not None and guessed.mime.startswith(("video/", "audio/")):
        return N_("a film or a sound")
    return N_("something this program does not know")


def _refuse_two_in_one(found: str, head: bytes, tail: bytes) -> None:
    """Refuse a file that another program would open as something else."""
    sentence = _("This file is {kind} and something else at once. It was not stored.")
    refusal = InvalidError(sentence.format(kind=_(WORDS[found])))
    if found == DICOM:
        # The first 128 bytes are free for anything; TIFF readers may use them, programs may not.
        preamble = head[:128].lstrip(b"\0 \t\r\n")
        if preamble.startswith((*_PROGRAMS, *_MARKUP, b"%PDF", b"PK")):
            raise refusal
        return
    signs = _SECOND_LIVES[:1] if found == PDF else _SECOND_LIVES
    if _is_after_the_end(found, tail, signs):
        raise refusal


def _is_after_the_end(found: str, tail: bytes, signs: tuple[bytes, ...]) -> bool:
    """Say whether one of the signs stands where the file itself is over already."""
    ends = {JPEG: b"\xff\xd9", PNG: b"IEND\xaeB`\x82", PDF: b"%%EOF"}
    if found not in ends:
        # The others have no mark at their end: a packed folder's is enough to refuse.
        return b"PK\x05\x06" in tail
    over = tail.find(ends[found])
    after = tail[over:].lower() if over >= 0 else b""
    return any(sign.lower() in after for sign in signs)


def _lie(ending: str, holds: str) -> InvalidError:
    if not ending:
        sentence = _("This file holds {what}. It was not stored.").format(what=holds)
    else:
        sentence = _("This file says .{ending} but holds {what}. It was not stored.").format(
            ending=ending[:12], what=holds
        )
    hint = _("Pictures (JPEG, PNG, TIFF, BMP, WebP), PDF and DICOM are taken.")
    return InvalidError(f"{sentence} {hint}")
