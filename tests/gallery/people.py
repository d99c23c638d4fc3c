"""Names as they come: long, in other scripts and directions, with what breaks a careless screen."""

from typing import Final

NAMES: Final = (
    ("Inês", "Carvalho-Lindqvist"),
    ("Bartholomew Maximilian Alexander", "Featherstonehaugh-Cholmondeley-Okonkwo de la Vega"),
    ("محمد عبد الرحمن", "الحسيني الطباطبائي"),
    ("美玲", "陳"),
    ("<b>Robert</b>", "& Söhne <img src=x>"),
    ("Nour 🦷😀", "Haddad"),
    ("Zofia", "Wiśniewska"),
    ("רבקה", "בן־דוד"),
    ("Sukarno", ""),
    ("Δημήτριος", "Παπαδόπουλος"),
    ("さくら", "長谷川"),
    ("Seán", "Ó Dálaigh"),
    ("अनन्या", "श्रीवास्तव"),
    ("Erik", "Lindqvist"),
)
