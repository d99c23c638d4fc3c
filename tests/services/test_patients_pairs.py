"""The report of pairs that may be one person: found, explained, remembered, part by part."""

from datetime import date

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, NotAllowedError
from clinic_desktop.services import patients
from clinic_desktop.services.patients import pairs as report


def _all(signed_in):
    found, place, skipped = {}, None, 0
    with signed_in.reading() as ctx:
        while True:
            page = patients.duplicate_pairs(ctx, after=place)
            skipped += page.skipped
            for pair in page.pairs:
                found[frozenset(pair.key)] = pair
            if page.next is None:
                return found, skipped
            place = page.next


@pytest.fixture(autouse=True)
def small_steps(monkeypatch) -> None:
    """A handful of records a step, so that a few patients make many steps."""
    monkeypatch.setattr(report, "_STEP", 2)


class TestPairs:
    @pytest.mark.parametrize(
        ("one", "other", "reasons"),
        [
            (
                {"given": "Inês", "family": "Carvalho"},
                {"given": "Ines", "family": "Carvalho"},
                {"same_name", "same_born"},
            ),
            (
                {"given": "Catherine", "family": "Smith"},
                {"given": "Kathryn", "family": "Smyth"},
                {"sounds_alike", "same_born"},
            ),
            (
                {"given": "Margarida", "family": "Gonçalves"},
                {"given": "Margarida", "family": "Gonzalves"},
                {"same_born"},
            ),
            (
                {"given": "Ana", "family": "Reis", "born": date(1984, 3, 9)},
                {"given": "Ana", "family": "Reis", "born": date(1984, 9, 3)},
                {"same_name", "turned_born"},
            ),
            (
                {"given": "Ana", "family": "Reis", "born": date(1984, 3, 9), "phone": "0865550142"},
                {"given": "Anna", "family": "Reis", "born": date(1985, 3, 9), "phone": "0865550142",
                 "email": "a@example.org"},
                set(),
            ),
            (
                {"given": "美玲", "family": "陳", "other_name": "Chen Meiling"},
                {"given": "Meiling", "family": "Chen"},
                {"same_born"},
            ),
        ],
    )  # fmt: skip
    def test_found_with_reasons(self, make_named, signed_in, one, other, reasons) -> None:
        first = make_named(one.pop("given"), one.pop("family"), **one)
        second = make_named(other.pop("given"), other.pop("family"), **other)
        found, _skipped = _all(signed_in)
        pair = found.get(frozenset({first, second}))
        if not reasons:
            assert pair is None or pair.score < 60
            return
        assert pair is not None
        assert reasons <= set(pair.reasons)
        assert report.ENOUGH <= pair.score <= 100

    def test_twins_and_mother_with_child_are_not(self, make_named, signed_in) -> None:
        phone = "+353865550142"
        make_named("Ana", "Reis", born=date(2015, 1, 1), phone=phone)
        make_named("Bruno", "Reis", born=date(2015, 1, 1), phone=phone)
        make_named("Clara", "Reis", born=date(1985, 1, 1), phone=phone)
        assert _all(signed_in)[0] == {}

    def test_everybody_is_compared_whatever_the_step(self, make_named, signed_in) -> None:
        people = [make_named(f"Given{n:02}", f"Name{n:02}x", born=date(1990, 1, 1 + n // 3))
                  for n in range(20)]  # fmt: skip
        pairs = set()
        for n in range(0, 20, 5):
            twin = make_named(f"Given{n:02}", f"Name{n:02}x", born=date(1990, 1, 1 + n // 3))
            pairs.add(frozenset({people[n], twin}))
        found, _skipped = _all(signed_in)
        assert pairs <= set(found)

    def test_shared_by_too_many(self, make_named, signed_in, monkeypatch) -> None:
        monkeypatch.setattr(report, "_MOST_OF_ONE", 3)
        for n in range(5):
            make_named("Xu", f"Q{'abcde'[n] * 9}", phone="+353865550142", born=date(1990, 1, 1 + n))
        assert _all(signed_in) == ({}, 5)


class TestDistinct:
    def test_remembered_and_taken_back(self, make_named, signed_in) -> None:
        one, other = make_named("Ana", "Reis"), make_named("Ana", "Reis")
        assert len(_all(signed_in)[0]) == 1
        for _again in range(2):
            with signed_in.writing() as ctx:
                patients.not_the_same(ctx, other, one)
        assert _all(signed_in)[0] == {}
        with signed_in.writing() as ctx:
            patients.maybe_the_same(ctx, one, other)
        assert len(_all(signed_in)[0]) == 1
        with signed_in.writing() as ctx:
            patients.not_the_same(ctx, one, other)
        assert _all(signed_in)[0] == {}

    def test_a_merged_pair_is_gone(self, make_named, signed_in) -> None:
        one, other = make_named("Ana", "Reis"), make_named("Ana", "Reis")
        with signed_in.writing() as ctx:
            patients.merge(ctx, id=new_id(), survivor_id=one, merged_id=other)
        assert _all(signed_in)[0] == {}
        with signed_in.writing() as ctx, pytest.raises(ConflictError):
            patients.not_the_same(ctx, one, other)

    def test_oneself_and_right(self, make_named, signed_in, sign_in) -> None:
        one = make_named("Ana", "Reis")
        with signed_in.writing() as ctx, pytest.raises(ConflictError):
            patients.not_the_same(ctx, one, one)
        with sign_in("u_compliance").writing() as ctx, pytest.raises(NotAllowedError):
            patients.not_the_same(ctx, one, new_id())
