"""What people wait for most, through the services as a person signed in, beside the bare driver."""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from clinic_desktop.bench.limit import Recorder, Replay
from clinic_desktop.bench.rows import Call, Course, Line
from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Booking
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge, NewInvoice
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.chart.complete import complete_visit
from clinic_desktop.services.chart.schemas import Completion, NewChartItem
from clinic_desktop.services.chart.visit import open_chart
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.context import Context
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.patients.cards import open_patient
from clinic_desktop.services.patients.search import find
from clinic_desktop.services.sample.opening import sample_people
from clinic_desktop.services.session import SignedIn
from clinic_desktop.services.treatments import service as treatments

CHART: Final = "open a chart of 200 entries"
CHARTED: Final = 200
CHART_MS: Final = 5.0


class ServiceBench:
    """The rows that a signed-in person's services give; everything else is only set-up."""

    def __init__(self, installation: LocalInstallation, limit: Any) -> None:
        self._rng = random.Random(1)  # noqa: S311 - no secret
        people = {person.login: person for person in sample_people(installation)}
        person = people["u_amara"]
        self.person, self.limit = installation.person(person.login, person.password), limit
        self.signed_in = SignedIn(self.person, device="bench")
        self._replay = Replay(limit)
        recorder = Recorder(*self.signed_in.engines)
        self.course = Course(self.signed_in, recorder, self._replay)
        self._superuser = installation.superuser()
        with open_connection(self._superuser) as connection:
            sampled = connection.execute(
                "SELECT p.id, p.words, p.phone FROM clinic.patient p WHERE p.status = 'active'"
                " ORDER BY md5(p.id::text) LIMIT 4000"
            ).fetchall()
            last = connection.execute("SELECT max(local_start) FROM clinic.appointment").fetchone()
            # A clinic that is kept was measured before: its charts would grow with each run.
            uncharted = connection.execute(
                "SELECT p.id FROM clinic.patient p WHERE p.status = 'active' AND NOT EXISTS ("
                "SELECT FROM clinic.chart_item i WHERE i.clinic_id = p.clinic_id"
                " AND i.patient_id = p.id) LIMIT 1"
            ).fetchone()
        self._last_booked = last[0].date() if last and last[0] else None
        self._patients: list[UUID] = [row[0] for row in sampled]
        self._words = [
            w for _id, words, _no in sampled for w in words if w.isalpha() and len(w) > 3
        ]
        self._phones = [phone for _id, _words, phone in sampled if len(phone) > 9]
        with self.signed_in.reading() as ctx:
            self._providers = [p for p in clinic.providers(ctx) if p.kind != "specialist"]
            prices = treatments.price_list(ctx)
            self._today = ctx.now.astimezone(ctx.zone).date()
        self._fillings = [t for t in prices if t.code == "RST-020"]
        self._slots = self._free_slots()
        if uncharted is None:
            raise LookupError("every patient of the measured clinic has a chart")
        self._uncharted: UUID = uncharted[0]
        self._charted = False

    def close(self) -> None:
        """End the sign-in and the bare connections."""
        self.signed_in.close()
        self._replay.close()

    def lines(self) -> Iterator[Line]:
        """Yield each measured line."""
        yield self.course.read("search as you type, any word's beginning", self._search, 1.8)
        yield self.course.read("search by figures inside a phone number", self._figures, 1.8)
        yield self.course.read("open one patient, with the access entry", self._open, 1.5)
        yield self.course.read("a provider's week", self._week, 1.4)
        yield replace(self.course.read(CHART, self._chart, 1.5), most=CHART_MS)
        yield self.course.write("book an appointment", self._book, 1.5)
        yield self.course.write("complete a visit of 3 procedures", self._complete, 2.0)
        yield self.course.write("issue an invoice of 3 lines", self._invoice, 2.0)

    @property
    def provider(self) -> UUID:
        """Somebody who sees patients."""
        return self._providers[0].id

    def day_behind_bookings(self) -> date:
        """Return a Monday behind everything that is booked."""
        with open_connection(self._superuser) as connection:
            row = connection.execute("SELECT max(local_start) FROM clinic.appointment").fetchone()
        last = max(self._today, row[0].date()) if row and row[0] else self._today
        return last + timedelta(days=14 - last.weekday())

    def write(self, call: Call) -> None:
        """Do something that is measured elsewhere."""
        with self.signed_in.writing() as ctx:
            call(ctx)

    def timed_search(self) -> float:
        """Return the seconds of one search as a person types."""
        call = self._search()
        began = time.perf_counter()
        with self.signed_in.reading() as ctx:
            call(ctx)
        return time.perf_counter() - began

    def _patient(self) -> UUID:
        return self._rng.choice(self._patients)

    def _search(self) -> Call:
        typed = self._rng.choice(self._words)[:3]
        return lambda ctx: find(ctx, typed)

    def _figures(self) -> Call:
        phone = self._rng.choice(self._phones)
        start = self._rng.randint(3, len(phone) - 5)
        typed = phone[start : start + 5]
        return lambda ctx: find(ctx, typed)

    def _open(self) -> Call:
        patient = self._patient()
        return lambda ctx: open_patient(ctx, patient)

    def _week(self) -> Call:
        provider = self._rng.choice(self._providers).id
        monday = self._today - timedelta(days=self._today.weekday() + self._rng.choice((0, 7)))
        return lambda ctx: appointments.week(ctx, provider, monday)

    def _chart(self) -> Call:
        """Open a chart of 200 entries, made once."""
        patient = self._uncharted
        if not self._charted:
            self._charted = True
            items = [
                NewChartItem(
                    id=new_id(), kind="condition", code="CARIES", tooth=tooth, surfaces="M",
                    status="condition", since=self._today - timedelta(days=30 * number + tooth),
                )
                for number in range(-(-CHARTED // len(PERMANENT)))
                for tooth in PERMANENT
            ]  # fmt: skip
            self.course.prepare(lambda ctx: chart.add(ctx, patient, items[:CHARTED]))
        return lambda ctx: open_chart(ctx, patient)

    def _free_slots(self) -> Iterator[tuple[Any, datetime]]:
        """Yield slots behind the last appointment, also of a clinic measured before."""
        first = max(self._today, self._last_booked or self._today)
        for day in itertools.count(1):
            for provider in self._providers:
                for hour in (8, 9, 10, 11, 14, 15, 16):
                    at = datetime.combine(first, datetime.min.time())
                    yield provider, at + timedelta(days=day, hours=hour)

    def booking(self) -> Booking:
        """Return a booking of a free slot."""
        provider, start = next(self._slots)
        return Booking(
            id=new_id(),
            patient_id=self._patient(),
            provider_id=provider.id,
            chair_id=provider.chair_id,
            local_start=start,
            minutes=30,
        )

    def same_slot(self, booking: Booking) -> Booking:
        """Return another patient's booking of the same slot."""
        return booking.model_copy(update={"id": new_id(), "patient_id": self._patient()})

    def _book(self) -> Call:
        booking = self.booking()
        return lambda ctx: appointments.book(ctx, booking)

    def _complete(self) -> Call:
        booking = self.booking()
        filling = self._fillings[0]
        items = [
            NewChartItem(
                id=new_id(), kind="procedure", code=filling.code, tooth=tooth, surfaces="MO",
                status="planned", treatment_id=filling.id, provider_id=booking.provider_id,
            )
            for tooth in (16, 26, 36)
        ]  # fmt: skip

        def plan(ctx: Context) -> None:
            appointments.book(ctx, booking)
            chart.add(ctx, booking.patient_id, items)

        self.course.prepare(plan)
        chosen = tuple(item.id for item in items)
        completion = Completion(
            act=new_id(),
            patient_id=booking.patient_id,
            item_ids=chosen,
            appointment_id=booking.id,
            # Some of these patients miss the tooth: the question is answered beforehand.
            asked_ids=chosen,
        )
        return lambda ctx: complete_visit(ctx, completion)

    def _invoice(self) -> Call:
        patient = self._patient()
        postings = tuple(new_id() for _line in range(3))
        charges = [
            Charge(posting_id=posting, chart_item_id=None, provider_id=None, text="x", amount=5000)
            for posting in postings
        ]
        post: Callable[[Context], object] = lambda ctx: billing.post_charges(  # noqa: E731 - a call to prepare
            ctx, patient_id=patient, act=f"bench:{new_id()}", day=self._today, charges=charges
        )
        self.course.prepare(post)
        new = NewInvoice(id=new_id(), patient_id=patient, posting_ids=postings)
        return lambda ctx: invoices.issue_invoice(ctx, new)
