"""The set-up: what it decides, what it writes, and a start of a small program from nothing."""

import fcntl
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).parent.parent

PROGRAM = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "env": dict(os.environ)}))
sys.exit(7 if "fail" in sys.argv else 0)
"""


@pytest.fixture
def start(tmp_path: Path) -> ModuleType:
    """start.py in a folder of its own, with nothing to install and a program that tells on us."""
    house = tmp_path / "Área de trabajo"
    (house / "clinic_desktop").mkdir(parents=True)
    (house / "clinic_desktop" / "__init__.py").touch()
    (house / "clinic_desktop" / "__main__.py").write_text(PROGRAM)
    (house / "requirements.lock").write_text("# nothing\n")
    shutil.copy(REPOSITORY / "start.py", house)
    spec = importlib.util.spec_from_file_location("start_copy", house / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestPlan:
    def test_the_program_opens_where_there_is_a_display(self, start: ModuleType) -> None:
        plan = start.plan([], display=True)
        assert plan == ([["-P", "-m", "clinic_desktop", "demo"]], True, True, False)
        assert start.plan(["demo", "--profile", "x"], display=True).commands == [
            ["-P", "-m", "clinic_desktop", "demo", "--profile", "x"]
        ]

    def test_the_tour_runs_where_there_is_none(self, start: ModuleType) -> None:
        plan = start.plan([], display=False)
        folder = str(start.ROOT / "out" / "tour")
        assert plan == (
            [["-P", "-m", "clinic_desktop", "tour", "--out", folder]],
            True,
            False,
            False,
        )
        assert start.plan(["demo"], display=False) == plan
        smoke = start.plan(["demo", "--smoke"], display=False)
        assert (smoke.commands[0][-2:], smoke.window) == (["demo", "--smoke"], False)

    @pytest.mark.parametrize("display", [True, False])
    def test_tests_never_open_a_window(self, start: ModuleType, display: bool) -> None:
        plan = start.plan(["test", "-k", "chart"], display=display)
        (command,) = plan.commands
        assert (command[:4], command[-2:]) == (["-m", "pytest", "-n", "2"], ["-k", "chart"])
        assert (plan.qt, plan.window, plan.at_root) == (True, False, True)

    @pytest.mark.parametrize(
        ("given", "handed_on"),
        [
            (["run", "--", "db", "seed"], ["db", "seed"]),
            (["run", "db", "seed"], ["db", "seed"]),
            (["run", "--", "--", "x"], ["--", "x"]),
            (["run"], []),
        ],
    )
    def test_run_hands_its_arguments_on(
        self, start: ModuleType, given: list[str], handed_on: list[str]
    ) -> None:
        plan = start.plan(given, display=False)
        assert plan.commands == [["-P", "-m", "clinic_desktop", *handed_on]]
        assert plan.at_root is False

    def test_lint_needs_no_qt(self, start: ModuleType) -> None:
        plan = start.plan(["lint"], display=True)
        assert [command[1] for command in plan.commands[:3]] == ["ruff", "ruff", "mypy"]
        assert "importlinter" in plan.commands[3][1]
        assert (plan.qt, plan.at_root) == (False, True)

    def test_the_package_carries_what_windows_need(self, start: ModuleType) -> None:
        plan = start.plan(["build"], display=False)
        assert "pyinstaller.spec" in plan.commands[0]
        assert (plan.qt, plan.window, plan.at_root) == (True, True, True)

    @pytest.mark.parametrize("given", [["open"], ["lint", "x"], ["build", "x"], ["--test"], [""]])
    def test_anything_else_is_not_understood(self, start: ModuleType, given: list[str]) -> None:
        assert start.plan(given, display=True) is None


class TestFittingPython:
    def test_a_python_that_fits_stays(self, start: ModuleType) -> None:
        assert start.fitting_python((3, 11, 0)) is None
        assert start.fitting_python((3, 14, 2)) is None

    @pytest.mark.parametrize("version", [(3, 9, 2), (3, 99, 0)])
    def test_another_hands_over_to_the_newest_that_fits(
        self,
        start: ModuleType,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        version: tuple[int, ...],
    ) -> None:
        for name in ("python3.11", "python3.13", "python3.9"):
            (tmp_path / name).symlink_to(sys.executable)
        excuse = tmp_path / "python3.14"
        excuse.write_text("#!/bin/sh\nexit 127\n")
        excuse.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert start.fitting_python(version) == [str(tmp_path / "python3.13")]

    def test_one_that_is_too_new_is_tried_when_it_is_alone(
        self, start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert start.fitting_python((3, 99, 0)) is None

    def test_without_any_it_says_what_to_install(
        self, start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(start.StartError, match=r"3\.11 or newer is needed and this is 3\.9\.2"):
            start.fitting_python((3, 9, 2))


class TestOutcome:
    @pytest.mark.parametrize(
        ("lines", "reason"),
        [
            ([], "it said nothing"),
            (["one\n", "two\n", "\n"], "two"),
            (["ERROR: no such package\n", "done\n"], "ERROR: no such package"),
            (["E: Unable to locate package x\n", "bye\n"], "E: Unable to locate package x"),
            (["ImportError: libEGL.so.1: cannot open\n"], "ImportError: libEGL.so.1: cannot open"),
            (["OSError: [Errno 28] No space left on device\n"], "the disk is full"),
            (
                ["W: Temporary failure resolving 'x'\n", "E: nothing found\n"],
                "there is no connection to the package server",
            ),
            (
                [
                    "WARNING: Retrying after connection broken by 'ProtocolError(...)'\n",
                    "ERROR: No matching distribution found for alembic\n",
                ],
                "there is no connection to the package server",
            ),
            (
                ["OSError: [WinError 112] There is not enough space on the disk\n"],
                "the disk is full",
            ),
            (
                ["HINT: This system does not have Windows Long Path support enabled.\n"],
                "the path of this folder is too long for Windows; move the folder nearer to the"
                " top of the disk, for example to C:\\clinic",
            ),
        ],
    )
    def test_the_reason_is_what_helps_most(
        self, start: ModuleType, lines: list[str], reason: str
    ) -> None:
        assert start.Outcome(ok=False, lines=lines).reason == reason

    def test_an_unknown_certificate_names_the_remedy(self, start: ModuleType) -> None:
        lines = ["SSLError: CERTIFICATE_VERIFY_FAILED\n", "ERROR: No matching distribution\n"]
        assert "SSL_CERT_FILE" in start.Outcome(ok=False, lines=lines).reason


class TestRun:
    def test_what_was_said_and_how_it_ended(self, start: ModuleType) -> None:
        good = start.run([sys.executable, "-c", "print('Olá')"], env={"PYTHONUTF8": "1"})
        assert good == (True, ["Olá\n"])
        assert start.run([sys.executable, "-c", "raise SystemExit('no')"]) == (False, ["no\n"])

    def test_a_program_that_is_not_there(self, start: ModuleType) -> None:
        outcome = start.run(["/nowhere/at/all"])
        assert not outcome.ok
        assert "/nowhere/at/all" in outcome.reason

    def test_packages_are_counted_aloud(
        self, start: ModuleType, capsys: pytest.CaptureFixture[str]
    ) -> None:
        start.run([sys.executable, "-c", "for i in range(60): print('Collecting', i)"])
        assert capsys.readouterr().out == "· 25 packages fetched\n· 50 packages fetched\n"


class TestSpeaking:
    def test_an_old_code_page_ends_nothing(self, start: ModuleType) -> None:
        """A folder with a name of another script, on a Japanese terminal or in its log."""
        house = start.ROOT.with_name("Клиника Área")
        start.ROOT.rename(house)
        env = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp932"}
        command = [sys.executable, house / "start.py", "open"]
        said = subprocess.run(command, env=env, capture_output=True, check=False)
        assert (said.returncode, said.stderr.splitlines()[0][:16]) == (2, b"python3 start.py")
        (house / ".venv").write_text("in the way")
        (house / ".venv").chmod(0)
        (house / ".cache").write_text("in the way")
        said = subprocess.run([*command[:-1], "run"], env=env, capture_output=True, check=False)
        assert said.returncode == 1
        assert said.stderr.startswith(b"start.py: ")
        assert b"Traceback" not in said.stderr


class TestStamp:
    def test_only_the_very_content_counts(self, start: ModuleType) -> None:
        assert not start.stamped(".installed", "a")
        start.VENV.mkdir()
        start.stamp(".installed", "a")
        assert start.stamped(".installed", "a")
        assert not start.stamped(".installed", "b")
        assert [file.name for file in start.VENV.iterdir()] == [".installed"]


class TestAlone:
    def test_a_second_start_says_that_it_waits(self, start: ModuleType) -> None:
        code = "import start\nwith start.alone(): print('mine', flush=True)"
        with start.alone():
            other = subprocess.Popen(
                [sys.executable, "-c", code], cwd=start.ROOT, stdout=subprocess.PIPE, text=True
            )
            assert other.stdout is not None
            assert "waiting for it" in other.stdout.readline()
        assert other.communicate(timeout=30)[0] == "mine\n"

    def test_an_installer_that_outlives_us_keeps_the_lock(self, start: ModuleType) -> None:
        with start.alone():
            orphan = subprocess.Popen(
                [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False
            )
        with (start.ROOT / ".cache" / "start.lock").open("a") as handle:
            with pytest.raises(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            orphan.communicate(b"\n", timeout=30)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class TestMissingPackages:
    def test_new_ones_without_upgrades_and_drivers(self, start: ModuleType) -> None:
        simulation = [
            "Reading package lists...\n",
            "Inst libexpat1 (2.5.0-1 Debian:12 [amd64])\n",
            "Inst libc6 [2.36-9] (2.36-10 Debian:12 [amd64])\n",
            "Inst libgl1-mesa-dri (22.3.6 Debian:12 [amd64])\n",
            "Inst libllvm15 (15.0.6 Debian:12 [amd64])\n",
            "Inst libgl1 (1.6.0 Debian:12 [amd64])\n",
            "Conf libexpat1 (2.5.0-1 Debian:12 [amd64])\n",
        ]
        assert start.missing_packages(simulation) == ["libexpat1", "libgl1"]


class TestEnvironment:
    def test_nothing_of_another_server_or_python_comes_along(
        self, start: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("PGHOST", "PGSERVICEFILE", "PYTHONHOME", "VIRTUAL_ENV"):
            monkeypatch.setenv(name, "elsewhere")
        monkeypatch.setenv("PYTHONPATH", "/elsewhere")
        env = start.environment(window=True)
        assert not {"PGHOST", "PGSERVICEFILE", "PYTHONHOME", "VIRTUAL_ENV"} & env.keys()
        assert (env["PYTHONPATH"], env["PYTHONUTF8"]) == (str(start.ROOT), "1")
        assert env["PATH"] == os.environ["PATH"]

    def test_without_a_window_qt_draws_into_memory(
        self, start: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
        assert start.environment(window=False)["QT_QPA_PLATFORM"] == "offscreen"
        assert start.environment(window=True)["QT_QPA_PLATFORM"] == "xcb"

    def test_private_libraries_come_before_the_persons_own(
        self, start: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LD_LIBRARY_PATH", "/own")
        assert start.environment(window=False)["LD_LIBRARY_PATH"] == "/own"
        folder = start.PRIVATE / "usr" / "lib" / "x86_64-linux-gnu"
        folder.mkdir(parents=True)
        assert start.environment(window=False)["LD_LIBRARY_PATH"] == f"{folder}:/own"

    def test_private_fonts_are_where_the_folder_stands_now(self, start: ModuleType) -> None:
        start.write_font_settings()
        assert not start.PRIVATE.exists()
        start.PRIVATE.mkdir()
        start.write_font_settings()
        assert f"{start.PRIVATE}/usr/share/fonts" in (start.PRIVATE / "fonts.conf").read_text()

    def test_private_certificates_are_one_file(self, start: ModuleType) -> None:
        assert start.private_certificates() is None
        folder = start.PRIVATE / "usr" / "share" / "ca-certificates" / "mozilla"
        folder.mkdir(parents=True)
        (folder / "b.crt").write_text("two")
        (folder / "a.crt").write_text("one")
        bundle = start.private_certificates()
        assert bundle.read_text() == "one\ntwo"
        assert start.private_certificates() == bundle


class TestDisplay:
    @pytest.mark.parametrize(
        "env",
        [
            {},
            {"DISPLAY": ""},
            {"DISPLAY": "nonsense"},
            {"DISPLAY": ":63999"},
            {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"},
        ],
    )
    def test_nobody_listens(self, start: ModuleType, env: dict[str, str]) -> None:
        assert start.display_answers(env) is False

    def test_a_server_here(self, start: ModuleType) -> None:
        number = 10_000 + os.getpid()
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(f"\0/tmp/.X11-unix/X{number}")
            server.listen()
            assert start.display_answers({"DISPLAY": f":{number}.0"})
            offscreen = {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "offscreen"}
            assert not start.display_answers(offscreen)

    def test_a_server_elsewhere(self, start: ModuleType) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            number = server.getsockname()[1] - 6000
            assert start.display_answers({"DISPLAY": f"127.0.0.1:{number}"})
        assert not start.display_answers({"DISPLAY": f"127.0.0.1:{number}"})

    def test_wayland(
        self, start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Such an address may have 108 bytes at most, and pytest's folders are deep.
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("wayland-0")
            env = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
            assert start.display_answers(env)


class TestInstall:
    def test_the_second_time_there_is_nothing_to_do(
        self, start: ModuleType, capsys: pytest.CaptureFixture[str]
    ) -> None:
        start.install()
        assert start.run([start.PYTHON, "-c", ""]).ok
        assert "Preparing .venv" in capsys.readouterr().out
        start.install()
        assert capsys.readouterr().out == ""

    def test_another_lock_is_installed_into_the_same_environment(
        self, start: ModuleType, capsys: pytest.CaptureFixture[str]
    ) -> None:
        start.install()
        (start.VENV / "mark").touch()
        start.LOCK.write_text("# nothing, otherwise\n")
        capsys.readouterr()
        start.install()
        assert "Installing" in capsys.readouterr().out
        assert (start.VENV / "mark").exists()

    def test_an_environment_without_its_python_is_made_anew(self, start: ModuleType) -> None:
        start.install()
        start.PYTHON.unlink()
        (start.VENV / "mark").touch()
        start.install()
        assert start.PYTHON.exists()
        assert not (start.VENV / "mark").exists()

    def test_a_failed_installation_is_one_sentence_and_no_stamp(
        self, start: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("PIP_NO_INDEX", "UV_NO_INDEX", "UV_OFFLINE"):
            monkeypatch.setenv(name, "1")
        monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
        start.LOCK.write_text(f"there-is-no-such-thing==1 --hash=sha256:{'0' * 64}\n")
        with pytest.raises(start.StartError, match=r"could not be installed .*start again"):
            start.install()
        assert not (start.VENV / ".installed").exists()

    def test_a_package_cut_off_while_it_was_copied_is_forgotten(self, start: ModuleType) -> None:
        site = start.VENV / "lib" / "python3.11" / "site-packages"
        for name in ("whole", "half"):
            (site / f"{name}-1.dist-info").mkdir(parents=True)
            (site / f"{name}-1.dist-info" / "METADATA").touch()
        (site / "whole-1.dist-info" / "INSTALLER").touch()
        start.remove_half_installed()
        assert [folder.name for folder in site.iterdir()] == ["whole-1.dist-info"]


class TestStart:
    def start(
        self, start: ModuleType, *arguments: str, cwd: Path | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, start.ROOT / "start.py", *arguments],
            capture_output=True,
            text=True,
            cwd=cwd,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | env,
            check=False,
        )

    def lend_qt(self, start: ModuleType) -> None:
        """Let the small environment see the Qt of the one that runs the tests."""
        start.install()
        (site,) = start.VENV.glob("**/site-packages")
        (site / "lent.pth").write_text(sysconfig.get_path("platlib"))

    def test_run_keeps_the_persons_folder_and_the_programs_code(
        self, start: ModuleType, tmp_path: Path
    ) -> None:
        self.lend_qt(start)
        done = self.start(start, "run", "--", "a b", "ñ", cwd=tmp_path, PGHOST="elsewhere")
        told = json.loads(done.stdout)
        assert told["arguments"] == ["a b", "ñ"]
        assert told["folder"] == str(tmp_path)
        assert "PGHOST" not in told["env"]
        assert (start.VENV / ".qt-offscreen").exists()
        assert self.start(start, "run", "--", "fail").returncode == 7

    def test_without_a_display_the_tour_runs(self, start: ModuleType) -> None:
        self.lend_qt(start)
        done = self.start(start)
        said, told = done.stdout.splitlines()
        assert "guided tour" in said
        assert json.loads(told)["arguments"] == ["tour", "--out", str(start.ROOT / "out" / "tour")]

    def test_the_usage(self, start: ModuleType) -> None:
        helped = self.start(start, "--help")
        assert helped.returncode == 0
        assert "start.py test" in helped.stdout
        refused = self.start(start, "open")
        assert refused.returncode == 2
        assert refused.stderr == helped.stdout

    def test_a_failure_is_one_sentence(self, start: ModuleType) -> None:
        start.LOCK.unlink()
        done = self.start(start, "run")
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert "requirements.lock" in done.stderr
