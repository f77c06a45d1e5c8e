"""The wire to an endpoint: who it is told we are, how long it may take, when it is asked again."""

import hashlib
import logging
import os
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from kg.credentials import Credentials, credentials
from kg.errors import CaspianError, InputError, RemoteError, StoreError
from kg.remote import RemoteStore
from kg.wire import Limits
from tests.kg.conftest import Server, free_port, says

JSON = "application/sparql-results+json"
YES = says(200, b'{"head":{},"boolean":true}', JSON)
QUICK = Limits(pauses=(0.01, 0.02))
BASIC = Credentials(user="kite", password="s3cret-of-kites")
DIGEST = Credentials("digest", user="kite", password="s3cret-of-kites")
BEARER = Credentials("bearer", token="t0ken-of-kites")
SECRETS = ("s3cret-of-kites", "t0ken-of-kites", "a2l0ZTpzM2NyZXQtb2Yta2l0ZXM=")
EACH = pytest.mark.parametrize("who", [BASIC, DIGEST, BEARER], ids=lambda who: who.way)


def sent(server: Server, name: str, index: int = -1) -> str | None:
    return {key.lower(): value for key, value in server.asked[index][1].items()}.get(name.lower())


def raw(*pieces: bytes, pause: float = 0.0) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer byte by byte as given."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        try:
            for piece in pieces:
                handler.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            pass

    return answer


# -- who we are


def test_a_user_is_told_with_each_question(server: Server) -> None:
    server.will_answer(YES)
    store = RemoteStore(server.url, credentials=BASIC)
    assert store.ask("ASK {}")
    assert store.ask("ASK {}")
    assert [sent(server, "Authorization", index) for index in (0, 1)] == [
        f"Basic {SECRETS[2]}",
        f"Basic {SECRETS[2]}",
    ]


def test_a_token_is_told(server: Server) -> None:
    server.will_answer(YES)
    assert RemoteStore(server.url, credentials=BEARER).ask("ASK {}")
    assert sent(server, "Authorization") == "Bearer t0ken-of-kites"


def test_nobody_is_told_of_nobody(server: Server) -> None:
    server.will_answer(YES)
    assert RemoteStore(server.url).ask("ASK {}")
    assert sent(server, "Authorization") is None


def test_a_digest_answers_the_challenge_and_is_kept_for_the_next_question(server: Server) -> None:
    challenge = 'Digest realm="SPARQL", nonce="f00d", opaque="a", qop="auth", algorithm=MD5'
    server.will_answer(says(401, WWW_Authenticate=challenge), YES)
    store = RemoteStore(server.url, credentials=DIGEST)
    assert store.ask("ASK {}")
    assert store.ask("ASK {}")
    assert len(server.asked) == 3
    assert sent(server, "Authorization", 0) is None
    told = dict(re.findall(r'(\w+)="?([^",]+)"?', str(sent(server, "Authorization", 1))))

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 -- as RFC 7616 has it

    known, asked = md5("kite:SPARQL:s3cret-of-kites"), md5("POST:/query")
    expected = md5(f"{known}:f00d:{told['nc']}:{told['cnonce']}:auth:{asked}")
    assert (told["username"], told["uri"], told["response"]) == ("kite", "/query", expected)
    assert "nc=00000002" in str(sent(server, "Authorization", 2))


@pytest.mark.parametrize("challenge", ['Digest realm="a"', 'Digest realm="a", nonce="b", qop=int'])
def test_a_challenge_that_cannot_be_answered_is_told(server: Server, challenge: str) -> None:
    server.will_answer(says(401, WWW_Authenticate=challenge))
    with pytest.raises(RemoteError, match="gave no answer"):
        RemoteStore(server.url, credentials=DIGEST).ask("ASK {}")


@EACH
def test_credentials_stand_in_no_log_error_or_repr(
    server: Server, who: Credentials, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    parrot = " ".join((*SECRETS, "no such user"))
    store = RemoteStore(server.url, credentials=who, limits=QUICK)
    errors = [repr(who), str(who)]
    for status in (400, 401, 500, 503):
        server.will_answer(says(status, parrot.encode()))
        with pytest.raises(CaspianError) as caught:
            store.ask("ASK {}")
        errors += [str(caught.value), repr(caught.value), repr(caught.value.__cause__)]
    own = {"basic": (0, 2), "digest": (0, 2), "bearer": (1,)}[who.way]
    for secret in (SECRETS[number] for number in own):
        assert secret not in caplog.text
        assert not [error for error in errors if secret in error]
    assert "no such user" in errors[-3]


@EACH
def test_credentials_go_to_no_other_address(
    server: Server, canary: Server, who: Credentials
) -> None:
    before = len(canary.asked)
    for status in (301, 302, 303, 307, 308):
        server.will_answer(says(status, Location=f"http://a:b@{canary.url[7:]}?key=secret"))
        with pytest.raises(RemoteError, match=f"it has moved; give the address {canary.url}$"):
            RemoteStore(server.url, credentials=who).ask("ASK {}")
    assert len(canary.asked) == before


def test_a_netrc_and_a_proxy_in_the_environment_are_left_alone(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login kite password secret\n", "utf-8")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    server.will_answer(YES)
    assert RemoteStore(server.url).ask("ASK {}")
    assert sent(server, "Authorization") is None


def test_a_cookie_is_not_kept(server: Server) -> None:
    server.will_answer(says(200, b'{"head":{},"boolean":true}', JSON, Set_Cookie="a=b"))
    store = RemoteStore(server.url)
    assert store.ask("ASK {}")
    assert store.ask("ASK {}")
    assert sent(server, "Cookie") is None


WRONG: list[tuple[dict[str, str], str]] = [
    ({"token": "a", "user": "b"}, "CASPIAN_ENDPOINT_TOKEN: is given beside a user"),
    ({"token": "a", "way": "basic"}, "CASPIAN_ENDPOINT_TOKEN: is given beside"),
    ({"password": "kite-secret"}, "CASPIAN_ENDPOINT_PASSWORD: is given without a user"),
    ({"token": "kite-secret\n"}, "CASPIAN_ENDPOINT_TOKEN: holds a space, a line end"),
    ({"token": "kite-secret é"}, "CASPIAN_ENDPOINT_TOKEN: holds a space, a line end"),
    ({"user": "a:b"}, "CASPIAN_ENDPOINT_USER: holds a colon"),
    ({"way": "ntlm"}, "CASPIAN_ENDPOINT_AUTH: is “ntlm”.*basic, digest, bearer"),
    ({"way": "bearer"}, "CASPIAN_ENDPOINT_AUTH: is “bearer” without a token"),
]


@pytest.mark.parametrize(("given", "message"), WRONG)
def test_credentials_that_make_no_sense_are_refused_and_not_repeated(
    given: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        credentials(**{"way": "", "user": "", "password": "", "token": "", **given})
    assert "kite-secret" not in str(caught.value)


def test_credentials_are_made_of_settings() -> None:
    empty = {"way": "", "user": "", "password": "", "token": ""}
    assert credentials(**empty) == Credentials()
    assert credentials(**{**empty, "token": "a"}) == Credentials("bearer", token="a")
    known = {**empty, "user": "a", "password": "ü:"}
    assert credentials(**known) == Credentials("basic", user="a", password="ü:")
    assert credentials(**{**known, "way": "digest"}).way == "digest"


# -- asked again


RESET = raw()


def test_a_connection_that_ends_before_an_answer_is_tried_again(server: Server) -> None:
    server.will_answer(RESET, RESET, YES)
    assert RemoteStore(server.url, limits=QUICK).ask("ASK {}") is True
    assert len(server.asked) == 3


def test_a_connection_that_never_answers_is_told_after_three_tries(server: Server) -> None:
    server.will_answer(RESET)
    with pytest.raises(RemoteError, match="cannot be reached"):
        RemoteStore(server.url, limits=QUICK).ask("ASK {}")
    assert len(server.asked) == 3


def test_an_answer_that_breaks_off_is_not_asked_for_again(server: Server) -> None:
    server.will_answer(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"))
    with pytest.raises(RemoteError, match="broke off"):
        RemoteStore(server.url, limits=QUICK).ask("ASK {}")
    assert len(server.asked) == 1


def test_too_many_requests_wait_as_long_as_they_are_told(server: Server) -> None:
    server.will_answer(says(429, Retry_After="1"), YES)
    begin = time.monotonic()
    assert RemoteStore(server.url, limits=QUICK).ask("ASK {}") is True
    assert time.monotonic() - begin >= 1


@pytest.mark.parametrize("at", ["now", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-1", ""])
def test_a_time_that_has_passed_or_is_none_is_not_waited_for(server: Server, at: str) -> None:
    said = formatdate(time.time(), usegmt=True) if at == "now" else at
    server.will_answer(says(429, Retry_After=said), YES)
    assert RemoteStore(server.url, limits=QUICK).ask("ASK {}") is True


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wait", ["11", "9" * 400, "date"])
def test_a_time_too_long_is_told_at_once(server: Server, status: int, wait: str) -> None:
    said = formatdate(time.time() + 100, usegmt=True) if wait == "date" else wait
    server.will_answer(says(status, Retry_After=said))
    with pytest.raises(RemoteError, match=f"answered {status}; it asks to wait .* seconds"):
        RemoteStore(server.url, limits=QUICK).ask("ASK {}")
    assert len(server.asked) == 1


def test_a_wait_past_the_whole_time_is_not_begun(server: Server) -> None:
    server.will_answer(says(503))
    with pytest.raises(RemoteError, match="answered 503"):
        RemoteStore(server.url, limits=Limits(total=1, pauses=(5.0,))).ask("ASK {}")
    assert len(server.asked) == 1


# -- how long it may take


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\nContent-Length: 99999\r\n\r\n"
SLOW = {
    "a drop at a time": raw(HEAD, *[b"<"] * 50, pause=0.1),
    "a beginning and no more": raw(HEAD, b"<urn:s>", pause=5),
    "a head at a time": raw(*[bytes((each,)) for each in HEAD], pause=0.1),
    "nothing": raw(b"", pause=5),
}


@pytest.mark.parametrize("name", SLOW)
def test_the_whole_answer_is_held_to_its_time_however_it_comes(server: Server, name: str) -> None:
    server.will_answer(SLOW[name])
    begin = time.monotonic()
    with pytest.raises(RemoteError, match=r"took longer than 0\.5 seconds; ask for less"):
        RemoteStore(server.url, limits=Limits(total=0.5)).answer("DESCRIBE <urn:s>")
    # The time of a busy machine; each of them takes five seconds where nobody ends it.
    assert time.monotonic() - begin < 4


def test_without_time_nothing_is_begun(server: Server) -> None:
    with pytest.raises(RemoteError, match="took longer than 0 seconds"):
        RemoteStore(server.url, limits=Limits(total=0)).ask("ASK {}")
    assert server.asked == []


def test_a_silence_within_an_answer_is_given_up(server: Server) -> None:
    server.will_answer(raw(HEAD, b"<urn:s>", pause=5))
    with pytest.raises(RemoteError, match=r"said nothing for 0\.2 seconds"):
        RemoteStore(server.url, limits=Limits(silence=0.2)).answer("DESCRIBE <urn:s>")


def test_the_time_of_one_question_does_not_run_into_the_next(server: Server) -> None:
    server.will_answer(YES)
    store = RemoteStore(server.url, limits=Limits(total=0.5))
    for _ in range(4):
        assert store.ask("ASK {}")
        time.sleep(0.2)


# -- processes, threads, certificates


def test_a_store_is_used_on_both_sides_of_a_fork(server: Server) -> None:
    server.will_answer(YES)
    store = RemoteStore(server.url)
    assert store.ask("ASK {}")

    def child(pipe: Connection) -> None:
        pipe.send((os.getpid(), [store.ask("ASK {}") for _ in range(3)]))
        pipe.close()

    context = get_context("fork")
    here, there = context.Pipe()
    children = [context.Process(target=child, args=(there,)) for _ in range(3)]
    for each in children:
        each.start()
    assert store.ask("ASK {}")
    found = [here.recv() for _ in children]
    for each in children:
        each.join()
    assert len({pid for pid, _ in found} - {os.getpid()}) == 3
    assert [answers for _, answers in found] == [[True] * 3] * 3
    assert store.ask("ASK {}")
    assert len(server.asked) == 12
    store.close()


def test_threads_share_a_store_and_its_credentials(server: Server) -> None:
    server.will_answer(YES)
    store, found = RemoteStore(server.url, credentials=BASIC), list[bool]()
    threads = [threading.Thread(target=lambda: found.append(store.ask("ASK {}"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8
    store.close()


def test_nothing_is_sent_before_the_first_question_and_after_the_last(server: Server) -> None:
    store = RemoteStore(server.url)
    store.close()
    with pytest.raises(StoreError, match="is closed"):
        store.ask("ASK {}")
    assert server.asked == []


CERTIFICATE = Path(__file__).parent / "tls" / "loopback.pem"


@pytest.fixture
def secure() -> Iterator[str]:
    """The address of an endpoint that says yes over TLS, with a certificate of its own making."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            YES(self)

        def log_message(self, *_: object) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    served.socket = context.wrap_socket(served.socket, server_side=True)
    served.handle_error = lambda *_: None  # type: ignore[assignment] -- a refusal is no news
    thread = threading.Thread(target=served.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{served.server_port}/query"
    served.shutdown()
    served.server_close()
    thread.join()


def test_a_certificate_is_trusted_where_the_environment_says_so(
    secure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    store = RemoteStore(secure)
    monkeypatch.delenv("SSL_CERT_FILE")
    assert store.ask("ASK {}") is True
    store.close()


def test_a_certificate_nobody_vouches_for_is_refused(
    secure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(RemoteError, match=r"cannot be reached .*certificate"):
        RemoteStore(secure, limits=QUICK).ask("ASK {}")
