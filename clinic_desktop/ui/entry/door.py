"""A place to sign in to, opened; and what is done on the way in off the GUI thread."""

import threading
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from clinic_desktop import config
from clinic_desktop.config import ComputerProfile, Profile, SampleProfile, ServerProfile
from clinic_desktop.ui.entry.tasks import Tell

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.secrets import Keyring
    from clinic_desktop.services.installation.local import LocalInstallation
    from clinic_desktop.services.installation.place import Installation
    from clinic_desktop.services.installation.sign_in import Doorkeeper, Lock
    from clinic_desktop.services.sample.opening import SamplePerson
    from clinic_desktop.services.session import SignedIn
    from clinic_desktop.ui.drafts import Drafts


def _nothing() -> None:
    pass


SAMPLE: Final = SampleProfile(name="sample")


@dataclass
class Door:
    """One opened place to sign in to."""

    profile: Profile
    place: "Installation"
    doorkeeper: "Doorkeeper"
    people: "tuple[SamplePerson, ...]" = ()
    has_clinic: bool = True
    """False where the database is there and set-up was never ended."""


@dataclass
class Entered:
    """Somebody who was let in, with what their windows need."""

    door: Door
    signed_in: "SignedIn"
    lock: "Lock"
    drafts: "Drafts"
    has_second_factor: bool = False


@dataclass
class Resumable:
    """A session that is still in memory: who, how to come back, what they left."""

    signed_in: "SignedIn"
    lock: "Lock"
    detail: str


@dataclass
class Household:
    """What the program has one of: where its files are, keyring, drafts without a keyring."""

    home: Path
    device: str
    memory: MutableMapping[str, bytes] = field(default_factory=dict)
    keyring: "Keyring | None" = None
    sample_keyring: "Keyring | None" = None
    fast: bool = False
    """Gives up durability; for tests alone."""
    ahead: Callable[[], None] = _nothing
    """Called aside while a server starts, when there is time to load what comes after."""

    def local(self, profile: ComputerProfile | SampleProfile) -> "LocalInstallation":
        """Return an installation on this computer; called on a worker."""
        from clinic_desktop.services.installation.place import local_installation

        return local_installation(self.home, profile, fast=self.fast)


def open_door(household: Household, profile: Profile, tell: Tell, started: list[Any]) -> Door:
    """Open a profile's data and remember in ``started`` what has to be left at the end."""
    from clinic_desktop.services.installation.local import LocalInstallation
    from clinic_desktop.services.installation.place import installation_of
    from clinic_desktop.services.installation.sign_in import Doorkeeper
    from clinic_desktop.services.sample.opening import open_sample

    # From here on the server is waited for, and others may use the processor.
    threading.Thread(target=household.ahead, name="load-ahead", daemon=True).start()
    if isinstance(profile, SampleProfile):
        sample = household.local(profile)
        started.append(sample)
        people = open_sample(sample, tell)
        return Door(profile, sample, Doorkeeper.of(sample.root), people)
    known = [one for one in started if _root(one) == _root_of(household, profile)]
    place = known[0] if known else None
    if place is None:
        place = (
            household.local(profile)
            if isinstance(profile, ComputerProfile)
            else installation_of(household.home, profile)
        )
        started.append(place)
    place.start(tell)
    has_clinic = place.has_clinic() if isinstance(place, LocalInstallation) else True
    return Door(profile, place, Doorkeeper.of(household.home), has_clinic=has_clinic)


def _root(place: Any) -> Path | None:
    return getattr(place, "root", None)


def _root_of(household: Household, profile: Profile) -> Path | str:
    if isinstance(profile, ComputerProfile):
        return profile.folder(household.home)
    return profile.name


def sign_in_at(
    household: Household, door: Door, user_name: str, password: str, code: str
) -> "SignedIn":
    """Sign in with what was typed; raises what ``services.installation.sign_in`` raises."""
    from clinic_desktop.services.installation.sign_in import sign_in

    return sign_in(
        door.place,
        door.doorkeeper,
        user_name=user_name,
        password=password,
        device=household.device,
        code=code or None,
    )


def factor_needed(door: Door, signed_in: "SignedIn") -> tuple[str, str] | None:
    """Return (seed, address for the app) for an administrator who has no second factor yet.

    On a clinic's server it is asked for before the windows open; on one's own computer the
    account of the computer is the boundary, and the window reminds.
    """
    from clinic_desktop.domain.passwords import user_name_of
    from clinic_desktop.services.installation import sign_in
    from clinic_desktop.services.staff.mine import my_factors

    who = signed_in.who
    if not isinstance(door.profile, ServerProfile) or not who.may("staff.write"):
        return None
    with signed_in.reading() as ctx:
        if my_factors(ctx).totp:
            return None
    seed = sign_in.new_totp_seed()
    address = sign_in.totp_address(
        seed, user_name=user_name_of(who.login), clinic_name=who.clinic_name
    )
    return seed, address


def furnish(household: Household, door: Door, signed_in: "SignedIn") -> Entered:
    """Get what a person's windows need: the lock, and drafts with the key from the keyring."""
    from clinic_desktop.secrets import Keyring
    from clinic_desktop.services.installation.sign_in import lock_of
    from clinic_desktop.services.staff.mine import my_factors
    from clinic_desktop.ui.drafts import Drafts

    if household.keyring is None:
        household.keyring = Keyring(service=f"Clinic Desktop {household.home}")
    if household.sample_keyring is None:
        household.sample_keyring = Keyring(backends=())
    with signed_in.reading() as ctx:
        lock, factors = lock_of(ctx), my_factors(ctx)
    drafts = Drafts.open(
        home=household.home,
        person_id=signed_in.who.person_id,
        # What is typed in the sample clinic is worth keeping until the program ends, no longer.
        keyring=household.sample_keyring if door.people else household.keyring,
        memory=household.memory,
    )
    return Entered(door, signed_in, lock, drafts, has_second_factor=factors.totp)


def chosen_profile(home: Path, name: str | None) -> Profile | None:
    """Return the connection to open: the one named, the one used last, or None at a first start.

    Raises SetupError for damaged files and NotFoundError for an unknown name.
    """
    built_in: Sequence[Profile] = (SAMPLE, ComputerProfile(name="computer"))
    known = config.load_profiles(home)
    if name:
        wanted = name.casefold()
        found = [one for one in (*known, *built_in) if one.name.casefold() == wanted]
        return found[0] if found else config.find_profile(home, name)
    last = (config.Settings.load(home).last_profile or "").casefold()
    return next((one for one in known if one.name.casefold() == last), known[0] if known else None)
