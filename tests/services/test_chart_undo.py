"""Taking back and doing again by the change log, completions taken back, what was known when."""

from datetime import date, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import (
    ClinicError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.chart.complete import complete_visit
from clinic_desktop.services.chart.known import known_history
from clinic_desktop.services.chart.schemas import Completion, NewChartItem, Uncompletion
from clinic_desktop.services.chart.uncomplete import uncomplete
from clinic_desktop.services.chart.undo import redo, undo
from clinic_desktop.services.chart.visit import completion_sheet
from clinic_desktop.services.inventory import service as inventory
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.services.treatments.schemas import Material
from tests.services.waiting_locks import until_waiting


@pytest.fixture
def mouth(signed_in, sign_in, make):
    """A patient, a dentist, and the chart between them."""

    class Mouth:
        dentist = sign_in("u_dentist")
        patient = make.patient()
        provider = make.provider(login="u_dentist")
        treatment = make.treatment()
        product = make.product(counted=5)

        def item(self, code="CARIES", tooth=36, **values) -> NewChartItem:
            return NewChartItem(
                id=new_id(),
                kind=values.pop("kind", "condition"),
                code=code,
                tooth=tooth,
                surfaces=values.pop("surfaces", ""),
                status=values.pop("status", "condition"),
                **values,
            )

        def work(self, status="planned", **values) -> NewChartItem:
            return self.item(
                values.pop("code", "RST-030"), values.pop("tooth", 36), kind="procedure",
                status=status, treatment_id=self.treatment, provider_id=self.provider,
                surfaces="MOD", fee=14000, **values,
            )  # fmt: skip

        def add(self, *items, act=None, who=None):
            with (who or self.dentist).writing() as ctx:
                chart.add(ctx, self.patient, items, act=act)
            return [item.id for item in items]

        def act(self, call, *more, who=None):
            with (who or self.dentist).writing() as ctx:
                return call(ctx, self.patient, *more)

        def codes(self) -> list[str]:
            with self.dentist.reading() as ctx:
                return sorted(row.code for row in chart.chart_of(ctx, self.patient).items)

        def complete(self, *ids, **more):
            with self.dentist.writing() as ctx:
                return complete_visit(
                    ctx, Completion(act=new_id(), patient_id=self.patient, item_ids=ids, **more)
                )

        def take_back(self, item_id, who=None):
            asked = Uncompletion(
                act=new_id(), patient_id=self.patient, item_id=item_id, reason="Wrong patient"
            )
            with (who or self.dentist).writing() as ctx:
                return uncomplete(ctx, asked)

        def balance(self) -> int:
            with signed_in.reading() as ctx:
                return billing.ledger(ctx, self.patient).balance

        def stock(self) -> int:
            with signed_in.reading() as ctx:
                return {row.id: row.quantity for row in inventory.products(ctx)}[self.product]

    made = Mouth()
    with signed_in.writing() as ctx:
        treatments.set_materials(
            ctx, made.treatment, (Material(product_id=made.product, quantity=1),)
        )
    made.dentist.refresh_who()
    return made


class TestUndo:
    def test_the_log_remembers_act_after_act(self, mouth) -> None:
        mouth.add(mouth.item("CARIES"), mouth.item("CRACK"))
        mouth.add(mouth.item("MOB", 41, detail="2"))
        undone = mouth.act(undo)
        assert [(row.code, row.detail) for row in undone.items] == [("MOB", "2")]
        assert mouth.codes() == ["CARIES", "CRACK"]
        mouth.act(undo)
        assert mouth.codes() == []
        with pytest.raises(NotFoundError):
            mouth.act(undo)
        mouth.act(redo)
        assert mouth.codes() == ["CARIES", "CRACK"]
        mouth.act(redo)
        assert mouth.codes() == ["CARIES", "CRACK", "MOB"]
        with pytest.raises(NotFoundError):
            mouth.act(redo)
        mouth.act(undo)
        mouth.act(undo)
        assert mouth.codes() == []

    def test_something_new_ends_what_could_be_done_again(self, mouth) -> None:
        mouth.add(mouth.item("CARIES"))
        mouth.act(undo)
        mouth.add(mouth.item("CRACK"))
        with pytest.raises(NotFoundError):
            mouth.act(redo)

    def test_what_was_ended_and_dated_goes_back_as_it_was(self, mouth) -> None:
        (item,) = mouth.add(mouth.item("CARIES", since=date(2020, 5, 1)))
        with mouth.dentist.writing() as ctx:
            version = chart.end(ctx, item, 1)
            chart.change_day(ctx, item, version, date(2019, 1, 1))
        mouth.act(undo)
        mouth.act(undo)
        with mouth.dentist.reading() as ctx:
            (row,) = chart.history_of(ctx, mouth.patient).items
        assert (row.since, row.until) == (date(2020, 5, 1), None)

    def test_what_ended_did_not_begin_later(self, mouth) -> None:
        (item,) = mouth.add(mouth.item("CARIES", since=date(2020, 5, 1)))
        ended = text(
            "UPDATE chart_item SET until = '2021-03-02', version = version + 1 WHERE id = :i"
        )
        with mouth.dentist.writing() as ctx:
            ctx.connection.execute(ended, {"i": item})
        with mouth.dentist.writing() as ctx, pytest.raises(InvalidError, match="ended on") as told:
            chart.change_day(ctx, item, 2, date(2021, 3, 3))
        assert told.value.field == "since"
        with mouth.dentist.writing() as ctx:
            assert chart.change_day(ctx, item, 2, date(2021, 3, 2)) == 3

    def test_what_was_taken_back_comes_back(self, mouth) -> None:
        items = mouth.add(mouth.item("CARIES"), mouth.item("CRACK"))
        with mouth.dentist.writing() as ctx:
            chart.withdraw(ctx, items)
        assert mouth.codes() == []
        mouth.act(undo)
        assert mouth.codes() == ["CARIES", "CRACK"]

    def test_nobody_takes_back_what_others_did(self, mouth, sign_in, make) -> None:
        other = sign_in("u_hygienist")
        mouth.add(mouth.item("CARIES"), who=other)
        with pytest.raises(NotFoundError):
            mouth.act(undo)
        mouth.act(undo, who=other)
        assert mouth.codes() == []

    def test_what_somebody_changed_since_is_not_taken_back(self, mouth, sign_in) -> None:
        (item,) = mouth.add(mouth.item("CARIES"))
        hygienist = sign_in("u_hygienist")
        with hygienist.writing() as ctx:
            chart.end(ctx, item, 1)
        with pytest.raises(StaleError, match="Lena Björk changed this entry first"):
            mouth.act(undo)
        # Once they take their own back, it is as it was charted, and goes.
        mouth.act(undo, who=hygienist)
        mouth.act(undo)
        assert mouth.codes() == []

    def test_what_somebody_changed_since_is_not_done_again(self, mouth, sign_in) -> None:
        (item,) = mouth.add(mouth.item("CARIES"))
        mouth.act(undo)
        with sign_in("u_hygienist").writing() as ctx:
            ctx.connection.execute(
                text("UPDATE chart_item SET deleted_at = NULL, act = :act, version = version + 1"
                     " WHERE id = :id"), {"id": item, "act": f"a:{new_id().hex}"},
            )  # fmt: skip
        with pytest.raises(StaleError, match="Lena Björk"):
            mouth.act(redo)

    def test_while_both_are_at_it_one_is_told_who_was_first(self, mouth, sign_in) -> None:
        """Two connections at once: the one that waits for the other's entry is refused by name."""
        (item,) = mouth.add(mouth.item("CARIES"))
        hygienist = sign_in("u_hygienist")
        started, told = Event(), []

        def take_back() -> None:
            started.set()
            try:
                mouth.act(undo)
            except StaleError as error:
                told.append(str(error))

        with hygienist.writing() as ctx:
            chart.end(ctx, item, 1)
            other = Thread(target=take_back)
            other.start()
            started.wait()
            until_waiting(ctx)
        other.join()
        assert told == ["Lena Björk changed this entry first. The chart shows it as it is now."]
        assert mouth.codes() == []
        with mouth.dentist.reading() as ctx:
            (row,) = chart.history_of(ctx, mouth.patient).items
        assert row.until is not None

    def test_withdrawing_what_somebody_changed_since_it_was_seen(self, mouth, sign_in) -> None:
        first, second = mouth.add(mouth.item("CARIES"), mouth.item("CRACK"))
        with sign_in("u_hygienist").writing() as ctx:
            chart.change_day(ctx, second, 1, date(2019, 1, 1))
        seen = {first: 1, second: 1}
        with pytest.raises(StaleError, match="Lena Björk"), mouth.dentist.writing() as ctx:
            chart.withdraw(ctx, tuple(seen), seen=seen)
        # All of it or nothing.
        assert mouth.codes() == ["CARIES", "CRACK"]
        with mouth.dentist.writing() as ctx:
            chart.withdraw(ctx, tuple(seen), seen={first: 1, second: 2})
        assert mouth.codes() == []

    def test_completed_work_is_no_matter_of_undoing(self, mouth) -> None:
        (item,) = mouth.add(mouth.work("planned"))
        mouth.complete(item)
        with pytest.raises(ConflictError, match="completing"):
            mouth.act(undo)


class TestUncomplete:
    def test_charge_stock_and_plan_go_back_and_all_of_it_stays_in_the_books(self, mouth) -> None:
        first, second = mouth.add(mouth.work("planned"), mouth.work("planned", tooth=37))
        done = mouth.complete(first, second)
        assert (mouth.balance(), mouth.stock()) == (28000, 3)
        result = mouth.take_back(done.item_ids[0])
        assert (result.amount, result.returned) == (14000, 1)
        assert (mouth.balance(), mouth.stock()) == (14000, 4)
        with mouth.dentist.reading() as ctx:
            rows = {(row.tooth, row.status) for row in chart.chart_of(ctx, mouth.patient).items}
        assert rows == {(36, "planned"), (37, "done")}
        again = mouth.complete(first)
        assert (mouth.balance(), mouth.stock(), again.charged) == (28000, 3, 14000)

    def test_what_was_charted_as_done_waits_again(self, mouth) -> None:
        (item,) = mouth.add(mouth.work("done"))
        mouth.complete(item)
        mouth.take_back(item)
        with mouth.dentist.reading() as ctx:
            (row,) = chart.chart_of(ctx, mouth.patient).items
        assert row.waits_for_completion
        assert mouth.balance() == 0

    def test_twice_does_nothing_twice(self, mouth) -> None:
        (item,) = mouth.add(mouth.work("done"))
        mouth.complete(item)
        mouth.take_back(item)
        with pytest.raises(NotFoundError):
            mouth.take_back(item)
        assert (mouth.balance(), mouth.stock()) == (0, 5)

    def test_it_needs_the_right_also_in_the_database(self, mouth, sign_in) -> None:
        (item,) = mouth.add(mouth.work("done"))
        mouth.complete(item)
        with pytest.raises(NotAllowedError):
            mouth.take_back(item, who=sign_in("u_hygienist"))
        wiped = text("UPDATE chart_item SET done_at = NULL, version = version + 1 WHERE id = :id")
        with pytest.raises(ClinicError), sign_in("u_hygienist").writing() as ctx:
            ctx.connection.execute(wiped, {"id": item})

    def test_what_stands_on_an_invoice_stays(self, mouth, signed_in) -> None:
        from clinic_desktop.services.billing.schemas import NewInvoice

        (item,) = mouth.add(mouth.work("done"))
        mouth.complete(item)
        with signed_in.writing() as ctx:
            charges = billing.open_charges(ctx, mouth.patient)
            invoices.issue_invoice(
                ctx,
                NewInvoice(
                    id=new_id(),
                    patient_id=mouth.patient,
                    posting_ids=tuple(one.posting_id for one in charges),
                    bill_to="Somebody",
                ),
            )
        with pytest.raises(ConflictError, match="credit note"):
            mouth.take_back(item)
        assert mouth.balance() == 14000


class TestAsking:
    def test_work_on_a_missing_tooth_is_asked_about(self, mouth) -> None:
        mouth.add(mouth.item("MISSING", kind="state"))
        (crown,) = mouth.add(mouth.work("planned"))
        with mouth.dentist.reading() as ctx:
            (line,) = completion_sheet(ctx, mouth.patient).lines
        assert line.questions == ("36 is missing.",)
        with pytest.raises(ConflictError, match="36 is missing") as asked:
            mouth.complete(crown)
        assert asked.value.field == "asked"
        assert mouth.balance() == 0
        mouth.complete(crown, asked_ids=(crown,))
        assert mouth.balance() == 14000


class TestKnown:
    def test_when_it_was_true_and_when_we_knew_it_are_two_times(self, mouth) -> None:
        (item,) = mouth.add(mouth.item("AMAL", kind="procedure", status="existing", surfaces="O",
                                       since=date(2015, 1, 1)))  # fmt: skip
        with mouth.dentist.reading() as ctx:
            before = ctx.now
        with mouth.dentist.writing() as ctx:
            chart.change_day(ctx, item, 1, date(2010, 1, 1))
        with mouth.dentist.reading() as ctx:
            known = known_history(ctx, mouth.patient)
            now = ctx.now
        assert [row.since for row in known.at(now).items] == [date(2010, 1, 1)]
        assert [row.since for row in known.at(before).items] == [date(2015, 1, 1)]
        assert known.at(before).on(date(2012, 1, 1)) == ()
        assert len(known.at(now).on(date(2012, 1, 1))) == 1
        assert known.on(date(2014, 1, 1)).items == ()

    def test_what_was_taken_back_was_known_until_then(self, mouth) -> None:
        mouth.add(mouth.item("CARIES", surfaces="O"))
        with mouth.dentist.reading() as ctx:
            before = ctx.now
        mouth.act(undo)
        with mouth.dentist.reading() as ctx:
            known = known_history(ctx, mouth.patient)
        assert [row.code for row in known.at(before).items] == ["CARIES"]
        assert known.at(known.versions[-1].known_until + timedelta(seconds=1)).items == ()

    def test_a_removed_tooth_comes_back_before_its_extraction(self, mouth) -> None:
        mouth.add(mouth.item("COMP", 36, kind="procedure", status="existing", surfaces="O",
                             since=date(2012, 3, 1)))  # fmt: skip
        mouth.add(mouth.item("MISSING", 36, kind="state", since=date(2018, 6, 1),
                             detail="extracted"))  # fmt: skip
        from clinic_desktop.domain.teeth.of_items import chart_of_items

        with mouth.dentist.reading() as ctx:
            history = chart.history_of(ctx, mouth.patient)
        states = {
            day: chart_of_items(history.on(day), born=None, on=day).view(36).state.value
            for day in (date(2015, 1, 1), date(2018, 5, 31), date(2018, 6, 1), history.today)
        }
        assert list(states.values()) == ["present", "present", "missing", "missing"]

    def test_the_front_desk_reads_no_log_of_charts(self, mouth, sign_in) -> None:
        with pytest.raises(NotAllowedError), sign_in("u_front").reading() as ctx:
            known_history(ctx, mouth.patient)


class TestDays:
    @pytest.mark.parametrize(
        ("days", "status", "sentence"),
        [
            (1, "condition", "has not come"),
            (-3, "planned", "on its day"),
            (-60000, "existing", "long ago"),
        ],
    )
    def test_days_that_cannot_be(self, mouth, days, status, sentence) -> None:
        with mouth.dentist.reading() as ctx:
            day = chart.today(ctx) + timedelta(days=days)
        item = mouth.item("COMP", kind="procedure", status=status, surfaces="O", since=day)
        with pytest.raises(InvalidError, match=sentence) as refused:
            mouth.add(item)
        assert refused.value.field == "line"

    def test_the_database_refuses_the_future_as_well(self, mouth) -> None:
        insert = text(
            "INSERT INTO chart_item (clinic_id, id, patient_id, kind, code, status, since) "
            "VALUES (:clinic, :id, :patient, 'condition', 'CRACK', 'condition', '2100-01-01')"
        )
        keys = {"id": new_id(), "patient": mouth.patient}
        with pytest.raises(Exception, match="future"), mouth.dentist.writing() as ctx:
            ctx.connection.execute(insert, {"clinic": ctx.clinic_id, **keys})

    def test_a_person_has_no_teeth_of_a_dog(self, mouth) -> None:
        with pytest.raises(InvalidError, match="no tooth"):
            mouth.add(mouth.item("CRACK", 1108))

    def test_a_detail_that_says_nothing_of_this(self, mouth) -> None:
        with pytest.raises(InvalidError, match="banana"):
            mouth.add(mouth.item("MOB", 41, detail="banana"))
