"""The data of a segment: for each table which rows to replace and by what, compressed."""

import json
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from clinic_desktop.services.schemas import Row

_SIZE: Final = struct.Struct(">I")
# What a block expands to is taken in steps: a few kilobytes of zeros may be a picture of 200 MB.
STEP: Final = 1 << 20


class Part(Row):
    """What comes next: rows of ``table`` in COPY's text format.

    ``how`` is "rows" (replace those of ``keys``, whose column is ``by``), "whole" (replace all),
    "append" (add what is not there) or "erased" (remove those of ``keys``).
    """

    table: str
    how: str
    columns: tuple[str, ...] = ()
    by: str = "id"


def packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces compressed."""
    squeeze = zlib.compressobj(1)
    for piece in pieces:
        if block := squeeze.compress(piece):
            yield block
    yield squeeze.flush()


def framed(part: Part, *streams: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a part and its streams (keys first, then rows), each ended by an empty frame."""
    head = part.model_dump_json().encode()
    yield _SIZE.pack(len(head)) + head
    for stream in streams:
        for block in stream:
            if block:
                yield _SIZE.pack(len(block)) + block
        yield _SIZE.pack(0)


class Unpacker:
    """Takes compressed blocks as they come and calls ``part`` and ``frame`` for what they hold.

    ``frame(b"")`` ends a stream. Which streams a part has is known by ``streams(part)``.
    """

    def __init__(
        self,
        part: Callable[[Part], None],
        frame: Callable[[bytes], None],
        streams: Callable[[Part], int],
    ) -> None:
        self._part, self._frame, self._streams = part, frame, streams
        self._expand = zlib.decompressobj()
        self._rest = bytearray()
        self._left = 0

    def write(self, block: bytes) -> None:
        """Take a block."""
        while block:
            self._rest += self._expand.decompress(block, STEP)
            block = self._expand.unconsumed_tail
            self._frames()

    def _frames(self) -> None:
        at = 0
        while len(self._rest) - at >= _SIZE.size:
            (size,) = _SIZE.unpack_from(self._rest, at)
            end = at + _SIZE.size + size
            if end > len(self._rest):
                break
            self._take(bytes(self._rest[at + _SIZE.size : end]))
            at = end
        del self._rest[:at]

    def _take(self, content: bytes) -> None:
        if self._left == 0:
            part = Part.model_validate(_json(content))
            self._left = self._streams(part)
            self._part(part)
            return
        if not content:
            self._left -= 1
        self._frame(content)

    @property
    def finished(self) -> bool:
        """Whether nothing is missing at the end."""
        return self._left == 0 and not self._rest and self._expand.eof


def _json(content: bytes) -> Any:
    return json.loads(content)
