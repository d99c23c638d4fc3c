"""Whatever people chart, correct and take back: the log alone gives the chart of any two dates.

A chart has two times: when something was true in the mouth, and when the clinic knew it. The
machine below charts through the services on days of its own, each in a context of that moment, and
the superuser dates the log's entries likewise. After each act the stored rows are kept: that is
what "known then" has to mean. ``CLINIC_REPLAY_EXAMPLES`` and ``CLINIC_REPLAY_STEPS`` look deeper.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.chart.complete import complete_visit
from clinic_desktop.services.chart.known import known_history
from clinic_desktop.services.chart.schemas import (
    ChartItemRow,
    Completion,
    NewChartItem,
    Uncompletion,
)
from clinic_desktop.services.chart.uncomplete import uncomplete
from clinic_desktop.services.chart.undo import redo, undo
from clinic_desktop.services.context import Context

EXAMPLES: Final = int(os.environ.get("CLINIC_REPLAY_EXAMPLES") or 15)
STEPS: Final = int(os.environ.get("CLINIC_REPLAY_STEPS") or 20)
# Making a failure shorter takes minutes on a database: only for who looks for one.
DEEPER: Final = "CLINIC_REPLAY_EXAMPLES" in os.environ
PHASES: Final = (Phase.explicit, Phase.generate, *((Phase.shrink,) if DEEPER else ()))

# An evening: half past eleven in UTC is another day for the clinic in summer, and not in winter.
BEGIN: Final = datetime(2020, 6, 2, 20, 0, tzinfo=UTC)
# Every day of a chart falls between these; the second is still the past for the server.
LATEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
# Over midnight, over the change of clocks, over years.
WAITS: Final = st.sampled_from(
    [timedelta(seconds=1), timedelta(hours=3, minutes=30), timedelta(days=1), timedelta(days=150),
     timedelta(days=400)]
)  # fmt: skip
TEETH: Final = st.sampled_from([11, 16, 36, 47, 54, 116])
AGO: Final = st.sampled_from([0, 0, 1, 30, 365, 3000])
PICK: Final = st.integers(0, 30)
WHO: Final = st.sampled_from(["u_dentist", "u_hygienist"])
WORDS: Final = st.sampled_from(["", "seen by the mother", "ärgert beim Kauen"])

Stored = dict[UUID, dict[str, Any]]
# What the log leaves out, because the program sets it by itself.
UNLOGGED: Final = ("created_at", "updated_at")
SHOWN: Final = (
    "id", "version", "kind", "code", "tooth", "surfaces", "detail", "status", "since", "until",
    "treatment_id", "appointment_id", "fulfils_id", "done_at", "fee", "remark", "act",
)  # fmt: skip
_ROWS: Final = "SELECT to_jsonb(c) FROM clinic.chart_item c WHERE c.patient_id = %s"
_LOG: Final = (
    "SELECT l.at, l.op, l.row_id, v.after FROM clinic.change_log l"
    " JOIN clinic.change_value v USING (clinic_id, seq)"
    " WHERE l.patient_id = %s AND l.tbl = 'chart_item' ORDER BY l.seq"
)
# As if it had been written then: entries of one act a microsecond after another.
_DATED: Final = (
    "WITH dated AS (UPDATE clinic.change_log l"
    " SET at = %s + (l.seq - %s) * interval '1 microsecond' WHERE l.seq > %s"
    " RETURNING l.seq, l.at, l.tbl)"
    " SELECT max(seq), min(at) FILTER (WHERE tbl = 'chart_item'),"
    " max(at) FILTER (WHERE tbl = 'chart_item') FROM dated"
)


def replayed(entries: list[tuple[Any, ...]], moment: datetime) -> Stored:
    """Return the rows that the log knows of at a moment, read from nothing else."""
    rows: Stored = {}
    for at, op, row, after in entries:
        if at <= moment:
            rows[row] = {**rows.get(row, {}), **(after or {})}
            if op == "D":
                del rows[row]
    return rows


def true_on(rows: Mapping[UUID, Mapping[str, Any]], day: date) -> set[UUID]:
    """Return the entries that nobody took back and that were true at the end of a day."""
    return {
        key
        for key, row in rows.items()
        if row["deleted_at"] is None
        and date.fromisoformat(row["since"]) <= day
        and (row["until"] is None or date.fromisoformat(row["until"]) > day)
    }


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored row as a chart shows it."""
    return {
        name: None if row[name] is None else read(row[name])
        for name in SHOWN
        for read in (_READ.get(name, lambda value: value),)
    }


_READ: Final[Mapping[str, Callable[[str], object]]] = {
    **dict.fromkeys(("id", "treatment_id", "appointment_id", "fulfils_id"), UUID),
    **dict.fromkeys(("since", "until"), date.fromisoformat),
    "done_at": datetime.fromisoformat,
}


class Charting(RuleBasedStateMachine):
    """A dentist and a hygienist at one chart, over years."""

    database: Any
    make: Any
    people: Mapping[str, Any]
    treatment: UUID
    provider: UUID
    zone: ZoneInfo

    @initialize()
    def begin(self) -> None:
        self.superuser = open_connection(self.database.superuser())
        self.superuser.execute("SET session_replication_role = replica")
        self.patient = self.make.patient()
        self.moment = BEGIN
        self.seq = self._seq()
        self.kept: list[tuple[datetime, Stored]] = [(self.moment, {})]
        self.moments = [self.moment]
        # Who did the last thing of all, and what the chart was before it: for taking it back.
        self.last: tuple[str, Stored] | None = None
        self.undone = False
        self.find("u_hygienist", 36, "CARIES", 365, "M", "")
        self.chart_work(16, "planned")
        self.chart_work(36, "done")

    # -- what people do ----------------------------------------------------------------------

    @rule(wait=WAITS)
    def time_passes(self, wait) -> None:
        self.moment = min(self.moment + wait, LATEST)

    @rule(
        who=WHO, tooth=TEETH, code=st.sampled_from(["CARIES", "CRACK", "TTP"]),
        ago=AGO, surfaces=st.sampled_from(["", "M", "MB"]), remark=WORDS,
    )  # fmt: skip
    def find(self, who, tooth, code, ago, surfaces, remark) -> None:
        item = self._item("condition", code, tooth, "condition", surfaces, remark=remark)
        self._chart(who, item, ago=ago)

    @rule(who=WHO, tooth=TEETH, ago=AGO, status=st.sampled_from(["existing", "elsewhere"]))
    def find_work_and_a_missing_tooth(self, who, tooth, ago, status) -> None:
        missing = self._item("state", "MISSING", 26, "condition", detail="extracted")
        self._chart(who, self._item("procedure", "COMP", tooth, status, "B"), missing, ago=ago)

    @rule(tooth=TEETH, status=st.sampled_from(["planned", "in_progress", "done"]))
    def chart_work(self, tooth, status) -> None:
        item = self._item(
            "procedure", "RST-030", tooth, status, "MB",
            treatment_id=self.treatment, provider_id=self.provider, fee=14000,
        )  # fmt: skip
        self._chart("u_dentist", item)

    @precondition(lambda self: self._to_do())
    @rule(picks=st.sets(PICK, min_size=1, max_size=3), again=st.booleans())
    def complete(self, picks, again) -> None:
        # Also what is completed already, or only a finding: that is refused.
        ids = sorted({_one_of(self._rows() if again else self._to_do(), pick) for pick in picks})
        asked = Completion(
            act=new_id(), patient_id=self.patient, item_ids=tuple(ids), asked_ids=tuple(ids),
            provider_id=self.provider,
        )  # fmt: skip
        self._act("u_dentist", lambda ctx: complete_visit(ctx, asked), undone=False)

    @precondition(lambda self: self._done())
    @rule(pick=PICK)
    def take_completion_back(self, pick) -> None:
        item_id = _one_of(self._done(), pick)
        asked = Uncompletion(
            act=new_id(), patient_id=self.patient, item_id=item_id, reason="Not done"
        )
        self._act("u_dentist", lambda ctx: uncomplete(ctx, asked), undone=False)

    @precondition(lambda self: self._rows())
    @rule(who=WHO, pick=PICK)
    def end(self, who, pick) -> None:
        row = self._now()[_one_of(self._rows(), pick)]
        self._act(who, lambda ctx: chart.end(ctx, UUID(row["id"]), row["version"]))

    @precondition(lambda self: self._rows())
    @rule(who=WHO, pick=PICK, ago=AGO)
    def correct_the_day(self, who, pick, ago) -> None:
        row = self._now()[_one_of(self._rows(), pick)]

        def call(ctx: Context) -> None:
            day = chart.today(ctx) - timedelta(days=ago)
            chart.change_day(ctx, UUID(row["id"]), row["version"], day)

        self._act(who, call)

    @precondition(lambda self: self._rows())
    @rule(who=WHO, picks=st.sets(PICK, min_size=1, max_size=2))
    def withdraw(self, who, picks) -> None:
        chosen = {_one_of(self._rows(), pick) for pick in picks}
        self._act(who, lambda ctx: chart.withdraw(ctx, sorted(chosen)))

    @rule(who=WHO, times=st.integers(1, 3))
    def take_back(self, who, times) -> None:
        for _time in range(times):
            if not self._undo(who):
                break

    @precondition(lambda self: self.undone)
    @rule(who=WHO, times=st.integers(1, 3))
    def do_again(self, who, times) -> None:
        for _time in range(times):
            if not self._act(who, lambda ctx: redo(ctx, self.patient)):
                break
            event("done again")

    @rule(who=WHO)
    def take_back_and_do_again(self, who) -> None:
        before = self._now()
        if self._undo(who):
            assert self._act(who, lambda ctx: redo(ctx, self.patient))
            assert self._seen() == _seen(before)
            event("taken back and done again")

    def _undo(self, who: str) -> bool:
        before = self.last
        if not self._act(who, lambda ctx: undo(ctx, self.patient)):
            return False
        event("taken back")
        if before is not None and before[0] == who:
            # Nobody did anything since: the chart is what it was before that act.
            assert self._seen() == _seen(before[1])
        self.last, self.undone = None, True
        return True

    # -- what must hold ----------------------------------------------------------------------

    @rule(valid=st.dates(date(2011, 1, 1), LATEST.date()), known=st.integers(0, 100_000))
    def look_at_any_two_dates(self, valid, known) -> None:
        span = self.moment - BEGIN + timedelta(days=2)
        self._compare([BEGIN - timedelta(days=1) + span * (known / 100_000)], [valid])

    def teardown(self) -> None:
        """Look at every moment at which something was charted, and on each side of every date."""
        if not hasattr(self, "kept"):
            return
        try:
            dates = {
                date.fromisoformat(row[name])
                for _moment, rows in self.kept
                for row in rows.values()
                for name in ("since", "until")
                if row[name] is not None
            }
            beside = {day + timedelta(days=n) for day in dates for n in (-1, 0)}
            self._compare(self.moments, sorted(beside or {BEGIN.date()}))
            self._compare_today(sorted(beside))
        finally:
            self.superuser.close()

    def _compare(self, moments: list[datetime], days: list[date]) -> None:
        """Compare the log, the rows stored at the time, and what the service answers."""
        entries = self.superuser.execute(_LOG, (self.patient,)).fetchall()
        with self._context("u_hygienist") as ctx:
            known = known_history(ctx, self.patient)
        for moment in moments:
            stored = self._stored_at(moment)
            rows = replayed(entries, moment)
            assert rows == stored, moment
            told = known.at(moment)
            local = moment.astimezone(self.zone).date()
            for known_on in (local - timedelta(days=1), local):
                ends = datetime.combine(known_on + timedelta(days=1), time(), self.zone)
                then = self._stored_at(ends - timedelta(microseconds=1))
                for day in days:
                    self._same(known.on(known_on).on(day), then, day)
            for day in days:
                self._same(told.on(day), rows, day)

    def _compare_today(self, days: list[date]) -> None:
        """Compare what is stored now with the chart as it is asked for each date."""
        rows = self.kept[-1][1]
        with self._context("u_dentist") as ctx:
            for day in days:
                if day <= chart.today(ctx):
                    found = chart.chart_of(ctx, self.patient, as_of=day).items
                    self._same(found, rows, day)

    def _same(self, told: tuple[ChartItemRow, ...], rows: Stored, day: date) -> None:
        answered = {one.id: {name: getattr(one, name) for name in SHOWN} for one in told}
        assert len(answered) == len(told)
        assert answered == {key: shown(rows[key]) for key in true_on(rows, day)}, day
        assert [one.since for one in told] == sorted(one.since for one in told)
        priced = {one.treatment for one in told if one.treatment_id is not None}
        assert priced <= {"Composite, 3 surfaces"}

    # -- how it is done ----------------------------------------------------------------------

    def _item(self, kind, code, tooth, status, surfaces="", **values) -> NewChartItem:
        return NewChartItem(
            id=new_id(), kind=kind, code=code, tooth=tooth, status=status, surfaces=surfaces,
            **values,
        )  # fmt: skip

    def _chart(self, who: str, *items: NewChartItem, ago: int = 0) -> None:
        def call(ctx: Context) -> None:
            since = chart.today(ctx) - timedelta(days=ago)
            dated = [item.model_copy(update={"since": since}) for item in items]
            chart.add(ctx, self.patient, dated)

        self._act(who, call)

    def _act(self, who: str, call: Callable[[Context], object], *, undone: bool = True) -> bool:
        """Do something at the machine's moment; False when it was refused and nothing changed.

        ``undone`` is what Ctrl+Z takes back; completing is reversed instead.
        """
        before = self._now()
        self.moment += timedelta(seconds=1)
        try:
            with self.people[who].writing() as ctx:
                ctx.now = self.moment
                call(ctx)
        except ClinicError:
            assert self._stored() == before
            return False
        told = self.superuser.execute(_DATED, (self.moment, self.seq, self.seq)).fetchone()
        assert told is not None
        self.seq, first, last = told
        # Known from its very moment on, and not a microsecond before.
        self.moments += [first - timedelta(microseconds=1), last]
        self.kept.append((last, self._stored()))
        self.last = (who, before) if undone else None
        return True

    @contextmanager
    def _context(self, who: str) -> Iterator[Context]:
        with self.people[who].reading() as ctx:
            ctx.now = self.moment
            yield ctx

    def _seq(self) -> int:
        found = self.superuser.execute("SELECT max(seq) FROM clinic.change_log").fetchone()
        return int(found[0] or 0) if found else 0

    def _stored(self) -> Stored:
        rows = [row for (row,) in self.superuser.execute(_ROWS, (self.patient,))]
        return {
            UUID(row["id"]): {k: v for k, v in row.items() if k not in UNLOGGED} for row in rows
        }

    def _stored_at(self, moment: datetime) -> Stored:
        """Return the rows as they were stored at a moment between two acts."""
        return next((rows for kept, rows in reversed(self.kept) if kept <= moment), {})

    def _now(self) -> Stored:
        return self.kept[-1][1]

    def _seen(self) -> object:
        return _seen(self._now())

    def _rows(self) -> list[UUID]:
        return sorted(key for key, row in self._now().items() if row["deleted_at"] is None)

    def _to_do(self) -> list[UUID]:
        rows = self._now()
        return [
            key
            for key in self._rows()
            if rows[key]["fee"] is not None
            and rows[key]["done_at"] is None
            and rows[key]["until"] is None
        ]

    def _done(self) -> list[UUID]:
        rows = self._now()
        return [key for key in self._rows() if rows[key]["done_at"] is not None]


def _one_of(rows: list[UUID], pick: int) -> UUID:
    return rows[pick % len(rows)]


def _seen(rows: Stored) -> object:
    """Return what a person sees of the rows; how often they were written is no part of it."""
    return {
        key: {k: v for k, v in row.items() if k not in ("version", "act", "deleted_at")}
        for key, row in rows.items()
        if row["deleted_at"] is None
    }


def test_the_log_alone_gives_the_chart_of_any_two_dates(
    database, make, sign_in, signed_in, monkeypatch
) -> None:
    provider = make.provider(login="u_dentist")
    people = {login: sign_in(login) for login in ("u_dentist", "u_hygienist")}
    for name, value in (
        ("database", database), ("make", make), ("people", people), ("provider", provider),
        ("treatment", make.treatment()), ("zone", ZoneInfo(signed_in.who.zone)),
    ):  # fmt: skip
        monkeypatch.setattr(Charting, name, value, raising=False)
    run_state_machine_as_test(
        Charting,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, print_blob=True,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
