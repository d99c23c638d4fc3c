"""Finding one setting, its usual value, and who changed what, in the whole program."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.config import Settings
from clinic_desktop.i18n import _
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ChairValues, ClinicValues
from clinic_desktop.ui.history.section import SectionHistoryDialog
from clinic_desktop.ui.history.view import HistoryDialog
from clinic_desktop.ui.settings.local_history import LocalHistoryDialog
from clinic_desktop.ui.settings.screen import place_of
from clinic_desktop.ui.settings.sought import SOUGHT
from clinic_desktop.ui.widgets.flash import Flash
from clinic_desktop.ui.widgets.usual import Usual
from tests.ui.settings.test_keys import CTRL, KEY, open_whole, whole  # noqa: F401 - fixtures

ALT = Qt.KeyboardModifier.AltModifier


def settings_of(whole, section: str = ""):  # noqa: F811
    whole.desk.navigator.open_screen("settings", **({"section": section} if section else {}))
    return whole.window.stack.screen_shown()


def loaded(qtbot, whole, key: str):  # noqa: F811
    screen = settings_of(whole, key)
    whole.settle()
    return screen.section()


def save_clinic(signed_in, **changes) -> None:
    with signed_in.writing() as ctx:
        card = clinic.clinic_card(ctx)
        values = {name: getattr(card, name) for name in ClinicValues.model_fields}
        clinic.change_clinic(ctx, card.version, ClinicValues(**{**values, **changes}))


def usual_of(field) -> Usual:
    return field.findChild(Usual)


class TestSearch:
    def test_a_setting_is_found_by_another_word_and_shown(self, qtbot, whole) -> None:  # noqa: F811
        screen = settings_of(whole)
        screen.find_here()
        qtbot.keyClicks(screen.search, "timeout")
        qtbot.waitUntil(lambda: screen.model.rowCount() == 2)
        shown = [screen.model.index(row, 0).data() for row in range(2)]
        assert shown == ["Clinic", "Clinic: Lock after"]
        whole.press(KEY.Key_Return)
        qtbot.waitUntil(lambda: screen.key == "clinic")
        line = screen.section
        qtbot.waitUntil(lambda: line().fields["lock_minutes"].editor.hasFocus())
        qtbot.waitUntil(lambda: line().findChild(Flash) is not None)
        field = line().fields["lock_minutes"]
        assert field.visibleRegion().boundingRect().height() == field.height()

    def test_every_setting_that_can_be_found_is_there(self, qtbot, whole) -> None:  # noqa: F811
        missing = []
        for key, settings in SOUGHT.items():
            section = loaded(qtbot, whole, key)
            missing += [
                (key, one.label) for one in settings if place_of(section, _(one.label)) is None
            ]
        # Key and places of backups are those of a computer that holds the data itself.
        assert missing == [("backup", "Recovery key"), ("backup", "Places")]


class TestUsual:
    def test_offered_while_it_is_another_and_put_in(self, qtbot, whole, signed_in) -> None:  # noqa: F811
        save_clinic(signed_in, lock_minutes=25)
        section = loaded(qtbot, whole, "clinic")
        field = section.fields["lock_minutes"]
        qtbot.waitUntil(lambda: field.editor.text() == "25")
        assert usual_of(field).text() == "Usual: 10 min. Use it"
        assert usual_of(field).isVisible()
        usual_of(field).setFocus()
        whole.press(KEY.Key_Space)
        assert field.editor.text() == "10"
        assert not usual_of(field).isVisible()
        whole.press(KEY.Key_Return, CTRL)
        whole.settle()
        with signed_in.reading() as ctx:
            assert clinic.clinic_card(ctx).lock_minutes == 10

    def test_of_this_computer_at_once(self, qtbot, whole, tmp_path) -> None:  # noqa: F811
        Settings.load(tmp_path).save(tmp_path, scale=150)
        section = loaded(qtbot, whole, "computer")
        usual = usual_of(section.fields[2])
        assert usual.text() == "Usual: 100 %. Use it"
        qtbot.mouseClick(usual, Qt.MouseButton.LeftButton)
        assert Settings.load(tmp_path).scale == 100
        assert not usual.isVisible()
        assert not usual_of(section.fields[1]).isVisible()


class TestChanges:
    def test_who_changed_it_stands_below_the_title(self, qtbot, whole, sign_in) -> None:  # noqa: F811
        screen = settings_of(whole, "clinic")
        line = screen._lines["clinic"]
        whole.settle()
        save_clinic(sign_in("u_admin"), phone="+35311234567")
        qtbot.waitUntil(lambda: line.words.text().startswith("Changed by Maeve Quinn, "))
        assert any(help_.key == "Alt+H" for help_ in screen.keys_now())

    def test_opened_by_key_and_a_value_put_back(self, qtbot, whole, signed_in) -> None:  # noqa: F811
        with signed_in.reading() as ctx:
            before = clinic.clinic_card(ctx).legal_line
        save_clinic(signed_in, legal_line="Another line")
        section = loaded(qtbot, whole, "clinic")
        section.fields["name"].editor.setFocus()
        whole.press(KEY.Key_H, ALT)
        qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), SectionHistoryDialog))
        changes = QApplication.activeModalWidget()
        qtbot.waitUntil(lambda: changes.table.hasFocus())
        assert changes.model.row(0).table == "clinic"
        whole.press(KEY.Key_Return)
        qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), HistoryDialog))
        history = QApplication.activeModalWidget()
        qtbot.waitUntil(lambda: history.table.hasFocus())
        assert history.chosen().field.field == "legal_line"
        whole.press(KEY.Key_Return, CTRL)
        whole.settle()
        with signed_in.reading() as ctx:
            assert clinic.clinic_card(ctx).legal_line == before
        history.reject()
        changes.reject()
        qtbot.waitUntil(lambda: section.fields["legal_line"].editor.text() == before)

    def test_names_of_records_and_who_removed_them(self, qtbot, whole, signed_in, make) -> None:  # noqa: F811
        chair = make.chair("Window room")
        with signed_in.writing() as ctx:
            row = next(one for one in clinic.chairs(ctx) if one.id == chair)
            values = ChairValues(name="Garden room", position=row.position, active=row.active)
            clinic.change_chair(ctx, chair, row.version, values)
        section = loaded(qtbot, whole, "rooms")
        section.show_changes()
        changes = QApplication.activeModalWidget()
        qtbot.waitUntil(lambda: changes.model.rowCount() >= 2)
        shown = [changes.model.index(0, column).data() for column in (1, 2, 3)]
        assert shown[0].startswith("Maeve Quinn")
        assert shown[1:] == ["Garden room", "Changed"]
        assert changes.model.index(1, 3).data() == "Added"
        changes.reject()

    def test_of_this_computer(self, qtbot, whole, tmp_path) -> None:  # noqa: F811
        screen = settings_of(whole, "computer")
        line = screen._lines["computer"]
        section = screen.section()
        assert not line.isVisible()
        section.look.setFocus()
        whole.press(KEY.Key_Down)
        section.look.activated.emit(section.look.currentIndex())
        assert line.words.text().startswith("Changed by Maeve Quinn, ")
        assert Settings.load(tmp_path).theme == "light"
        whole.press(KEY.Key_H, ALT)
        qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), LocalHistoryDialog))
        history = QApplication.activeModalWidget()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is history)
        assert [history.model.index(0, column).data() for column in (2, 3, 4)] == [
            "Theme before sign-in", "system", "light",
        ]  # fmt: skip
        whole.press(KEY.Key_Return, CTRL)
        assert Settings.load(tmp_path).theme == "system"
        assert section.look.value() == "system"
        assert history.model.rowCount() == 2
        history.reject()

    @pytest.mark.parametrize("content", ["{", "[1]", '[{"at": 3}]'])
    def test_a_damaged_history_costs_the_history_only(self, whole, tmp_path, content) -> None:  # noqa: F811
        (tmp_path / "settings-history.json").write_text(content)
        section = settings_of(whole, "computer").section()
        section.scale.setCurrentIndex(2)
        section.scale.activated.emit(2)
        assert Settings.load(tmp_path).scale == 125
