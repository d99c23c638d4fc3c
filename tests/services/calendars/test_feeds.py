"""Feeds: what they tell and to whom, what becomes of what is cancelled, the worker's folder."""

import asyncio
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import (
    ClinicError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    SetupError,
    StaleError,
)
from clinic_desktop.jobs.backup import tasks
from clinic_desktop.jobs.engine import Work, all_due, make_app, work
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Move, StatusChange
from clinic_desktop.services.audit import service as audit
from clinic_desktop.services.audit.schemas import AuditFilter
from clinic_desktop.services.backup.run import Site
from clinic_desktop.services.calendars import feeds
from clinic_desktop.services.calendars.folder import FeedFolder, due
from clinic_desktop.services.calendars.folder import write as write_folder
from clinic_desktop.services.calendars.schemas import FeedRuleValues, Shown
from tests.places import open_folder


def written(signed_in, provider, *, before=None):
    with signed_in.reading() as ctx:
        return feeds.feed(ctx, provider, before=before)


def events(feed) -> dict[str, str]:
    """Summary -> status."""
    read = Calendar.from_ical(feed.content).walk("VEVENT")
    return {str(one["SUMMARY"]): str(one["STATUS"]) for one in read}


def noted(signed_in) -> list[tuple[object, ...]]:
    """What the worker wrote down about names that left, in order."""
    with signed_in.reading() as ctx:
        rows = ctx.connection.execute(
            text(
                "SELECT login, device, action, category, patient_id FROM access_log"
                " WHERE login = 'clinic_backup' ORDER BY id"
            )
        )
        return [tuple(row) for row in rows]


def show(signed_in, shown: Shown) -> None:
    with signed_in.writing() as ctx:
        feeds.change_rules(ctx, feeds.rules(ctx).version, FeedRuleValues(shown=shown))


@pytest.fixture
def booked(make, book, park):
    return book(park, 10, treatment_ids=(make.treatment("END-001", "Root canal; 2, visits"),))


class TestWhatIsTold:
    def test_nothing_but_the_time_as_long_as_nobody_chose(self, signed_in, park, booked) -> None:
        feed = written(signed_in, park)
        assert events(feed) == {"Busy": "TENTATIVE"}
        for secret in (b"Zofia", b"Wi", b"Root", b"+353"):
            assert secret not in feed.content

    def test_the_treatment(self, signed_in, park, booked) -> None:
        show(signed_in, Shown.TREATMENT)
        feed = written(signed_in, park)
        assert events(feed) == {"Root canal; 2, visits": "TENTATIVE"}
        assert b"Zofia" not in feed.content

    def test_names_are_written_to_the_access_log(
        self, signed_in, sign_in, database, park, booked
    ) -> None:
        show(signed_in, Shown.NAMES)
        feed = written(signed_in, park)
        assert events(feed) == {"Zofia Wiśniewska · Root canal; 2, visits": "TENTATIVE"}
        with open_connection(database.superuser()) as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM clinic.access_log WHERE action = 'export'"
                " AND category = 'calendar'"
            ).fetchone()
        assert count == 1
        with pytest.raises(NotAllowedError, match="Export patients"):
            written(sign_in("u_front"), park)

    def test_only_who_may_change_settings_decides(self, sign_in, signed_in) -> None:
        for login in ("u_front", "u_dentist"):
            with pytest.raises(NotAllowedError), sign_in(login).writing() as ctx:
                feeds.change_rules(ctx, 0, FeedRuleValues(shown=Shown.NAMES))
        show(signed_in, Shown.TREATMENT)
        with pytest.raises(StaleError), signed_in.writing() as ctx:
            feeds.change_rules(ctx, 9, FeedRuleValues())

    def test_others_have_their_own(self, make, signed_in, park, booked) -> None:
        assert events(written(signed_in, make.provider("Dr Nwosu"))) == {}
        with pytest.raises(NotFoundError):
            written(signed_in, new_id())


class TestChanges:
    def test_uid_sequence_and_time_of_the_change(
        self, signed_in, park, booked, monday, make
    ) -> None:
        def read():
            (one,) = Calendar.from_ical(written(signed_in, park).content).walk("VEVENT")
            return one

        first = read()
        assert str(first["UID"]) == f"{booked}@clinic-desktop"
        assert int(first["SEQUENCE"]) == 0
        with signed_in.writing() as ctx:
            (row,) = [v for v in appointments.day(ctx, monday).visits if v.id == booked]
            appointments.move(
                ctx,
                Move(id=booked, version=row.version, provider_id=park, chair_id=row.chair_id,
                     local_start=row.local_start + timedelta(hours=2), minutes=45),
            )  # fmt: skip
        second = read()
        assert second["UID"] == first["UID"]
        assert int(second["SEQUENCE"]) == 1
        assert second["DTSTART"].dt - first["DTSTART"].dt == timedelta(hours=2)
        assert second["LAST-MODIFIED"].dt >= first["LAST-MODIFIED"].dt

    def test_the_same_appointments_make_the_same_file(self, signed_in, park, booked) -> None:
        assert written(signed_in, park).content == written(signed_in, park).content

    def test_what_is_cancelled_is_told_for_a_while(
        self, signed_in, database, park, booked, monday
    ) -> None:
        with signed_in.writing() as ctx:
            (row,) = appointments.day(ctx, monday).visits
            appointments.set_status(
                ctx, StatusChange(id=booked, version=row.version, to="cancelled", reason="ill")
            )
        assert events(written(signed_in, park)) == {"Cancelled": "CANCELLED"}
        with open_connection(database.superuser()) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "UPDATE clinic.appointment SET updated_at = now() - interval '31 days'"
            )
        assert events(written(signed_in, park)) == {}

    def test_what_another_provider_has_now(
        self, make, signed_in, park, booked, monday, tmp_path
    ) -> None:
        path = tmp_path / "park.ics"
        feeds.put(written(signed_in, park), path)
        other = make.provider("Dr Nwosu")
        with signed_in.writing() as ctx:
            (row,) = appointments.day(ctx, monday).visits
            appointments.move(
                ctx,
                Move(id=booked, version=row.version, provider_id=other, chair_id=row.chair_id,
                     local_start=row.local_start, minutes=30),
            )  # fmt: skip
        assert events(written(signed_in, other)) == {"Busy": "TENTATIVE"}
        feed = written(signed_in, park, before=path)
        (one,) = Calendar.from_ical(feed.content).walk("VEVENT")
        assert (str(one["STATUS"]), int(one["SEQUENCE"])) == ("CANCELLED", 1)
        # Told once more from the file that tells it, and not louder each time.
        assert feeds.put(feed, path)
        assert not feeds.put(written(signed_in, park, before=path), path)

    def test_a_file_of_others_in_its_place_says_nothing(self, signed_in, park, tmp_path) -> None:
        path = tmp_path / "park.ics"
        path.write_bytes(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nnonsense\r\nEND:VEVENT\r\n")
        assert events(written(signed_in, park, before=path)) == {}


class TestFolder:
    def test_one_file_for_each_whoever_is_called_how(self, make, signed_in, tmp_path) -> None:
        make.provider("Dr / Ñandú …", short_name="../Ñandú")
        make.provider("李医生", short_name="李")
        with signed_in.reading() as ctx:
            assert feeds.write_all(ctx, tmp_path) == 2
        names = sorted(one.name for one in tmp_path.iterdir())
        assert len(names) == 2
        assert any(name.startswith("nandu-") for name in names)
        assert all(name.endswith(".ics") for name in names)

    def test_a_place_that_cannot_be_written_to(self, signed_in, park, tmp_path) -> None:
        made = written(signed_in, park)
        with pytest.raises(SetupError):
            feeds.put(made, tmp_path / "none" / "x.ics")

    def test_who_a_name_means(self, make, signed_in, park) -> None:
        make.provider("Dr Amara Nwosu")
        with signed_in.reading() as ctx:
            for typed in ("dr park", "Hyejin", "DR HYEJIN PARK"):
                assert feeds.provider_named(ctx, typed) == park
            for typed in ("Dr", "nobody", ""):
                with pytest.raises(InvalidError, match="Dr Amara Nwosu"):
                    feeds.provider_named(ctx, typed)


class TestWorker:
    @pytest.fixture
    def site(self, database):
        with open_folder() as root:
            (root / "out").mkdir()
            yield Site(root, database.machine("clinic_backup"))

    def test_written_when_due_without_any_backup(
        self, site, database, signed_in, park, booked
    ) -> None:
        kept = FeedFolder(site.root)
        assert all_due(site) == []
        kept.choose(signed_in.who.clinic_id, site.root / "out")
        assert all_due(site) == ["feeds.write"]
        app = make_app(database.machine("clinic_worker"), tasks(site), lambda: all_due(site))
        assert asyncio.run(work(app, Work(app, site), once=True)) == ["feeds.write"]
        (file,) = (site.root / "out").iterdir()
        assert b"BEGIN:VEVENT" in file.read_bytes()
        assert b"Zofia" not in file.read_bytes()
        assert all_due(site) == []
        at = kept.written().at
        assert due(site.root, lambda: at + timedelta(minutes=16)) == ["feeds.write"]
        # A clock that was set back does not stop it.
        assert due(site.root, lambda: at - timedelta(minutes=1)) == ["feeds.write"]
        assert write_folder(site.root, site.dsn) == 0

    def test_names_that_leave_are_written_down_once_for_each_file_that_is_new(
        self, site, sign_in, signed_in, make, park, booked, book
    ) -> None:
        kept = FeedFolder(site.root)
        kept.choose(signed_in.who.clinic_id, site.root / "out")
        make.provider("Dr Idle")
        write_folder(site.root, site.dsn)
        assert noted(signed_in) == []  # times alone
        with sign_in("u_admin").writing() as ctx:
            feeds.change_rules(ctx, 0, FeedRuleValues(shown=Shown.NAMES))
        write_folder(site.root, site.dsn)
        (line,) = noted(signed_in)
        assert line == (
            "clinic_backup", "worker for Maeve Quinn", "export", "calendar 1 Dr Park", None,
        )  # fmt: skip
        write_folder(site.root, site.dsn)
        assert len(noted(signed_in)) == 1  # nothing new left the clinic
        book(park, 12, given="Rui")
        write_folder(site.root, site.dsn)
        assert [one[3] for one in noted(signed_in)] == ["calendar 1 Dr Park", "calendar 2 Dr Park"]
        with sign_in("u_admin").reading() as ctx:
            found = audit.entries(ctx, AuditFilter(source="opened", login="clinic_backup")).rows
        assert len(found) == 2

    def test_nobody_else_may_write_such_an_entry(self, sign_in, park) -> None:
        for login in ("u_front", "u_admin"):
            with pytest.raises((ClinicError, DBAPIError)), sign_in(login).writing() as ctx:
                ctx.connection.execute(
                    text("SELECT log_feed(:c, :p, 1)"), {"c": ctx.clinic_id, "p": park}
                )

    def test_a_folder_that_is_gone_is_noted(self, site, signed_in, park) -> None:
        kept = FeedFolder(site.root)
        with pytest.raises(InvalidError, match="no folder"):
            kept.choose(signed_in.who.clinic_id, site.root / "none")
        kept.choose(signed_in.who.clinic_id, site.root / "out")
        (site.root / "out").rmdir()
        with pytest.raises(SetupError):
            write_folder(site.root, site.dsn)
        assert kept.written().error
        kept.choose(signed_in.who.clinic_id, None)
        assert all_due(site) == []
