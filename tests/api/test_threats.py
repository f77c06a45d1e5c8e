"""What will be tried against the service, each as the request that would be sent.

The canary is a server on this machine that counts who comes by: nobody must.
"""

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.api.conftest import Canary, Client, ServiceOver

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
DATA = (f'<urn:s> {LABEL} "here" <urn:g> .',)
SERVICES = (
    "SELECT * {{ SERVICE <{url}/sparql> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{url}/sparql> {{ ?s ?p ?o }} }}",
    "SELECT * {{ OPTIONAL {{ SERVICE <{url}/sparql> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{url}/sparql> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ ?s ?p ?o MINUS {{ SERVICE <{url}/sparql> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <{url}/sparql> {{ ?s ?p ?o }} }} }} }}",
    "SELECT * {{ BIND(<{url}/sparql> AS ?url) SERVICE ?url {{ ?s ?p ?o }} }}",
    "PREFIX e: <{url}/> SELECT * {{ service e:sparql {{ ?s ?p ?o }} }}",
    "ASK {{ SERVICE <{url}/sparql> {{ ?s ?p ?o }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}/sparql> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <{url}/sparql> {{ ?s ?p ?o }} }}",
    r"SELECT * {{ SERV\u0049CE <{url}/sparql> {{ ?s ?p ?o }} }}",
    r"SELECT * {{ \u0053ERVICE SI\u004cENT <{url}/sparql> {{ ?s ?p ?o }} }}",
    r"SELECT * {{ SERV\U00000049CE <{url}/sparql> {{ ?s ?p ?o }} }}",
    "SELECT * {{ # \n SERVICE#\n<{url}/sparql>#\n{{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p '#' . SERVICE <{url}/sparql> {{ ?s ?p ?o }} }}",
)
UPDATES = (
    "LOAD <{url}/x.ttl>",
    "LOAD SILENT <{url}/x.ttl> INTO GRAPH <urn:g>",
    "LOAD <file:{file}>",
    "INSERT DATA {{ <urn:a> <urn:b> <urn:c> }}",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}/sparql> {{ ?s ?p ?o }} }}",
    "DELETE WHERE {{ ?s ?p ?o }}",
    "PREFIX e: <{url}/> CLEAR ALL",
    "DROP ALL",
)


@pytest.fixture
def service(service_over: ServiceOver) -> Client:
    return service_over(*DATA)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.ttl"
    path.write_text("<urn:s> <urn:p> <urn:secret> .", "utf-8")
    return path


def rows(service: Client, query: str, **parameters: str) -> int:
    answer = service.get("/sparql", params={"query": query, **parameters})
    assert answer.status_code == 200, answer.text
    return len(answer.json()["results"]["bindings"])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <{url}/x.ttl> {{ ?s ?p ?o }}",
        "SELECT * FROM NAMED <{url}/x.ttl> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "SELECT * {{ GRAPH <{url}/x.ttl> {{ ?s ?p ?o }} }}",
        "PREFIX e: <{url}/> SELECT * FROM e:x.ttl {{ ?s ?p ?o }}",
    ],
)
def test_1_a_graph_is_a_name_and_never_fetched(service: Client, canary: Canary, query: str) -> None:
    assert rows(service, query.format(url=canary.url)) == 0
    assert canary.hits == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <{file}> {{ ?s ?p ?o }}",
        "SELECT * FROM NAMED <{file}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ],
)
def test_2_no_file_is_read(service: Client, secret: Path, query: str) -> None:
    assert rows(service, query.format(file=secret.as_uri())) == 0


@pytest.mark.parametrize("query", SERVICES)
@pytest.mark.parametrize("way", ["GET", "form", "direct"])
def test_4_and_5_no_other_server_is_called(
    service: Client, canary: Canary, query: str, way: str
) -> None:
    text = query.format(url=canary.url)
    answer = {
        "GET": lambda: service.query(text),
        "form": lambda: service.post("/sparql", data={"query": text}),
        "direct": lambda: service.post(
            "/sparql", content=text, headers={"Content-Type": "application/sparql-query"}
        ),
    }[way]()
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/query-refused")
    assert canary.hits == []


def test_4_the_word_service_elsewhere_is_no_call(service: Client) -> None:
    assert rows(service, "SELECT * { ?s ?p 'SERVICE <http://x> {}' } # SERVICE <http://x> {}") == 0


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("way", ["query", "update", "direct query", "direct update"])
def test_6_nothing_is_loaded_or_written(
    service: Client, canary: Canary, secret: Path, update: str, way: str
) -> None:
    text = update.format(url=canary.url, file=secret)
    kind = {"Content-Type": f"application/sparql-{way.rpartition(' ')[2]}"}
    answer = (
        service.post("/sparql", content=text, headers=kind)
        if way.startswith("direct")
        else service.post("/sparql", data={way: text})
    )
    assert answer.status_code == 403
    assert canary.hits == []
    assert rows(service, "SELECT * { ?s ?p ?o }") == len(DATA)


def test_6_an_update_in_disguise_loads_nothing(service: Client, canary: Canary) -> None:
    assert service.query(rf"LO\u0041D <{canary.url}/x.ttl>").status_code in {400, 403}
    assert canary.hits == []


@pytest.mark.parametrize("path", ["/update", "/sparql/update", "/data", "/store", "/upload"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_6_there_is_no_route_that_writes(service: Client, path: str, method: str) -> None:
    assert service.request(method, path, content=b"CLEAR ALL").status_code == 404
    assert service.request(method, "/sparql").status_code in {405, 415}


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_7_a_graph_beside_the_query_is_honoured_and_never_fetched(
    service: Client, canary: Canary, secret: Path, name: str
) -> None:
    query = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    assert rows(service, query, **{name: "urn:g"}) == 1
    for elsewhere in (f"{canary.url}/x.ttl", secret.as_uri()):
        assert rows(service, query, **{name: elsewhere}) == 0
    assert canary.hits == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, gzip"])
def test_19_a_packed_body_is_never_unpacked(service: Client, encoding: str) -> None:
    import gzip

    bomb = gzip.compress(b"0" * 10_000_000)
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": encoding}
    assert service.post("/sparql", content=bomb, headers=headers).status_code == 415


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.mark.parametrize(
    "accept",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
        "text/html, */*",
    ],
)
def test_21_a_hostile_label_stays_text(service_over: ServiceOver, accept: str) -> None:
    label = HOSTILE.replace('"', '\\"')
    service = service_over(f'<javascript:alert(1)> {LABEL} "{label}" <urn:g> .')
    answer = service.query("SELECT * { ?s ?p ?o }", Accept=accept)
    assert answer.status_code == 200
    assert "html" not in answer.headers["content-type"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "url",
    [
        f"/{quote(HOSTILE)}",
        f"/queries/{quote(HOSTILE)}",
        f"/static/{quote(HOSTILE)}",
        f"/paths?from={quote(HOSTILE)}&to=x",
        f"/paths?from=x&to=y&{quote(HOSTILE)}=z",
        f"/sparql?query={quote(HOSTILE)}",
        f"/sparql?query=ASK%20%7B%7D&default-graph-uri={quote(HOSTILE)}",
    ],
)
def test_21_what_a_client_sends_never_comes_back_as_a_page(service: Client, url: str) -> None:
    answer = service.get(url, headers={"Accept": "text/html"})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/docs", "/static/caspian.css", "/healthz", "/openapi.json"])
def test_21_every_answer_is_taken_for_what_it_says(service: Client, path: str) -> None:
    answer = service.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"


EVIL = {"Origin": "http://evil.example", "Cookie": "session=1", "Authorization": "Basic eDp5"}
SHARED = (
    *("/sparql?query=ASK%20%7B%7D", "/sparql", "/queries", "/queries/x", "/paths"),
    *("/graph", "/graph?default", "/graph/view/us", "/.well-known/void"),
    *("/ontology", "/ontology.ttl", "/ontology/claims", "/shapes", "/shapes.nt", "/validate"),
)
OWN = (
    "/",
    "/docs",
    "/openapi.json",
    "/healthz",
    "/static/caspian.css",
    "/sparqlx",
    "/ontologyx",
    "/graphs",
    "/.well-known",
    "/nowhere",
)


@pytest.mark.parametrize("url", SHARED)
def test_23_other_pages_may_read_answers_without_credentials(service: Client, url: str) -> None:
    for method in ("GET", "HEAD", "POST", "OPTIONS"):
        answer = service.request(method, url, headers=EVIL)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert "evil" not in str(answer.headers)


@pytest.mark.parametrize("url", OWN)
def test_23_other_pages_may_read_nothing_else(service: Client, url: str) -> None:
    for method in ("GET", "OPTIONS"):
        answer = service.request(method, url, headers=EVIL)
        assert not any(name.startswith("access-control") for name in answer.headers)


def test_23_a_browser_may_get_and_post_and_no_more(service: Client) -> None:
    ask = {
        "Origin": "http://evil.example",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = service.request("OPTIONS", "/sparql", headers=ask)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "GET, POST, QUERY"
    assert answer.headers["access-control-allow-headers"] == "Accept, Content-Type, If-None-Match"
    assert "set-cookie" not in answer.headers
