"""Where teeth stand on the screen, at every size."""

import math
from datetime import date
from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.teeth.chart import ToothChart, ToothState, adult_chart, chart_for_age
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.domain.teeth.numbering import teeth, tooth
from clinic_desktop.domain.teeth.of_items import chart_of_items
from clinic_desktop.ui.chart.layout import FULL, MINI, lay_out, least_height, size_at, sizes_for
from clinic_desktop.ui.chart.tooth_paths import diagram_paths, joined_faces, patch, side_paths

ROOMS = [(802, 430), (1028, 542), (1508, 721), (2600, 1400)]


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> QApplication:
    return qapp


class TestLayOut:
    @pytest.mark.parametrize("room", ROOMS)
    @pytest.mark.parametrize("months", [24, 100, 480])
    def test_everything_is_inside_the_room(self, room: tuple[int, int], months: int) -> None:
        layout = lay_out(chart_for_age(months), FULL, QSizeF(*room))
        for cell in layout.cells:
            assert QRectF(0, 0, *room).contains(cell.column), cell
            assert cell.column.contains(cell.neck)
            assert cell.column.contains(cell.middle)

    @pytest.mark.parametrize("room", ROOMS)
    def test_columns_do_not_touch(self, room: tuple[int, int]) -> None:
        cells = lay_out(adult_chart(), FULL, QSizeF(*room)).cells
        for one in cells:
            assert not any(
                one.column.intersects(other.column) for other in cells if other is not one
            )

    @pytest.mark.parametrize(
        ("room", "scale"), [((300, 200), 2.8), ((1028, 542), 6.25), ((4000, 4000), 11.0)]
    )
    def test_scale_fits_between_its_limits(self, room: tuple[int, int], scale: float) -> None:
        assert lay_out(adult_chart(), FULL, QSizeF(*room)).scale == pytest.approx(scale)

    def test_the_patients_right_is_left_and_the_upper_jaw_above(self) -> None:
        layout = lay_out(adult_chart(), FULL, QSizeF(1028, 542))
        assert [cell.tooth for cell in layout.cells] == list(PERMANENT)
        for cell in layout.cells:
            assert (cell.neck.x() < layout.midline.x()) is tooth(cell.tooth).right
            assert (cell.neck.y() < layout.midline.y()) is tooth(cell.tooth).upper

    def test_numbers_are_nearest_to_the_midline_and_roots_farthest(self) -> None:
        layout = lay_out(adult_chart(), FULL, QSizeF(1028, 542))
        for cell in layout.cells:
            distances = [
                abs(y - layout.midline.y())
                for y in (cell.number.center().y(), cell.middle.y(), cell.neck.y())
            ]
            assert distances == sorted(distances)

    def test_the_miniature_has_side_views_alone(self) -> None:
        layout = lay_out(adult_chart(), MINI, QSizeF(640, 190))
        assert layout.scale > 3
        assert all(cell.number.isNull() for cell in layout.cells)
        assert layout.face_at(layout.cells[0], layout.cells[0].middle) == ""

    def test_an_empty_chart_is_laid_out(self) -> None:
        assert lay_out(ToothChart(teeth=()), FULL, QSizeF(800, 400)).cells == ()


class TestSmallRooms:
    @pytest.mark.parametrize("width", [560, 636, 700, 790, 880])
    @pytest.mark.parametrize("whose", ["adult", "child", "dog", "cat"])
    def test_the_whole_mouth_is_seen_across(self, width: int, whose: str) -> None:
        """636 px is what a window of 1440 leaves at 200 %."""
        chart = _mouth(whose)
        sizes = sizes_for(chart)
        # Below its least size a mouth scrolls: it is laid out at that.
        width = max(width, math.ceil(size_at(chart, sizes, sizes.least).width()))
        room = QSizeF(width, least_height(chart, sizes, width, 160))
        cells = lay_out(chart, sizes, room).cells
        for one in cells:
            assert QRectF(QPointF(0, 0), room).contains(one.column), one.tooth
        same = [one for one in cells if one.upper]
        numbers = sorted((one.number for one in same), key=QRectF.left)
        for left, right in pairwise(numbers):
            assert left.right() <= right.left() + 0.01
        # Three figures of the smallest type beside each other, and a fingertip at 200 %.
        assert min(number.width() for number in numbers) >= 22

    def test_a_dog_fits_at_200_percent(self) -> None:
        chart = _mouth("dog")
        assert size_at(chart, sizes_for(chart), sizes_for(chart).least).width() <= 632

    def test_gaps_give_way_before_teeth_get_smaller(self) -> None:
        tight = lay_out(adult_chart(), FULL, QSizeF(740, 430))
        assert tight.scale == FULL.usual
        assert lay_out(adult_chart(), FULL, QSizeF(640, 430)).scale < FULL.usual

    def test_smaller_only_where_the_whole_mouth_is_then_seen_at_once(self) -> None:
        least = {sight: least_height(adult_chart(), FULL, 880, sight) for sight in (160, 310, 600)}
        usual = size_at(adult_chart(), FULL, FULL.usual).height()
        assert 290 < least[310] <= 310
        assert least[160] == least[600] == pytest.approx(usual)


def _mouth(whose: str) -> ToothChart:
    if whose in ("dog", "cat"):
        return chart_of_items((), born=None, on=date(2026, 3, 2), species=whose)
    return adult_chart() if whose == "adult" else chart_for_age(100)


class TestSizeAt:
    @pytest.mark.parametrize("scale", [4.6, 6.2, 11.0])
    def test_is_the_room_that_gives_this_scale(self, scale: float) -> None:
        for chart in (adult_chart(), chart_for_age(24)):
            room = size_at(chart, FULL, scale)
            assert lay_out(chart, FULL, room).scale == pytest.approx(scale, abs=0.051)


class TestFaces:
    @pytest.mark.parametrize("fdi", PERMANENT)
    def test_each_point_of_a_face_is_that_face(self, fdi: int) -> None:
        layout = lay_out(adult_chart(), FULL, QSizeF(1028, 542))
        cell = layout.by_tooth[fdi]
        for code, middle in diagram_paths(fdi, layout.scale).middles.items():
            assert layout.face_at(cell, cell.middle + middle) == code

    def test_mesial_is_towards_the_midline(self) -> None:
        for fdi in sorted(teeth()):
            middles = diagram_paths(fdi, 6.0).middles
            assert (middles["M"].x() > 0) is tooth(fdi).right
            assert (middles["B"].y() < 0) is tooth(fdi).upper

    def test_faces_together_are_the_rim(self) -> None:
        paths = diagram_paths(36, 8.0)
        whole = joined_faces(36, 8.0, "MODBL")
        assert whole.boundingRect().width() == pytest.approx(paths.box.width(), abs=0.5)
        assert whole.contains(QPointF(0, 0))

    def test_patches_stay_on_the_crown(self) -> None:
        for fdi in sorted(teeth()):
            paths = side_paths(fdi, 6.0)
            crown = paths.crown.boundingRect().adjusted(-0.1, -0.1, 0.1, 0.1)
            for code in "MDBI5":
                assert crown.contains(patch(paths, code).boundingRect())
                assert not patch(paths, code).isEmpty()
            assert patch(paths, "L").isEmpty()


def test_states_have_no_influence_on_places() -> None:
    room = QSizeF(1028, 542)
    one = lay_out(adult_chart(ToothState.PRESENT), FULL, room)
    other = lay_out(adult_chart(ToothState.MISSING), FULL, room)
    assert [cell.neck for cell in one.cells] == [cell.neck for cell in other.cells]
