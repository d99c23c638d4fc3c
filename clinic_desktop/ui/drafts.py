"""Half-typed text that survives a crash: encrypted, one person's, gone once it is saved."""

import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID
from weakref import WeakSet

from cryptography.fernet import Fernet, InvalidToken
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from clinic_desktop import files
from clinic_desktop.i18n import _
from clinic_desktop.own_folder import make_own

if TYPE_CHECKING:  # the keyring's own libraries are loaded when it is first asked
    from clinic_desktop.secrets import Keyring

log = logging.getLogger(__name__)

KEEP_AFTER_MS: Final = 800
FOLDER: Final = "drafts"


class Drafts:
    """The drafts of one person on this computer.

    ``store`` holds ciphertext by name: a ``DraftFolder``, or a plain dict where no keyring could
    give a key that outlives the program.
    """

    def __init__(self, *, person_id: UUID, key: bytes, store: MutableMapping[str, bytes]) -> None:
        self._person_id = person_id
        self._box = Fernet(key)
        self._store = store
        self._keepers: WeakSet[DraftKeeper] = WeakSet()

    @classmethod
    def open(
        cls,
        *,
        home: Path,
        person_id: UUID,
        keyring: "Keyring",
        memory: MutableMapping[str, bytes],
    ) -> "Drafts":
        """Open a person's drafts with the key from the keyring; waits, so call it on a worker.

        Without a keyring the key lives as long as the program, and so do the drafts, in
        ``memory``, which is one for the whole program.
        """
        name = f"drafts-{person_id}"
        known = keyring.recall(name)
        key = known.encode() if known is not None else Fernet.generate_key()
        lasting = keyring.available if known is not None else keyring.remember(name, key.decode())
        return cls(
            person_id=person_id, key=key, store=DraftFolder(home / FOLDER) if lasting else memory
        )

    @property
    def outlives_program(self) -> bool:
        """Whether drafts are still there after the program was killed."""
        return isinstance(self._store, DraftFolder)

    def keep(self, form: str, key: str, data: dict[str, str]) -> None:
        """Keep what stands in a form; raises OSError when the disk refuses."""
        text = json.dumps({"form": form, "key": key, "data": data}, ensure_ascii=False)
        # A lone surrogate from the clipboard has no UTF-8; it is kept as its own number.
        self._store[self._name(form, key)] = self._box.encrypt(
            text.encode("utf-8", errors="surrogatepass")
        )

    def recall(self, form: str, key: str) -> dict[str, str] | None:
        """Return what was kept for a form, or None."""
        kept = self._store.get(self._name(form, key))
        if kept is None:
            return None
        try:
            text = self._box.decrypt(kept).decode("utf-8", errors="surrogatepass")
        except InvalidToken:
            # It was kept with a key that the keyring has lost; the file stays where it is.
            log.warning("A draft cannot be read with the key in the keyring")
            return None
        return {str(name): str(value) for name, value in json.loads(text)["data"].items()}

    def forget(self, form: str, key: str) -> None:
        """Drop a draft, because it was saved or thrown away."""
        self._store.pop(self._name(form, key), None)

    @property
    def empty(self) -> bool:
        """Whether nothing is kept on this computer, by anybody."""
        return len(self._store) == 0

    def forget_about(self, *records: UUID) -> None:
        """Drop every draft of this person about these records: they were erased."""
        gone = [str(record) for record in records]
        for keeper in list(self._keepers):
            if isValid(keeper) and any(one in keeper.place[1] for one in gone):
                keeper.forget()
        for name in list(self._store):
            try:
                kept = json.loads(self._box.decrypt(self._store[name]))
            except (InvalidToken, KeyError, UnicodeDecodeError):
                # Somebody else's, gone meanwhile, or of a key that the keyring has lost.
                continue
            if any(one in str(kept["key"]) for one in gone):
                self._store.pop(name, None)

    def watch(self, keeper: "DraftKeeper") -> None:
        """Remember a form that is open, so that a crash keeps it too."""
        self._keepers.add(keeper)

    def half_typed(self) -> int:
        """Return how many open forms hold text that is kept here and not saved yet."""
        # The same form in two windows is one draft.
        return len({k.place for k in list(self._keepers) if k.recall() is not None})

    def keep_all(self) -> int:
        """Keep every open form now; return how many held text not kept before."""
        return sum(keeper.keep_now() for keeper in list(self._keepers) if isValid(keeper))

    def _name(self, form: str, key: str) -> str:
        # The name of the file tells nobody whose record was being written.
        parts = "\0".join((str(self._person_id), form, key))
        return hashlib.sha256(parts.encode("utf-8", errors="surrogatepass")).hexdigest()


class DraftFolder(MutableMapping[str, bytes]):
    """Files in the program's home, readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            raise KeyError(name) from None

    def __setitem__(self, name: str, value: bytes) -> None:
        if not self._folder.is_dir():
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):  # another program keeps its first draft as well
                make_own(self._folder, 0o700)
        part = self._folder / f"{name}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(value)
        # A reader finds the old draft or the new one, never half of one.
        files.put_in_place(part, self._folder / name)

    def __delitem__(self, name: str) -> None:
        try:
            (self._folder / name).unlink()
        except FileNotFoundError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in self._folder.glob("*") if path.suffix != ".part")

    def __len__(self) -> int:
        return sum(1 for _name in self)


class DraftKeeper(QObject):
    """Watches one form and keeps it 0.8 s after the last key."""

    kept = Signal(str)
    """The footer's sentence, for example "Draft kept 14:07:12"."""
    not_kept = Signal(str)
    """A sentence for when the disk refused."""

    def __init__(
        self,
        drafts: Drafts,
        *,
        form: str,
        key: str,
        read: Callable[[], dict[str, str]],
        parent: QObject,
    ) -> None:
        """Keep what ``read`` returns; ``key`` tells forms of one kind apart (a record's id)."""
        super().__init__(parent)
        self._drafts = drafts
        self._form = form
        self._key = key
        self._read = read
        self._unkept = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER_MS)
        self._timer.timeout.connect(self.keep_now)
        drafts.watch(self)

    @property
    def place(self) -> tuple[str, str]:
        """Which form, and of what."""
        return self._form, self._key

    def recall(self) -> dict[str, str] | None:
        """Return what was half-typed when this form was last open, or None."""
        return self._drafts.recall(self._form, self._key)

    def follow(self, *editors: QWidget) -> None:
        """Watch ordinary Qt editors; other ones call ``touched`` themselves."""
        for editor in editors:
            if isinstance(editor, QLineEdit):
                # Text that the program puts in is no draft: only what a person types is.
                editor.textEdited.connect(self.touched)
            elif isinstance(editor, QTextEdit | QPlainTextEdit):
                editor.textChanged.connect(self.touched)
            elif isinstance(editor, QComboBox):
                editor.activated.connect(self.touched)
            else:
                raise TypeError(type(editor).__name__)

    @Slot()
    def touched(self) -> None:
        """Say that a person typed; the draft is kept when the typing pauses."""
        self._unkept = True
        self._timer.start()

    @Slot()
    def keep_now(self) -> bool:
        """Keep what is typed and not kept yet; return whether there was any."""
        self._timer.stop()
        if not self._unkept:
            return False
        try:
            self._drafts.keep(self._form, self._key, self._read())
        except OSError as error:
            self.not_kept.emit(
                _("Draft not kept on this computer: {reason}.").format(
                    reason=error.strerror or type(error).__name__
                )
            )
            return False
        self._unkept = False
        self.kept.emit(_("Draft kept {time}").format(time=time.strftime("%H:%M:%S")))
        return True

    def forget(self) -> None:
        """Drop the draft: its text is saved, or thrown away on purpose."""
        self._timer.stop()
        self._unkept = False
        self._drafts.forget(self._form, self._key)


def keep_texts(
    drafts: Drafts,
    *,
    form: str,
    key: str,
    editors: Mapping[str, QLineEdit | QPlainTextEdit],
    parent: QObject,
) -> DraftKeeper:
    """Keep the texts of these editors, after writing in what was half-typed the last time."""

    def read() -> dict[str, str]:
        return {
            name: line.text() if isinstance(line, QLineEdit) else line.toPlainText()
            for name, line in editors.items()
        }

    keeper = DraftKeeper(drafts, form=form, key=key, read=read, parent=parent)
    typed = keeper.recall() or {}
    for name, line in editors.items():
        if name in typed:
            write = line.setText if isinstance(line, QLineEdit) else line.setPlainText
            write(typed[name])
    keeper.follow(*editors.values())
    return keeper
