"""The first start: what is assumed about a clinic, making one here, joining one on a server."""

import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import psycopg
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies

from clinic_desktop import config
from clinic_desktop.config import ComputerProfile, Profile, ServerProfile
from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.reach import try_server, try_way
from clinic_desktop.db.server import NetworkServer, limits
from clinic_desktop.domain.passwords import check_password, login_of
from clinic_desktop.errors import ConflictError, InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.administered import Administered
from clinic_desktop.services.installation.local import MIGRATOR, LocalInstallation
from clinic_desktop.services.installation.place import NetworkInstallation
from clinic_desktop.services.installation.provision import (
    NewAdmin,
    NewClinic,
    login_exists,
    make_clinic,
)
from clinic_desktop.services.installation.sign_in import Doorkeeper, sign_in
from clinic_desktop.services.schemas import Input, Line, Row
from clinic_desktop.services.session import SignedIn

Tell = Callable[[str], None]

# The names change little; what counts is which currencies were in use lately.
_TODAY: Final = date(2026, 1, 1)
_LETTER: Final = frozenset(
    # CLDR supplemental data, paperSize US-Letter.
    ["US", "CA", "MX", "BZ", "CL", "CO", "CR", "GT", "NI", "PA", "PH", "PR", "SV", "VE"]
)
_UNIVERSAL: Final = frozenset({"US", "PR"})
# zone.tab goes from east to west here, beginning on an island.
_FIRST_ZONE: Final = {"BR": "America/Sao_Paulo"}
_USUAL: Final = "IE"


class Assumed(Row):
    """What set-up assumes about a clinic and a person may change."""

    country: str
    currency: str
    locale: str
    zone: str
    notation: str
    paper: str


class FirstPerson(Input):
    """The first administrator, as typed."""

    name: Line
    user_name: str
    password: str
    language: str = "en"


def assume(*, country: str, zone: str, language: str) -> Assumed:
    """Return the usual settings of a country.

    ``country`` is the computer's (ISO 3166) or empty, ``zone`` its time zone (IANA) or empty;
    each helps to guess the other.
    """
    if not _is_country(country):
        country = next((c for c, found in _zone_table().items() if zone in found), _USUAL)
    if zone not in zones(country):
        zone = zones(country)[0]
    return Assumed(
        country=country,
        currency=_currency_of(country),
        locale=_locale_of(country, language),
        zone=zone,
        notation="universal" if country in _UNIVERSAL else "fdi",
        paper="Letter" if country in _LETTER else "A4",
    )


def check_place(*, country: str, zone: str) -> None:
    """Raise InvalidError (``country`` or ``zone``) for what no country or time zone is called."""
    if country and not _is_country(country):
        raise InvalidError(
            _("There is no country “{code}”. Use its two letters, like IE or ES.").format(
                code=country
            ),
            field="country",
        )
    if zone and zone not in zones(country):
        raise InvalidError(
            _("There is no time zone “{zone}” there. There are: {known}.").format(
                zone=zone, known=", ".join(zones(country)[:5])
            ),
            field="zone",
        )


def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Return (name, code) of every country with a currency, by name in the language."""
    names = Locale.parse(language).territories
    found = [
        (str(name), str(code))
        for code, name in names.items()
        if _is_country(code) and get_territory_currencies(code, start_date=_TODAY)
    ]
    return tuple(sorted(found, key=lambda pair: _folded(pair[0])))


def country_name(country: str, language: str) -> str:
    """Return the name of a country in the language."""
    return str(Locale.parse(language).territories.get(country, country))


def currencies(language: str) -> tuple[tuple[str, str], ...]:
    """Return (name with code, code) of every currency in use somewhere."""
    codes = {
        code
        for country in get_global("territory_currencies")
        for code in get_territory_currencies(country, start_date=_TODAY)
    }
    named = [(f"{get_currency_name(code, locale=language)} ({code})", code) for code in codes]
    return tuple(sorted(named, key=lambda pair: _folded(pair[0])))


def currency_name(currency: str, language: str) -> str:
    """Return the name of a currency in the language."""
    return str(get_currency_name(currency, locale=language))


def zones(country: str) -> tuple[str, ...]:
    """Return the time zones of a country, as a rule the largest first; all for an unknown one."""
    table = _zone_table()
    every = sorted(zone for found in table.values() for zone in found)
    return table.get(country, tuple(every))


@cache
def _zone_table() -> dict[str, tuple[str, ...]]:
    """Return country -> zones, in the order of the time zone database's own zone.tab."""
    text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    for country, first in _FIRST_ZONE.items():
        found[country].sort(key=lambda zone, first=first: zone != first)  # type: ignore[misc]
    return {country: tuple(zones) for country, zones in found.items()}


def prepare(installation: LocalInstallation, tell: Tell) -> bool:
    """Start the server and bring its database up to date; return whether a clinic is there already.

    Raises SetupError. ``tell`` is given a sentence for each step.
    """
    installation.start(tell)
    return installation.has_clinic()


def check_clinic(name: str) -> None:
    """Raise InvalidError (field ``clinic_name``) unless a clinic can be called that."""
    cleaned = NewClinic(name=name).name
    if not cleaned:
        raise InvalidError(_("Type the clinic's name."), field="clinic_name")
    if len(cleaned) > 200:
        raise InvalidError(
            _("The name is longer than a paper's head can hold."), field="clinic_name"
        )


def check_person(person: FirstPerson) -> None:
    """Raise InvalidError at ``name``, ``user_name`` or ``password``."""
    if not person.name:
        raise InvalidError(_("Type your name."), field="name")
    login = login_of(person.user_name)
    check_password(person.password, login=login, name=person.name)


def make_first_clinic(
    installation: Administered, *, name: str, assumed: Assumed, person: FirstPerson, tell: Tell
) -> None:
    """Make the first clinic of a database with its first administrator, once.

    Raises InvalidError with its field, ConflictError when a clinic is there already.
    """
    check_clinic(name)
    check_person(person)
    if installation.has_clinic():
        raise ConflictError(_("The clinic is made already. Sign in."))
    tell(_("Making the clinic and its first person…"))
    migrator = installation.machine(MIGRATOR)
    login = login_of(person.user_name)
    if login_exists(migrator, login):
        raise InvalidError(_("This user name is taken."), field="user_name")
    make_clinic(
        migrator,
        NewClinic(name=name, **assumed.model_dump()),
        NewAdmin(
            name=person.name,
            initials=initials_of(person.name),
            login=login,
            password=person.password,
            language=person.language,
        ),
    )


def initials_of(name: str) -> str:
    """Return up to two letters for a name: the first of its first and of its last word."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    titled = [word for word in words if word.rstrip(".").casefold() not in _TITLES] or words
    if not titled:
        return name[:2] or "?"
    letters = titled[0][0] + (titled[-1][0] if len(titled) > 1 else "")
    return letters.upper()[:4]


_TITLES: Final = frozenset({"dr", "dra", "prof", "mr", "mrs", "ms", "sr", "sra", "dott"})


def remember(home: Path, profile: Profile) -> None:
    """Keep a connection that works and open it from now on; raises SetupError."""
    known = [one for one in config.load_profiles(home) if one.name == profile.name]
    config.save_profile(home, profile, replacing=profile.name if known else None)
    config.Settings.load(home).save(home, last_profile=profile.name)


def this_computer() -> ComputerProfile:
    """Return the profile of the clinic's own data on this computer."""
    return ComputerProfile(name="computer")


def try_address(profile: ServerProfile) -> None:
    """Find the server and look at its certificate, without signing in.

    Raises UnreachableError, SetupError or InvalidError, with the field where it was typed.
    """
    try_way(NetworkServer.of(profile))


def join(
    home: Path,
    profile: ServerProfile,
    *,
    user_name: str,
    password: str,
    code: str | None,
    device: str,
) -> SignedIn:
    """Sign in to a clinic's server for the first time and keep the connection once it worked.

    Tried in this order, each failure with its sentence: the way, TLS and certificate, version,
    user name and password, the database, that a clinic is in it, the second factor.
    """
    server = NetworkServer.of(profile)
    login = login_of(user_name)
    doorkeeper = Doorkeeper.of(home)
    if not password:
        raise InvalidError(_("Type your password."), field="password")
    try_server(server, user=login, password=password)
    _must_hold_clinic(server, login, password)
    signed_in = sign_in(
        NetworkInstallation(server),
        doorkeeper,
        user_name=user_name,
        password=password,
        device=device,
        code=code,
    )
    try:
        remember(home, profile)
    except BaseException:
        signed_in.close()
        raise
    return signed_in


def _must_hold_clinic(server: NetworkServer, login: str, password: str) -> None:
    with open_connection(limits(server.dsn(login, password))) as connection:
        try:
            row = connection.execute("SELECT to_regclass('clinic.person') IS NOT NULL").fetchone()
        except psycopg.errors.InsufficientPrivilege:
            row = None
    if row is None or not row[0]:
        raise InvalidError(
            _(
                "The database “{database}” on {host} holds no clinic that this person belongs to. "
                "Check the name of the database."
            ).format(database=server.database, host=server.host),
            field="database",
        )


def _is_country(code: str) -> bool:
    return code in _zone_table()


def _currency_of(country: str) -> str:
    found = get_territory_currencies(country, start_date=_TODAY)
    return str(found[0]) if found else "EUR"


def _locale_of(country: str, language: str) -> str:
    """Return the locale in which the clinic writes dates and amounts."""
    for name in (f"{language}_{country}", f"und_{country}"):
        try:
            return str(Locale.parse(name))
        except (UnknownLocaleError, ValueError):
            continue
    return "en_IE"


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))
