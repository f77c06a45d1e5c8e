"""Who we are to an endpoint: told to that endpoint, and shown nowhere."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import httpx

from kg.errors import InputError, Problem

__all__ = ["NOBODY", "WAYS", "Credentials", "Way", "credentials"]

Way = Literal["basic", "digest", "bearer"]
WAYS: tuple[Way, ...] = ("basic", "digest", "bearer")


@dataclass(frozen=True)
class Credentials:
    """A user with a password, or a token; nobody where all are empty.

    >>> Credentials(user="kite", password="secret")
    Credentials(way='basic')
    """

    way: Way = "basic"
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def auth(self) -> httpx.Auth:
        """What puts them on a request; for digest it remembers the challenge, so keep it."""
        if self.way == "bearer":
            return _Bearer(self.token)
        if not self.user:
            return httpx.Auth()
        return (httpx.DigestAuth if self.way == "digest" else httpx.BasicAuth)(
            self.user, self.password
        )

    def hidden(self, text: str) -> str:
        """The text without them, for what an endpoint says may repeat what it was told.

        >>> Credentials("bearer", token="kite").hidden("no such token: kite")
        'no such token: …'
        """
        pair = b64encode(f"{self.user}:{self.password}".encode()).decode()
        for secret in filter(None, (self.token, self.password, self.user and pair)):
            text = text.replace(secret, "…")
        return text


NOBODY = Credentials()


def credentials(*, way: str, user: str, password: str, token: str) -> Credentials:
    """The credentials these settings make; an error names the setting that is wrong."""
    if token and (user or password or way not in ("", "bearer")):
        raise _wrong("TOKEN", "is given beside a user or another way", "keep one of them")
    if password and not user:
        raise _wrong("PASSWORD", "is given without a user", "set CASPIAN_ENDPOINT_USER too")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise _wrong("TOKEN", "holds a space, a line end or a letter past ASCII", "copy it anew")
    if ":" in user:
        raise _wrong("USER", "holds a colon", "no user's name can, in HTTP")
    if way not in ("", *WAYS):
        raise _wrong("AUTH", f"is “{way}”", f"it can be {', '.join(WAYS)}")
    if way == "bearer" and not token:
        raise _wrong("AUTH", "is “bearer” without a token", "set CASPIAN_ENDPOINT_TOKEN too")
    if token:
        return Credentials("bearer", token=token)
    return Credentials("digest" if way == "digest" else "basic", user=user, password=password)


def _wrong(setting: str, what: str, hint: str) -> InputError:
    return InputError(Problem(f"CASPIAN_ENDPOINT_{setting}", 0, "", what, hint))


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request
