"""Supernumerary teeth and implants: columns, the way of the probe, figures with their n."""

from datetime import date

import pytest

from clinic_desktop.domain.perio.columns import columns_of
from clinic_desktop.domain.perio.exam import Cell, Exam, Standing, ToothReading
from clinic_desktop.domain.perio.facts import Background, Fact
from clinic_desktop.domain.perio.indices import indices
from clinic_desktop.domain.perio.proposal import propose
from clinic_desktop.domain.perio.rules import Measure, Path
from clinic_desktop.domain.perio.sites import Site, furcations, junctions, places
from clinic_desktop.domain.perio.walk import Walk
from clinic_desktop.domain.teeth.dentition import PERMANENT

D = Measure.DEPTH


class TestColumns:
    def test_sixteen_without_extra_teeth(self) -> None:
        arch = columns_of(PERMANENT)
        assert (arch.count, arch.middle) == (16, 8)
        assert (arch.places[18], arch.places[48], arch.places[38]) == (1, 1, 16)

    def test_an_extra_tooth_stands_beyond_its_anchor(self) -> None:
        arch = columns_of((*PERMANENT, 116, 216, 131))
        assert (arch.count, arch.middle) == (19, 10)
        order = [fdi for fdi in sorted(arch.places, key=lambda fdi: arch.places[fdi]) if fdi < 30
                 or fdi in (116, 216)]  # fmt: skip
        assert order[:5] == [18, 17, 216, 116, 16]
        assert arch.places[131] == arch.places[31] + 1
        # The lower jaw keeps its teeth below the same upper ones.
        assert arch.places[46] == arch.places[16]

    def test_of_one_tooth(self) -> None:
        assert columns_of((11,)).count == 16


class TestWalk:
    @pytest.mark.parametrize("path", list(Path))
    def test_an_extra_tooth_has_its_six_sites_beside_its_anchor(self, path) -> None:
        walk = Walk(path, frozenset({17, 16, 116, 15}))
        order = list(dict.fromkeys(cell.tooth for cell in walk.sites[:12]))
        assert order == [17, 116, 16, 15]
        back = list(dict.fromkeys(cell.tooth for cell in walk.sites[12:]))
        assert back == [15, 16, 116, 17]
        assert len([cell for cell in walk.sites if cell.tooth == 116]) == 6
        assert walk.after(Cell(17, D, Site.MB)) == Cell(116, D, Site.DB)
        assert walk.next_tooth(Cell(17, D, Site.MB)) == Cell(116, D, Site.DB)

    def test_on_the_left_it_comes_after_its_anchor(self) -> None:
        walk = Walk(Path.RIGHT_LEFT, frozenset({26, 126, 27}))
        assert list(dict.fromkeys(cell.tooth for cell in walk.sites[:9])) == [26, 126, 27]

    def test_full_mouth_with_two_of_them(self) -> None:
        walk = Walk(Path.RIGHT_LEFT, frozenset((*PERMANENT, 111, 211)))
        assert len(walk.sites) == len(set(walk.sites)) == 34 * 6

    def test_an_implant_has_neither_furcation_nor_mobility(self) -> None:
        walk = Walk(Path.RIGHT_LEFT, frozenset({46, 36}), frozenset({46}))
        for measure in (Measure.FURCATION, Measure.MOBILITY):
            assert {cell.tooth for cell in walk.cells(measure)} == {36}
        assert {cell.tooth for cell in walk.cells(Measure.MARGIN)} == {46, 36}


class TestPlaces:
    def test_an_extra_tooth_has_one_root(self) -> None:
        assert furcations(16)
        assert furcations(116) == furcations(246) == ()

    def test_its_junction_is_that_of_its_jaw(self) -> None:
        assert (len(junctions(116)), len(junctions(131))) == (3, 6)

    @pytest.mark.parametrize("measure", [Measure.FURCATION, Measure.MOBILITY])
    def test_of_an_implant(self, measure) -> None:
        assert places(46, measure) != ()
        assert places(46, measure, implant=True) == ()
        assert places(46, D, implant=True) == tuple(Site)


def mouth(*more: ToothReading) -> Exam:
    one = ToothReading(16, depth=(4,) * 6, margin=(1,) * 6)
    other = ToothReading(36, depth=(4,) * 6, margin=(1,) * 6)
    return Exam({reading.tooth: reading for reading in (one, other, *more)})


class TestFigures:
    def test_an_extra_tooth_counts_in_n(self) -> None:
        extra = ToothReading(116, depth=(6,) * 6, margin=(0,) * 6, bleeding=(True,) * 6)
        found = indices(mouth(extra))
        assert (found.teeth, found.wanted, found.entered) == (3, 18, 18)
        assert (found.bleeding.count, found.bleeding.n) == (6, 18)
        assert found.deep.count == 6

    def test_but_has_no_opposite_to_bite_on(self) -> None:
        teeth = [ToothReading(fdi, depth=(7,) * 6, margin=(0,) * 6) for fdi in PERMANENT[:19]] + [
            ToothReading(111, depth=(7,) * 6, margin=(0,) * 6)
        ]
        exam = Exam({one.tooth: one for one in teeth})
        found = propose(exam, Background(lost_teeth=0), on=date(2026, 3, 12))
        (few,) = [one for one in found.evidence if one.fact is Fact.FEW_TEETH]
        assert few.figure == 19

    def test_an_implant_counts_in_n_and_in_no_stage(self) -> None:
        implant = ToothReading(46, Standing.IMPLANT, depth=(9,) * 6, margin=(3,) * 6)
        exam = mouth(implant)
        assert indices(exam).deepest == 9
        found = propose(exam, Background(lost_teeth=0), on=date(2026, 3, 12))
        assert not any(cell.tooth == 46 for one in found.evidence for cell in one.cells)
