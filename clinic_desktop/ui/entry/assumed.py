"""What set-up assumes about a clinic: said in a panel, changed in a dialog."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop import i18n
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, Field
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.installation.first_run import Assumed

TWO_COLUMNS_FROM: Final = 520


def notations() -> dict[str, str]:
    """Return how teeth can be numbered, in words."""
    return {
        "fdi": _("FDI (11–48)"),
        "universal": _("Universal (1–32)"),
        "palmer": _("Palmer (1–8 by quadrant)"),
    }


class AssumedPanel(QWidget):
    """The assumptions in a dashed frame, with the button that changes them."""

    change_wanted = Signal()

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        self._head = Label(theme=theme, size="small", role="text_3", wrap=True)
        head.addWidget(self._head, 1)
        self.change = Button(_("Change"), theme=theme, icon="pencil", kind="link")
        self.change.clicked.connect(self.change_wanted)
        self.change.setAccessibleName(_("Change what is assumed"))
        head.addWidget(self.change)
        column.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(6)
        column.addLayout(self._grid)
        theme.changed.connect(self.update)

    def show_facts(self, head: str, facts: list[tuple[str, str, str]], *, change: bool) -> None:
        """Show (icon, what, how) as a list of facts."""
        self._head.setText(head)
        self.change.setVisible(change)
        while (item := self._grid.takeAt(0)) is not None:
            if (fact := item.widget()) is not None:
                fact.deleteLater()
        columns = 2 if self.width() >= TWO_COLUMNS_FROM else 1
        for place, (icon, what, how) in enumerate(facts):
            self._grid.addWidget(
                _Fact(icon, what, how, self._theme), place // columns, place % columns
            )
        self.setAccessibleName(", ".join(f"{what} {how}" for _icon, what, how in facts))
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the dashed frame: not firm yet."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("border_strong"), 1, Qt.PenStyle.DashLine))
        radius = self._theme.radius("panel")
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, radius, radius)
        painter.end()


class _Fact(QWidget):
    def __init__(self, icon: str, what: str, how: str, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(Icon(icon, theme=theme, size=16))
        row.addWidget(Label(what, theme=theme, role="text_2"))
        row.addWidget(Label(how, theme=theme, size="strong"), 1)


def facts_of(assumed: "Assumed", folder: str) -> list[tuple[str, str, str]]:
    """Return what is true of a clinic on this computer, as (icon, what, how)."""
    # Loaded by now: the assumptions come from there.
    from clinic_desktop.services.installation import first_run

    language = i18n.language()
    where = _("{country}, {currency}").format(
        country=first_run.country_name(assumed.country, language),
        currency=first_run.currency_name(assumed.currency, language),
    )
    return [
        ("map-pin", _("Country and currency:"), where),
        ("tooth", _("Tooth numbers:"), notations()[assumed.notation]),
        ("clock", _("Time zone:"), assumed.zone.replace("_", " ")),
        ("printer", _("Paper:"), assumed.paper),
        ("calendar", _("Open:"), _("Monday to Friday, 8 to 18")),
        ("lock", _("Locks itself:"), _("after 10 minutes")),
        ("hard-drive", _("Data:"), folder),
        ("shield", _("Protected by:"), _("this computer's account")),
    ]


class AssumedDialog(Dialog):
    """Country, currency, time zone, teeth and paper; another country brings its usual ones."""

    def __init__(
        self,
        assumed: "Assumed",
        *,
        theme: Theme,
        parent: QWidget,
        done: Callable[["Assumed"], None],
    ) -> None:
        super().__init__(
            _("What the clinic starts with"),
            theme=theme,
            parent=parent,
            sentence=_("All of it can be changed later in Settings."),
            icon="sliders-horizontal",
            width=520,
        )
        from clinic_desktop.services.installation import first_run

        self._usual = first_run.assume
        self._zones = first_run.zones
        self._done = done
        self._assumed = assumed
        language = i18n.language()
        self.country = Choice(first_run.countries(language), theme=theme, value=assumed.country)
        self.currency = Choice(first_run.currencies(language), theme=theme, value=assumed.currency)
        self.zone = Choice(self._zone_options(assumed.country), theme=theme, value=assumed.zone)
        self.notation = Choice(
            [(words, code) for code, words in notations().items()],
            theme=theme,
            value=assumed.notation,
        )
        self.paper = Choice([("A4", "A4"), ("Letter", "Letter")], theme=theme, value=assumed.paper)
        self.country.chosen.connect(self._other_country)
        for label, editor in (
            (_("Country"), self.country),
            (_("Currency"), self.currency),
            (_("Time zone"), self.zone),
            (_("Tooth numbers"), self.notation),
            (_("Paper"), self.paper),
        ):
            self.body.addWidget(Field(label, editor, theme=theme))
        self.set_primary(_("Take these"), self._take)

    def _zone_options(self, country: str) -> list[tuple[str, str]]:
        return [(zone.replace("_", " "), zone) for zone in self._zones(country)]

    def _other_country(self, country: str) -> None:
        usual = self._usual(country=country, zone=self._assumed.zone, language=i18n.language())
        self._assumed = usual
        self.zone.set_options(self._zone_options(country))
        self.zone.set_value(usual.zone)
        self.currency.set_value(usual.currency)
        self.notation.set_value(usual.notation)
        self.paper.set_value(usual.paper)

    def _take(self) -> None:
        self.accept()
        self._done(
            self._assumed.model_copy(
                update={
                    "country": self.country.value(),
                    "currency": self.currency.value(),
                    "zone": self.zone.value(),
                    "notation": self.notation.value(),
                    "paper": self.paper.value(),
                }
            )
        )
