"""Fixtures: a corpus of one small invented article, and the five real ones built once a session.

`small` is for facts about single rules: every test changes one thing in it. `graph` is for facts
about the product. Article texts are at hand where CASPIAN_TEXTS names their folder, or where they
stand beside the checkout; tests that need them say so when they are skipped.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from kg.anchor import anchor
from kg.corpus import Corpus, mapping_files, read_corpus
from kg.mapping import ArticleMapping
from kg.mapping_reader import read_mapping
from kg.resources import folder
from kg.source import yaml_document

if TYPE_CHECKING:
    from kg.store import Store

CHECKOUT = Path(__file__).parent.parent

# The same examples every time, however busy the machine: a failure is the change's, never luck's.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")


def article_texts() -> Path | None:
    named = os.environ.get("CASPIAN_TEXTS", "")
    beside = (Path(named) if named else None, CHECKOUT.parent / "shared" / "articles")
    return next((place for place in beside if place and place.is_dir()), None)


@pytest.fixture(scope="session")
def texts() -> Path:
    place = article_texts()
    if place is None:
        pytest.skip("the article texts are not at hand: set CASPIAN_TEXTS to their folder")
    return place


TEXT = (
    "Envoy: Ruritania ships kites to Freedonia\n\n"
    "Ruritania could send hundreds of kites from Strelsau to Port Sylvania early next year, "
    "Envoy Rupert said on Friday, as the Gazette reported.\n"
    "The kites then go from Port Sylvania to Freedon, he said.\n"
    "The harbour lies on a bay that freezes in hard winters. Ferries call there twice a week,"
    " and a narrow railway climbs from the quay through orchards and vineyards to the "
    "plateau. Most families live from fishing, from fruit and from the summer visitors who "
    "fill the inns along the front. The old town hall was restored two decades ago, and its "
    "clock has run late ever since.\n"
    "Freedonia denied that it flies kites.\n"
    "The two countries share a border of lakes and low hills. Trade between them is mostly in"
    " timber, glass and cheese; a treaty on the use of the rivers was signed a generation ago"
    " and is renewed without debate. Students cross over in both directions for the music "
    "schools, and the choirs of the border villages meet every autumn. Weather in the season "
    "is mild, with wind from the west on most afternoons. The museum of navigation keeps "
    "charts of the coast that go back three centuries, and lends them to schools. A new "
    "bridge has been planned for a long time.\n"
    "Subscribe now!\n"
)
"""Invented, and long enough that the mapping quotes less than a quarter of it."""

ENTITIES = """\
actor/caspian: {type: Group, label: The Caspian project}
actor/ruritania: {type: State, label: Ruritania, alt: [Strelsau]}
actor/freedonia: {type: State, label: Freedonia}
person/rupert: {type: Person, label: Rupert, alt: [Envoy Rupert], speaksFor: actor/ruritania}
outlet/gazette: {type: NewsOrganisation, label: Gazette}
outlet/herald: {type: NewsOrganisation, label: Herald}
source/atlas: {type: Source, label: Atlas, version: "1", licence: CC0-1.0}
place/strelsau:
  type: PopulatedPlace
  label: Strelsau
  point: {lat: "50.1", lon: "14.4", accuracy: "5000", source: source/atlas, record: "7"}
place/port-sylvania: {type: PopulatedPlace, label: Port Sylvania}
place/freedon: {type: AirBase, label: Freedon}
place/old-sea: {type: SeaArea, label: Old Sea}
system/kite: {type: SystemType, label: kite}
transfer/kites: {type: Transfer, label: Kites to Freedonia}
use/kites: {type: WeaponUse, label: Kites flown by Freedonia}
route/kites: {type: SupplyRoute, label: The kite route}
leg/one: {type: RouteLeg, label: Strelsau to Port Sylvania}
leg/two: {type: RouteLeg, label: Port Sylvania to Freedon}
utterance/briefing:
  {type: Utterance, label: Briefing, speaker: person/rupert, said: {edtf: "2023-06-09"}}
"""

LEXICON = """\
hundreds: {kind: quantity, says: [hundreds], min: "200", max: "999"}
billions: {kind: money, says: [billions of crowns], min: "2000000000"}
early-next-year: {kind: date, says: [early next year], edtf: "{year+1}-01/{year+1}-04~"}
"""

VIEWS = """\
any: {label: Anybody, description: All that anybody affirms.}
ruritania:
  {label: Ruritania, description: What Ruritania affirms., principal: actor/ruritania}
"""

MAPPING = """\
article: kites
sha256: {sha256}
length: {length}
body: 0-{body}
outlet: outlet/herald
headline: "Envoy: Ruritania ships kites to Freedonia"
published: {{edtf: "2023-06-09", because: "it says on Friday", quote: on Friday}}
voices:
  envoy:
    speaker: person/rupert
    in: utterance/briefing
    form: indirect
    role: Envoy
    relay: [outlet/gazette]
    quote: as the Gazette reported
  page: {{speaker: outlet/herald, form: narrator}}
  freedonia: {{speaker: actor/freedonia, form: indirect}}
claims:
- quote: Ruritania ships kites   # the headline drops the hedge
  voice: page
  form: headline
  transfer/kites: {{status: in-progress, supplier: actor/ruritania}}
- quote: could send hundreds of kites
  voice: envoy
  certainty: possible
  cue: could
  transfer/kites: {{supplier: actor/ruritania, quantity: {{says: hundreds}}, item: system/kite}}
- quote: from Strelsau to Port Sylvania
  voice: envoy
  leg/one: {{from: place/strelsau, to: place/port-sylvania, mode: sea, order: 1,
    route: route/kites, cargo: system/kite, across: place/old-sea}}
- quote: early next year
  voice: envoy
  transfer/kites: {{period: {{says: early next year, anchor: "2023-06-09"}}}}
- quote: from Port Sylvania to Freedon
  voice: envoy
  leg/two:
    from: place/port-sylvania
    to: {{ref: place/freedon, written: Freedon, match: probable, because: the only one}}
    mode: not-stated
    order: 2
    route: route/kites
- quote: Freedonia denied…kites
  voice: freedonia
  polarity: denied
  use/kites: {{status: used}}
inferences:
- because: two legs make one route
  quote: The kites then go
  route/kites: {{origin: place/strelsau}}
unmapped:
- quote: Subscribe now!
  because: advertisement
"""


class Small(NamedTuple):
    """The small corpus on disk."""

    seeds: Path
    mapping: Path
    texts: Path

    def corpus(self) -> Corpus:
        return read_corpus(self.seeds, folder("ontology"))

    def change(self, before: str, after: str) -> "Small":
        """The same with one stretch of the mapping written differently."""
        text = self.mapping.read_text("utf-8")
        assert before in text, f"{before!r} is not in the mapping"
        self.mapping.write_text(text.replace(before, after, 1), "utf-8")
        return self

    def read(self) -> ArticleMapping:
        source = self.mapping.read_text("utf-8")
        return read_mapping(yaml_document(source, "kites.yaml"), self.corpus().vocabulary)

    def anchored(self) -> "Small":
        source = self.mapping.read_text("utf-8")
        self.mapping.write_text(anchor(source, self.read(), TEXT), "utf-8")
        return self


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return write_small(tmp_path)


def write_small(root: Path) -> Small:
    """The small corpus, written to that folder."""
    seeds, texts = root / "seeds", root / "texts"
    (seeds / "entities").mkdir(parents=True)
    texts.mkdir()
    digest = sha256(TEXT.encode()).hexdigest()
    body = TEXT.index("Subscribe") - 1
    mapping = MAPPING.format(sha256=digest, length=len(TEXT), body=body)
    files = {
        seeds / "entities" / "all.yaml": ENTITIES,
        seeds / "lexicon.yaml": LEXICON,
        seeds / "views.yaml": VIEWS,
        seeds / "kites.yaml": mapping,
        texts / "kites.txt": TEXT,
    }
    for path, text in files.items():
        path.write_text(text, "utf-8")
    return Small(seeds, seeds / "kites.yaml", texts)


@pytest.fixture(scope="session")
def graph_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five articles, built once."""
    from kg.build import build, check

    root = tmp_path_factory.mktemp("graph")
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    checked = check(
        corpus, mapping_files(folder("seeds")), shapes=folder("shapes"), texts=article_texts()
    )
    build(checked, root)
    return root


@pytest.fixture(scope="session")
def graph(graph_root: Path) -> Iterator["Store"]:
    from kg.snapshot import open_snapshot

    _, store = open_snapshot(graph_root)
    yield store
    store.close()
