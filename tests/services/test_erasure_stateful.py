"""Random families, merges and shared files: the erased are nowhere, and nobody else changes."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError
from clinic_desktop.models import Household, PatientAlert
from clinic_desktop.services import patients
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents.schemas import NewAttachment
from clinic_desktop.services.installation.anchors import Anchors
from clinic_desktop.services.installation.verify import verify
from tests import files as made
from tests.services.erasing import People

PEOPLE = 4
people_of = st.integers(0, PEOPLE - 1)
# Rows of these tables name no patient; they go when nobody else has the file or is of the family.
NOBODYS = ("stored_file", "file_piece", "household")


class Clinic(RuleBasedStateMachine):
    """Four people, each with a mark in every text."""

    database: object
    make: object
    people: People
    anchors: Anchors

    @initialize()
    def register(self) -> None:
        self.marks = [f"qz{new_id().hex}mark" for _n in range(PEOPLE)]
        self.ids = [
            self.make.patient(
                given=mark, family=f"{mark}f", sticky_note=f"{mark} says",
                phone=f"+3538{n}{mark[2:9]}",
            )
            for n, mark in enumerate(self.marks)
        ]  # fmt: skip
        self.into: dict[int, int] = {}
        self.merges: list[tuple[UUID, int, int]] = []
        self.merged: list[tuple[UUID, int, int]] = []
        self.erased: set[int] = set()

    def _free(self, who: int) -> bool:
        return who not in self.erased and who not in self.into

    def _with(self, who: int) -> set[int]:
        """Return who is one person with ``who``, merged into them."""
        found = {who}
        while more := {a for a, b in self.into.items() if b in found} - found:
            found |= more
        return found

    @rule(who=people_of, shade=st.integers(0, 2))
    def attach(self, who, shade) -> None:
        if not self._free(who):
            return
        new = NewAttachment(id=new_id(), patient_id=self.ids[who])
        with self.people.admin.writing() as ctx:
            attachments.attach_bytes(
                ctx, new, made.picture(shade=shade * 70), f"{self.marks[who]}.jpg"
            )

    @rule(who=people_of)
    def alert(self, who) -> None:
        if self._free(who):
            self.make.row(
                PatientAlert, patient_id=self.ids[who], kind="other", severity="context",
                text=f"{self.marks[who]} alert", noted_on=date(2026, 1, 1),
            )  # fmt: skip

    @rule(who=people_of, other=people_of)
    def relate(self, who, other) -> None:
        if who == other or not self._free(who) or not self._free(other):
            return
        with self.people.admin.writing() as ctx:
            home = ctx.connection.execute(
                text("SELECT household_id FROM patient WHERE id = :p"), {"p": self.ids[other]}
            ).scalar_one()
        home = home or self.make.row(Household, name="Shared", payer_id=self.ids[other])
        with self.people.admin.writing() as ctx:
            for one in (who, other):
                ctx.connection.execute(
                    text(
                        "UPDATE patient SET household_id = :h, version = version + 1,"
                        " guardian_id = CASE WHEN id = :w THEN CAST(:o AS uuid)"
                        " ELSE guardian_id END WHERE id = :p"
                    ),
                    {"h": home, "p": self.ids[one], "w": self.ids[who], "o": self.ids[other]},
                )

    @rule(survivor=people_of, merged=people_of, take=st.sets(st.sampled_from(["name", "phone"])))
    def merge(self, survivor, merged, take) -> None:
        if survivor == merged or not self._free(survivor) or not self._free(merged):
            return
        merge_id = new_id()
        with self.people.admin.writing() as ctx:
            patients.merge(
                ctx, id=merge_id, survivor_id=self.ids[survivor], merged_id=self.ids[merged],
                take=tuple(take),
            )  # fmt: skip
        self.into[merged] = survivor
        self.merges.append((merge_id, survivor, merged))
        self.merged.append(self.merges[-1])

    @precondition(lambda self: self.merges)
    @rule()
    def take_apart(self) -> None:
        merge_id, survivor, merged = self.merges.pop()
        if not self._free(survivor):
            return
        with self.people.admin.writing() as ctx:
            patients.unmerge(ctx, merge_id)
        del self.into[merged]

    @rule(who=people_of)
    def erase(self, who) -> None:
        if not self._free(who):
            with pytest.raises(ClinicError):
                self.people.erase(self.ids[who], number="00000")
            return
        gone = self._with(who)
        before = self._rows(gone)
        self.people.erase(self.ids[who])
        after = self._rows(gone)
        for table, rows in before.items():
            lost = rows - after[table]
            if table in NOBODYS:
                continue
            # Of a trail only what it held of the erased person may go, and of their merges.
            joined = [str(key) for key, *both in self.merged if gone & set(both)]
            marks = (*(self.marks[one] for one in gone), *joined, *NOBODYS)
            assert all(table == "log" and any(m in row for m in marks) for row in lost), (
                table, lost,
            )  # fmt: skip
        self.erased |= gone

    def _rows(self, without: set[int]) -> dict[str, set[str]]:
        """Return every row and logged value in which none of these people's ids stands."""
        found: dict[str, set[str]] = {}
        gone = [str(self.ids[one]) for one in without]
        with open_connection(self.database.superuser()) as connection:
            tables = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname NOT LIKE '%%log%%'"
                " AND relnamespace = 'clinic'::regnamespace AND relname NOT IN"
                " ('access_head', 'access_seal', 'change_value')"
            ).fetchall()
            queries = {name: f"SELECT t::text FROM clinic.{name} t" for (name,) in tables}
            queries["log"] = (
                "SELECT l::text || v::text FROM clinic.change_log l"
                " JOIN clinic.change_value v USING (clinic_id, seq)"
            )
            for name, query in queries.items():
                rows = {row[0] for row in connection.execute(query.encode())}
                found[name] = {row for row in rows if not any(one in row for one in gone)}
        return found

    @invariant()
    def nothing_of_an_erased_person_is_left(self) -> None:
        if not getattr(self, "erased", None):
            return
        everything = [row for rows in self._rows(set()).values() for row in rows]
        for one in self.erased:
            assert [row for row in everything if self.marks[one] in row] == []
        found = verify(self.database.machine("clinic_backup"), self.anchors)
        assert [one.finding for one in found if one.finding is not None] == []

    @invariant()
    def others_have_their_files(self) -> None:
        for who, patient in enumerate(getattr(self, "ids", ())):
            if not self._free(who):
                continue
            with self.people.admin.reading() as ctx:
                assert patients.open_patient(ctx, patient).id == patient
                for row in attachments.attachments(ctx, patient):
                    assert attachments.content(ctx, patient, row.id)


def test_whoever_is_erased_whatever_happened(
    database, make, sign_in, tmp_path: Path, monkeypatch
) -> None:
    for name, value in (
        ("database", database), ("make", make), ("people", People(database, make, sign_in)),
        ("anchors", Anchors(tmp_path / "anchors.json")),
    ):  # fmt: skip
        monkeypatch.setattr(Clinic, name, value, raising=False)
    run_state_machine_as_test(
        Clinic,
        settings=settings(
            max_examples=12, stateful_step_count=14, deadline=None, print_blob=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
