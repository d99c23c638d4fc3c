"""The program from its first start to the second one, by keys, with a server of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from clinic_desktop import config
from clinic_desktop.config import Settings
from clinic_desktop.i18n import language, use_language
from clinic_desktop.ui import app as root
from clinic_desktop.ui.entry.assumed import AssumedDialog
from clinic_desktop.ui.features_settings import sections
from clinic_desktop.ui.first_look import FirstLook, Start, make_app
from tests.places import open_folder

KEY = Qt.Key
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


class Driver:
    """A program and the keys pressed in it."""

    def __init__(self, qtbot, theme, home: Path, **start) -> None:
        settings = Settings.load(home)
        self.qtbot = qtbot
        self.program = root.Program(
            make_app(settings), Start(home=home, fast=True, **start), settings, theme
        )
        self.program.tasks.bug.connect(self._bug)
        self.bugs: list[Exception] = []
        self.closed = False
        qtbot.addWidget(self.program.frame)
        self.program.begin()
        self.be_active(self.program.frame)
        self.page.start_focus()

    def _bug(self, error: Exception) -> None:
        self.bugs.append(error)

    @property
    def page(self):
        return self.program.frame.page

    def be_active(self, window) -> None:
        window.activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is window)

    def wait_page(self, name: str, seconds: float = 60) -> None:
        self.qtbot.waitUntil(lambda: type(self.page).__name__ == name, timeout=int(seconds * 1000))
        self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget(), key, modifier)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(QApplication.focusWidget(), text)

    def fill(self, *texts: str) -> None:
        """Type into one field after the other, over what stands there."""
        for place, text in enumerate(texts):
            if place:
                self.press(KEY.Key_Tab)
            QApplication.focusWidget().selectAll()
            self.type(text)

    def wait_in(self):
        def there() -> bool:
            guard = self.program.guard
            return guard is not None and guard.active is not None and guard.active.main is not None

        self.qtbot.waitUntil(there, timeout=90_000)
        return self.program.guard.active

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.program.close()
            self.program.deleteLater()
        assert self.bugs == []


@pytest.fixture
def start(qtbot, theme, home) -> Iterator:
    hook = sys.excepthook
    opened: list[Driver] = []

    def one(folder: Path | None = None, **arguments) -> Driver:
        opened.append(Driver(qtbot, theme, folder or home, **arguments))
        return opened[-1]

    yield one
    for driver in opened:
        driver.close()
    sys.excepthook = hook
    use_language("en")


class TestFirstStart:
    """In the order of a person's first day."""

    def test_keys_choose_and_say_what_is_assumed(self, start) -> None:
        driver = start()
        page = driver.page
        driver.qtbot.waitUntil(
            lambda: driver.program.reception._first_run.answers.assumed is not None, timeout=30_000
        )
        assert page.place() == "computer"
        assert "Tooth numbers: FDI (11–48)" in page.assumed.accessibleName()
        driver.press(KEY.Key_2)
        assert page.place() == "server"
        assert "certificate is checked" in page.assumed.accessibleName()
        driver.press(KEY.Key_3)
        assert page.place() == "sample"
        driver.press(KEY.Key_Up)
        assert page.place() == "server"

    def test_another_country_brings_its_usual_settings(self, start) -> None:
        driver = start()
        first_run = driver.program.reception._first_run
        driver.qtbot.waitUntil(lambda: first_run.answers.assumed is not None, timeout=30_000)
        driver.qtbot.mouseClick(driver.page.assumed.change, Qt.MouseButton.LeftButton)
        dialog = driver.program.frame.findChild(AssumedDialog)
        dialog.country.set_value("BR")
        dialog.country.activated.emit(dialog.country.currentIndex())
        assert dialog.currency.value() == "BRL"
        assert dialog.zone.value() == "America/Sao_Paulo"
        driver.be_active(dialog)
        driver.press(KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert first_run.answers.assumed.country == "BR"
        assert "Brazil" in driver.page.assumed.accessibleName()

    def test_server_that_is_not_there_is_told_at_its_field(self, start) -> None:
        driver = start()
        driver.press(KEY.Key_2)
        driver.press(KEY.Key_Return)
        driver.wait_page("ServerPage")
        driver.fill("no such host.invalid")
        driver.press(KEY.Key_Return)
        assert "for example db.clinic.lan" in driver.page.fields["host"].sentence()
        driver.fill("localhost", "1")
        driver.press(KEY.Key_Return)
        driver.qtbot.waitUntil(lambda: not driver.page.busy, timeout=20_000)
        assert "no PostgreSQL listens on port 1" in driver.page.fields["port"].sentence()
        assert QApplication.focusWidget() is driver.page.port
        driver.press(KEY.Key_Escape)
        driver.wait_page("WherePage")
        driver.press(KEY.Key_Return)
        driver.wait_page("ServerPage")
        assert driver.page.host.text() == "localhost"
        assert config.load_profiles(driver.program.start.home) == ()

    def test_another_language_keeps_what_is_typed(self, start) -> None:
        driver = start()
        driver.press(KEY.Key_Return)
        driver.wait_page("ClinicPage")
        driver.type("Harbour Street Dental")
        driver.program.frame.language_chosen.emit("pt")
        assert language() == "pt"
        assert Settings.load(driver.program.start.home).language == "pt"
        assert driver.page.name.text() == "Harbour Street Dental"
        driver.program.frame.language_chosen.emit("en")
        driver.qtbot.waitUntil(lambda: not driver.program.tasks.busy, timeout=60_000)

    def test_three_answers_open_the_clinic(self, start, home) -> None:
        driver = start()
        driver.press(KEY.Key_Return)
        driver.wait_page("ClinicPage")
        driver.press(KEY.Key_Return)
        assert driver.page.fields["clinic_name"].sentence() == "Name of the clinic is needed."
        driver.type("Harbour Street Dental")
        driver.press(KEY.Key_Return)
        driver.wait_page("PersonPage")
        driver.fill("Maeve Quinn")
        driver.press(KEY.Key_Tab)
        assert driver.page.user_name.text() == "maeve_quinn"
        driver.press(KEY.Key_Tab)
        driver.fill("maeve123", "maeve123")
        driver.press(KEY.Key_Return)
        driver.qtbot.waitUntil(lambda: not driver.page.busy, timeout=60_000)
        assert "not the name" in driver.page.fields["password"].sentence()
        driver.page.password.setFocus()
        driver.fill("seven green herons", "seven grey herons")
        driver.press(KEY.Key_Return)
        assert "not the same" in driver.page.fields["again"].sentence()
        driver.fill("seven green herons")
        driver.press(KEY.Key_Return)
        assert driver.page.busy
        session = driver.wait_in()
        assert session.who.clinic_name == "Harbour Street Dental"
        assert session.who.may("staff.write")
        assert [one.name for one in config.load_profiles(home)] == ["computer"]
        for file in home.glob("*.json"):
            assert "seven green herons" not in file.read_text()

    def test_second_start_asks_for_the_password(self, start) -> None:
        began = time.monotonic()
        driver = start()
        assert time.monotonic() - began < 3
        driver.wait_page("SignInPage")
        assert driver.page.cards[0].face.name == "Maeve Quinn"
        driver.type("seven green herons")
        driver.press(KEY.Key_Return)
        assert driver.wait_in().who.name == "Maeve Quinn"

    def test_every_screen_opens_and_leaves_nothing_behind(self, start, theme) -> None:
        driver = start()
        driver.wait_page("SignInPage")
        driver.type("seven green herons")
        driver.press(KEY.Key_Return)
        session = driver.wait_in()
        main = session.main
        for name in [*main.rail.order, "settings"]:
            main.desk.navigator.open_screen(name)
            driver.qtbot.waitUntil(lambda n=name: main.stack.name == n)
            assert main.stack.screen_shown().isVisible()
        for entry in sections(session).for_desk(main.desk):
            main.desk.navigator.open_screen("settings", section=entry.key)
            assert main.stack.screen_shown().key == entry.key
        session.sign_out_wanted.emit()
        driver.wait_page("SignInPage")
        driver.qtbot.waitUntil(lambda: not isValid(main))
        # The theme outlives every session: whatever still hung on it would raise now.
        theme.use_density("touch")
        for name in ("dark", "contrast", "light"):
            theme.use(name)
        theme.use_density("regular")

    def test_second_program_on_the_same_data_attaches(self, start) -> None:
        first, second = start(), start()
        for driver in (first, second):
            driver.wait_page("SignInPage")
        second.be_active(second.program.frame)
        second.page.start_focus()
        second.type("seven green herons")
        second.press(KEY.Key_Return)
        second.wait_in()
        first.program.close()
        with second.program.guard.active.signed_in.reading() as ctx:
            assert ctx.who.name == "Maeve Quinn"

    def test_data_found_without_a_profile_lead_to_sign_in(self, start, home) -> None:
        (home / "profiles.json").unlink()
        driver = start()
        driver.press(KEY.Key_Return)
        driver.wait_page("SignInPage")
        assert [one.name for one in config.load_profiles(home)] == ["computer"]


class TestTrouble:
    def test_folder_that_is_a_file_is_told_and_tried_again(self, start) -> None:
        with open_folder() as folder:
            config.save_profile(folder, config.ComputerProfile(name="computer"))
            (folder / "computer").write_text("in the way")
            driver = start(folder)
            driver.wait_page("FailedPage")
            assert "A file stands where the folder" in driver.page._refusal.accessibleName()
            (folder / "computer").unlink()
            driver.press(KEY.Key_Return)
            driver.wait_page("ClinicPage")
            driver.qtbot.waitUntil(lambda: not driver.program.tasks.busy, timeout=60_000)
            driver.close()

    def test_damaged_settings_are_told_in_the_window(self, start, tmp_path) -> None:
        (tmp_path / "profiles.json").write_text("{")
        driver = start(tmp_path)
        assert type(driver.page).__name__ == "FailedPage"
        assert "profiles.json cannot be read" in driver.page._refusal.accessibleName()
        assert (tmp_path / "profiles.json").read_text() == "{"
        (tmp_path / "profiles.json").unlink()
        driver.press(KEY.Key_Return)
        driver.wait_page("WherePage")

    def test_set_up_that_was_left_goes_on_with_the_clinic(self, start) -> None:
        with open_folder() as folder:
            config.save_profile(folder, config.ComputerProfile(name="computer"))
            driver = start(folder)
            driver.wait_page("ClinicPage")
            driver.qtbot.waitUntil(lambda: not driver.program.tasks.busy, timeout=60_000)
            driver.close()

    def test_unknown_profile_is_refused(self, home) -> None:
        from clinic_desktop.errors import NotFoundError
        from clinic_desktop.ui.entry.door import chosen_profile

        with pytest.raises(NotFoundError):
            chosen_profile(home, "no such thing")
        assert chosen_profile(home, "Sample").kind == "sample"


class TestCommand:
    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
        return subprocess.run(
            [sys.executable, "-m", "clinic_desktop", *arguments],
            cwd=REPOSITORY,
            env={**clean, **environment},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
    def test_without_a_display_it_says_so(self, tmp_path) -> None:
        done = self.run("--home", str(tmp_path), QT_QPA_PLATFORM="")
        assert done.returncode == 1
        assert "no display" in done.stderr
        assert "Traceback" not in done.stderr

    def test_window_is_painted_before_the_program_is_loaded(self, tmp_path) -> None:
        slow = "pydantic cryptography babel sqlalchemy psycopg clinic_desktop.config"
        code = f"""
import sys
from pathlib import Path
from PySide6.QtCore import QEvent, QObject
from clinic_desktop.ui.beginning import Beginning
from clinic_desktop.ui.first_look import FirstLook, Start, make_app

class Look(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not hasattr(self, "loaded"):
            self.loaded = [m for m in {slow.split()!r} if m in sys.modules]
        return False

home = Path({str(tmp_path)!r})
look = FirstLook.of(home)
begun = Beginning(make_app(look), Start(home=home), look)
seen = Look()
begun.app.installEventFilter(seen)
begun.show()
while begun.program is None or begun.frame.page is None or not begun.frame.page.primary:
    begun.app.processEvents()
print(seen.loaded, type(begun.frame.page).__name__)
begun.close()
"""
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
        )
        assert done.stdout.split(maxsplit=1)[0] == "[]", done.stdout
        assert "OpeningPage" not in done.stdout

    def test_what_cannot_be_read_of_the_settings_looks_as_usual(self, tmp_path) -> None:
        settings = tmp_path / "settings.json"
        for content in ("", "[1]", '{"theme": 7, "scale": "huge", "language": ["pt"]}', "\x00"):
            settings.write_text(content)
            assert FirstLook.of(tmp_path) == FirstLook()
        settings.write_text('{"theme": "dark", "scale": 150, "language": "pt"}')
        assert FirstLook.of(tmp_path) == FirstLook("pt", "dark", 150)

    def test_environment_decides_the_first_look_as_it_does_the_settings(
        self, tmp_path, monkeypatch
    ) -> None:
        monkeypatch.setenv("CLINIC_DESKTOP_THEME", "contrast")
        monkeypatch.setenv("CLINIC_DESKTOP_SCALE", "125")
        look, settings = FirstLook.of(tmp_path), Settings.load(tmp_path)
        assert (look.theme, look.scale) == (settings.theme, settings.scale) == ("contrast", 125)

    def test_window_is_there_before_the_rest_is_loaded(self) -> None:
        slow = "alembic sqlalchemy psycopg reportlab phonenumbers pyotp segno"
        code = (
            "import sys; from clinic_desktop.ui import app; "
            f"print([m for m in {slow.split()!r} if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"

    def test_the_first_screen_is_there_before_what_reads_pictures_and_papers(self) -> None:
        """Together they take as long to load as all that the first screen needs."""
        slow = "pydicom numpy PIL filetype reportlab alembic openpyxl icalendar holidays"
        code = (
            "import sys; from clinic_desktop.ui.app import load_ahead; load_ahead(); "
            "import clinic_desktop.ui.features, clinic_desktop.ui.session; "
            f"print([m for m in {slow.split()!r} if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"
