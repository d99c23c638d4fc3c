"""Starts, finds and stops the server that this computer runs for its own clinic."""

import os
import socket
import sys
import time
from pathlib import Path
from typing import Final, Literal

import psycopg
from psycopg.conninfo import make_conninfo

from clinic_desktop import files
from clinic_desktop.db.embedded import binaries, cluster, configuration, paths, processes, trouble
from clinic_desktop.db.embedded.accounts import must_reach, server_account
from clinic_desktop.db.embedded.address import SUPERUSER, PidFile, ServerAddress
from clinic_desktop.db.embedded.binaries import Tools
from clinic_desktop.db.embedded.locks import Programs, alone
from clinic_desktop.db.embedded.paths import Layout
from clinic_desktop.db.server import ignore_environment
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.secrets import OwnerFile

UNIX_PORT: Final = 5432  # only names the socket file in its private folder
LOCK_SECONDS: Final = 240.0  # another program may be making the data, or recovering them
READY_SECONDS: Final = 180.0  # redoing what a killed server had not written yet
ANSWER_SECONDS: Final = 8.0  # a server that is ready answers at once, unless it is closing
ORPHAN_SECONDS: Final = 2.0
STOP_SECONDS: Final = 60.0


class EmbeddedServer:
    """One server with its data below ``root``; any number of programs may share it.

    ``fast`` gives up safety against power cuts, for data that tests throw away.
    """

    def __init__(self, root: Path, *, fast: bool = False) -> None:
        # One folder has one real name; a link to it must not lead to a second server.
        self.layout = Layout(Path(os.path.realpath(root)))
        self.fast = fast
        self._programs = Programs(self.layout.programs)

    def start(self) -> ServerAddress:
        """Attach to the running server or start it, making the data the first time.

        The program counts as a user of the server until ``leave`` or its end. Raises SetupError
        with what to do when folder, disk or account do not allow it.
        """
        layout = self.layout
        paths.check_name(layout.root)
        files.make_folder(layout.root)
        files.make_folder(layout.programs)
        with alone(layout.start_lock, seconds=LOCK_SECONDS):
            self._programs.enter()
            try:
                return self.running() or self._launch()
            except BaseException:
                self._programs.leave()
                raise

    def running(self) -> ServerAddress | None:
        """Return where the server answers, or None.

        A file that says so proves nothing: we sign in and ask for the folder of its data.
        """
        claim = PidFile.read(self.layout.pid_file)
        try:
            password = OwnerFile(self.layout.secret).read()
        except OSError as error:
            raise files.refusal(error, self.layout.secret) from error
        if claim is None or password is None or not claim.ready:
            return None
        address = ServerAddress(
            host=claim.host, port=claim.port, superuser=SUPERUSER, password=password
        )
        ignore_environment()
        target = make_conninfo(**address.superuser_dsn(), connect_timeout=3)
        try:
            with psycopg.connect(target) as connection:
                # In bytes, because the driver expects the database's encoding.
                asked = connection.execute("SHOW data_directory").pgresult
                found = asked.get_value(0, 0) if asked is not None else None
        except psycopg.OperationalError:
            return None
        if found is None or not paths.is_same(paths.told_by_server(found), self.layout.data):
            return None
        return address

    def stop(self, mode: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """Stop the server, whoever uses it; nothing happens when it does not run."""
        if self.layout.data.exists():
            with alone(self.layout.start_lock, seconds=LOCK_SECONDS):
                self._stop(mode)

    def leave(self) -> None:
        """Count this program out, and stop the server when it was the last one."""
        if not self.layout.programs.exists():
            return
        with alone(self.layout.start_lock, seconds=LOCK_SECONDS):
            self._programs.leave()
            if self._programs.others() == 0:
                self._stop("fast")

    def tools(self) -> Tools:
        """Return PostgreSQL's programs (``pg_dump`` ...), run as the server's account."""
        try:
            account = server_account(self.layout.data)
            if account is not None:
                must_reach(self.layout.root, account)
            return binaries.tools(account, self.layout.runtime)
        except OSError as error:
            raise files.refusal(error, self.layout.root) from error

    def _launch(self) -> ServerAddress:
        """Start the server; called under the start lock with no server answering."""
        found = self.tools()
        cluster.ensure(self.layout, found, fast=self.fast)
        late = self._settle()
        if late is not None:
            return late
        began = time.time()
        try:
            self._start_with(found)
        except OSError as error:
            raise files.refusal(error, self.layout.root) from error
        except trouble.ToolError as error:
            words = trouble.last_words(self.layout, since=began)
            raise trouble.refusal(error, self.layout.root, more=words) from error
        address = self.running()
        if address is None:
            raise self._silent()
        return address

    def _settle(self) -> ServerAddress | None:
        """Wait for what an earlier server left: one still starting, or the rest of a killed one.

        Returns the address when it turns out to be starting and becomes ready.
        """
        layout = self.layout
        began = time.monotonic()
        while (claim := processes.postmaster(layout.data, layout.pid_file)) is not None:
            address = self.running()
            if address is not None:
                return address
            limit = ANSWER_SECONDS if claim.ready else READY_SECONDS
            if time.monotonic() - began > limit:
                raise self._silent()
            time.sleep(processes.LOOK_AGAIN)
        if not processes.gone(layout.data, seconds=ORPHAN_SECONDS):
            processes.end_orphans(layout.data)
            if not processes.gone(layout.data, seconds=ORPHAN_SECONDS):
                raise self._silent()
        return None

    def _silent(self) -> SetupError:
        """Return the sentence for a server that lives and does not let us in."""
        return SetupError(
            _(
                "The database in {folder} is running but does not let this program in. Nothing "
                "stored is lost. Restart the computer; if that does not help, move the file "
                "{secret} away, and a new one is made at the next start."
            ).format(folder=self.layout.root, secret=self.layout.secret)
        )

    def _start_with(self, found: Tools) -> None:
        """Write the settings, clear away what a killed server left, and start."""
        layout = self.layout
        if sys.platform == "win32":
            folder, port = None, _free_port()
        else:
            folder, port = paths.socket_folder(layout.root, found.account), UNIX_PORT
        # Nothing of these data lives, which was made sure of; the numbers in these files may
        # belong to a stranger by now, and the server would believe them.
        layout.pid_file.unlink(missing_ok=True)
        layout.start_log.unlink(missing_ok=True)
        if folder is not None:
            for name in (f".s.PGSQL.{port}", f".s.PGSQL.{port}.lock"):
                (folder / name).unlink(missing_ok=True)
        binaries.drop_old_copies(found, layout.runtime)
        configuration.write(
            layout.data, socket=folder, port=port, fast=self.fast, account=found.account
        )
        cluster.renew_secret(layout, found)
        # Relative, because pg_ctl hands the names to a shell.
        found.run(
            "pg_ctl",
            "start",
            "--wait",
            f"--timeout={READY_SECONDS:.0f}",
            f"--pgdata={layout.data.name}",
            f"--log={layout.data.name}/{layout.start_log.name}",
            cwd=layout.root,
            seconds=READY_SECONDS + 10,
        )

    def _stop(self, mode: str) -> None:
        """Stop the server of these data if it lives; called under the start lock."""
        layout = self.layout
        # pg_ctl would send its signal to whoever has the number in a stale file.
        claim = processes.postmaster(layout.data, layout.pid_file)
        if claim is None:
            return
        try:
            self.tools().run(
                "pg_ctl",
                "stop",
                "--wait",
                f"--timeout={STOP_SECONDS:.0f}",
                f"--mode={mode}",
                f"--pgdata={layout.data.name}",
                cwd=layout.root,
                seconds=STOP_SECONDS + 10,
            )
        except trouble.ToolError as error:
            if processes.postmaster(layout.data, layout.pid_file) is not None:
                raise SetupError(
                    _(
                        "The database in {folder} is taking long to close. Leave the computer on "
                        "for a few minutes; everything saved is safe."
                    ).format(folder=layout.root)
                ) from error
        # The process that writes the log is the last to go, a moment after the server.
        processes.gone(layout.data, seconds=ORPHAN_SECONDS)
        if sys.platform != "win32":
            paths.clear_socket_folder(Path(claim.host), layout.root)


def _free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
