"""What of the list is shown: conditions asked of the database, page by page.

A page walks an index, by names or by a key (tag, birthday), checks each record on its way and
stops when it is full or has looked through as many records as one question may; the next page goes
on from there. So it takes as long at a million patients as at a thousand.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import InvalidError, NotAllowedError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.lines import (
    COLUMNS,
    FIRST,
    MINE,
    line_values,
    lines,
    rows_of_lines,
)
from clinic_desktop.services.patients.list_schemas import Found, ListFilter
from clinic_desktop.services.patients.lists import NOT_ARCHIVED, list_page
from clinic_desktop.services.patients.schemas import PatientRow, Place
from clinic_desktop.services.patients.search import find

STATUSES: Final[dict[str, tuple[str, ...]]] = {
    "current": NOT_ARCHIVED,
    "active": ("active",),
    "inactive": ("inactive",),
    "deceased": ("deceased",),
    "archived": ("archived",),
}
BIRTHDAYS: Final = ("today", "week", "month", "next_month")
LAST_VISITS: Final = {"6m": 6, "12m": 12, "18m": 18, "24m": 24}
NEVER: Final = "never"
# Records looked through by one statement, and statements by one question.
LOOKED_AT: Final = 2000
STEPS: Final = 4
_SPAN: Final = re.compile(r"(\d{4})-(\d{4})")
_LEAP: Final = 2024

# OFFSET 0 keeps each of them a look-up for the record at hand: joined freely, the server would
# rather read all visits of the clinic.
_ONE: Final = " OFFSET 0)"
_VISIT: Final = (
    "SELECT FROM appointment v WHERE v.clinic_id = :clinic AND v.patient_id = p.id "
    "AND v.deleted_at IS NULL AND "
)
# Each is asked of a record on the way, never of all.
_CONDITIONS: Final = {
    "tag": "CAST(:tag AS uuid) = ANY (p.tags)",
    "provider": (
        f"EXISTS ({_VISIT} v.provider_id = :provider "
        f"AND v.status NOT IN ('cancelled', 'rescheduled'){_ONE}"
    ),
    "next_none": (
        f"NOT EXISTS ({_VISIT} v.starts_at >= :now AND v.status IN ('pending', 'confirmed'){_ONE}"
    ),
    "next_booked": (
        f"EXISTS ({_VISIT} v.starts_at >= :now AND v.status IN ('pending', 'confirmed'){_ONE}"
    ),
    "balance_open": (
        "(SELECT sum(o.amount) FROM posting o WHERE o.clinic_id = :clinic "
        "AND o.patient_id = p.id) > 0"
    ),
    "balance_credit": (
        "(SELECT sum(o.amount) FROM posting o WHERE o.clinic_id = :clinic "
        "AND o.patient_id = p.id) < 0"
    ),
    "seen_before": (
        f"EXISTS ({_VISIT} v.starts_at < :before AND v.status = 'done'{_ONE} "
        f"AND NOT EXISTS ({_VISIT} v.starts_at >= :before AND v.starts_at <= :now "
        f"AND v.status = 'done'{_ONE}"
    ),
    "never_seen": f"NOT EXISTS ({_VISIT} v.status = 'done'{_ONE}",
    "birthday": (
        "EXISTS (SELECT FROM unnest(CAST(:lows AS text[]), CAST(:highs AS text[])) AS d(low, high) "
        "WHERE 'born:' || to_char(p.born, 'MMDD') BETWEEN d.low AND d.high)"
    ),
}
_SCAN: Final = f"""
    SELECT {{columns}} FROM patient p WHERE {MINE} AND {{status}}
      AND (p.sort_key, p.id) > (:key, :after) ORDER BY p.sort_key, p.id LIMIT {LOOKED_AT}"""  # noqa: S608 - put together from the constants here
_KEYS: Final = f"""
    SELECT k.key, k.sort_key, k.patient_id FROM patient_key k
    WHERE k.clinic_id = :clinic AND k.key <= :high
      AND (k.key, k.sort_key, k.patient_id) > (:word, :key, :after)
    ORDER BY k.key, k.sort_key, k.patient_id LIMIT {LOOKED_AT}"""  # noqa: S608 - see above
_ONE_STATUS: Final = "p.status = :status"
_SEVERAL: Final = "p.status = ANY (CAST(:statuses AS text[]))"


@lru_cache(maxsize=64)
def _by_name(conditions: tuple[str, ...], status: str) -> tuple[Prepared, Prepared]:
    """Return the statement of a page along the names, and the one that says how far it looked."""
    wanted = " AND ".join(_CONDITIONS[name] for name in conditions)
    scan = _SCAN.format(columns="p.*", status=status)
    page = lines(
        f"SELECT '' AS word, p.sort_key, {COLUMNS} FROM ({scan}) p WHERE {wanted} "  # noqa: S608 - see above
        "ORDER BY p.sort_key, p.id LIMIT :limit",
        "h.sort_key, h.id",
    )
    ends = _SCAN.format(columns="p.sort_key, p.id", status=status)
    return page, _end_of(f"SELECT '' AS word, s.sort_key, s.id FROM ({ends}) s")  # noqa: S608 - see above


@lru_cache(maxsize=64)
def _by_key(conditions: tuple[str, ...]) -> tuple[Prepared, Prepared]:
    """Return the same along a tag or along birthdays."""
    wanted = "".join(f" AND {_CONDITIONS[name]}" for name in conditions)
    page = lines(
        f"""
        SELECT k.key AS word, k.sort_key, p.* FROM ({_KEYS}) k
        CROSS JOIN LATERAL (
            SELECT {COLUMNS} FROM patient p WHERE {MINE} AND p.id = k.patient_id
              AND {_SEVERAL}{wanted} OFFSET 0
        ) p ORDER BY k.key, k.sort_key, k.patient_id LIMIT :limit""",  # noqa: S608 - see above
        "h.word, h.sort_key, h.id",
    )
    return page, _end_of(
        f"SELECT k.key AS word, k.sort_key, k.patient_id AS id FROM ({_KEYS}) k"  # noqa: S608 - see above
    )


def _end_of(source: str) -> Prepared:
    return Prepared(
        text(
            f"SELECT e.word, e.sort_key, e.id, count(*) OVER () FROM ({source}) e "  # noqa: S608 - see above
            "ORDER BY e.word DESC, e.sort_key DESC, e.id DESC LIMIT 1"
        )
    )


def matching(
    ctx: Context,
    chosen: ListFilter,
    *,
    typed: str = "",
    after: Place | None = None,
    limit: int = 100,
) -> Found:
    """Return the next patients who fit the filter, and what is typed.

    Along birthdays the list is in their order, else in the order of names. Raises InvalidError for
    a filter that says nothing sensible, NotAllowedError for money without the right to see it.
    """
    ctx.need(Permission.PATIENTS_READ)
    statuses = STATUSES.get(chosen.status, NOT_ARCHIVED)
    if typed:
        rows = find(ctx, typed, limit=limit, after=after, statuses=statuses)
        exact = [row for row in rows if not row.sounds_like]
        place = exact[-1].place if len(exact) == limit else None
        return Found(rows=rows if chosen.plain else _fitting(ctx, chosen, rows), next=place)
    if chosen.plain:
        rows = list_page(ctx, after=after, limit=limit, statuses=statuses)
        return Found(rows=rows, next=rows[-1].place if len(rows) == limit else None)
    conditions, values = _conditions(ctx, chosen)
    spans = _spans(conditions, values)
    if spans:
        return _walk_keys(ctx, conditions, values, statuses, spans, after, limit)
    return _walk_names(ctx, conditions, values, statuses, after, limit)


def _spans(conditions: list[str], values: dict[str, Any]) -> list[tuple[str, str]]:
    """Return from where to where the keys are walked; the walked condition needs no check."""
    for walked in ("tag", "birthday"):
        if walked in conditions:
            conditions.remove(walked)
            if walked == "tag":
                key = f"tag:{values.pop('tag')}"
                return [(key, key)]
            return list(zip(values.pop("lows"), values.pop("highs"), strict=True))
    return []


def _walk_names(
    ctx: Context,
    conditions: list[str],
    values: dict[str, Any],
    statuses: Sequence[str],
    after: Place | None,
    limit: int,
) -> Found:
    place = after or FIRST
    one = len(statuses) == 1
    page, end = _by_name(tuple(conditions), _ONE_STATUS if one else _SEVERAL)
    values |= {"status": statuses[0]} if one else {"statuses": list(statuses)}
    found: list[PatientRow] = []
    for _step in range(STEPS):
        here = {"key": place.sort_key, "after": place.patient_id}
        rows = page.all(ctx.connection, **values, **here, limit=limit - len(found))
        found += rows_of_lines(rows, -1)
        if len(found) == limit:
            return Found(rows=tuple(found), next=found[-1].place)
        last = end.first(ctx.connection, **_only(end, {**values, **here}))
        if last is None or last[3] < LOOKED_AT:
            return Found(rows=tuple(found), next=None)
        place = Place(-1, *last[:3])
    return Found(rows=tuple(found), next=place)


def _walk_keys(
    ctx: Context,
    conditions: list[str],
    values: dict[str, Any],
    statuses: Sequence[str],
    spans: list[tuple[str, str]],
    after: Place | None,
    limit: int,
) -> Found:
    page, end = _by_key(tuple(conditions))
    values |= {"statuses": list(statuses)}
    walk = max(after.walk, 0) if after is not None else 0
    place = after or Place(walk, spans[0][0], "", FIRST.patient_id)
    found: list[PatientRow] = []
    for _step in range(STEPS):
        here = {
            "word": place.word, "key": place.sort_key, "after": place.patient_id,
            "high": spans[walk][1],
        }  # fmt: skip
        rows = page.all(ctx.connection, **values, **here, limit=limit - len(found))
        found += rows_of_lines(rows, walk)
        if len(found) == limit:
            return Found(rows=tuple(found), next=found[-1].place)
        last = end.first(ctx.connection, **_only(end, {**values, **here}))
        if last is not None and last[3] == LOOKED_AT:
            place = Place(walk, *last[:3])
        elif walk + 1 < len(spans):
            walk += 1
            place = Place(walk, spans[walk][0], "", FIRST.patient_id)
        else:
            return Found(rows=tuple(found), next=None)
    return Found(rows=tuple(found), next=place)


def _only(statement: Prepared, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that a statement names."""
    return {name: value for name, value in values.items() if f"%({name})s" in statement.sql}


@lru_cache(maxsize=64)
def _check(conditions: tuple[str, ...]) -> Prepared:
    wanted = " AND ".join(_CONDITIONS[name] for name in conditions)
    return Prepared(
        text(
            f"SELECT p.id FROM patient p WHERE {MINE} "  # noqa: S608 - see above
            f"AND p.id = ANY (CAST(:ids AS uuid[])) AND {wanted}"
        )
    )


def _fitting(
    ctx: Context, chosen: ListFilter, rows: tuple[PatientRow, ...]
) -> tuple[PatientRow, ...]:
    """Return those of a page found by what was typed who fit the filter as well."""
    conditions, values = _conditions(ctx, chosen)
    check = _check(tuple(conditions))
    named = _only(check, {**values, "ids": [row.id for row in rows]})
    fitting = {one for (one,) in check.all(ctx.connection, **named)}
    return tuple(row for row in rows if row.id in fitting)


def _conditions(ctx: Context, chosen: ListFilter) -> tuple[list[str], dict[str, Any]]:
    """Return the names of the conditions and the values of their statement."""
    names: list[str] = []
    values = line_values(ctx)
    today = ctx.now.astimezone(ctx.zone).date()
    if chosen.tag is not None:
        names.append("tag")
        values["tag"] = chosen.tag
    if chosen.birthday:
        names.append("birthday")
        spans = birthday_spans(chosen.birthday, today)
        values["lows"] = [f"born:{low}" for low, _high in spans]
        values["highs"] = [f"born:{high}" for _low, high in spans]
    if chosen.provider is not None:
        names.append("provider")
        values["provider"] = chosen.provider
    if chosen.next_visit:
        names.append(f"next_{chosen.next_visit}")
    if chosen.last_visit == NEVER:
        names.append("never_seen")
    elif chosen.last_visit:
        names.append("seen_before")
        day = last_visit_day(chosen.last_visit, today)
        values["before"] = datetime.combine(day, time(), ctx.zone)
    if chosen.balance:
        if not ctx.who.may(Permission.BILLING_READ):
            raise NotAllowedError(_("Your roles do not include seeing accounts."))
        names.append(f"balance_{chosen.balance}")
    return names, values


def birthday_spans(words: str, today: date) -> list[tuple[str, str]]:
    """Return spans of month and day, ``0228`` to ``0301``; two where the year ends between."""
    if words == "today":
        first = last = today
    elif words == "week":
        first, last = today, today + timedelta(days=6)
    elif words in ("month", "next_month"):
        first = _months_on(today.replace(day=1), int(words == "next_month"))
        last = first.replace(day=monthrange(first.year, first.month)[1])
    else:
        return _typed_spans(words)
    low, high = f"{first:%m%d}", f"{last:%m%d}"
    if last.month == 2 and last.day == monthrange(last.year, 2)[1]:
        # Whoever was born on the 29th is not left out of a shorter year.
        high = "0229"
    return [(low, high)] if low <= high else [(low, "1231"), ("0101", high)]


def _typed_spans(words: str) -> list[tuple[str, str]]:
    found = _SPAN.fullmatch(words)
    if found is None:
        raise InvalidError(_("Write two days, for example 1 March and 15 March."), field="birthday")
    low, high = found.groups()
    for one in (low, high):
        try:
            date(_LEAP, int(one[:2]), int(one[2:]))
        except ValueError as error:
            raise InvalidError(_("There is no such day."), field="birthday") from error
    return [(low, high)] if low <= high else [(low, "1231"), ("0101", high)]


def last_visit_day(words: str, today: date) -> date:
    """Return the day before which somebody was seen last."""
    if words in LAST_VISITS:
        return _months_on(today, -LAST_VISITS[words])
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise InvalidError(_("There is no such day."), field="last_visit") from error


def _months_on(day: date, months: int) -> date:
    """Return the same day of another month, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


WORDS: Final = {
    "birthday": {
        "today": N_("Birthday today"),
        "week": N_("Birthday in the next 7 days"),
        "month": N_("Birthday this month"),
        "next_month": N_("Birthday next month"),
    },
    "last_visit": {
        "6m": N_("Last visit over 6 months ago"),
        "12m": N_("Last visit over 12 months ago"),
        "18m": N_("Last visit over 18 months ago"),
        "24m": N_("Last visit over 2 years ago"),
        NEVER: N_("Never seen"),
    },
    "next_visit": {"none": N_("No next visit"), "booked": N_("Next visit booked")},
    "balance": {"open": N_("Owes money"), "credit": N_("In credit")},
}
