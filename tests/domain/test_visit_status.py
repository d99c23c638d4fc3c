"""Which step of a visit follows which."""

import itertools

from clinic_desktop.domain.visit_status import COURSE, KEYS, NOT_BLOCKING, VisitStatus, before, word

S = VisitStatus


class TestSteps:
    def test_each_step_of_the_course_follows_the_one_before(self) -> None:
        for earlier, later in itertools.pairwise(COURSE):
            assert earlier in before(later)

    def test_every_step_can_be_taken_back(self) -> None:
        for to in KEYS.values():
            for earlier in before(to):
                assert to in before(earlier, back=True), (earlier, to)

    def test_done_and_cancelled_are_ends(self) -> None:
        for to in S:
            assert S.CANCELLED not in before(to)
            assert S.DONE not in before(to)

    def test_what_does_not_happen_blocks_nothing(self) -> None:
        assert {S.CANCELLED, S.MISSED, S.RESCHEDULED} == NOT_BLOCKING

    def test_words(self) -> None:
        assert [word(status) for status in S] == [
            "not confirmed",
            "confirmed",
            "arrived",
            "in the chair",
            "done",
            "missed",
            "cancelled",
            "moved to another time",
        ]
