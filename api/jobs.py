"""What a worker can be asked: a table of jobs by name, each from plain values to finished bytes.

A job touches nothing but what it is handed, so that it can run where nothing else is at hand.
"""

import logging
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from http import HTTPStatus
from time import monotonic
from typing import Any, NamedTuple

from pydantic import BaseModel

from api.describing import describe
from api.descriptions import VOID_PATH, dataset_description, service_description
from api.errors import CapacityError, ExhaustedError, NoPathsError, NotAcceptableError
from api.evaluation import Question, Result, evaluate, let_go
from api.graph_store import graph_list, whole_graph
from api.headers import VARY
from api.links import address
from api.models_claims import (
    ConflictAnswer,
    ConflictQuestion,
    OriginAnswer,
    OriginQuestion,
    Profile,
    ProfileQuestion,
    Timeline,
    TimelineQuestion,
)
from api.models_paths import Answer, PathQuestion, Resolved, ResolveQuestion
from api.negotiation import choose
from api.ontology import tell
from api.problems import problem_reply
from api.settings import Settings
from api.validating import Posted, report_on
from api.wire import Reply
from kg.conflicts import conflicts as differences
from kg.drawn import FORMS
from kg.errors import UnknownNameError, near
from kg.matching import resolved
from kg.network import Network, network
from kg.ontology import Model
from kg.paths import find
from kg.profile import profile
from kg.queries import StoredQuery
from kg.resolve import known_view, resolve
from kg.resources import folder
from kg.standing import origins as every_origin
from kg.standing import origins_of
from kg.store import Dataset, Store
from kg.submitted import Desk, read_desk
from kg.timeline import timeline as told
from kg.vocab import ID

__all__ = [
    "JOBS",
    "Dereferenced",
    "Described",
    "GraphAsked",
    "Held",
    "Job",
    "PathsAsked",
    "ProfileOf",
    "Stored",
    "perform",
    "read_own_desk",
]

_WORTH_PACKING = 1_000
_LEVEL = 4
_JSON = "application/json"
_SEARCHING = 0.6
"""How much of a question's time a search for paths may take."""

logger = logging.getLogger(__name__)


def read_own_desk() -> Desk:
    """The ontology, the shapes and the seeds that come with this copy of Caspian.

    Raises InputError where one of them cannot be read.
    """
    return read_desk(folder("seeds"), folder("ontology"), folder("shapes"))


@dataclass(frozen=True)
class Held:
    """What a worker works with."""

    settings: Settings
    store: Store
    questions: tuple[StoredQuery, ...]
    built: Network | None = None
    """The network of its claims, where it was made before the worker was."""
    quads: int = 0
    """How many statements the store has, where that is known."""
    open_desk: Callable[[], Desk] = read_own_desk
    """Gives the ontology, the shapes and the seeds; a worker, which reads no files, is given it."""

    @property
    def network(self) -> Network:
        """The network of the store's claims; of a store elsewhere, which may change, made anew."""
        if self.quads > self.settings.paths_quads:
            raise NoPathsError(self.settings.paths_quads)
        if self.built or self.settings.endpoint:
            return self.built or network(self.store)
        return self._network

    @cached_property
    def desk(self) -> Desk:
        """The ontology, the shapes and the seeds that come with this copy of Caspian."""
        return self.open_desk()

    @property
    def model(self) -> Model:
        """The ontology and the shapes."""
        return self.desk.model

    @cached_property
    def _network(self) -> Network:
        return network(self.store)


class Job(NamedTuple):
    """A job: its name, what it is about, and whether the answer may be sent as gzip."""

    name: str
    argument: Any
    packed: bool = False


class Stored(NamedTuple):
    """A stored question that is asked, by name or number."""

    name: str
    accept: str | None


class ProfileOf(NamedTuple):
    """A thing to show, and how."""

    id: str
    question: ProfileQuestion


class PathsAsked(NamedTuple):
    """A question for paths, and what the client accepts as an answer."""

    question: PathQuestion
    accept: str | None


class Described(NamedTuple):
    """A description that is asked for: where the service is, and what the client accepts."""

    base: str
    accept: str | None


class Dereferenced(NamedTuple):
    """A thing whose address is asked for: its path, and what the client accepts."""

    path: str
    accept: str | None


class GraphAsked(NamedTuple):
    """A graph that is asked for whole, the default graph where it has no name, and how."""

    graph: str | None
    asked: Described


def perform(held: Held, job: Job) -> Reply:
    """The answer to the job, or the problem that stands in its way: whatever happens, a reply."""
    try:
        result = JOBS[job.name](held, job.argument)
    except MemoryError:
        return problem_reply(ExhaustedError(held.settings.query_bytes))
    except Exception as error:
        reply = problem_reply(error)
        # what there is too little of is no failure
        broken = reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        if broken and not isinstance(error, CapacityError):
            logger.exception("%s failed", job.name)
        let_go(error)
        return reply
    return _reply(result, packed=job.packed)


def _reply(result: Result, *, packed: bool) -> Reply:
    body, headers = result.body, (("Vary", VARY), *result.headers)
    if packed and len(body) >= _WORTH_PACKING:
        packer = zlib.compressobj(_LEVEL, wbits=31)  # 31: with the head and tail of gzip
        body = packer.compress(body) + packer.flush()
        headers = (*headers, ("Content-Encoding", "gzip"))
    return Reply(result.status, result.media_type, body, headers, lasting=result.lasting)


def _json(answer: BaseModel) -> Result:
    return Result(_JSON, answer.model_dump_json().encode())


def _sparql(held: Held, question: Question) -> Result:
    return evaluate(held.store, question, most=held.settings.answer_bytes)


def _stored(held: Held, asked: Stored) -> Result:
    texts = {each.name: each.text for each in held.questions}
    texts |= {each.number: each.text for each in held.questions if each.number}
    if asked.name not in texts:
        raise UnknownNameError(asked.name, near(asked.name, list(texts)))
    return _sparql(held, Question(texts[asked.name], Dataset(), asked.accept))


def _paths(held: Held, wanted: PathsAsked) -> Result:
    forms = {_JSON: None, **{each.media_type: each.write for each in FORMS}}
    chosen = choose(wanted.accept, tuple(forms))
    if chosen is None:
        raise NotAcceptableError(tuple(forms))
    # while there is time to tell what was found
    until = monotonic() + held.settings.query_seconds * _SEARCHING
    answer = find(held.store, held.network, wanted.question.asked(), until=until)
    write = forms[chosen]
    result = Result(chosen, write(answer)) if write else _json(Answer.model_validate(answer))
    return replace(result, lasting=answer.cut != "time")


def _resolve(held: Held, asked: ResolveQuestion) -> Result:
    return _json(Resolved.model_validate(resolved(held.network, asked.q)))


def _thing(held: Held, asked: ProfileOf) -> Result:
    thing, view = resolve(held.store, asked.id), asked.question.view
    answer = profile(held.store, thing, known_view(held.store, view) if view else "")
    # where the thing has a page, and other forms
    link = f'<{ID}{address(thing)}>; rel="describes"'
    return replace(_json(Profile.model_validate(answer)), headers=(("Link", link),))


def _described(held: Held, asked: Dereferenced) -> Result:
    return describe(held.store, *asked, most=held.settings.answer_bytes)


def _ontology(held: Held, asked: Dereferenced) -> Result:
    return tell(held.store, held.model, *asked, most=held.settings.answer_bytes)


def _validate(held: Held, posted: Posted) -> Result:
    return report_on(held.desk, posted, most=held.settings.answer_bytes)


def _conflicts(held: Held, asked: ConflictQuestion) -> Result:
    thing = resolve(held.store, asked.thing) if asked.thing else ""
    found = differences(held.store, thing, asked.kind, skip=asked.skip, most=asked.limit)
    return _json(ConflictAnswer.model_validate(found))


def _origins(held: Held, asked: OriginQuestion) -> Result:
    store, thing = held.store, asked.thing
    answer = origins_of(store, resolve(store, thing)) if thing else every_origin(store)
    return _json(OriginAnswer.model_validate(answer))


def _timeline(held: Held, asked: TimelineQuestion) -> Result:
    return _json(Timeline.model_validate(told(held.store, resolve(held.store, asked.thing))))


def _service(held: Held, asked: Described) -> Result:
    return _linked(service_description(held.store, *asked), asked)


def _dataset(held: Held, asked: Described) -> Result:
    return dataset_description(held.store, *asked, most=held.settings.answer_bytes)


def _graphs(held: Held, asked: Described) -> Result:
    return _linked(graph_list(held.store, *asked, most=held.settings.answer_bytes), asked)


def _graph(held: Held, wanted: GraphAsked) -> Result:
    accept, most = wanted.asked.accept, held.settings.answer_bytes
    return _linked(whole_graph(held.store, wanted.graph, accept, most=most), wanted.asked)


def _linked(result: Result, asked: Described) -> Result:
    """The result, saying where the dataset is described."""
    link = f'<{asked.base}{VOID_PATH}>; rel="describedby"'
    return replace(result, headers=(*result.headers, ("Link", link)))


JOBS: Mapping[str, Callable[[Held, Any], Result]] = {
    "sparql": _sparql,
    "stored": _stored,
    "paths": _paths,
    "resolve": _resolve,
    "thing": _thing,
    "conflicts": _conflicts,
    "origins": _origins,
    "timeline": _timeline,
    "described": _described,
    "ontology": _ontology,
    "validate": _validate,
    "service": _service,
    "dataset": _dataset,
    "graphs": _graphs,
    "graph": _graph,
}
