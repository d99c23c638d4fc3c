"""Half-written prescriptions and how their medicines are kept on this computer."""

import json
from collections.abc import Iterable
from typing import Any, Final

from clinic_desktop.domain.regimens import Proposal
from clinic_desktop.ui.prescriptions.item_card import ItemCard

FORM: Final = "prescription"


def cards_to_text(cards: Iterable[ItemCard]) -> str:
    """Return what stands in the cards as one text."""
    return json.dumps([card.typed() for card in cards])


def proposals_of(text: str) -> list[Proposal]:
    """Return the contents of the cards that were kept as one text."""
    return [proposal_of(values) for values in json.loads(text)]


def proposal_of(values: dict[str, Any]) -> Proposal:
    """Return a card's contents as they were kept."""

    def number(name: str) -> int | None:
        return int(values[name]) if str(values.get(name, "")).isdecimal() else None

    return Proposal(
        medicine="",
        drug=str(values.get("drug", "")),
        form=str(values.get("form", "")),
        dose=str(values.get("dose", "")),
        arithmetic=tuple(line for line in str(values.get("arithmetic", "")).splitlines() if line),
        quantity=number("quantity"),
        unit=str(values.get("unit", "")),
        days=number("days"),
        instructions=str(values.get("instructions", "")),
    )
