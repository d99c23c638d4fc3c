"""A completion taken back sets the recall back that it had advanced, in the same transaction."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import NotAllowedError
from clinic_desktop.models import Recall
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls import types
from clinic_desktop.services.recalls.schemas import RecallChange, RecallTypeValues
from tests.services.test_chart_undo import mouth

__all__ = ["mouth"]
BEFORE = date(2025, 1, 10)


@pytest.fixture
def kind(mouth, signed_in):
    """A recall every six months that the treatment completes."""
    made = new_id()
    with signed_in.writing() as ctx:
        values = RecallTypeValues(
            code="HYG", name="Hygiene", every=6, unit="month", treatment_ids=(mouth.treatment,)
        )
        types.add_type(ctx, made, values)
    return made


@pytest.fixture
def known(mouth, kind, make):
    """The recall as it was before: last done and due long ago."""
    return make.row(Recall, id=new_id(), patient_id=mouth.patient, recall_type_id=kind,
                    last_on=BEFORE, due_on=date(2025, 7, 1))  # fmt: skip


def dates(mouth) -> list[tuple]:
    with mouth.dentist.reading() as ctx:
        found = recalls.recalls_of(ctx, mouth.patient)
    return [(row.last_on, row.due_on) for row in found]


def work(mouth):
    (item,) = mouth.add(mouth.work("done"))
    mouth.complete(item)
    return item


class TestSetBack:
    def test_last_and_due_are_those_from_before(self, mouth, known) -> None:
        item = work(mouth)
        assert dates(mouth)[0][0] != BEFORE
        mouth.take_back(item)
        assert dates(mouth) == [(BEFORE, date(2025, 7, 1))]

    def test_one_that_began_with_it_waits_for_a_first_time_again(self, mouth, kind) -> None:
        item = work(mouth)
        (begun,) = dates(mouth)
        mouth.take_back(item)
        assert dates(mouth) == [(None, None)]
        mouth.complete(item)
        assert dates(mouth) == [begun]

    def test_other_work_of_the_day_keeps_it_until_it_is_taken_back_as_well(
        self, mouth, known
    ) -> None:
        first, second = work(mouth), work(mouth)
        advanced = dates(mouth)
        mouth.take_back(first)
        assert dates(mouth) == advanced
        mouth.take_back(second)
        assert dates(mouth) == [(BEFORE, date(2025, 7, 1))]

    def test_a_due_date_set_by_hand_since_stays(self, mouth, known, signed_in) -> None:
        item = work(mouth)
        with signed_in.writing() as ctx:
            (row,) = recalls.recalls_of(ctx, mouth.patient)
            wanted = row.due_on + timedelta(days=9)
            recalls.change_recall(ctx, RecallChange(id=row.id, version=row.version,
                                                    every=None, due_on=wanted))  # fmt: skip
        mouth.take_back(item)
        assert dates(mouth) == [(BEFORE, wanted)]

    def test_work_that_no_recall_waits_for_changes_none(self, mouth, known, make) -> None:
        other = make.treatment("RST-031")
        before = dates(mouth)
        item = mouth.work("done").model_copy(update={"treatment_id": other})
        mouth.add(item)
        mouth.complete(item.id)
        mouth.take_back(item.id)
        assert dates(mouth) == before

    def test_the_log_of_recalls_is_read_by_who_may_reverse_alone(self, mouth, sign_in) -> None:
        read = text("SELECT * FROM read_recall_log(:clinic, :patient)")
        with pytest.raises(NotAllowedError), sign_in("u_hygienist").reading() as ctx:
            ctx.connection.execute(read, {"clinic": ctx.clinic_id, "patient": mouth.patient})
