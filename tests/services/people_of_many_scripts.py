"""Three hundred made people of many scripts and habits of writing, always the same ones."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

GIVEN = [
    "Inês",
    "Erik",
    "Linnea",
    "Analina",
    "Carlos",
    "Ling",
    "Oscar",
    "Caroline",
    "Maccario",
    "Lynn",
    "Lena",
    "Karolin",
    "Siobhán",
    "Łukasz",
    "Zofia",
    "José",
    "María",
    "Ángel",
    "François",
    "Zoë",
    "Björn",
    "Åsa",
    "Øyvind",
    "Jürgen",
    "Nguyễn",
    "Ștefan",
    "Dvořák",
    "Yiğit",
    "Ilse",
    "Никита",
    "Ольга",
    "Ελένη",
    "Γιώργος",
    "محمد",
    "فاطمة",
    "أحمد",
    "美玲",
    "伟",
    "さくら",
    "太郎",
    "민준",
    "서연",
    "दिलीप",
    "प्रिया",
    "יעל",
    "דוד",
    "Ana",
    "Jo",
    "Mary-Kate",
    "D'Arcy",
    "Jean-Luc",
    "Al",
    "O",
    "Xi",
]
FAMILY = [
    "Carvalho-Lindqvist",
    "Carlsson-Oyelaran",
    "McCarthy",
    "Linares",
    "Carter-Zhāng",
    "Berglind",
    "St-Linton",
    "Linhares",
    "Kaar",
    "Carr-Halvorsen",
    "Linnemann",
    "O'Brien",
    "O’Neill",
    "Wiśniewska",
    "García",
    "Núñez",
    "Müller",
    "Ødegård",
    "Strauß",
    "Иванов",
    "Παπαδόπουλος",
    "الحسيني",
    "العلي",
    "陳",
    "王",
    "田中",
    "김",
    "이",
    "कुमार",
    "शर्मा",
    "כהן",
    "MacDonald",
    "DeSouza",
    "van-der-Berg",
    "Smith",
    "Smyth",
    "Schmidt",
    "Hernández",
    "Ernandez",
    "Li",
    "Ng",
    "de",
    "Silva",
]
OTHER = ("", "", "", "", "Mei-Ling Chen", "Mohamed Al-Husseini", "Kim Min-jun", "Molly", "Beth")


@dataclass(frozen=True)
class Made:
    """One made person, as typed at the desk."""

    given: str
    family: str
    other_name: str
    born: date
    phone: str
    email: str


def made_people(count: int = 300, seed: int = 7) -> list[Made]:
    """Return the people; a few share names, phones and birthdays."""
    rng = random.Random(seed)
    people = []
    for number in range(count):
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        if rng.random() < 0.08:
            family = ""
        if rng.random() < 0.05:
            given = given[:1] + "\u200b" + given[1:]
        people.append(
            Made(
                given=given,
                family=family,
                other_name=rng.choice(OTHER),
                born=date(1940, 1, 1) + timedelta(days=rng.randrange(31000)),
                phone=rng.choice(
                    [f"+35386{rng.randrange(10**7):07}", f"+34655{rng.randrange(10**6):06}", ""]
                ),
                email=f"p{number}.{rng.choice('abc')}@example.org" if rng.random() < 0.3 else "",
            )
        )
    return people
