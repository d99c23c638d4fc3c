"""Lines of a file that are no records: blanks, rules, totals."""

import re
from collections.abc import Sequence
from typing import Final

from clinic_desktop.domain.folding import fold

_TOTAL: Final = re.compile(
    r"(?:grand |sub ?)?(?:total|totals|totales|totais|sum|suma|soma|count|contagem|registos|"
    r"registros|records|pacientes|pagina|page)\b.*"
)
_RULE: Final = re.compile(r"[-=_*#.\s]*")
_FEW: Final = 3


def is_blank(cells: Sequence[str]) -> bool:
    """Return whether a line holds nothing, or only a drawn rule."""
    return all(_RULE.fullmatch(cell) is not None for cell in cells)


def is_total(cells: Sequence[str]) -> bool:
    """Return whether a line sums up others: "Total: 214 pacientes", "TOTAL;;;1.234,50"."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled or len(filled) > max(_FEW, len(cells) // 3):
        return False
    return _TOTAL.fullmatch(fold(filled[0]).strip(" :*-=")) is not None
