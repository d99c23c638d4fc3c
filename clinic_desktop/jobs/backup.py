"""What the worker does by itself, each task one call of a service."""

from collections.abc import Callable, Mapping

from clinic_desktop.documents.downtime import store_pack
from clinic_desktop.services.backup.local import drill
from clinic_desktop.services.backup.run import Site, back_up
from clinic_desktop.services.calendars.folder import write as write_feeds


def tasks(site: Site) -> Mapping[str, Callable[[], object]]:
    """Return the tasks of an installation by their names."""
    return {
        "backup.full": lambda: back_up(site),
        # Segments and the drill belong to the computer that has the dump.
        "backup.tail": lambda: back_up(site, whole=False) if site.has_newest() else None,
        "backup.drill": lambda: drill(site) if site.has_newest() else None,
        "pack.tomorrow": lambda: store_pack(site),
        # Only the computer whose folder it is has something to write.
        "feeds.write": lambda: write_feeds(site.root, site.dsn),
    }
