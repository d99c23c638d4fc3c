"""One image large, or two side by side: looked at, measured, drawn over."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.services.documents import marks
from clinic_desktop.services.documents.schemas import AttachmentRow, MarkRow, NewMark
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.words import kind_words, where_and_when
from clinic_desktop.ui.images.canvas import STEP
from clinic_desktop.ui.images.loading import Loaded, frame_of, load
from clinic_desktop.ui.images.mark_form import MarkForm
from clinic_desktop.ui.images.side import ImageSide
from clinic_desktop.ui.images.tags_dialog import TagsDialog
from clinic_desktop.ui.images.toolbar import TOOLS, Toolbar
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.keymap.table import ACTS
from clinic_desktop.ui.screen import KeyHelp

if TYPE_CHECKING:
    from clinic_desktop.services.context import Context


class Viewer(QFrame):
    """Shows one or two images; the acts are meant for the one with the focus."""

    left = Signal()
    about_wanted = Signal(object)
    """The row to be described."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._patient: UUID | None = None
        self._may_draw = desk.who.may("documents.write")
        self.bar = Toolbar(desk.theme, may_draw=self._may_draw)
        self.form = MarkForm(desk.theme)
        self.sides = (ImageSide(desk.theme), ImageSide(desk.theme))
        self._at = 0
        row = QHBoxLayout()
        row.setSpacing(2)
        for place, side in enumerate(self.sides):
            row.addWidget(side, 1)
            side.canvas.entered.connect(partial(self._enter, place))
            side.canvas.looked.connect(self._tell_look)
            side.canvas.drawn.connect(partial(self._drawn, side))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.form)
        column.addLayout(row, 1)
        self.form.left.connect(self._form_left)
        self._bind()

    @property
    def side(self) -> ImageSide:
        """The image that acts are meant for."""
        return self.sides[self._at]

    # -- acts -------------------------------------------------------------------------------

    def _acts(self) -> list[tuple[str, Callable[[], None], Any]]:
        bar = self.bar
        acts: list[tuple[str, Callable[[], None], Any]] = [
            ("Esc", self._escape, bar.back),
            ("+", lambda: self._zoom(STEP), bar.larger),
            ("-", lambda: self._zoom(1 / STEP), bar.smaller),
            ("0", self._fit, bar.whole),
            ("1", lambda: self.side.canvas.set_zoom(1.0), None),
            ("[", lambda: self.side.canvas.turn(-1), bar.left),
            ("]", lambda: self.side.canvas.turn(1), bar.right),
            ("F", self._mirror, bar.mirror),
            ("I", self._invert, bar.invert),
            ("R", self._as_taken, bar.reset),
            ("H", self._toggle_marks, None),
            ("D", self._show_tags, bar.tags),
            ("E", self._describe, bar.about),
            ("PgUp", lambda: self._step(-1), bar.earlier),
            ("PgDown", lambda: self._step(1), bar.later),
            ("B", lambda: self._lighten(10, 0), None),
            ("Shift+B", lambda: self._lighten(-10, 0), None),
            ("C", lambda: self._lighten(0, 10), None),
            ("Shift+C", lambda: self._lighten(0, -10), None),
            ("Tab", self._other, None),
        ]
        if self._may_draw:
            acts.append(("Delete", self._erase, None))
            acts += [(key, partial(self.use_tool, tool), None) for tool, (_w, key) in TOOLS.items()]
        return acts

    def _bind(self) -> None:
        for key, act, button in self._acts():
            for side in self.sides:
                bind(side.canvas, key, act)
            if button is not None:
                button.clicked.connect(act)
        self.bar.light.connect(self._set_light)
        self.bar.tools.chosen.connect(self.use_tool)

    def keys(self) -> list[KeyHelp]:
        """Return the keys of an open image."""
        area = _("Image")
        own = {
            "Space": _("set a point"),
            "Delete": _("erase what is chosen"),
            "Esc": _("back"),
        }
        listed = [KeyHelp(act.keys[0], _(act.does), area) for act in ACTS if act.scope == "image"]
        return [*listed, *(KeyHelp(key, does, area) for key, does in own.items())]

    # -- what is shown ----------------------------------------------------------------------

    def open(self, patient_id: UUID, rows: Sequence[AttachmentRow]) -> None:
        """Show one image, or the first two side by side."""
        self._patient = patient_id
        self._at = 0
        self.use_tool("")
        self.sides[1].setVisible(len(rows) > 1)
        if len(rows) < 2:
            self.sides[1].clear()
        for side, row in zip(self.sides, rows, strict=False):
            self._load(side, row)
        self._tell()
        self.sides[0].canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _load(self, side: ImageSide, row: AttachmentRow) -> None:
        patient = self._patient
        if patient is None:
            return
        side.show_loading(row)
        self.desk.operations.query(
            side,
            lambda ctx: load(ctx, patient, row),
            partial(self._loaded, side),
            failed=lambda error: side.show_failed(str(error), partial(self._load, side, row)),
            key="image",
        )

    def _loaded(self, side: ImageSide, loaded: Loaded) -> None:
        had_focus = side is self.side and not self.form.isVisible()
        side.show_loaded(loaded)
        if had_focus and self.isVisible():
            side.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def refresh_marks(self) -> None:
        """Read again what is drawn over the images, here or at another PC."""
        for side in self.sides:
            loaded = side.loaded
            if loaded is None:
                continue
            self.desk.operations.query(
                side,
                partial(_marks_of, loaded.row.id),
                partial(self._show_marks, side),
                key="marks",
            )

    def _show_marks(self, side: ImageSide, found: tuple[MarkRow, ...]) -> None:
        side.show_marks(found)
        self._tell()

    def renamed(self, rows: Sequence[AttachmentRow]) -> None:
        """Take what is said about the images shown, after it was changed."""
        for side in self.sides:
            side.renamed(rows)
        self._tell()

    def close_images(self) -> None:
        """Let go of the images."""
        for side in self.sides:
            side.clear()
        self.form.hide()
        self.left.emit()

    def _tell(self) -> None:
        row, loaded = self.side.row, self.side.loaded
        self.bar.name.setText(row.title if row is not None else "")
        facts = ""
        if row is not None:
            who = self.desk.who
            facts = (
                f"{kind_words(row.kind)} · {where_and_when(row, who)} · {self.side.calibration()}"
            )
        self.bar.facts.setText(facts)
        self.side.canvas.setAccessibleDescription(f"{facts} {self.side.lengths()}".strip())
        self.bar.tags.setVisible(loaded is not None and loaded.said is not None)
        self.bar.about.setVisible(self._may_draw)
        self.bar.show_frames(loaded.frame if loaded else 0, row.frames if row else 1)
        for side in self.sides:
            side.set_place(beside=self.sides[1].row is not None, current=side is self.side)
        self._tell_look()

    def _tell_look(self) -> None:
        canvas = self.side.canvas
        self.bar.percent.setText(_("{percent} %").format(percent=round(canvas.zoom * 100)))
        self.bar.show_light(canvas.brightness, canvas.contrast)

    def _enter(self, place: int) -> None:
        if place != self._at and self.sides[place].row is not None:
            self._at = place
            self._tell()

    # -- looking ----------------------------------------------------------------------------

    def _zoom(self, by: float) -> None:
        self.side.canvas.set_zoom(self.side.canvas.zoom * by)

    def _lighten(self, brightness: int, contrast: int) -> None:
        canvas = self.side.canvas
        limited = (
            max(-100, min(100, canvas.brightness + brightness)),
            max(-100, min(100, canvas.contrast + contrast)),
        )
        canvas.set_light(*limited)

    def _fit(self) -> None:
        self.side.canvas.fit()

    def _mirror(self) -> None:
        self.side.canvas.mirror()

    def _invert(self) -> None:
        self.side.canvas.invert()

    def _set_light(self, brightness: int, contrast: int) -> None:
        self.side.canvas.set_light(brightness, contrast)

    def _as_taken(self) -> None:
        canvas = self.side.canvas
        canvas.turns, canvas.mirrored, canvas.inverted = 0, False, False
        canvas.set_light(0, 0)
        canvas.fit()

    def _toggle_marks(self) -> None:
        for side in self.sides:
            side.canvas.show_marks = not side.canvas.show_marks
            side.canvas.update()

    def _other(self) -> None:
        if self.sides[1].row is None:
            self.bar.back.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.sides[1 - self._at].canvas.setFocus(Qt.FocusReason.TabFocusReason)

    def _step(self, by: int) -> None:
        side, loaded = self.side, self.side.loaded
        if loaded is None or not 0 <= loaded.frame + by < loaded.row.frames:
            return
        frame = loaded.frame + by
        self.desk.operations.query(
            side,
            lambda _ctx: frame_of(loaded, frame),
            partial(self._loaded, side),
            failed=lambda error: self.desk.messages.warn(str(error)),
            key="image",
        )

    def _show_tags(self) -> None:
        loaded = self.side.loaded
        if loaded is not None and loaded.said is not None:
            TagsDialog(loaded.said.tags, theme=self.desk.theme, parent=self.window()).open()

    def _describe(self) -> None:
        if self.side.row is not None and self._may_draw:
            self.about_wanted.emit(self.side.row)

    def _escape(self) -> None:
        canvas = self.side.canvas
        if canvas.cancel():
            return
        if canvas.tool:
            self.use_tool("")
        else:
            self.close_images()

    # -- drawing ----------------------------------------------------------------------------

    def use_tool(self, tool: object) -> None:
        """Draw this shape from now on; empty looks and pans."""
        name = str(tool)
        self.bar.tools.set_value(name)
        for side in self.sides:
            side.canvas.use_tool(name)
        if self.isVisible():
            self.side.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drawn(self, side: ImageSide, shape: str, points: tuple[float, ...]) -> None:
        if side.loaded is None or self._patient is None:
            return
        new = NewMark(
            id=new_id(),
            patient_id=self._patient,
            attachment_id=side.loaded.row.id,
            frame=side.loaded.frame,
            shape=shape,
            points=points,
        )
        if shape == "text":
            self.form.ask(_("What stands there"), lambda text: self._store_text(side, new, text))
        elif shape == "scale":
            self.form.ask(
                _("How long this is, in mm"), lambda text: self._store_scale(side, new, text)
            )
        else:
            self._store(side, new)

    def _store_text(self, side: ImageSide, new: NewMark, text: str) -> None:
        self._store(side, new.model_copy(update={"words": text}))

    def _store_scale(self, side: ImageSide, new: NewMark, text: str) -> None:
        try:
            mm = float(text.replace(",", ".").removesuffix("mm").strip())
        except ValueError:
            self.form.refuse(_("Write a number, for example 10."))
            return
        self._store(side, new.model_copy(update={"mm": mm}))

    def _store(self, side: ImageSide, new: NewMark) -> None:
        def done(_version: int) -> None:
            if self.form.isVisible():
                self.form.close_form()
            self.refresh_marks()
            self._undoable(_("Drawn."), new.id, 1, erased=False)

        def failed(error: Exception) -> None:
            if self.form.isVisible():
                self.form.refuse(str(error))
            elif isinstance(error, ClinicError):
                self.desk.messages.refuse(error)

        self.desk.operations.change(side, lambda ctx: marks.draw(ctx, new), done, failed=failed)

    def _erase(self) -> None:
        side = self.side
        mark = side.canvas.chosen
        if mark is None:
            self.desk.messages.say(_("Click on what is to be erased first."), "info")
            return

        def done(version: int) -> None:
            self.refresh_marks()
            self._undoable(_("Erased."), mark.id, version, erased=True)

        self.desk.operations.change(side, lambda ctx: marks.erase(ctx, mark.id, mark.version), done)

    def _undoable(self, words: str, mark_id: UUID, version: int, *, erased: bool) -> None:
        def take_back() -> None:
            def call(ctx: "Context") -> int:
                act = marks.draw_again if erased else marks.erase
                return act(ctx, mark_id, version)

            self.desk.operations.change(self, call, lambda _version: self.refresh_marks())

        self.desk.messages.undoable(words, take_back)

    def _form_left(self) -> None:
        self.side.canvas.setFocus(Qt.FocusReason.OtherFocusReason)


def _marks_of(attachment_id: UUID, ctx: "Context") -> tuple[MarkRow, ...]:
    return marks.marks(ctx, attachment_id)
