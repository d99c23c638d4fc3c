"""Processor time while something is measured: this process's own, and the server's."""

import time
from contextlib import suppress

import psutil

from clinic_desktop.db.embedded.address import PidFile
from clinic_desktop.db.embedded.paths import Layout
from clinic_desktop.services.installation.local import LocalInstallation


class Spent:
    """Within ``with``: what goes by on the processors, whoever else is on them.

    ``client_s`` are seconds of all threads of this process, ``server_s`` of all of the server's
    processes, of those as well that ended meanwhile.
    """

    def __init__(self, place: LocalInstallation) -> None:
        claim = PidFile.read(Layout(place.root).pid_file)
        self._server = psutil.Process(claim.pid) if claim is not None else None
        self.client_s = self.server_s = 0.0

    def __enter__(self) -> "Spent":
        self._client, self._before = time.process_time(), self._of_server()
        return self

    def __exit__(self, *_error: object) -> None:
        self.client_s = time.process_time() - self._client
        self.server_s = self._of_server() - self._before

    def _of_server(self) -> float:
        if self._server is None:
            return 0.0
        own = self._server.cpu_times()
        whole = own.user + own.system + own.children_user + own.children_system
        for child in self._server.children():
            with suppress(psutil.NoSuchProcess):
                times = child.cpu_times()
                whole += times.user + times.system
        return float(whole)

    @property
    def told(self) -> dict[str, float]:
        """Both, as a line of the bench tells them."""
        return {
            "processor_s": round(self.client_s, 1),
            "server_processor_s": round(self.server_s, 1),
        }
