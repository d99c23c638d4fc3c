"""The chart beside what happens elsewhere: other people's changes, rights, the server away."""

import pytest
from psycopg import sql
from PySide6.QtCore import Qt

from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.chart.schemas import NewChartItem
from tests.ui.chart.by_hand import ENTER, add, items, press, stored


class TestOthers:
    def test_a_change_elsewhere_repaints_and_keeps_what_is_half_done(
        self, open_chart, clinic, sign_in, qtbot
    ) -> None:
        window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "36 mo")
        other = sign_in("u_dentist2", device="chair-1")
        with other.writing() as ctx:
            chart.add(
                ctx,
                clinic.patient,
                [
                    NewChartItem(
                        id=clinic.provider, kind="condition", code="CARIES", tooth=26,
                        surfaces="O", status="condition",
                    )
                ],
            )  # fmt: skip
        qtbot.waitUntil(lambda: tab.frame.teeth.chart().view(26).marks != ())
        assert tab.frame.line.text() == "36 mo"
        assert tab.frame.teeth.selection() == (36,)
        assert tab.frame.teeth._ghosts[36]
        assert window.message == "Somebody else charted just now: 26."

    def test_ones_own_change_is_no_news(self, open_chart, clinic, qtbot) -> None:
        window, tab = open_chart()
        add(qtbot, tab, "36 mod comp")
        qtbot.waitUntil(lambda: window.operations.connected)
        qtbot.wait(400)
        assert window.message.startswith("Charted: 36 MOD")

    def test_a_new_price_is_known_at_once(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        clinic.make.treatment("ZYG-010", "Zygoma implant", area="tooth", price=99000)
        qtbot.waitUntil(lambda: bool(tab.frame.line.reading().lexicon.by_code("ZYG-010")))


class TestRights:
    def test_front_desk_sees_a_sentence_instead_of_teeth(self, open_as, clinic, qtbot) -> None:
        window = open_as("u_front")
        tab = window.open(clinic.patient)
        qtbot.waitUntil(lambda: tab.panel.state == "empty")
        assert not tab.frame.isVisible()
        window.record.do_primary()
        press(qtbot, window, Qt.Key.Key_X)

    def test_who_may_only_read_has_no_line(self, open_chart, clinic, qtbot) -> None:
        clinic.item("CARIES", 26, "O")
        window, tab = open_chart("u_compliance")
        assert not tab.frame.line.isVisible()
        assert tab.frame.reading.isVisible()
        assert not tab.frame.list.complete.isVisible()
        tab.frame.teeth.setFocus()
        press(qtbot, window, Qt.Key.Key_X)
        press(qtbot, window, Qt.Key.Key_Delete)
        assert stored(clinic) == [("condition", 26, "O", "CARIES")]

    def test_an_assistant_charts_and_does_not_complete(self, open_chart, clinic, qtbot) -> None:
        clinic.visit()
        window, tab = open_chart("u_assistant")
        add(qtbot, tab, "36 mod comp")
        (row,) = items(clinic)
        assert row.provider == "Dr Amara Nwosu"  # the provider of the visit
        assert not tab.frame.list.complete.isVisible()
        window.record.do_primary()
        assert tab.finishing.dialog is None


class TestServerAway:
    @pytest.fixture
    def server(self, database):
        class Server:
            def allow(self, connection, allowed: bool) -> None:
                connection.execute(
                    sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
                        sql.Identifier(database.name), sql.Literal(allowed)
                    )
                )

            def close(self) -> None:
                with open_connection(database.cluster.address.superuser_dsn()) as connection:
                    self.allow(connection, False)
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                        (database.name,),
                    )

            def open(self) -> None:
                with open_connection(database.cluster.address.superuser_dsn()) as connection:
                    self.allow(connection, True)

        return Server()

    def test_a_line_that_was_not_stored_comes_back_and_is_sent_once(
        self, open_chart, clinic, server, qtbot
    ) -> None:
        window, tab = open_chart()
        server.close()
        qtbot.keyClicks(tab.frame.line, "36 mod comp")
        qtbot.keyClick(tab.frame.line, ENTER)
        qtbot.waitUntil(lambda: tab.frame.line.text() != "", timeout=15_000)
        assert tab.frame.bubble.text() != ""
        server.open()
        window.operations.try_now()
        qtbot.waitUntil(lambda: window.operations.connected, timeout=15_000)
        qtbot.keyClick(tab.frame.line, ENTER)
        qtbot.waitUntil(lambda: len(tab.frame.teeth.chart().view(36).marks) == 1, timeout=15_000)
        assert stored(clinic) == [("done", 36, "MOD", "RST-020")]

    def test_a_chart_that_cannot_be_read_says_so(self, open_chart, server, qtbot) -> None:
        window, tab = open_chart()
        server.close()
        tab.reload()
        qtbot.waitUntil(lambda: tab.panel.state == "failed", timeout=15_000)
        server.open()
        window.operations.try_now()
        qtbot.waitUntil(lambda: tab.panel.state == "content", timeout=15_000)
