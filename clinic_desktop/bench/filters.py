"""The first answer of each filter of the patient list, alone and in pairs, beside the driver."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any, Final

from clinic_desktop.bench.rows import Call, Line
from clinic_desktop.bench.services import ServiceBench
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients import matching, tags
from clinic_desktop.services.patients.list_schemas import ListFilter

# A question looks through 8,000 records at most, however many there are.
MOST_MS: Final = 400.0
RATIO: Final = 1.8
ROUNDS: Final = 12
ROUNDS_OF_PAIRS: Final = 3
PAGE: Final = 100


def lines(services: ServiceBench) -> Iterator[Line]:
    """Yield a line for each condition, and one for the slowest two together."""
    alone = _conditions(services)
    for name, choices in alone.items():
        yield _measured(services, name, choices)
    pairs = [
        _measured(services, f"{one} and {other}", {**alone[one], **alone[other]}, ROUNDS_OF_PAIRS)
        for one, other in combinations(alone, 2)
        if not alone[one].keys() & alone[other].keys()
    ]
    slowest = max(pairs, key=lambda line: line.ours_ms)
    yield replace(
        slowest,
        name=f"the slowest of {len(pairs)} pairs of filters: {slowest.name}",
        held=all(line.ours_ms <= MOST_MS for line in pairs),
    )


def _conditions(services: ServiceBench) -> dict[str, dict[str, Any]]:
    with services.signed_in.reading() as ctx:
        there = tags(ctx)
    found: dict[str, dict[str, Any]] = {"tag": {"tag": there[0].id}} if there else {}
    return {
        **found,
        "birthday this month": {"birthday": "month"},
        "a provider": {"provider": services.provider},
        "no next visit": {"next_visit": "none"},
        "next visit booked": {"next_visit": "booked"},
        "not seen for two years": {"last_visit": "24m"},
        "never seen": {"last_visit": "never"},
        "owes money": {"balance": "open"},
        "in credit": {"balance": "credit"},
        "archived": {"status": "archived"},
    }


def _measured(
    services: ServiceBench, name: str, choices: dict[str, Any], rounds: int = ROUNDS
) -> Line:
    chosen = ListFilter(**choices)

    def asked() -> Call:
        return lambda ctx: matching(ctx, chosen, limit=PAGE)

    line = services.course.read(f"list filtered: {name}", asked, RATIO, rounds=rounds)
    with services.signed_in.reading() as ctx:
        shown, questions = _first_page(ctx, chosen)
    more = {**line.more, "shown": shown, "questions": questions}
    return replace(line, most=MOST_MS, more=more)


def _first_page(ctx: Context, chosen: ListFilter) -> tuple[int, int]:
    """Return how many rows the first page gets, and of how many questions."""
    found = matching(ctx, chosen, limit=PAGE)
    shown, questions = len(found.rows), 1
    while shown < PAGE and found.next is not None:
        found = matching(ctx, chosen, after=found.next, limit=PAGE - shown)
        shown, questions = shown + len(found.rows), questions + 1
    return shown, questions
