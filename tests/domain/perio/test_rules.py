"""Paths, sites and limits against the file they come from, counted by hand."""

import json

import pytest

from clinic_desktop.domain.perio.entry import check, read_run
from clinic_desktop.domain.perio.exam import Cell, Exam, Standing, ToothReading
from clinic_desktop.domain.perio.rules import Measure, Path, legs, limits, site_codes
from clinic_desktop.domain.perio.sites import Furca, Site, furcations, junctions, on_screen
from clinic_desktop.domain.perio.walk import Walk
from clinic_desktop.domain.perio.words import describe
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.errors import InvalidError
from clinic_desktop.resources import resource

ALL = frozenset(PERMANENT)
D, M = Measure.DEPTH, Measure.MARGIN


def names(cells) -> list[str]:
    return [f"{cell.tooth}{Site(cell.place).name}" for cell in cells]


class TestRules:
    def test_sites_are_stored_in_the_order_of_the_file(self) -> None:
        assert site_codes() == tuple(site.name for site in Site)

    def test_every_path_of_the_file_is_known(self) -> None:
        with resource("reference", "perio_rules.json").open() as stream:
            paths = json.load(stream)["auto_advance_paths"]
        assert set(paths) == {path.value for path in Path}

    def test_limits(self) -> None:
        assert limits(D) == (0, 19)
        assert limits(M) == (-9, 19)
        assert limits(Measure.FURCATION) == (0, 3)

    def test_the_second_leg_runs_back_on_the_palate(self) -> None:
        first, second, third, fourth = legs(Path.RIGHT_LEFT)
        assert (first.upper, first.columns[0], first.columns[-1], first.facial) == (
            True, 1, 16, True,
        )  # fmt: skip
        assert (second.upper, second.columns[0], second.facial) == (True, 16, False)
        # 32 is 48, the lower right: column 1.
        assert (third.upper, third.columns[0], third.columns[-1]) == (False, 1, 16)
        assert (fourth.upper, fourth.columns[0], fourth.facial) == (False, 16, False)


class TestWalk:
    @pytest.mark.parametrize("path", list(Path))
    def test_a_full_mouth_is_192_sites_each_once(self, path) -> None:
        cells = Walk(path, ALL).sites
        assert len(cells) == len(set(cells)) == 192

    def test_right_to_left(self) -> None:
        cells = names(Walk(Path.RIGHT_LEFT, ALL).sites)
        assert cells[:6] == ["18DB", "18B", "18MB", "17DB", "17B", "17MB"]
        assert cells[24:27] == ["21MB", "21B", "21DB"]
        assert cells[48:54] == ["28DL", "28L", "28ML", "27DL", "27L", "27ML"]
        assert cells[96:99] == ["48DB", "48B", "48MB"]
        assert cells[144:147] == ["38DL", "38L", "38ML"]
        assert cells[189:] == ["48ML", "48L", "48DL"]

    def test_facials_first(self) -> None:
        cells = names(Walk(Path.FACIALS_FIRST, ALL).sites)
        assert cells[0] == "18DB"
        assert cells[48:51] == ["38DB", "38B", "38MB"]
        assert cells[96:99] == ["48DL", "48L", "48ML"]
        assert cells[144:147] == ["28DL", "28L", "28ML"]
        assert cells[191] == "18DL"

    def test_missing_teeth_are_skipped(self) -> None:
        walk = Walk(Path.RIGHT_LEFT, ALL - {18, 17, 28})
        assert len(walk.sites) == 192 - 18
        assert walk.first() == Cell(16, D, Site.DB)
        last_of_27 = Cell(27, D, Site.DB)
        assert walk.after(last_of_27) == Cell(27, D, Site.DL)

    def test_milk_teeth_stand_in_the_columns_of_those_that_follow_them(self) -> None:
        walk = Walk(Path.RIGHT_LEFT, frozenset({16, 55, 54, 53, 12, 11}))
        assert [cell.tooth for cell in walk.sites[:18:3]] == [16, 55, 54, 53, 12, 11]

    def test_furcations_are_visited_once_where_there_are_any(self) -> None:
        cells = Walk(Path.RIGHT_LEFT, ALL).cells(Measure.FURCATION)
        # Six upper molars of three, two premolars of two, six lower molars of two.
        assert len(cells) == 18 + 4 + 12
        assert cells[0] == Cell(18, Measure.FURCATION, Furca.B)

    def test_the_junction_is_not_measured_on_the_palate(self) -> None:
        cells = Walk(Path.RIGHT_LEFT, ALL).cells(Measure.MGJ)
        assert len(cells) == 192 - 48

    def test_the_end_has_no_next(self) -> None:
        walk = Walk(Path.RIGHT_LEFT, ALL)
        assert walk.after(walk.sites[-1]) is None
        assert walk.after(walk.sites[0], -1) is None
        assert walk.next_tooth(Cell(18, D, Site.B)) == Cell(17, D, Site.DB)


class TestSites:
    @pytest.mark.parametrize(
        ("fdi", "wanted"),
        [
            (16, "BMD"),
            (28, "BMD"),
            (14, "MD"),
            (24, "MD"),
            (15, ""),
            (36, "BL"),
            (44, ""),
            (11, ""),
            (55, "BMD"),
            (74, "BL"),
        ],
    )
    def test_furcations(self, fdi, wanted) -> None:
        assert "".join(one.name for one in furcations(fdi)) == wanted

    def test_the_picture_shows_mesial_toward_the_midline(self) -> None:
        assert on_screen(16, facial=True) == (Site.DB, Site.B, Site.MB)
        assert on_screen(26, facial=False) == (Site.ML, Site.L, Site.DL)

    def test_junctions(self) -> None:
        assert len(junctions(16)) == 3
        assert len(junctions(46)) == 6


class TestTyping:
    def test_99_is_refused_where_it_was_typed(self) -> None:
        with pytest.raises(InvalidError, match="16 mesio-buccal probing depth: 99 is not between"):
            check(Cell(16, D, Site.MB), 99)

    def test_a_furcation_where_there_is_none(self) -> None:
        with pytest.raises(InvalidError, match="no such place"):
            check(Cell(15, Measure.FURCATION, Furca.B), 1)

    def test_three_at_once(self) -> None:
        assert read_run("323 4 3 10, 212") == (3, 2, 3, 4, 3, 10, 2, 1, 2)

    @pytest.mark.parametrize("text", ["32", "3234", "2x2", "", "-3 2 2"])
    def test_what_cannot_be_read_is_said(self, text) -> None:
        with pytest.raises(InvalidError):
            read_run(text)


class TestWords:
    def test_a_cell_as_it_is_read_out(self) -> None:
        reading = ToothReading(16).with_value(D, Site.MB, 5)
        reading = reading.with_value(Measure.BLEEDING, Site.MB, True)
        exam = Exam({16: reading})
        assert describe(exam, Cell(16, D, Site.MB)) == (
            "16 mesio-buccal probing depth 5 mm, bleeding"
        )
        assert describe(exam, Cell(16, D, Site.ML)) == "16 mesio-palatal probing depth not measured"

    def test_the_margin_says_which_way(self) -> None:
        exam = Exam({31: ToothReading(31).with_value(M, Site.L, -2)})
        words = "31 mid-lingual gingival margin 2 mm coronal to the CEJ"
        assert describe(exam, Cell(31, M, Site.L)) == words

    def test_a_missing_tooth(self) -> None:
        exam = Exam({18: ToothReading(18, Standing.MISSING)})
        assert describe(exam, Cell(18, D, 0)).endswith("tooth missing")
