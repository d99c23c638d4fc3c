"""Name parts of the cultures that meet in a harbour town; any whole name is put together here."""

import random
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Culture:
    """Given and family names of one culture; ``weight`` is its share among the patients.

    ``scripts`` pairs a Latin given name with its own writing, for people who are known by both.
    """

    weight: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    language: str = "en"
    double_family: bool = False
    one_name: bool = False
    written: tuple[tuple[str, str], ...] = ()


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CULTURES: Final = (
    Culture(
        34,
        _names(
            "Aoife Siobhán Niamh Gráinne Ciara Orla Maeve Sinéad Róisín Emma Grace Sarah Kate"
            " Hannah Molly Ruth Clare Joan Margaret Brigid"
        ),
        _names(
            "Seán Cormac Finnian Eoin Cian Pádraig Oisín Liam Conor Declan Jack James Thomas"
            " Daniel Michael Hugh Patrick Brendan Colm Ronan"
        ),
        _names(
            "Keane O'Shaughnessy Byrne Doyle Quinn McCarthy Walsh Brennan Kavanagh Nolan O'Neill"
            " Fitzgerald Hogan Moran Lynch Whelan Tierney Devlin Hartigan Sheridan"
        ),
    ),
    Culture(
        12,
        _names("Inês Beatriz Mariana Camila Giulia Sofia Carla Lúcia Paula Teresa Rita Joana"),
        _names("Rui Mateus Tomás Diego Joaquim Carlos Rafael Bruno Nuno Miguel Duarte Hugo"),
        _names(
            "Carvalho Tavares Ferreira Bittencourt Reis Aguiar Linhares Quispe Huamán Ramírez"
            " Echeverría Ochoa Mendes Salgado Pimentel Figueira"
        ),
        language="pt",
        double_family=True,
    ),
    Culture(
        10,
        _names("Zofia Ewa Agnieszka Katarzyna Magda Andreea Ioana Jana Petra Ludmila"),
        _names("Emil Jakub Piotr Wojciech Tomasz Andrei Mihai Pavel Marek Bogdan"),
        _names(
            "Wiśniewska Nowak Kowalczyk Lis Zieliński Popescu Ionescu Novák Dvořák Horváth"
            " Szabó Łukasik"
        ),
    ),
    Culture(
        9,
        _names("Amara Thandiwe Ngozi Adaeze Kwame Aisha Zainab Chioma Folake Makena"),
        _names("Ikechukwu Oluwaseun Kwabena Tariq Jean-Baptiste Kofi Emeka Sipho Mamadou Yusuf"),
        _names(
            "Nwosu Nnamdi Okafor Asante Mbeki N'Diaye Adebayo Whitfield Okonkwo Mensah Diallo"
            " Abebe"
        ),
    ),
    Culture(
        8,
        _names("Lena Solveig Anneliese Ulrike Þórdís Ingrid Freja Maren Heike Birgit"),
        _names("Joakim Erik Hendrik Lars Anders Jürgen Uwe Matthias Sven Ólafur"),
        _names(
            "Björk Lindqvist Aas Brückner Sommerfeld Eiríksdóttir Lund Østergård Müller"
            " Grünwald Strandberg Achterberg"
        ),
    ),
    Culture(
        7,
        _names("Priya Ananya Divya Kavita Meera Lakshmi Nisha Sunita"),
        _names("Ravi Arjun Vikram Rohan Sanjay Karthik Anil Deepak"),
        _names("Subramaniam Venkataraghavan Sharma Iyer Patel Nair Chatterjee Reddy"),
    ),
    Culture(
        7,
        _names("Mei-ling Xiu Yuki Hyejin Châu Linh Aiko Jia"),
        _names("Wei Jun Kenji Minho Đức Tuấn Haruto Bo"),
        _names("Chen Tanabe Park Nguyễn Zhāng Lin Kimura Trần"),
        written=(("Mei-ling", "美玲"), ("Wei", "偉"), ("Yuki", "由紀"), ("Jun", "俊")),
    ),
    Culture(
        6,
        _names("Leila Noor Amina Yasmin Farah Salma Huda Rania"),
        _names("Mohammed Rashid Omar Khalid Emre Yusuf Hassan Karim"),
        _names("Haddad Al-Husseini Karimov Yıldırım Mansour Aziz Darwish Saleh"),
        language="en",
        written=(
            ("Mohammed", "محمد"),
            ("Leila", "ليلى"),
            ("Omar", "عمر"),
            ("Noor", "نور"),
        ),
    ),
    Culture(4, _names("Aroha Moana Kahu Leilani"), _names("Tāne Wiremu Koa Rangi"),
            ("Te Whata", "Parata", "Ngata", "Kealoha")),
    Culture(2, _names("Suharti Wulandari Sukarmi"), _names("Sutrisno Widodo Suparman"), ("",),
            one_name=True),
)  # fmt: skip

STREETS: Final = (
    "Quay Terrace",
    "Harbour Street",
    "Lighthouse Road",
    "Chapel Lane",
    "Mill Walk",
    "Old Rope Yard",
    "Station Avenue",
    "Orchard Close",
    "Fishmarket Row",
    "Upper Strand",
)


@dataclass(frozen=True, slots=True)
class Name:
    """A whole name with its culture; ``other`` is the name in its own writing."""

    given: str
    family: str
    other: str
    sex: str
    culture: Culture


def family_name(rng: random.Random, culture: Culture) -> str:
    """Return a family name of the culture, sometimes a double one."""
    if culture.one_name:
        return ""
    name = rng.choice(culture.families)
    if (culture.double_family and rng.random() < 0.5) or rng.random() < 0.06:
        second = rng.choice(culture.families)
        if second != name:
            return f"{name} {second}" if culture.double_family else f"{name}-{second}"
    return name


def pick_culture(rng: random.Random) -> Culture:
    """Return a culture by its share."""
    return rng.choices(CULTURES, weights=[culture.weight for culture in CULTURES])[0]


def person_name(rng: random.Random, culture: Culture, family: str, *, sex: str) -> Name:
    """Return a given name with this family name."""
    given = rng.choice(culture.women if sex == "female" else culture.men)
    written = dict(culture.written).get(given, "")
    return Name(given, family, written if rng.random() < 0.6 else "", sex, culture)
