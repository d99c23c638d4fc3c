"""Operations and the window on a real server: other people's changes, a lost server, cancelling."""

import time
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from psycopg import sql
from PySide6.QtCore import QObject

from clinic_desktop.db.connect import open_connection
from clinic_desktop.errors import UnreachableError
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.shell.registry import Registry, ScreenEntry
from clinic_desktop.ui.windows import Windows


@pytest.fixture
def operations(qapp, sign_in):
    front = sign_in("u_front", device="front desk")
    operations = Operations(front)
    yield operations
    front.close()
    assert operations.close()


@pytest.fixture
def owner(operations):
    return QObject(operations)


class Server:
    """The test's own database, which it may close to everybody and open again."""

    def __init__(self, database) -> None:
        self._database = database

    def _allow(self, connection, allowed: bool) -> None:
        connection.execute(
            sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
                sql.Identifier(self._database.name), sql.Literal(allowed)
            )
        )

    def close(self) -> None:
        with open_connection(self._database.cluster.address.superuser_dsn()) as connection:
            self._allow(connection, False)
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                (self._database.name,),
            )

    def open(self) -> None:
        with open_connection(self._database.cluster.address.superuser_dsn()) as connection:
            self._allow(connection, True)

    def running(self, words: str) -> int:
        with open_connection(self._database.cluster.address.superuser_dsn()) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state = 'active'"
                " AND query LIKE %s",
                (self._database.name, f"%{words}%"),
            ).fetchone()
        return row[0]


@pytest.fixture
def server(database) -> Server:
    return Server(database)


def rest(ctx) -> None:
    ctx.connection.exec_driver_sql("SELECT pg_sleep(20)")


def ask(ctx) -> int:
    return ctx.connection.exec_driver_sql("SELECT 1").scalar_one()


class TestCancel:
    def test_void_read_ends_in_the_server(self, qtbot, operations, owner, server):
        answers = []
        operations.query(owner, rest, answers.append, key="k")
        qtbot.waitUntil(lambda: server.running("pg_sleep(20)") == 1)
        operations.query(owner, ask, answers.append, key="k")
        qtbot.waitUntil(lambda: server.running("pg_sleep(20)") == 0)
        qtbot.waitUntil(lambda: answers == [1])
        assert operations.connected

    def test_closing_does_not_wait_for_a_long_read(self, qtbot, operations, owner, server):
        operations.query(owner, rest, lambda _none: None)
        qtbot.waitUntil(lambda: server.running("pg_sleep(20)") == 1)
        begun = time.monotonic()
        assert operations.close()
        assert time.monotonic() - begun < 5


class TestLost:
    def test_reads_come_back_by_themselves_and_writes_are_told(
        self, qtbot, operations, owner, server
    ):
        answers, refused, changes = [], [], []
        operations.changed.connect(changes.append)
        operations.query(owner, ask, answers.append)
        qtbot.waitUntil(lambda: answers == [1])
        server.close()
        told = []
        operations.query(owner, ask, answers.append, failed=told.append, key="k")
        operations.change(owner, ask, answers.append, failed=refused.append)
        qtbot.waitUntil(lambda: bool(told) and bool(refused), timeout=10_000)
        assert isinstance(told[0], UnreachableError)
        assert isinstance(refused[0], UnreachableError)
        qtbot.waitUntil(lambda: not operations.connected)
        server.open()
        qtbot.waitUntil(lambda: not operations.reach.asking, timeout=10_000)
        operations.try_now()
        qtbot.waitUntil(lambda: answers == [1, 1], timeout=10_000)
        qtbot.waitUntil(lambda: None in changes, timeout=10_000)
        # The write was not sent again, but the next one goes through.
        operations.change(owner, ask, answers.append, failed=refused.append)
        qtbot.waitUntil(lambda: len(answers) + len(refused) == 4, timeout=10_000)


class Patients(Screen):
    topics = frozenset({"patient"})

    def __init__(self, desk) -> None:
        super().__init__(desk)
        self.reloads = 0

    def reload(self) -> None:
        self.reloads += 1


class TestOtherPeople:
    def test_their_change_reloads_the_screen(self, qtbot, theme, operations, make, tmp_path):
        who = operations._opener.who
        windows = Windows(
            operations=operations,
            theme=theme,
            drafts=Drafts(person_id=who.person_id, key=Fernet.generate_key(), store={}),
            who=who,
            registry=Registry([ScreenEntry("patients", "Patients", "users", Patients, rail="top")]),
            home=tmp_path,
        )
        window = windows.open()
        assert window.windowTitle() == "Clinic Desktop – Harbour Street Dental"
        screen = window.stack.screen_shown()
        assert screen.reloads == 1

        def somebody_registers() -> bool:
            # The feed tells of what is committed once it listens.
            make.patient(id=uuid4())
            return screen.reloads > 1

        qtbot.waitUntil(somebody_registers, timeout=10_000)
        windows.close()
