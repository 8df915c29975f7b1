"""The recipe: every setting that changes the encoder, read from TOML, frozen, with a fingerprint per stage."""

import dataclasses
import hashlib
import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from training.errors import TrainingError

DEFAULT_RECIPE = Path(__file__).with_name("recipe.toml")
DATA = Path(__file__).with_name("data")
SAMPLE = Path(__file__).parents[1] / "data"  # the sample archive
T = TypeVar("T")


@dataclass(frozen=True)
class CorporaConfig:
    """Which public corpora are read and how densely pairs are drawn from them."""

    leave_out: tuple[str, ...] = ()
    general_passages: int = 25
    report_repeats: int = 3
    swaps: int = 60_000
    swap_share: float = 0.45


@dataclass(frozen=True)
class VocabularyConfig:
    """Size of the token table and the counts below which a piece is not worth a row."""

    size: int = 48_000
    min_char: int = 6
    min_english: int = 12
    max_english: int = 5_000


@dataclass(frozen=True)
class VectorsConfig:
    """word2vec (CBOW) settings."""

    dimension: int = 256
    window: int = 10
    negative: int = 10
    epochs: int = 5
    sample: float = 1e-4
    rate: float = 0.04


@dataclass(frozen=True)
class StartConfig:
    """From word vectors to the first table; ``weight`` is the a of a / (a + p) frequency weighting.

    Of the rows learnt from the corpora the first ``corpus_rows`` are kept, so the rarest words go; words
    that occur ``min_written`` times in the written material are added.
    """

    weight: float = 1e-3
    rotate: bool = False
    english: bool = False
    corpus_rows: int = 48_000
    min_written: int = 3


@dataclass(frozen=True)
class ContrastiveConfig:
    """Contrastive stage; ``sources`` maps a pair source to its share of the steps."""

    steps: int = 700
    batch: int = 1024
    rate: float = 2e-3
    temperature: float = 0.05
    token_dropout: float = 0.4
    query_dropout: float = 0.24
    dimensions: tuple[int, ...] = (256, 128, 64)
    prefix_weight: float = 0.3
    backward_weight: float = 0.5
    sentence_weight: float = 0.0
    hard_negatives: int = 0
    hard_from: float = 0.3
    average_from: float = 1.0
    part_rate: float = 0.0
    part_synonyms: bool = False
    sources: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TransformerConfig:
    """Shape of the transformer and its two stages; one step is one batch."""

    vocabulary: int = 12_000
    layers: int = 6
    width: int = 384
    heads: int = 6
    longest: int = 320
    masked_share: float = 0.15
    pretrain_steps: int = 60_000
    pretrain_batch: int = 256
    pretrain_rate: float = 5e-4
    steps: int = 6_000
    batch: int = 512
    rate: float = 1e-4
    temperature: float = 0.05
    dimensions: tuple[int, ...] = (384, 192, 96)
    prefix_weight: float = 0.3

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise TrainingError(f"width must be a multiple of heads: {self.width} % {self.heads} != 0")
        if self.dimensions[0] != self.width:
            raise TrainingError(f"dimensions must begin with width: {self.dimensions[0]} != {self.width}")


@dataclass(frozen=True)
class Recipe:
    """All settings of one encoder.

    It is the average of ``members`` runs from each of ``seeds`` consecutive seeds; every other run, from the second on, has the
    settings ``second``, where there are some (in a file: what differs from ``contrastive``). Of the trained numbers a
    vector ``dimension`` are kept, 0 keeps them all.
    """

    seed: int = 7
    vectors_seed: int = 7
    seeds: int = 1
    members: int = 1
    dimension: int = 0
    holdout: float = 0.0
    corpora: CorporaConfig = CorporaConfig()
    vocabulary: VocabularyConfig = VocabularyConfig()
    vectors: VectorsConfig = VectorsConfig()
    start: StartConfig = StartConfig()
    contrastive: ContrastiveConfig = ContrastiveConfig()
    second: ContrastiveConfig | None = None
    transformer: TransformerConfig = TransformerConfig()

    @property
    def runs(self) -> list[tuple[int, ContrastiveConfig]]:
        """Seed and settings of each run."""
        seeds = [seed * 1000 + n for seed in range(self.seed, self.seed + self.seeds) for n in range(self.members)]
        kinds = (self.contrastive, self.second or self.contrastive)
        return [(seed, kinds[n % 2]) for n, seed in enumerate(seeds)]

    @classmethod
    def load(cls, path: Path, overrides: list[str] | None = None) -> Self:
        """Read a recipe file, then apply overrides written ``section.key=value`` (value in TOML)."""
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise TrainingError(f"cannot read recipe {path}: {error}") from error
        for item in overrides or []:
            _override(raw, item)
        return cls.from_dict(raw)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Self:
        """Build a recipe from nested dicts; an unknown key is an error that names the known ones."""
        parts: dict[str, type] = {
            "corpora": CorporaConfig, "vocabulary": VocabularyConfig, "vectors": VectorsConfig, "start": StartConfig,
            "contrastive": ContrastiveConfig, "second": ContrastiveConfig, "transformer": TransformerConfig}
        if "second" in raw:
            raw = {**raw, "second": {**raw.get("contrastive", {}), **raw["second"]}}
        values: dict[str, Any] = {}
        for key, value in raw.items():
            values[key] = _section(parts[key], key, value) if key in parts else value
        recipe = _section(cls, "recipe", values)
        for name, config in (("contrastive", recipe.contrastive), ("second", recipe.second)):
            if config and config.dimensions[0] != recipe.vectors.dimension:
                raise TrainingError(
                    f"{name}.dimensions must begin with vectors.dimension: "
                    f"{config.dimensions[0]} != {recipe.vectors.dimension}")
        if recipe.dimension > recipe.vectors.dimension:
            raise TrainingError(
                f"dimension must not be above vectors.dimension: {recipe.dimension} > {recipe.vectors.dimension}")
        return recipe

    def fingerprint(self, *sections: str) -> str:
        """Ten hex digits over the named sections (all settings when none is named)."""
        every = dataclasses.asdict(self)
        chosen = {name: every[name] for name in sections} if sections else every
        return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()[:10]


def _section(kind: type[T], name: str, values: dict[str, Any]) -> T:
    known = {f.name for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    if unknown := set(values) - known:
        raise TrainingError(
            f"unknown setting in {name}: {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


def _override(raw: dict[str, Any], item: str) -> None:
    path, equals, value = item.partition("=")
    if not equals:
        raise TrainingError(f"an override is written section.key=value, not {item!r}")
    try:
        parsed = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError as error:
        raise TrainingError(f"{item!r}: the value is not TOML ({error})") from error
    *sections, key = path.split(".")
    for section in sections:
        raw = raw.setdefault(section, {})
    raw[key] = parsed
