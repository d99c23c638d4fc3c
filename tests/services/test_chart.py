"""The chart over time, and completing a visit: teeth, charge and stock in one act."""

from datetime import UTC, datetime, time, timedelta
from threading import Thread

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError, StaleError
from clinic_desktop.models import AppointmentTreatment
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.chart.complete import complete_visit
from clinic_desktop.services.chart.schemas import Completion, NewChartItem
from clinic_desktop.services.chart.undo import undo
from clinic_desktop.services.chart.visit import completion_sheet, open_chart
from clinic_desktop.services.inventory import service as inventory
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.services.treatments.schemas import Material
from tests.services.waiting_locks import until_waiting


@pytest.fixture
def visit(signed_in, sign_in, make):
    """A patient in the chair with a planned composite that uses one cartridge."""

    class Visit:
        dentist = sign_in("u_dentist")
        patient = make.patient()
        provider = make.provider(login="u_dentist")
        treatment = make.treatment()
        product = make.product(counted=3)
        appointment = make.appointment(patient, provider)

        def add(self, status: str = "planned", **values):
            item = NewChartItem(
                id=new_id(),
                kind=values.pop("kind", "procedure"),
                code=values.pop("code", "RST-030"),
                tooth=values.pop("tooth", 36),
                surfaces=values.pop("surfaces", "MOD"),
                status=status,
                treatment_id=values.pop("treatment_id", self.treatment),
                provider_id=self.provider,
                **values,
            )
            with self.dentist.writing() as ctx:
                chart.add(ctx, self.patient, [item])
            return item.id

        def complete(self, *items, act=None, booked=()):
            with self.dentist.writing() as ctx:
                return complete_visit(
                    ctx,
                    Completion(
                        act=act or new_id(),
                        patient_id=self.patient,
                        item_ids=items,
                        booked_ids=booked,
                        appointment_id=self.appointment,
                    ),
                )

        def chart(self, **when):
            with self.dentist.reading() as ctx:
                return chart.chart_of(ctx, self.patient, **when)

    made = Visit()
    with signed_in.writing() as ctx:
        treatments.set_materials(
            ctx, made.treatment, (Material(product_id=made.product, quantity=1),)
        )
    made.dentist.refresh_who()
    return made


class TestChart:
    def test_nobody_has_looked(self, visit) -> None:
        assert not visit.chart().examined

    def test_finding_is_charted_and_withdrawn(self, visit) -> None:
        item = visit.add("condition", kind="condition", code="CARIES", treatment_id=None)
        assert [row.code for row in visit.chart().items] == ["CARIES"]
        assert visit.chart().examined
        with visit.dentist.writing() as ctx:
            chart.withdraw(ctx, [item])
        assert visit.chart().items == ()
        with visit.dentist.writing() as ctx:
            undo(ctx, visit.patient)
        assert [row.id for row in visit.chart().items] == [item]

    @pytest.mark.parametrize(("tooth", "surfaces"), [(11, "O"), (19, ""), (None, "M")])
    def test_what_does_not_exist(self, visit, tooth, surfaces) -> None:
        with pytest.raises(InvalidError) as refused:
            visit.add(tooth=tooth, surfaces=surfaces)
        assert refused.value.field == "line"

    def test_front_desk_sees_no_chart(self, visit, sign_in) -> None:
        with pytest.raises(NotAllowedError), sign_in("u_front").reading() as ctx:
            chart.chart_of(ctx, visit.patient)


class TestComplete:
    def test_everything_in_one_act(self, visit, signed_in) -> None:
        planned = visit.add("planned")
        charted = visit.add("done", tooth=33, surfaces="B5")
        done = visit.complete(planned, charted)
        assert (done.charged, done.shortages) == (28000, ())
        rows = {row.tooth: row for row in visit.chart().items}
        assert {row.status for row in rows.values()} == {"done"}
        assert rows[36].fulfils_id == planned
        assert not any(row.waits_for_completion for row in rows.values())
        with signed_in.reading() as ctx:
            account = billing.ledger(ctx, visit.patient)
            work = {(line.tooth, line.surfaces, line.text) for line in account.lines}
            assert work == {
                (36, "MOD", "Composite, 3 surfaces"),
                (33, "B5", "Composite, 3 surfaces"),
            }
            assert account.balance == 28000
            left = {row.id: row.quantity for row in inventory.products(ctx)}
            status = ctx.connection.execute(
                text("SELECT status FROM appointment WHERE id = :id"), {"id": visit.appointment}
            ).scalar_one()
        assert left[visit.product] == 1
        assert status == "done"

    def test_enter_pressed_twice_completes_once(self, visit, signed_in) -> None:
        item, act = visit.add(), new_id()
        visit.complete(item, act=act)
        assert visit.complete(item, act=act).already
        with signed_in.reading() as ctx:
            assert billing.ledger(ctx, visit.patient).balance == 14000

    def test_completed_is_not_completed_again(self, visit) -> None:
        item = visit.add("done")
        visit.complete(item)
        with pytest.raises(ConflictError):
            visit.complete(item)
        with pytest.raises(ConflictError, match="completion back"), visit.dentist.writing() as ctx:
            chart.withdraw(ctx, [item])

    def test_planned_work_that_another_completed_is_not_completed_again(
        self, visit, signed_in
    ) -> None:
        item = visit.add("planned")
        visit.complete(item)
        with pytest.raises(StaleError, match="Look at it again"):
            visit.complete(item)
        with signed_in.reading() as ctx:
            assert billing.ledger(ctx, visit.patient).balance == 14000

    def test_of_two_who_complete_at_once_one_is_told(self, visit, signed_in) -> None:
        """The second waits for the first one's entry and finds it closed."""
        item, told = visit.add("planned"), []

        def second() -> None:
            try:
                visit.complete(item)
            except StaleError as error:
                told.append(str(error))

        other = Thread(target=second)
        with visit.dentist.writing() as ctx:
            complete_visit(
                ctx, Completion(act=new_id(), patient_id=visit.patient, item_ids=(item,))
            )
            other.start()
            until_waiting(ctx)
        other.join()
        assert told == ["Somebody changed this chart. Look at it again."]
        with signed_in.reading() as ctx:
            assert billing.ledger(ctx, visit.patient).balance == 14000

    def test_shortage_is_told(self, visit) -> None:
        items = [visit.add("done", tooth=tooth) for tooth in (36, 37, 46, 47)]
        done = visit.complete(*items)
        assert [(one.needed, one.left) for one in done.shortages] == [(4, 3)]

    def test_failure_leaves_nothing(self, visit, signed_in) -> None:
        item = visit.add("planned")

        def power_cut() -> None:
            with visit.dentist.writing() as ctx:
                complete_visit(
                    ctx, Completion(act=new_id(), patient_id=visit.patient, item_ids=(item,))
                )
                raise RuntimeError("power cut")

        with pytest.raises(RuntimeError):
            power_cut()
        assert [row.status for row in visit.chart().items] == ["planned"]
        with signed_in.reading() as ctx:
            assert billing.ledger(ctx, visit.patient).lines == ()

    def test_the_past_is_kept(self, visit, signed_in) -> None:
        item = visit.add("planned")
        with signed_in.writing() as ctx:
            ctx.connection.execute(
                text(
                    "UPDATE chart_item SET since = since - 10, version = version + 1 WHERE id = :i"
                ),
                {"i": item},
            )
        visit.complete(item)
        today = visit.chart().as_of
        past = visit.chart(as_of=today - timedelta(days=1))
        assert [row.status for row in past.items] == ["planned"]
        assert visit.chart().changed_on == (today - timedelta(days=10), today)


class TestHistory:
    def test_any_date_without_asking_again(self, visit, signed_in) -> None:
        item = visit.add("planned")
        with signed_in.writing() as ctx:
            ctx.connection.execute(
                text(
                    "UPDATE chart_item SET since = since - 10, version = version + 1 WHERE id = :i"
                ),
                {"i": item},
            )
        visit.complete(item)
        with visit.dentist.reading() as ctx:
            history = chart.history_of(ctx, visit.patient)
        yesterday = history.today - timedelta(days=1)
        assert [row.status for row in history.on(yesterday)] == ["planned"]
        assert [row.status for row in history.on(history.today)] == ["done"]
        assert history.on(history.today - timedelta(days=11)) == ()

    def test_what_was_fulfilled_is_not_withdrawn(self, visit) -> None:
        item = visit.add("planned")
        visit.complete(item)
        with pytest.raises(ConflictError, match="completion back"), visit.dentist.writing() as ctx:
            chart.withdraw(ctx, [item])


@pytest.fixture
def here_today(visit, make, signed_in):
    """The patient has a second appointment, today, and is in the chair."""
    with signed_in.reading() as ctx:
        day = ctx.now.astimezone(ctx.zone).date()
    noon = datetime.combine(day, time(12), UTC)
    visit.appointment = make.appointment(
        visit.patient, visit.provider, starts_at=noon, status="in_chair"
    )
    return visit


class TestVisitOfToday:
    def test_is_found_with_the_chart(self, here_today) -> None:
        with here_today.dentist.reading() as ctx:
            opened = open_chart(ctx, here_today.patient)
        assert opened.visit is not None
        assert (opened.visit.id, opened.visit.status) == (here_today.appointment, "in_chair")

    def test_there_may_be_none(self, visit) -> None:
        with visit.dentist.reading() as ctx:
            assert open_chart(ctx, visit.patient).visit is None

    def test_what_can_be_completed(self, here_today, make) -> None:
        charted = here_today.add("done", tooth=33, surfaces="B")
        for_now = here_today.add("planned", appointment_id=here_today.appointment)
        later = here_today.add("planned", tooth=16, surfaces="O")
        here_today.add("condition", kind="condition", code="CARIES", treatment_id=None)
        exam = make.treatment("EXM-020", "Recall examination", area="mouth", price=4000)
        image = make.treatment("IMG-010", "Periapical image", area="tooth", price=2500)
        for treatment in (exam, image, here_today.treatment):
            make.row(
                AppointmentTreatment,
                appointment_id=here_today.appointment,
                treatment_id=treatment,
            )
        with here_today.dentist.reading() as ctx:
            sheet = completion_sheet(ctx, here_today.patient)
        assert [(line.source, line.name, line.today, line.needs_tooth) for line in sheet.lines] == [
            ("charted", "Composite, 3 surfaces", True, False),
            ("planned", "Composite, 3 surfaces", True, False),
            ("booked", "Recall examination", True, False),
            ("booked", "Periapical image", True, True),
            ("planned", "Composite, 3 surfaces", False, False),
        ]
        assert [line.id for line in sheet.lines if line.source != "booked"] == [
            charted,
            for_now,
            later,
        ]
        (need,) = sheet.lines[0].materials
        assert (need.name, need.quantity, need.left) == ("Articaine 4 %", 1, 3)

    def test_booked_work_is_completed_once(self, here_today, make) -> None:
        exam = make.treatment("EXM-020", "Recall examination", area="mouth", price=4000)
        booked = make.row(
            AppointmentTreatment, appointment_id=here_today.appointment, treatment_id=exam
        )
        done = here_today.complete(booked=(booked,))
        assert done.charged == 4000
        (item,) = here_today.chart().items
        assert (item.code, item.status, item.tooth) == ("EXM-020", "done", None)
        with pytest.raises(StaleError):
            here_today.complete(booked=(booked,))

    def test_booked_work_on_a_tooth_needs_the_tooth(self, here_today, make) -> None:
        booked = make.row(
            AppointmentTreatment,
            appointment_id=here_today.appointment,
            treatment_id=here_today.treatment,
        )
        with pytest.raises(StaleError):
            here_today.complete(booked=(booked,))

    def test_front_desk_sees_no_sheet(self, here_today, sign_in) -> None:
        with pytest.raises(NotAllowedError), sign_in("u_front").reading() as ctx:
            completion_sheet(ctx, here_today.patient)
