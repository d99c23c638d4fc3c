"""What files hold: stored once for each clinic in pieces, checked against their fingerprint."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Table, insert, text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.pictures import Inspected
from clinic_desktop.errors import InvalidError, NotFoundError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.models import FilePiece, StoredFile
from clinic_desktop.models.document import PIECE
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row

_PIECES: Table = FilePiece.__table__  # type: ignore[assignment]  # declared as the wider FromClause
_KNOWN: Final = text(
    "SELECT id FROM stored_file WHERE clinic_id = :clinic AND fingerprint = :fingerprint"
)
# One reader for every attachment; it writes the access entry.
_READ: Final = """
SELECT p.number, p.content, p.sha256, f.pieces, f.fingerprint
FROM read_file_piece(%s, %s, %s) p
JOIN stored_file f ON f.clinic_id = p.clinic_id AND f.id = p.file_id
ORDER BY p.number
"""


@dataclass(frozen=True)
class Fingerprint:
    """The size of a file, the SHA-256 of each piece and of all of those."""

    size: int
    pieces: tuple[bytes, ...]

    @property
    def whole(self) -> bytes:
        """SHA-256 of the pieces' SHA-256: what the database checks."""
        return hashlib.sha256(b"".join(self.pieces)).digest()


def fingerprint(source: BinaryIO) -> Fingerprint:
    """Read a file once, piece by piece, and return what it is named by."""
    source.seek(0)
    found, size = [], 0
    while piece := source.read(PIECE):
        found.append(hashlib.sha256(piece).digest())
        size += len(piece)
    return Fingerprint(size, tuple(found))


def keep(ctx: Context, source: BinaryIO, holds: Inspected, print_: Fingerprint) -> UUID:
    """Store what a file holds, unless the clinic has it; return the stored file's id.

    Only one piece is in memory at a time. Raises InvalidError when the file was changed after
    ``print_`` was taken.
    """
    keys = {"clinic": ctx.clinic_id, "fingerprint": print_.whole}
    known = ctx.connection.execute(_KNOWN, keys).scalar_one_or_none()
    if known is not None:
        return UUID(str(known))
    file_id = new_id()
    add_row(
        ctx,
        StoredFile,
        id=file_id,
        fingerprint=print_.whole,
        size=print_.size,
        pieces=len(print_.pieces),
        media_type=holds.media_type,
        width=holds.width,
        height=holds.height,
        frames=holds.frames,
        thumbnail=holds.thumbnail,
    )
    source.seek(0)
    for number, expected in enumerate(print_.pieces):
        piece = source.read(PIECE)
        if hashlib.sha256(piece).digest() != expected:
            raise _changed()
        ctx.connection.execute(
            insert(_PIECES).values(
                clinic_id=ctx.clinic_id,
                id=new_id(),
                file_id=file_id,
                number=number,
                sha256=expected,
                content=piece,
            )
        )
    if source.read(1):
        raise _changed()
    return file_id


def pieces(ctx: Context, patient_id: UUID, attachment_id: UUID) -> Iterator[bytes]:
    """Yield the bytes of an attachment piece by piece, each checked before it is handed on.

    Reading is written to the access log. Raises NotFoundError, and SetupError when what is stored
    is not what was handed in.
    """
    hashes: list[bytes] = []
    last: Any = None
    with _cursor(ctx.connection) as cursor:
        # Row by row, so that a large file never stands in memory whole.
        for row in cursor.stream(_READ, (ctx.clinic_id, patient_id, attachment_id)):
            number, content, said, *last = row
            if number != len(hashes) or hashlib.sha256(content).digest() != said:
                raise _damaged()
            hashes.append(said)
            yield content
    if last is None:
        raise NotFoundError(_("This file is not there."))
    count, whole = last
    if len(hashes) != count or hashlib.sha256(b"".join(hashes)).digest() != whole:
        raise _damaged()


def _cursor(connection: Connection) -> psycopg.Cursor[Any]:
    """Return the driver's cursor, which can hand over one row at a time."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection).cursor()


def _changed() -> InvalidError:
    return InvalidError(
        _("This file was changed while it was read. It was not stored. Add it again.")
    )


def _damaged() -> SetupError:
    return SetupError(_("This file was damaged on the disk. Restore it from a backup."))
