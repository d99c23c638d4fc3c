"""Files of other systems on disk, and a clinic of their country."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clinic_desktop.db.connect import open_connection


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, bytes | str], str]:
    """``file("a.csv", b"...")`` writes a file and returns its path."""

    def write(name: str, content: bytes | str) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


@pytest.fixture
def in_country(database) -> Callable[[str], None]:
    """``in_country("PT")`` moves the clinic before anybody signs in."""

    def move(country: str) -> None:
        locale = {"PT": "pt_PT", "ES": "es_ES", "US": "en_US"}[country]
        with open_connection(database.superuser()) as connection:
            connection.execute(
                "UPDATE clinic.clinic SET country = %s, locale = %s, version = version + 1",
                (country, locale),
            )

    return move
