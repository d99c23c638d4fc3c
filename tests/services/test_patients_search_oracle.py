"""The search beside a loop over every record: the same people, in the same order, page by page.

One clinic is filled once, thousands of made queries are asked of it. What a query looks for is made
from a record as people type it, so that besides agreeing with the loop it has to find that record.
``python -m tests.search_oracle`` asks ten thousand of a larger clinic.
"""

import json
import os
import random
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

import pytest
from sqlalchemy import text
from unidecode import unidecode

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.names import SOUND, search_words, sort_key
from clinic_desktop.domain.search_terms import Term, read_terms
from clinic_desktop.services import patients
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients import search
from clinic_desktop.services.patients.schemas import PatientRow
from clinic_desktop.services.patients.search import FEW
from tests.services.people_of_many_scripts import FAMILY, GIVEN, OTHER

QUERIES = int(os.environ.get("CLINIC_ORACLE_QUERIES") or 1_200)
PEOPLE = int(os.environ.get("CLINIC_ORACLE_PEOPLE") or 700)
SEED = int(os.environ.get("CLINIC_ORACLE_SEED") or 1)
# A page of seven shows every seam between pages; hundreds of them show no more.
MOST_PAGES = 60
SIMILAR = 20
OTHERS = (*OTHER, "Chen Meiling", "Tanaka Taro", "Mohammed", "Wang Wei")
PHONES = ("+35386{:07}", "+34655{:06}", "+351912{:06}", "+44207946{:04}", "+1212555{:04}")
INSERT = """
INSERT INTO patient (clinic_id, id, number, given, family, other_name, born, phone, no_phone_reason,
                     email, status, sort_key, words)
SELECT :clinic, r.* FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
    id uuid, number text, given text, family text, other_name text, born date, phone text,
    no_phone_reason text, email text, status text, sort_key text, words text[])
"""


@dataclass(frozen=True)
class Record:
    """A patient as stored, with the words that the loop looks at."""

    id: UUID
    number: str
    given: str
    family: str
    other_name: str
    born: date
    phone: str
    email: str
    status: str
    key: str
    words: tuple[str, ...]

    @cached_property
    def lines(self) -> str:
        """The words, each on a line that begins with it."""
        return "".join(f"\n{word}" for word in self.words)

    @cached_property
    def sounding(self) -> tuple[str, ...]:
        """The words that say how a name sounds."""
        return tuple(word for word in self.words if word.startswith(SOUND))


def made_records(rng: random.Random) -> list[Record]:
    """Return people of many scripts; names, birth dates and phones are shared by some."""
    made = []
    for n in range(PEOPLE):
        form = rng.choice(PHONES)
        most = 10 ** int(form[-2])
        values = {
            "given": rng.choice(GIVEN),
            "family": rng.choice(FAMILY) if rng.random() > 0.06 else "",
            "other_name": rng.choice(OTHERS),
            "born": date(1930, 1, 1) + timedelta(days=rng.randrange(34_000)),
            "phone": form.format(rng.randrange(most)) if rng.random() > 0.1 else "",
            "email": f"{rng.choice('abc')}.p{n}@example.org" if rng.random() < 0.4 else "",
            "number": f"{n + 1:05d}",
        }
        made.append(
            Record(
                id=new_id(),
                status=rng.choice(("active",) * 8 + ("inactive", "deceased", "archived")),
                key=sort_key(values["given"], values["family"]),
                words=tuple(search_words(**values)),
                **values,
            )
        )
    return made


def store(ctx: Context, records: list[Record]) -> None:
    rows = [
        {
            **{name: getattr(one, name) for name in one.__dataclass_fields__ if name != "key"},
            "sort_key": one.key,
            "no_phone_reason": "" if one.phone else "none",
        }
        for one in records
    ]
    ctx.connection.execute(
        text(INSERT), {"clinic": ctx.clinic_id, "rows": json.dumps(rows, default=str)}
    )


# -- what people type ---------------------------------------------------------------------------


def named(rng: random.Random, one: Record) -> str:
    """Beginnings of words of the names, in any order, with and without accents and capitals."""
    names = f"{one.given} {one.family} {one.other_name}"
    parts = [part for part in re.split(r"[\s'’-]+", names) if part]
    words = rng.sample(parts, k=min(len(parts), rng.choice((1, 1, 2, 2, 3))))
    cut = [word[: rng.randrange(1, len(word) + 1)] for word in words]
    if rng.random() < 0.3:
        cut = [re.sub(r"\W", "", unidecode(word)) or word for word in cut]
    if rng.random() < 0.2:
        cut = [word.upper() for word in cut]
    return rng.choice((" ", "  ", " ")).join(cut)


def phoned(rng: random.Random, one: Record) -> str:
    """A phone in one of the forms in which it is written, or a run of figures inside it."""
    digits = one.phone.removeprefix("+")
    if not digits:
        return named(rng, one)
    start = rng.randrange(len(digits) - 3)
    code = 3 if digits.startswith("35") else 1 if digits.startswith("1") else 2
    rest = digits[code:]
    return rng.choice(
        (
            digits[start : start + rng.randrange(3, 9)],
            one.phone,
            f"00{digits}",
            f"+{digits[:code]} {rest[:3]} {rest[3:]}",
            f"+{digits[:code]} (0) {rest[:2]} {rest[2:]}",
            f"+{digits[:code]}-{rest[:3]}-{rest[3:]}",
            f"({rest[:3]}) {rest[3:]}",
            f"{rest[:3]}.{rest[3:]}",
            rest[-4:],
        )
    )


def dated(rng: random.Random, one: Record) -> str:
    """The birth date as it is written by hand, by a card reader, by a computer."""
    day = one.born
    return rng.choice(
        (
            f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day:%y}", f"{day:%Y-%m-%d}",
            f"{day:%d%m%Y}", f"{day.day} {day.month} {day.year}", f"{day:%d-%m-%Y}",
        )
    )  # fmt: skip


def numbered(rng: random.Random, one: Record) -> str:
    """The record number: whole, without its zeros, behind a hash."""
    return rng.choice((one.number, one.number.lstrip("0"), f"#{one.number}", f"# {one.number}"))


def mailed(rng: random.Random, one: Record) -> str:
    """The beginning of the address."""
    return one.email[: rng.randrange(3, 20)] if one.email else numbered(rng, one)


def together(rng: random.Random, one: Record) -> str:
    """A word of the name beside figures."""
    word = re.split(r"[\s'’-]+", one.given)[0]
    return f"{word} {rng.choice((one.phone[-4:] or one.number, one.number))}"


# Made so that they find somebody; the two below only have to agree with the loop.
TRUE = (named, named, named, named, phoned, phoned, dated, numbered, mailed, together)


def misspelt(rng: random.Random, one: Record) -> str:
    """Names as they are heard."""
    word = unidecode(f"{one.given} {one.family}").casefold()
    for old, new in rng.sample(
        [("c", "k"), ("y", "i"), ("ph", "f"), ("h", ""), ("s", "z"), ("v", "b"), ("e", "a"),
         ("n", "nn"), ("k", "c"), ("l", "ll")], k=3
    ):  # fmt: skip
        word = word.replace(old, new)
    return word


def random_text(rng: random.Random, _one: Record) -> str:
    """Letters, figures and the signs that mean something to a pattern."""
    return "".join(
        rng.choice("aeinlrs  01357%_\\'-.+*~=@#李ال") for _ in range(rng.randrange(1, 7))
    )


# -- the loop -----------------------------------------------------------------------------------


def begins(one: Record, term: Term) -> bool:
    return any(f"\n{begun}" in one.lines for begun in term.beginnings)


def sounds(one: Record, term: Term) -> bool:
    if not term.sounds:
        return begins(one, term)
    ranges = tuple(term.sound_ranges())
    return any(low <= word < high for word in one.sounding for low, high in ranges)


class Clinic:
    """The records, read one by one for every query."""

    def __init__(self, ctx: Context, records: list[Record]) -> None:
        self.ctx = ctx
        self.shown = {one.id: one for one in records if one.status != "archived"}
        self.in_order = sorted(self.shown.values(), key=lambda one: (one.key, one.id))
        self.told: Counter[str] = Counter()

    def expected(self, typed: str) -> tuple[list[UUID], list[UUID], tuple[Term, ...]]:
        """Return who is found in the order of names, who only sounds so, and what was read."""
        number = typed.strip().lstrip("#").strip()
        if typed.lstrip().startswith("#"):
            rows = [one for one in self.shown.values() if number and one.number.startswith(number)]
            return [one.id for one in sorted(rows, key=lambda one: one.number)], [], ()
        today = self.ctx.now.astimezone(self.ctx.zone).date()
        terms = read_terms(typed, locale=self.ctx.who.locale, today=today)
        if not terms:
            return [], [], ()
        exact, alike = [], []
        for one in self.in_order:
            if all(begins(one, term) for term in terms):
                exact.append(one.id)
            elif all(sounds(one, term) for term in terms):
                alike.append(one.id)
        return exact, alike if any(term.sounds for term in terms) else [], terms

    def agrees(self, typed: str, limit: int) -> list[UUID]:
        """Compare one query, all its pages; return who was found above the divider."""
        exact, alike, terms = self.expected(typed)
        if len(exact) > limit * MOST_PAGES:
            limit = 500
        self.told["found"] += len(exact)
        self.told["sounding alike"] += len(alike)
        page = patients.find(self.ctx, typed, limit=limit)
        found = [row.id for row in page if not row.sounds_like]
        similar = [row.id for row in page if row.sounds_like]
        assert [row.sounds_like for row in page] == sorted(row.sounds_like for row in page), typed
        if len(exact) < limit:
            by_name = not terms or any(term.sounds for term in terms)
            assert (found if by_name else sorted(found)) == (exact if by_name else sorted(exact)), (
                typed
            )
        else:
            assert self._pages(typed, limit, page) == sorted(exact), typed
        if len(exact) >= min(FEW, limit):
            assert not similar, typed
        else:
            assert set(similar) <= set(alike), typed
            assert len(similar) == len(set(similar)) == min(SIMILAR, len(alike)), typed
        return found if len(exact) < limit else exact

    def _pages(self, typed: str, limit: int, page: tuple[PatientRow, ...]) -> list[UUID]:
        """Return everybody on the pages that follow one another, sorted; repeats stay."""
        assert len(page) == limit, typed
        seen = [row.id for row in page]
        while len(page) == limit:
            self.told["pages"] += 1
            page = patients.find(self.ctx, typed, limit=limit, after=page[-1].place)
            seen += [row.id for row in page]
        return sorted(seen)


@pytest.mark.parametrize("seed", [SEED])
def test_agrees_with_a_loop_over_every_record(signed_in, sign_in, monkeypatch, seed: int) -> None:
    rng = random.Random(seed)
    records = made_records(rng)
    with signed_in.writing() as ctx:
        store(ctx, records)
    with sign_in("u_front").reading() as ctx:
        clinic = Clinic(ctx, records)
        shown = list(clinic.shown.values())
        for _query in range(QUERIES):
            # Walked along one word, or two words laid side by side: chance decides in small.
            monkeypatch.setattr(search, "RARE", rng.choice((300, -1, 20)))
            monkeypatch.setattr(search, "COMMON", rng.choice((20_000, 40)))
            one = rng.choice(shown)
            kind = rng.choice((*TRUE, misspelt, random_text))
            typed = kind(rng, one)
            clinic.told[kind.__name__] += 1
            found = clinic.agrees(typed, rng.choice((7, 50, 50, 500)))
            if kind in TRUE:
                assert one.id in found, (kind.__name__, typed, one)
    print(f"\n{QUERIES} queries of {PEOPLE} records agree: {dict(clinic.told)}")  # noqa: T201 - shown by -s
