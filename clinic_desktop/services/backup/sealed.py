"""Sealed files: manifest and data as one encrypted stream, written and read with flat memory."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import pyrage

from clinic_desktop import files
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup.schemas import FORMAT, Manifest, manifest_name

MAGIC: Final = b"clinic-desktop backup\n"
LONGEST_HEAD: Final = 4 << 20


class Sink(Protocol):
    """What takes the data of an opened file, block by block."""

    def write(self, block: bytes) -> None:
        """Take a block."""


class Nowhere:
    """Takes everything and keeps nothing: for looking whether a file is whole."""

    def write(self, block: bytes) -> None:
        """Drop it."""


class _Blocks:
    """Gives an iterator's blocks as a stream; what goes wrong is kept to be raised again."""

    def __init__(self, blocks: Iterator[bytes], tell: Callable[[int], None]) -> None:
        self._blocks, self._tell = blocks, tell
        self._rest = memoryview(b"")
        self._done = 0
        self.error: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                block = next(self._blocks, None)
                if block is None:
                    return b""
                self._done += len(block)
                self._tell(self._done)
                self._rest = memoryview(block)
        except BaseException as error:
            self.error = error
            raise
        given, self._rest = self._rest[:size], self._rest[size:]
        return bytes(given)


class _Hashed:
    def __init__(self, path: Path) -> None:
        self._stream = path.open("xb")
        self.hash, self.size = hashlib.sha256(), 0
        self.error: BaseException | None = None

    def write(self, block: bytes) -> int:
        try:
            self._stream.write(block)
        except OSError as error:
            self.error = error
            raise
        self.hash.update(block)
        self.size += len(block)
        return len(block)

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self._stream.close()


def seal(
    target: Path,
    manifest: Manifest,
    blocks: Iterator[bytes],
    recipients: Sequence[Any],
    tell: Callable[[int], None] = lambda _bytes: None,
) -> Manifest:
    """Write manifest and blocks encrypted to a new file; return the manifest with hash and size.

    ``tell`` is given the bytes so far and may raise to stop. Nothing is left of a file that was not
    finished. The readable manifest stands beside it at the end.
    """

    def stream() -> Iterator[bytes]:
        yield MAGIC + manifest.model_dump_json(exclude={"sha256", "size"}).encode() + b"\n"
        yield from blocks

    source = _Blocks(stream(), tell)
    try:
        sink = _Hashed(target)
    except OSError as error:
        raise files.refusal(error, target.parent) from error
    try:
        pyrage.encrypt_io(source, sink, list(recipients))
        sink.close()
        whole = manifest.model_copy(update={"sha256": sink.hash.hexdigest(), "size": sink.size})
        beside = target.with_name(manifest_name(target.name))
        beside.write_text(whole.model_dump_json(indent=1), encoding="utf-8")
    except BaseException as error:  # noqa: BLE001 - raised again below, as what it was
        sink.close()
        target.unlink(missing_ok=True)
        # The library wraps what our own streams raised.
        cause = source.error or sink.error or error
        if isinstance(cause, OSError):
            raise files.refusal(cause, target.parent) from cause
        raise cause from None
    return whole


class _Opened:
    """Takes the manifest off the front of the stream and hands on the rest."""

    def __init__(self, sink_of: Callable[[Manifest], Sink]) -> None:
        self._sink_of = sink_of
        self._head = bytearray()
        self._sink: Sink | None = None
        self.manifest: Manifest | None = None
        self.error: BaseException | None = None

    def write(self, block: bytes) -> int:
        try:
            self._take(block)
        except BaseException as error:
            self.error = error
            raise
        return len(block)

    def _take(self, block: bytes) -> None:
        if self._sink is not None:
            self._sink.write(block)
            return
        self._head += block
        end = self._head.find(b"\n", len(MAGIC))
        if end < 0 and len(self._head) < LONGEST_HEAD:
            return
        if not self._head.startswith(MAGIC):
            raise SetupError(_("This file is no backup of Clinic Desktop."))
        self.manifest = _manifest(bytes(self._head[len(MAGIC) : end]))
        self._sink = self._sink_of(self.manifest)
        self._sink.write(bytes(self._head[end + 1 :]))
        self._head.clear()

    def flush(self) -> None:
        """Nothing waits here."""


def _manifest(text: bytes) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(text)
    except ValueError as error:
        raise _newer() from error
    if manifest.format > FORMAT:
        raise _newer()
    return manifest


def _newer() -> SetupError:
    return SetupError(
        _("The backup was made by a newer version of Clinic Desktop. Install that version first.")
    )


def damaged(path: Path) -> SetupError:
    """Return the sentence for a file that is not as it was written."""
    return SetupError(
        _("The backup {file} is damaged. Nothing was restored; take an older one.").format(
            file=path.name
        )
    )


def read_beside(path: Path) -> Manifest | None:
    """Return the readable manifest beside a file, or None when there is none."""
    try:
        return Manifest.model_validate_json(path.with_name(manifest_name(path.name)).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        raise damaged(path) from None


def unseal(path: Path, identities: Sequence[Any], sink_of: Callable[[Manifest], Sink]) -> Manifest:
    """Decrypt a file into what ``sink_of`` returns for its manifest; return the manifest.

    Raises SetupError for a wrong key and for a file cut short or changed; data that came before the
    damage have reached the sink by then, so look with ``Nowhere`` first.
    """
    opened = _Opened(sink_of)
    try:
        with path.open("rb") as source:
            pyrage.decrypt_io(source, opened, list(identities))
    except (pyrage.DecryptError, OSError) as error:
        if opened.error is not None:
            raise opened.error from None
        if "matching keys" in str(error):
            raise SetupError(
                _("This key does not open the backup {file}. Nothing was restored.").format(
                    file=path.name
                )
            ) from error
        if isinstance(error, OSError) and error.errno is not None:
            raise SetupError(
                _("The backup {file} cannot be read ({reason}).").format(
                    file=path, reason=error.strerror
                )
            ) from error
        raise damaged(path) from error
    if opened.manifest is None:
        raise damaged(path)
    return opened.manifest


def inspect(path: Path, identities: Sequence[Any]) -> Manifest:
    """Read a file from end to end, compare it with the manifest beside it, and return what it says.

    Raises SetupError naming what is wrong: nothing has been written anywhere.
    """
    beside = read_beside(path)
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise SetupError(
            _("The backup {file} cannot be read ({reason}).").format(
                file=path, reason=error.strerror
            )
        ) from error
    if beside is not None and beside.sha256 != digest:
        raise damaged(path)
    found = unseal(path, identities, lambda _manifest: Nowhere())
    same = {"sha256", "size"}
    if beside is not None and beside.model_dump(exclude=same) != found.model_dump(exclude=same):
        raise damaged(path)
    return found.model_copy(update={"sha256": digest, "size": path.stat().st_size})
