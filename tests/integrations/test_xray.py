"""Command lines of X-ray programs: whole arguments, no shell, nothing of a name read as more."""

import os
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.errors import InvalidError, SetupError
from clinic_desktop.integrations import xray
from clinic_desktop.integrations.xray import XrayPatient, arguments, cleaned

INES = XrayPatient("00012", "Carvalho Lindqvist", "Inês", date(1984, 9, 3), "female")


class TestArguments:
    @pytest.mark.parametrize(
        ("command", "line"),
        [
            ("/x {number}", ["/x", "00012"]),
            ('/x "{family}^{given}"', ["/x", "Carvalho Lindqvist^Inês"]),
            ("/x {family}", ["/x", "Carvalho Lindqvist"]),
            ("/x -b {born:%d.%m.%Y} -s {sex}", ["/x", "-b", "03.09.1984", "-s", "F"]),
            ("/x {born}", ["/x", "1984-09-03"]),
            ('"C:\\Program Files\\Xray\\x.exe" /p:{number}',
             ["C:\\Program Files\\Xray\\x.exe", "/p:00012"]),
            ('/x "" end', ["/x", "", "end"]),
        ],
    )  # fmt: skip
    def test_filled(self, command, line) -> None:
        assert arguments(command, INES) == line

    @pytest.mark.parametrize(
        ("command", "words"),
        [
            ("", "Write the program"),
            ('/x "open', "quotation mark"),
            ("/x {phone}", r"\{phone\} is not known"),
            ("/x {number:%d}", "is not known"),
            ("/x {born:%c;rm}", "birth date"),
            ("/x {}", "is not known"),
            ("{given} x", "program itself"),
        ],
    )
    def test_refused(self, command, words) -> None:
        with pytest.raises(InvalidError, match=words) as caught:
            arguments(command, INES)
        assert caught.value.field == "command"

    def test_without_birth_date_and_sex(self) -> None:
        nobody = XrayPatient("1", "A", "B", None, "unknown")
        assert arguments("/x {born} {sex}", nobody) == ["/x", "", "O"]


class TestCleaned:
    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("O'Brien", "O Brien"),
            ('x" -delete "', "x -delete"),
            ("a;rm -rf /|b&c>d`e`$(f)", "a rm -rf b c d e f"),
            ("a\nb\0c\u202ed", "a bcd"),
            ("陳美玲", "陳美玲"),
            ("x" * 500, "x" * 120),
        ],
    )
    def test_cleaned(self, text, kept) -> None:
        assert cleaned(text) == kept

    def test_never_an_option(self) -> None:
        evil = XrayPatient("--delete-all", "-rf", "/s", None, "other")
        assert arguments("/x {number} {family} {given}", evil) == ["/x", "delete-all", "rf", "s"]

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_a_name_stays_one_argument(self, family, given) -> None:
        patient = XrayPatient("1", family, given, None, "male")
        line = arguments('/x "{family}^{given}" end', patient)
        assert len(line) == 3
        assert line[2] == "end"
        assert not set(line[1].replace("^", "")) & set("\"'`;|&<>$%\n\r\0")


class TestStart:
    def test_the_program_gets_what_is_said(self, tmp_path) -> None:
        pipe, script = tmp_path / "pipe", tmp_path / "show.py"
        os.mkfifo(pipe)
        script.write_text(f"import sys; open({str(pipe)!r}, 'w').write('|'.join(sys.argv[1:]))")
        name = xray.start(f'{sys.executable} {script} {{number}} "{{family}} {{given}}"', INES)
        assert name == os.path.basename(sys.executable)  # noqa: PTH119 - of the running Python
        assert pipe.read_text() == "00012|Carvalho Lindqvist Inês"

    @pytest.mark.parametrize(
        ("command", "kind", "words"),
        [
            ("/nowhere/xray.exe", SetupError, "could not be started"),
            ("xray.exe", InvalidError, "whole path"),
            ("/x/run.bat {number}", InvalidError, "is a script"),
        ],
    )
    def test_refused(self, command, kind, words) -> None:
        with pytest.raises(kind, match=words):
            xray.start(command, INES)
