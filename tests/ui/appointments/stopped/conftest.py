"""The server of these tests is stopped and started under open screens."""

from tests.stopping import database, server

__all__ = ["database", "server"]
