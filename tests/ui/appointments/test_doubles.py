"""A patient who is booked twice on a day: marked on the sheet, in the parking, told in the form."""

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Move, StatusChange
from clinic_desktop.ui.appointments.block_painter import BlockPainter, marks_of
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.geometry import Cell
from tests.ui.appointments.conftest import DAY

K = Qt.Key


@pytest.fixture
def twice(calendar, qtbot, clinic):
    """Zofia at nine with one and at eleven with the other; the first is chosen."""
    one, other = clinic.visit(9), clinic.visit(11, clinic.other)
    calendar.refresh()
    qtbot.waitUntil(lambda: bool(also(calendar, one)))
    calendar.grid.choose(one)
    calendar.grid.setFocus()
    return one, other


def also(calendar, visit) -> tuple:
    block = calendar.grid.geometry_of_day.block_of(visit)
    return block.also if block is not None else ()


def spoken(calendar) -> list[str]:
    return [item.name for part in calendar.grid.parts() for item in part.items]


def elsewhere(sign_in, act) -> None:
    """Do something on another computer."""
    with sign_in("u_hygienist", device="chair").writing() as ctx:
        act(ctx)


def move_to(visit, clinic, local_start, *, minutes=30, version=1):
    return lambda ctx: appointments.move(
        ctx,
        Move(id=visit, version=version, provider_id=clinic.other, local_start=local_start,
             minutes=minutes),
    )  # fmt: skip


class TestOnTheSheet:
    def test_each_says_where_the_other_is(self, calendar, twice) -> None:
        assert calendar.grid.spoken().count("also 11:00 with Dr Tomás Echeverría") == 1
        assert [
            ("also 11:00 with Dr Tomás Echeverría" in words, "also 09:00 with Dr" in words)
            for words in spoken(calendar)
        ] == [(True, False), (False, True)]
        block = calendar.grid.geometry_of_day.block_of(twice[0])
        assert "also 11:00 with" in calendar.grid.tip_at(
            calendar.grid.on_screen(block.box).center().toPoint()
        )

    def test_not_by_colour_alone(self, calendar, twice, theme) -> None:
        visit = calendar.grid.chosen()
        assert marks_of(visit, also(calendar, twice[0])) == ["calendar-clock"]
        assert marks_of(visit) == []
        for height in (18, 44, 62, 90):
            assert _painted(theme, visit, also(calendar, twice[0]), height) != _painted(
                theme, visit, (), height
            )

    def test_of_somebody_who_is_not_shown_too(self, calendar, qtbot, twice, clinic) -> None:
        """The other's column is left out: it is told all the same."""
        qtbot.keyClick(calendar.grid, K.Key_3)
        qtbot.waitUntil(lambda: calendar.desk.operations.quiet)
        columns = calendar.grid.geometry_of_day.columns
        assert {one.provider.provider_id for one in columns} == {clinic.one}
        assert "also 11:00 with Dr Tomás Echeverría" in "".join(spoken(calendar))

    def test_gone_when_the_other_is_cancelled(self, calendar, qtbot, twice, sign_in) -> None:
        change = StatusChange(id=twice[1], version=1, to="cancelled", reason="unwell")
        elsewhere(sign_in, lambda ctx: appointments.set_status(ctx, change))
        qtbot.waitUntil(lambda: not also(calendar, twice[0]))
        assert not any("also" in words for words in spoken(calendar))
        back = StatusChange(id=twice[1], version=2, to="pending", back=True)
        elsewhere(sign_in, lambda ctx: appointments.set_status(ctx, back))
        qtbot.waitUntil(lambda: bool(also(calendar, twice[0])))

    def test_it_follows_the_other_that_is_moved(
        self, calendar, qtbot, twice, clinic, sign_in
    ) -> None:
        at = DAY.replace(tzinfo=None)
        elsewhere(sign_in, move_to(twice[1], clinic, at.replace(hour=9, minute=15)))
        words = "at the same time 09:15 with Dr Tomás Echeverría"
        qtbot.waitUntil(lambda: words in calendar.grid.spoken())
        assert marks_of(calendar.grid.chosen(), also(calendar, twice[0])) == ["copy"]
        elsewhere(sign_in, move_to(twice[1], clinic, at.replace(day=13, hour=9), version=2))
        qtbot.waitUntil(lambda: not also(calendar, twice[0]))


class TestInTheMonth:
    @pytest.fixture
    def month(self, calendar, qtbot, twice):
        """The month around the day, its doubles known."""
        qtbot.keyClick(calendar.grid, K.Key_0)
        qtbot.waitUntil(lambda: bool(calendar.month.others))
        return calendar.month

    def test_each_says_where_the_other_is(self, month, twice) -> None:
        month.choose(twice[0])
        assert "also 11:00 with Dr Tomás Echeverría" in month.spoken()
        told = [item.name for part in month.parts() for item in part.items]
        assert len([words for words in told if "also " in words]) == 2
        tip = month.tip_at(month.place_of(twice[1]).toPoint())
        assert "also 09:00 with Dr Amara Nwosu" in tip

    def test_its_line_is_marked_and_not_that_of_others(self, month, twice, clinic) -> None:
        marked = month.viewport().grab().toImage()
        others, month.others = month.others, {}
        plain = month.viewport().grab().toImage()
        month.others = others
        for visit in twice:
            at = month.place_of(visit).toPoint()
            row = range(at.x(), at.x() + month.viewport().width() // 14)
            assert [marked.pixel(x, at.y()) for x in row] != [plain.pixel(x, at.y()) for x in row]
        assert marked.pixel(3, 3) == plain.pixel(3, 3)

    def test_gone_when_the_other_is_cancelled(self, month, qtbot, twice, sign_in) -> None:
        change = StatusChange(id=twice[1], version=1, to="cancelled", reason="unwell")
        elsewhere(sign_in, lambda ctx: appointments.set_status(ctx, change))
        qtbot.waitUntil(lambda: not month.others)


def test_in_the_parking_it_is_told_and_drawn(calendar, qtbot, twice, sign_in) -> None:
    qtbot.keyClick(calendar.grid, K.Key_P)
    parking = calendar.parking.list
    qtbot.waitUntil(lambda: "also 11:00 with Dr Tomás" in parking.item(0).text())
    marked = parking.viewport().grab().toImage()
    # Whatever day is shown meanwhile.
    qtbot.keyClick(calendar.grid, K.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: calendar.desk.operations.quiet)
    assert "also 11:00" in parking.item(0).text()
    change = StatusChange(id=twice[1], version=1, to="cancelled", reason="unwell")
    elsewhere(sign_in, lambda ctx: appointments.set_status(ctx, change))
    qtbot.waitUntil(lambda: "also" not in parking.item(0).text())
    assert parking.viewport().grab().toImage() != marked


class TestInTheForm:
    def open(self, calendar, qtbot, clinic, minute: int) -> BookingDialog:
        calendar.grid.go(Cell(1, minute))
        qtbot.keyClick(calendar.grid, K.Key_Return)
        qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), BookingDialog))
        dialog = QApplication.activeWindow()
        dialog.form.patient.set_patient(clinic.patient, "Zofia Wiśniewska")
        qtbot.waitUntil(lambda: calendar.desk.operations.quiet)
        return dialog

    def test_said_at_the_day_and_booked_all_the_same(self, calendar, qtbot, clinic) -> None:
        clinic.visit(9)
        dialog = self.open(calendar, qtbot, clinic, 14 * 60)
        day = dialog.form.fields["day"]
        assert day.state() == "warning"
        said = day.sentence().replace("\u2068", "").replace("\u2069", "")
        assert said == "Zofia Wiśniewska is here that day already: 09:00 with Dr Amara Nwosu."
        assert dialog.form.day.accessibleDescription() == day.sentence()
        qtbot.keyClick(dialog.form.service, K.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: not dialog.isVisible())

    def test_it_follows_what_is_typed(self, calendar, qtbot, clinic) -> None:
        clinic.visit(9)
        dialog = self.open(calendar, qtbot, clinic, 14 * 60)
        day = dialog.form.fields["day"]
        dialog.form.time.setText("09:15")
        assert "is somewhere else at this time: 09:00 with" in day.sentence()
        dialog.form.time.setText("08:30")
        assert "here that day already" in day.sentence()
        dialog.form.minutes.setText("45")
        assert "somewhere else at this time" in day.sentence()
        dialog.form.day.setText("13 Mar 2031")
        assert (day.state(), day.sentence()) == ("", "")


def _painted(theme, visit, others, height: int) -> QImage:
    picture = QImage(QSize(200, 110), QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    BlockPainter(theme, "en_IE").draw(
        painter, QRectF(10, 10, 180, height), visit, selected=False, also=others
    )
    painter.end()
    return picture
