"""The rows of the list: Qt's own checks, the signals, and every cell of a few telling patients."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QModelIndex, Qt

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.patients.list_schemas import Beginning, TagRow
from clinic_desktop.services.patients.schemas import PatientRow, Place
from clinic_desktop.ui.patients.columns import Column
from clinic_desktop.ui.patients.marks import Marks
from clinic_desktop.ui.patients.table_model import SKELETONS, PatientTableModel, matches_words
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.cells import Roles

LOOKS = Looks(ZoneInfo("Europe/Dublin"), "en_IE", "EUR", date(2026, 3, 12))


def a_row(number: int = 1, **values: object) -> PatientRow:
    patient = UUID(int=number)
    row = PatientRow(
        id=patient,
        number=f"{number:05}",
        given="Inês",
        family="Carvalho-Lindqvist",
        other_name="",
        born=date(1984, 9, 3),
        born_estimated=False,
        phone="+353865550142",
        guardian="",
        status="active",
        version=1,
        next_visit=datetime(2026, 3, 12, 14, 0, tzinfo=UTC),
        visit_status="arrived",
        last_visit=datetime(2026, 1, 27, 9, 0, tzinfo=UTC),
        balance=14400,
        alerts=3,
        severity="stop",
        place=Place(0, "carvalho", "carvalho lindqvist\tines", patient),
    )
    return row._replace(**values)  # type: ignore[arg-type]


@pytest.fixture
def model(qapp) -> PatientTableModel:
    return PatientTableModel(currency_sign="€")


def line(model: PatientTableModel, row: int) -> list[str]:
    return [model.index(row, column).data() for column in Column]


class TestCells:
    @pytest.mark.parametrize(
        ("values", "cells"),
        [
            (
                {},
                ["Inês Carvalho-Lindqvist", "3 Sep 1984, 41", "00001", "+353 86 555 0142",
                 "12 Mar 2026, 14:00", "27 Jan 2026", "144.00", "3", "Arrived", "Anxious"],
            ),
            (
                {"phone": "", "guardian": "Inês Carvalho", "next_visit": None,
                 "visit_status": None, "last_visit": None, "balance": 0, "alerts": 0,
                 "severity": None},
                ["Inês Carvalho-Lindqvist", "3 Sep 1984, 41", "00001", "Guardian: Inês Carvalho",
                 "—", "—", "0.00", "none", "Active", "Anxious"],
            ),
            (
                {"born": None, "phone": "", "balance": None, "alerts": None, "severity": None,
                 "status": "inactive", "next_visit": None, "visit_status": None},
                ["Inês Carvalho-Lindqvist", "Not recorded", "00001", "—", "—", "27 Jan 2026", "?",
                 "Not asked", "Inactive", "Anxious"],
            ),
            (
                {"given": "美玲", "family": "陳", "born_estimated": True, "balance": -2000,
                 "next_visit": datetime(2026, 3, 20, 9, 15, tzinfo=UTC), "status": "deceased",
                 "visit_status": "pending", "severity": "caution", "alerts": 1},
                ["陳美玲", "about 1984, 41", "00001", "+353 86 555 0142", "20 Mar 2026, 09:15",
                 "27 Jan 2026", "−20.00", "1", "Deceased", "Anxious"],
            ),
        ],
    )  # fmt: skip
    def test_every_cell(self, model, values: dict[str, object], cells: list[str]) -> None:
        tag = TagRow(id=new_id(), version=1, name="Anxious", letter="A", colour="warning")
        model.set_rows([a_row(**values, tags=(tag.id, new_id()))], looks=LOOKS)
        model.set_marks(Marks(tags={tag.id: tag}))
        assert line(model, 0) == cells

    def test_unknown_never_looks_like_zero_or_healthy(self, model) -> None:
        model.set_rows([a_row(balance=None, alerts=None, severity=None)], looks=LOOKS)
        for column in (Column.BALANCE, Column.ALERTS):
            assert model.index(0, column).data(Roles.CELL).unknown is not None

    def test_titles(self, model) -> None:
        titles = [
            model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
            for column in Column
        ]
        assert titles == ["Name", "Born, age", "No.", "Phone", "Next visit", "Last visit",
                          "Balance €", "Alerts", "Status", "Tags"]  # fmt: skip

    def test_three_letters_at_most_and_how_many_more(self, model) -> None:
        made = [
            TagRow(id=new_id(), version=1, name=f"Tag {n}", letter=str(n), colour="info")
            for n in range(5)
        ]
        model.set_rows([a_row(tags=tuple(tag.id for tag in made))], looks=LOOKS)
        model.set_marks(Marks(tags={tag.id: tag for tag in made}))
        cell = model.index(0, Column.TAGS).data(Roles.CELL)
        assert [tag.text for tag in cell.tags] == ["0", "1", "+3"]
        assert model.index(0, Column.TAGS).data(Qt.ItemDataRole.ToolTipRole).count("Tag") == 5

    def test_starred_and_opened_last_stand_above_under_headings(
        self, model, qtbot, qtmodeltester
    ) -> None:
        one, other = a_row(), a_row(id=new_id(), given="Zoe")
        top = Beginning(starred=(other,), recent=(one,))
        with qtbot.waitSignal(model.modelReset):
            model.set_rows([one, other], looks=LOOKS, top=top)
        shown = [
            model.index(n, 0).data(Roles.GROUP) or model.row_at(n).given
            for n in range(model.rowCount())
        ]
        assert shown == ["Starred", "Zoe", "Opened last", "Inês", "All patients", "Inês", "Zoe"]
        assert model.first_row() == 1
        with qtbot.waitSignal(model.dataChanged):
            model.set_marks(Marks(stars=frozenset({other.id})))
        assert model.index(1, Column.NAME).data(Roles.CELL).icon == "star"
        assert model.index(3, Column.NAME).data(Roles.CELL).icon is None
        assert not model.renew_rows([one, other], looks=LOOKS, more=False)
        assert model.renew_rows([one, other], looks=LOOKS, more=False, top=top)
        qtmodeltester.check(model, force_py=True)

    def test_hits_are_marked_and_markup_stays_text(self, model) -> None:
        model.set_rows([a_row(given="<b>Car</b>")], looks=LOOKS, beginnings=("lin", "car"))
        cell = model.index(0, Column.NAME).data(Roles.CELL)
        assert cell.text == "<b>Car</b> Carvalho-Lindqvist"
        assert [cell.text[start : start + length] for start, length in cell.highlights] == [
            "Car",
            "Lin",
        ]

    def test_the_other_name_stands_there_when_it_was_found(self, model) -> None:
        model.set_rows([a_row(other_name="Mei-Ling Chen")], looks=LOOKS)
        assert "Mei" not in line(model, 0)[0]
        model.set_rows([a_row(other_name="Mei-Ling Chen")], looks=LOOKS, beginnings=("mei",))
        assert "Mei-Ling Chen" in line(model, 0)[0]


class TestRows:
    def test_qt_is_content(self, model, qtmodeltester) -> None:
        rows = [a_row(1), a_row(2), a_row(3, sounds_like=True)]
        model.set_rows(rows, looks=LOOKS, more=False, typed="lin")
        qtmodeltester.check(model)
        model.set_rows([a_row(1), a_row(2)], looks=LOOKS, more=True)
        qtmodeltester.check(model)

    def test_other_rows_are_told_by_a_reset(self, model, qtbot) -> None:
        with qtbot.waitSignals([model.modelAboutToBeReset, model.modelReset]):
            model.set_rows([a_row(1)], looks=LOOKS)

    def test_heading_and_bars(self, model) -> None:
        rows = [a_row(1), a_row(2, sounds_like=True)]
        model.set_rows(rows, looks=LOOKS, typed="lin car", more=True)
        assert model.rowCount() == 3 + SKELETONS
        assert model.index(1, 0).data(Roles.GROUP) == "Sounds like “lin car”"
        assert model.index(4, 0).data(Roles.LOADING)
        assert [bool(model.index(row, 0).flags()) for row in range(5)] == [
            True,
            False,
            True,
            False,
            False,
        ]

    def test_the_next_page_comes_below_without_repeats(self, model, qtbot) -> None:
        model.set_rows([a_row(1), a_row(2)], looks=LOOKS, more=True)
        with qtbot.waitSignal(model.wanted_more):
            model.fetchMore(QModelIndex())
        assert not model.canFetchMore(QModelIndex())
        with qtbot.waitSignal(model.rowsInserted):
            model.add_rows([a_row(2), a_row(3)], more=False)
        assert [row.id.int for row in model.patients()] == [1, 2, 3]
        assert not model.canFetchMore(QModelIndex())
        assert model.rowCount() == 3

    def test_a_page_that_failed_is_asked_for_again(self, model) -> None:
        model.set_rows([a_row(1)], looks=LOOKS, more=True)
        model.fetchMore(QModelIndex())
        model.fetch_failed()
        assert model.canFetchMore(QModelIndex())

    def test_a_changed_row_flashes_in_its_place(self, model, qtbot) -> None:
        model.set_rows([a_row(1), a_row(2)], looks=LOOKS)
        with qtbot.waitSignal(model.dataChanged) as changed:
            assert model.renew_rows([a_row(1), a_row(2, balance=0)], looks=LOOKS, more=False)
        assert changed.args[0].row() == 1
        assert model.index(1, 0).data(Roles.FLASH)
        assert not model.index(0, 0).data(Roles.FLASH)
        model.flash(frozenset())
        assert not model.index(1, 0).data(Roles.FLASH)

    def test_others_who_came_or_went_need_a_reset(self, model) -> None:
        model.set_rows([a_row(1), a_row(2)], looks=LOOKS)
        assert not model.renew_rows([a_row(1)], looks=LOOKS, more=False)
        assert not model.renew_rows([a_row(2), a_row(1)], looks=LOOKS, more=False)

    def test_where_somebody_stands(self, model) -> None:
        rows = [a_row(1), a_row(2, sounds_like=True)]
        model.set_rows(rows, looks=LOOKS, typed="lin")
        assert (model.place_of(UUID(int=2)), model.place_of(UUID(int=9))) == (2, -1)
        assert model.row_at(1) is None


def test_matches_in_words() -> None:
    assert matches_words(1, more=False) == "1 match"
    assert matches_words(9, more=False) == "9 matches"
    assert matches_words(50, more=True) == "first 50 matches"
