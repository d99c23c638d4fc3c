"""What is done with a record from any of its tabs by one letter: star, tags, photo, consents."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.handed_in import Source
from clinic_desktop.ui.patients.at_hand import pick_tags, toggle_star
from clinic_desktop.ui.patients.consents_dialog import ConsentsDialog
from clinic_desktop.ui.patients.family_dialog import FamilyDialog
from clinic_desktop.ui.patients.marks_source import MarksSource
from clinic_desktop.ui.patients.photo_dialog import PhotoDialog


@dataclass(frozen=True)
class Act:
    """A letter, what it does in the help and in the menu, and the act."""

    key: str
    does: str
    words: str
    act: Callable[[], None]


class RecordActs:
    """Belongs to the screen of the record; ``card`` says whose it is, None while it opens."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        marks: MarksSource,
        card: Callable[[], PatientCard | None],
    ) -> None:
        self.desk, self._screen, self._marks, self._card = desk, screen, marks, card

    def offered(self) -> list[Act]:
        """Return the acts that this person may do."""
        acts = [
            Act("S", _("star or take the star away"), _("Star or take the star away"), self.star),
            Act("C", _("consents to contact"), _("Consents to contact…"), self.open_consents),
        ]
        if self.desk.who.may("patients.write"):
            acts += [
                Act("T", _("tags"), _("Tags…"), self.pick_tags),
                Act("P", _("photo"), _("Photo…"), self.open_photo),
                Act("G", _("guardian and family"), _("Guardian and family…"), self.open_family),
            ]
        return acts

    def in_menu(self) -> list[tuple[str, Callable[[], None]]]:
        """Return the acts for the record's menu."""
        return [(f"{one.words}\t{one.key}", one.act) for one in self.offered()]

    def open_page(self, key: str) -> None:
        """Open what a tab asks for: "consents", "family" or "photo"."""
        pages = {
            "consents": self.open_consents,
            "family": self.open_family,
            "photo": self.open_photo,
        }
        pages[key]()

    def star(self) -> None:
        """Star the patient or take the star away."""
        card = self._card()
        if card is not None:
            on = card.id not in self._marks.marks.stars
            ask = self._marks.ask
            toggle_star(self.desk, self._screen, card.id, card.name, on=on, done=ask)

    def pick_tags(self) -> None:
        """Put tags on the patient."""
        card = self._card()
        if card is not None:
            pick_tags(self.desk, self._screen, card.id, card.name, card.tags)

    def open_photo(self, source: Source | None = None) -> None:
        """Show the patient's photo, to be chosen, cut or removed; ``source`` was dragged here."""
        card = self._card()
        if card is not None:
            PhotoDialog(self.desk, self._screen, card, source).open()

    def open_consents(self) -> None:
        """Show what the patient said about being contacted."""
        card = self._card()
        if card is not None:
            ConsentsDialog(self.desk, self._screen, card).open()

    def open_family(self) -> None:
        """Show guardian and family, to be changed."""
        card = self._card()
        if card is not None:
            FamilyDialog(self.desk, self._screen, card).open()
