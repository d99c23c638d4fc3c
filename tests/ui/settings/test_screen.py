"""The settings screen: sections for this person's rights, found by words, each with its form."""

import pytest
from cryptography.fernet import Fernet
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout

from clinic_desktop.config import Settings
from clinic_desktop.i18n import N_
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.messages import Messages
from clinic_desktop.ui.navigator import Navigator
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.computer import ComputerSection
from clinic_desktop.ui.settings.list_model import SectionModel
from clinic_desktop.ui.settings.screen import SettingsScreen
from clinic_desktop.ui.settings.section import FORM_WIDTH, Section, SectionEntry, Sections
from tests.ui.line import Line
from tests.ui.shell.conftest import a_person

KEY = Qt.Key


class Form(Section):
    """A section that writes down what was asked of it."""

    sentence = N_("Rooms")

    def __init__(self, desk) -> None:
        super().__init__(desk)
        self.asked: list[object] = []
        self.line = QLineEdit()
        QVBoxLayout(self).addWidget(self.line)

    def reload(self) -> None:
        self.asked.append("reload")

    def open_at(self, **where) -> None:
        self.asked.append(where)

    def start_focus(self) -> None:
        self.line.setFocus()

    def leaving(self) -> None:
        self.asked.append("leaving")

    def save_now(self) -> None:
        self.asked.append("save")

    def keys(self):
        return [KeyHelp("R", "room")]


class Wide(Form):
    wide = True


@pytest.fixture
def desk(qtbot, theme):
    operations = Operations(Line())
    yield Desk(
        operations=operations,
        theme=theme,
        messages=Messages(),
        navigator=Navigator(),
        drafts=Drafts(person_id=a_person().person_id, key=Fernet.generate_key(), store={}),
        who=a_person(),
    )
    assert operations.close()


@pytest.fixture
def sections() -> Sections:
    found = Sections()
    found.register_section("mine", N_("My sign-in"), Form, words=(N_("Password"),))
    found.register_section("rooms", N_("Rooms and chairs"), Wide, "patients.read")
    found.register_section("secret", N_("Secret"), Form, "no.such.right")
    return found


@pytest.fixture
def screen(qtbot, desk, sections):
    screen = SettingsScreen(desk, sections)
    qtbot.addWidget(screen)
    screen.resize(1100, 700)
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is screen)
    screen.start_focus()
    return screen


def titles(screen) -> list[str]:
    return [screen.model.index(row, 0).data() for row in range(screen.model.rowCount())]


def press(qtbot, key) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key)


class TestSections:
    def test_a_key_is_given_once(self, sections) -> None:
        with pytest.raises(ValueError, match="rooms"):
            sections.register_section("rooms", N_("Rooms"), Form)

    def test_those_without_the_right_do_not_see_it(self, screen) -> None:
        assert titles(screen) == ["My sign-in", "Rooms and chairs"]

    def test_model(self, qtbot, sections) -> None:
        model = SectionModel([SectionEntry("a", "Ünïcode", Form), *sections.entries])
        QAbstractItemModelTester(model)
        with qtbot.waitSignal(model.modelReset):
            model.search("uni")
        assert model.rowCount() == 1
        model.search("passw")
        assert model.entry(0).key == "mine"
        model.search("chairs roo")
        assert model.entry(0).key == "rooms"
        assert model.row_of("mine") == -1


class TestKeys:
    def test_first_section_is_shown_and_arrows_go_on(self, qtbot, screen) -> None:
        assert screen.key == "mine"
        assert screen.section().asked == ["reload"]
        press(qtbot, KEY.Key_Down)
        assert screen.key == "rooms"
        assert screen._made["mine"].asked[-1] == "leaving"
        press(qtbot, KEY.Key_Return)
        assert QApplication.focusWidget() is screen.section().line

    def test_search_finds_and_enter_opens(self, qtbot, screen) -> None:
        screen.find_here()
        qtbot.keyClicks(screen.search, "chair")
        press(qtbot, KEY.Key_Return)
        qtbot.waitUntil(lambda: screen.key == "rooms")
        assert QApplication.focusWidget() is screen.section().line
        screen.find_here()
        qtbot.keyClicks(screen.search, "zzz")
        qtbot.waitUntil(lambda: screen.none.isVisible())
        assert "zzz" in screen.none.text()
        press(qtbot, KEY.Key_Escape)
        qtbot.waitUntil(lambda: titles(screen) == ["My sign-in", "Rooms and chairs"])
        assert screen.key == "rooms"

    def test_keys_of_the_window_reach_the_section(self, screen) -> None:
        screen.save_now()
        screen.print_current()
        screen.do_primary()
        assert screen.section().asked[-1] == "save"
        helps = screen.keys()
        assert [help_.key for help_ in helps] == ["Ctrl+F", "Enter", "R"]
        assert screen.section() in screen.panes()


class TestLinks:
    def test_a_link_opens_a_section_at_its_place(self, screen) -> None:
        screen.open_at(section="rooms", room_id=7)
        assert screen.key == "rooms"
        assert {"room_id": 7} in screen.section().asked
        screen.open_at(section="secret")
        assert screen.key == "rooms"

    def test_link_to_what_the_search_hides(self, qtbot, screen) -> None:
        qtbot.keyClicks(screen.search, "chair")
        qtbot.waitUntil(lambda: screen.model.rowCount() == 1)
        screen.open_at(section="mine")
        assert screen.key == "mine"


class TestWidth:
    def test_forms_stay_narrow_and_tables_take_the_width(self, qtbot, screen) -> None:
        assert screen.section().width() <= FORM_WIDTH
        screen.open_at(section="rooms")
        qtbot.waitUntil(lambda: screen.section().width() > FORM_WIDTH)
        screen.resize(648, 360)
        screen.open_at(section="mine")
        qtbot.waitUntil(lambda: screen.section().width() < 440)


class TestComputer:
    def test_each_choice_is_kept(self, qtbot, desk, tmp_path) -> None:
        section = ComputerSection(desk, tmp_path)
        qtbot.addWidget(section)
        section.show()
        for choice, steps in ((section.language, 2), (section.look, 3), (section.scale, 2)):
            choice.setFocus()
            for _n in range(steps):
                qtbot.keyClick(choice, KEY.Key_Down)
                choice.activated.emit(choice.currentIndex())
        section.device.setFocus()
        section.device.selectAll()
        qtbot.keyClicks(section.device, "Chair 2")
        qtbot.keyClick(section.device, KEY.Key_Return)
        kept = Settings.load(tmp_path)
        assert (kept.language, kept.theme, kept.scale) == ("es", "contrast", 125)
        assert kept.device_name == "Chair 2"
        assert desk.messages.current.text == "Kept on this computer."

    def test_a_folder_that_refuses_is_told(self, qtbot, desk, tmp_path) -> None:
        section = ComputerSection(desk, tmp_path)
        qtbot.addWidget(section)
        (tmp_path / "settings.json").write_text("{")
        section.look.setCurrentIndex(2)
        section.look.activated.emit(2)
        assert "cannot be read" in desk.messages.current.text
