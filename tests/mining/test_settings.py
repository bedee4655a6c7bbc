from dataclasses import FrozenInstanceError

import pytest

from capture.errors import Refused
from mining.clustering.clusterer import NAMES
from mining.embedding.embedder import ENGINES
from mining.settings import MiningSettings


def test_an_empty_environment_gives_the_bundled_model_and_our_own_clusterer() -> None:
    settings = MiningSettings.from_env({})
    assert (settings.embedder, settings.clusterer, settings.seed) == ("all-MiniLM-L6-v2", "graph", 1)
    assert settings.clusterer in NAMES
    assert settings.embedding_engine == "auto" and "auto" in ENGINES


def test_the_environment_wins_over_the_default_and_what_is_given_over_both() -> None:
    env = {"HARVEST_EMBEDDER": "/models/other", "HARVEST_CLUSTERER": "bertopic", "HARVEST_SEED": "12"}
    env["HARVEST_EMBEDDING_ENGINE"] = "torch"
    assert MiningSettings.from_env(env) == MiningSettings("/models/other", "bertopic", 12, "torch")
    assert MiningSettings.from_env(env, seed=3).seed == 3


@pytest.mark.parametrize("text", ["many", "1.5"])
def test_a_seed_that_is_no_whole_number_names_its_variable(text: str) -> None:
    with pytest.raises(Refused, match=f"HARVEST_SEED is “{text}”, but must be a whole number"):
        MiningSettings.from_env({"HARVEST_SEED": text})


def test_settings_cannot_change_while_something_is_mined() -> None:
    with pytest.raises(FrozenInstanceError):
        MiningSettings().seed = 2  # type: ignore[misc]
