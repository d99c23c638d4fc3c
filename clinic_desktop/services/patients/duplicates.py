"""Records that may be the same person as the one being typed, with the reasons."""

from collections.abc import Iterable
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from clinic_desktop.domain.folding import fold, latin, skeleton, words_in
from clinic_desktop.domain.names import LONGEST_WORD, LOOKS, SOUND, sounds_of
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.phones import digits_of, read_phone
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_
from clinic_desktop.models import Patient
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.schemas import Duplicate, DuplicateDraft
from clinic_desktop.services.patients.search import find_spans
from clinic_desktop.services.patients.walks import Spans

REASONS: Final[dict[str, str]] = {
    "same_name": N_("same name"),
    "looks_alike": N_("name looks the same"),
    "sounds_alike": N_("names sound alike"),
    "begins_alike": N_("name begins so"),
    "same_born": N_("same birth date"),
    "turned_born": N_("day and month turned round"),
    "same_phone": N_("same phone"),
    "same_email": N_("same e-mail"),
    "near_name": N_("name nearly the same"),
    "other_script": N_("same name in other letters"),
    "same_address": N_("same address"),
}
POINTS: Final = {
    "same_name": 50,
    "looks_alike": 50,
    "sounds_alike": 30,
    "begins_alike": 30,
    "same_born": 25,
    "turned_born": 15,
    "same_phone": 30,
    "same_email": 35,
    "near_name": 35,
    "other_script": 45,
    "same_address": 15,
}
_OTHER_BIRTH: Final = -20
_ENOUGH: Final = 30
_MOST: Final = 6
_EACH: Final = 30

_EXACT: Final = text(
    """
    SELECT f.patient_id
    FROM unnest(CAST(:words AS text[])) AS e(word)
    CROSS JOIN LATERAL (
        SELECT w.patient_id FROM patient_word w
        WHERE w.clinic_id = :clinic AND w.word = e.word COLLATE "C" LIMIT :each
    ) f
    UNION
    (SELECT p.id FROM patient p
     WHERE p.clinic_id = :clinic AND p.born = CAST(:born AS date) AND p.deleted_at IS NULL
     LIMIT 100)
    """
)
# The family's sound is walked along; the given name's is asked of each record's own words.
_ALIKE: Final = text(
    """
    SELECT p.id
    FROM unnest(CAST(:family AS text[])) AS e(word)
    CROSS JOIN LATERAL (
        SELECT p.id FROM patient_word w
        JOIN patient p ON p.clinic_id = :clinic AND p.id = w.patient_id
        WHERE w.clinic_id = :clinic AND w.word = e.word COLLATE "C" AND p.deleted_at IS NULL
          AND p.words && CAST(:given AS text[])
        LIMIT :each
    ) p
    """
)
_RECORDS: Final = select(
    Patient.id,
    Patient.number,
    Patient.given,
    Patient.family,
    Patient.other_name,
    Patient.born,
    Patient.born_estimated,
    Patient.phone,
    Patient.email,
    Patient.status,
    Patient.household_id,
).where(
    Patient.clinic_id == bindparam("clinic"),
    Patient.id == bindparam("ids", type_=ARRAY(Uuid)).any_(),
    Patient.deleted_at.is_(None),
)


def possible_duplicates(ctx: Context, draft: DuplicateDraft) -> tuple[Duplicate, ...]:
    """Return the records most like what stands in the form, best first, six at most.

    Compared are the name (as written, as it looks, as it sounds, as far as it is typed), phone,
    e-mail and birth date; a birth date that differs speaks against. Nothing is refused.
    """
    ctx.need(Permission.PATIENTS_READ)
    phone = _phone(draft.phone, ctx.who.country)
    ids = _candidates(ctx, draft, phone)
    if draft.id is not None:
        ids.discard(draft.id)
    if not ids:
        return ()
    rows = ctx.connection.execute(_RECORDS, {"clinic": ctx.clinic_id, "ids": list(ids)})
    found = (judged(draft, phone, row._asdict()) for row in rows)
    # A child has the mother's phone and another birth date: that is asked at the phone.
    likely = [one for one in found if one.score >= _ENOUGH or "same_phone" in one.reasons]
    return tuple(sorted(likely, key=lambda one: (-one.score, one.name, one.id))[:_MOST])


def _phone(typed: str, country: str) -> str:
    """Return the number as it is stored; half a number is compared with nothing."""
    try:
        return read_phone(typed, country) if typed else ""
    except InvalidError:
        return ""


def _candidates(ctx: Context, draft: DuplicateDraft, phone: str) -> set[UUID]:
    names = " ".join(part for part in (draft.given, draft.family) if part)
    words = [LOOKS + skeleton(names)[:LONGEST_WORD]] if names else []
    words += [digits_of(phone.partition(";")[0])] if phone else []
    words += [fold(draft.email)[:LONGEST_WORD]] if "@" in draft.email else []
    clinic = {"clinic": ctx.clinic_id, "each": _EACH}
    born = draft.born if not draft.born_estimated else None
    ids: set[UUID] = set()
    if words or born is not None:
        exact = ctx.connection.execute(_EXACT, {**clinic, "words": words, "born": born})
        ids |= set(cast("Iterable[UUID]", exact.scalars()))
    if draft.given and draft.family:
        family, given = sounds_of(draft.family), sounds_of(draft.given)
        alike = ctx.connection.execute(
            _ALIKE,
            {
                **clinic,
                "family": [SOUND + key for key in family],
                "given": [SOUND + key for key in given],
            },
        )
        ids |= set(cast("Iterable[UUID]", alike.scalars()))
        ids |= {row.id for row in find_spans(ctx, _beginnings(draft), _EACH)}
    return ids


def _beginnings(draft: DuplicateDraft) -> list[Spans]:
    words = (word for part in (draft.given, draft.family) for word in _words(part))
    spans: list[Spans] = [((word, word + "\U0010ffff"),) for word in dict.fromkeys(words)]
    return spans[:4]


def _words(name: str) -> list[str]:
    """Return a name's words as both sides of a comparison have them."""
    return list(latin(name)) or words_in(fold(name)) or [fold(name)]


def judged(draft: DuplicateDraft, phone: str, row: dict[str, Any]) -> Duplicate:
    """Return how much a record is like a draft; ``phone`` is the draft's as it is stored."""
    reasons, score = judge(draft, phone, row)
    shown = {field: row[field] for field in Duplicate.model_fields if field in row}
    return Duplicate(**shown, score=score, reasons=reasons)


def judge(draft: DuplicateDraft, phone: str, row: dict[str, Any]) -> tuple[tuple[str, ...], int]:
    """Return the reasons why a record may be the person of the form, and their points.

    ``phone`` is the form's number as it is stored.
    """
    reasons = list(_reasons_of_name(draft, row))
    other_birth = False
    if draft.born is not None and row["born"] is not None:
        if draft.born == row["born"] and not draft.born_estimated:
            reasons.append("same_born")
        elif _is_turned(draft, row):
            reasons.append("turned_born")
        else:
            exact = not draft.born_estimated and not row["born_estimated"]
            other_birth = exact or abs((draft.born - row["born"]).days) > 3 * 366
    if phone and phone == row["phone"]:
        reasons.append("same_phone")
    if draft.email and fold(draft.email) == fold(row["email"]):
        reasons.append("same_email")
    score = sum(POINTS[reason] for reason in reasons) + (_OTHER_BIRTH if other_birth else 0)
    return tuple(reasons), score


def _is_turned(draft: DuplicateDraft, row: dict[str, Any]) -> bool:
    born, other = draft.born, row["born"]
    return born is not None and (born.year, born.month, born.day) == (
        other.year,
        other.day,
        other.month,
    )


def _reasons_of_name(draft: DuplicateDraft, row: dict[str, Any]) -> Iterable[str]:
    """Yield the one strongest reason that lies in the names."""
    typed, known = f"{draft.given} {draft.family}", f"{row['given']} {row['family']}"
    if not typed.strip():
        return
    if sorted(words_in(fold(typed))) == sorted(words_in(fold(known))) and words_in(fold(typed)):
        yield "same_name"
    elif skeleton(typed) and skeleton(typed) == skeleton(known):
        yield "looks_alike"
    elif draft.given and draft.family:
        if _all_sound(draft, row):
            yield "sounds_alike"
        elif _all_begin(draft, row):
            yield "begins_alike"


def _all_sound(draft: DuplicateDraft, row: dict[str, Any]) -> bool:
    parts = ((draft.given, row["given"]), (draft.family, row["family"]))
    straight = [set(sounds_of(a)) & set(sounds_of(b, row["other_name"])) for a, b in parts]
    turned = [
        set(sounds_of(draft.given)) & set(sounds_of(row["family"])),
        set(sounds_of(draft.family)) & set(sounds_of(row["given"])),
    ]
    return all(straight) or all(turned)


def _all_begin(draft: DuplicateDraft, row: dict[str, Any]) -> bool:
    known = [w for field in ("given", "family", "other_name") for w in _words(row[field])]
    typed = [*_words(draft.given), *_words(draft.family)]
    return all(any(word.startswith(begun) for word in known) for begun in typed)
