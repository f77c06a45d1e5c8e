"""A peer of sparql.py: rdflib-endpoint over a dataset in memory, run in its own venv.

python bench/peer_rdflib.py FILE.nq PORT
"""

import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def main(file: str, port: int) -> None:
    """Serves until it is stopped."""
    data = Dataset(default_union=False)
    data.parse(file, format="nquads")
    app = SparqlEndpoint(graph=data, path="/sparql")
    uvicorn.run(app, port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
