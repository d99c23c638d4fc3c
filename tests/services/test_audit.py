"""The audit log: filters, every order paged by key, names that are not columns, the report."""

import csv
import io
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from clinic_desktop.documents.audit import audit_csv, render_audit, safe_cell
from clinic_desktop.documents.papers import ClinicHead
from clinic_desktop.errors import InvalidError, NotAllowedError
from clinic_desktop.services import patients
from clinic_desktop.services.audit import service as audit
from clinic_desktop.services.audit.schemas import AuditColumn, AuditFilter
from clinic_desktop.services.patients.schemas import PatientChange
from tests.documents.reading import whole_text


@pytest.fixture
def busy(make_named, sign_in):
    """A few records that several people changed and opened."""
    ana, ben = make_named("Ana", "Reis"), make_named("=cmd()", "Reis")
    for login, device, who in (("u_front", "front-1", ana), ("u_dentist", "chair-2", ben)):
        with sign_in(login, device=device).writing() as ctx:
            version = patients.open_patient(ctx, who).version
            patients.change(ctx, PatientChange(id=who, version=version, city="Cork"))
    return ana, ben


def _entries(signed_in, **values):
    asked = AuditFilter(**values.pop("asked", {}))
    with signed_in.reading() as ctx:
        return audit.entries(ctx, asked, **values)


class TestEntries:
    @pytest.mark.parametrize("source", ["changes", "opened"])
    def test_every_order_pages_without_gap_or_repeat(self, signed_in, busy, source) -> None:
        for column, descending in itertools.product(AuditColumn, (True, False)):
            self._page_through(signed_in, source, column, descending=descending)

    def _page_through(self, signed_in, source, column, *, descending) -> None:
        values = {"asked": {"source": source}, "sort": column, "descending": descending}
        whole = _entries(signed_in, limit=500, **values).rows
        assert whole
        found, place = [], None
        while True:
            page = _entries(signed_in, limit=3, after=place, **values)
            found += page.rows
            place = page.next
            if place is None:
                break
        assert [row.key for row in found] == [row.key for row in whole]

    def test_newest_first_with_names(self, signed_in, busy) -> None:
        newest = _entries(signed_in).rows[0]
        assert (newest.what, newest.action, newest.device) == ("patient", "U", "chair-2")
        assert (newest.who, newest.patient) == ("Dr Amara Nwosu", "=cmd() Reis")
        assert newest.fields == ("city",)

    def test_filters(self, signed_in, busy) -> None:
        for asked, count in (
            ({"login": "u_front"}, 1),
            ({"device": "chair-2"}, 1),
            ({"action": "U", "what": "patient"}, 2),
            ({"category": "patients.read", "action": "U"}, 2),
            ({"since": signed_in.clock.now() + timedelta(hours=2)}, 0),
            ({"until": datetime(2000, 1, 1, tzinfo=UTC)}, 0),
            ({"login": "' OR true --"}, 0),
        ):
            assert len(_entries(signed_in, asked=asked).rows) == count, asked

    def test_of_one_patient(self, signed_in, busy) -> None:
        ana, ben = busy
        rows = _entries(signed_in, asked={"patient_id": ana, "action": "U"}).rows
        assert [row.login for row in rows] == ["u_front"]
        with signed_in.reading() as ctx:
            opened = audit.opened_by(ctx, ben).rows
        assert {(row.login, row.action) for row in opened} == {("u_dentist", "open")}

    def test_period_is_found_by_halving(self, signed_in, busy) -> None:
        # The template may have been made a good while ago.
        since = signed_in.clock.now() - timedelta(days=3650)
        everything = _entries(signed_in, limit=500).rows
        assert _entries(signed_in, limit=500, asked={"since": since}).rows == everything

    @pytest.mark.parametrize("login", ["u_front", "u_dentist"])
    def test_right(self, sign_in, login) -> None:
        with pytest.raises(NotAllowedError):
            _entries(sign_in(login))

    @settings(
        max_examples=150, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(
        name=st.one_of(
            st.text(max_size=40),
            st.sampled_from(
                ["seq; DROP TABLE patient", "l.seq", "when--", "1", "WHEN", "who,pc", "at)"]
            ),
        )
    )
    def test_no_name_reaches_a_statement(self, signed_in, name) -> None:
        if name in set(AuditColumn):
            return
        with pytest.raises(InvalidError, match="sorted"), signed_in.reading() as ctx:
            audit.entries(ctx, AuditFilter(), sort=name)


class TestReport:
    def _rows(self, signed_in, asked):
        with signed_in.writing() as ctx:
            return audit.report(ctx, asked)

    def test_taking_it_is_in_the_log(self, signed_in, busy) -> None:
        self._rows(signed_in, AuditFilter())
        with signed_in.reading() as ctx:
            found = ctx.connection.execute(
                text("SELECT login, category FROM access_log WHERE action = 'export'")
            ).all()
        assert [tuple(row) for row in found] == [("u_admin", "audit changes")]

    def test_csv_holds_no_formula(self, signed_in, busy) -> None:
        asked = AuditFilter(what="patient", action="U")
        rows = self._rows(signed_in, asked)
        lines = list(csv.reader(io.StringIO(audit_csv(asked, rows).decode("utf-8-sig"))))
        assert len(lines) == 3
        assert any(cell.startswith("'=cmd()") for line in lines for cell in line)
        assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)

    def test_safe_cell(self) -> None:
        for start in "=+-@\t\r":
            assert safe_cell(f"{start}1").startswith("'")
        assert safe_cell("a=1") == "a=1"

    def test_paper(self, signed_in, busy) -> None:
        asked = AuditFilter(what="patient")
        rows = self._rows(signed_in, asked)
        paper = render_audit(
            ClinicHead(name="Harbour"),
            asked,
            rows,
            made_at=datetime(2026, 3, 12, tzinfo=UTC),
            by="Ana Reis",
        )
        words = whole_text(paper)
        assert "Siobhán Keane" in words
        assert "City" in words

    def test_too_long_a_period(self, signed_in, busy, monkeypatch) -> None:
        monkeypatch.setattr(audit, "MOST_ROWS", 2)
        with pytest.raises(InvalidError, match="shorter period"):
            self._rows(signed_in, AuditFilter())
