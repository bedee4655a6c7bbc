"""Which engine runs which model, and under which name its vectors are kept."""

import sys

import numpy as np
import pytest

from capture.errors import Refused
from mining.embedding.embedder import BUNDLED, choose_engine, load_embedder, vectors_name, vectors_names
from mining.settings import MiningSettings

OTHER = "paraphrase-multilingual-MiniLM-L12-v2"


def test_the_bundled_model_takes_the_light_engine_and_any_other_model_torch() -> None:
    assert MiningSettings().embedder == BUNDLED
    assert choose_engine(BUNDLED) == "openvino"
    assert choose_engine(OTHER) == choose_engine("/models/mine") == "torch"


def test_torch_can_be_asked_for() -> None:
    assert choose_engine(BUNDLED, "torch") == "torch"


def test_without_openvino_the_bundled_model_takes_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    assert choose_engine(BUNDLED) == "torch"


def test_openvino_is_refused_for_a_model_it_cannot_run() -> None:
    with pytest.raises(Refused, match=f"runs {BUNDLED} only, not {OTHER}"):
        choose_engine(OTHER, "openvino")


def test_an_engine_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="no embedding engine “gpu”. Take one of: auto, openvino, torch"):
        vectors_name(BUNDLED, "gpu")


def test_engines_keep_their_vectors_apart_under_names_that_are_all_known() -> None:
    light, heavy = vectors_name(BUNDLED, "openvino"), vectors_name(BUNDLED, "torch")
    assert light != heavy
    assert set(vectors_names(BUNDLED)) == {light, heavy}
    assert vectors_names(OTHER) == (vectors_name(OTHER),)


def test_both_engines_carry_their_name_and_find_the_same_meaning() -> None:
    light, heavy = (load_embedder(BUNDLED, engine) for engine in ("openvino", "torch"))
    assert (light.name, heavy.name) == (vectors_name(BUNDLED, "openvino"), vectors_name(BUNDLED, "torch"))
    texts = ["The finance committee wants a business case.", "My friends stopped talking to me when I became the boss."]
    assert np.einsum("ij,ij->i", light.embed(texts), heavy.embed(texts)).min() > 0.999
