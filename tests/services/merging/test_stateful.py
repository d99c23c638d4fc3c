"""Random merges, un-merges and changes beside a model that knows whose each row is."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError
from clinic_desktop.models import ChartItem, PatientAlert
from clinic_desktop.services import patients
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge
from clinic_desktop.services.installation.verify import Anchors, verify
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from clinic_desktop.services.patients.list_schemas import Crop, NewConsent, TagValues
from clinic_desktop.services.patients.schemas import PatientChange
from tests.files import picture

DAY = date(2026, 3, 12)
PICTURE = picture("PNG", (80, 80))
people = st.integers(0, 3)


class Records(RuleBasedStateMachine):
    """Four records; the model keeps the owner of every row and what each merge had moved."""

    database: object
    make: object
    boss: object
    dentist: object
    anchors: Anchors

    def __init__(self) -> None:
        super().__init__()
        self.ids = [self.make.patient(given=f"P{n}") for n in range(4)]
        self.into: dict[UUID, UUID] = {}
        self.rows: dict[UUID, UUID] = {}
        """Whose each row is now."""
        self.part_of: dict[UUID, UUID] = {}
        """Which row another one was written about."""
        self.merges: dict[UUID, tuple[UUID, UUID, set[UUID]]] = {}
        self.undone: list[UUID] = []
        self.notes: dict[UUID, UUID] = {}
        self.entries: dict[UUID, int] = {}
        self.tags = [new_id() for _number in range(3)]
        with self.boss.writing() as ctx:
            for number, tag in enumerate(self.tags):
                patients.add_tag(ctx, tag, TagValues(name=f"T {tag}"[:38], letter=str(number)))
        self.phones = dict.fromkeys(self.ids, "+353865550142")

    def _open(self, patient: UUID) -> bool:
        return patient not in self.into

    def _refused(self, call) -> None:
        with pytest.raises(ClinicError) as refused:
            call()
        assert str(refused.value).endswith(".")
        assert "{" not in str(refused.value)

    def _merge(self, merge_id: UUID, survivor: UUID, merged: UUID, take) -> None:
        with self.boss.writing() as ctx:
            patients.merge(ctx, id=merge_id, survivor_id=survivor, merged_id=merged, take=take)

    @rule(one=people, other=people, phone=st.booleans())
    def merge(self, one, other, phone) -> None:
        survivor, merged, merge_id = self.ids[one], self.ids[other], new_id()
        take = ("phone",) if phone else ()
        if one == other or not self._open(survivor) or not self._open(merged):
            self._refused(lambda: self._merge(merge_id, survivor, merged, take))
            return
        self._merge(merge_id, survivor, merged, take)
        moved = {row for row, whose in self.rows.items() if whose == merged}
        self.rows |= dict.fromkeys(moved, survivor)
        self.into[merged] = survivor
        self.merges[merge_id] = (survivor, merged, moved)

    @precondition(lambda self: self.merges)
    @rule(place=st.integers(0, 9))
    def unmerge(self, place) -> None:
        merge_id = list(self.merges)[place % len(self.merges)]
        survivor, merged, moved = self.merges[merge_id]

        def call() -> None:
            with self.boss.writing() as ctx:
                patients.unmerge(ctx, merge_id)

        if not self._open(survivor):
            self._refused(call)
            return
        call()
        back = {row for row in moved if self.rows[row] == survivor}
        grown = True
        while grown:
            about = {row for row, of in self.part_of.items() if of in back} - back
            back |= {row for row in about if self.rows[row] == survivor}
            grown = bool(about & back)
        self.rows |= dict.fromkeys(back, merged)
        del self.into[merged]
        del self.merges[merge_id]
        self.undone.append(merge_id)

    @precondition(lambda self: self.undone)
    @rule()
    def unmerge_again(self) -> None:
        def call() -> None:
            with self.boss.writing() as ctx:
                patients.unmerge(ctx, self.undone[-1])

        self._refused(call)

    @rule(who=people)
    def write_note(self, who) -> None:
        patient = self.ids[who]
        note = NoteText(id=new_id(), version_id=new_id(), patient_id=patient, body="x")

        def call() -> None:
            with self.dentist.writing() as ctx:
                notes.write(ctx, note)

        if not self._open(patient):
            self._refused(call)
            return
        call()
        self.rows |= {note.id: patient, note.version_id: patient}
        self.part_of[note.version_id] = note.id
        self.notes[note.id] = note.version_id

    @precondition(lambda self: self.notes)
    @rule(place=st.integers(0, 9))
    def go_on_with_a_note(self, place) -> None:
        note_id = list(self.notes)[place % len(self.notes)]
        version = new_id()
        note = NoteText(
            id=note_id, version_id=version, patient_id=self.rows[note_id], body=f"x {version}"
        )
        with self.dentist.writing() as ctx:
            notes.write(ctx, note)
        self.rows[version] = self.rows[note_id]
        self.part_of[version] = note_id

    @rule(who=people, amount=st.integers(1, 90_000))
    def charge(self, who, amount) -> None:
        patient, posting = self.ids[who], new_id()
        item = new_id()

        def call() -> UUID | None:
            with self.boss.writing() as ctx:
                charge = Charge(
                    posting_id=posting, chart_item_id=None, provider_id=None, text="x",
                    amount=amount,
                )  # fmt: skip
                return billing.post_charges(
                    ctx, patient_id=patient, act=f"t:{item}", day=DAY, charges=[charge]
                )

        if not self._open(patient):
            self._refused(call)
            return
        entry = call()
        assert entry is not None
        self.rows |= {entry: patient, posting: patient}
        self.part_of[posting] = entry
        self.entries[entry] = amount

    @rule(who=people)
    def add_alert(self, who) -> None:
        patient, row = self.ids[who], new_id()
        values = {"kind": "other", "severity": "context", "text": "x", "noted_on": DAY}
        if not self._open(patient):
            self._refused(lambda: self.make.row(PatientAlert, patient_id=patient, **values))
            return
        self.rows[self.make.row(PatientAlert, id=row, patient_id=patient, **values)] = patient

    @rule(who=people, tooth=st.sampled_from([11, 36, 48]))
    def chart(self, who, tooth) -> None:
        patient = self.ids[who]
        values = {"kind": "condition", "code": "CAR", "tooth": tooth, "status": "condition"}
        if self._open(patient):
            row = self.make.row(ChartItem, patient_id=patient, since=DAY, **values)
            self.rows[row] = patient

    @rule(who=people, answer=st.sampled_from(["given", "refused", "unknown"]))
    def consent(self, who, answer) -> None:
        patient, row = self.ids[who], new_id()
        new = NewConsent(
            id=row, patient_id=patient, channel="sms", purpose="marketing", answer=answer
        )

        def call() -> None:
            with self.boss.writing() as ctx:
                patients.record_consent(ctx, new)

        if not self._open(patient):
            self._refused(call)
            return
        call()
        self.rows[row] = patient

    @rule(who=people)
    def photograph(self, who) -> None:
        patient, row = self.ids[who], new_id()

        def call() -> None:
            with self.boss.writing() as ctx:
                patients.set_photo(ctx, patient, row, PICTURE, name="x.png", crop=Crop())

        if not self._open(patient):
            self._refused(call)
            return
        call()
        self.rows[row] = patient

    @rule(who=people, on=st.booleans())
    def star(self, who, on) -> None:
        """One star at most for a person and a patient: a second one waits with the merged."""
        patient = self.ids[who]
        if not self._open(patient):
            return
        with self.boss.writing() as ctx:
            patients.set_star(ctx, patient, on=on)

    @rule(who=people, tag=st.integers(0, 2), on=st.booleans())
    def tag(self, who, tag, on) -> None:
        patient = self.ids[who]

        def call() -> None:
            with self.boss.writing() as ctx:
                patients.set_tag(ctx, patient, self.tags[tag], on=on)

        if not self._open(patient):
            self._refused(call)
            return
        call()

    @invariant()
    def a_star_at_most_and_keys_as_the_records_say(self) -> None:
        with open_connection(self.database.superuser()) as connection:
            twice = connection.execute(
                "SELECT 1 FROM clinic.patient_star WHERE deleted_at IS NULL"
                " GROUP BY person_id, patient_id HAVING count(*) > 1"
            ).fetchall()
            astray = connection.execute(
                "SELECT k.key, k.patient_id FROM clinic.patient_key k FULL JOIN ("
                " SELECT m.key, p.sort_key, p.id FROM clinic.patient p,"
                " clinic.list_keys(p.tags, p.born) AS m(key) WHERE p.deleted_at IS NULL) w"
                " ON (w.key, w.sort_key, w.id) = (k.key, k.sort_key, k.patient_id)"
                " WHERE w.id IS NULL OR k.patient_id IS NULL"
            ).fetchall()
            strangers = connection.execute(
                "SELECT p.id FROM clinic.patient p JOIN clinic.patient_photo f"
                " ON f.clinic_id = p.clinic_id AND f.id = p.photo_id"
                " WHERE p.deleted_at IS NULL AND f.patient_id <> p.id"
            ).fetchall()
        assert (twice, astray, strangers) == ([], [], [])

    @rule(who=people, number=st.integers(100, 999))
    def change_phone(self, who, number) -> None:
        patient = self.ids[who]
        if self._open(patient):
            with self.boss.writing() as ctx:
                version = patients.open_patient(ctx, patient).version
                phone = f"+353865550{number}"
                patients.change(ctx, PatientChange(id=patient, version=version, phone=phone))

    @invariant()
    def every_row_is_whose_it_should_be(self) -> None:
        with open_connection(self.database.superuser()) as connection:
            columns = connection.execute("SELECT tbl, col FROM clinic.patient_columns()").fetchall()
            found = {}
            for tbl, col in columns:
                if col == "patient_id":
                    rows = connection.execute(f"SELECT id, {col} FROM clinic.{tbl}".encode())
                    found |= {row: whose for row, whose in rows if row in self.rows}
            assert found == self.rows
            balances = dict(
                connection.execute(
                    "SELECT patient_id, sum(amount) FROM clinic.posting"
                    " WHERE account = 'receivable' GROUP BY 1"
                ).fetchall()
            )
            unequal = connection.execute(
                "SELECT count(*) FROM (SELECT FROM clinic.posting GROUP BY journal_entry_id"
                " HAVING sum(amount) <> 0) u"
            ).fetchone()
        assert unequal == (0,)
        for patient in self.ids:
            own = sum(n for entry, n in self.entries.items() if self.rows[entry] == patient)
            assert balances.get(patient, 0) == own

    def teardown(self) -> None:
        # Every merge taken apart from the last: everything is where it was written.
        while self.merges:
            for place, (survivor, _merged, _moved) in enumerate(list(self.merges.values())):
                if self._open(survivor):
                    self.unmerge(place=place)
                    break
        self.every_row_is_whose_it_should_be()
        results = verify(self.database.machine("clinic_backup"), self.anchors)
        assert [one.finding for one in results if one.finding is not None] == []


def test_random_merges(database, sign_in, signed_in, make, tmp_path) -> None:
    make.provider(login="u_dentist")
    machine = type(
        "Machine",
        (Records,),
        {
            "database": database,
            "make": make,
            "boss": signed_in,
            "dentist": sign_in("u_dentist"),
            "anchors": Anchors(tmp_path / "anchors.json"),
        },
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
