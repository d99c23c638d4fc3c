"""The pack for tomorrow: what it says, that it is sealed, and that it opens without a database."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.documents.downtime import KEY, render_pack, store_pack
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import InvalidError
from clinic_desktop.models import JournalEntry, PatientAlert, Posting
from clinic_desktop.services.backup.downtime import open_pack, set_passphrase
from clinic_desktop.services.backup.pack import packs
from clinic_desktop.services.backup.run import Site, last_runs
from clinic_desktop.services.backup.settings import FolderPlace
from clinic_desktop.services.rows import add_row, add_rows
from tests.documents.reading import whole_text
from tests.places import open_folder


@pytest.fixture
def tomorrow(make, signed_in) -> None:
    patient = make.patient(given="Eulalia", family="Quartermain", phone="+353 1 555 0101")
    there = datetime.fromtimestamp(time.time(), ZoneInfo("Europe/Dublin"))
    noon = there.replace(hour=12, minute=0, second=0, microsecond=0)
    make.appointment(patient, make.provider(), starts_at=noon + timedelta(days=1))
    make.row(
        PatientAlert,
        patient_id=patient,
        kind="allergy",
        severity="stop",
        text="Penicillin: anaphylaxis",
        noted_on=noon.date(),
    )
    entry = new_id()
    with signed_in.writing() as ctx:
        add_row(
            ctx, JournalEntry, id=entry, patient_id=patient, kind="charge", day=noon.date(),
            act=f"test:{entry}",
        )  # fmt: skip
        sides = (("receivable", patient, 12345), ("income", None, -12345))
        add_rows(ctx, Posting, [
            {"id": new_id(), "journal_entry_id": entry, "account": account, "patient_id": whose,
             "amount": amount} for account, whose, amount in sides
        ])  # fmt: skip


class TestPack:
    def test_what_it_says(self, database, tomorrow) -> None:
        pack = packs(database.machine("clinic_backup"))[0]
        words = whole_text(render_pack(pack))
        for expected in (
            "Eulalia Quartermain",
            "555 0101",
            "Penicillin",
            "Dr Amara Nwosu",
            "123.45",
        ):
            assert expected in words

    def test_sealed_and_opened(self, database, tomorrow) -> None:
        with open_folder() as root:
            (root / "usb").mkdir()
            site = Site(root, database.machine("clinic_backup"))
            site.kept.add_place(FolderPlace(name="usb", folder=root / "usb"))
            set_passphrase(site.kept, "front desk words")
            results = store_pack(site)
            assert [one.good for one in results] == [True]
            assert last_runs(site.dsn)["pack"][1] is True
            file = next((root / "usb").glob("pack-00000001-*.pdf.age"))
            assert b"Quartermain" not in file.read_bytes()
            paper = open_pack(file, file.with_name(KEY), "front desk words")
            assert paper.startswith(b"%PDF")
            with pytest.raises(InvalidError, match="does not open"):
                open_pack(file, file.with_name(KEY), "back office words")
            for left in root.rglob("*"):
                if left.is_file():
                    assert b"Quartermain" not in left.read_bytes(), left
