"""Statements that are compiled when they are first sent: each can be, and is short enough."""

import gc
import importlib
import pkgutil
from functools import partial

import pytest
from sqlalchemy import select, text

from clinic_desktop import services
from clinic_desktop.db.prepared import LONGEST, Prepared


def test_every_statement_of_the_services_compiles_and_is_read_once() -> None:
    for module in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        importlib.import_module(module.name)
    found = [one for one in gc.get_objects() if type(one) is Prepared]
    assert len(found) > 40
    for one in found:
        assert 0 < len(one.sql.encode()) <= LONGEST


def test_one_that_is_too_long_is_refused_when_it_is_first_used() -> None:
    long = Prepared(text("SELECT " + ", ".join(f"'{number:050}'" for number in range(90))))
    with pytest.raises(ValueError, match="characters"):
        _ = long.sql


def test_what_writes_a_statement_is_called_once() -> None:
    calls: list[int] = []

    def written(number: int):
        calls.append(number)
        return select(text(str(number)))

    one = Prepared(partial(written, 7))
    assert calls == []
    assert one.sql == one.sql == "SELECT 7"
    assert calls == [7]
