"""Numbers written out, as a prescription writes its quantities beside the figures."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

LARGEST: Final = 10**12 - 1


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ENGLISH: Final = _list(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_ENGLISH_TENS: Final = _list("twenty thirty forty fifty sixty seventy eighty ninety")

_SPANISH: Final = _list(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés "
    "veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_SPANISH_TENS: Final = _list("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_SPANISH_HUNDREDS: Final = _list(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos "
    "ochocientos novecientos"
)

_PORTUGUESE: Final = _list(
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze "
    "dezasseis dezassete dezoito dezanove"
)
_BRAZILIAN: Final = {
    "catorze": "quatorze",
    "dezasseis": "dezesseis",
    "dezassete": "dezessete",
    "dezanove": "dezenove",
}
_PORTUGUESE_TENS: Final = _list("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
_PORTUGUESE_HUNDREDS: Final = _list(
    "cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos"
)


def in_words(number: Decimal | int, locale: str, *, feminine: bool = False) -> str:
    """Return a quantity in words in English, Spanish or Portuguese.

    ``locale`` such as ``es`` or ``pt_BR`` gives language and country; another language is written
    in English. ``feminine`` agrees with the noun in Spanish and Portuguese ("doscientas
    cápsulas"). Decimals are read digit by digit. Raises ValueError below 0 or above LARGEST.
    """
    value = Decimal(number)
    if not value.is_finite() or not 0 <= value <= LARGEST:
        raise ValueError(f"{number} cannot be written in words")
    language, _, country = locale.replace("-", "_").partition("_")
    whole = int(value)
    fraction = f"{value - whole:f}".partition(".")[2].rstrip("0")
    if language == "es":
        text, point = _spanish(whole, feminine=feminine), "coma"
        digits = [_SPANISH[int(digit)] for digit in fraction]
    elif language == "pt":
        brazil = country == "BR"
        text, point = _portuguese(whole, feminine=feminine, brazil=brazil), "vírgula"
        digits = [_PORTUGUESE[int(digit)] for digit in fraction]
    else:
        text, point = _english(whole, joined=country != "US"), "point"
        digits = [_ENGLISH[int(digit)] for digit in fraction]
    return " ".join([text, point, *digits]) if digits else text


def _english(number: int, *, joined: bool) -> str:
    """Return English words, with "and" before the last two figures where it is said."""
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if number >= size:
            head, rest = divmod(number, size)
            text = f"{_english(head, joined=joined)} {name}"
            link = " and " if joined and 0 < rest < 100 else " "
            return f"{text}{link}{_english(rest, joined=joined)}" if rest else text
    if number >= 100:
        head, rest = divmod(number, 100)
        text = f"{_ENGLISH[head]} hundred"
        link = " and " if joined else " "
        return f"{text}{link}{_english(rest, joined=joined)}" if rest else text
    if number < 20:
        return _ENGLISH[number]
    tens, ones = divmod(number, 10)
    return _ENGLISH_TENS[tens - 2] + (f"-{_ENGLISH[ones]}" if ones else "")


def _spanish(number: int, *, feminine: bool, before_noun: bool = False) -> str:
    """Return Spanish words; ``before_noun`` shortens uno to un, as before mil and millones."""
    if number >= 10**6:
        head, rest = divmod(number, 10**6)
        count = _spanish(head, feminine=False, before_noun=True)
        text = "un millón" if head == 1 else f"{count} millones"
        return f"{text} {_spanish(rest, feminine=feminine)}" if rest else text
    if number >= 1000:
        head, rest = divmod(number, 1000)
        count = _spanish(head, feminine=feminine, before_noun=True)
        text = "mil" if head == 1 else f"{count} mil"
        if not rest:
            return text
        return f"{text} {_spanish(rest, feminine=feminine, before_noun=before_noun)}"
    if number == 100:
        return "cien"
    if number > 100:
        head, rest = divmod(number, 100)
        text = _SPANISH_HUNDREDS[head - 1]
        text = text.replace("ientos", "ientas") if feminine and head > 1 else text
        if not rest:
            return text
        return f"{text} {_spanish(rest, feminine=feminine, before_noun=before_noun)}"
    if number < 30:
        text = _SPANISH[number]
    else:
        tens, ones = divmod(number, 10)
        text = _SPANISH_TENS[tens - 3] + (f" y {_SPANISH[ones]}" if ones else "")
    return _spanish_one(text, feminine=feminine, before_noun=before_noun)


def _spanish_one(text: str, *, feminine: bool, before_noun: bool) -> str:
    if not text.endswith("uno"):
        return text
    if feminine:
        return f"{text[:-1]}a"
    if before_noun:
        return "veintiún" if text == "veintiuno" else text[:-1]
    return text


def _portuguese(number: int, *, feminine: bool, brazil: bool) -> str:
    """Return Portuguese words; the scale of thousands of millions differs by country."""

    def say(value: int, gender: bool = feminine) -> str:
        return _portuguese(value, feminine=gender, brazil=brazil)

    if brazil and number >= 10**9:
        return _portuguese_scale(number, 10**9, ("bilhão", "bilhões"), say)
    if number >= 10**6:
        names = ("milhão", "milhões")
        return _portuguese_scale(number, 10**6, names, say)
    if number >= 1000:
        head, rest = divmod(number, 1000)
        text = "mil" if head == 1 else f"{say(head)} mil"
        return f"{text}{_portuguese_link(rest)}{say(rest)}" if rest else text
    if number == 100:
        return "cem"
    if number > 100:
        head, rest = divmod(number, 100)
        text = _PORTUGUESE_HUNDREDS[head - 1]
        text = f"{text[:-2]}as" if feminine and head > 1 else text
        return f"{text} e {say(rest)}" if rest else text
    if number < 20:
        text = _PORTUGUESE[number]
        text = _BRAZILIAN.get(text, text) if brazil else text
        return {"um": "uma", "dois": "duas"}.get(text, text) if feminine else text
    tens, ones = divmod(number, 10)
    return _PORTUGUESE_TENS[tens - 2] + (f" e {say(ones)}" if ones else "")


def _portuguese_scale(
    number: int, size: int, names: tuple[str, str], say: Callable[..., str]
) -> str:
    head, rest = divmod(number, size)
    text = f"{say(head, False)} {names[head > 1]}"
    return f"{text}{_portuguese_link(rest)}{say(rest)}" if rest else text


def _portuguese_link(rest: int) -> str:
    """Return what joins the last group: "e" before a small or a round number."""
    last = rest
    while last >= 1000 and last % 1000 == 0:
        last //= 1000
    return " e " if last <= 100 or (last < 1000 and last % 100 == 0) else " "
