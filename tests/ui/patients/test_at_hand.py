"""Stars, tags, filters, photo, consents and family, driven by keys on a real server."""

from datetime import date

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMenu

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services import patients
from clinic_desktop.services.patients.list_schemas import Crop, ListFilter, TagValues
from clinic_desktop.ui.patients.columns import Column
from clinic_desktop.ui.patients.consents_dialog import ConsentsDialog
from clinic_desktop.ui.patients.family_dialog import FamilyDialog
from clinic_desktop.ui.patients.filter_dialog import FilterDialog
from clinic_desktop.ui.patients.find_dialog import FindPatient
from clinic_desktop.ui.patients.list_filters import NameFilter
from clinic_desktop.ui.patients.photo_dialog import PhotoDialog
from clinic_desktop.ui.patients.tag_picker import TagPicker
from clinic_desktop.ui.widgets.cells import Roles
from tests.files import picture

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def people(make_named):
    return {
        "ada": make_named("Ada", "Ahern", born=date(1980, 3, 1)),
        "bea": make_named("Bea", "Byrne", born=date(1990, 7, 1)),
        "cai": make_named("Cai", "Casey", born=date(2021, 7, 1)),
    }


@pytest.fixture
def tag(signed_in):
    tags = {}
    with signed_in.writing() as ctx:
        for name, colour in (("Anxious", "warning"), ("VIP", "accent")):
            tags[name] = new_id()
            patients.add_tag(ctx, tags[name], TagValues(name=name, colour=colour))
    return tags


def entries(screen) -> list[str]:
    """The names and headings of the list from the top."""
    model = screen.model
    shown = []
    for row in range(model.rowCount()):
        index = model.index(row, Column.NAME)
        shown.append(index.data(Roles.GROUP) or index.data(Qt.ItemDataRole.DisplayRole))
    return shown


def listed(desktop, count=3):
    screen = desktop.go("patients")
    desktop.wait(lambda: len(screen.model.patients()) == count and screen.filters.known is not None)
    return screen


def dialog(desktop, kind):
    desktop.wait(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def record(desktop, patient):
    desktop.desk.navigator.open_patient(patient)
    desktop.wait(lambda: desktop.window.stack.name == "patient")
    screen = desktop.screen()
    desktop.wait(
        lambda: (
            screen.patient_in_view() is not None and screen.patient_in_view().patient_id == patient
        )
    )
    return screen


def card(signed_in, patient):
    with signed_in.reading() as ctx:
        return patients.open_patient(ctx, patient, access="refresh")


class TestStars:
    def test_a_key_toggles_and_undo_brings_back(self, desktop, people) -> None:
        screen = listed(desktop)
        desktop.key(Qt.Key.Key_Down)
        desktop.key(Qt.Key.Key_Down)
        desktop.key(Qt.Key.Key_S)
        everybody = ["Ada Ahern", "Bea Byrne", "Cai Casey"]
        desktop.wait(
            lambda: entries(screen) == ["Starred", "Bea Byrne", "All patients", *everybody]
        )
        desktop.desk.messages.undo()
        desktop.wait(lambda: entries(screen) == everybody)

    def test_not_above_what_is_searched_or_filtered(self, desktop, sign_in, people) -> None:
        with sign_in("u_front").writing() as ctx:
            patients.set_star(ctx, people["bea"], on=True)
        screen = listed(desktop)
        desktop.wait(lambda: entries(screen)[0] == "Starred")
        desktop.write("cai")
        desktop.wait(lambda: entries(screen) == ["Cai Casey"])

    def test_opened_last_stands_there_on_another_computer(self, desktop, sign_in, people) -> None:
        there = sign_in("u_front", device="pc-9")
        for name in ("ada", "cai"):
            with there.reading() as ctx:
                patients.open_patient(ctx, people[name])
        screen = listed(desktop)
        desktop.wait(lambda: entries(screen)[:3] == ["Opened last", "Cai Casey", "Ada Ahern"])
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        desktop.wait(lambda: desktop.screen().patient_in_view() is not None)
        assert desktop.screen().patient_in_view().patient_id == people["cai"]

    def test_in_the_record(self, desktop, people, sign_in) -> None:
        screen = record(desktop, people["ada"])
        desktop.key(Qt.Key.Key_S)
        desktop.wait(lambda: people["ada"] in screen.marks.marks.stars)
        with sign_in("u_front").reading() as ctx:
            assert patients.stars(ctx) == (people["ada"],)


class TestTags:
    def test_put_on_and_taken_off_by_keys(self, desktop, signed_in, people, tag) -> None:
        screen = listed(desktop)
        desktop.key(Qt.Key.Key_Down)
        desktop.key(Qt.Key.Key_T)
        picker = dialog(desktop, TagPicker)
        desktop.wait(lambda: picker.list.count() == 2)
        desktop.write("vi")
        desktop.wait(lambda: picker.list.count() == 1)
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: card(signed_in, people["ada"]).tags == (tag["VIP"],))
        desktop.key(Qt.Key.Key_Escape)
        desktop.wait(lambda: QApplication.activeModalWidget() is None)
        cell = screen.model.index(0, Column.TAGS)
        desktop.wait(lambda: cell.data(Qt.ItemDataRole.DisplayRole) == "VIP")
        (shown,) = screen.model.index(0, Column.TAGS).data(Roles.CELL).tags
        assert (shown.kind, shown.text) == ("accent", "V")
        assert not screen.table.isColumnHidden(Column.TAGS)
        desktop.desk.messages.undo()
        desktop.wait(lambda: card(signed_in, people["ada"]).tags == ())

    def test_shown_in_the_record_under_their_new_name(
        self, desktop, signed_in, people, tag
    ) -> None:
        with signed_in.writing() as ctx:
            patients.set_tag(ctx, people["ada"], tag["VIP"], on=True)
        screen = record(desktop, people["ada"])
        desktop.wait(lambda: screen.banner.tags_shown() == ["VIP"])
        with signed_in.writing() as ctx:
            patients.change_tag(ctx, tag["VIP"], 1, TagValues(name="Very important"))
        desktop.wait(lambda: screen.banner.tags_shown() == ["Very important"])

    def test_no_column_without_tags(self, desktop, people) -> None:
        screen = listed(desktop)
        assert screen.table.isColumnHidden(Column.TAGS)


class TestFilters:
    def choose(self, desktop, screen, **values):
        desktop.key(Qt.Key.Key_F, ALT)
        form = dialog(desktop, FilterDialog)
        for name, value in values.items():
            editor = form.fields[name].editor
            if hasattr(editor, "set_value"):
                editor.set_value(value)
                editor.chosen.emit(value)
            else:
                editor.setText(value)
        desktop.key(Qt.Key.Key_Return, CTRL)
        return form

    def test_chosen_in_the_form(self, desktop, signed_in, people, tag) -> None:
        with signed_in.writing() as ctx:
            patients.set_tag(ctx, people["bea"], tag["VIP"], on=True)
        screen = listed(desktop)
        desktop.wait(lambda: len(screen.filters.known.tags) == 2)
        self.choose(desktop, screen, tag=tag["VIP"], next_visit="none")
        desktop.wait(lambda: entries(screen) == ["Bea Byrne"])
        assert screen.head.conditions.text() == "Tag VIP · No next visit"
        desktop.key(Qt.Key.Key_F, ALT)
        dialog(desktop, FilterDialog)
        desktop.key(Qt.Key.Key_0, ALT)
        desktop.wait(lambda: len(entries(screen)) == 3)

    def test_days_typed_and_what_is_no_day(self, desktop, people) -> None:
        screen = listed(desktop)
        form = self.choose(desktop, screen, birthday="typed", between="30.2. to 1.3.")
        desktop.wait(lambda: form.fields["between"].state() == "error")
        form.fields["between"].editor.setText("20.6. to 1.7.")
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: entries(screen) == ["Bea Byrne", "Cai Casey"])
        assert screen.filters.chosen.birthday == "0620-0701"
        desktop.key(Qt.Key.Key_F, ALT)
        again = dialog(desktop, FilterDialog)
        assert again.read().birthday == "0620-0701"
        desktop.key(Qt.Key.Key_Escape)

    def test_nobody_fits_says_which_conditions(self, desktop, people) -> None:
        screen = listed(desktop)
        screen.filters.use(ListFilter(balance="open"))
        desktop.wait(lambda: screen.panel.state == "empty")

    def test_saved_chosen_by_key_changed_and_saved_again(self, desktop, people) -> None:
        screen = listed(desktop)
        screen.filters.use(ListFilter(birthday="0701-0701"))
        screen.filters.ask_name()
        dialog(desktop, NameFilter)
        desktop.write("July")
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: screen.head.conditions.text() == "July")
        desktop.wait(lambda: len(screen.filters.known.saved) == 1)
        screen.filters.use(ListFilter())
        desktop.wait(lambda: len(entries(screen)) == 3)
        desktop.key(Qt.Key.Key_S, ALT)
        menu = screen.findChild(QMenu, "saved_filters")
        desktop.wait(menu.isVisible)
        desktop.qtbot.keyClick(menu, Qt.Key.Key_1)
        desktop.wait(lambda: entries(screen) == ["Bea Byrne", "Cai Casey"])
        screen.filters.use(ListFilter(birthday="0301-0301"))
        desktop.wait(lambda: entries(screen) == ["Ada Ahern"])
        assert screen.head.conditions.text() == "July, changed"
        screen.filters.save_changes(screen.filters.used)
        desktop.wait(lambda: screen.head.conditions.text() == "July")
        with desktop.operations._opener.reading() as ctx:
            (saved,) = patients.filters(ctx)
        assert saved.choices == ListFilter(birthday="0301-0301")
        assert not saved.shared
        screen.filters.remove(saved)
        desktop.wait(lambda: screen.filters.known.saved == ())
        desktop.desk.messages.undo()
        desktop.wait(lambda: len(screen.filters.known.saved) == 1)

    def test_a_name_that_is_taken_is_refused_at_its_field(self, desktop, sign_in, people) -> None:
        with sign_in("u_front").writing() as ctx:
            patients.save_filter(ctx, new_id(), "July", ListFilter(tag=None), shared=False)
        screen = listed(desktop)
        screen.filters.use(ListFilter(balance="open"))
        screen.filters.ask_name()
        form = dialog(desktop, NameFilter)
        desktop.write("july")
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: form.name.state() == "error")
        assert form.line.text() == "july"
        desktop.key(Qt.Key.Key_Escape)


class TestPhoto:
    def test_pasted_cut_and_saved_by_keys(self, desktop, signed_in, people) -> None:
        screen = record(desktop, people["ada"])
        data = QMimeData()
        data.setImageData(QImage.fromData(picture("PNG", (600, 300))))
        QGuiApplication.clipboard().setMimeData(data)
        desktop.key(Qt.Key.Key_P)
        form = dialog(desktop, PhotoDialog)
        assert not form.primary().isEnabled()
        desktop.key(Qt.Key.Key_V, CTRL)
        desktop.wait(lambda: form.primary().isEnabled())
        desktop.key(Qt.Key.Key_Left)
        desktop.key("-")
        assert form.cut.crop().x < 0.5
        assert form.cut.crop().side < 1
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: card(signed_in, people["ada"]).photo_id is not None)
        avatar = screen.banner._avatar
        desktop.wait(lambda: avatar.picture() is not None)
        assert avatar.picture().size().width() == 96
        desktop.desk.messages.undo()
        desktop.wait(lambda: card(signed_in, people["ada"]).photo_id is None)
        desktop.wait(lambda: avatar.picture() is None)

    def test_nothing_to_paste_and_no_picture_say_so(self, desktop, people, tmp_path) -> None:
        record(desktop, people["ada"])
        QGuiApplication.clipboard().setText("no picture")
        desktop.key(Qt.Key.Key_P)
        form = dialog(desktop, PhotoDialog)
        desktop.key(Qt.Key.Key_V, CTRL)
        desktop.wait(lambda: "no picture to paste" in form.refusal.text())
        wrong = tmp_path / "me.jpg"
        wrong.write_bytes(b"MZ" + b"\0" * 400)
        from clinic_desktop.ui.handed_in import Source

        form.take(Source(wrong.name, wrong))
        desktop.wait(lambda: form.refusal.text() not in ("", "no picture to paste"))
        assert not form.primary().isEnabled()
        desktop.key(Qt.Key.Key_Escape)

    def test_removed(self, desktop, signed_in, people) -> None:
        with signed_in.writing() as ctx:
            patients.set_photo(ctx, people["ada"], new_id(), picture(), name="a.jpg", crop=Crop())
        screen = record(desktop, people["ada"])
        desktop.wait(lambda: screen.banner._avatar.picture() is not None)
        desktop.key(Qt.Key.Key_P)
        dialog(desktop, PhotoDialog)
        desktop.key(Qt.Key.Key_Delete)
        desktop.wait(lambda: card(signed_in, people["ada"]).photo_id is None)


class TestConsents:
    def test_said_by_a_letter_and_kept_in_the_history(self, desktop, sign_in, people) -> None:
        screen = record(desktop, people["ada"])
        desktop.key(Qt.Key.Key_C)
        form = dialog(desktop, ConsentsDialog)
        first = form.cells["phone", "care"]
        desktop.wait(first.hasFocus)
        assert first.words() == "Not known"
        desktop.key(Qt.Key.Key_Down)
        desktop.key(Qt.Key.Key_Right)
        cell = form.cells["sms", "reminders"]
        assert cell.hasFocus()
        desktop.key(Qt.Key.Key_Y)
        desktop.wait(lambda: cell.words() == "Yes")
        desktop.key(Qt.Key.Key_N)
        desktop.wait(lambda: cell.words() == "No")
        desktop.wait(lambda: form.history.text().count("SMS · Reminders") == 2)
        assert "Siobhán Keane" in form.history.text()
        desktop.key(Qt.Key.Key_Escape)
        facts = screen.tab()._contact
        desktop.wait(lambda: facts.values().get("For reminders") == "No: SMS")
        assert facts.values()["For care"] == "Not asked"

    def test_a_day_to_come_is_refused_at_its_field(self, desktop, signed_in, people) -> None:
        record(desktop, people["ada"])
        desktop.key(Qt.Key.Key_C)
        form = dialog(desktop, ConsentsDialog)
        desktop.wait(form.cells["phone", "care"].hasFocus)
        form.day.setText("1.1.2190")
        desktop.key(Qt.Key.Key_Y)
        assert form.day_field.state() == "error"
        with signed_in.reading() as ctx:
            assert patients.consents(ctx, people["ada"]) == ()
        desktop.key(Qt.Key.Key_Escape)


class TestFamily:
    def test_guardian_and_family_by_keys(self, desktop, signed_in, people) -> None:
        record(desktop, people["cai"])
        desktop.key(Qt.Key.Key_G)
        form = dialog(desktop, FamilyDialog)
        assert form.minor.isVisible()
        desktop.key(Qt.Key.Key_G, ALT)
        dialog(desktop, FindPatient)
        desktop.write("ada")
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: form.guardian.text() == "Ada Ahern")
        desktop.wait(lambda: not form.minor.isVisible())
        desktop.key(Qt.Key.Key_J, ALT)
        dialog(desktop, FindPatient)
        desktop.write("byrne")
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: form.members.count() == 2)
        assert card(signed_in, people["cai"]).payer_id == people["bea"]
        form.members.setCurrentRow(1)
        desktop.key(Qt.Key.Key_L, ALT)
        desktop.wait(lambda: "pays for the family" in form.refusal.text())
        form.members.setCurrentRow(0)
        desktop.key(Qt.Key.Key_P, ALT)
        desktop.wait(lambda: card(signed_in, people["cai"]).payer_id == people["cai"])
        desktop.key(Qt.Key.Key_Escape)


class TestAnimals:
    def test_registered_named_in_the_head_and_given_a_guardian(
        self, desktop, signed_in, people
    ) -> None:
        desktop.go("patients")
        desktop.key(Qt.Key.Key_N, CTRL, Qt.KeyboardModifier.ShiftModifier)
        desktop.wait(lambda: desktop.window.stack.name == "new_patient")
        form = desktop.screen().form
        desktop.wait(form.given.hasFocus)
        for typed in ("Rex", "Ahern", "1.5.2020"):
            desktop.write(typed)
            desktop.key(Qt.Key.Key_Return)
        form.no_phone.click()
        form.reason.set_value("An animal: the guardian's phone is used")
        form.species.set_value("dog")
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        screen = desktop.screen()
        desktop.wait(lambda: screen.patient_in_view() is not None)
        assert screen.banner._line.text().startswith("Dog · ")
        facts = screen.tab()._contact.values()
        assert facts["Guardian"] == "Not named"
        rex = screen.patient_in_view().patient_id
        desktop.key(Qt.Key.Key_G)
        family = dialog(desktop, FamilyDialog)
        assert family.minor.text() == "An animal, and no guardian is named."
        desktop.key(Qt.Key.Key_G, ALT)
        dialog(desktop, FindPatient)
        desktop.write("ada")
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: not family.minor.isVisible())
        desktop.key(Qt.Key.Key_Escape)
        found = card(signed_in, rex)
        assert (found.species, found.guardian) == ("dog", "Ada Ahern")

    def test_corrected_in_the_record(self, desktop, signed_in, people) -> None:
        screen = record(desktop, people["cai"])
        desktop.key(Qt.Key.Key_E)
        form = screen.edit.form
        desktop.wait(form.isVisible)
        form.fields["species"].editor.set_value("cat")
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: card(signed_in, people["cai"]).species == "cat")
        desktop.wait(lambda: screen.banner._line.text().startswith("Cat · "))


class TestDeath:
    def test_asked_for_with_the_status(self, desktop, signed_in, people) -> None:
        screen = record(desktop, people["ada"])
        desktop.key(Qt.Key.Key_E)
        form = screen.edit.form
        desktop.wait(form.isVisible)
        field, status = form.fields["deceased_on"], form.fields["status"].editor
        assert not field.isVisible()
        status.set_value("deceased")
        status.chosen.emit("deceased")
        assert field.isVisible()
        field.editor.setText("5.1.2026")
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: card(signed_in, people["ada"]).deceased_on == date(2026, 1, 5))
        desktop.wait(lambda: screen.banner._status.text() == "Deceased, 5 Jan 2026")
