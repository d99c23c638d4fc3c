"""Signing in: passwords, waits after failures, second factor, PIN, coming back, being put out."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import text

from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.engine import Link
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.passwords import PIN_TRIES
from clinic_desktop.errors import InvalidError, NotAllowedError, UnreachableError
from clinic_desktop.services.installation import resume, sign_in
from clinic_desktop.services.installation.sign_in import Doorkeeper
from clinic_desktop.services.staff import mine
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import NewPerson
from tests.cluster import PASSWORD
from tests.places import place_of


@pytest.fixture
def place(database):
    return place_of(database)


@pytest.fixture
def doorkeeper(tmp_path) -> Doorkeeper:
    return Doorkeeper.of(tmp_path)


@pytest.fixture
def enter(place, doorkeeper):
    """Sign somebody in; closed when the test ends."""
    opened = []

    def one(user_name: str = "front", password: str = PASSWORD, code: str | None = None):
        opened.append(
            sign_in.sign_in(
                place, doorkeeper, user_name=user_name, password=password, device="pc-1", code=code
            )
        )
        return opened[-1]

    yield one
    for signed_in in opened:
        signed_in.close()


@pytest.fixture
def throwaway(database, signed_in):
    """A person of this test's database alone, whose login may be changed."""
    made = []

    def one(role: str = "dentist"):
        person_id = new_id()
        with signed_in.writing() as ctx:
            role_id = next(r.id for r in staff.roles(ctx) if r.code == role)
            invitation = staff.invite(
                ctx,
                NewPerson(
                    id=person_id,
                    name="Mira Holm",
                    initials="MH",
                    user_name=f"mira{person_id.hex[-10:]}",
                    role_ids=(role_id,),
                ),
            )
        made.append(invitation.user_name)
        return invitation

    yield one
    with open_connection(database.superuser()) as connection:
        for name in made:
            connection.execute(f"DROP OWNED BY u_{name}".encode())
            connection.execute(f"DROP ROLE u_{name}".encode())


class TestSignIn:
    def test_lets_in_and_remembers_the_name(self, enter, doorkeeper, tmp_path) -> None:
        signed_in = enter(" Front ")
        assert signed_in.who.name == "Siobhán Keane"
        enter("dentist")
        again = Doorkeeper.of(tmp_path)
        assert [one["login"] for one in again.names] == ["u_dentist", "u_front"]
        assert PASSWORD not in (tmp_path / "sign-in.json").read_text()

    def test_writes_that_somebody_came(self, enter, database) -> None:
        enter()
        with open_connection(database.superuser()) as connection:
            rows = connection.execute(
                "SELECT login, action FROM clinic.access_log ORDER BY at"
            ).fetchall()
        assert ("u_front", "signed in") in rows

    def test_wrong_password_and_unknown_name_say_the_same(self, enter) -> None:
        with pytest.raises(InvalidError, match="name or the password") as wrong:
            enter(password="not the one at all")
        with pytest.raises(InvalidError, match="name or the password") as unknown:
            enter("nobody_of_this_clinic")
        assert wrong.value.field == unknown.value.field == "password"

    def test_what_is_no_user_name_is_told_at_its_field(self, enter) -> None:
        with pytest.raises(InvalidError) as refused:
            enter("maria müller")
        assert refused.value.field == "user_name"
        with pytest.raises(InvalidError) as empty:
            enter(password="")
        assert empty.value.field == "password"

    def test_person_of_no_clinic_is_told(self, place, doorkeeper) -> None:
        with pytest.raises(NotAllowedError):
            sign_in.sign_in(
                place,
                doorkeeper,
                user_name="front",
                password=PASSWORD,
                device="pc-1",
                clinic_id=UUID(int=7),
            )


class TestWait:
    def fail(self, enter, times: int) -> None:
        for _n in range(times):
            with pytest.raises(InvalidError):
                enter(password="not the one at all")

    def test_three_tries_are_free_then_it_doubles(self, enter, doorkeeper) -> None:
        self.fail(enter, 3)
        assert 0 < doorkeeper.wait("u_front").total_seconds() <= 2
        with pytest.raises(NotAllowedError, match="Too many tries") as refused:
            enter()
        assert refused.value.field == "password"
        doorkeeper.failures["u_front"] = (5, time.time())
        assert 7 < doorkeeper.wait("u_front").total_seconds() <= 8

    def test_outlives_the_program_and_ends_by_itself(self, enter, doorkeeper, tmp_path) -> None:
        self.fail(enter, 3)
        later = Doorkeeper.of(tmp_path)
        assert later.wait("u_front").total_seconds() > 0
        count, since = later.failures["u_front"]
        later.failures["u_front"] = (count, since - 3)
        assert not later.wait("u_front")
        # The right password then lets in and forgets the failures.
        doorkeeper.failures["u_front"] = (count, since - 3)
        enter()
        assert not Doorkeeper.of(tmp_path).failures

    def test_other_names_do_not_wait(self, enter, doorkeeper) -> None:
        self.fail(enter, 3)
        enter("dentist")
        assert doorkeeper.wait("u_front")

    def test_clock_set_back_locks_nobody_out_for_longer(self, doorkeeper) -> None:
        doorkeeper.failures["u_front"] = (3, time.time() + 3600)
        assert doorkeeper.wait("u_front").total_seconds() <= 2

    def test_damaged_file_is_begun_anew(self, tmp_path) -> None:
        for damage in ("", "{", "[]", json.dumps({"names": 1, "failures": {"a": 3}})):
            (tmp_path / "sign-in.json").write_text(damage)
            assert Doorkeeper.of(tmp_path).failures == {}

    def test_name_is_taken_off_the_list(self, enter, doorkeeper, tmp_path) -> None:
        enter()
        doorkeeper.forget("u_front")
        assert Doorkeeper.of(tmp_path).names == []


class TestSecondFactor:
    @pytest.fixture
    def seed(self, sign_in) -> str:  # the fixture of that name: an open sign-in
        seed = sign_in_seed()
        with sign_in("u_manager").writing() as ctx:
            now = pyotp.TOTP(seed).at(ctx.now)
            with pytest.raises(InvalidError, match="not right"):
                sign_in_confirm(ctx, seed, "000000" if now != "000000" else "111111")
            sign_in_confirm(ctx, seed, f"{now[:3]} {now[3:]}")
            assert mine.my_factors(ctx).totp
        return seed

    def test_code_is_asked_checked_and_counted(self, enter, doorkeeper, seed) -> None:
        with pytest.raises(InvalidError) as missing:
            enter("manager")
        assert missing.value.field == "code"
        right = pyotp.TOTP(seed).now()
        wrong = f"{(int(right) + 1) % 1_000_000:06}"
        with pytest.raises(InvalidError, match="not right") as refused:
            enter("manager", code=wrong)
        assert refused.value.field == "code"
        assert doorkeeper.failures["u_manager"][0] == 1
        assert enter("manager", code=pyotp.TOTP(seed).now()).who.name == "Ana Reis"

    def test_address_holds_no_password(self, seed) -> None:
        address = sign_in_address(seed)
        assert address.startswith("otpauth://totp/")
        assert "Harbour" in address


# The module under test shares its name with a fixture.
sign_in_seed = sign_in.new_totp_seed
sign_in_confirm = sign_in.confirm_totp


def sign_in_address(seed: str) -> str:
    return sign_in.totp_address(seed, user_name="manager", clinic_name="Harbour Street Dental")


class TestPin:
    def test_resumes_five_tries(self, sign_in) -> None:
        signed_in = sign_in("u_front")
        with signed_in.writing() as ctx:
            set_pin(ctx, "4821")
            lock = lock_of(ctx)
            assert mine.my_factors(ctx) == mine.Factors(pin=True, totp=False)
        assert lock.takes_pin
        lock.resume("4821")
        for left in range(PIN_TRIES - 1, -1, -1):
            with pytest.raises(InvalidError, match=f"{left} tr") as refused:
                lock.resume("9999")
            assert refused.value.field == "pin"
        assert not lock.takes_pin
        with pytest.raises(InvalidError, match="password"):
            lock.resume("4821")

    def test_right_one_forgives_the_wrong_ones(self, sign_in) -> None:
        with sign_in("u_front").writing() as ctx:
            set_pin(ctx, "4821")
            lock = lock_of(ctx)
        for _n in range(3):
            for _m in range(PIN_TRIES - 1):
                with pytest.raises(InvalidError):
                    lock.resume("9999")
            lock.resume("4821")
        assert lock.takes_pin

    def test_is_removed_and_never_another_persons(self, sign_in) -> None:
        with sign_in("u_front").writing() as ctx:
            set_pin(ctx, "4821")
        with sign_in("u_dentist").reading() as ctx:
            assert not lock_of(ctx).takes_pin
        with sign_in("u_front").writing() as ctx:
            set_pin(ctx, None)
            assert not lock_of(ctx).takes_pin
            assert ctx.connection.execute(text("SELECT my_secret('pin')")).scalar() is None


set_pin, lock_of = sign_in.set_pin, sign_in.lock_of


class TestResume:
    def test_password_brings_back(self, enter, place, doorkeeper) -> None:
        signed_in = enter()
        resume.resume_with_password(place, doorkeeper, signed_in, password=PASSWORD)
        for _n in range(3):
            with pytest.raises(InvalidError) as refused:
                resume.resume_with_password(place, doorkeeper, signed_in, password="not this one")
            assert refused.value.field == "password"
        with pytest.raises(NotAllowedError, match="Too many tries"):
            resume.resume_with_password(place, doorkeeper, signed_in, password=PASSWORD)
        doorkeeper.failures.clear()
        with pytest.raises(InvalidError):
            resume.resume_with_password(place, doorkeeper, signed_in, password="")

    def test_somebody_whose_work_ended_stays_out(
        self, enter, place, doorkeeper, signed_in, throwaway
    ) -> None:
        invited = throwaway()
        leaver = enter(invited.user_name, invited.password)
        assert resume.why_out(leaver) is None
        with signed_in.writing() as ctx:
            version = next(p.version for p in staff.people(ctx) if p.id == invited.person_id)
            assert staff.deactivate(ctx, invited.person_id, version) >= 1
        with pytest.raises((InvalidError, NotAllowedError)):
            resume.resume_with_password(place, doorkeeper, leaver, password=invited.password)
        why = resume.why_out(leaver)
        assert isinstance(why, NotAllowedError)
        assert "ended by an administrator" in str(why)

    def test_new_word_from_an_administrator_is_told(self, enter, signed_in, throwaway) -> None:
        invited = throwaway()
        person = enter(invited.user_name, invited.password)
        with signed_in.writing() as ctx:
            staff.new_password_word(ctx, invited.person_id)
        end_connections(person)
        why = resume.why_out(person)
        assert isinstance(why, NotAllowedError)
        assert "password was changed" in str(why)

    def test_silent_server_puts_nobody_out(self, enter) -> None:
        person = enter()
        person._link.close()
        person._link = Link({**person._link.dsn, "host": "/nowhere"})
        assert resume.why_out(person) is None


def end_connections(person) -> None:
    for engine in (person._link._reads, person._link._writes):
        engine.dispose()


class TestChangePassword:
    def test_open_session_goes_on_with_the_new_one(self, enter, throwaway) -> None:
        invited = throwaway()
        person = enter(invited.user_name, invited.password)
        assert person.who.must_change_password
        resume.change_password(
            person, old=None, new="seven green herons", again="seven green herons"
        )
        assert not person.who.must_change_password

        # More at once than connections were open: new ones take the new password.
        def ask(_n: int) -> str:
            with person.reading() as ctx:
                ctx.connection.execute(text("SELECT pg_sleep(0.2)"))
                return ctx.who.name

        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(ask, range(4))) == ["Mira Holm"] * 4
        end_connections(person)
        with person.writing() as ctx:
            assert ctx.connection.execute(text("SELECT 1")).scalar() == 1
        with pytest.raises(InvalidError):
            enter(invited.user_name, invited.password)
        assert enter(invited.user_name, "seven green herons").who.name == "Mira Holm"

    @pytest.mark.parametrize(
        ("old", "new", "again", "field"),
        [
            (PASSWORD, "short", "short", "password"),
            (PASSWORD, "password1", "password1", "password"),
            (PASSWORD, "seven green herons", "seven grey herons", "again"),
            ("not this one", "seven green herons", "seven green herons", "old"),
            (PASSWORD, PASSWORD, PASSWORD, "password"),
            (PASSWORD, "abc\0def ghi", "abc\0def ghi", "password"),
            (PASSWORD, "abc\x1bdefghi", "abc\x1bdefghi", "password"),
            (PASSWORD, "\ud800abcdefgh", "\ud800abcdefgh", "password"),
            ("\ud800", "seven green herons", "seven green herons", "old"),
        ],
    )
    def test_refused_at_its_field(self, enter, old, new, again, field) -> None:
        person = enter()
        with pytest.raises(InvalidError) as refused:
            resume.change_password(person, old=old, new=new, again=again)
        assert refused.value.field == field
        assert person.knows(PASSWORD)


class TestTextNoPasswordCanHave:
    """libpq ends a password at a NUL: what stands after it would not count."""

    @pytest.mark.parametrize("typed", [f"{PASSWORD}\0", f"{PASSWORD}\0 more", "\ud800", "a\x07b"])
    def test_nobody_comes_in_with_it(self, enter, place, doorkeeper, typed) -> None:
        with pytest.raises(InvalidError, match="cannot be part of a password") as refused:
            enter(password=typed)
        assert refused.value.field == "password"
        signed_in = enter()
        with pytest.raises(InvalidError, match="cannot be part of a password"):
            resume.resume_with_password(place, doorkeeper, signed_in, password=typed)
        assert not doorkeeper.failures

    def test_marks_that_write_a_language_are_taken(self, enter, throwaway) -> None:
        invited = throwaway()
        person = enter(invited.user_name, invited.password)
        new = "\u202eغابة خضراء 😀"
        resume.change_password(person, old=None, new=new, again=new)
        assert enter(invited.user_name, new).who.name == "Mira Holm"


class TestUnreachable:
    def test_server_that_is_gone_says_so(self, place, doorkeeper) -> None:
        class Gone(type(place)):
            def person(self, login: str, password: str):
                return {**super().person(login, password), "host": "/nowhere"}

        gone = Gone(place.root, database=place.database)
        gone._address = place.address
        with pytest.raises(UnreachableError):
            sign_in.sign_in(gone, doorkeeper, user_name="front", password=PASSWORD, device="pc-1")
        assert not doorkeeper.failures
