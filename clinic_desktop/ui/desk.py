"""What every view is given: the way to the services, the look, the message line, the ways about."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.keymap.keymap import Keymap
from clinic_desktop.ui.messages import Messages
from clinic_desktop.ui.navigator import Navigator
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:  # the window is painted before the database libraries are loaded
    from clinic_desktop.services.context import Who


@dataclass(frozen=True)
class Desk:
    """One person at one window. A second window shares all but messages and navigator."""

    operations: Operations
    theme: Theme
    messages: Messages
    navigator: Navigator
    drafts: Drafts
    who: "Who"
    keymap: Keymap = field(default_factory=Keymap)
