"""Rules of retention for all places and for one, and what a change would remove."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from clinic_desktop.errors import NotFoundError, UnreachableError
from clinic_desktop.services.backup.rules import change_rules, preview
from clinic_desktop.services.backup.settings import FolderPlace, Kept, Rules

START = datetime(2026, 11, 1, 2, tzinfo=UTC)
SIZE = 1000


@pytest.fixture
def kept(tmp_path) -> Kept:
    """Two disks with thirty nights each; the second one only grows."""
    made = Kept(tmp_path)
    for name, keeps in (("Blue", False), ("Archive", True)):
        folder = tmp_path / name
        folder.mkdir()
        made.add_place(FolderPlace(name=name, folder=folder, keeps=keeps))
        for night in range(30):
            stamp = f"clinic-0a1b2c3d-{START + timedelta(days=night):%Y%m%dT%H%M%SZ}"
            (folder / f"{stamp}-full.age").write_bytes(b"x" * SIZE)
            (folder / f"{stamp}-full.json").write_bytes(b"")
        (folder / "letter.txt").write_text("a stranger")
    return made


class TestPreview:
    def test_what_would_go(self, kept) -> None:
        found = preview(kept, "Blue", Rules(daily=10, weekly=0, monthly=0))
        assert (found.stays, len(found.goes), found.size) == (10, 20, 20 * SIZE)
        assert found.goes[0] == START
        assert len(list((kept.root / "Blue").glob("*-full.age"))) == 30

    def test_nothing_would_go(self, kept) -> None:
        assert preview(kept, "Blue", Rules(daily=60)).goes == ()

    def test_the_newest_two_stay_whatever_is_asked(self, kept) -> None:
        assert preview(kept, "Blue", Rules(daily=1, weekly=0, monthly=0)).stays == 2

    def test_a_place_that_only_grows_loses_nothing(self, kept) -> None:
        found = preview(kept, "Archive", Rules(daily=1, weekly=0, monthly=0))
        assert (found.keeps, found.stays, found.goes, found.size) == (True, 30, (), 0)

    def test_a_disk_that_is_not_there(self, kept) -> None:
        (kept.root / "Blue").rename(kept.root / "gone")
        with pytest.raises(UnreachableError, match="Plug the disk in"):
            preview(kept, "Blue", Rules())
        with pytest.raises(NotFoundError):
            preview(kept, "Red", Rules())


class TestChange:
    def test_for_all_and_for_one(self, kept) -> None:
        change_rules(kept, Rules(daily=14, weekly=4, monthly=6))
        change_rules(kept, Rules(daily=3, weekly=0, monthly=0), place="Blue")
        settings = kept.read()
        blue, archive = settings.places
        assert settings.rules_of(blue) == Rules(daily=3, weekly=0, monthly=0)
        assert settings.rules_of(archive) == Rules(daily=14, weekly=4, monthly=6)
        change_rules(kept, None, place="Blue")
        settings = kept.read()
        assert settings.rules_of(settings.places[0]).daily == 14
        with pytest.raises(NotFoundError):
            change_rules(kept, Rules(), place="Red")

    def test_an_older_version_can_read_what_has_no_rules_of_its_own(self, kept) -> None:
        change_rules(kept, Rules(daily=3), place="Blue")
        change_rules(kept, None, place="Blue")
        written = json.loads((kept.folder / "settings.json").read_text())
        assert [sorted(one) for one in written["places"]] == [
            ["folder", "keeps", "kind", "name"]
        ] * 2
