#!/usr/bin/env python3
"""Set Clinic Desktop up from nothing but Python, then run it.

One file longer than the others, because nothing can be imported before it has done its work: it
uses the standard library alone. Its first lines must be readable by older Pythons too, which have
to get as far as saying that they are too old.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import deque
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

USAGE = """\
python3 start.py                the program with its sample clinic (without a display: the tour)
python3 start.py test [ARGS]    the tests; ARGS are handed to pytest
python3 start.py run -- ARGS    clinic-desktop ARGS
python3 start.py lint           style, types and the direction of imports
python3 start.py build          the packaged program, in dist/clinic-desktop
On Windows: py start.py"""

OLDEST_PYTHON = (3, 11)
KNOWN_PYTHONS = ((3, 14), (3, 13), (3, 12), (3, 11))
PIP_THAT_REACHES_OTHER_PYTHONS = (22, 3)
BYTES_NEEDED = 1_500_000_000

ROOT = Path(__file__).resolve().parent
WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
LOCK = ROOT / "requirements.lock"
# Debian's packages, unpacked here for a person who may not install them for everybody.
PRIVATE = ROOT / ".qtlibs"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

# What Qt loads without a display, and what a window needs beyond that. Only the names asked for;
# what these need in turn is worked out by apt, since it differs from one release to the next.
QT_PACKAGES = (
    "libglib2.0-0 libegl1 libgl1 libx11-6 libbrotli1 libdbus-1-3 libfontconfig1 libfreetype6"
    " libxkbcommon0 libzstd1 fontconfig-config fonts-dejavu-core xkb-data"
)
WINDOW_PACKAGES = (
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0"
    " libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libxkbcommon-x11-0 libx11-xcb1 libcups2"
    " libwayland-client0 libwayland-cursor0 libwayland-egl1"
)
# Large, and used only to draw three dimensions, which this program does not.
GRAPHICS_DRIVERS = re.compile(r"mesa|llvm|libdrm|libgbm|libz3|libsensors|libpciaccess|libelf")

NO_TRUST = re.compile("CERTIFICATE_VERIFY_FAILED|invalid peer certificate")
NO_NETWORK = re.compile(
    "Failed to establish a new connection|emporary failure (in name )?resol|dns error"
    "|Name or service not known|Could not resolve|Network is unreachable|connection broken by"
)
KNOWN_CAUSES = {
    NO_TRUST: "this computer does not trust the certificate that the network shows; name a file"
    " that holds your organisation's certificate in SSL_CERT_FILE",
    NO_NETWORK: "there is no connection to the package server",
    re.compile("No space left on device|not enough space on the disk"): "the disk is full",
    re.compile("Long Path support"): "the path of this folder is too long for Windows; move the"
    " folder nearer to the top of the disk, for example to C:\\clinic",
}

# Debian's pip asks for the system's certificates as it is imported, and a bare system has none.
RUN_PIP = """
import os, sys
sys.path.insert(0, sys.argv.pop(1))
from pip._vendor import certifi
if os.environ.get("SSL_CERT_FILE"):
    certifi.where = lambda: os.environ["SSL_CERT_FILE"]
from pip._internal.cli.main import main
sys.exit(main())
"""

QT_PROBE = """
import ctypes, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6 import QtCore, QtNetwork, QtPrintSupport, QtSvg, QtTest, QtWidgets
if sys.argv[1] == "window" and sys.platform.startswith("linux"):
    folder = QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath)
    ctypes.CDLL(folder + "/platforms/libqxcb.so")
QtWidgets.QApplication([])
"""


class StartError(Exception):
    """A failure whose text tells the person at the keyboard what to do."""


class Plan(NamedTuple):
    """What is to run once the environment stands.

    ``commands`` are arguments for the environment's Python. ``qt`` says whether they need Qt,
    ``window`` whether they open one, ``at_root`` whether they run in the repository's folder
    instead of the person's.
    """

    commands: list[list[str]]
    qt: bool
    window: bool
    at_root: bool


def say(text: str) -> None:
    """Tell the person what happens now."""
    print(f"· {text}", flush=True)  # noqa: T201 - a command line program speaks by printing


def plan(arguments: Sequence[str], *, display: bool) -> Plan | None:
    """Return what the arguments ask for, or None when they ask for nothing that exists."""
    word, rest = (arguments[0], list(arguments[1:])) if arguments else ("demo", [])
    # -P: a folder of that name where the person happens to stand is not the program.
    program = ["-P", "-m", "clinic_desktop"]
    if word == "demo" and (display or rest):
        return Plan([[*program, "demo", *rest]], qt=True, window=display, at_root=False)
    if word == "demo":
        folder = str(ROOT / "out" / "tour")
        return Plan([[*program, "tour", "--out", folder]], qt=True, window=False, at_root=False)
    if word == "test":
        # A file at a time: what its tests share, often a server of their own, is made once.
        shared = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
        command = ["-m", "pytest", *shared, *rest]
        return Plan([command], qt=True, window=False, at_root=True)
    if word == "run":
        if rest[:1] == ["--"]:
            rest = rest[1:]
        return Plan([[*program, *rest]], qt=True, window=display, at_root=False)
    if word == "lint" and not rest:
        imports = "from importlinter.cli import lint_imports_command as check; check()"
        commands = [
            ["-m", "ruff", "check"],
            ["-m", "ruff", "format", "--check"],
            ["-m", "mypy"],
            ["-c", imports],
        ]
        return Plan(commands, qt=False, window=False, at_root=True)
    if word == "build" and not rest:
        command = ["-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "pyinstaller.spec"]
        # The package carries what windows need, though none opens while it is built.
        return Plan([command], qt=True, window=True, at_root=True)
    return None


# ---- The Python that runs this ------------------------------------------------------------------


def fitting_python(version: tuple[int, ...]) -> list[str] | None:
    """Return the command of a Python that the locked packages fit, or None when this one does.

    One that is too new for them is kept when there is no other: they may have come meanwhile.
    """
    if version[:2] in KNOWN_PYTHONS:
        return None
    for major, minor in KNOWN_PYTHONS:
        if WINDOWS and shutil.which("py"):
            command = ["py", f"-{major}.{minor}"]
            if run([*command, "-c", ""]).ok:
                return command
        found = shutil.which(f"python{major}.{minor}")
        # A version manager leaves a name that answers only with an excuse.
        if found and run([found, "-c", ""]).ok:
            return [found]
    if version >= OLDEST_PYTHON:
        return None
    raise StartError(
        "Python 3.11 or newer is needed and this is {}. Install it ({}) and start again.".format(
            ".".join(str(part) for part in version[:3]),
            "from python.org" if WINDOWS else "on Debian 12 or newer: apt-get install python3",
        )
    )


# ---- Running other programs ---------------------------------------------------------------------


class Outcome(NamedTuple):
    """How a program ended, and what it said."""

    ok: bool
    lines: list[str]

    @property
    def reason(self) -> str:
        """What says best why it failed: a cause known by its mark, or the most telling line."""
        text = "".join(self.lines)
        for mark, meaning in KNOWN_CAUSES.items():
            if mark.search(text):
                return meaning
        said = [line.strip() for line in self.lines if line.strip()]
        blamed = [line for line in said if re.match(r"(ERROR|error|E|W):|\S*(Error|cause)\b", line)]
        return (blamed or said or ["it said nothing"])[-1]


def run(
    command: Sequence[object], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Outcome:
    """Run a program to its end, counting aloud the packages it collects.

    The open lock of ``alone`` goes to the program on purpose: if this one is killed, the next
    start waits until the orphan has finished writing.
    """
    last: deque[str] = deque(maxlen=200)
    collected = 0
    try:
        with subprocess.Popen(  # noqa: S603 - the commands stand in this file
            [str(part) for part in command],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            close_fds=WINDOWS,
        ) as process:
            for line in process.stdout or ():
                last.append(line)
                collected += line.startswith("Collecting ")
                if line.startswith("Collecting ") and collected % 25 == 0:
                    say(f"{collected} packages fetched")
    except OSError as error:
        return Outcome(ok=False, lines=[str(error)])
    return Outcome(ok=process.returncode == 0, lines=list(last))


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock under which the environment is changed; a killed holder loses it by itself."""
    folder = ROOT / ".cache"
    folder.mkdir(exist_ok=True)
    with (folder / "start.lock").open("a") as handle:
        number = handle.fileno()
        if sys.platform == "win32":
            import msvcrt

            while True:
                # Windows gives up after ten seconds; a set-up takes longer.
                with suppress(OSError):
                    msvcrt.locking(number, msvcrt.LK_LOCK, 1)
                    break
                say("Another start is preparing the environment; waiting for it")
        else:
            import fcntl

            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another start is preparing the environment; waiting for it")
                fcntl.flock(number, fcntl.LOCK_EX)
            os.set_inheritable(number, True)
        yield


def lock_digest() -> str:
    """Return what stands for the locked packages in the stamps."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def stamped(name: str, content: str) -> bool:
    """Return whether the stamp says that this very content is already in place."""
    try:
        return (VENV / name).read_text(encoding="utf-8") == content
    except OSError:
        return False


def stamp(name: str, content: str) -> None:
    """Write the stamp in one step, so that an interrupted write leaves none."""
    draft = VENV / f"{name}.{os.getpid()}"
    draft.write_text(content, encoding="utf-8")
    draft.replace(VENV / name)


# ---- Debian's packages --------------------------------------------------------------------------


def may_install() -> bool:
    """Return whether this person may install packages for the whole machine."""
    return sys.platform != "win32" and os.geteuid() == 0


def get_packages(packages: Sequence[str], *, purpose: str) -> None:
    """Install Debian packages, or unpack private copies for a person who may not install."""
    by_hand = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise StartError(
            f"{purpose} is missing and this system has no apt-get. Install what these Debian"
            f" packages hold, then start again: {' '.join(packages)}"
        )
    if may_install():
        say(f"{purpose} is missing: installing it with apt-get")
        env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        updated = run(["apt-get", "-q", "update"], env=env)
        outcome = run(["apt-get", "-qy", "install", *by_hand.split()[2:]], env=env)
        # apt calls an update that reached nobody a success; why comes out here.
        outcome = Outcome(ok=outcome.ok, lines=updated.lines + outcome.lines)
    else:
        say(f"{purpose} is missing: unpacking private copies into {PRIVATE.name}")
        say(f"(for the whole machine instead: sudo {by_hand})")
        outcome = unpack_packages(packages)
    if not outcome.ok:
        raise StartError(
            f"{purpose} could not be fetched ({outcome.reason}). Check the network connection and"
            f" start again, or ask an administrator to run: {by_hand}"
        )


def unpack_packages(packages: Sequence[str]) -> Outcome:
    """Fetch the packages and what they need that this machine lacks, and unpack them."""
    work = ROOT / ".qtlibs.apt"
    shutil.rmtree(work, ignore_errors=True)
    for folder in ("lists/partial", "cache/archives/partial", "debs"):
        (work / folder).mkdir(parents=True)
    # apt-get splits no option at spaces, but it reads a relative folder from /.
    apt = [
        "apt-get",
        "-q",
        "-o",
        f"Dir::State::lists={work}/lists",
        "-o",
        f"Dir::Cache={work}/cache",
    ]
    apt += ["-o", "Debug::NoLocking=true", "-o", "APT::Sandbox::User="]
    updated = run([*apt, "update"])
    outcome = run([*apt, "--no-install-recommends", "--simulate", "install", *packages])
    if not outcome.ok:
        return Outcome(ok=False, lines=updated.lines + outcome.lines)
    missing = missing_packages(outcome.lines)
    outcome = run([*apt, "download", *missing], cwd=work / "debs")
    for package in sorted((work / "debs").glob("*.deb")):
        if outcome.ok:
            outcome = run(["dpkg-deb", "--extract", package, PRIVATE])
    shutil.rmtree(work, ignore_errors=True)
    return outcome


def missing_packages(simulation: Sequence[str]) -> list[str]:
    """Return the packages that ``apt-get --simulate install`` would newly install.

    ``Inst name (version …)`` is new; ``Inst name [old] (version …)`` is there already, if older.
    """
    found = [re.match(r"Inst (\S+) \(", line) for line in simulation]
    names = [match[1] for match in found if match]
    return [name for name in names if not GRAPHICS_DRIVERS.search(name)]


def private_certificates() -> Path | None:
    """Return the private copy of the certificates of the web's authorities, if there is one."""
    bundle = PRIVATE / "certificates.pem"
    if not bundle.exists():
        sources = sorted(PRIVATE.glob("usr/share/ca-certificates/mozilla/*.crt"))
        if not sources:
            return None
        draft = PRIVATE / f"certificates.{os.getpid()}"
        draft.write_text("\n".join(source.read_text() for source in sources))
        draft.replace(bundle)
    return bundle


# ---- The environment ----------------------------------------------------------------------------


def environment(*, window: bool) -> dict[str, str]:
    """Return the variables under which the program and its tools run."""
    env = {
        name: value
        for name, value in os.environ.items()
        # PG* would point our own server's programs at somebody else's; the others at other code.
        if not name.startswith("PG") and name not in {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}
    }
    env |= {"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    if not window:
        env["QT_QPA_PLATFORM"] = "offscreen"
    if PRIVATE.exists():
        env |= private_environment(env.get("LD_LIBRARY_PATH", ""))
    return env


def private_environment(library_path: str) -> dict[str, str]:
    """Return the variables that make the private packages found where the system has none."""
    folders = [*PRIVATE.glob("usr/lib/*-linux-gnu*"), *PRIVATE.glob("lib/*-linux-gnu*")]
    path = [str(folder) for folder in folders] + [library_path] * bool(library_path)
    found = {"LD_LIBRARY_PATH": os.pathsep.join(path)}
    if not Path("/etc/fonts/fonts.conf").exists():
        found["FONTCONFIG_FILE"] = str(PRIVATE / "fonts.conf")
    if not Path("/usr/share/X11/xkb").exists():
        found["XKB_CONFIG_ROOT"] = str(PRIVATE / "usr/share/X11/xkb")
    certificates = None if SYSTEM_CERTIFICATES.exists() else private_certificates()
    if certificates and "SSL_CERT_FILE" not in os.environ:
        found["SSL_CERT_FILE"] = str(certificates)
    return found


def install() -> None:
    """Make the environment and put the locked packages into it, resuming an interrupted try."""
    want = lock_digest()
    if PYTHON.exists() and stamped(".installed", want):
        return
    with alone():
        # Another start may have done it while this one waited.
        if PYTHON.exists() and stamped(".installed", want):
            return
        if not PYTHON.exists():
            make_environment()
        remove_half_installed()
        say("Installing the program's packages (the first time: about 300 MB, some minutes)")
        install_packages()
        stamp(".installed", want)


def make_environment() -> None:
    """Make an empty environment in place of whatever is left of an older one."""
    if shutil.disk_usage(ROOT).free < BYTES_NEEDED:
        raise StartError(f"The disk that holds {ROOT} has less than 1.5 GB free; make room there.")
    say(f"Preparing {VENV.name} with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    outcome = run([sys.executable, "-m", "venv", "--without-pip", VENV])
    if not outcome.ok:
        raise StartError(
            f"Python could not make its environment in {VENV} ({outcome.reason}). Check that this"
            " user may write there; on Debian, apt-get install python3-venv may be needed."
        )


def remove_half_installed() -> None:
    """Forget packages whose installation was cut off: installers sign a finished one."""
    for record in VENV.glob("**/site-packages/*.dist-info"):
        if not (record / "INSTALLER").exists():
            shutil.rmtree(record)


def install_packages() -> None:
    """Put the locked packages in, by the first way that works here."""
    options = ["--require-hashes", "--only-binary", ":all:", "--requirement", str(LOCK)]
    refused = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"}
    failures = []
    for command in installers():
        env = {k: v for k, v in environment(window=False).items() if k not in refused}
        if "SSL_CERT_FILE" in env:
            env.setdefault("PIP_CERT", env["SSL_CERT_FILE"])
        outcome = run([*command, *options], env=env, cwd=ROOT)
        if outcome.ok:
            return
        failures.append(outcome.reason)
    raise StartError(
        f"The program's packages could not be installed ({'; '.join(failures)})."
        " Check the network connection and start again; what is already here is kept."
    )


def installers() -> Iterator[list[str]]:
    """Yield the ways to install packages into the environment, the quickest first."""
    uv = shutil.which("uv")
    # A version manager leaves a uv that answers only with an excuse: ask it first.
    if uv and run([uv, "--version"]).ok:
        yield [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    pip = ["install", "--disable-pip-version-check", "--progress-bar", "off"]
    outcome = run([sys.executable, "-m", "pip", "--version"])
    version = re.match(r"pip (\d+)\.(\d+)", "".join(outcome.lines)) if outcome.ok else None
    if version and (int(version[1]), int(version[2])) >= PIP_THAT_REACHES_OTHER_PYTHONS:
        yield [sys.executable, "-m", "pip", "--python", str(PYTHON), *pip]
        return
    wheel = pip_wheel()
    if not wheel or not (SYSTEM_CERTIFICATES.exists() or private_certificates()):
        get_packages(["python3-pip-whl", "ca-certificates"], purpose="Python's installer")
        wheel = pip_wheel()
    if wheel:
        yield [str(PYTHON), "-c", RUN_PIP, str(wheel), *pip]


def pip_wheel() -> Path | None:
    """Return a pip that can be run as it is: Python's own, Debian's or our private copy."""
    folders = [PRIVATE / "usr/share/python-wheels", Path("/usr/share/python-wheels")]
    with suppress(ImportError):
        import ensurepip

        folders.append(Path(ensurepip.__file__).parent / "_bundled")
    wheels = [wheel for folder in folders for wheel in folder.glob("pip-*.whl")]
    return wheels[-1] if wheels else None


# ---- Qt -----------------------------------------------------------------------------------------


def display_answers(env: Mapping[str, str]) -> bool:
    """Return whether a window can be opened: a display is named and somebody listens there."""
    if env.get("QT_QPA_PLATFORM", "") in {"offscreen", "minimal"}:
        return False
    if not LINUX:
        return True
    wayland = env.get("WAYLAND_DISPLAY")
    if wayland and Path(env.get("XDG_RUNTIME_DIR", "/"), wayland).is_socket():
        return True
    name = re.fullmatch(r"(?:unix)?(.*):(\d+)(?:\.\d+)?", env.get("DISPLAY", ""))
    if not name:
        return False
    return x_server_answers(host=name[1], number=int(name[2]))


def x_server_answers(*, host: str, number: int) -> bool:
    """Return whether an X server takes connections: here on a socket, elsewhere on port 6000+n."""
    if host:
        with suppress(OSError), socket.create_connection((host, 6000 + number), timeout=2):
            return True
        return False
    if sys.platform == "win32":
        return False
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - the address is the X server's
    for address in (path, f"\0{path}"):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.connect(address)
            return True
    return False


def prepare_qt(*, window: bool) -> None:
    """Make sure that Qt loads, fetching the system libraries it lacks."""
    kind = "window" if window else "offscreen"
    done = f"{lock_digest()} {ROOT} {PRIVATE.exists()}"
    if stamped(f".qt-{kind}", done):
        return
    with alone():
        write_font_settings()
        outcome = probe_qt(kind)
        if not outcome.ok and LINUX:
            packages = f"{QT_PACKAGES} {WINDOW_PACKAGES if window else ''}".split()
            get_packages(packages, purpose="A system library that Qt needs")
            write_font_settings()
            outcome = probe_qt(kind)
        if not outcome.ok:
            raise StartError(
                f"Qt cannot start on this system ({outcome.reason})."
                " Install the library that it names, then start again."
            )
        # Somebody else's environment serves as well; it is only asked again the next time.
        with suppress(PermissionError):
            stamp(f".qt-{kind}", f"{lock_digest()} {ROOT} {PRIVATE.exists()}")


def probe_qt(kind: str) -> Outcome:
    """Load all that the program uses of Qt, with or without what opens windows."""
    return run([PYTHON, "-c", QT_PROBE, kind], env=environment(window=False))


def write_font_settings() -> None:
    """Tell the private font library where fonts are; it is rewritten when the folder has moved."""
    if PRIVATE.exists():
        folders = f"<dir>{PRIVATE}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>"
        (PRIVATE / "fonts.conf").write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
            f"{folders}<cachedir>{PRIVATE}/cache</cachedir></fontconfig>\n",
            encoding="utf-8",
        )


# ---- Together -----------------------------------------------------------------------------------


def carry_out(what: Plan) -> int:
    """Run what was asked for and return the exit code."""
    env = environment(window=what.window)
    folder = ROOT if what.at_root else Path.cwd()
    sys.stdout.flush()
    if not WINDOWS and len(what.commands) == 1:
        # Taking our place leaves nobody between the person's Ctrl+C and the program.
        os.chdir(folder)
        os.execve(PYTHON, [str(PYTHON), *what.commands[0]], env)  # noqa: S606 - our own Python
    codes = []
    for command in what.commands:
        process = subprocess.Popen([PYTHON, *command], env=env, cwd=folder)  # noqa: S603 - as above
        try:
            codes.append(process.wait())
        except KeyboardInterrupt:
            # The program got the same key and closes in its own time.
            codes.append(process.wait())
            break
    return next((code for code in codes if code), 0)


def start(arguments: Sequence[str]) -> int:
    """Set up what is missing, run what was asked for, and return the exit code."""
    other = fitting_python(sys.version_info[:3])
    if other:
        return subprocess.call([*other, __file__, *arguments])  # noqa: S603 - found by name above
    if arguments and arguments[0] in {"-h", "--help", "help"}:
        print(USAGE)  # noqa: T201 - a command line program speaks by printing
        return 0
    display = display_answers(os.environ)
    what = plan(arguments, display=display)
    if what is None:
        print(USAGE, file=sys.stderr)  # noqa: T201 - a command line program speaks by printing
        return 2
    install()
    if what.qt:
        prepare_qt(window=what.window)
    if not display and list(arguments) in ([], ["demo"]):
        say("No display here: the guided tour runs instead and leaves its pages in out/tour")
    return carry_out(what)


def main() -> int:
    """Run and turn every expected failure into one sentence and a non-zero code."""
    for stream in (sys.stdout, sys.stderr):
        # The name of a folder must not end this on a terminal or in a log with an old code page.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return start(sys.argv[1:])
    except StartError as error:
        sentence = str(error)
    except PermissionError as error:
        sentence = f"{error.filename or ROOT} cannot be written by this user; change its owner."
    except OSError as error:
        sentence = f"{error.strerror or error} ({error.filename or ROOT}); put that right first."
    except KeyboardInterrupt:
        sentence = "Interrupted. The next start continues where this one stopped."
    print(f"start.py: {sentence}", file=sys.stderr)  # noqa: T201 - a program speaks by printing
    return 1


if __name__ == "__main__":
    sys.exit(main())
