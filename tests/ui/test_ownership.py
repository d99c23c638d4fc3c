"""What Qt answers and Python then owns: calls that would take an open window apart.

For Python, what these return becomes a child of the widget that was asked, also where Qt says that
it is the other way round. Two widgets that own one another are garbage, and are collected.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import clinic_desktop

TURN_OWNERS_ROUND: Final = {"nextInFocusChain", "previousInFocusChain", "focusProxy", "buddy"}
PROGRAM: Final = Path(clinic_desktop.__file__).parent


def _calls() -> Iterator[str]:
    for path in sorted(PROGRAM.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in TURN_OWNERS_ROUND:
                yield f"{path.relative_to(PROGRAM)}:{node.lineno} {node.attr}"


def test_nobody_asks_what_turns_owners_round() -> None:
    assert list(_calls()) == []
