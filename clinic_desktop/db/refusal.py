"""The code with which a server refuses a login, which is the same in every language.

The driver hands on only the server's words, and those are in the server's language. So the way is
walked once more, up to the refusal: PostgreSQL's protocol 3.0, SCRAM-SHA-256 (RFC 5802, 7677).
"""

import base64
import hashlib
import hmac
import secrets
import socket
import ssl
import stringprep
import struct
import unicodedata
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# The first eight bytes a PostgreSQL client sends to ask for TLS: length and the number of the wish.
TLS_WISH: Final = struct.pack("!ii", 8, 80877103)
NOT_PROVED: Final = "28P01"
NOT_ADMITTED: Final = "28000"
NO_DATABASE: Final = "3D000"
NO_PLACE_LEFT: Final = "53300"

_PROTOCOL: Final = 196608  # 3.0
_SASL, _SASL_CONTINUE, _SASL_FINAL, _LET_IN = 10, 11, 12, 0
_MOST_ROUNDS: Final = 10_000_000  # a server that asks for more wants to keep us busy
_LONGEST: Final = 1_000_000
_WAIT_S: Final = 5


@dataclass(frozen=True)
class Refusal:
    """SQLSTATE of a refused sign-in, empty when none was heard, and whether a password was asked.

    28000 before the password comes from pg_hba.conf; after it the login itself is closed.
    """

    code: str = ""
    asked: bool = False

    @property
    def by_pg_hba(self) -> bool:
        """Whether the server admits nobody with this login from here."""
        return self.code == NOT_ADMITTED and not self.asked

    @property
    def login_closed(self) -> bool:
        """Whether the login may not sign in any more."""
        return self.code == NOT_ADMITTED and self.asked


def refusal_of(dsn: Mapping[str, str]) -> Refusal:
    """Try to sign in with psycopg's parameters and return what the server says; never raises."""
    try:
        with closing(_line(dsn)) as line:
            return _walk(line, dsn)
    except (OSError, ValueError, KeyError, struct.error, IndexError):
        return Refusal()


def _line(dsn: Mapping[str, str]) -> socket.socket:
    host, port = dsn["host"], int(dsn["port"])
    if not host.startswith("/"):
        line = socket.create_connection((host, port), timeout=_WAIT_S)
        return line if dsn.get("sslmode") == "disable" else _encrypted(line, host, dsn)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(_WAIT_S)
    try:
        line.connect(str(Path(host) / f".s.PGSQL.{port}"))
    except OSError:
        line.close()
        raise
    return line


def _encrypted(line: socket.socket, host: str, dsn: Mapping[str, str]) -> socket.socket:
    try:
        return _wrapped(line, host, dsn)
    except (OSError, ValueError):
        line.close()
        raise


def _wrapped(line: socket.socket, host: str, dsn: Mapping[str, str]) -> socket.socket:
    line.sendall(TLS_WISH)
    if line.recv(1) != b"S":
        raise OSError
    file = dsn.get("sslrootcert", "system")
    context = ssl.create_default_context(cafile=None if file == "system" else file)
    # The password is proved to nobody but the server whose certificate is trusted.
    return context.wrap_socket(line, server_hostname=host)


def _walk(line: socket.socket, dsn: Mapping[str, str]) -> Refusal:
    words = ("user", dsn["user"], "database", dsn["dbname"], "client_encoding", "UTF8")
    body = b"".join(word.encode() + b"\0" for word in words) + b"\0"
    line.sendall(struct.pack("!ii", len(body) + 8, _PROTOCOL) + body)
    scram = _Scram(dsn.get("password", ""))
    asked = False
    while True:
        kind, content = _message(line)
        if kind == b"E":
            return Refusal(_code(content), asked)
        if kind in (b"Z", b"K"):
            return Refusal(asked=asked)
        if kind != b"R":
            continue
        wanted = struct.unpack("!i", content[:4])[0]
        if wanted == _SASL:
            asked = True
            first = scram.first()
            _say(line, b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first)
        elif wanted == _SASL_CONTINUE:
            _say(line, scram.final(content[4:].decode()))
        elif wanted not in (_SASL_FINAL, _LET_IN):
            return Refusal(asked=True)  # it wants the password itself, and does not get it


def _message(line: socket.socket) -> tuple[bytes, bytes]:
    head = _exactly(line, 5)
    length = struct.unpack("!i", head[1:])[0] - 4
    if not 0 <= length <= _LONGEST:
        raise ValueError(length)
    return head[:1], _exactly(line, length)


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = line.recv(count - len(found))
        if not more:
            raise OSError
        found += more
    return found


def _say(line: socket.socket, content: bytes) -> None:
    line.sendall(b"p" + struct.pack("!i", len(content) + 4) + content)


def _code(content: bytes) -> str:
    """Return the field C of an error."""
    fields = {part[:1]: part[1:] for part in content.split(b"\0") if part}
    return fields.get(b"C", b"").decode()


class _Scram:
    """The client's side of SCRAM-SHA-256, without channel binding."""

    def __init__(self, password: str) -> None:
        self._password = _prepared(password)
        self._bare = f"n=,r={base64.b64encode(secrets.token_bytes(18)).decode()}"

    def first(self) -> bytes:
        return f"n,,{self._bare}".encode()

    def final(self, server: str) -> bytes:
        parts = dict(part.split("=", 1) for part in server.split(","))
        rounds = int(parts["i"])
        if not 0 < rounds <= _MOST_ROUNDS:
            raise ValueError(rounds)
        salt = base64.b64decode(parts["s"])
        salted = hashlib.pbkdf2_hmac("sha256", self._password, salt, rounds)
        key = hmac.digest(salted, b"Client Key", "sha256")
        stored = hashlib.sha256(key).digest()
        without = f"c=biws,r={parts['r']}"
        signature = hmac.digest(stored, f"{self._bare},{server},{without}".encode(), "sha256")
        proof = bytes(one ^ other for one, other in zip(key, signature, strict=True))
        return f"{without},p={base64.b64encode(proof).decode()}".encode()


def _prepared(password: str) -> bytes:
    """Return the password as SASLprep (RFC 4013) maps it."""
    mapped = "".join(
        " " if stringprep.in_table_c12(character) else character
        for character in password
        if not stringprep.in_table_b1(character)
    )
    return unicodedata.normalize("NFKC", mapped).encode(errors="surrogatepass")
