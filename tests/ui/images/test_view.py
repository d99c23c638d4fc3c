"""The images tab by keys and clicks: adding, opening, measuring, comparing, taking out."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from clinic_desktop.services.documents import attachments, marks
from clinic_desktop.ui.documents.about_dialog import AboutDialog
from clinic_desktop.ui.images.tags_dialog import TagsDialog
from tests import files
from tests.ui.undoing import take_back


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def titles(tab) -> list[str]:
    return [row.title for row in tab.model.rows()]


def drop(tab, *paths) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(100, 100), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    tab.dropEvent(event)


class TestAdding:
    def test_empty_then_dropped(self, open_images, qtbot, tmp_path) -> None:
        window, tab = open_images(state="empty")
        good, liar = tmp_path / "Bitewing.jpg", tmp_path / "virus.jpg"
        good.write_bytes(files.picture())
        liar.write_bytes(b"MZ" + b"\0" * 500)
        drop(tab, good, liar)
        qtbot.waitUntil(lambda: titles(tab) == ["Bitewing"])
        qtbot.waitUntil(tab.refusals.isVisible)
        assert tab.refusals.words.text().startswith(
            "virus.jpg: This file says .jpg but holds a program. It was not stored."
        )
        qtbot.waitUntil(lambda: not tab.model.lacks_picture(tab.model.row(0)))
        take_back(qtbot, window.desk)
        qtbot.waitUntil(lambda: tab.panel.state == "empty")
        qtbot.mouseClick(tab.refusals.close_button, Qt.MouseButton.LeftButton)
        assert not tab.refusals.isVisible()

    def test_a_paper_is_said_to_stand_elsewhere(self, open_images, qtbot, tmp_path) -> None:
        window, tab = open_images(state="empty")
        paper = tmp_path / "letter.pdf"
        paper.write_bytes(files.pdf())
        drop(tab, paper)
        qtbot.waitUntil(lambda: window.message.startswith("1 file added. Pictures stand under"))

    def test_pasted(self, open_images, put, qtbot) -> None:
        put(files.picture("PNG"), "first.png")
        _window, tab = open_images()
        image = QImage(40, 30, QImage.Format.Format_RGB32)
        image.fill(0x336699)
        QGuiApplication.clipboard().setImage(image)
        tab.thumbs.setFocus()
        press(qtbot, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: sorted(titles(tab)) == ["Pasted picture", "first"])

    def test_the_same_again_is_said(self, open_images, put, qtbot, tmp_path) -> None:
        put(files.picture(), "first.jpg")
        _window, tab = open_images()
        again = tmp_path / "again.jpg"
        again.write_bytes(files.picture())
        drop(tab, again)
        qtbot.waitUntil(tab.refusals.isVisible)
        assert tab.refusals.words.text() == "again.jpg: This record has it already: first."

    def test_without_the_right(self, open_images, put) -> None:
        put(files.picture(), "first.jpg")
        _window, tab = open_images("u_hygienist")
        assert tab.add.isVisible()
        assert tab.acceptDrops()

    def test_another_pcs_image_appears(self, open_images, put, qtbot) -> None:
        put(files.picture(), "first.jpg")
        _window, tab = open_images()
        chosen = tab.thumbs.currentIndex().row()
        put(files.picture(shade=200), "second.jpg")
        qtbot.waitUntil(lambda: len(titles(tab)) == 2)
        assert chosen == 0
        assert tab.model.row(tab.thumbs.currentIndex().row()).title == "first"


class TestChoosing:
    def test_take_out_and_undo(self, open_images, put, qtbot) -> None:
        for number in range(3):
            put(files.picture(shade=100 + number), f"n{number}.jpg")
        window, tab = open_images()
        qtbot.waitUntil(tab.thumbs.hasFocus)
        before = titles(tab)
        press(qtbot, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: titles(tab) == before[1:])
        qtbot.waitUntil(lambda: window.message == "1 image taken out.")
        assert tab.thumbs.currentIndex().row() == 0
        take_back(qtbot, window.desk)
        qtbot.waitUntil(lambda: titles(tab) == before)

    def test_describe(self, open_images, put, qtbot) -> None:
        put(files.picture(), "first.jpg")
        window, tab = open_images()
        qtbot.waitUntil(tab.thumbs.hasFocus)
        press(qtbot, Qt.Key.Key_E)
        dialog = window.window.findChild(AboutDialog)
        qtbot.waitUntil(dialog.isVisible)
        dialog.title_line.setText("Bitewing right")
        dialog.teeth.setText("16 99")
        dialog.primary().click()
        assert "“99” is no tooth" in dialog._teeth_problem()
        dialog.teeth.setText("16 17")
        dialog.kind.set_value("intraoral")
        dialog.primary().click()
        qtbot.waitUntil(lambda: titles(tab) == ["Bitewing right"])
        row = tab.model.row(0)
        assert (row.kind, row.teeth) == ("intraoral", (16, 17))

    def test_kinds(self, open_images, put, qtbot) -> None:
        put(files.picture(), "a.jpg", kind="photo", title="A")
        put(files.picture(shade=200), "b.jpg", kind="panoramic", title="B")
        _window, tab = open_images()
        tab.kind.set_value("panoramic")
        tab.kind.chosen.emit("panoramic")
        assert titles(tab) == ["B"]
        assert tab.count.text() == "1 image"


@pytest.fixture
def viewed(open_images, qtbot):
    """Open the first image by Enter."""

    def one(**more):
        window, tab = open_images(**more)
        qtbot.waitUntil(tab.thumbs.hasFocus)
        press(qtbot, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: tab.viewer.side.loaded is not None)
        canvas = tab.viewer.side.canvas
        qtbot.waitUntil(canvas.hasFocus)
        return window, tab, canvas

    return one


class TestViewer:
    def test_keys(self, put, viewed, qtbot) -> None:
        put(files.picture(), "first.jpg")
        _window, tab, canvas = viewed()
        whole = canvas.zoom
        press(qtbot, Qt.Key.Key_Plus)
        assert canvas.zoom == pytest.approx(whole * 1.25)
        press(qtbot, Qt.Key.Key_1)
        assert canvas.zoom == 1.0
        press(qtbot, Qt.Key.Key_0)
        assert canvas.zoom == pytest.approx(whole)
        press(qtbot, Qt.Key.Key_BracketRight)
        assert canvas.turns == 1
        press(qtbot, Qt.Key.Key_F)
        press(qtbot, Qt.Key.Key_I)
        press(qtbot, Qt.Key.Key_B)
        assert (canvas.mirrored, canvas.inverted, canvas.brightness) == (True, True, 10)
        assert tab.viewer.bar.brightness.value() == 10
        press(qtbot, Qt.Key.Key_R)
        assert (canvas.turns, canvas.mirrored, canvas.inverted, canvas.brightness) == (
            0, False, False, 0,
        )  # fmt: skip
        press(qtbot, Qt.Key.Key_Escape)
        qtbot.waitUntil(tab.thumbs.hasFocus)

    @pytest.mark.parametrize("turns", range(4))
    @pytest.mark.parametrize("mirrored", [False, True])
    def test_points_go_there_and_back(self, put, viewed, turns, mirrored) -> None:
        put(files.picture(), "first.jpg")
        _window, _tab, canvas = viewed()
        canvas.turn(turns)
        if mirrored:
            canvas.mirror()
        canvas.set_zoom(3.0)
        canvas.pan(QPointF(33, -20))
        spot = QPointF(120, 90)
        back = canvas.to_widget(canvas.to_image(spot).x(), canvas.to_image(spot).y())
        assert (back - spot).manhattanLength() < 0.01

    def test_what_is_painted(self, put, viewed, qtbot) -> None:
        put(files.picture(size=(400, 300), shade=200), "first.jpg")
        _window, _tab, canvas = viewed()
        spot = canvas.to_widget(360, 150).toPoint()
        before = canvas.grab().toImage().pixelColor(spot).red()
        assert before == pytest.approx(180, abs=6)
        canvas.invert()
        assert canvas.grab().toImage().pixelColor(spot).red() == pytest.approx(75, abs=6)
        canvas.invert()
        canvas.turn(2)
        assert canvas.grab().toImage().pixelColor(
            canvas.to_widget(360, 150).toPoint()
        ).red() == pytest.approx(180, abs=6)

    def test_measured_by_the_file(self, put, viewed, qtbot, clinic, sign_in) -> None:
        put(files.dicom(PixelSpacing=[0.05, 0.05], PatientName="", PatientID=""), "x.dcm")
        window, tab, canvas = viewed()
        assert "calibrated by the file" in tab.viewer.bar.facts.text()
        press(qtbot, Qt.Key.Key_M)
        for x in (10, 50):
            at = canvas.to_widget(x, 30).toPoint()
            qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
        qtbot.waitUntil(lambda: len(canvas._marks) == 1)
        mark = canvas._marks[0]
        from clinic_desktop.ui.images.mark_painter import length_words

        assert length_words(mark, canvas.spacing) == "2.0 mm"
        qtbot.waitUntil(lambda: "2.0 mm" in canvas.accessibleDescription())
        take_back(qtbot, window.desk)
        qtbot.waitUntil(lambda: canvas._marks == ())

    def test_uncalibrated_says_so_until_a_length_is_known(self, put, viewed, qtbot) -> None:
        put(files.picture(), "first.jpg")
        _window, tab, canvas = viewed()
        from clinic_desktop.ui.images.mark_painter import length_words

        assert "not calibrated" in tab.viewer.bar.facts.text()
        press(qtbot, Qt.Key.Key_M)
        self._two_points(qtbot)
        qtbot.waitUntil(lambda: len(canvas._marks) == 1)
        assert length_words(canvas._marks[0], canvas.spacing).endswith("px, not calibrated")
        press(qtbot, Qt.Key.Key_K)
        self._two_points(qtbot)
        line = tab.viewer.form.line
        qtbot.waitUntil(line.hasFocus)
        qtbot.keyClicks(line, "ten")
        press(qtbot, Qt.Key.Key_Return)
        assert tab.viewer.form.refusal.text() == "Write a number, for example 10."
        line.clear()
        qtbot.keyClicks(line, "10")
        press(qtbot, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: len(canvas._marks) == 2)
        assert length_words(canvas._marks[0], canvas.spacing) == "10.0 mm"
        qtbot.waitUntil(lambda: "calibrated by a known length" in tab.viewer.bar.facts.text())

    def _two_points(self, qtbot) -> None:
        press(qtbot, Qt.Key.Key_Space)
        for _step in range(5):
            press(qtbot, Qt.Key.Key_Right)
        press(qtbot, Qt.Key.Key_Space)

    def test_words_and_erasing(self, put, viewed, qtbot, clinic, sign_in) -> None:
        attached = put(files.picture(), "first.jpg")
        window, tab, canvas = viewed()
        press(qtbot, Qt.Key.Key_T)
        at = canvas.to_widget(100, 100).toPoint()
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
        qtbot.waitUntil(tab.viewer.form.line.hasFocus)
        qtbot.keyClicks(tab.viewer.form.line, "Caries")
        press(qtbot, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: [mark.words for mark in canvas._marks] == ["Caries"])
        qtbot.waitUntil(canvas.hasFocus)
        press(qtbot, Qt.Key.Key_V)
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at + QPoint(10, -5))
        assert canvas.chosen is not None
        press(qtbot, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: canvas._marks == ())
        take_back(qtbot, window.desk)
        qtbot.waitUntil(lambda: len(canvas._marks) == 1)
        with sign_in("u_front").reading() as ctx:
            assert len(marks.marks(ctx, attached.id)) == 1
            assert attachments.content(ctx, clinic.patient, attached.id) == files.picture()

    def test_somebody_elses_x_ray_and_its_tags(self, put, viewed, qtbot) -> None:
        put(files.dicom(PatientName="Park^Jin", PatientID="99"), "x.dcm")
        window, tab, _canvas = viewed()
        assert tab.viewer.side.notice.text() == (
            "The file says the name Park Jin, the number 99. Check that it belongs to this patient."
        )
        press(qtbot, Qt.Key.Key_D)
        dialog = window.window.findChild(TagsDialog)
        qtbot.waitUntil(dialog.isVisible)
        model = dialog.model
        lines = {
            model.index(n, 1).data(): model.index(n, 2).data() for n in range(model.rowCount())
        }
        assert lines["Patient's Name"] == "Park^Jin"
        assert lines["Modality"] == "IO"
        dialog.reject()

    def test_frames(self, put, viewed, qtbot) -> None:
        import numpy as np

        put(files.dicom(np.zeros((3, 40, 40), np.uint8), PatientName="", PatientID=""), "x.dcm")
        _window, tab, _canvas = viewed()
        assert tab.viewer.bar.frame.text() == "Frame 1 of 3"
        press(qtbot, Qt.Key.Key_PageDown)
        qtbot.waitUntil(lambda: tab.viewer.bar.frame.text() == "Frame 2 of 3")

    def test_one_that_cannot_be_shown_says_so(self, open_images, put, qtbot) -> None:
        from pydicom.uid import JPEGLosslessSV1

        put(files.dicom(syntax=JPEGLosslessSV1, PatientName="", PatientID=""), "x.dcm")
        _window, tab = open_images()
        qtbot.waitUntil(tab.thumbs.hasFocus)
        press(qtbot, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: tab.viewer.side.panel.state == "failed")

    def test_compare_two(self, open_images, put, qtbot) -> None:
        put(files.picture(), "a.jpg")
        put(files.picture(shade=200), "b.jpg")
        window, tab = open_images()
        qtbot.waitUntil(tab.thumbs.hasFocus)
        press(qtbot, Qt.Key.Key_C)
        assert window.message.startswith("Select two images first")
        press(qtbot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        press(qtbot, Qt.Key.Key_C)
        sides = tab.viewer.sides
        qtbot.waitUntil(lambda: all(side.loaded is not None for side in sides))
        assert {side.row.title for side in sides} == {"a", "b"}
        qtbot.waitUntil(sides[0].canvas.hasFocus)
        press(qtbot, Qt.Key.Key_Tab)
        assert tab.viewer.side is sides[1]
        press(qtbot, Qt.Key.Key_BracketRight)
        assert (sides[0].canvas.turns, sides[1].canvas.turns) == (0, 1)
