"""How long backups are kept: changed for all places or one, and what a change would remove."""

from datetime import datetime

from clinic_desktop.errors import NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup import retention
from clinic_desktop.services.backup.settings import FolderPlace, Kept, Rules, S3Place
from clinic_desktop.services.schemas import Row


class Preview(Row):
    """What rules would leave and remove in one place; ``size`` is that of what goes, in bytes.

    ``keeps`` is true for a place that only grows: nothing goes there, whatever the rules say.
    """

    place: str
    keeps: bool
    stays: int
    goes: tuple[datetime, ...]
    size: int


def place_of(kept: Kept, name: str) -> FolderPlace | S3Place:
    """Return a place by its name; raises NotFoundError."""
    for place in kept.read().places:
        if place.name == name:
            return place
    raise NotFoundError(_("There is no place named “{name}”.").format(name=name))


def preview(kept: Kept, name: str, rules: Rules) -> Preview:
    """Return what the next backup would remove in a place under these rules; nothing is removed.

    Raises UnreachableError or SetupError where the place does not answer.
    """
    place = place_of(kept, name)
    files = {one.name: one.size for one in kept.store(place).names()}
    dumps = {stamp for one in files if (stamp := retention.stamp(one)) is not None}
    surplus = [] if place.keeps else retention.surplus(list(files), **rules.model_dump())
    gone = {stamp for one in surplus if (stamp := retention.stamp(one)) is not None}
    return Preview(
        place=name,
        keeps=place.keeps,
        stays=len(dumps - gone),
        goes=tuple(sorted(map(retention.made_at, gone))),
        size=sum(files[one] for one in surplus),
    )


def change_rules(kept: Kept, rules: Rules | None, *, place: str | None = None) -> None:
    """Keep the rules of all places, or those of one; None gives a place those of all again.

    Nothing is removed before the next backup. Raises NotFoundError, SetupError.
    """
    settings = kept.read()
    if place is None:
        if rules is not None:
            kept.write(settings.model_copy(update=rules.model_dump()))
        return
    place_of(kept, place)
    places = tuple(
        one.model_copy(update={"rules": rules}) if one.name == place else one
        for one in settings.places
    )
    kept.write(settings.model_copy(update={"places": places}))
