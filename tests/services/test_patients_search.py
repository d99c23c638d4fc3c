"""Search as you type, compared with reading every record one by one."""

import random
import re
import unicodedata
from datetime import date, timedelta
from functools import cache
from uuid import UUID

import pytest
from unidecode import unidecode

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import NotAllowedError
from clinic_desktop.services import patients
from clinic_desktop.services.patients import search
from clinic_desktop.services.patients.schemas import NewPatient, PatientChange
from clinic_desktop.services.patients.search import FEW, STATUSES
from tests.services.people_of_many_scripts import Made, made_people

EVERYBODY = {"statuses": STATUSES}


@pytest.fixture
def people(signed_in) -> dict[UUID, tuple[str, Made]]:
    """The made people, registered; with the numbers they got."""
    registered = {}
    with signed_in.writing() as ctx:
        for made in made_people():
            row = patients.register(
                ctx,
                NewPatient(
                    id=new_id(),
                    given=made.given,
                    family=made.family,
                    other_name=made.other_name,
                    born=made.born,
                    phone=made.phone,
                    no_phone_reason="" if made.phone else "no phone",
                    email=made.email,
                ),
            )
            registered[row.id] = (row.number, made)
    return registered


def bare(text: str) -> str:
    """Return a text without case, accents and what cannot be seen; written on its own here."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in split if unicodedata.category(char) not in ("Mn", "Cf"))


def pieces(name: str) -> set[str]:
    """Return every place in a name where somebody may begin to type it, to its end."""
    found = set()
    for form in (bare(name), bare(unidecode(name.replace("\u200b", "")))):
        plain = re.sub("['’]", "", form)
        for text in (form, plain):
            for at, char in enumerate(text):
                if char.isalnum() and (at == 0 or not text[at - 1].isalnum()):
                    found.add(re.split(r"[\s]", text[at:])[0])
                    found.add(re.sub(r"[^\w]", "", text[at:]))
    return found


@cache
def places_of(number: str, made: Made) -> tuple[str, ...]:
    """Return everything of this person that somebody may begin to type."""
    names = set().union(*(pieces(n) for n in (made.given, made.family, made.other_name)))
    digits = made.phone.replace("+", "")
    places = {piece for name in names for piece in (name, re.sub(r"\W", "", name))}
    places |= {number, number.lstrip("0"), made.email, *made.email.partition("@")[0].split(".")}
    places |= {digits[at:] for at in range(len(digits) - 2)}
    places |= {"0" + digits[3:]} if digits.startswith("353") else set()
    places |= {digits[2:]} if digits.startswith("34") else set()
    return tuple(places)


def fits(number: str, made: Made, word: str) -> bool:
    """Return whether one typed word begins something of this person."""
    wanted = begun_by(word)
    return any(place.startswith(wanted) for place in places_of(number, made))


@cache
def begun_by(word: str) -> tuple[str, ...]:
    """Return the forms of a typed word, any of which may begin something."""
    return tuple({bare(word), re.sub(r"[^\w@.]", "", bare(unidecode(word)))} - {""})


class TestFind:
    @pytest.mark.parametrize("rare", [300, -1], ids=["walking", "meeting"])
    def test_agrees_with_reading_every_record(self, sign_in, people, monkeypatch, rare) -> None:
        monkeypatch.setattr(search, "RARE", rare)
        rng = random.Random(3)
        with sign_in("u_front").reading() as ctx:
            for _round in range(400):
                number, made = rng.choice(list(people.values()))
                words = self._some_words(rng, number, made)
                found = patients.find(ctx, " ".join(words), limit=500, **EVERYBODY)
                exact = {row.id for row in found if not row.sounds_like}
                wanted = {
                    one
                    for one, (other, person) in people.items()
                    if all(fits(other, person, word) for word in words)
                }
                missing = [people[one] for one in wanted - exact]
                surplus = [people[one] for one in exact - wanted]
                assert not missing, (words, missing)
                # Inner capitals, articles and umlauts are found as well: more, never fewer.
                assert all(self._is_known_extra(person, words) for _n, person in surplus), (
                    words,
                    surplus,
                )

    @staticmethod
    def _some_words(rng: random.Random, number: str, made: Made) -> list[str]:
        kind = rng.random()
        if kind < 0.08:
            return [number[rng.randrange(3) :]]
        digits = made.phone.replace("+", "")
        if kind < 0.2 and digits:
            start = rng.randrange(len(digits) - 4)
            return [digits[start : start + rng.randrange(3, 6)]]
        if kind < 0.25 and made.email:
            return [made.email[: rng.randrange(6, 14)]]
        parts = re.split(r"[\s'’-]+", f"{made.given} {made.family} {made.other_name}".strip())
        words = rng.sample(parts, k=min(len(parts), rng.choice([1, 1, 2, 2, 3])))
        cut = [word[: rng.randrange(1, len(word) + 1)].rstrip("\u200b") for word in words]
        cut = [word for word in cut if bare(word)]
        if rng.random() < 0.3:
            cut = [unidecode(word) or word for word in cut]
            cut = [re.sub(r"\W", "", word) for word in cut]
        if rng.random() < 0.3:
            cut = [word.upper() for word in cut]
        return [word for word in cut if word.strip()] or ["a"]

    @staticmethod
    def _is_known_extra(made: Made, words: list[str]) -> bool:
        names = f"{made.given} {made.family} {made.other_name}"
        return bool(re.search(r"[a-z][A-Z]|^ال| ال|[äöüÄÖÜåÅøØ]|ё|ı|[ىةکی]", names)) or any(
            char in names for char in "ßЙйñÑ"
        )

    def test_order_and_accents_do_not_matter(self, sign_in, make_named) -> None:
        ines = make_named("Inês", "Carvalho-Lindqvist")
        make_named("Otto", "Hall")
        with sign_in("u_front").reading() as ctx:
            for typed in ("lin car", "car lin", "INES", "carvalholind", "  ines   lindq "):
                assert [row.id for row in patients.find(ctx, typed)][:1] == [ines], typed

    @pytest.mark.parametrize(
        "typed",
        ["3.9.84", "03/09/1984", "1984-09-03", "3 sep 1984", "030984", "3 9 1984", "3 set 1984"],
    )
    def test_birth_date_in_usual_forms(self, sign_in, make_named, typed: str) -> None:
        ines = make_named("Inês", "Carvalho", born=date(1984, 9, 3))
        make_named("Otto", "Hall", born=date(1984, 3, 9))
        with sign_in("u_front").reading() as ctx:
            assert [row.id for row in patients.find(ctx, typed)] == [ines]

    @pytest.mark.parametrize(
        "typed", ["086 555 0142", "+353 86 555", "5550142", "0865550", "00353865550142", "142"]
    )
    def test_figures_of_a_phone(self, sign_in, make_named, typed: str) -> None:
        ines = make_named("Inês", "Carvalho", phone="086 555 0142")
        make_named("Otto", "Hall", phone="087 444 0131")
        with sign_in("u_front").reading() as ctx:
            assert [row.id for row in patients.find(ctx, typed)] == [ines]

    def test_name_and_figures_together(self, sign_in, make_named) -> None:
        ines = make_named("Inês", "Carvalho", phone="086 555 0142")
        make_named("Inês", "Reis", phone="087 444 0131")
        with sign_in("u_front").reading() as ctx:
            assert [row.id for row in patients.find(ctx, "ines 0142")] == [ines]

    def test_number_alone_after_a_hash(self, sign_in, make_named) -> None:
        first = make_named("Inês", "Carvalho", phone="086 000 0010")
        make_named("Otto", "Hall")
        with sign_in("u_front").reading() as ctx:
            number = patients.open_patient(ctx, first).number
            assert [row.id for row in patients.find(ctx, f"#{number}")] == [first]
            assert patients.find(ctx, "#") == ()

    def test_sounds_alike_follow_when_few_are_found(self, sign_in, make_named) -> None:
        exact = make_named("Linnea", "Carlsson")
        alike = make_named("Lynn", "Kaar")
        make_named("Otto", "Hall")
        with sign_in("u_front").reading() as ctx:
            found = patients.find(ctx, "lin car")
        assert [(row.id, row.sounds_like) for row in found] == [(exact, False), (alike, True)]

    def test_no_sounds_when_many_are_found(self, sign_in, make_named) -> None:
        for number in range(FEW):
            make_named(f"Lin{chr(97 + number)}", "Hall")
        make_named("Lynn", "Reis")
        with sign_in("u_front").reading() as ctx:
            assert not any(row.sounds_like for row in patients.find(ctx, "lin"))

    @pytest.mark.parametrize(("typed", "rare"), [("a", 300), ("a l", 300), ("a l", -1)])
    def test_pages_walk_through_all_finds_once(
        self, sign_in, people, monkeypatch, typed: str, rare: int
    ) -> None:
        monkeypatch.setattr(search, "RARE", rare)
        with sign_in("u_front").reading() as ctx:
            whole = patients.find(ctx, typed, limit=500, **EVERYBODY)
            seen, after = [], None
            while True:
                page = patients.find(ctx, typed, limit=7, after=after, **EVERYBODY)
                seen += [row.id for row in page if not row.sounds_like]
                if len(page) < 7:
                    break
                after = page[-1].place
        assert len(seen) == len(set(seen))
        assert set(seen) == {row.id for row in whole if not row.sounds_like}

    def test_a_page_that_holds_all_is_in_order_of_names(self, sign_in, people) -> None:
        with sign_in("u_front").reading() as ctx:
            found = [r for r in patients.find(ctx, "lin", limit=500) if not r.sounds_like]
        assert [row.place.sort_key for row in found] == sorted(r.place.sort_key for r in found)

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "  ",
            "\0",
            "'; DROP TABLE patient",
            "%",
            "_",
            "\\",
            "--",
            "😀",
            "\u202e",
            "\ud800",
            "a" * 5000,
            "\U0010ffff",
            "*",
            "~LN",
            "=",
            "@",
            "#\0",
            "1" * 300,
            "99/99/9999",
        ],
    )
    def test_odd_text_finds_nobody_and_breaks_nothing(
        self, sign_in, make_named, typed: str
    ) -> None:
        make_named("Inês", "Carvalho")
        with sign_in("u_front").reading() as ctx:
            assert patients.find(ctx, typed) == ()

    @pytest.mark.parametrize(
        ("given", "family", "other_name", "typed"),
        [
            ("محمد", "الحسيني", "", "mohammed"),
            ("محمد", "الحسيني", "", "muhamad"),
            ("محمد", "الحسيني", "", "محم"),
            ("محمد", "الحسيني", "Mohammed Al Husseini", "husseini moh"),
            ("美玲", "陳", "Chen Meiling", "chen meiling"),
            ("美玲", "陳", "Chen Meiling", "meiling ch"),
            ("美玲", "陳", "Chen Meiling", "陳美玲"),
            ("美玲", "陳", "", "chen mei"),
            ("Никита", "Жуков", "", "nikita zhukov"),
            ("Ελένη", "Παπαδοπούλου", "", "eleni papad"),
        ],
    )
    def test_found_by_the_latin_spelling_and_by_ones_own(
        self, sign_in, make_named, given: str, family: str, other_name: str, typed: str
    ) -> None:
        one = make_named(given, family, other_name=other_name)
        make_named("Inês", "Carvalho")
        make_named("Michael", "Chandler")
        with sign_in("u_front").reading() as ctx:
            found = patients.find(ctx, typed)
        assert [row.id for row in found][:1] == [one]

    def test_archived_only_when_asked(self, sign_in, make_named) -> None:
        gone = make_named("Inês", "Carvalho")
        with sign_in("u_front").writing() as ctx:
            patients.change(ctx, _change(gone, status="archived"))
        with sign_in("u_front").reading() as ctx:
            assert patients.find(ctx, "ines carv") == ()
            found = patients.find(ctx, "inês", statuses=("archived",))
        assert [row.id for row in found] == [gone]

    def test_other_clinics_stay_unseen(self, sign_in, make_named) -> None:
        make_named("Inês", "Carvalho")
        with sign_in("u_other").reading() as ctx:
            assert patients.find(ctx, "ines") == ()
            assert patients.list_page(ctx) == ()

    def test_changed_name_is_found_by_the_new_one_alone(self, sign_in, make_named) -> None:
        ines = make_named("Inês", "Carvalho")
        front = sign_in("u_front")
        with front.reading() as ctx:
            number = patients.open_patient(ctx, ines).number
        with front.writing() as ctx:
            patients.change(ctx, _change(ines, family="Reis"))
        with front.reading() as ctx:
            assert [row.id for row in patients.find(ctx, "reis")] == [ines]
            assert [row.id for row in patients.find(ctx, number)] == [ines]
            assert patients.find(ctx, "carv") == ()


def _change(patient_id: UUID, **values: object):
    return PatientChange(id=patient_id, version=1, **values)


class TestListPage:
    def test_every_record_once_in_order(self, sign_in, people) -> None:
        with sign_in("u_front").reading() as ctx:
            seen, after = [], None
            while page := patients.list_page(ctx, after=after, limit=37):
                seen += page
                after = page[-1].place
            assert patients.count(ctx) == len(people)
        keys = [(row.place.sort_key, row.id) for row in seen]
        assert keys == sorted(keys)
        assert {row.id for row in seen} == set(people)

    def test_one_status(self, sign_in, make) -> None:
        make.patient("Inês")
        gone = make.patient("Otto", "Hall", status="deceased")
        with sign_in("u_front").reading() as ctx:
            assert [row.id for row in patients.list_page(ctx, statuses=("deceased",))] == [gone]

    def test_line_tells_visits_money_and_alerts(self, sign_in, make, signed_in) -> None:
        patient = make.patient()
        provider = make.provider()
        with sign_in("u_front").reading() as ctx:
            now = ctx.now
        make.appointment(patient, provider, starts_at=now + timedelta(days=2))
        make.appointment(
            patient, provider, starts_at=now - timedelta(days=9), status="done", done_at=now
        )
        make.appointment(
            patient, provider, starts_at=now + timedelta(days=1), status="cancelled", reason="ill"
        )
        with sign_in("u_front").reading() as ctx:
            row = patients.list_page(ctx)[0]
        assert row.next_visit == now + timedelta(days=2)
        assert row.visit_status == "pending"
        assert row.last_visit == now - timedelta(days=9)
        assert row.balance == 0
        assert row.alerts is None

    def test_accounts_are_unknown_without_the_right(self, sign_in, make) -> None:
        make.patient()
        with sign_in("u_assistant").reading() as ctx:
            assert patients.list_page(ctx)[0].balance is None

    def test_needs_the_right(self, sign_in) -> None:
        signed_in = sign_in("u_front")
        who = signed_in.who.model_copy(update={"permissions": frozenset({"member"})})
        with signed_in.reading() as ctx:
            ctx.who = who
            with pytest.raises(NotAllowedError):
                patients.find(ctx, "a")
