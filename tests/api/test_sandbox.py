"""What the kernel keeps a worker from; each fact in a thread that alone is confined."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from api import sandbox
from api.errors import SandboxError
from api.sandbox import Rights, available, enter

HERE = available()
needs = pytest.mark.skipif(not all(HERE.values()), reason=f"this kernel has not all of {HERE}")


def confined(rights: Rights, tried: Callable[[], object]) -> object:
    """What came of it, error or not, in a thread that has given up all but these rights."""
    outcome: list[object] = []

    def run() -> None:
        try:
            assert enter("require", rights) == ("landlock", "seccomp")
            outcome.append(tried())
        except OSError as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return outcome[0]


@needs
def test_no_file_is_read_but_what_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "file").write_text("yes")
    (tmp_path / "closed").write_text("no")
    rights = Rights((tmp_path / "open",))
    read = (tmp_path / "open" / "file").read_text
    assert confined(rights, read) == "yes"
    assert confined(rights, lambda: [*(tmp_path / "open").iterdir()]) != []
    assert isinstance(confined(rights, (tmp_path / "closed").read_text), PermissionError)
    assert isinstance(confined(rights, Path("/etc/passwd").read_text), PermissionError)
    assert isinstance(confined(Rights(), read), PermissionError)
    assert (tmp_path / "closed").read_text() == "no"


@needs
def test_a_single_file_can_be_allowed(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("yes")
    assert confined(Rights((file,)), file.read_text) == "yes"


@needs
def test_no_file_is_written(tmp_path: Path) -> None:
    rights = Rights((tmp_path,))
    assert isinstance(confined(rights, lambda: (tmp_path / "new").write_text("x")), PermissionError)
    assert not (tmp_path / "new").exists()


@needs
def test_no_socket_is_made_and_no_program_started() -> None:
    assert isinstance(confined(Rights(), socket.socket), PermissionError)
    code = "import os; os.execv('/bin/true', ['true'])"
    started = f"""
from api.sandbox import Rights, enter
from pathlib import Path
enter("require", Rights((Path("/"),)))
{code}
"""
    done = subprocess.run([sys.executable, "-c", started], capture_output=True, check=False)
    assert b"PermissionError" in done.stderr


@needs
def test_a_connection_goes_to_the_ports_allowed_alone() -> None:
    here = ("127.0.0.1", 0)
    with socket.create_server(here) as good, socket.create_server(here) as bad:
        rights = Rights((), (good.getsockname()[1],))

        def connect(server: socket.socket) -> int:
            with socket.socket() as connection:
                connection.connect(server.getsockname())
                return connection.fileno()

        assert isinstance(confined(rights, lambda: connect(good)), int)
        assert isinstance(confined(rights, lambda: connect(bad)), PermissionError)


def test_off_confines_nothing() -> None:
    assert enter("off", Rights()) == ()
    assert Path("/etc/passwd").exists()


@pytest.mark.parametrize("kernel", ["landlock", "seccomp"])
def test_what_is_required_and_missing_is_an_error(
    kernel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a kernel that lacks one of them, which no test can bring about."""
    if kernel == "landlock":
        monkeypatch.setattr(sandbox, "_landlock_version", lambda: -1)
    else:
        monkeypatch.setattr("platform.machine", lambda: "vax")
    outcome: list[object] = []

    def run() -> None:
        outcome.append(enter("prefer", Rights()))
        with pytest.raises(SandboxError, match=f"no {kernel}.*CASPIAN_SANDBOX"):
            enter("require", Rights())
        outcome.append("refused")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert outcome[-1] == "refused"
    assert kernel not in outcome[0]


def test_limits_hold() -> None:
    code = """
import resource
from api.sandbox import limit
limit(200_000_000, 1_000, 20)
def memory():
    bytearray(400_000_000)
def files():
    [open("/dev/null") for _ in range(30)]
for what, kind in ((memory, MemoryError), (files, OSError)):
    try:
        what()
    except kind:
        print("held")
print(resource.getrlimit(resource.RLIMIT_FSIZE), resource.getrlimit(resource.RLIMIT_CORE))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().split("\n")[:3] == ["held", "held", "(1000, 1000) (0, 0)"]


def state(process: int) -> str:
    """How a process is: R, S, Z for one that has ended and is not yet taken note of, or gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "gone"


def test_a_process_ends_with_the_one_that_forked_it() -> None:
    code = """
import os, time
from api.sandbox import die_with_parent
middle = os.fork()
if not middle:
    me = os.getpid()
    if not os.fork():
        die_with_parent(me)
        print(os.getpid(), flush=True)
        time.sleep(60)
    time.sleep(0.5)
    os._exit(0)
os.wait()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30, check=True)
    assert state(int(done.stdout)) in {"gone", "Z"}


def test_a_process_whose_parent_is_gone_already_ends() -> None:
    child = os.fork()
    if not child:
        sandbox.die_with_parent(1 << 22)
        os._exit(9)
    assert os.waitpid(child, 0)[1] == 0
