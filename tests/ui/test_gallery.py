"""Two pictures of the gallery are drawn: its scenes can be set, its windows show something."""

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.conftest import Database
from tests.gallery.painter import CASES, Painter
from tests.gallery.place import Place
from tests.gallery.window import NothingSeenError, must_show


@pytest.mark.parametrize(("name", "colours"), [("calendar-day-6", "dark"), ("chart-cat", "light")])
def test_a_case_is_drawn(qtbot: QtBot, database: Database, theme, tmp_path, name, colours) -> None:
    case = next(one for one in CASES if one.name == name)
    painter = Painter(tmp_path, 100, lambda _scene: Place.of(database, theme, tmp_path))
    (picture,) = painter.keep(case, [colours])
    assert QImage(str(picture)).size().toTuple() == case.size


def test_names_are_files_of_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def test_an_empty_picture_is_a_failure() -> None:
    picture = QImage(200, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    with pytest.raises(NothingSeenError):
        must_show(picture)
