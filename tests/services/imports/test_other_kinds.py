"""Appointments, balances, the price list and stock by the same mechanism."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services import imports


def _bring(signed_in, path, kind):
    with signed_in.reading() as ctx:
        found = imports.look(ctx, path)
    assert found.kind == kind
    with signed_in.writing() as ctx:
        return imports.run(ctx, new_id(), found.plan())


def _all(signed_in, sql):
    with signed_in.reading() as ctx:
        return [tuple(row) for row in ctx.connection.execute(text(sql))]


@pytest.fixture
def people(signed_in, file) -> None:
    path = file("people.csv", "No;Name;DOB\n17;Ana Gil;1990-01-01\n18;Rui Sá;1991-01-01\n")
    with signed_in.reading() as ctx:
        plan = imports.look(ctx, path).plan()
    with signed_in.writing() as ctx:
        imports.run(ctx, new_id(), plan)


class TestAppointments:
    def test_by_number_and_name(self, signed_in, file, make, people) -> None:
        make.provider("Dr Amara Nwosu")
        make.chair("Gabinete 2")
        path = file(
            "agenda.csv",
            "Nº Historia;Paciente;Fecha;Hora;Duración;Profesional;Gabinete;Estado;Motivo\n"
            "17;;25/03/2019;09:30;45;Dr Amara Nwosu;Gabinete 2;Realizada;Revisión\n"
            ";Sá, Rui;26/03/2019;10:00;30;dr. amara nwosu;;Anulada;\n"
            "17;;25/03/2019;09:45;30;Dr Amara Nwosu;;;\n"
            "99;;25/03/2019;12:45;30;Dr Amara Nwosu;;;\n"
            "17;;25/03/2019;13:45;30;Dr Nobody;;;\n",
        )
        report = _bring(signed_in, path, "appointments")
        assert (report.added, report.refused) == (2, 3)
        assert sorted((p.row, p.header) for p in report.problems) == [
            (4, "Fecha"), (5, "Nº Historia"), (6, "Profesional"),
        ]  # fmt: skip
        found = _all(
            signed_in,
            "SELECT given, starts_at, a.status, reason, remark, source FROM appointment a "
            "JOIN patient p ON p.id = patient_id ORDER BY starts_at",
        )
        assert found == [
            ("Ana", datetime(2019, 3, 25, 9, 30, tzinfo=UTC), "done", "", "Revisión", "import"),
            ("Rui", datetime(2019, 3, 26, 10, tzinfo=UTC), "cancelled", "Anulada", "", "import"),
        ]
        with signed_in.writing() as ctx:
            undone = imports.undo(ctx, report.run_id)
        assert (undone.removed, undone.kept) == (2, 0)

    def test_taken_here_is_told_before_the_database_refuses(
        self, signed_in, file, make, people
    ) -> None:
        provider = make.provider("Dr Amara Nwosu")
        make.appointment(
            make.patient(), provider, starts_at=datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
        )
        path = file(
            "a.csv",
            "Patient ID,Appointment date,Time,Provider\n17,25/03/2026,09:45,Dr Amara Nwosu\n",
        )
        report = _bring(signed_in, path, "appointments")
        assert report.refused == 1


def test_balances_balance_and_are_reversed(signed_in, file, people) -> None:
    path = file("s.csv", 'Nº Historia;Saldo\n17;"1.234,50 €"\n18;-20,00\n17;0\nTotal;1.214,50\n')
    report = _bring(signed_in, path, "balances")
    assert (report.added, report.totals) == (2, 1)
    sql = (
        "SELECT given, sum(amount)::bigint FROM posting JOIN patient p ON p.id = patient_id "
        "GROUP BY 1 ORDER BY 1"
    )
    assert _all(signed_in, sql) == [("Ana", 123450), ("Rui", -2000)]
    with signed_in.writing() as ctx:
        assert imports.undo(ctx, report.run_id).removed == 2
    assert _all(signed_in, sql) == [("Ana", 0), ("Rui", 0)]


def test_price_list(signed_in, file, make) -> None:
    make.treatment("RST-030")
    path = file(
        "p.csv", "Código;Descripción;Precio;Duración\nRST-030;X;1;30\nD110;Limpieza;45,50;40\n"
    )
    report = _bring(signed_in, path, "treatments")
    assert (report.added, report.known) == (1, 1)
    sql = "SELECT name, price, minutes FROM treatment WHERE code = 'D110' AND deleted_at IS NULL"
    assert _all(signed_in, sql) == [("Limpieza", 4550, 40)]
    with signed_in.writing() as ctx:
        imports.undo(ctx, report.run_id)
    assert _all(signed_in, sql) == []
    assert _bring(signed_in, path, "treatments").added == 1


def test_stock(signed_in, file) -> None:
    path = file("s.csv", "SKU,Product,Quantity,Cost\nA1,Articaine,12,1.50\nA2,Gloves,,3\n")
    report = _bring(signed_in, path, "stock")
    sql = (
        "SELECT sku, quantity, cost FROM product p "
        "LEFT JOIN stock_balance b ON b.product_id = p.id WHERE deleted_at IS NULL ORDER BY sku"
    )
    assert _all(signed_in, sql) == [("A1", 12, 150), ("A2", None, 300)]
    with signed_in.writing() as ctx:
        assert imports.undo(ctx, report.run_id).removed == 2
    assert _all(signed_in, sql) == []


def test_day_of_a_balance(signed_in, file, people) -> None:
    _bring(signed_in, file("s.csv", "Patient ID,Balance,As of\n17,10,31/12/2025\n"), "balances")
    assert _all(signed_in, "SELECT day FROM journal_entry") == [(date(2025, 12, 31),)]
