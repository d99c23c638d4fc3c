"""The sample clinic: believable, whole, and the same again from the same seed."""

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.db import catalogue
from clinic_desktop.db.connect import open_connection
from clinic_desktop.errors import ConflictError
from clinic_desktop.services.installation.local import BACKUP, LocalInstallation
from clinic_desktop.services.installation.verify import Anchors, verify
from clinic_desktop.services.sample import visits as sample_visits
from clinic_desktop.services.sample.clinic import price_list
from clinic_desktop.services.sample.load import fill, open_zone
from clinic_desktop.services.sample.opening import sample_people
from clinic_desktop.services.sample.people import Ids, Town
from clinic_desktop.services.sample.visits import Calendar, Regular, Seat
from clinic_desktop.services.session import SignedIn
from tests.places import open_folder
from tests.scratch import scratch


@pytest.fixture(scope="module")
def sample() -> Iterator[LocalInstallation]:
    """A small sample clinic on a server of its own."""
    root = scratch("sample-")
    installation = LocalInstallation(root / "clinic", fast=True).start()
    told: list[str] = []
    fill(installation, patients=120, seed=7, progress=told.append)
    assert told
    yield installation
    installation.leave()
    shutil.rmtree(root)


def _ask(sample: LocalInstallation, query: str) -> list[tuple[object, ...]]:
    with open_connection(sample.superuser()) as connection:
        connection.execute("SET search_path = clinic, pg_catalog")
        return connection.execute(query.encode()).fetchall()


class TestFilled:
    def test_sizes(self, sample) -> None:
        assert _ask(sample, "SELECT count(*) FROM patient") == [(120,)]
        ((visits,),) = _ask(sample, "SELECT count(*) FROM appointment")
        assert visits >= 360

    def test_money_balances_in_every_entry(self, sample) -> None:
        assert (
            _ask(sample, "SELECT 1 FROM posting GROUP BY journal_entry_id HAVING sum(amount) <> 0")
            == []
        )
        ((owed,),) = _ask(sample, "SELECT count(*) FROM posting WHERE account = 'receivable'")
        assert owed > 100

    def test_invoice_numbers_have_no_gaps(self, sample) -> None:
        gaps = _ask(
            sample,
            "SELECT year FROM invoice GROUP BY year HAVING max(number) <> count(*)"
            " UNION SELECT c.year FROM counter c WHERE c.series = 'invoice A'"
            " AND c.last <> (SELECT max(number) FROM invoice i WHERE i.year = c.year)",
        )
        assert gaps == []

    def test_the_day_is_alive(self, sample) -> None:
        rows = _ask(
            sample,
            "SELECT a.status FROM appointment a JOIN clinic c ON c.id = a.clinic_id"
            " WHERE a.local_start::date = (now() AT TIME ZONE c.zone)::date GROUP BY 1",
        )
        assert {"done", "confirmed"} <= {row[0] for row in rows}

    def test_teeth_fit_the_age(self, sample) -> None:
        too_early = _ask(
            sample,
            "SELECT 1 FROM chart_item i JOIN patient p ON p.id = i.patient_id"
            " WHERE i.tooth IN (17, 27, 37, 47) AND i.status IN ('existing', 'elsewhere')"
            " AND p.born > i.since - 365 * 10",
        )
        assert too_early == []

    def test_work_is_on_teeth_that_were_there(self, sample) -> None:
        lost_before = _ask(
            sample,
            "SELECT 1 FROM chart_item gone JOIN chart_item i USING (patient_id, tooth)"
            " WHERE (gone.code = 'MISSING' OR gone.code = 'SUR-010' AND gone.status = 'done')"
            " AND i.kind = 'procedure' AND i.status IN ('planned', 'done') AND i.id <> gone.id"
            " AND (i.status = 'planned' OR i.since > gone.since)",
        )
        assert lost_before == []
        not_yet_there = _ask(
            sample,
            "SELECT 1 FROM chart_item i JOIN patient p ON p.id = i.patient_id"
            " WHERE i.tooth BETWEEN 11 AND 48 AND i.kind = 'procedure'"
            " AND p.born > i.since - 365 * 5",
        )
        assert not_yet_there == []

    def test_some_adults_were_probed_and_one_exam_is_under_way(self, sample) -> None:
        ((signed, under_way),) = _ask(
            sample,
            "SELECT count(*) FILTER (WHERE status = 'signed'), count(*) FILTER (WHERE status ="
            " 'draft') FROM perio_exam",
        )
        assert (signed % 3, under_way) == (0, 1)
        assert signed >= 9
        assert (
            _ask(
                sample,
                "SELECT 1 FROM perio_tooth t JOIN chart_item i ON i.patient_id = t.patient_id"
                " AND i.tooth = t.tooth AND i.code = 'MISSING' WHERE t.standing <> 'missing'",
            )
            == []
        )
        # Every signed one has its decision, and every site of a tooth that is there its depth.
        assert (
            _ask(
                sample,
                "SELECT 1 FROM perio_exam e JOIN perio_tooth t ON t.exam_id = e.id"
                " WHERE e.status = 'signed' AND (e.stage = '' OR t.standing = 'there'"
                " AND array_position(t.depth, NULL) IS NOT NULL)",
            )
            == []
        )

    def test_one_product_was_never_counted(self, sample) -> None:
        assert _ask(
            sample,
            "SELECT count(*) FROM product p WHERE NOT EXISTS"
            " (SELECT FROM stock_balance b WHERE b.product_id = p.id)",
        ) == [(1,)]

    def test_protection_is_whole_and_the_log_too(self, sample, tmp_path) -> None:
        with open_connection(sample.superuser()) as connection:
            found = catalogue.objects(connection)
        assert list(catalogue.differences(found, catalogue.shipped())) == []
        results = verify(sample.machine(BACKUP), Anchors(tmp_path / "anchors.json"))
        assert [one.finding for one in results] == [None]

    def test_people_sign_in_with_passwords_of_this_installation(self, sample) -> None:
        people = sample_people(sample)
        assert len({one.password for one in people}) == len(people) == 8
        signed_in = SignedIn(sample.person(people[0].login, people[0].password), device="t")
        assert signed_in.who.clinic_name == "Harbour Street Dental"
        signed_in.close()

    def test_only_an_empty_database_is_filled(self, sample) -> None:
        with pytest.raises(ConflictError):
            fill(sample, patients=5, seed=1, progress=lambda _text: None)


def test_filling_that_stops_leaves_nothing_and_is_begun_again() -> None:
    class StoppedError(Exception):
        pass

    def stop(sentence: str) -> None:
        if "Closing" in sentence:
            raise StoppedError

    with open_folder() as folder:
        place = LocalInstallation(folder / "clinic", fast=True).start()
        with pytest.raises(StoppedError):
            fill(place, patients=8, seed=7, progress=stop)
        assert not place.has_clinic()
        assert _ask(place, "SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'u_')") == []
        fill(place, patients=8, seed=7, progress=lambda _sentence: None)
        assert _ask(place, "SELECT count(*) FROM patient") == [(8,)]
        results = verify(place.machine(BACKUP), Anchors(folder / "anchors.json"))
        assert [one.finding for one in results] == [None]
        place.leave()


class TestSeed:
    def test_same_seed_same_people(self) -> None:
        def town(seed: int) -> list[object]:
            rng = random.Random(seed)
            return [
                patient.row()
                for _household, _name, members in Town(rng, Ids(rng), date(2026, 3, 12)).patients(
                    80
                )
                for patient in members
            ]

        assert town(3) == town(3)
        assert town(3) != town(4)

    @pytest.mark.parametrize("hour", range(24))
    def test_somewhere_it_is_day(self, hour) -> None:
        now = datetime(2026, 11, 20, hour, 30, tzinfo=UTC)
        assert 8.5 <= now.astimezone(open_zone(now)).hour + 0.5 <= 16

    @pytest.mark.parametrize("minute", range(9 * 60, 16 * 60, 7))
    def test_at_every_minute_somebody_sits_in_a_chair(self, minute, monkeypatch) -> None:
        monkeypatch.setattr(sample_visits, "PAST_DAYS", 5)  # today is asked about
        rng, zone = random.Random(minute), ZoneInfo("Europe/Dublin")
        kinds = ("dentist", "dentist", "specialist", "hygienist", "hygienist")
        lunches = (12 * 60, 12 * 60 + 30, 13 * 60)
        days = Calendar(
            rng,
            Ids(rng),
            now=datetime(2026, 11, 20, minute // 60, minute % 60, 30, tzinfo=UTC),
            zone=zone,
            seats=[
                Seat(uuid4(), None, uuid4(), kind, lunches[n % 3]) for n, kind in enumerate(kinds)
            ],
            patients=[Regular(uuid4(), date(1980, 1, 1), 0.1) for _one in range(50)],
            services={one.code: one for one in price_list()},
        )
        assert any(visit.status == "in_chair" for visit in days.visits(400))
