"""Probing by keys on a real clinic: one key a site, all of it stored, resumed where it stopped."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.perio.exam import Cell, Standing
from clinic_desktop.domain.perio.rules import Measure, Path
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.services.perio import service as perio
from clinic_desktop.services.perio.schemas import CellWrite
from clinic_desktop.ui.perio.saving import State

D, G = Measure.DEPTH, Measure.MARGIN


def keys(tab, text: str) -> None:
    """Press keys without waiting for anything, as fast as they come."""
    for sign in text:
        QTest.keyClick(tab.grid, sign)


def key(tab, one) -> None:
    QTest.keyClick(tab.grid, one)


class TestFullMouth:
    @pytest.mark.parametrize("path", list(Path))
    def test_32_teeth_are_192_keys_and_all_are_stored(self, chairside, path) -> None:
        tab = chairside.open()
        tab.side.paths.set_value(path)
        tab._use_path(path)
        chairside.qtbot.waitUntil(lambda: tab.at_hand.exam.head.path is path)
        tab.grid.charting.resume(None)
        wanted = {cell: number % 10 for number, cell in enumerate(tab.grid.charting.walk.sites)}
        pressed = 0
        for number in range(192):
            QTest.keyClick(tab.grid, str(number % 10))
            pressed += 1
        assert pressed == 192
        assert tab.grid.charting.at_end
        assert tab.side.site.text() == "All sites done"
        chairside.settle(tab)
        exam = chairside.stored().draft.exam
        assert {cell: exam.value(cell) for cell in wanted} == wanted
        assert exam.entered == 192

    def test_a_key_more_says_that_it_was_the_last(self, chairside) -> None:
        chairside.chart("MISSING", *(n for n in range(11, 49) if n % 10 in range(1, 9) and n != 48))
        tab = chairside.open()
        keys(tab, "3233237")
        assert tab.side.refusal.text().startswith("That was the last site.")
        chairside.settle(tab)
        assert chairside.stored().draft.exam.teeth[48].depth == (3, 2, 3, 3, 2, 3)

    def test_missing_teeth_are_skipped(self, chairside) -> None:
        chairside.chart("MISSING", 18, 16)
        tab = chairside.open()
        assert tab.grid.cursor_cell == Cell(17, D, Site.DB)
        keys(tab, "323")
        assert tab.grid.cursor_cell == Cell(15, D, Site.DB)


class TestKeys:
    def test_flags_mark_what_was_typed_last(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "5BL3UK")
        chairside.settle(tab)
        one = chairside.stored().draft.exam.teeth[18]
        assert one.depth[Site.DB] == 5
        assert (one.bleeding[Site.DB], one.plaque[Site.DB]) == (True, True)
        assert (one.suppuration[Site.B], one.calculus[Site.B]) == (True, True)
        keys(tab, "U")
        chairside.settle(tab)
        assert not chairside.stored().draft.exam.teeth[18].suppuration[Site.B]

    def test_ten_and_more_by_plus(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "+2")
        assert tab.grid.charting.exam.teeth[18].depth[Site.DB] == 12
        assert tab.grid.cursor_cell == Cell(18, D, Site.B)

    def test_backspace_goes_back_and_takes_out(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "54")
        key(tab, Qt.Key.Key_Backspace)
        assert tab.grid.cursor_cell == Cell(18, D, Site.B)
        keys(tab, "3")
        chairside.settle(tab)
        assert chairside.stored().draft.exam.teeth[18].depth[:3] == (None, 3, 5)

    def test_three_at_once_and_back(self, chairside) -> None:
        tab = chairside.open()
        key(tab, Qt.Key.Key_Space)
        keys(tab, "3B4")
        assert tab.grid.cursor_cell == Cell(16, D, Site.DB)
        key(tab, Qt.Key.Key_Backspace)
        assert tab.grid.cursor_cell == Cell(17, D, Site.DB)
        chairside.settle(tab)
        exam = chairside.stored().draft.exam
        assert exam.teeth[18].depth[:3] == (3, 3, 3)
        assert exam.teeth[18].bleeding[:3] == (True, True, True)
        assert exam.teeth[17].depth[:3] == (None, None, None)

    def test_margins_above_the_junction_begin_with_minus(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "4")
        keys(tab, "M")
        assert tab.grid.cursor_cell == Cell(18, G, Site.B)
        key(tab, Qt.Key.Key_Left)
        keys(tab, "-21")
        chairside.settle(tab)
        one = chairside.stored().draft.exam.teeth[18]
        assert (one.margin[Site.DB], one.margin[Site.B]) == (-2, 1)
        assert one.loss(Site.DB) == 2
        keys(tab, "M")
        assert tab.grid.cursor_cell == Cell(18, D, Site.MB)

    def test_minus_means_nothing_for_a_depth(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "-")
        assert tab.side.refusal.text() == "Minus is for the margin: M leads to its row."

    def test_furcation_mobility_and_junction(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "F1O2J5")
        chairside.settle(tab)
        exam = chairside.stored().draft.exam
        assert exam.teeth[18].furcation == (1, None, None, None)
        assert 2 in {one.mobility for one in exam.teeth.values()}
        assert any(mm == 5 for one in exam.teeth.values() for mm in one.mgj)

    def test_what_a_cell_cannot_hold_is_said_at_the_cell(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "F9")
        assert "9 is not between 0 and 3" in tab.side.refusal.text()
        assert tab.grid.wrong == Cell(18, Measure.FURCATION, 0)
        keys(tab, "2")
        assert tab.side.refusal.text() == ""

    def test_enter_skips_a_tooth_and_arrows_write_nothing(self, chairside) -> None:
        tab = chairside.open()
        key(tab, Qt.Key.Key_Return)
        assert tab.grid.cursor_cell == Cell(17, D, Site.DB)
        key(tab, Qt.Key.Key_Right)
        assert tab.grid.cursor_cell == Cell(17, D, Site.B)
        key(tab, Qt.Key.Key_Down)
        assert tab.grid.cursor_cell == Cell(17, G, Site.B)
        assert tab.saving.quiet
        assert tab.grid.charting.exam.untouched

    def test_depths_from_the_clipboard(self, chairside) -> None:
        tab = chairside.open()
        QGuiApplication.clipboard().setText("323 4 3 10")
        QTest.keyClick(tab.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        chairside.settle(tab)
        exam = chairside.stored().draft.exam
        assert exam.teeth[18].depth[:3] == (3, 2, 3)
        assert exam.teeth[17].depth[:3] == (10, 3, 4)

    def test_the_keypad_does_the_same(self, chairside) -> None:
        tab = chairside.open()
        for name in ("5", "B", "+", "2", "Backspace", "Enter"):
            tab.side.keypad.buttons[name].click()
        chairside.settle(tab)
        one = chairside.stored().draft.exam.teeth[18]
        assert (one.depth[Site.DB], one.depth[Site.B]) == (5, None)
        assert one.bleeding[Site.DB]
        assert tab.grid.hasFocus()

    def test_touch_sizes(self, chairside, theme) -> None:
        tab = chairside.open()
        theme.use_density("touch")
        QApplication.processEvents()
        assert all(button.height() >= 48 for button in tab.side.keypad.buttons.values())

    def test_a_changed_key_is_heard(self, chairside) -> None:
        tab = chairside.open()
        keymap = chairside.window.desk.keymap
        keymap.choose(keymap.act("perio.bleeding"), "X")
        keys(tab, "4X")
        assert tab.grid.charting.exam.teeth[18].bleeding[Site.DB]
        keymap.reset_all()


class TestResuming:
    def test_dropped_at_site_117_goes_on_at_118(self, chairside) -> None:
        tab = chairside.open()
        order = tab.grid.charting.walk.sites
        keys(tab, "".join(str(number % 10) for number in range(117)))
        chairside.settle(tab)
        chairside.drop()
        again = chairside.open()
        assert again.grid.cursor_cell == order[117]
        exam = again.grid.charting.exam
        assert [exam.value(cell) for cell in order[:117]] == [n % 10 for n in range(117)]
        assert exam.entered == 117
        # A flag still marks the site that was typed before.
        keys(again, "B")
        assert again.grid.charting.exam.value(
            Cell(order[116].tooth, Measure.BLEEDING, order[116].place)
        )

    def test_left_in_the_middle_of_fast_typing(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "3" * 40)
        assert not tab.saving.quiet
        chairside.drop()
        assert chairside.stored().draft.exam.entered == 40

    def test_resumes_in_the_row_of_margins(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "M123")
        chairside.settle(tab)
        chairside.drop()
        assert chairside.open().grid.cursor_cell == Cell(17, G, Site.DB)


class TestTwoPeople:
    def test_the_same_cell_is_told_to_the_second(self, chairside) -> None:
        tab = chairside.open()
        exam = tab.at_hand.exam.head.id
        with chairside.sign_in("u_dentist").writing() as ctx:
            perio.write(ctx, exam, [CellWrite(tooth=18, measure=D, place=Site.DB, value=6)])
        keys(tab, "4")
        chairside.qtbot.waitUntil(tab.notice.isVisible)
        assert "18 disto-buccal: yours 4 mm, theirs 6 mm" in tab.notice.words.text()
        assert tab.grid.charting.exam.teeth[18].depth[Site.DB] == 6
        tab.notice.mine.click()
        chairside.settle(tab)
        assert chairside.stored().draft.exam.teeth[18].depth[Site.DB] == 4
        assert not tab.notice.isVisible()

    def test_what_the_other_charts_appears(self, chairside) -> None:
        tab = chairside.open()
        exam = tab.at_hand.exam.head.id
        with chairside.sign_in("u_dentist").writing() as ctx:
            perio.write(ctx, exam, [CellWrite(tooth=36, measure=D, place=Site.DB, value=6)])
        chairside.qtbot.waitUntil(
            lambda: tab.grid.charting.exam.teeth[36].depth[Site.DB] == 6, timeout=8000
        )
        assert "36" in chairside.window.message
        assert tab.grid.cursor_cell == Cell(18, D, Site.DB)

    def test_signed_by_the_other_is_said_and_nothing_is_lost(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "4")
        chairside.settle(tab)
        head = chairside.stored().draft.head
        with chairside.sign_in("u_dentist").writing() as ctx:
            perio.sign(ctx, head.id, head.version)
        keys(tab, "5")
        chairside.qtbot.waitUntil(lambda: tab.saving.state is State.FAILED)
        assert "signed" in tab.side.saved.text()


class TestServerAway:
    def test_typing_goes_on_and_all_is_stored_in_order_when_it_is_back(
        self, chairside, monkeypatch
    ) -> None:
        from clinic_desktop.errors import UnreachableError

        tab = chairside.open()
        real, away = perio.write, [True]

        def write(*values, **named):
            if away[0]:
                raise UnreachableError("The server does not answer.")
            return real(*values, **named)

        # The wire is cut below the service; everything above it is as it is.
        monkeypatch.setattr(perio, "write", write)
        keys(tab, "345")
        chairside.qtbot.waitUntil(lambda: tab.saving.state is State.WAITING)
        keys(tab, "678B")
        assert tab.grid.charting.exam.entered == 6
        assert "Not saved yet" in tab.side.saved.text()
        away[0] = False
        chairside.settle(tab)
        exam = chairside.stored().draft.exam
        assert exam.teeth[18].depth[:3] == (5, 4, 3)
        assert exam.teeth[17].depth[:3] == (8, 7, 6)
        assert exam.teeth[17].bleeding[Site.MB]
        assert tab.saving.state is State.SAVED

    def test_what_could_not_be_sent_is_kept_and_sent_by_the_next_one(
        self, chairside, monkeypatch
    ) -> None:
        from clinic_desktop.errors import UnreachableError

        tab = chairside.open()
        exam, real, away = tab.at_hand.exam.head.id, perio.write, [True]

        def write(*values, **named):
            if away[0]:
                raise UnreachableError("The server does not answer.")
            return real(*values, **named)

        monkeypatch.setattr(perio, "write", write)
        keys(tab, "345B")
        chairside.qtbot.waitUntil(lambda: tab.saving.state is State.WAITING)
        tab.saving.open(None)
        assert tab.saving.quiet
        away[0] = False
        kept = tab.saving.open(exam)
        assert [change.value for change in kept] == [3, 4, 5, True]
        # The next session begins with what the server has: nothing.
        tab.grid.take(chairside.stored().draft.exam)
        tab.entering.send_what_was_left(kept)
        chairside.settle(tab)
        one = chairside.stored().draft.exam.teeth[18]
        assert one.depth[:3] == (5, 4, 3)
        assert one.bleeding[Site.MB]
        tab.saving.open(None)
        assert tab.saving.open(exam) == ()


class TestReading:
    def test_not_examined_is_said(self, chairside) -> None:
        tab = chairside.open(begin=False)
        assert tab.panel.state == "empty"
        assert tab.begin_button.isVisible()

    def test_those_who_only_read_cannot_type(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "345")
        chairside.settle(tab)
        reader = chairside.open("u_compliance", begin=False)
        assert not reader.side.keypad.isVisible()
        reader.grid.setFocus()
        keys(reader, "9")
        assert "read only" in reader.side.refusal.text()
        assert chairside.stored().draft.exam.entered == 3

    def test_a_signed_exam_is_shown_and_read_only(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "345")
        chairside.settle(tab)
        chairside.drop()
        tab = chairside.open("u_dentist")
        tab.do_primary()
        dialog = QApplication.activeModalWidget()
        assert "189 sites have no depth" in dialog.accessibleDescription()
        dialog.primary().click()
        chairside.qtbot.waitUntil(lambda: tab.at_hand.exam.head.signed)
        assert tab.grid.read_only
        assert tab.side.begin.isVisible()
        assert "Read only" in tab.side.where.text()

    def test_a_tooth_is_said_to_be_missing(self, chairside) -> None:
        tab = chairside.open()
        tab.acts.stand(18, Standing.MISSING)
        chairside.qtbot.waitUntil(lambda: tab.grid.cursor_cell == Cell(17, D, Site.DB))


class TestAccess:
    def test_every_cell_has_name_role_and_state(self, chairside) -> None:
        tab = chairside.open()
        tab.grid.go(Cell(16, D, Site.DB))
        keys(tab, "5B")
        interface = QAccessible.queryAccessibleInterface(tab.grid)
        assert interface.role() == QAccessible.Role.Table
        names = {}
        for index in range(interface.childCount()):
            child = interface.child(index)
            names[child.text(QAccessible.Text.Name)] = child
        # 192 depths, 192 margins, 34 furcations, 32 mobilities.
        assert interface.childCount() == len(names) == 192 + 192 + 34 + 32
        cell = names["16 disto-buccal probing depth 5 mm, bleeding"]
        assert cell.role() == QAccessible.Role.Cell
        assert cell.text(QAccessible.Text.Value) == "5 mm"
        due = names["16 mid-buccal probing depth not measured"]
        assert due.state().focused
        assert not due.rect().isEmpty()
        assert interface.focusChild().text(QAccessible.Text.Name) == due.text(QAccessible.Text.Name)

    def test_every_cell_is_reached_by_arrows(self, chairside) -> None:
        tab = chairside.open()
        picture = tab.grid.picture()
        reached, fringe = {tab.grid.cursor_cell}, [tab.grid.cursor_cell]
        while fringe:
            here = fringe.pop()
            for way in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                found = picture.beside(here, *way)
                if found is not None and found not in reached:
                    reached.add(found)
                    fringe.append(found)
        assert reached == set(picture.cells)


class TestDecision:
    def test_taken_over_with_the_proposal(self, chairside) -> None:
        tab = chairside.open()
        exam = tab.at_hand.exam.head.id
        cells = [
            CellWrite(tooth=fdi, measure=measure, place=site, value=value)
            for fdi in (16, 36)
            for site in Site
            for measure, value in ((D, 4), (G, 0))
        ]
        with chairside.sign_in("u_dentist").writing() as ctx:
            perio.write(ctx, exam, cells)
        chairside.qtbot.waitUntil(lambda: tab.grid.charting.exam.entered == 12, timeout=8000)
        assert tab.side.proposed.text() == "Stage II, grade B, generalized"
        assert "180 sites are without attachment loss" in tab.side.missing.text()
        tab.open_decision()
        dialog = tab.deciding.dialog
        assert "Worst attachment loss between teeth 4 mm: 16 mesio-buccal" in dialog.reasons.text()
        dialog.stage.set_value("3")
        dialog.grade.set_value("B")
        dialog.extent.set_value("localized")
        dialog.primary().click()
        assert dialog.fields["reason"].sentence().startswith("This differs")
        dialog.accept_proposal()
        dialog.smoking.set_value("heavy")
        dialog._show()
        dialog.accept_proposal()
        dialog.primary().click()
        chairside.qtbot.waitUntil(lambda: tab.at_hand.exam.head.stage == "2")
        assert tab.at_hand.exam.head.grade == "C"
        assert "Stage II, grade C" in tab.side.decided.text()


class TestComparing:
    def test_exams_side_by_side(self, chairside) -> None:
        tab = chairside.open("u_dentist")
        keys(tab, "6" * 6)
        chairside.settle(tab)
        tab.acts.sign()
        chairside.qtbot.waitUntil(lambda: tab.at_hand.exam.head.signed)
        tab.begin()
        chairside.qtbot.waitUntil(lambda: tab.at_hand.editing)
        keys(tab, "3" * 6)
        chairside.settle(tab)
        (chip,) = tab.side.chips.values()
        chip.click()
        assert len(tab.grid._before) == 1
        tab.show_comparison()
        assert len(tab.comparison.strips) == 2
        rows = {row.name: row for row in tab.comparison.model.rows()}
        assert rows["Mean depth, mm"].values == ("6.0 of 6", "3.0 of 6")
        assert rows["18 disto-buccal: depth, mm"].change == "−3"
        tab.comparison.back.click()
        assert tab.grid.hasFocus()
