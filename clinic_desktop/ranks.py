"""Low rank for what nobody waits for: the people at the screens go first.

On Linux a nice value counts only within a session where the system groups processes by session, as
desktops do. A server and a worker have a session of their own, so the rank of the group is set too.
Sources: sched(7), "The autogroup feature"; ioprio_set(2).
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

NICE: Final = 15
ASIDE: Final = 10
# A third of what other sessions get. A search is over before its turn ends, so that it is hardly
# slower, and a computer that is never idle still finishes what waits for an idle one for ever.
_SESSION: Final = 5
_TRIES: Final = 5


def step_back() -> None:
    """Let others go first for processor and disk: this process and all that it starts."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return
    os.setpriority(os.PRIO_PROCESS, 0, max(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    if sys.platform == "linux":
        psutil.Process().ionice(psutil.IOPRIO_CLASS_IDLE)
        # A leader of a group of processes cannot leave it: a shell started us by hand.
        with suppress(PermissionError):
            os.setsid()
        _group(os.getpid())


def set_aside(pid: int) -> None:
    """Let a process give way to what people wait for, and all that it starts from now on.

    A process that has ended is no matter.
    """
    try:
        if sys.platform == "win32":
            psutil.Process(pid).nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
            return
        os.setpriority(os.PRIO_PROCESS, pid, max(ASIDE, os.getpriority(os.PRIO_PROCESS, pid)))
        if sys.platform == "linux":
            psutil.Process(pid).ionice(psutil.IOPRIO_CLASS_IDLE)
            _group(pid)
    except (ProcessLookupError, psutil.NoSuchProcess):
        return


def _group(pid: int) -> None:
    """Set the rank of a session that the process leads; others' sessions are not ours to rank."""
    if os.getsid(pid) != pid:
        return
    for _try in range(_TRIES):
        try:
            Path(f"/proc/{pid}/autogroup").write_text(str(_SESSION), encoding="ascii")
        except BlockingIOError:
            time.sleep(0.15)  # the system takes ten such wishes a second from everybody together
        except OSError:
            return  # a system that does not group
        else:
            return
