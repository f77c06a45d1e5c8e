"""Dockerfile and docker-compose.yml against the code: names, commands, ports, paths, rights.

There is no engine here to build the image; what can be wrong without one being asked is tested.
"""

import json
import re
import shlex
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import api.cli
import kg.cli
from api.settings import Settings
from kg.resources import Folder

CHECKOUT = Path(__file__).parent.parent
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
SHIPPED = Folder.__args__


class Line(NamedTuple):
    """An instruction of a Dockerfile, which stage it is in, and its words."""

    stage: int
    instruction: str
    text: str

    @property
    def words(self) -> list[str]:
        if self.text.startswith("["):
            words: list[str] = json.loads(self.text)
            return words
        return shlex.split(self.text)


def dockerfile() -> list[Line]:
    text = (CHECKOUT / "Dockerfile").read_text("utf-8")
    whole = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    lines: list[Line] = []
    stage = -1
    for line in filter(str.strip, whole.splitlines()):
        instruction, _, rest = line.partition(" ")
        stage += instruction == "FROM"
        lines.append(Line(stage, instruction, rest))
    return lines


LINES = dockerfile()
LAST = max(line.stage for line in LINES)


def last(instruction: str) -> Line:
    (line,) = [each for each in LINES if each.stage == LAST and each.instruction == instruction]
    return line


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    whole = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text("utf-8"))
    (service,) = whole["services"].values()
    assert isinstance(service, dict)
    return service


def environment() -> dict[str, str]:
    return dict(word.split("=", 1) for word in last("ENV").words)


def test_there_are_two_stages_of_a_python_the_project_runs_on() -> None:
    images = [line.words[0] for line in LINES if line.instruction == "FROM"]
    assert len(images) == 2
    lowest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert set(images) == {f"python:{lowest}-slim"}


def copied() -> list[str]:
    return [
        source
        for line in LINES
        if line.instruction == "COPY" and line.stage == 0
        for source in line.words[:-1]
    ]


def test_what_the_wheel_is_made_of_is_copied() -> None:
    project, wheel = PROJECT["project"], PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        "pyproject.toml",
        project["readme"],
        *project["license-files"],
        *wheel["packages"],
        *wheel["force-include"],
    }
    assert set(copied()) == needed
    assert set(SHIPPED) <= needed


@pytest.mark.parametrize("source", copied())
def test_what_is_copied_exists_and_is_not_ignored(source: str) -> None:
    assert (CHECKOUT / source).exists()
    lines = (CHECKOUT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    kept = False
    for rule in rules:
        if fnmatch(source, rule.removeprefix("!")):
            kept = rule.startswith("!")
    assert kept


def test_article_texts_never_reach_the_image() -> None:
    lines = (CHECKOUT / ".dockerignore").read_text("utf-8").splitlines()
    assert lines.index("seeds/texts") > lines.index("!seeds")
    assert lines[lines.index("*") :][0] == "*"


def test_the_graph_is_built_by_a_command_there_is() -> None:
    runs = [line.text for line in LINES if line.instruction == "RUN" and line.stage == 0]
    (build,) = [shlex.split(run) for run in runs if "caspian build" in run]
    program, *arguments = build
    assert Path(program).name in PROJECT["project"]["scripts"]
    options = kg.cli.parser().parse_args(arguments)
    assert options.verb == "build"
    assert str(options.data) == environment()["CASPIAN_DATA"]


def test_what_the_first_stage_made_is_taken_over() -> None:
    taken = [line.words for line in LINES if line.instruction == "COPY" and line.stage == LAST]
    assert all(words[0] == "--from=build" for words in taken)
    sources = {words[-2] for words in taken}
    assert sources == {"/opt/caspian", environment()["CASPIAN_DATA"]}
    assert all(words[-2] == words[-1] for words in taken)
    assert environment()["PATH"].split(":")[0] == "/opt/caspian/bin"


def test_the_service_is_started_by_a_command_there_is() -> None:
    program, *arguments = last("CMD").words
    assert PROJECT["project"]["scripts"][program] == "api.cli:main"
    assert api.cli.parser().prog == program
    api.cli.parser().parse_args(arguments)


def test_its_environment_is_settings_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {name: value for name, value in environment().items() if name.startswith("CASPIAN_")}
    assert {name.removeprefix("CASPIAN_").lower() for name in ours} <= set(Settings.model_fields)
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.host == "0.0.0.0"
    assert str(settings.port) == last("EXPOSE").text
    assert settings.data.is_absolute()


def test_nobody_is_root(compose: dict[str, Any]) -> None:
    user = last("USER").text
    number = user.partition(":")[0]
    assert int(number) >= 10_000
    assert compose["user"] == user
    made = " ".join(line.text for line in LINES if line.stage == LAST and line.instruction == "RUN")
    assert f"--uid {number} " in made
    assert any(f"--chown={user}" in line.words for line in LINES if line.stage == LAST)


def test_its_health_is_asked_where_it_answers(compose: dict[str, Any]) -> None:
    from api.app import create_app
    from kg.store import OxigraphStore

    in_image = json.loads(last("HEALTHCHECK").text.partition("CMD ")[2])
    assert compose["healthcheck"]["test"] == ["CMD", *in_image]
    program, option, script = in_image
    assert (program, option) == ("python", "-c")
    compile(script, "healthcheck", "exec")
    (url,) = re.findall(r"'(http://.*?)'", script)
    found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/\w+)", url)
    assert found
    assert found[1] == last("EXPOSE").text
    assert found[2] in create_app(Settings(), OxigraphStore()).openapi()["paths"]


def test_the_port_is_open_to_this_machine_alone(compose: dict[str, Any]) -> None:
    (published,) = compose["ports"]
    assert published == f"127.0.0.1:{Settings.model_fields['port'].default}:{last('EXPOSE').text}"


def test_the_urls_it_gives_are_the_ones_it_is_reached_at(compose: dict[str, Any]) -> None:
    (published,) = compose["ports"]
    url = Settings(public_url=compose["environment"]["CASPIAN_PUBLIC_URL"]).public_url
    assert url == f"http://{published.rpartition(':')[0]}"


def test_it_has_no_more_rights_than_it_needs(compose: dict[str, Any]) -> None:
    assert compose["read_only"] is True
    assert compose["cap_drop"] == ["ALL"]
    assert compose["security_opt"] == ["no-new-privileges:true"]
    assert [mount.partition(":")[0] for mount in compose["tmpfs"]] == ["/tmp"]  # noqa: S108
    assert compose["mem_limit"]
    assert compose["pids_limit"]
    forbidden = {"privileged", "cap_add", "network_mode", "pid", "volumes", "devices"}
    assert not forbidden & set(compose)


def test_the_image_is_built_from_here(compose: dict[str, Any]) -> None:
    assert compose["build"] == "."
    words = {word for line in LINES for word in line.words}
    assert not {"curl", "wget", "apt-get"} & words
