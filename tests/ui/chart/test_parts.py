"""The parts of the chart screen on their own: composing, list rows, model, dates, switch, line."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester

from clinic_desktop.domain.chart_line import parse
from clinic_desktop.domain.chart_words import Lexicon, neutral_lexicon, neutral_prices
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.services.chart.schemas import ChartHistory, ChartItemRow
from clinic_desktop.ui.chart import list_rows
from clinic_desktop.ui.chart.composing import (
    Writing,
    common_surfaces,
    kind_of,
    new_items,
    rewritten,
    said,
    toggled,
)
from clinic_desktop.ui.chart.entry_line import EntryLine
from clinic_desktop.ui.chart.history import HistorySlider, places, stops_of
from clinic_desktop.ui.chart.letter_badge import BADGE_ROLE, letter_of
from clinic_desktop.ui.chart.list_model import Column, ListModel
from clinic_desktop.ui.chart.list_rows import ListFilter, Listing
from clinic_desktop.ui.chart.shown import Shown, news
from clinic_desktop.ui.chart.status_switch import StatusSwitch
from clinic_desktop.ui.theme.theme import THEMES
from clinic_desktop.ui.widgets.cells import Roles

TODAY = date(2026, 3, 12)
WRITING = Writing("fdi", "en_IE")


def item(code: str, tooth: int | None = None, status: str = "condition", **values) -> ChartItemRow:
    return ChartItemRow(
        **{
            "id": new_id(),
            "detail": "",
            "act": "",
            "version": 1,
            "kind": "condition",
            "code": code,
            "tooth": tooth,
            "surfaces": "",
            "status": status,
            "since": TODAY,
            "until": None,
            "treatment_id": None,
            "treatment": None,
            "paint": None,
            "provider": None,
            "appointment_id": None,
            "fulfils_id": None,
            "done_at": None,
            "fee": None,
            "remark": "",
            "created_at": datetime(2026, 3, 12, 14, 24, tzinfo=UTC),
            **values,
        }
    )


def listing(**values) -> Listing:
    return Listing(day=str, clock=lambda _item: "14:24", today=TODAY, **values)


def read(text: str, *, selected: tuple[int, ...] = (), locale: str = "en_IE"):
    return parse(text, notation="fdi", locale=locale, lexicon=neutral_lexicon(), selected=selected)


class TestComposing:
    @pytest.mark.parametrize(
        ("text", "changes", "wanted"),
        [
            ("36 mod comp", {"teeth": (26,)}, "26 mod comp"),
            ("36 mod comp", {"surfaces": "MO"}, "36 mo comp"),
            ("p 36 comp", {"teeth": (26, 36), "surfaces": "O"}, "p 26+36 o comp"),
            ("comp", {"teeth": (36,), "surfaces": "O"}, "36 o comp"),
            ("36 mo", {"what": "amalgam"}, "36 mo amalgam"),
            ("36 mo comp", {"what": "crown", "surfaces": ""}, "36 crown"),
        ],
    )
    def test_clicks_change_the_line(self, text, changes, wanted) -> None:
        assert rewritten(read(text), WRITING, **changes) == wanted

    def test_inner_surfaces_of_both_jaws_are_lingual(self) -> None:
        assert WRITING.surfaces("L", (26,)) == "p"
        assert WRITING.surfaces("L", (26, 36)) == "l"
        assert Writing("fdi", "es_ES").surfaces("B", (36,)) == "v"

    def test_universal_milk_teeth_are_no_status(self) -> None:
        assert Writing("universal", "en_US").teeth((55, 36)) == "#A+19"

    def test_surfaces_toggle_and_stay_those_of_all_teeth(self) -> None:
        assert toggled("MO", "D") == "MOD"
        assert toggled("MOD", "O") == "MD"
        assert common_surfaces("MOI", (36, 11)) == "M"

    def test_one_entry_for_each_tooth(self) -> None:
        provider, visit = new_id(), new_id()
        items = new_items(read("14+26 o comp"), provider_id=provider, visit_id=visit)
        assert [(one.tooth, one.surfaces, one.appointment_id) for one in items] == [
            (14, "O", visit),
            (26, "O", visit),
        ]
        (planned,) = new_items(read("p 16 crown"), provider_id=provider, visit_id=visit)
        assert (planned.appointment_id, planned.provider_id) == (None, provider)
        (found,) = new_items(read("26 o car"), provider_id=provider, visit_id=visit)
        assert (found.kind, found.provider_id, found.fee) == ("condition", None, None)
        assert new_items(read("26 o"), provider_id=None, visit_id=None) == ()

    @pytest.mark.parametrize(
        ("code", "kind"),
        [("CARIES", "condition"), ("MISSING", "state"), ("COMP", "procedure"),
         ("WATCH", "condition"), ("RST-020", "procedure")],
    )  # fmt: skip
    def test_kinds(self, code: str, kind: str) -> None:
        entry = Lexicon(neutral_prices()).by_code(code)
        assert entry is not None
        assert kind_of(entry) == kind

    def test_what_the_undo_bar_says(self) -> None:
        assert said(read("36 mod comp"), WRITING) == "36 MOD Composite filling"
        assert said(read("d opg"), WRITING) == "Panoramic image"


class TestRows:
    def test_treated_findings_are_not_counted_as_open(self) -> None:
        caries = item("CARIES", 36, surfaces="O", since=TODAY - timedelta(days=30))
        filling = item("RST-020", 36, "done", surfaces="O", paint="COMP", treatment="Composite")
        assert list_rows.counts_of([caries])[ListFilter.CONDITIONS] == 1
        assert list_rows.counts_of([caries, filling])[ListFilter.CONDITIONS] == 0
        rows = list_rows.rows_of([caries, filling], ListFilter.CONDITIONS, listing())
        assert [row.title for row in rows] == ["Treated since, or gone with the tooth", "Caries"]
        assert rows[1].quiet

    def test_the_sum_leaves_out_what_is_not_known_and_says_so(self) -> None:
        sums = list_rows.sums_of(
            [
                item("A", 36, "planned", fee=100),
                item("B", 37, "planned", fee=None),
                item("C", 38, "done", fee=999),
            ]
        )
        assert (sums.count, sums.fee, sums.unknown) == (2, 100, 1)

    def test_planned_for_this_visit_is_todays(self) -> None:
        visit = new_id()
        planned = item("A", 36, "planned", kind="procedure", appointment_id=visit)
        assert not list_rows.is_today(planned, listing())
        assert list_rows.is_today(planned, listing(visit_id=visit))

    def test_the_preview_stands_with_todays_work(self) -> None:
        done = item("RST-020", 33, "done", kind="procedure", treatment="Composite filling")
        for text, place in (("36 o comp", 1), ("p 36 o comp", 0)):
            rows = list_rows.rows_of([done], ListFilter.OPEN, listing(), preview=read(text))
            assert rows[place].second == "not saved yet"
        rows = list_rows.rows_of([], ListFilter.OPEN, listing(), preview=read("14+15 seal"))
        assert rows[0].second == "2 teeth, not saved yet"

    def test_all_by_date_latest_first(self) -> None:
        old = item("I4", 26, since=TODAY - timedelta(days=1))
        rows = list_rows.rows_of([old, item("TTP", 36)], ListFilter.ALL, listing())
        assert [row.title for row in rows] == [
            "2026-03-12", "Tender to percussion", "2026-03-11", "ICDAS 4"
        ]  # fmt: skip
        assert rows[1].second == "Condition"


class TestModel:
    @pytest.fixture
    def model(self, qapp) -> ListModel:
        model = ListModel(WRITING, lambda minor: f"{minor / 100:.2f}")
        self.tester = QAbstractItemModelTester(
            model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        return model

    def rows(self):
        return list_rows.rows_of(
            [
                item("RST-020", 36, "planned", surfaces="MOD", treatment="Composite", fee=14000),
                item("RST-030", 45, "planned", treatment="Glass ionomer"),
                item("PER-080", 43, "referred", treatment="Graft"),
            ],
            ListFilter.OPEN,
            listing(),
        )

    def test_cells(self, model, qtbot) -> None:
        with qtbot.waitSignal(model.modelReset):
            assert model.show(self.rows())
        assert not model.show(self.rows()[:0] or model.rows())
        shown = [
            [model.index(row, column).data() for column in Column]
            for row in range(model.rowCount())
        ]
        assert shown == [
            ["Planned", None, None, None, None],
            ["45", "", "Glass ionomer, 14:24", "Planned", "No fee"],
            ["36", "MOD", "Composite, 14:24", "Planned", "140.00"],
            ["Referred", None, None, None, None],
            ["43", "", "Graft, 14:24", "Referred", "—"],
        ]
        assert model.index(0, 0).data(Roles.GROUP) == "Planned"
        assert model.index(2, Column.STATUS).data(BADGE_ROLE) == (MarkStatus.PLANNED, "P")
        assert model.headerData(0, Qt.Orientation.Horizontal) == "Tooth"
        assert model.rowCount(model.index(0, 0)) == 0

    def test_headings_cannot_be_chosen_and_news_flash(self, model) -> None:
        rows = self.rows()
        model.show(rows, flashing=frozenset({rows[1].id}))
        assert model.flags(model.index(0, 0)) == Qt.ItemFlag.NoItemFlags
        assert model.index(1, 0).data(Roles.FLASH)
        assert not model.index(2, 0).data(Roles.FLASH)
        assert model.place_of(rows[2].id) == 2
        assert model.place_of(new_id()) == -1


class TestShown:
    def history(self) -> ChartHistory:
        caries = item("CARIES", 36, surfaces="O", since=TODAY - timedelta(days=9), until=TODAY)
        filling = item("COMP", 36, "done", surfaces="O", kind="procedure")
        return ChartHistory(patient_id=new_id(), born=None, today=TODAY, items=(caries, filling))

    def test_dates_and_what_was_true_on_them(self) -> None:
        shown = Shown(self.history())
        assert stops_of(shown.history.changed_on, TODAY) == (TODAY - timedelta(days=9), TODAY)
        assert not shown.is_past
        past = shown.at(TODAY - timedelta(days=3))
        assert past.is_past
        assert [row.code for row in past.then] == ["CARIES"]
        assert [row.code for row in past.since] == ["COMP"]
        assert past.changed == frozenset({36})
        assert past.at(TODAY) == shown
        assert past.at(None).day is None

    def test_news_are_what_came_or_changed(self) -> None:
        before = self.history()
        caries, filling = before.items
        after = replace(before, items=(caries._replace(version=2), filling, item("TTP", 11)))
        assert [row.code for row in news(before, after)] == ["CARIES", "TTP"]
        assert news(before, before) == ()


class TestDates:
    def test_dots_stand_by_time_and_never_on_each_other(self) -> None:
        days = [date(2014, 1, 1), date(2025, 12, 30), date(2025, 12, 31), TODAY]
        spots = places(days, 800)
        assert spots[0] == 0
        assert spots[-1] == pytest.approx(800)
        assert spots[2] - spots[1] >= 15
        assert spots[1] > 700
        assert places([TODAY], 800) == [800]
        many = [TODAY - timedelta(days=one) for one in range(300, -1, -1)]
        close = places(many, 600)
        assert close[-1] == pytest.approx(600)

    def test_keys_and_clicks_choose_a_date(self, qtbot, theme) -> None:
        slider = HistorySlider(theme, "en_IE")
        qtbot.addWidget(slider)
        slider.resize(600, 58)
        days = (date(2014, 5, 6), date(2023, 11, 14), TODAY)
        slider.show_days(days, TODAY)
        slider.show()
        assert slider.accessibleDescription() == "12 Mar 2026"
        with qtbot.waitSignal(slider.day_chosen) as chosen:
            qtbot.keyClick(slider, Qt.Key.Key_Left)
        assert chosen.args == [date(2023, 11, 14)]
        with qtbot.waitSignal(slider.day_chosen) as chosen:
            qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(20, 24))
        assert chosen.args == [date(2014, 5, 6)]
        slider.show_days(days, date(2020, 1, 1))
        assert slider.day() == date(2014, 5, 6)
        for name in THEMES:
            theme.use(name)
            assert not slider.grab().isNull()


class TestSwitch:
    def test_arrows_clicks_and_rare_ones(self, qtbot, theme) -> None:
        switch = StatusSwitch(theme)
        qtbot.addWidget(switch)
        switch.show()
        parts = switch._parts
        with qtbot.waitSignal(switch.chosen) as chosen:
            qtbot.keyClick(parts[MarkStatus.DONE], Qt.Key.Key_Right)
        assert chosen.args == [MarkStatus.PLANNED]
        assert not parts[MarkStatus.REFERRED].isVisible()
        switch.choose(MarkStatus.REFERRED)
        assert parts[MarkStatus.REFERRED].isVisible()
        qtbot.mouseClick(parts[MarkStatus.EXISTING], Qt.MouseButton.LeftButton)
        assert switch.value() is MarkStatus.EXISTING
        assert not parts[MarkStatus.REFERRED].isVisible()
        wide = switch.sizeHint().width()
        switch.set_narrow(True)
        assert switch.sizeHint().width() < wide / 2
        assert parts[MarkStatus.ELSEWHERE].toolTip() == "Elsewhere (Alt+W)"


class TestLine:
    @pytest.fixture
    def line(self, qtbot, theme) -> EntryLine:
        line = EntryLine(theme, WRITING, lambda minor: f"€ {minor / 100:.2f}")
        qtbot.addWidget(line)
        line.resize(520, 40)
        line.show()
        line.read_with(lexicon=Lexicon(neutral_prices()))
        return line

    def test_it_says_what_it_understood(self, line, qtbot) -> None:
        qtbot.keyClicks(line, "36 mod comp")
        assert line.accessibleDescription() == "36, M O D, Composite filling, 1/2 ↓"
        assert line.sizeHint().height() == 40

    def test_tags_give_way_in_a_narrow_line(self, line, qtbot) -> None:
        qtbot.keyClicks(line, "36 mod comp")
        everything = len(line._placed())
        line.resize(200, 40)
        assert 1 <= len(line._placed()) < everything

    @pytest.mark.parametrize("name", THEMES)
    def test_it_is_drawn_in_each_theme(self, line, qtbot, theme, name) -> None:
        empty = line.grab().toImage()
        theme.use(name)
        qtbot.keyClicks(line, "36 mod cmop")
        assert line.grab().toImage() != empty
        assert line.property("state") == "error"

    def test_text_of_any_script_does_no_harm(self, line) -> None:
        for text in ("٣٦ mod comp", "<b>36</b>", "36 🦷", "\u200f36", "x" * 500):
            line.write(text)
            line.grab()
        assert len(line.text()) <= 200


def test_letters_of_statuses() -> None:
    assert letter_of(MarkStatus.CONDITION, "I4") == "4"
    assert letter_of(MarkStatus.CONDITION, "CARIES") == "C"
    assert letter_of(MarkStatus.ELSEWHERE) == "W"
