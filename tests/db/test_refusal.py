"""Why a server refuses a sign-in, on one that speaks German and on one that speaks English."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from clinic_desktop.db.embedded import binaries
from clinic_desktop.db.reach import try_server
from clinic_desktop.db.refusal import Refusal, refusal_of
from clinic_desktop.errors import ClinicError
from tests.networks import RIGHT, Network, open_network

GERMAN = sorted(Path("/usr/share/locale/de/LC_MESSAGES").glob("postgres-*.mo"))


@pytest.fixture(scope="module", params=["en", "de"])
def network(request) -> Iterator[Network]:
    if request.param == "de" and not GERMAN:
        pytest.skip("the system's PostgreSQL has no German words")
    with pytest.MonkeyPatch.context() as patch:
        # The C locale of UTF-8 takes its words from LANGUAGE: no other locale has to be there.
        speaking = {**os.environ, "LANGUAGE": request.param, "LC_ALL": "C.UTF-8"}
        patch.setattr(binaries, "clean_environment", lambda: speaking)
        with open_network() as found:
            with psycopg.connect(found.administrator(), autocommit=True) as connection:
                connection.execute("CREATE ROLE gone NOLOGIN PASSWORD 'A right password 1'")
            with psycopg.connect(found.administrator(), autocommit=True) as connection:
                with pytest.raises(psycopg.errors.UndefinedTable) as said:
                    connection.execute("SELECT FROM nothing")
                assert ("existiert nicht" in str(said.value)) is (request.param == "de")
            yield found


def test_codes(network: Network) -> None:
    server = network.server
    assert refusal_of(server.dsn("maria", RIGHT)) == Refusal(asked=True)
    assert refusal_of(server.dsn("maria", "not this one")) == Refusal("28P01", asked=True)
    assert refusal_of(server.dsn("nobody", RIGHT)) == Refusal("28P01", asked=True)
    assert refusal_of(server.dsn("gone", RIGHT)).login_closed
    assert refusal_of(server.dsn("maria", RIGHT, "nowhere")) == Refusal("3D000", asked=True)
    assert refusal_of(server.dsn("maria", RIGHT, "closed")).by_pg_hba
    assert refusal_of(server.dsn("maria", RIGHT, "plain")) == Refusal(asked=True)
    other = replace(server, root_certificate=network.other_authority)
    assert refusal_of(other.dsn("maria", RIGHT)) == Refusal()
    assert refusal_of({**server.dsn("maria", RIGHT), "port": "1"}) == Refusal()


@pytest.mark.parametrize(
    ("change", "password", "field", "words"),
    [
        ({}, "not this one", "password", "not the one that localhost knows"),
        ({"database": "nowhere"}, RIGHT, "database", "no database named “nowhere”"),
        ({"database": "closed"}, RIGHT, None, "pg_hba.conf"),
    ],
)
def test_sentences(network: Network, change, password, field, words) -> None:
    with pytest.raises(ClinicError) as refused:
        try_server(replace(network.server, **change), user="maria", password=password)
    assert refused.value.field == field
    assert words in str(refused.value)
