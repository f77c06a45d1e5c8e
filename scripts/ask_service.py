"""Start the service on a free port of this machine, ask it for a route over HTTP, and stop it."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen


def main(source: str, target: str) -> None:
    """Print what GET /paths answers, a hop and a quotation at a time."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = Path(sys.executable).with_name("caspian-api")
    quiet = {**os.environ, "CASPIAN_ACCESS_LOG": "false"}
    service = subprocess.Popen([command, "--port", str(port), "--log-level", "warning"], env=quiet)
    try:
        base = f"http://127.0.0.1:{port}"
        wait(f"{base}/healthz", service)
        url = f"{base}/paths?{urlencode({'from': source, 'to': target})}"
        answer = get(url)
        print(f"\nThe same over HTTP: GET {url.removeprefix(base)}")
        for route in answer["paths"]:
            for hop in route["hops"]:
                words = {claim["quotation"]: claim["speaker_label"] for claim in hop["evidence"]}
                print(f"  {hop['source']['label']} → {hop['target']['label']}")
                for quotation, speaker in words.items():
                    print(f"    {speaker}: “{quotation}”")
    finally:
        service.terminate()
        service.wait(10)


def wait(url: str, service: "subprocess.Popen[bytes]") -> None:
    """Return once the service answers; give up after 30 seconds or when it has ended."""
    for _ in range(300):
        try:
            get(url)
        except URLError:
            if service.poll() is not None:
                sys.exit("the service ended before it answered")
            time.sleep(0.1)
        else:
            return
    sys.exit("the service did not answer within 30 seconds")


def get(url: str) -> dict:
    """Return the JSON the service answers."""
    with urlopen(url, timeout=30) as response:  # noqa: S310 -- an address made above
        return json.load(response)


if __name__ == "__main__":
    main(*sys.argv[1:3])
