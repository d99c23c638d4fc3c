"""What other systems export, made as they make it, with the truth beside it; seeded.

``patients("spanish_windows", 200, seed=1)`` gives the bytes of a file and the people in it.
"""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

GIVEN = {
    "female": ["Inês", "María José", "Aoife", "Núria", "Ana", "Beatriz", "Siobhán", "Łucja"],
    "male": ["João", "José Luis", "Tomás", "Íñigo", "Rui", "Liam", "Óscar", "Björn"],
}
FAMILY = [
    "Carvalho",
    "Reis",
    "Muñoz",
    "Peña",
    "O'Brien",
    "Lindqvist",
    "Sá",
    "Echeverría",
    "Conceição",
]
SECOND = ["Núñez", "Tavares", "Ortega", "Pires", "Gómez", "Ávila"]


@dataclass
class Person:
    """The truth about one person of a file."""

    number: str
    given: str
    family: str
    sex: str
    born: date | None
    phone: str
    email: str = ""
    household: str = ""
    allergies: str = ""
    title: str = ""
    children: list["Person"] = field(default_factory=list)


@dataclass
class Export:
    """A file as bytes, its name, and who is in it."""

    name: str
    content: bytes
    people: list[Person]
    country: str


def _people(count: int, seed: int, *, country: str) -> list[Person]:
    chance = random.Random(seed)
    code = {"PT": "+3519", "ES": "+346", "US": "+1212", "IE": "+35386"}[country]
    rest = {"PT": 8, "ES": 8, "US": 7, "IE": 7}[country]
    found = []
    for n in range(count):
        sex = chance.choice(["female", "male"])
        family = chance.choice(FAMILY) + " " + chance.choice(SECOND)
        if country in ("US", "IE"):
            family = family.split()[0]
        first = chance.choice("2345678")
        digits = first + "".join(chance.choice("0123456789") for _ in range(rest - 1))
        found.append(
            Person(
                number=str(1000 + n),
                given=chance.choice(GIVEN[sex]),
                family=family,
                sex=sex,
                born=date(1930, 1, 1) + timedelta(days=chance.randrange(33_000)),
                phone=code + digits,
                email=f"p{n}.{seed}@example.org" if n % 3 else "",
                allergies=chance.choice(["", "", "Penicilina", "no"]),
            )
        )
    return found


def _local(phone: str, code: str, chance: random.Random) -> str:
    bare = phone.removeprefix(code)
    return chance.choice(
        [bare, f"{bare[:3]} {bare[3:6]} {bare[6:]}", f"{code} {bare}", f"00{code[1:]}{bare}",
         f"{bare[:3]}-{bare[3:]}", f"({bare[:3]}) {bare[3:]}"]
    )  # fmt: skip


def _csv(rows: list[list[Any]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def portuguese_merged(count: int, seed: int) -> Export:
    """Portugal: merged names with titles, day first, semicolons, UTF-8 with BOM, a title line,
    blank lines between letters and a total at the end."""
    chance, people = random.Random(seed + 1), _people(count, seed, country="PT")
    rows: list[list[Any]] = [["Listagem de utentes"], [], [
        "N.º Processo", "Nome", "Data Nasc.", "Sexo", "Telemóvel", "E-mail",
        "Alergias"]]  # fmt: skip
    for n, one in enumerate(people):
        title = {"female": "Sra.", "male": "Sr."}[one.sex]
        rows.append([
            one.number, f"{one.family}, {one.given} ({title})",
            one.born.strftime(chance.choice(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"])),
            {"female": "F", "male": "M"}[one.sex], _local(one.phone, "+351", chance), one.email,
            one.allergies])  # fmt: skip
        if n % 40 == 39:
            rows.append([])
    rows.append(["Total de utentes: ", len(people)])
    return Export("utentes.csv", b"\xef\xbb\xbf" + _csv(rows, ";").encode(), people, "PT")


def spanish_windows(count: int, seed: int) -> Export:
    """Spain: two family names in columns, H/M codes, Windows-1252, tabs, totals and a rule."""
    chance, people = random.Random(seed + 2), _people(count, seed, country="ES")
    people = [p for p in people if "Ł" not in p.given]
    rows: list[list[Any]] = [[
        "Nº Historia", "Nombre", "Primer Apellido", "Segundo Apellido", "F. Nacimiento", "Sexo",
        "Teléfono móvil", "Correo electrónico", "Tratamiento"]]  # fmt: skip
    for one in people:
        first, second = one.family.rsplit(" ", 1)
        rows.append([
            one.number, one.given, first, second, one.born.strftime("%d/%m/%y")
            if one.born.year > 1940 else one.born.strftime("%d/%m/%Y"),
            {"female": "M", "male": "H"}[one.sex], _local(one.phone, "+34", chance), one.email,
            {"female": "Dña.", "male": "D."}[one.sex]])  # fmt: skip
    rows += [["-----"], ["TOTAL", len(people)]]
    return Export("pacientes.txt", _csv(rows, "\t").encode("cp1252"), people, "ES")


def american_utf16(count: int, seed: int) -> Export:
    """United States: month first, UTF-16, LName and FName, numbers for sex, titles."""
    chance, people = random.Random(seed + 3), _people(count, seed, country="US")
    rows: list[list[Any]] = [[
        "PatNum", "LName", "FName", "Birthdate", "Gender", "Wireless Phone", "Email",
        "Title"]]  # fmt: skip
    for one in people:
        form = chance.choice(["%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d", "%b %d, %Y"])
        cells: list[Any] = [one.number, one.family, one.given, one.born.strftime(form)]
        cells += [
            {"female": "2", "male": "1"}[one.sex], _local(one.phone, "+1", chance), one.email,
            {"female": "Mrs.", "male": "Mr."}[one.sex]]  # fmt: skip
        rows.append(cells)
    return Export("patients.csv", _csv(rows).encode("utf-16"), people, "US")


def families_in_rows(count: int, seed: int) -> Export:
    """One family a row: the parent, and up to two children in columns of their own."""
    chance, adults = random.Random(seed + 4), _people(count, seed, country="PT")
    rows: list[list[Any]] = [[
        "Titular", "Data nascimento", "Telefone", "Filho 1", "Filho 1 data nasc", "Filho 2",
        "Filho 2 data nasc"]]  # fmt: skip
    for n, one in enumerate(adults):
        one.number, one.email, one.sex, one.allergies = "", "", "unknown", ""
        one.born = date(1960, 1, 1) + timedelta(days=chance.randrange(9_000))
        cells: list[Any] = [f"{one.given} {one.family}", one.born.strftime("%d/%m/%Y"), one.phone]
        for _child in range(n % 3):
            sex = chance.choice(["female", "male"])
            born = date(2012, 1, 1) + timedelta(days=chance.randrange(4_000))
            child = Person("", chance.choice(GIVEN[sex]), one.family, "unknown", born, one.phone)
            one.children.append(child)
            cells += [child.given, born.strftime("%d/%m/%Y")]
        rows.append(cells)
    return Export("familias.csv", _csv(rows, ";").encode(), adults, "PT")


def workbook(count: int, seed: int) -> Export:
    """A workbook: real dates, phones that became figures, a title above, a total below."""
    from openpyxl import Workbook

    people = _people(count, seed, country="ES")
    book = Workbook()
    sheet = book.active
    sheet.append(["Listado de pacientes"])
    sheet.append([])
    sheet.append(
        ["Expediente", "Apellidos y nombre", "Fecha de nacimiento", "Sexo", "Móvil", "Correo"]
    )
    for one in people:
        sheet.append([
            int(one.number), f"{one.family}, {one.given}", one.born,
            {"female": "Mujer", "male": "Varón"}[one.sex],
            float(one.phone.removeprefix("+34")), one.email or None])  # fmt: skip
    sheet.append(["Total", len(people)])
    out = io.BytesIO()
    book.save(out)
    return Export("pacientes.xlsx", out.getvalue(), people, "ES")


FORMS: dict[str, Callable[[int, int], Export]] = {
    "portuguese_merged": portuguese_merged,
    "spanish_windows": spanish_windows,
    "american_utf16": american_utf16,
    "families_in_rows": families_in_rows,
    "workbook": workbook,
}
