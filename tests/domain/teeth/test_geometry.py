"""Shapes of the teeth: sizes from the table, mesial to the right, parts where they belong."""

import pytest

from clinic_desktop.domain.teeth.anatomy import anatomy
from clinic_desktop.domain.teeth.geometry import diagram, side
from clinic_desktop.domain.teeth.numbering import teeth, tooth
from clinic_desktop.domain.teeth.outline import CLOSE, Box, box_of, polygon, rounded
from clinic_desktop.domain.teeth.surfaces import valid_codes

ALL = sorted(teeth())


class TestAnatomy:
    def test_reads_the_table(self) -> None:
        found = anatomy(16)
        assert (found.width, found.depth, found.crown, found.root) == (10.0, 11.0, 7.5, 13.0)
        assert found.roots == ("MB", "DB", "P")
        assert anatomy(48).roots == ("M", "D")

    def test_an_extra_tooth_is_small_with_one_root(self) -> None:
        assert anatomy(116).width == pytest.approx(7.0)
        assert anatomy(116).roots == ("single",)


class TestSide:
    @pytest.mark.parametrize("fdi", ALL)
    def test_fits_the_measures_of_the_tooth(self, fdi: int) -> None:
        found, size = side(fdi), anatomy(fdi)
        crown = box_of(found.crown)
        assert crown.top == pytest.approx(-size.crown)
        assert crown.right - crown.left == pytest.approx(size.width)
        assert len(found.roots) == len(size.roots)
        deepest = max(root.apex[1] for root in found.roots)
        assert deepest == pytest.approx(size.root, rel=0.06) or len(size.roots) == 3
        assert found.crown[-1] == CLOSE

    def test_roots_behind_come_first(self) -> None:
        for fdi in ALL:
            behind = [root.behind for root in side(fdi).roots]
            assert behind == sorted(behind, reverse=True)

    def test_mesial_is_to_the_right(self) -> None:
        patches = side(36).patches
        assert box_of(patches["M"]).left > 0
        assert box_of(patches["D"]).right < 0
        names = {root.name: root.apex[0] for root in side(36).roots}
        assert names["M"] > names["D"]

    def test_canals_end_near_their_apex(self) -> None:
        for fdi in ALL:
            for root in side(fdi).roots:
                end = root.canal[-1].points[-1]
                assert end[0] == pytest.approx(root.apex[0])
                assert end[1] < root.apex[1]

    def test_an_implant_is_never_longer_than_the_root_it_replaces(self) -> None:
        for fdi in ALL:
            assert box_of(side(fdi).implant).bottom <= anatomy(fdi).root + 0.01
            assert len(side(fdi).threads) == 5


class TestDiagram:
    @pytest.mark.parametrize("fdi", ALL)
    def test_has_the_five_surfaces_of_the_tooth(self, fdi: int) -> None:
        assert set(diagram(fdi).faces) == set(valid_codes(fdi)) - {"5"}

    @pytest.mark.parametrize("fdi", ALL)
    def test_the_faces_fill_the_rim(self, fdi: int) -> None:
        shape = diagram(fdi)
        for code, face in shape.faces.items():
            box = box_of(face)
            assert box.right <= shape.width / 2 + 0.001
            assert box.bottom <= shape.depth / 2 + 0.001
            assert face[-1] == CLOSE
            if code in "MB":
                assert max(box.right / (shape.width / 2), box.bottom / (shape.depth / 2)) > 0.999
        corner = shape.faces["M"][0].points[0]
        assert any(
            segment.points and segment.points[-1] == pytest.approx(corner)
            for segment in shape.faces["L"]
        )

    def test_sides_are_where_the_frame_says(self) -> None:
        faces = diagram(46).faces
        assert box_of(faces["M"]).left > 0
        assert box_of(faces["B"]).bottom > 0 > box_of(faces["L"]).top
        assert tooth(46).right


class TestOutline:
    def test_half_the_sides_as_radii_make_an_ellipse(self) -> None:
        outline = rounded(Box(-2, -1, 2, 1), 2, 1)
        box = box_of(outline)
        assert (box.left, box.top, box.right, box.bottom) == (-2, -1, 2, 1)

    def test_polygons_are_closed(self) -> None:
        assert polygon((0, 0), (1, 0), (1, 1))[-1] == CLOSE
