"""While the clinic's data are opened, and when they could not be."""

from collections.abc import Callable

from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.ink_panel import greeting
from clinic_desktop.ui.entry.page import Page
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button


def opening_words(*, sample: bool) -> tuple[str, str, str]:
    """Return what the dark panel says while data are opened, head and sentence, and the title."""
    if sample:
        return (
            _("Just look around."),
            _("A made-up clinic: nobody in it exists, and nothing you do here reaches real data."),
            _("Opening the sample clinic"),
        )
    return greeting(), _("The clinic’s data are being opened."), _("Opening the clinic")


class OpeningPage(Page):
    """A busy line and the step it has come to; ``on_stop`` ends what takes long."""

    def __init__(
        self, title: str, *, theme: Theme, on_stop: Callable[[], None] | None = None
    ) -> None:
        super().__init__(theme=theme, title=title)
        self.stop: Button | None = None
        if on_stop is not None:
            self.stop = self.add_link(_("Stop"), on_stop, icon="x", key="Esc")
            self._back = on_stop
        self.set_busy(True, _("One moment…"))
        # The way out is open here although something is under way.
        self._busy = False
        if self.stop is not None:
            self.stop.setEnabled(True)


class FailedPage(Page):
    """Why the data could not be opened, and what can be done."""

    def __init__(
        self,
        sentence: str,
        *,
        theme: Theme,
        again: Callable[[], None],
        other: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(theme=theme, title=_("The clinic's data could not be opened"))
        self.note_danger(sentence)
        if other is not None:
            self.add_link(_("Another connection"), other, icon="plug")
        self.set_primary(_("Try again"), again)

    def note_danger(self, sentence: str) -> None:
        """Show the sentence as what is wrong."""
        self._refusal.say(sentence)
