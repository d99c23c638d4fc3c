"""The worker beside the window: a process of its own, so that a backup never slows a key."""

import subprocess
import sys
from contextlib import suppress
from os import getpid
from pathlib import Path
from typing import Final

END_SECONDS: Final = 10.0


class WorkerProcess:
    """Runs ``clinic-desktop worker`` for the data of this computer while the window is open."""

    def __init__(self, home: Path, profile: str) -> None:
        program = [sys.executable] if getattr(sys, "frozen", False) else [
            sys.executable, "-m", "clinic_desktop",
        ]  # fmt: skip
        self.command = [
            *program,
            f"--home={home}",
            f"--profile={profile}",
            "worker",
            f"--parent={getpid()}",
        ]
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; a second call while it runs does nothing."""
        if self._running is not None and self._running.poll() is None:
            return
        # Without a console of its own on Windows; elsewhere there is no such flag.
        flags: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self._running = subprocess.Popen(  # noqa: S603 - this very program
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
        )

    @property
    def runs(self) -> bool:
        """Whether it runs now."""
        return self._running is not None and self._running.poll() is None

    def stop(self) -> None:
        """Ask it to end and wait a little; what it was doing is due again."""
        if self._running is None:
            return
        self._running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(END_SECONDS)
        if self._running.poll() is None:
            self._running.kill()
            self._running.wait()
        self._running = None
