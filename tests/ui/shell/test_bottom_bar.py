"""The facts at the right of the bottom bar."""

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.errors import NotAllowedError
from clinic_desktop.services.session import Topic
from clinic_desktop.ui.shell.bottom_bar import BottomBar
from clinic_desktop.ui.shell.registry import StatusItem, StatusSource

UNKNOWN = StatusItem("shield-alert", "Backup not known", "unknown")
GOOD = StatusItem("shield-check", "Backup 02:00, verified", "ok")


@pytest.fixture
def answers() -> list[object]:
    return [GOOD]


@pytest.fixture
def clicked() -> list[object]:
    return []


@pytest.fixture
def bar(qtbot, shell, answers, clicked):
    def call(_ctx) -> StatusItem:
        if isinstance(answers[-1], Exception):
            raise answers[-1]
        return answers[-1]

    source = StatusSource(
        "backup", lambda: UNKNOWN, call, frozenset({"backup_run"}), clicked.append
    )
    bar = BottomBar(shell.desk, [source])
    qtbot.addWidget(bar)
    bar.setMinimumSize(200, 32)
    bar.resize(1400, 32)
    bar.show()
    return bar


def test_not_known_until_it_is_known(qtbot, bar):
    fact = bar.facts["backup"]
    assert fact.accessibleName() == "Backup not known"
    bar.ask()
    qtbot.waitUntil(lambda: fact.accessibleName() == "Backup 02:00, verified")


def test_not_known_again_when_it_cannot_be_asked(qtbot, bar, answers):
    bar.ask()
    qtbot.waitUntil(lambda: bar.facts["backup"].item == GOOD)
    answers.append(NotAllowedError("No."))
    bar.ask()
    qtbot.waitUntil(lambda: bar.facts["backup"].item == UNKNOWN)


def test_asked_again_when_its_tables_change(qtbot, bar, shell, line):
    some_id = shell.desk.who.person_id
    line.tell[0](frozenset({Topic("backup_run", some_id, None)}))
    qtbot.waitUntil(lambda: bar.facts["backup"].item == GOOD)


def test_click_opens_details(qtbot, bar, shell, clicked):
    qtbot.mouseClick(bar.facts["backup"], Qt.MouseButton.LeftButton)
    assert clicked == [shell.desk]


def test_words_give_way_to_the_message_but_not_those_of_a_worry(qtbot, bar):
    bar.show_fact("backup", GOOD)
    wide = bar.facts["backup"].sizeHint().width()
    bar.resize(440, 32)
    assert bar.facts["backup"].sizeHint().width() < wide
    assert bar.server.sizeHint().width() < bar.server.full_width()
    bar.show_fact("backup", UNKNOWN)
    assert bar.facts["backup"].sizeHint().width() == bar.facts["backup"].full_width()
    assert bar.clock.item.text == "12:00"
