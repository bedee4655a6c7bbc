"""Everything an operator can set for mining, read once from the environment and passed in."""

from dataclasses import dataclass

from capture.settings import FromEnvironment, setting


@dataclass(frozen=True)
class MiningSettings(FromEnvironment):
    """How passages become themes. The same input and the same settings give the same themes."""

    embedder: str = setting(
        "HARVEST_EMBEDDER",
        "all-MiniLM-L6-v2",
        "`all-MiniLM-L6-v2` (in the package, English), or any sentence-transformers model by name or folder.",
    )
    clusterer: str = setting("HARVEST_CLUSTERER", "graph", "`graph` or `bertopic` (slower; to compare with).")
    seed: int = setting("HARVEST_SEED", 1, "Seed of everything random in mining.")
    embedding_engine: str = setting(
        "HARVEST_EMBEDDING_ENGINE",
        "auto",
        "`openvino` (fast on a CPU, the model in the package only), `torch` (any model, graphics cards), or `auto`.",
    )
