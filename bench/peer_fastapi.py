"""A peer of sparql.py: what a capable developer writes over pyoxigraph in an afternoon.

    python bench/peer_fastapi.py --port N (--load FILE.nq | --open STORE)

FastAPI on uvicorn with its fast parts, one process; a query runs and is written out in a thread of
the pool, and pyoxigraph lets go of the interpreter's lock meanwhile. Nothing is guarded: no limits,
no deadline, and SERVICE is open.
"""

import argparse
from pathlib import Path
from typing import Annotated

import pyoxigraph as ox
import uvicorn
from fastapi import FastAPI, Header, Response

ROWS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "text/csv": ox.QueryResultsFormat.CSV,
}
TRIPLES = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
}


def service(store: ox.Store) -> FastAPI:
    """The service over that store."""
    app = FastAPI()

    @app.get("/sparql")
    def sparql(query: str, accept: Annotated[str, Header()]) -> Response:
        """Answers the query."""
        found = store.query(query)
        form = TRIPLES[accept] if isinstance(found, ox.QueryTriples) else ROWS[accept]
        return Response(found.serialize(format=form), media_type=accept)

    return app


def main() -> None:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--load", type=Path, metavar="FILE", help="N-Quads to hold in memory")
    source.add_argument("--open", type=Path, metavar="DIR", help="a store on disk")
    given = parser.parse_args()
    if given.load:
        store = ox.Store()
        store.bulk_load(path=str(given.load), format=ox.RdfFormat.N_QUADS)
    else:
        store = ox.Store.read_only(str(given.open))
    uvicorn.run(service(store), port=given.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
