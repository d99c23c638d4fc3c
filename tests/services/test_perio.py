"""Exams on a real clinic: typed, resumed, typed by two, decided, signed, and then frozen."""

from datetime import timedelta

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.perio.exam import Cell, Standing
from clinic_desktop.domain.perio.rules import Measure, Path
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.domain.perio.walk import Walk
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError, StaleError
from clinic_desktop.models import ChartItem
from clinic_desktop.services import patients
from clinic_desktop.services.perio import service as perio
from clinic_desktop.services.perio.reading import exams_of, proposal_of
from clinic_desktop.services.perio.schemas import (
    BackgroundValues,
    CellWrite,
    Decision,
    ExamChange,
    NewExam,
    StandingChange,
)
from clinic_desktop.services.timeline.service import timeline

D, G, F = Measure.DEPTH, Measure.MARGIN, Measure.FURCATION


def put(tooth: int, measure: Measure, place: int, value, before=None) -> CellWrite:
    return CellWrite(tooth=tooth, measure=measure, place=place, value=value, before=before)


@pytest.fixture
def mouth(make, sign_in):
    """A patient whose 18 is missing and 46 an implant, and a hygienist who examines."""

    class Mouth:
        hygienist, dentist = sign_in("u_hygienist"), sign_in("u_dentist")
        patient = make.patient()

        def __init__(self) -> None:
            today = self.dentist.clock.now().date() - timedelta(days=1)
            for code, tooth in (("MISSING", 18), ("IMPLANT", 46)):
                make.row(
                    ChartItem, patient_id=self.patient, kind="state", code=code, tooth=tooth,
                    status="condition", since=today,
                )  # fmt: skip
            self.exam = self.begin()

        def begin(self, who=None, **values):
            with (who or self.hygienist).writing() as ctx:
                new = NewExam(id=new_id(), patient_id=self.patient, **values)
                return perio.begin(ctx, new)

        def write(self, *cells, who=None, resume=None):
            with (who or self.hygienist).writing() as ctx:
                return perio.write(ctx, self.exam, cells, resume=resume)

        def read(self):
            with self.dentist.reading() as ctx:
                return exams_of(ctx, self.patient)

        @property
        def now(self):
            return next(one for one in self.read().exams if one.head.id == self.exam)

        def sign(self, who=None):
            version = self.now.head.version
            with (who or self.dentist).writing() as ctx:
                perio.sign(ctx, self.exam, version)

    return Mouth()


class TestBegin:
    def test_teeth_come_from_the_chart_of_today(self, mouth) -> None:
        exam = mouth.now.exam
        assert len(exam.teeth) == 32
        assert exam.teeth[18].standing is Standing.MISSING
        assert exam.teeth[46].standing is Standing.IMPLANT
        # Nobody has looked at 36: that is no reason not to probe it.
        assert exam.teeth[36].standing is Standing.THERE
        assert exam.wanted == 31 * 6
        assert exam.untouched

    def test_a_second_person_gets_the_exam_under_way(self, mouth) -> None:
        assert mouth.begin(mouth.dentist) == mouth.exam

    def test_the_front_desk_may_not(self, mouth, sign_in) -> None:
        with pytest.raises(NotAllowedError):
            mouth.begin(sign_in("u_front"))
        front = sign_in("u_front")
        with pytest.raises(NotAllowedError), front.reading() as ctx:
            exams_of(ctx, mouth.patient)

    def test_the_path_is_kept(self, mouth) -> None:
        version = mouth.now.head.version
        with mouth.hygienist.writing() as ctx:
            perio.change(ctx, mouth.exam, version, ExamChange(path=Path.FACIALS_FIRST))
        assert mouth.now.head.path is Path.FACIALS_FIRST


class TestTyping:
    def test_a_whole_mouth_site_by_site(self, mouth) -> None:
        cells = Walk(Path.RIGHT_LEFT, frozenset(one.tooth for one in mouth.now.exam.probed)).sites
        for number, cell in enumerate(cells[:48]):
            mouth.write(put(cell.tooth, D, cell.place, number % 10), resume=cells[number + 1])
        data = mouth.now
        assert [data.exam.value(cell) for cell in cells[:48]] == [n % 10 for n in range(48)]
        assert data.exam.entered == 48
        assert data.resume == cells[48]

    def test_sent_twice_is_once(self, mouth) -> None:
        cell = put(16, D, Site.MB, 5)
        mouth.write(cell)
        found = mouth.write(cell)
        assert found.clashes == ()
        assert mouth.now.exam.teeth[16].depth[Site.MB] == 5

    def test_the_last_key_on_a_cell_counts(self, mouth) -> None:
        mouth.write(put(16, D, 0, 5), put(16, D, 0, None, 5), put(16, D, 0, 7))
        assert mouth.now.exam.teeth[16].depth[0] == 7

    def test_two_people_in_one_tooth_but_other_sites(self, mouth) -> None:
        mouth.write(put(16, D, 0, 5))
        found = mouth.write(put(16, D, 1, 3), who=mouth.dentist)
        assert found.clashes == ()
        assert mouth.now.exam.teeth[16].depth[:2] == (5, 3)

    def test_two_people_in_one_cell_are_told(self, mouth) -> None:
        mouth.write(put(16, D, 0, 5), who=mouth.dentist)
        found = mouth.write(put(16, D, 0, 3), put(16, D, 1, 2))
        (clash,) = found.clashes
        assert (clash.write.value, clash.theirs) == (3, 5)
        # Theirs stands, and what did not clash is stored.
        assert mouth.now.exam.teeth[16].depth[:2] == (5, 2)

    @pytest.mark.parametrize(
        "cell",
        [put(16, D, 0, 99), put(16, D, 0, -1), put(16, G, 0, -10), put(15, F, 0, 1),
         put(16, Measure.MGJ, 4, 3), put(31, Measure.MOBILITY, 0, 4)],
    )  # fmt: skip
    def test_what_a_cell_cannot_hold(self, mouth, cell) -> None:
        with pytest.raises(InvalidError) as caught:
            mouth.write(put(17, D, 0, 3), cell)
        assert caught.value.field == "cell"
        # All of it or nothing.
        assert mouth.now.exam.untouched

    def test_flags_furcation_mobility_and_junction(self, mouth) -> None:
        mouth.write(
            put(16, Measure.BLEEDING, 2, True), put(16, Measure.PLAQUE, 2, True), put(16, F, 3, 2),
            put(16, Measure.MOBILITY, 0, 1), put(31, Measure.MGJ, 4, 6), put(31, G, 4, -2),
        )  # fmt: skip
        exam = mouth.now.exam
        assert exam.teeth[16].bleeding[2]
        assert exam.plaque_looked
        assert exam.teeth[16].furcation == (None, None, None, 2)
        assert exam.teeth[31].keratinised(Site.L) == 8

    def test_a_tooth_found_missing_at_the_chair(self, mouth) -> None:
        with mouth.hygienist.writing() as ctx:
            perio.stand(ctx, mouth.exam, StandingChange(tooth=28, standing=Standing.MISSING))
        assert mouth.now.exam.wanted == 30 * 6

    def test_margins_that_lie_at_the_junction(self, mouth) -> None:
        mouth.write(put(16, D, 0, 3), put(16, G, 1, 2), put(16, D, 1, 3))
        with mouth.hygienist.writing() as ctx:
            assert perio.zero_margins(ctx, mouth.exam) == 1
        assert mouth.now.exam.teeth[16].margin == (0, 2, None, None, None, None)

    def test_one_entry_in_the_log_for_each_key(self, mouth) -> None:
        def entries() -> int:
            with mouth.hygienist.reading() as ctx:
                return int(
                    ctx.connection.exec_driver_sql("SELECT max(seq) FROM change_log").scalar_one()
                )

        before = entries()
        mouth.write(put(16, D, 0, 3), resume=Cell(16, D, 1))
        assert entries() == before + 1


class TestDecision:
    @pytest.fixture
    def ill(self, mouth):
        cells = [
            put(tooth, measure, site, value)
            for tooth in (16, 36)
            for site in Site
            for measure, value in ((D, 4), (G, 0))
        ]
        mouth.write(*cells)
        return mouth

    def decide(self, mouth, **values) -> None:
        version = mouth.now.head.version
        with mouth.dentist.writing() as ctx:
            perio.decide(ctx, mouth.exam, version, Decision(**values))

    def test_as_proposed(self, ill) -> None:
        every = ill.read()
        found = proposal_of(ill.now, every.exams, every.born)
        assert found.text == "2 B generalized"
        self.decide(ill, stage="2", grade="B", extent="generalized")
        head = ill.now.head
        assert (head.stage, head.proposed, head.reason) == ("2", "2 B generalized", "")

    def test_otherwise_needs_a_reason(self, ill) -> None:
        with pytest.raises(InvalidError) as caught:
            self.decide(ill, stage="3", grade="C", extent="localized")
        assert caught.value.field == "reason"
        self.decide(ill, stage="3", grade="C", extent="localized", reason="Bone in radiographs")
        assert ill.now.head.reason == "Bone in radiographs"

    def test_no_stage_without_a_grade(self, ill) -> None:
        with pytest.raises(InvalidError):
            self.decide(ill, stage="3", reason="x")

    def test_what_else_is_known_changes_the_proposal(self, ill) -> None:
        version = ill.now.head.version
        with ill.hygienist.writing() as ctx:
            perio.tell(
                ctx,
                ill.exam,
                version,
                BackgroundValues(smoking="heavy", complexity=("masticatory",)),
            )
        every = ill.read()
        assert proposal_of(ill.now, every.exams, every.born).text == "4 C generalized"


class TestSigning:
    def test_nothing_entered_is_not_signed(self, mouth) -> None:
        with pytest.raises(InvalidError):
            mouth.sign()

    def test_an_assistant_does_not_sign(self, mouth, sign_in) -> None:
        mouth.write(put(16, D, 0, 3))
        with pytest.raises(NotAllowedError):
            mouth.sign(sign_in("u_assistant"))

    def test_frozen(self, mouth) -> None:
        mouth.write(put(16, D, 0, 3))
        mouth.sign()
        with pytest.raises(ConflictError, match="signed"):
            mouth.write(put(16, D, 0, 4, 3))
        head = mouth.now.head
        assert (head.signed, head.signer) == (True, "Dr Amara Nwosu")
        with pytest.raises(ConflictError), mouth.dentist.writing() as ctx:
            perio.change(ctx, mouth.exam, head.version, ExamChange(remark="later"))
        with pytest.raises(ConflictError), mouth.dentist.writing() as ctx:
            perio.discard(ctx, mouth.exam, head.version)
        # The next one is another exam.
        assert mouth.begin() != mouth.exam

    def test_changed_meanwhile(self, mouth) -> None:
        mouth.write(put(16, D, 0, 3))
        version = mouth.now.head.version
        with mouth.hygienist.writing() as ctx:
            perio.change(ctx, mouth.exam, version, ExamChange(remark="x"))
        with pytest.raises(StaleError), mouth.dentist.writing() as ctx:
            perio.sign(ctx, mouth.exam, version)

    def test_discarded_and_brought_back(self, mouth) -> None:
        mouth.write(put(16, D, 0, 3))
        version = mouth.now.head.version
        with mouth.hygienist.writing() as ctx:
            after = perio.discard(ctx, mouth.exam, version)
        assert mouth.read().exams == ()
        with pytest.raises(ConflictError, match="discarded"):
            mouth.write(put(16, D, 1, 3))
        with mouth.hygienist.writing() as ctx:
            perio.bring_back(ctx, mouth.exam, after)
        assert mouth.now.exam.teeth[16].depth[0] == 3

    def test_on_the_timeline(self, mouth) -> None:
        mouth.write(put(16, D, 0, 3))

        def events() -> list[str]:
            with mouth.dentist.reading() as ctx:
                page = timeline(ctx, mouth.patient)
            return [one.event for one in page.entries if one.kind == "perio"]

        assert events() == ["begun"]
        mouth.sign()
        assert events() == ["signed"]


class TestMerging:
    def test_exams_move_with_their_teeth(self, mouth, make, signed_in) -> None:
        mouth.write(put(16, D, 0, 3))
        mouth.sign()
        survivor = make.patient(given="Ines")
        with signed_in.writing() as ctx:
            patients.merge(ctx, id=new_id(), survivor_id=survivor, merged_id=mouth.patient)
        with mouth.dentist.reading() as ctx:
            (moved,) = exams_of(ctx, survivor).exams
        assert moved.exam.teeth[16].depth[0] == 3
        assert moved.head.signed


class TestExtraTeeth:
    def test_recorded_in_the_chart_they_are_probed(self, mouth, make) -> None:
        make.row(
            ChartItem, patient_id=mouth.patient, kind="condition", code="CARIES", tooth=116,
            status="condition", since=mouth.dentist.clock.now().date() - timedelta(days=1),
        )  # fmt: skip
        version = mouth.now.head.version
        with mouth.hygienist.writing() as ctx:
            perio.discard(ctx, mouth.exam, version)
        mouth.exam = mouth.begin()
        assert mouth.now.exam.wanted == 32 * 6
        mouth.write(put(116, D, Site.MB, 7), resume=Cell(116, D, Site.B))
        assert mouth.now.exam.teeth[116].depth[Site.MB] == 7
        assert mouth.now.resume == Cell(116, D, Site.B)

    def test_found_while_probing_they_are_added(self, mouth) -> None:
        for _twice in range(2):
            with mouth.hygienist.writing() as ctx:
                perio.stand(ctx, mouth.exam, StandingChange(tooth=136, standing=Standing.THERE))
        assert mouth.now.exam.teeth[136].standing is Standing.THERE
        with pytest.raises(InvalidError, match="no such place"):
            mouth.write(put(136, F, 0, 1))

    def test_of_one_that_was_taken_out_there_is_no_column(self, mouth, make) -> None:
        make.row(
            ChartItem, patient_id=mouth.patient, kind="state", code="MISSING", tooth=116,
            status="condition", since=mouth.dentist.clock.now().date() - timedelta(days=1),
        )  # fmt: skip
        version = mouth.now.head.version
        with mouth.hygienist.writing() as ctx:
            perio.discard(ctx, mouth.exam, version)
        mouth.exam = mouth.begin()
        assert 116 not in mouth.now.exam.teeth

    def test_of_an_animal_there_is_no_exam(self, mouth, make) -> None:
        dog = make.patient(given="Rex", species="dog")
        new = NewExam(id=new_id(), patient_id=dog)
        with pytest.raises(InvalidError, match="people’s teeth"), mouth.hygienist.writing() as ctx:
            perio.begin(ctx, new)


class TestImplants:
    @pytest.mark.parametrize("cell", [put(46, F, 0, 1), put(46, Measure.MOBILITY, 0, 2)])
    def test_have_no_furcation_and_no_grade_of_mobility(self, mouth, cell) -> None:
        with pytest.raises(InvalidError, match="46 is an implant") as caught:
            mouth.write(cell)
        assert caught.value.field == "cell"
        mouth.write(put(46, D, 0, 5))
        assert mouth.now.exam.teeth[46].depth[0] == 5

    def test_what_was_entered_of_the_tooth_before_may_be_taken_out(self, mouth) -> None:
        mouth.write(put(36, Measure.MOBILITY, 0, 2))
        with mouth.hygienist.writing() as ctx:
            perio.stand(ctx, mouth.exam, StandingChange(tooth=36, standing=Standing.IMPLANT))
        mouth.write(put(36, Measure.MOBILITY, 0, None, 2))
        assert mouth.now.exam.teeth[36].mobility is None


class TestTwoPeople:
    """What somebody else changed since is not taken back, and they are named."""

    def test_a_cell_that_somebody_refilled_is_not_taken_out(self, mouth) -> None:
        mouth.write(put(16, D, 0, 5))
        mouth.write(put(16, D, 0, 7, 5), who=mouth.dentist)
        found = mouth.write(put(16, D, 0, None, 5))
        assert [(one.theirs, one.who) for one in found.clashes] == [(7, "Dr Amara Nwosu")]
        assert mouth.now.exam.teeth[16].depth[0] == 7

    def test_who_filled_the_same_tooth_elsewhere_is_not_blamed(self, mouth, sign_in) -> None:
        mouth.write(put(16, D, 0, 5))
        mouth.write(put(16, D, 0, 7, 5), who=mouth.dentist)
        mouth.write(put(16, D, 1, 3), who=sign_in("u_dentist2"))
        mouth.write(put(16, Measure.MOBILITY, 0, 1), who=sign_in("u_dentist2"))
        (clash,) = mouth.write(put(16, D, 0, None, 5)).clashes
        assert clash.who == "Dr Amara Nwosu"
        (clash,) = mouth.write(put(16, Measure.MOBILITY, 0, 2)).clashes
        assert clash.who == "Dr Tomás Echeverría"

    def test_an_exam_that_somebody_typed_into_is_not_discarded_unseen(self, mouth) -> None:
        mouth.write(put(16, D, 0, 5))
        seen = mouth.now
        mouth.write(put(17, D, 0, 7), who=mouth.dentist)
        with pytest.raises(StaleError, match="Dr Amara Nwosu"), mouth.hygienist.writing() as ctx:
            perio.discard(ctx, mouth.exam, seen.head.version, seen.exam)
        seen = mouth.now
        with mouth.hygienist.writing() as ctx:
            perio.discard(ctx, mouth.exam, seen.head.version, seen.exam)
        assert mouth.read().exams == ()

    def test_nor_signed_unseen(self, mouth) -> None:
        mouth.write(put(16, D, 0, 5))
        seen = mouth.now
        mouth.write(put(17, D, 0, 7))
        with pytest.raises(StaleError, match="Lena Björk"), mouth.dentist.writing() as ctx:
            perio.sign(ctx, mouth.exam, seen.head.version, seen.exam)

    def test_what_somebody_brought_back_is_not_brought_back_again(self, mouth) -> None:
        version = mouth.now.head.version
        with mouth.hygienist.writing() as ctx:
            after = perio.discard(ctx, mouth.exam, version)
        with mouth.dentist.writing() as ctx:
            perio.bring_back(ctx, mouth.exam, after)
        with pytest.raises(StaleError, match="Dr Amara Nwosu"), mouth.hygienist.writing() as ctx:
            perio.bring_back(ctx, mouth.exam, after)

    def test_what_is_said_of_an_exam_names_who_said_it_first(self, mouth) -> None:
        version = mouth.now.head.version
        with mouth.dentist.writing() as ctx:
            perio.change(ctx, mouth.exam, version, ExamChange(remark="x"))
        with pytest.raises(StaleError, match="Dr Amara Nwosu"), mouth.hygienist.writing() as ctx:
            perio.change(ctx, mouth.exam, version, ExamChange(remark="y"))
