"""What nobody waits for gives way, with the session it leads and all that it starts."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from clinic_desktop.ranks import ASIDE, NICE, set_aside

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ranks are read as Linux has them")
CHILD = "import subprocess,sys; sys.stdin.readline(); subprocess.run(['sleep', '60'])"
BACK = "from clinic_desktop.ranks import step_back; step_back(); input()"


def started(words: list[str], **more) -> subprocess.Popen:
    return subprocess.Popen(words, stdin=subprocess.PIPE, **more)


def session_rank(pid: int) -> int | None:
    """Return the rank of the session's group, or None where the system does not group."""
    file = Path(f"/proc/{pid}/autogroup")
    # Where grouping is off the file may be there and have nothing in it.
    told = file.read_text() if file.exists() else ""
    return int(told.split("nice")[1]) if "nice" in told else None


class TestRanks:
    def test_set_aside_with_what_it_starts(self) -> None:
        running = started([sys.executable, "-c", CHILD], start_new_session=True)
        try:
            set_aside(running.pid)
            running.stdin.write(b"\n")
            running.stdin.flush()
            process = psutil.Process(running.pid)
            while not (children := process.children()):
                assert running.poll() is None
            for one in (process, *children):
                assert one.nice() == ASIDE
                assert one.ionice().ioclass == psutil.IOPRIO_CLASS_IDLE
            assert session_rank(running.pid) in (5, None)
        finally:
            for child in psutil.Process(running.pid).children():
                child.kill()
            running.kill()
            running.communicate()

    def test_a_session_of_others_keeps_its_rank(self) -> None:
        running = started([sys.executable, "-c", CHILD])
        try:
            before = session_rank(os.getpid())
            set_aside(running.pid)
            assert session_rank(os.getpid()) == before
        finally:
            running.kill()
            running.communicate()

    def test_a_process_that_has_ended_is_no_matter(self) -> None:
        running = started([sys.executable, "-c", "pass"])
        running.communicate()
        set_aside(running.pid)

    def test_worker_has_a_session_of_its_own(self) -> None:
        running = started([sys.executable, "-c", BACK])
        try:
            process = psutil.Process(running.pid)
            while process.nice() != NICE or os.getsid(running.pid) != running.pid:
                assert running.poll() is None
            running.stdin.write(b"\n")
        finally:
            running.kill()
            running.communicate()
