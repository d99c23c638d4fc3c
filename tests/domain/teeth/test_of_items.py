"""From chart entries to the picture: what is there, what is gone, what nobody has looked at."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.teeth.chart import MarkStatus, ToothState
from clinic_desktop.domain.teeth.of_items import age_months, chart_of_items, settled

BORN = date(1984, 9, 3)
TODAY = date(2026, 3, 12)
THEN = date(2023, 11, 14)


@dataclass
class Entry:
    tooth: int | None
    code: str
    status: str = "condition"
    surfaces: str = ""
    detail: str = ""
    since: date = TODAY
    paint: str | None = None
    treatment: str | None = None
    id: UUID = field(default_factory=new_id)


def filling(fdi: int, surfaces: str = "MOD", status: str = "done", **more) -> Entry:
    return Entry(
        fdi, "RST-020", status, surfaces, paint="COMP", treatment="Composite filling", **more
    )


def extraction(fdi: int, status: str = "done", **more) -> Entry:
    return Entry(fdi, "SUR-010", status, paint="MISSING", treatment="Extraction, simple", **more)


EXAM = Entry(None, "EXM-010", "done", paint="", treatment="New patient examination")


def shown(*entries: Entry, born: date | None = BORN):
    return chart_of_items(entries, born=born, on=TODAY)


def state(fdi: int, *entries: Entry) -> ToothState:
    view = shown(*entries).view(fdi)
    assert view is not None
    return view.state


def marks(fdi: int, *entries: Entry) -> list[tuple[str, str]]:
    view = shown(*entries).view(fdi)
    assert view is not None
    return [(mark.status.value, mark.paint) for mark in view.marks]


class TestWhatNobodyLookedAt:
    def test_an_empty_chart_is_not_examined(self) -> None:
        assert shown().count(ToothState.NOT_EXAMINED) == 32

    def test_a_finding_shows_its_tooth_and_no_other(self) -> None:
        chart = shown(Entry(26, "I4", surfaces="O"))
        assert chart.count(ToothState.PRESENT) == 1
        assert chart.count(ToothState.NOT_EXAMINED) == 31

    @pytest.mark.parametrize("status", ["done", "existing", "elsewhere"])
    def test_an_examination_shows_all_teeth(self, status: str) -> None:
        chart = shown(Entry(None, "EXM-020", status, paint="", treatment="Recall examination"))
        assert chart.count(ToothState.PRESENT) == 32

    @pytest.mark.parametrize("status", ["planned", "referred", "in_progress"])
    def test_one_that_is_still_to_come_shows_none(self, status: str) -> None:
        exam = Entry(None, "EXM-020", status, paint="", treatment="Recall examination")
        assert shown(exam).count(ToothState.PRESENT) == 0

    def test_somebody_says_that_all_was_looked_at_or_one_tooth(self) -> None:
        assert shown(Entry(None, "EXAMINED")).count(ToothState.PRESENT) == 32
        assert shown(Entry(None, "EXAMINED")).mouth == ()
        one = shown(Entry(16, "EXAMINED"))
        assert one.count(ToothState.PRESENT) == 1
        assert one.view(16).marks == ()

    def test_a_planned_implant_does_not_show_a_tooth(self) -> None:
        planned = Entry(36, "IMP-010", "planned", paint="IMPLANT", treatment="Implant placement")
        assert state(36, planned) is ToothState.NOT_EXAMINED
        assert state(36, filling(36, status="planned")) is ToothState.PRESENT


class TestStates:
    @pytest.mark.parametrize(
        ("code", "wanted"),
        [
            ("MISSING", ToothState.MISSING),
            ("UNERUPT", ToothState.UNERUPTED),
            ("IMPACT", ToothState.IMPACTED),
            ("RETROOT", ToothState.ROOT),
        ],
    )
    def test_a_code_sets_the_state_and_is_no_mark(self, code: str, wanted: ToothState) -> None:
        assert state(38, EXAM, Entry(38, code)) is wanted
        assert marks(38, Entry(38, code)) == []

    def test_only_an_extraction_that_was_done_takes_the_tooth(self) -> None:
        assert state(38, EXAM, extraction(38, "planned")) is ToothState.PRESENT
        assert marks(38, EXAM, extraction(38, "planned")) == [("planned", "MISSING")]
        assert state(38, EXAM, extraction(38)) is ToothState.MISSING

    def test_what_was_on_a_lost_tooth_is_gone_and_what_replaces_it_stays(self) -> None:
        pontic = Entry(36, "BR_PONT", "existing")
        assert marks(36, filling(36), Entry(36, "I5", surfaces="O"), pontic, extraction(36)) == [
            ("existing", "BR_PONT")
        ]

    def test_an_implant_in_the_gap(self) -> None:
        gap = extraction(36, since=THEN)
        implant = Entry(36, "IMP-010", "done", paint="IMPLANT", treatment="Implant placement")
        assert state(36, gap, implant) is ToothState.IMPLANT
        assert marks(36, filling(36, since=THEN), gap, implant) == [("done", "IMPLANT")]

    def test_a_crown_on_an_implant_tells_of_the_implant(self) -> None:
        crown = Entry(25, "ABUT_IMP", "elsewhere")
        assert state(25, crown) is ToothState.IMPLANT
        assert marks(25, crown) == [("elsewhere", "ABUT_IMP")]

    def test_the_latest_state_counts(self) -> None:
        late = Entry(38, "PARTERUPT")
        assert state(38, Entry(38, "UNERUPT", since=THEN), late) is ToothState.PARTLY_ERUPTED


class TestAnswered:
    CARIES = Entry(36, "CARIES", surfaces="MO", since=THEN)

    @pytest.mark.parametrize(
        ("work", "left"),
        [
            (filling(36, "MOD"), False),
            (filling(36, "O"), True),
            (filling(36, "MOD", "planned"), True),
            (filling(36, "MOD", "elsewhere"), False),
            (filling(36, "MOD", "existing", since=THEN), True),
            (Entry(36, "RST-070", "done", paint="CROWN", treatment="Crown, ceramic"), False),
            (Entry(36, "END-060", "done", paint="RCT", treatment="Root canal"), True),
        ],
    )
    def test_caries_until_work_covers_it(self, work: Entry, left: bool) -> None:
        assert (("condition", "CARIES") in marks(36, self.CARIES, work)) is left
        assert (self.CARIES.id not in settled([self.CARIES, work])) is left

    def test_two_fillings_together_cover_it(self) -> None:
        assert marks(36, self.CARIES, filling(36, "M"), filling(36, "O")) == [
            ("done", "COMP"),
            ("done", "COMP"),
        ]

    def test_caries_beside_an_older_filling_stays(self) -> None:
        entries = [filling(36, "MO", since=THEN), Entry(36, "CARIES_SEC", surfaces="M")]
        assert ("condition", "CARIES_SEC") in marks(36, *entries)

    def test_pulpitis_until_the_canal_is_filled(self) -> None:
        pulpitis = Entry(36, "PULPITIS_IRREV", since=THEN)
        canal = Entry(36, "END-060", "done", paint="RCT", treatment="Root canal")
        assert marks(36, pulpitis, filling(36)) == [
            ("condition", "PULPITIS_IRREV"),
            ("done", "COMP"),
        ]
        assert marks(36, pulpitis, canal) == [("done", "RCT")]


class TestMilkTeeth:
    CHILD = date(2017, 3, 1)  # nine years and eleven days

    def test_a_child_shows_what_has_usually_come(self) -> None:
        chart = shown(EXAM, born=self.CHILD)
        assert chart.view(16).state is ToothState.PRESENT
        assert chart.view(55).state is ToothState.PRESENT
        # It comes at twelve: an examination now does not say that it is there.
        assert chart.view(17).state is ToothState.NOT_EXAMINED

    def test_what_came_after_the_examination_was_not_looked_at(self) -> None:
        exam = Entry(None, "EXAMINED", since=date(2021, 3, 1))
        chart = shown(exam, born=self.CHILD)
        assert chart.view(55).state is ToothState.PRESENT
        assert chart.view(16).state is ToothState.NOT_EXAMINED

    def test_a_successor_seen_takes_the_place_of_a_milk_tooth_nobody_wrote_about(self) -> None:
        chart = shown(filling(15, "O"), born=self.CHILD)
        assert chart.view(55) is None
        assert chart.view(15).state is ToothState.PRESENT

    def test_a_milk_tooth_kept_by_an_adult(self) -> None:
        chart = shown(EXAM, filling(75, "O"))
        assert chart.view(75).state is ToothState.PRESENT
        assert chart.view(35).state is ToothState.NOT_EXAMINED

    def test_a_supernumerary_tooth_is_a_tooth(self) -> None:
        assert shown(Entry(118, "CARIES", surfaces="O")).view(118).state is ToothState.PRESENT

    def test_an_unknown_birth_date_is_an_adult(self) -> None:
        assert shown(EXAM, born=None).count(ToothState.PRESENT) == 32


def test_labels_are_those_of_the_price_list_or_the_vocabulary() -> None:
    view = shown(filling(36), Entry(36, "CRACK")).view(36)
    assert [mark.label for mark in view.marks] == ["Composite filling", "cracked tooth"]
    assert view.marks[0].status is MarkStatus.DONE


@pytest.mark.parametrize(
    ("born", "months"), [(date(2026, 3, 12), 0), (date(2026, 2, 13), 0), (date(2025, 3, 12), 12),
                         (date(2027, 1, 1), 0)],
)  # fmt: skip
def test_age_in_months(born: date, months: int) -> None:
    assert age_months(born, TODAY) == months
