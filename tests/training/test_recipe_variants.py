"""The named variants of the recipe."""

import pytest

from training.ablate import VARIANTS, read_variants, variant
from training.config import DEFAULT_RECIPE, Recipe
from training.errors import TrainingError

NAMES = sorted(read_variants(VARIANTS))


@pytest.mark.parametrize("name", NAMES)
def test_every_variant_names_settings_that_there_are(name: str) -> None:
    Recipe.load(DEFAULT_RECIPE, variant(read_variants(VARIANTS), name))


def test_the_one_without_news_reads_and_trains_on_none_of_it() -> None:
    recipe = Recipe.load(DEFAULT_RECIPE, variant(read_variants(VARIANTS), "no_news"))
    assert recipe.corpora.leave_out == ("news",)
    for config in {id(config): config for _, config in recipe.runs}.values():
        assert [share for name, share in config.sources.items() if name.startswith("news")] == [0.0, 0.0]


def test_the_second_settings_are_the_first_but_for_what_they_name() -> None:
    raw = {"contrastive": {"steps": 5, "batch": 9, "sources": {"written": 1.0}}, "second": {"steps": 7, "sources": {"real": 1.0}}}
    second = Recipe.from_dict(raw).second
    assert second is not None
    assert (second.steps, second.batch, second.sources) == (7, 9, {"real": 1.0})
    assert Recipe.from_dict({"contrastive": raw["contrastive"]}).second is None


def test_an_unknown_variant_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(TrainingError, match=r"no variant no_such.*no_news"):
        variant(read_variants(VARIANTS), "no_such")
