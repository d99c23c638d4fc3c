"""Operations: off the GUI thread, newest answer only, writes in order, nothing sent twice."""

import threading
from contextlib import contextmanager

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread

from clinic_desktop.errors import (
    BusyError,
    ClinicError,
    ConflictError,
    UnreachableError,
)
from clinic_desktop.ui import operations as module
from clinic_desktop.ui import reach
from clinic_desktop.ui.operations import Operations
from tests.ui.line import NOON, Line


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def operations(qapp, line):
    operations = Operations(line)
    yield operations
    assert operations.close()


@pytest.fixture
def owner(operations):
    return QObject(operations)


class TestQuery:
    def test_works_elsewhere_and_answers_on_the_gui_thread(self, qtbot, qapp, operations, owner):
        seen = {}

        def call(ctx):
            seen["work"] = QThread.currentThread()
            return ctx.now

        def done(result):
            seen["answer"] = (result, QThread.currentThread())

        operations.query(owner, call, done)
        qtbot.waitUntil(lambda: "answer" in seen)
        assert seen["answer"] == (NOON, qapp.thread())
        assert seen["work"] != qapp.thread()

    def test_reads_overlap(self, qtbot, operations, owner):
        both = threading.Barrier(2, timeout=5)
        done = []
        for _ in range(2):
            operations.query(owner, lambda ctx: both.wait(), done.append)
        qtbot.waitUntil(lambda: len(done) == 2)

    def test_newer_read_makes_older_void_and_stops_it_in_the_server(
        self, qtbot, operations, owner, line
    ):
        begun, answers = threading.Event(), []

        def slow(ctx):
            begun.set()
            assert line.cancelled.wait(5)
            return "older"

        operations.query(owner, slow, answers.append, key="search")
        assert begun.wait(5)
        operations.query(owner, lambda ctx: "newer", answers.append, key="search")
        qtbot.waitUntil(lambda: line.cancelled.is_set() and answers == ["newer"])
        operations.query(owner, lambda ctx: "newest", answers.append, key="search")
        qtbot.waitUntil(lambda: answers == ["newer", "newest"])

    def test_other_key_or_owner_stays(self, qtbot, operations, owner, line):
        answers = []
        operations.query(owner, lambda ctx: 1, answers.append, key="a")
        operations.query(owner, lambda ctx: 2, answers.append, key="b")
        operations.query(QObject(operations), lambda ctx: 3, answers.append, key="a")
        qtbot.waitUntil(lambda: sorted(answers) == [1, 2, 3])

    def test_error_of_a_void_read_is_nobodys_business(self, qtbot, operations, owner):
        go, told = threading.Event(), []

        def broken(ctx):
            assert go.wait(5)
            raise RuntimeError

        operations.bug.connect(told.append)
        operations.query(owner, broken, told.append, key="k")
        answers = []
        operations.query(owner, lambda ctx: "fine", answers.append, key="k")
        go.set()
        qtbot.waitUntil(lambda: answers == ["fine"])
        qtbot.waitUntil(lambda: not operations._under_way)
        assert told == []

    def test_owner_gone_before_the_answer(self, qtbot, operations, owner):
        gate, answers, late = threading.Event(), [], []
        operations.query(owner, lambda ctx: gate.wait(5), late.append)
        shiboken6.delete(owner)
        gate.set()
        operations.query(operations.reach, lambda ctx: 1, answers.append)
        qtbot.waitUntil(lambda: answers == [1] and not operations._under_way)
        assert late == []

    def test_busy_is_told_after_a_third_of_a_second(self, qtbot, operations, owner, monkeypatch):
        monkeypatch.setattr(module, "BUSY_AFTER_S", 0.05)
        monkeypatch.setattr(module, "LONG_AFTER_S", 0.15)
        gate, busy, aged, ended = threading.Event(), [], [], []
        operations.busy.connect(busy.append)
        operations.aged.connect(lambda operation: aged.append(operation.told))
        operations.ended.connect(ended.append)
        operations.query(owner, lambda ctx: gate.wait(5), ended.append)
        qtbot.waitUntil(lambda: aged[-1:] == [2])
        assert busy == [True]
        gate.set()
        qtbot.waitUntil(lambda: len(ended) == 2)
        assert busy == [True, False]


class TestChange:
    def test_writes_are_in_order(self, qtbot, operations, owner, line):
        done = []
        for number in range(20):
            operations.change(owner, lambda ctx, number=number: number, done.append)
        qtbot.waitUntil(lambda: len(done) == 20)
        assert done == list(range(20))
        assert line.log == ["begin", "commit"] * 20

    def test_committed_before_it_is_told_and_with_its_reason(self, qtbot, operations, owner, line):
        seen = []
        operations.change(
            owner, lambda ctx: None, lambda _none: seen.append(line.log.copy()), reason="Moved"
        )
        qtbot.waitUntil(lambda: bool(seen))
        assert seen == [["begin", "commit"]]
        assert line.reasons == ["Moved"]

    def test_clash_of_transactions_is_done_again(self, qtbot, operations, owner, line):
        done = []

        def call(ctx):
            if len(line.reasons) < 3:
                raise BusyError("Somebody else was quicker.")
            return len(line.reasons)

        operations.change(owner, call, done.append)
        qtbot.waitUntil(lambda: done == [3])
        assert line.log == ["begin", "rollback"] * 2 + ["begin", "commit"]

    def test_third_clash_is_told(self, qtbot, operations, owner, line):
        told = []

        def call(ctx):
            raise BusyError("Somebody else was quicker.")

        operations.change(owner, call, failed=told.append)
        qtbot.waitUntil(lambda: len(told) == 1)
        assert len(line.reasons) == 3

    def test_refusal_goes_to_the_form_or_to_the_message_line(self, qtbot, operations, owner):
        told, refused = [], []
        operations.refused.connect(lambda _owner, error: refused.append(str(error)))

        def taken(ctx):
            raise ConflictError("Dr Park already has somebody at 14:30.")

        operations.change(owner, taken, failed=lambda error: told.append(str(error)))
        operations.change(owner, taken)
        qtbot.waitUntil(lambda: bool(told) and bool(refused))
        assert told == refused == ["Dr Park already has somebody at 14:30."]

    def test_failed_write_is_told_even_when_its_form_is_gone(self, qtbot, operations, owner, line):
        line.up = False
        with qtbot.waitSignal(operations.refused):
            operations.change(owner, lambda ctx: None, failed=lambda _error: None)
            shiboken6.delete(owner)

    def test_write_is_never_sent_again_by_itself(self, qtbot, operations, owner, line):
        told, answers = [], []
        line.up = False
        operations.change(owner, lambda ctx: None, told.append, failed=told.append)
        qtbot.waitUntil(lambda: len(told) == 1)
        line.up = True
        with qtbot.waitSignal(operations.connection):
            operations.try_now()
        operations.query(owner, lambda ctx: 1, answers.append)
        qtbot.waitUntil(lambda: answers == [1])
        assert isinstance(told[0], ClinicError)
        assert len(line.reasons) == 1


class TestConnection:
    def test_lost_read_is_asked_again_when_the_server_is_back(self, qtbot, operations, owner, line):
        line.up = False
        states, told, answers, changes = [], [], [], []
        operations.connection.connect(states.append)
        operations.changed.connect(changes.append)
        operations.query(owner, lambda ctx: "here", answers.append, failed=told.append, key="k")
        qtbot.waitUntil(lambda: len(told) == 1)
        assert states == [False]
        assert not operations.connected
        line.up = True
        operations.try_now()
        qtbot.waitUntil(lambda: answers == ["here"])
        assert states == [False, True]
        assert changes == [None]

    def test_screens_reload_once_when_the_feed_is_back_as_well(self, qtbot, operations, line):
        changes = []
        operations.changed.connect(changes.append)
        _on_topics, on_lost, on_back = line.tell
        line.up = False
        with qtbot.waitSignal(operations.connection):
            on_lost()
        line.up = True
        with qtbot.waitSignal(operations.connection):
            operations.try_now()
        assert changes == []
        on_back()
        qtbot.waitUntil(lambda: changes == [None])

    def test_a_wish_to_ask_outlives_the_question_under_way(self, qtbot):
        asked, gate = [], threading.Event()

        def ping() -> None:
            asked.append(None)
            if len(asked) == 1:
                gate.wait()
                raise UnreachableError("gone")

        states, judge = [], reach.Reach(ping)
        judge.connection.connect(states.append)
        judge.lost()
        qtbot.waitUntil(lambda: bool(asked))
        judge.try_now()
        gate.set()
        qtbot.waitUntil(lambda: states == [False, True], timeout=reach.PROBE_AGAIN_S * 500)
        assert len(asked) == 2
        assert judge.close(5000)

    def test_feed_alone_lost_and_back(self, qtbot, operations, line):
        _on_topics, on_lost, on_back = line.tell
        on_lost()
        with qtbot.waitSignal(operations.changed) as changed:
            on_back()
        assert changed.args == [None]
        assert operations.connected

    def test_changes_arrive_on_the_gui_thread(self, qtbot, qapp, operations, line):
        seen = []
        operations.changed.connect(lambda topics: seen.append((topics, QThread.currentThread())))
        topics = frozenset({("patient", None, None)})
        thread = threading.Thread(target=line.tell[0], args=(topics,))
        thread.start()
        qtbot.waitUntil(lambda: bool(seen))
        thread.join()
        assert seen == [(topics, qapp.thread())]

    def test_no_answer_is_told(self, qtbot, operations, owner, line, monkeypatch):
        monkeypatch.setattr(reach, "PROBE_AFTER_S", 0.1)
        monkeypatch.setattr(reach, "SILENT_AFTER_S", 0.3)
        gate, states = threading.Event(), []
        operations.connection.connect(states.append)
        monkeypatch.setattr(line, "reading", lambda: hang(gate, line))
        operations.query(owner, lambda ctx: None, lambda _none: None)
        qtbot.waitUntil(lambda: states == [False])
        gate.set()
        qtbot.waitUntil(lambda: states == [False, True])

    def test_long_work_of_a_living_server_is_no_silence(
        self, qtbot, operations, owner, monkeypatch
    ):
        monkeypatch.setattr(reach, "PROBE_AFTER_S", 0.1)
        monkeypatch.setattr(reach, "PROBE_PAUSE_S", 0.0)
        monkeypatch.setattr(reach, "SILENT_AFTER_S", 1.0)
        states = []
        operations.connection.connect(states.append)
        gate = threading.Event()
        operations.query(owner, lambda ctx: gate.wait(10), lambda _none: None)
        with qtbot.waitSignal(qtimer(operations, 2500).timeout):
            pass
        gate.set()
        assert states == []


@contextmanager
def hang(gate, line):
    assert gate.wait(10)
    yield line._context()


def qtimer(parent, ms):
    from PySide6.QtCore import QTimer

    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.start(ms)
    return timer


class TestMistakes:
    """After a mistake of ours the form that waits works again."""

    def test_form_hears_of_it(self, qtbot, operations, owner) -> None:
        told, bugs = [], []
        operations.bug.connect(bugs.append)
        operations.change(owner, lambda ctx: 1 / 0, failed=told.append)
        qtbot.waitUntil(lambda: bool(told))
        assert [type(bug) for bug in bugs] == [ZeroDivisionError]
        assert isinstance(told[0], ClinicError)
        assert str(told[0]) == "The program made a mistake. Your text is kept."

    def test_form_that_is_gone_is_not_asked(self, qtbot, operations, owner) -> None:
        told, gate = [], threading.Event()

        def broken(ctx):
            assert gate.wait(5)
            raise ZeroDivisionError

        with qtbot.waitSignal(operations.bug):
            operations.change(owner, broken, failed=told.append)
            shiboken6.delete(owner)
            gate.set()
        assert told == []
