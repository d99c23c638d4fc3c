"""The clinic's settings by keys and clicks, on the real records."""

from datetime import time

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.errors import InvalidError
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import (
    ChairValues,
    ClinicValues,
    WorkingSpan,
)
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.services.treatments.schemas import TreatmentValues
from clinic_desktop.ui.clinic.card import ClinicSection
from clinic_desktop.ui.clinic.hours import HoursSection
from clinic_desktop.ui.clinic.providers import ProvidersSection
from clinic_desktop.ui.clinic.rooms import RoomsSection
from clinic_desktop.ui.clinic.services import Column, ServicesSection
from clinic_desktop.ui.conflict import ConflictDialog
from clinic_desktop.ui.settings.screen import SettingsScreen
from clinic_desktop.ui.settings.section import Sections
from tests.documents.samples import IBAN, logo

CONTROL = Qt.KeyboardModifier.ControlModifier


def settings(section):
    """Return a factory of the settings screen with one section, as the program shows it."""

    def make(desk):
        found = Sections()
        found.register_section("it", section.title, section)
        screen = SettingsScreen(desk, found)
        screen.open_at(section="it")
        return screen

    return make


@pytest.fixture
def open_section(stage):
    def open_one(section, who=None):
        one = stage(settings(section), who)
        one.settle()
        return one, one.screen.section()

    return open_one


def editor(section, name):
    return section.form.fields[name].editor


class TestServices:
    @pytest.fixture
    def price_list(self, make):
        return (
            make.treatment("RST-030", "Composite, 3 surfaces", price=14000),
            make.treatment("EXM-010", "Examination <b>&", price=3500),
        )

    def test_table_and_form(self, price_list, open_section) -> None:
        one, section = open_section(ServicesSection)
        assert one.texts(section.table, Column.CODE) == ["EXM-010", "RST-030"]
        assert one.texts(section.table, Column.PRICE) == ["35.00", "140.00"]
        section.table.setFocus()
        assert editor(section, "name").text() == "Examination <b>&"
        one.key(Qt.Key.Key_Down)
        assert editor(section, "price").text() == "140.00"

    def test_changed_by_keys_alone(self, price_list, open_section, signed_in) -> None:
        one, section = open_section(ServicesSection)
        section.table.setFocus()
        one.key(Qt.Key.Key_Return)
        assert editor(section, "name").hasFocus()
        one.into(editor(section, "price"), "1.234,50")
        one.into(editor(section, "minutes"), "20")
        one.primary()
        one.settle()
        with signed_in.reading() as ctx:
            row = treatments.price_list(ctx)[0]
        assert (row.price, row.minutes, row.area) == (123450, 20, "surface")
        assert one.said == "Saved."
        assert one.texts(section.table, Column.PRICE)[0] == "1,234.50"

    def test_new_with_materials(self, make, open_section, signed_in) -> None:
        product = make.product("ART4", "Articaine & <i>co</i>")
        one, section = open_section(ServicesSection)
        section.begin_new()
        one.type("Extraction")
        one.into(editor(section, "code"), "SUR-1")
        one.into(editor(section, "price"), "80")
        one.click(section.materials.more)
        line = section.materials.lines[0]
        line.product.setFocus()
        one.key(Qt.Key.Key_Down)
        one.into(line.quantity, "2")
        one.primary()
        one.settle()
        with signed_in.reading() as ctx:
            (row,) = treatments.price_list(ctx)
        assert (row.name, row.price) == ("Extraction", 8000)
        assert [(m.product_id, m.quantity) for m in row.materials] == [(product, 2)]

    @pytest.mark.parametrize(
        ("name", "text", "words"),
        [
            ("price", "-5", "below zero"),
            ("price", "12,345.678,9", "figures"),
            ("price", "", "needed"),
            ("minutes", "601", "600"),
            ("name", "", "needed"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(
        self, price_list, open_section, signed_in, name, text, words
    ) -> None:
        one, section = open_section(ServicesSection)
        one.into(editor(section, name), text)
        one.primary()
        one.settle()
        assert words in section.form.fields[name].sentence()
        with signed_in.reading() as ctx:
            assert {row.version for row in treatments.price_list(ctx)} == {1}

    def test_an_absurd_price(self, price_list, open_section, signed_in) -> None:
        one, section = open_section(ServicesSection)
        one.into(editor(section, "price"), "99999999999999")
        one.primary()
        one.settle()
        assert section.form.fields["price"].sentence()
        with signed_in.reading() as ctx:
            assert {row.version for row in treatments.price_list(ctx)} == {1}

    def test_a_code_that_is_taken(self, price_list, open_section) -> None:
        one, section = open_section(ServicesSection)
        one.into(editor(section, "code"), "RST-030")
        one.primary()
        one.settle()
        assert "RST-030" in section.form.fields["code"].sentence()
        assert editor(section, "code").text() == "RST-030"

    def test_half_typed_is_kept_and_can_be_thrown_away(self, price_list, open_section) -> None:
        one, section = open_section(ServicesSection)
        one.into(editor(section, "name"), "Half & half")
        section.table.setFocus()
        one.key(Qt.Key.Key_Down)
        assert editor(section, "name").text() == "Composite, 3 surfaces"
        one.key(Qt.Key.Key_Up)
        assert editor(section, "name").text() == "Half & half"
        assert section.note.isVisible()
        one.click(section.drop)
        assert editor(section, "name").text() == "Examination <b>&"
        one.key(Qt.Key.Key_Z, CONTROL)
        assert editor(section, "name").text() == "Half & half"

    def test_two_versions(self, price_list, open_section, sign_in) -> None:
        one, section = open_section(ServicesSection)
        one.into(editor(section, "price"), "40")
        manager = sign_in("u_manager", device="pc-2")
        one.operations.changed.disconnect(section._changed)
        with manager.writing() as ctx:
            row = treatments.price_list(ctx)[0]
            names = set(TreatmentValues.model_fields)
            values = TreatmentValues(**{**row.model_dump(include=names), "name": "Exam, long"})
            treatments.change_treatment(ctx, row.id, row.version, values)
        one.primary()
        one.settle()
        conflict = section.findChild(ConflictDialog)
        assert conflict.missing() == []
        one.primary()
        one.settle()
        with manager.reading() as ctx:
            row = treatments.price_list(ctx)[0]
        assert (row.name, row.price) == ("Exam, long", 4000)

    def test_another_pcs_change_shows_and_typing_stays(
        self, price_list, open_section, sign_in
    ) -> None:
        one, section = open_section(ServicesSection)
        one.into(editor(section, "name"), "Mine")
        manager = sign_in("u_manager", device="pc-2")
        with manager.writing() as ctx:
            treatments.add_treatment(
                ctx, one.signed_in.who.person_id, TreatmentValues(code="AAA", name="Theirs")
            )
        one.qtbot.waitUntil(lambda: section.model.rowCount() == 3, timeout=5000)
        assert editor(section, "name").text() == "Mine"

    def test_put_away_and_taken_back(self, price_list, open_section, signed_in) -> None:
        one, section = open_section(ServicesSection)
        section.table.setFocus()
        one.key(Qt.Key.Key_Delete)
        one.settle()
        with signed_in.reading() as ctx:
            assert [row.code for row in treatments.price_list(ctx)] == ["RST-030"]
        one.key(Qt.Key.Key_Z, CONTROL)
        one.settle()
        with signed_in.reading() as ctx:
            assert len(treatments.price_list(ctx)) == 2

    def test_search(self, price_list, open_section) -> None:
        one, section = open_section(ServicesSection)
        section.search.setFocus()
        one.type("exam")
        one.qtbot.waitUntil(lambda: section.model.rowCount() == 1)
        one.key(Qt.Key.Key_Down)
        assert section.table.hasFocus()
        one.into(section.search, "nothing <b>")
        one.qtbot.waitUntil(lambda: section.panel.state == "empty")


class TestRooms:
    def test_new_changed_and_twice(self, open_section, signed_in) -> None:
        one, section = open_section(RoomsSection)
        section.begin_new()
        one.type("Chair 2 <b>&")
        one.primary()
        one.primary()
        one.settle()
        with signed_in.reading() as ctx:
            assert [row.name for row in clinic.chairs(ctx)] == ["Chair 1", "Chair 2 <b>&"]
        section.begin_new()
        one.type("Chair 2 <b>&")
        one.primary()
        one.settle()
        assert "Chair 2 <b>&" in section.form.fields["name"].sentence()

    def test_appears_by_itself(self, open_section, sign_in) -> None:
        one, section = open_section(RoomsSection)
        with sign_in("u_manager", device="pc-2").writing() as ctx:
            clinic.add_chair(ctx, one.signed_in.who.person_id, ChairValues(name="New"))
        one.qtbot.waitUntil(lambda: section.model.rowCount() == 2, timeout=5000)


class TestProviders:
    def test_new(self, make, open_section, signed_in) -> None:
        chair = make.chair("Chair 2")
        one, section = open_section(ProvidersSection)
        section.begin_new()
        one.type("Dr \u200fعائشة\u200e")
        one.into(editor(section, "short_name"), "Dr A")
        one.into(editor(section, "registration"), "IE-40718")
        editor(section, "chair_id").setFocus()
        one.key(Qt.Key.Key_End)
        one.primary()
        one.settle()
        with signed_in.reading() as ctx:
            (row,) = clinic.providers(ctx)
        assert (row.registration, row.chair_id, row.kind) == ("IE-40718", chair, "dentist")
        assert "عائشة" in row.name

    def test_a_room_put_away_is_not_lost(self, make, open_section, signed_in) -> None:
        chair = make.chair("Old chair", active=False)
        make.provider("Dr Amara Nwosu", chair_id=chair)
        one, section = open_section(ProvidersSection)
        assert editor(section, "chair_id").currentText() == "Old chair, put away"
        one.into(editor(section, "name"), "Dr Amara N.")
        one.primary()
        one.settle()
        with signed_in.reading() as ctx:
            assert clinic.providers(ctx)[0].chair_id == chair


class TestHours:
    @pytest.fixture(autouse=True)
    def closed(self, signed_in) -> None:
        with signed_in.writing() as ctx:
            clinic.set_hours(ctx, ())

    def _spans(self, signed_in):
        with signed_in.reading() as ctx:
            return clinic.working_spans(ctx)

    def test_written_and_read_back(self, open_section, signed_in) -> None:
        one, section = open_section(HoursSection)
        one.into(section.week.line("open0"), "8-12, 13-17")
        one.into(section.week.line("break0"), "10-10:15 Tea & <b>")
        one.primary()
        one.settle()
        found = {(s.weekday, s.kind, s.starts, s.ends, s.label) for s in self._spans(signed_in)}
        assert found == {
            (0, "open", time(8), time(12), ""),
            (0, "open", time(13), time(17), ""),
            (0, "break", time(10), time(10, 15), "Tea & <b>"),
        }
        assert section.week.line("open0").text() == "08:00–12:00, 13:00–17:00"

    def test_the_same_on_the_next_day(self, open_section, signed_in) -> None:
        one, section = open_section(HoursSection)
        one.into(section.week.line("open0"), "9-17")
        section.week._copy(0)
        one.primary()
        one.settle()
        assert {span.weekday for span in self._spans(signed_in)} == {0, 1}

    @pytest.mark.parametrize("typed", ["8", "12-8", "8-12, 11-14", "25-26"])
    def test_what_is_no_span(self, open_section, signed_in, typed) -> None:
        one, section = open_section(HoursSection)
        one.into(section.week.line("open2"), typed)
        one.primary()
        one.settle()
        assert section.week.fields["open2"].sentence()
        assert self._spans(signed_in) == ()

    def test_a_providers_own_and_taken_back(self, make, open_section, signed_in) -> None:
        provider = make.provider("Dr Amara Nwosu")
        one, section = open_section(HoursSection)
        section.whose.setFocus()
        one.key(Qt.Key.Key_Down)
        assert "clinic's hours" in section.follows.text()
        one.into(section.week.line("open4"), "9-13")
        one.primary()
        one.settle()
        assert [span.provider_id for span in self._spans(signed_in)] == [provider]
        one.key(Qt.Key.Key_Z, CONTROL)
        one.settle()
        assert self._spans(signed_in) == ()

    def test_two_versions(self, open_section, signed_in, sign_in) -> None:
        one, section = open_section(HoursSection)
        one.into(section.week.line("open0"), "8-12")
        one.operations.changed.disconnect(section._changed)
        with sign_in("u_manager", device="pc-2").writing() as ctx:
            clinic.set_hours(
                ctx,
                (
                    WorkingSpan(weekday=0, starts=time(9), ends=time(13)),
                    WorkingSpan(weekday=1, starts=time(9), ends=time(13)),
                ),
            )
        one.primary()
        one.settle()
        conflict = section.findChild(ConflictDialog)
        assert [line.field for line in conflict.missing()] == ["open0"]
        # Of the day that both changed the left one is taken; the other day came from them alone.
        one.key(Qt.Key.Key_Space)
        one.primary()
        one.settle()
        found = {(s.weekday, s.starts) for s in self._spans(signed_in)}
        assert found == {(0, time(8)), (1, time(9))}


class TestClinic:
    def _card(self, signed_in):
        with signed_in.reading() as ctx:
            return clinic.clinic_card(ctx)

    def test_card_and_invoices(self, open_section, signed_in) -> None:
        one, section = open_section(ClinicSection)
        one.into(editor(section, "name"), "Harbour & <Sons>")
        one.into(editor(section, "bank_account"), IBAN)
        one.into(editor(section, "exemption"), "Exempt & free")
        one.into(editor(section, "due_days"), "")
        one.primary()
        one.settle()
        card = self._card(signed_in)
        assert (card.name, card.bank_account) == ("Harbour & <Sons>", IBAN)
        with signed_in.reading() as ctx:
            rules = clinic.invoice_rules(ctx)
        assert (rules.exemption, rules.due_days) == ("Exempt & free", None)

    def test_no_iban_is_said_and_saved(self, open_section, signed_in) -> None:
        one, section = open_section(ClinicSection)
        one.into(editor(section, "bank_account"), "12-34-56 00012345")
        assert "IBAN" in section.fields["bank_account"].sentence()
        one.primary()
        one.settle()
        assert self._card(signed_in).bank_account == "12-34-56 00012345"

    def test_without_a_name(self, open_section, signed_in) -> None:
        one, section = open_section(ClinicSection)
        one.into(editor(section, "name"), "   ")
        one.primary()
        one.settle()
        assert "needed" in section.fields["name"].sentence()

    def test_logo_set_and_taken_back(self, open_section, signed_in, tmp_path) -> None:
        one, section = open_section(ClinicSection)
        file = tmp_path / "logo.txt"
        file.write_bytes(logo())
        section.logo.take_file(str(file))
        one.settle()
        assert self._card(signed_in).logo == logo()
        assert "520 × 180" in section.logo.words.text()
        one.key(Qt.Key.Key_Z, CONTROL)
        one.settle()
        assert self._card(signed_in).logo is None

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNG"),
            (b"MZ this is a program", "not a PNG or JPEG"),
            (b"", "empty"),
            (b"\x89PNG\r\n\x1a\n" + b"cut", "damaged"),
            (b"\x89PNG\r\n\x1a\n" + b"x" * (5 * 1024 * 1024), "5 MB"),
        ],
    )
    def test_a_logo_that_lies(self, open_section, signed_in, tmp_path, content, words) -> None:
        one, section = open_section(ClinicSection)
        file = tmp_path / "logo.png"
        file.write_bytes(content)
        section.logo.take_file(str(file))
        one.settle()
        assert words in section.logo.refusal.text()
        assert self._card(signed_in).logo is None

    def test_a_logo_that_is_gone(self, open_section, tmp_path) -> None:
        _one, section = open_section(ClinicSection)
        section.logo.take_file(str(tmp_path / "nothing.png"))
        assert "cannot be read" in section.logo.refusal.text()

    def test_a_logo_keeps_what_is_half_typed(self, open_section, signed_in, tmp_path) -> None:
        one, section = open_section(ClinicSection)
        one.into(editor(section, "phone"), "+353 21 555 0100")
        file = tmp_path / "logo.png"
        file.write_bytes(logo())
        section.logo.take_file(str(file))
        one.settle()
        assert editor(section, "phone").text() == "+353 21 555 0100"
        one.primary()
        one.settle()
        assert section.findChild(ConflictDialog) is None
        assert self._card(signed_in).phone == "+353 21 555 0100"

    def test_two_versions(self, open_section, signed_in, sign_in) -> None:
        one, section = open_section(ClinicSection)
        one.into(editor(section, "phone"), "1")
        one.operations.changed.disconnect(section._changed)
        manager = sign_in("u_manager", device="pc-2")
        with manager.writing() as ctx:
            card = clinic.clinic_card(ctx)
            names = set(ClinicValues.model_fields)
            clinic.change_clinic(
                ctx,
                card.version,
                ClinicValues(**{**card.model_dump(include=names), "phone": "2"}),
            )
        one.primary()
        one.settle()
        conflict = section.findChild(ConflictDialog)
        assert [line.field for line in conflict.missing()] == ["phone"]
        one.key(Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
        one.primary()
        one.settle()
        assert self._card(signed_in).phone == "2"


class TestUnseenNames:
    """What nobody can see is no name; what cannot be stored does not crash."""

    @pytest.mark.parametrize("unseen", ["\0", "\x01\x02", "\u200b", "\u202e"])
    @pytest.mark.parametrize(
        ("section", "names"),
        [
            (RoomsSection, ("name",)),
            (ProvidersSection, ("name", "short_name")),
            (ServicesSection, ("name", "code")),
        ],
    )
    def test_refused_at_the_field(self, open_section, section, names, unseen) -> None:
        one, shown = open_section(section)
        shown.begin_new()
        for name in names:
            editor(shown, name).setText(unseen)
        one.primary()
        one.settle()
        for name in names:
            assert "is needed" in shown.form.fields[name].sentence()

    def test_marks_inside_a_name_are_left_out(self, open_section, signed_in) -> None:
        one, shown = open_section(RoomsSection)
        shown.begin_new()
        editor(shown, "name").setText("Ro\u200bom\0 \u202e9")
        one.primary()
        one.settle()
        with signed_in.reading() as ctx:
            assert "Room 9" in [row.name for row in clinic.chairs(ctx)]

    @pytest.mark.parametrize("unseen", ["\0", "\u200b", " \u202e "])
    def test_also_without_a_form(self, unseen) -> None:
        with pytest.raises(InvalidError) as refused:
            ChairValues(name=unseen)
        assert refused.value.field == "name"
        assert ClinicValues(name="A", site=unseen).site == ""
