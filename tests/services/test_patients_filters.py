"""What of the list is shown, page by page, and filters kept under a name."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import InvalidError, NotAllowedError, StaleError
from clinic_desktop.services import patients
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge
from clinic_desktop.services.patients import filtering as service
from clinic_desktop.services.patients.filtering import birthday_spans, last_visit_day
from clinic_desktop.services.patients.list_schemas import ListFilter, TagValues

# The server's clock decides; a test that runs over midnight moves by days, not by hours.
NOW = datetime.combine(date.today(), time(12), UTC)  # noqa: DTZ011 - see above


def shown(signed_in, *, typed="", limit=100, **choices) -> list[str]:
    """Every page of the list, one after another."""
    names, after, pages = [], None, 0
    while True:
        with signed_in.reading() as ctx:
            found = patients.matching(
                ctx, ListFilter(**choices), typed=typed, after=after, limit=limit
            )
        names += [row.given for row in found.rows]
        after, pages = found.next, pages + 1
        assert pages < 200
        if after is None:
            return names


@pytest.fixture
def tag(signed_in):
    tag_id = new_id()
    with signed_in.writing() as ctx:
        patients.add_tag(ctx, tag_id, TagValues(name="VIP"))
    return tag_id


@pytest.fixture
def clinic(signed_in, make, tag):
    """Four people: seen long ago, seen lately and owing, booked, and never seen."""
    provider, other = make.provider(), make.provider("Dr Second")
    made = {
        "Ada": make.patient("Ada", "A", born=date(1980, 3, 1)),
        "Bea": make.patient("Bea", "B", born=date(1991, 12, 24)),
        "Cai": make.patient("Cai", "C", born=date(2001, 1, 2)),
        "Dag": make.patient("Dag", "D", born=None, status="inactive"),
    }
    for name, who, when, status in (
        ("Ada", provider, NOW - timedelta(days=900), "done"),
        ("Bea", other, NOW - timedelta(days=20), "done"),
        ("Cai", provider, NOW + timedelta(days=20), "confirmed"),
    ):
        values = {"done_at": when + timedelta(minutes=30)} if status == "done" else {}
        make.appointment(made[name], who, starts_at=when, status=status, **values)
    with signed_in.writing() as ctx:
        patients.set_tag(ctx, made["Ada"], tag, on=True)
        patients.set_tag(ctx, made["Cai"], tag, on=True)
        charge = Charge(
            posting_id=new_id(), chart_item_id=None, provider_id=None, text="x", amount=900
        )
        billing.post_charges(
            ctx, patient_id=made["Bea"], act="t:1", day=date(2026, 3, 12), charges=[charge]
        )
    made["provider"], made["other"] = provider, other
    return made


class TestMatching:
    @pytest.mark.parametrize("limit", [1, 2, 100])
    def test_each_condition(self, signed_in, clinic, tag, limit) -> None:
        def names(**choices):
            return shown(signed_in, limit=limit, **choices)

        assert names() == ["Ada", "Bea", "Cai", "Dag"]
        assert names(status="active") == ["Ada", "Bea", "Cai"]
        assert names(tag=tag) == ["Ada", "Cai"]
        assert names(provider=clinic["provider"]) == ["Ada", "Cai"]
        assert names(provider=clinic["other"]) == ["Bea"]
        assert names(next_visit="none") == ["Ada", "Bea", "Dag"]
        assert names(next_visit="booked") == ["Cai"]
        assert names(balance="open") == ["Bea"]
        assert names(balance="credit") == []
        assert names(last_visit="12m") == ["Ada"]
        assert names(last_visit=f"{NOW - timedelta(days=5):%Y-%m-%d}") == ["Ada", "Bea"]
        assert names(last_visit="never") == ["Cai", "Dag"]
        assert names(birthday="0301-0301") == ["Ada"]
        # Over the end of the year, in the order of the days.
        assert names(birthday="1220-0105") == ["Bea", "Cai"]
        assert names(tag=tag, next_visit="none") == ["Ada"]
        assert names(tag=tag, birthday="0101-0131") == ["Cai"]
        assert names(tag=tag, status="inactive") == []
        assert names(status="inactive", next_visit="none") == ["Dag"]

    def test_together_with_what_is_typed(self, signed_in, clinic, tag) -> None:
        assert shown(signed_in, typed="cai", tag=tag) == ["Cai"]
        assert shown(signed_in, typed="bea", tag=tag) == []
        assert shown(signed_in, typed="bea", balance="open") == ["Bea"]

    @pytest.mark.parametrize("looked", [1, 2, 3])
    def test_a_question_looks_through_so_many_and_the_next_goes_on(
        self, signed_in, make, tag, monkeypatch, looked
    ) -> None:
        people = [make.patient(f"P{n:02}", "X") for n in range(23)]
        with signed_in.writing() as ctx:
            for patient in people:
                patients.set_tag(ctx, patient, tag, on=True)
        last = make.provider()
        make.appointment(people[17], last, starts_at=NOW - timedelta(days=30), status="done",
                         done_at=NOW - timedelta(days=30))  # fmt: skip
        monkeypatch.setattr(service, "STEPS", looked)
        monkeypatch.setattr(service, "LOOKED_AT", 4)
        monkeypatch.setattr(service, "_SCAN", service._SCAN.replace("LIMIT 2000", "LIMIT 4"))
        monkeypatch.setattr(service, "_KEYS", service._KEYS.replace("LIMIT 2000", "LIMIT 4"))
        for cached in (service._by_name, service._by_key):
            cached.cache_clear()
        try:
            with signed_in.reading() as ctx:
                first = patients.matching(ctx, ListFilter(provider=last), limit=5)
            assert first.rows == ()
            assert first.next is not None
            assert shown(signed_in, provider=last) == ["P17"]
            assert shown(signed_in, tag=tag, provider=last) == ["P17"]
            assert len(shown(signed_in, tag=tag, limit=5)) == 23
        finally:
            for cached in (service._by_name, service._by_key):
                cached.cache_clear()

    def test_money_needs_its_right(self, sign_in, clinic) -> None:
        with pytest.raises(NotAllowedError), sign_in("u_assistant").reading() as ctx:
            patients.matching(ctx, ListFilter(balance="open"))

    def test_merged_records_are_not_listed(self, signed_in, clinic, tag) -> None:
        with signed_in.writing() as ctx:
            patients.merge(ctx, id=new_id(), survivor_id=clinic["Bea"], merged_id=clinic["Ada"])
        assert shown(signed_in, tag=tag) == ["Bea", "Cai"]
        assert shown(signed_in, birthday="0301-0301") == []


class TestDays:
    def test_spans(self) -> None:
        day = date(2026, 12, 28)
        assert birthday_spans("today", day) == [("1228", "1228")]
        assert birthday_spans("week", day) == [("1228", "1231"), ("0101", "0103")]
        assert birthday_spans("month", day) == [("1201", "1231")]
        assert birthday_spans("next_month", day) == [("0101", "0131")]
        assert birthday_spans("next_month", date(2026, 1, 31)) == [("0201", "0229")]

    @pytest.mark.parametrize("words", ["0230-0301", "1301-1302", "soon", "01-02"])
    def test_no_such_day(self, words) -> None:
        with pytest.raises(InvalidError):
            birthday_spans(words, date(2026, 3, 12))

    def test_last_visit(self) -> None:
        assert last_visit_day("6m", date(2026, 8, 31)) == date(2026, 2, 28)
        assert last_visit_day("2025-01-09", date(2026, 8, 31)) == date(2025, 1, 9)
        with pytest.raises(InvalidError):
            last_visit_day("soon", date(2026, 8, 31))


class TestSaved:
    def save(self, who, name="Recall", *, shared=False, **choices):
        filter_id = new_id()
        with who.writing() as ctx:
            patients.save_filter(ctx, filter_id, name, ListFilter(**choices), shared=shared)
        return filter_id

    def listed(self, who):
        with who.reading() as ctx:
            return patients.filters(ctx)

    def test_ones_own_and_the_clinics(self, sign_in) -> None:
        front, dentist = sign_in("u_front"), sign_in("u_dentist")
        self.save(front, "Mine", next_visit="none", last_visit="6m")
        self.save(front, "Everybody's", shared=True, balance="open")
        self.save(dentist, "Mine", birthday="week")
        assert [(f.name, f.shared) for f in self.listed(front)] == [
            ("Everybody's", True),
            ("Mine", False),
        ]
        mine = self.listed(front)[1].choices
        assert mine == ListFilter(next_visit="none", last_visit="6m")
        assert self.listed(dentist)[1].choices == ListFilter(birthday="week")

    def test_changed_renamed_removed_and_brought_back(self, sign_in) -> None:
        front = sign_in("u_front")
        self.save(front, next_visit="none")
        (one,) = self.listed(front)
        with front.writing() as ctx:
            patients.change_filter(ctx, one, name="  No visit  ", chosen=ListFilter(balance="open"))
        with pytest.raises(StaleError), front.writing() as ctx:
            patients.change_filter(ctx, one, name="Late", chosen=ListFilter())
        (one,) = self.listed(front)
        assert (one.name, one.choices) == ("No visit", ListFilter(balance="open"))
        with front.writing() as ctx:
            version = patients.remove_filter(ctx, one)
        assert self.listed(front) == ()
        with front.writing() as ctx:
            patients.restore_filter(ctx, one.id, version)
        assert [f.name for f in self.listed(front)] == ["No visit"]

    @pytest.mark.parametrize("name", ["", "   ", "x" * 61, "recall"])
    def test_names(self, sign_in, name) -> None:
        front = sign_in("u_front")
        self.save(front, "Recall")
        with pytest.raises(InvalidError) as refused:
            self.save(front, name)
        assert refused.value.field == "name"

    def test_the_clinics_need_the_right_to_change_patients(self, sign_in) -> None:
        reader = sign_in("u_compliance")
        self.save(reader, "Own")
        with pytest.raises(NotAllowedError):
            self.save(reader, "For all", shared=True)

    def test_the_database_keeps_them_apart(self, database, sign_in) -> None:
        front, reader = sign_in("u_front"), sign_in("u_compliance")
        own = self.save(front, "Own")
        shared = self.save(front, "For all", shared=True)
        with open_connection(database.person("u_compliance")) as connection:
            seen = connection.execute("SELECT id FROM clinic.patient_filter").fetchall()
            assert [row[0] for row in seen] == [shared]
            for filter_id in (own, shared):
                moved = connection.execute(
                    "UPDATE clinic.patient_filter SET person_id = %s, version = version + 1"
                    " WHERE id = %s RETURNING id",
                    (reader.who.person_id, filter_id),
                ).fetchall()
                assert moved == []
            for person in (None, front.who.person_id):
                with pytest.raises(Exception, match="row-level security"):
                    connection.execute(
                        "INSERT INTO clinic.patient_filter"
                        " (clinic_id, id, person_id, name, choices)"
                        " VALUES (%s, gen_random_uuid(), %s, 'x', '{}')",
                        (reader.who.clinic_id, person),
                    )
