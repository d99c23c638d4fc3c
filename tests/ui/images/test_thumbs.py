"""The small pictures: the model's cells and signals, and how fast five hundred are drawn."""

import time
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QPixmap

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.documents.schemas import AttachmentRow
from clinic_desktop.ui.images.thumbs import SIZES, ThumbRoles, ThumbsModel, ThumbsView


def row(number: int = 1, **values) -> AttachmentRow:
    fields = {
        "id": new_id(), "version": 1, "file_id": new_id(), "kind": "intraoral",
        "title": f"Bitewing {number}", "name": "a.jpg", "taken_on": date(2026, 3, 10),
        "teeth": (16, 17), "note": "", "created_at": datetime(2026, 3, 12, tzinfo=UTC),
        "added_by": "Siobhán Keane", "media_type": "image/jpeg", "size": 10, "width": 400,
        "height": 300, "frames": 1, **values,
    }  # fmt: skip
    return AttachmentRow(**fields)


@pytest.fixture
def who(sign_in):
    return sign_in("u_dentist").who


class TestModel:
    def test_cells_and_signals(self, who, qtbot, qtmodeltester) -> None:
        model = ThumbsModel(who)
        rows = (row(1), row(2, taken_on=None, teeth=()))
        with qtbot.waitSignal(model.modelReset):
            model.set_rows(rows)
        words = [model.index(n).data() for n in range(model.rowCount())]
        assert words == [
            "Bitewing 1, Intraoral X-ray, 16, 17 · 10 Mar 2026",
            "Bitewing 2, Intraoral X-ray, added 12 Mar 2026",
        ]
        assert model.index(0).data(ThumbRoles.ROW) == rows[0]
        assert model.index(0).data(ThumbRoles.PICTURE) is None
        assert not model.lacks_picture(rows[0])
        with qtbot.waitSignal(model.dataChanged):
            model.set_pictures({rows[0].file_id: QImage(4, 4, QImage.Format.Format_RGB32)})
        assert isinstance(model.index(0).data(ThumbRoles.PICTURE), QImage)
        assert model.lacks_picture(rows[1])
        assert (model.place_of(rows[1].id), model.place_of(new_id())) == (1, -1)
        qtmodeltester.check(model)
        model.clear()
        assert model.rowCount() == 0


class TestSpeed:
    def test_five_hundred_in_view(self, who, theme, qtbot) -> None:
        """A frame of 500 cards costs little more than drawing their 500 pictures."""
        rows = [row(n) for n in range(500)]
        picture = QImage(256, 192, QImage.Format.Format_RGB32)
        picture.fill(0x808080)
        model, view = ThumbsModel(who), ThumbsView(theme, who)
        qtbot.addWidget(view)
        model.set_rows(rows)
        model.set_pictures({one.file_id: picture.copy() for one in rows})
        view.use_side(SIZES["small"])
        view.setModel(model)
        view.resize(3000, 3700)
        view.show()
        qtbot.waitExposed(view)
        target = QPixmap(view.size())
        view.viewport().render(target)
        last = view.visualRect(model.index(499))
        assert view.viewport().rect().contains(last)

        pixmap = QPixmap.fromImage(picture.scaled(96, 72))
        bare, ours = [], []
        for _round in range(15):
            began = time.perf_counter()
            painter = QPainter(target)
            for number in range(500):
                at = QRect(number % 25 * 120, number // 25 * 160, 112, 152)
                painter.fillRect(at, 0xFFFFFF)
                painter.drawRect(at)
                painter.drawPixmap(at.topLeft(), pixmap)
                painter.drawText(at, 0, "Bitewing 123")
                painter.drawText(at.adjusted(0, 20, 0, 0), 0, "16, 17 · 10 Mar 2026")
            painter.end()
            bare.append(time.perf_counter() - began)
            began = time.perf_counter()
            view.viewport().render(target)
            ours.append(time.perf_counter() - began)
        ratio = min(ours) / min(bare)
        report = f"500 cards {min(ours) * 1000:.1f} ms, bare {min(bare) * 1000:.1f} ms"
        assert ratio <= 2.0, report
