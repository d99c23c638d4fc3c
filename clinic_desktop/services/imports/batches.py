"""Batches of rows as the database takes them in one statement."""

import json
from collections.abc import Sequence
from typing import Any


def as_json(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows for ``jsonb_to_recordset``; ids, dates and instants as their texts."""
    return json.dumps(rows, default=str, ensure_ascii=False)
