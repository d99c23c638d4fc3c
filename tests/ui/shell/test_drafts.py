"""Drafts: kept while typing, encrypted, one person's, gone when saved."""

from uuid import UUID

import keyring.backend
import pytest
from cryptography.fernet import Fernet
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSpinBox

from clinic_desktop.secrets import Keyring
from clinic_desktop.ui import drafts as module
from clinic_desktop.ui.drafts import DraftFolder, DraftKeeper, Drafts

ANA, RUI = UUID(int=1), UUID(int=2)
TYPED = {"name": "محمد الحسيني 🦷", "note": "<b>a & b</b>\n\ud800"}


class Chain(keyring.backend.KeyringBackend):
    """A keyring in memory, as safe as any for a test."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def key() -> bytes:
    return Fernet.generate_key()


@pytest.fixture
def drafts(tmp_path, key) -> Drafts:
    return Drafts(person_id=ANA, key=key, store=DraftFolder(tmp_path / "drafts"))


class TestDrafts:
    def test_survives_the_program(self, drafts, tmp_path, key):
        drafts.keep("patient", "new", TYPED)
        again = Drafts(person_id=ANA, key=key, store=DraftFolder(tmp_path / "drafts"))
        assert again.recall("patient", "new") == TYPED
        assert again.recall("patient", "other") is None

    def test_nothing_readable_on_the_disk(self, drafts, tmp_path):
        drafts.keep("patient", "new", {"name": "Featherstonehaugh"})
        files = list((tmp_path / "drafts").iterdir())
        assert len(files) == 1
        assert b"Featherstonehaugh" not in files[0].read_bytes()
        assert files[0].stat().st_mode & 0o077 == 0

    def test_another_person_sees_nothing(self, drafts, tmp_path, key):
        drafts.keep("patient", "new", TYPED)
        other = Drafts(person_id=RUI, key=key, store=DraftFolder(tmp_path / "drafts"))
        assert other.recall("patient", "new") is None

    def test_forget(self, drafts, tmp_path):
        drafts.keep("patient", "new", TYPED)
        drafts.forget("patient", "new")
        drafts.forget("patient", "new")
        assert drafts.recall("patient", "new") is None
        assert list((tmp_path / "drafts").iterdir()) == []

    def test_lost_key_leaves_the_file_alone(self, drafts, tmp_path):
        drafts.keep("patient", "new", TYPED)
        other = Drafts(
            person_id=ANA, key=Fernet.generate_key(), store=DraftFolder(tmp_path / "drafts")
        )
        assert other.recall("patient", "new") is None
        assert len(DraftFolder(tmp_path / "drafts")) == 1


class TestOpen:
    def test_key_comes_from_the_keyring(self, tmp_path):
        ring = Keyring(backends=[Chain()])
        first = Drafts.open(home=tmp_path, person_id=ANA, keyring=ring, memory={})
        first.keep("note", "7", TYPED)
        again = Drafts.open(home=tmp_path, person_id=ANA, keyring=ring, memory={})
        assert again.outlives_program
        assert again.recall("note", "7") == TYPED

    def test_without_a_keyring_they_live_as_long_as_the_program(self, tmp_path):
        ring, memory = Keyring(backends=[]), {}
        first = Drafts.open(home=tmp_path, person_id=ANA, keyring=ring, memory=memory)
        first.keep("note", "7", TYPED)
        assert not first.outlives_program
        assert list(tmp_path.iterdir()) == []
        again = Drafts.open(home=tmp_path, person_id=ANA, keyring=ring, memory=memory)
        assert again.recall("note", "7") == TYPED


class TestKeeper:
    @pytest.fixture
    def form(self, qtbot):
        editor = QLineEdit()
        qtbot.addWidget(editor)
        return editor

    @pytest.fixture
    def keeper(self, drafts, form):
        keeper = DraftKeeper(
            drafts, form="patient", key="new", read=lambda: {"name": form.text()}, parent=form
        )
        keeper.follow(form)
        return keeper

    def test_kept_when_the_typing_pauses(self, qtbot, drafts, form, keeper):
        with qtbot.waitSignal(keeper.kept) as kept:
            qtbot.keyClicks(form, "Ana")
        assert kept.args[0].startswith("Draft kept ")
        assert keeper.recall() == {"name": "Ana"}
        keeper.forget()
        assert keeper.recall() is None

    def test_a_crash_keeps_what_the_pause_has_not(self, qtbot, drafts, form, keeper):
        qtbot.keyClicks(form, "Ana")
        assert drafts.keep_all() == 1
        assert drafts.keep_all() == 0
        assert keeper.recall() == {"name": "Ana"}

    def test_text_put_in_by_the_program_is_no_draft(self, drafts, form, keeper):
        form.setText("Ana")
        assert drafts.keep_all() == 0

    def test_full_disk_is_said(self, qtbot, tmp_path, drafts, form, keeper):
        (tmp_path / "drafts").write_text("a file where the folder should be")
        with qtbot.waitSignal(keeper.not_kept) as told:
            qtbot.keyClicks(form, "Ana")
        assert told.args[0].startswith("Draft not kept on this computer: ")
        (tmp_path / "drafts").unlink()
        assert drafts.keep_all() == 1

    def test_other_editors(self, qtbot, drafts):
        text, choice = QPlainTextEdit(), QComboBox()
        qtbot.addWidget(text)
        keeper = DraftKeeper(drafts, form="f", key="k", read=dict, parent=text)
        keeper.follow(text, choice)
        with pytest.raises(TypeError, match="QSpinBox"):
            keeper.follow(QSpinBox(text))
        qtbot.keyClicks(text, "x")
        assert drafts.keep_all() == 1

    def test_closed_form_is_forgotten(self, qtbot, drafts, monkeypatch):
        monkeypatch.setattr(module, "KEEP_AFTER_MS", 1)
        parent = QObject()
        keeper = DraftKeeper(drafts, form="f", key="k", read=dict, parent=parent)
        keeper.touched()
        import shiboken6

        shiboken6.delete(parent)
        assert drafts.keep_all() == 0
