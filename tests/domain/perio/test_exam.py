"""Attachment and indices, computed by hand."""

from clinic_desktop.domain.perio.exam import Exam, Standing, ToothReading
from clinic_desktop.domain.perio.indices import indices
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site


def reading(fdi, depth, margin=(None,) * 6, **more) -> ToothReading:
    return ToothReading(fdi, depth=tuple(depth), margin=tuple(margin), **more)


class TestAttachment:
    def test_recession_adds_and_a_margin_above_the_junction_takes_away(self) -> None:
        one = reading(16, (4, 3, 5, 3, 6, None), (2, 0, -1, None, -3, 1))
        assert [one.loss(site) for site in Site] == [6, 3, 4, None, 3, None]

    def test_unknown_is_not_zero(self) -> None:
        assert reading(16, (4,) * 6).loss(Site.MB) is None

    def test_keratinised_and_attached_gingiva(self) -> None:
        one = reading(31, (2,) * 6, (1,) * 6, mgj=(None, 5, None, None, None, None))
        assert one.keratinised(Site.B) == 4
        assert one.attached(Site.B) == 2
        assert one.keratinised(Site.MB) is None


class TestIndices:
    def test_by_hand(self) -> None:
        exam = Exam(
            {
                16: reading(
                    16,
                    (4, 3, 6, 5, 2, 3),
                    (0, 0, 1, 0, None, 0),
                    bleeding=(True, False, True, True, False, False),
                ),
                15: reading(15, (2, 2, None, None, None, None)),
                18: ToothReading(18, Standing.MISSING, depth=(9,) * 6, bleeding=(True,) * 6),
                17: ToothReading(17),
            }
        )
        found = indices(exam)
        assert (found.teeth, found.wanted, found.entered) == (3, 18, 8)
        # Three of the eight sites that were probed; 17 and four sites of 15 were not looked at.
        assert (found.bleeding.count, found.bleeding.n) == (3, 8)
        assert found.bleeding.percent == 37.5
        assert found.plaque is None
        assert (found.medium.count, found.deep.count) == (2, 1)
        assert found.depth.mm == (4 + 3 + 6 + 5 + 2 + 3 + 2 + 2) / 8
        assert (found.loss.total, found.loss.n) == (4 + 3 + 7 + 5 + 3, 5)
        assert found.deepest == 6

    def test_nobody_looked(self) -> None:
        found = indices(Exam({11: ToothReading(11)}))
        assert found.bleeding.percent is None
        assert found.depth.mm is None
        assert found.deepest is None

    def test_a_mark_of_plaque_says_that_plaque_was_looked_for(self) -> None:
        from clinic_desktop.domain.perio.exam import Cell

        exam = Exam({11: reading(11, (2,) * 6)})
        exam = exam.with_value(Cell(11, Measure.PLAQUE, Site.B), True)
        share = indices(exam).plaque
        assert share is not None
        assert (share.count, share.n) == (1, 6)
