"""The sample clinic: made when wanted, its passwords its own, begun anew when half-made."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic_desktop.errors import SetupError
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.installation.sign_in import Doorkeeper, sign_in
from clinic_desktop.services.sample import opening
from tests.places import open_folder


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with open_folder() as found:
        yield found


def opened(folder: Path, name: str, told: list[str] | None = None):
    place = LocalInstallation(folder / name, fast=True)
    people = opening.open_sample(
        place, (told if told is not None else []).append, patients=4, seed=1
    )
    return place, people


@pytest.fixture(scope="module")
def sample(folder):
    place, people = opened(folder, "sample")
    yield place, people
    place.leave()


class TestOpen:
    def test_its_people_sign_in_with_passwords_of_their_own(self, sample, folder) -> None:
        place, people = sample
        assert people[0].role == "front_desk"
        assert {one.role for one in people} >= {"front_desk", "dentist", "admin"}
        for person in (people[0], next(one for one in people if one.role == "dentist")):
            signed_in = sign_in(
                place,
                Doorkeeper.of(place.root),
                user_name=person.login.removeprefix("u_"),
                password=person.password,
                device="pc-1",
            )
            assert signed_in.who.name == person.name
            signed_in.close()

    def test_passwords_stand_in_a_file_of_the_owner_alone(self, sample) -> None:
        place, people = sample
        file = place.root / "secrets" / "people.json"
        if os.name == "posix":
            assert file.stat().st_mode & 0o077 == 0
        for person in people:
            assert len(person.password) >= 12
            others = (f for f in place.root.glob("*.json") if person.password in f.read_text())
            assert list(others) == []

    def test_second_time_it_is_only_opened(self, sample, folder) -> None:
        _place, people = sample
        told: list[str] = []
        again, same = opened(folder, "sample", told)
        again.leave()
        assert same == people
        assert not any("Inventing" in sentence for sentence in told)

    def test_two_installations_share_no_password(self, sample, folder) -> None:
        _place, people = sample
        other, others = opened(folder, "other")
        other.leave()
        assert [one.login for one in others] == [one.login for one in people]
        assert not {one.password for one in others} & {one.password for one in people}

    def test_stopped_half_way_it_is_made_anew(self, folder) -> None:
        class StoppedError(Exception):
            pass

        place = LocalInstallation(folder / "half", fast=True)
        seen: list[str] = []

        def stop(sentence: str) -> None:
            if any("Inventing" in earlier for earlier in seen):
                raise StoppedError
            seen.append(sentence)

        with pytest.raises(StoppedError):
            opening.open_sample(place, stop, patients=4, seed=1)
        assert not (place.root / "sample.json").exists()
        assert not place.has_clinic()
        people = opening.open_sample(place, seen.append, patients=4, seed=1)
        place.leave()
        assert json.loads((place.root / "sample.json").read_text()) == {"patients": 4, "seed": 1}
        assert people

    def test_ended_before_it_was_noted_it_is_made_anew(self, folder) -> None:
        place, people = opened(folder, "unnoted")
        (place.root / "sample.json").unlink()
        told: list[str] = []
        again, others = opened(folder, "unnoted", told)
        assert any("Inventing" in sentence for sentence in told)
        assert {one.password for one in people}.isdisjoint({one.password for one in others})
        again.leave()
        place.leave()

    def test_damaged_file_of_passwords_is_told(self, sample) -> None:
        place, _people = sample
        file = place.root / "secrets" / "people.json"
        kept = file.read_text()
        file.write_text("{")
        with pytest.raises(SetupError, match="passwords of the sample clinic"):
            opening.sample_people(place)
        file.write_text(kept)
