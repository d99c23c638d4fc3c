"""The PostgreSQL server that this computer runs for itself, started and stopped by the program."""

from clinic_desktop.db.embedded.address import ServerAddress
from clinic_desktop.db.embedded.supervisor import EmbeddedServer

__all__ = ["EmbeddedServer", "ServerAddress"]
