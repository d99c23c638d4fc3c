"""The history of records: in words, under its own rights, an earlier value put back."""

from datetime import date

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import InvalidError, NotAllowedError, NotFoundError, StaleError
from clinic_desktop.models import ChartItem
from clinic_desktop.services import patients
from clinic_desktop.services.history.fields import RESTORABLE, model_of
from clinic_desktop.services.history.service import history_of, put_back
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from clinic_desktop.services.patients.schemas import PatientChange


@pytest.fixture
def changed(make_named, sign_in):
    """A patient whose phone was changed by the front desk."""
    who = make_named("Ana", "Reis", phone="+353865550111")
    front = sign_in("u_front", device="front-1")
    with front.writing("called from the new one") as ctx:
        version = patients.open_patient(ctx, who).version
        patients.change(
            ctx,
            PatientChange(id=who, version=version, phone="+353865550122", born=date(1984, 3, 9)),
        )
    return who


def _history(signed_in, table, row_id):
    with signed_in.reading() as ctx:
        return history_of(ctx, table, row_id)


class TestHistory:
    def test_who_when_before_after_where_why(self, sign_in, signed_in, changed) -> None:
        change, added = _history(signed_in, "patient", changed).changes
        front = sign_in("u_front").who
        assert (change.by, change.device, change.reason, change.made) == (
            front.name, "front-1", "called from the new one", "changed",
        )  # fmt: skip
        found = {one.field: (one.before.text, one.after.text, one.kind) for one in change.fields}
        assert found == {
            "phone": ("+353865550111", "+353865550122", "text"),
            "born": ("1980-01-01", "1984-03-09", "date"),
        }
        assert added.made == "added"
        assert "sort_key" not in {one.field for one in added.fields}

    def test_references_are_names(self, signed_in, make, make_named) -> None:
        who = make_named("Ana", "Reis")
        slot = make.appointment(who, make.provider("Dr Park"))
        (added,) = _history(signed_in, "appointment", slot).changes
        values = {one.field: one.after.text for one in added.fields}
        assert (values["patient_id"], values["provider_id"]) == ("Ana Reis", "Dr Park")

    def test_notes_are_not_read_through_history(self, sign_in, make) -> None:
        patient = make.patient()
        note = NoteText(id=new_id(), version_id=new_id(), patient_id=patient, body="Secret")
        with sign_in("u_dentist").writing() as ctx:
            notes.write(ctx, note)
        for table, row in (("note_version", note.version_id), ("note", note.id)):
            history = _history(sign_in("u_front"), table, row)
            assert [(one.hidden, one.fields) for one in history.changes] == [(True, ())]
            assert "Secret" not in history.model_dump_json()
        read = _history(sign_in("u_dentist"), "note_version", note.version_id)
        assert read.changes[0].fields[-1].after.text == "Secret"

    def test_reading_is_logged(self, signed_in, changed) -> None:
        _history(signed_in, "patient", changed)
        with signed_in.reading() as ctx:
            count = ctx.connection.exec_driver_sql(
                "SELECT count(*) FROM access_log WHERE action = 'history'"
            ).scalar()
        assert count == 1

    @pytest.mark.parametrize("table", ["", "staff_right", "patient; DROP", "change_log"])
    def test_not_a_record(self, signed_in, table) -> None:
        with pytest.raises(InvalidError):
            _history(signed_in, table, new_id())


class TestPutBack:
    def _back(self, signed_in, who, field, **values):
        history = _history(signed_in, "patient", who)
        entry = next(one for one in history.changes if one.made == "changed")
        asked = {"version": history.version, "seq": entry.seq, **values}
        with signed_in.writing("put back") as ctx:
            return put_back(ctx, "patient", who, field=field, **asked)

    @pytest.mark.parametrize("field", ["phone", "born"])
    def test_as_a_new_change(self, signed_in, changed, field) -> None:
        self._back(signed_in, changed, field)
        newest, earlier, _added = _history(signed_in, "patient", changed).changes
        (one,) = newest.fields
        before = {change.field: change.before for change in earlier.fields}
        assert (one.field, one.after) == (field, before[field])
        with signed_in.reading() as ctx:
            card = patients.open_patient(ctx, changed)
            assert card.phone == ("+353865550111" if field == "phone" else "+353865550122")
            # It is found by what it has now.
            assert [row.id for row in patients.find(ctx, card.phone)] == [changed]

    def test_saved_since(self, signed_in, changed) -> None:
        version = _history(signed_in, "patient", changed).version
        with pytest.raises(StaleError):
            self._back(signed_in, changed, "phone", version=version - 1)

    def test_only_what_stands_alone(self, signed_in, changed) -> None:
        for field in ("number", "household_id", "clinic_id", "words", "nothing"):
            with pytest.raises(InvalidError):
                self._back(signed_in, changed, field)
        with pytest.raises(NotFoundError):
            self._back(signed_in, changed, "phone", seq=1)

    def test_right(self, sign_in, changed) -> None:
        with pytest.raises(NotAllowedError):
            self._back(sign_in("u_compliance"), changed, "phone")
        history = _history(sign_in("u_compliance"), "patient", changed)
        assert not any(one.restorable for change in history.changes for one in change.fields)

    def test_a_chart_entry(self, signed_in, make) -> None:
        item = make.row(
            ChartItem, patient_id=make.patient(), kind="condition", code="CAR", tooth=36,
            status="condition", since=date(2026, 1, 1), remark="deep",
        )  # fmt: skip
        with signed_in.writing() as ctx:
            ctx.connection.exec_driver_sql(
                "UPDATE chart_item SET remark = 'shallow', version = 2 WHERE id = %s", (item,)
            )
        history = _history(signed_in, "chart_item", item)
        with signed_in.writing() as ctx:
            put_back(ctx, "chart_item", item, version=2, seq=history.changes[0].seq, field="remark")
        assert _history(signed_in, "chart_item", item).changes[0].fields[0].after.text == "deep"

    def test_every_restorable_field_exists(self) -> None:
        for table, fields in RESTORABLE.items():
            model = model_of(table)
            assert model is not None
            assert fields <= set(model.__table__.columns.keys()), table
