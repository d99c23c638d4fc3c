"""The report of records that may be one person: all pairs of the clinic, part by part.

Nobody is compared with everybody. People meet who share a birth date, a phone, an e-mail address
or the look of their name; each of these keys is walked in its own index, a few thousand records
a step, so that a million of them stay feasible and the finds of one step show at once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from clinic_desktop.domain.folding import fold, latin
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.names import LOOKS, full_name
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError
from clinic_desktop.i18n import _
from clinic_desktop.models import Patient, PatientDistinct
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.duplicates import POINTS, judge
from clinic_desktop.services.patients.schemas import (
    DuplicateDraft,
    DuplicatePair,
    PairPage,
    PairPlace,
    PairSide,
)

ENOUGH: Final = 55
# How many records one step looks at, and how many may share a key before they are compared no
# more: a birth date that stands for "not known", the phone of a school.
_STEP: Final = 3000
_MOST_OF_ONE: Final = 60
_NEAR: Final = 86
# Below this the names of two people with one birth date are not looked at again.
_WORTH: Final = 62
_OTHER_NAME: Final = -25
BLOCKS: Final = ("born", "phone", "email", "name")

_FIELDS: Final = (
    "id", "number", "given", "family", "other_name", "born", "born_estimated", "phone", "email",
    "address", "postcode", "status", "household_id",
)  # fmt: skip
_OWN: Final = "p.clinic_id = :clinic AND p.deleted_at IS NULL"
_COLUMNS: Final = ", ".join(f"p.{field}" for field in _FIELDS)
_UPPER: Final = {
    "born": text(
        "SELECT p.born FROM patient p WHERE p.clinic_id = :clinic "
        "AND p.born > CAST(:after AS date) ORDER BY p.born OFFSET :step LIMIT 1"
    ),
    "phone": text(
        "SELECT p.phone FROM patient p WHERE p.clinic_id = :clinic AND p.phone > :after "
        "ORDER BY p.phone OFFSET :step LIMIT 1"
    ),
    "email": text(
        "SELECT p.email FROM patient p WHERE p.clinic_id = :clinic AND p.email > :after "
        "AND p.email <> '' ORDER BY p.email OFFSET :step LIMIT 1"
    ),
    "name": text(
        "SELECT w.word FROM patient_word w WHERE w.clinic_id = :clinic "
        'AND w.word > :after COLLATE "C" AND w.word < :end COLLATE "C" '
        "ORDER BY w.word OFFSET :step LIMIT 1"
    ),
}
# Each returns the records that share a key with another one, with the key.
_SHARED: Final = {
    "born": text(
        f"SELECT CAST(p.born AS text) AS key, {_COLUMNS} FROM patient p WHERE {_OWN} "  # noqa: S608 - put together from the constants here
        "AND p.born > CAST(:after AS date) AND p.born <= CAST(:upper AS date) "
        "AND NOT p.born_estimated"
    ),
    "phone": text(
        f"SELECT s.key, {_COLUMNS} FROM (SELECT q.phone AS key FROM patient q "  # noqa: S608 - see above
        "WHERE q.clinic_id = :clinic AND q.phone > :after AND q.phone <= :upper "
        "GROUP BY q.phone HAVING count(*) > 1) s "
        f"JOIN patient p ON p.phone = s.key WHERE {_OWN}"
    ),
    "email": text(
        f"SELECT s.key, {_COLUMNS} FROM (SELECT q.email AS key FROM patient q "  # noqa: S608 - see above
        "WHERE q.clinic_id = :clinic AND q.email > :after AND q.email <= :upper "
        "AND q.email <> '' GROUP BY q.email HAVING count(*) > 1) s "
        f"JOIN patient p ON p.email = s.key AND p.email <> '' WHERE {_OWN}"
    ),
    "name": text(
        f"SELECT w.word AS key, {_COLUMNS} FROM (SELECT q.word FROM patient_word q "  # noqa: S608 - see above
        'WHERE q.clinic_id = :clinic AND q.word > :after COLLATE "C" '
        'AND q.word <= :upper COLLATE "C" AND q.word < :end COLLATE "C" '
        "GROUP BY q.word HAVING count(*) > 1) s "
        "JOIN patient_word w ON w.clinic_id = :clinic AND w.word = s.word "
        f"JOIN patient p ON p.id = w.patient_id WHERE {_OWN}"
    ),
}
_FIRST: Final = {"born": "0001-01-01", "phone": "", "email": "", "name": LOOKS}
_LAST: Final = {"born": "9999-12-31", "phone": "\U0010ffff", "email": "\U0010ffff", "name": ""}
_NAME_END: Final = chr(ord(LOOKS) + 1)
_DISTINCT: Final = select(PatientDistinct.first_id, PatientDistinct.second_id).where(
    PatientDistinct.clinic_id == bindparam("clinic"),
    PatientDistinct.first_id == bindparam("ids", type_=ARRAY(Uuid)).any_(),
    PatientDistinct.deleted_at.is_(None),
)
_IN_USE: Final = select(Patient.id).where(
    Patient.clinic_id == bindparam("clinic"),
    Patient.id == bindparam("ids", type_=ARRAY(Uuid)).any_(),
    Patient.deleted_at.is_(None),
)
_REMEMBER: Final = text(
    """
    INSERT INTO patient_distinct AS d (clinic_id, id, first_id, second_id)
    VALUES (:clinic, :id, :first, :second)
    ON CONFLICT (clinic_id, first_id, second_id)
    DO UPDATE SET deleted_at = NULL, version = d.version + 1 WHERE d.deleted_at IS NOT NULL
    """
)
_FORGET: Final = text(
    """
    UPDATE patient_distinct d SET deleted_at = now(), version = d.version + 1
    WHERE d.clinic_id = :clinic AND d.first_id = :first AND d.second_id = :second
      AND d.deleted_at IS NULL
    """
)


def duplicate_pairs(ctx: Context, *, after: PairPlace | None = None) -> PairPage:
    """Return the pairs found in the next step, best first, and where the one after begins.

    A pair may be found again in a later step, by another key: its ``key`` is the same. Pairs of
    which somebody said that they are two people are left out. ``skipped`` counts records that
    share a key with too many others to be compared by it.
    """
    ctx.need(Permission.PATIENTS_READ)
    place = after or PairPlace(block=BLOCKS[0], after=_FIRST[BLOCKS[0]])
    values = {
        "clinic": ctx.clinic_id, "after": place.after, "step": _STEP, "end": _NAME_END,
    }  # fmt: skip
    found = ctx.connection.execute(_UPPER[place.block], values).scalar()
    upper = _LAST[place.block] if found is None else str(found)
    if place.block == "name" and found is None:
        upper = _NAME_END
    rows = ctx.connection.execute(_SHARED[place.block], {**values, "upper": upper})
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        record = row._asdict()
        groups[record.pop("key")].append(record)
    pairs, skipped = _of_groups(ctx, place.block, groups)
    return PairPage(
        pairs=tuple(sorted(pairs, key=lambda pair: (-pair.score, pair.key))),
        skipped=skipped,
        next=_next(place.block, upper, last=found is None),
    )


def not_the_same(ctx: Context, one: UUID, other: UUID) -> None:
    """Remember that two records are two people; they are not proposed again."""
    ctx.need(Permission.PATIENTS_WRITE)
    first, second = sorted((one, other))
    if first == second:
        raise ConflictError(_("These are the same record. Choose another one."))
    there = ctx.connection.execute(_IN_USE, {"clinic": ctx.clinic_id, "ids": [first, second]})
    if len(there.all()) < len({first, second}):
        raise ConflictError(_("One of the records is no longer in use."))
    values = {"clinic": ctx.clinic_id, "id": new_id(), "first": first, "second": second}
    ctx.connection.execute(_REMEMBER, values)


def maybe_the_same(ctx: Context, one: UUID, other: UUID) -> None:
    """Take back that two records are two people."""
    ctx.need(Permission.PATIENTS_WRITE)
    first, second = sorted((one, other))
    values = {"clinic": ctx.clinic_id, "first": first, "second": second}
    ctx.connection.execute(_FORGET, values)


# -- comparing ------------------------------------------------------------------------------------


def _next(block: str, upper: str, *, last: bool) -> PairPlace | None:
    if not last:
        return PairPlace(block=block, after=upper)
    following = BLOCKS.index(block) + 1
    if following == len(BLOCKS):
        return None
    return PairPlace(block=BLOCKS[following], after=_FIRST[BLOCKS[following]])


def _of_groups(
    ctx: Context, block: str, groups: dict[str, list[dict[str, Any]]]
) -> tuple[list[DuplicatePair], int]:
    candidates: dict[tuple[UUID, UUID], tuple[dict[str, Any], dict[str, Any]]] = {}
    skipped = 0
    for group in groups.values():
        for part in _parts(block, group):
            if len(part) > _MOST_OF_ONE:
                skipped += len(part)
                continue
            for one, other in _worth(block, part):
                first, second = sorted((one, other), key=lambda row: row["id"])
                candidates[first["id"], second["id"]] = (first, second)
    found = [pair for pair in (_judged(*both) for both in candidates.values()) if pair is not None]
    known = _known_distinct(ctx, [pair.first.id for pair in found])
    return [pair for pair in found if (pair.first.id, pair.second.id) not in known], skipped


def _parts(block: str, group: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield a group whole, or in smaller ones where a key is shared by too many."""
    if block == "name":
        # One name is no reason by itself, and there are many of it in a large clinic: those are
        # compared who share something more.
        for shared in (_birth, _phone, _email, _address):
            yield from _by(shared, group)
    elif len(group) <= _MOST_OF_ONE or block != "born":
        yield group
    else:
        yield from _by(_initial, group)


def _by(
    shared: Callable[[dict[str, Any]], object], group: list[dict[str, Any]]
) -> Iterator[list[dict[str, Any]]]:
    smaller: dict[object, list[dict[str, Any]]] = defaultdict(list)
    for row in group:
        key = shared(row)
        if key:
            smaller[key].append(row)
    yield from (part for part in smaller.values() if len(part) > 1)


def _phone(row: dict[str, Any]) -> object:
    return row["phone"]


def _email(row: dict[str, Any]) -> object:
    return row["email"]


def _initial(row: dict[str, Any]) -> str:
    return " ".join(sorted(word[:2] for word in _latin_name(row).split()))


def _birth(row: dict[str, Any]) -> object:
    born: date | None = row["born"]
    return born and (born.year, *sorted((born.month, born.day)))


def _worth(
    block: str, group: Sequence[dict[str, Any]]
) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the pairs that are looked at closely: of one birth date, those of near names."""
    if len(group) < 2:
        return ()
    if block != "born":
        return combinations(group, 2)
    # Loaded with the first report: a start of the program stays without it.
    from rapidfuzz import fuzz

    named = [(_latin_name(row), row) for row in group]
    return (
        (one, other)
        for (name, one), (other_name, other) in combinations(named, 2)
        if fuzz.ratio(name, other_name, score_cutoff=_WORTH)
    )


def _latin_name(row: dict[str, Any]) -> str:
    return " ".join(sorted(latin(f"{row['given']} {row['family']}")))


def _judged(first: dict[str, Any], second: dict[str, Any]) -> DuplicatePair | None:
    draft = DuplicateDraft.model_construct(
        given=first["given"],
        family=first["family"],
        other_name=first["other_name"],
        born=first["born"],
        born_estimated=first["born_estimated"],
        phone=first["phone"],
        email=first["email"],
    )
    reasons, score = judge(draft, first["phone"], second)
    if not reasons or reasons[0] not in ("same_name", "looks_alike", "sounds_alike"):
        reasons, score = _by_spelling(first, second, reasons, score)
    if _address(first) and _address(first) == _address(second):
        reasons, score = (*reasons, "same_address"), score + POINTS["same_address"]
    if score < ENOUGH:
        return None
    return DuplicatePair(
        first=_side(first), second=_side(second), score=min(score, 100), reasons=reasons
    )


def _by_spelling(
    first: dict[str, Any], second: dict[str, Any], reasons: tuple[str, ...], score: int
) -> tuple[tuple[str, ...], int]:
    """Look at the names as they are spelt in Latin; other names are other people: twins."""
    from rapidfuzz import fuzz

    reasons = tuple(reason for reason in reasons if reason != "begins_alike")
    score = sum(POINTS[reason] for reason in reasons) + min(0, score - sum(map(_points, reasons)))
    one, other = _latin_name(first), _latin_name(second)
    other_names = {_folded(row["other_name"]) for row in (first, second)} - {""}
    if one and one == other:
        return ("other_script", *reasons), score + POINTS["other_script"]
    if other_names & {one, other}:
        return ("other_script", *reasons), score + POINTS["other_script"]
    if fuzz.ratio(one, other) >= _NEAR:
        return ("near_name", *reasons), score + POINTS["near_name"]
    return reasons, score + _OTHER_NAME


def _points(reason: str) -> int:
    return POINTS[reason]


def _folded(name: str) -> str:
    return " ".join(sorted(latin(name)))


def _address(row: dict[str, Any]) -> str:
    return fold(f"{row['address']} {row['postcode']}").strip() if row["address"] else ""


def _side(row: dict[str, Any]) -> PairSide:
    return PairSide(
        id=row["id"],
        number=row["number"],
        name=full_name(row["given"], row["family"]),
        born=row["born"],
        born_estimated=row["born_estimated"],
        phone=row["phone"],
        status=row["status"],
    )


def _known_distinct(ctx: Context, ids: list[UUID]) -> set[tuple[UUID, UUID]]:
    if not ids:
        return set()
    rows = ctx.connection.execute(_DISTINCT, {"clinic": ctx.clinic_id, "ids": ids})
    return {(row.first_id, row.second_id) for row in rows}
