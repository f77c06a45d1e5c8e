"""Materialises an RML mapping over JSON as N-Triples with morph-kgc: run by compile.py in a venv.

    peer_morph.py mapping.ttl out.nt

One process. Measured is everything morph-kgc does from its configuration to the written file.
"""

import json
import sys
import time
from pathlib import Path

import morph_kgc
from measured import peak


def main(mapping: str, out: str) -> None:
    """Prints what was measured as one JSON object."""
    config = (
        f"[CONFIGURATION]\nnumber_of_processes=1\nlogging_level=ERROR\n[data]\nmappings={mapping}\n"
    )
    began = time.process_time()
    triples = morph_kgc.materialize_set(config)
    with Path(out).open("w", encoding="utf-8") as written:
        written.writelines(f"{triple} .\n" for triple in triples)
    seconds = time.process_time() - began
    print(json.dumps({"triples": len(triples), "seconds": seconds, "mebibytes": peak()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
