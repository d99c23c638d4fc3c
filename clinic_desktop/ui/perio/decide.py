"""Why a stage is proposed, what else is known, and the decision: as proposed or with a reason."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QWidget

from clinic_desktop.domain.perio.evidence import (
    DIABETES,
    EXTENTS,
    SIGNS,
    SMOKING,
    evidence_words,
    proposal_words,
)
from clinic_desktop.domain.perio.facts import Complexity
from clinic_desktop.domain.perio.proposal import Proposal
from clinic_desktop.domain.perio.words import ROMAN
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.perio.reading import proposal_of
from clinic_desktop.services.perio.schemas import (
    BackgroundValues,
    Decision,
    ExamData,
    PatientPerio,
)
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.editors import Choice
from clinic_desktop.ui.widgets.fields import Field
from clinic_desktop.ui.widgets.figures import NumberField
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.line import LineEdit

Told = Callable[[BackgroundValues, Decision], None]
_STAGES: Final = ("", "0", "1", "2", "3", "4")


class DecideDialog(Dialog):
    """Shows the evidence, asks what no probe measures, and takes the decision.

    The proposal follows what is said here at once; what is kept is proposed anew by the service.
    """

    def __init__(
        self,
        data: ExamData,
        every: PatientPerio,
        *,
        theme: Theme,
        parent: QWidget,
        notation: str,
        may: bool,
        told: Told,
    ) -> None:
        super().__init__(
            _("Stage and grade"),
            theme=theme,
            parent=parent,
            sentence=_(
                "Proposed by the figures after the 2017 classification, never decided by them."
            ),
            icon="activity",
            width=720,
            close_words=_("Close"),
        )
        self._data, self._every, self._notation, self._told = data, every, notation, told
        self._may = may and not data.head.signed
        self.words = Label(theme=theme, size="heading", wrap=True)
        self.reasons = Label(theme=theme, role="text_2", wrap=True, tabular=True)
        self.reasons.setAccessibleName(_("Evidence"))
        self.body.addWidget(self.words)
        self.body.addWidget(self.reasons)
        self._background(theme)
        self._decision(theme)
        if self._may:
            self.set_primary(_("Keep the decision"), self._keep)
        self._show()

    # -- what no probe measures -----------------------------------------------------------------

    def _background(self, theme: Theme) -> None:
        head = self._data.head
        self.body.addWidget(Label(_("What else is known"), theme=theme, size="strong"))
        unknown = [(_("Not recorded"), "")]
        self.lost = NumberField(theme=theme, least=0, most=32, value=head.lost_teeth)
        self.bone = NumberField(theme=theme, least=0, most=100, value=head.bone_loss, unit="%")
        self.smoking = Choice(
            [*unknown, *((_(words), key) for key, words in SMOKING.items())],
            theme=theme,
            value=head.smoking,
        )
        self.diabetes = Choice(
            [*unknown, *((_(words), key) for key, words in DIABETES.items())],
            theme=theme,
            value=head.diabetes,
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self.fields = {
            "lost_teeth": Field(
                _("Teeth lost to periodontitis"), self.lost, theme=theme, optional=True
            ),
            "bone_loss": Field(
                _("Worst bone loss in radiographs"), self.bone, theme=theme, optional=True
            ),
            "smoking": Field(_("Smoking"), self.smoking, theme=theme),
            "diabetes": Field(_("Diabetes"), self.diabetes, theme=theme),
        }
        for place, field in enumerate(self.fields.values()):
            grid.addWidget(field, place // 2, place % 2)
            field.edited.connect(self._show)
        for choice in (self.smoking, self.diabetes):
            choice.chosen.connect(self._show)
        for line in (self.lost, self.bone):
            line.textChanged.connect(self._show)
        self.body.addLayout(grid)
        self.signs: dict[Complexity, QCheckBox] = {}
        boxes = QGridLayout()
        for place, (sign, words) in enumerate(SIGNS.items()):
            box = QCheckBox(_(words))
            box.setChecked(sign in head.complexity)
            box.toggled.connect(self._show)
            self.signs[sign] = box
            boxes.addWidget(box, place // 2, place % 2)
        self.body.addLayout(boxes)
        for widget in (self.lost, self.bone, self.smoking, self.diabetes, *self.signs.values()):
            widget.setEnabled(self._may)

    def background(self) -> BackgroundValues:
        """Return what is said; raises InvalidError with the field's name."""
        values: dict[str, int | None] = {}
        for name, line in (("lost_teeth", self.lost), ("bone_loss", self.bone)):
            try:
                values[name] = line.value()
            except InvalidError as error:
                raise InvalidError(str(error), field=name) from error
        return BackgroundValues(
            **values,
            smoking=self.smoking.value(),
            diabetes=self.diabetes.value(),
            complexity=tuple(sign for sign, box in self.signs.items() if box.isChecked()),
        )

    # -- the decision ---------------------------------------------------------------------------

    def _decision(self, theme: Theme) -> None:
        head = self._data.head
        self.body.addWidget(Label(_("Decision"), theme=theme, size="strong"))
        stages = [(self._stage(key), key) for key in _STAGES]
        self.stage = Choice(stages, theme=theme, value=head.stage)
        none = [(_("None"), "")]
        grades = [*none, *((key, key) for key in "ABC")]
        self.grade = Choice(grades, theme=theme, value=head.grade)
        extents = [*none, *((_(words), key) for key, words in EXTENTS.items())]
        self.extent = Choice(extents, theme=theme, value=head.extent)
        self.reason = LineEdit(theme=theme, longest=1000)
        self.reason.setText(head.reason)
        row = QHBoxLayout()
        row.setSpacing(12)
        for name, words, box in (
            ("stage", _("Stage"), self.stage),
            ("grade", _("Grade"), self.grade),
            ("extent", _("Extent"), self.extent),
        ):
            self.fields[name] = Field(words, box, theme=theme)
            row.addWidget(self.fields[name], 1)
            box.setEnabled(self._may)
        self.body.addLayout(row)
        self.fields["reason"] = Field(
            _("Reason, where it differs from the proposal"), self.reason, theme=theme, optional=True
        )
        self.reason.setEnabled(self._may)
        self.body.addWidget(self.fields["reason"])
        if self._may:
            self.add_act(_("Take the proposal"), self.accept_proposal, key="Alt+P")

    def _stage(self, key: str) -> str:
        if not key:
            return _("Not decided")
        return _("No periodontitis") if key == "0" else ROMAN[int(key)]

    def proposal(self) -> Proposal:
        """Return what follows from the exam and what is said here."""
        said = self.background()
        head = self._data.head.model_copy(update=said.model_dump())
        return proposal_of(replace(self._data, head=head), self._every.exams, self._every.born)

    def _show(self, *_changed: object) -> None:
        try:
            proposal = self.proposal()
        except InvalidError:
            return  # the field says what is wrong itself
        self.words.setText(_("Proposed: {what}").format(what=proposal_words(proposal)))
        self.reasons.setText(
            "\n".join(f"• {evidence_words(one, self._notation)}" for one in proposal.evidence)
        )

    def accept_proposal(self) -> None:
        """Choose what is proposed."""
        try:
            proposal = self.proposal()
        except InvalidError as error:
            self.refuse(error)
            return
        self.stage.set_value("" if proposal.stage is None else str(proposal.stage))
        self.grade.set_value(proposal.grade)
        self.extent.set_value(proposal.extent)

    def _keep(self) -> None:
        for field in self.fields.values():
            field.clear()
        try:
            said, proposal = self.background(), self.proposal()
            decision = Decision(
                stage=self.stage.value(),
                grade=self.grade.value() if self.stage.value() not in ("", "0") else "",
                extent=self.extent.value() if self.stage.value() not in ("", "0") else "",
                reason=self.reason.text(),
            )
        except InvalidError as error:
            self.refuse(error)
            return
        if decision.stage and decision.text != proposal.text and not decision.reason:
            self.refuse(
                InvalidError(
                    _("This differs from what the figures propose: say why."), field="reason"
                )
            )
            return
        self.set_busy(True)
        self._told(said, decision)

    def refuse(self, error: Exception) -> None:
        """Say at the field, or below the title, why nothing was kept."""
        self.set_busy(False)
        field = self.fields.get(getattr(error, "field", None) or "")
        if field is not None:
            field.show_error(str(error))
            field.editor.setFocus()
        else:
            self.set_sentence(str(error))
