"""Everything an operator can set for mining, read once from the environment and passed in."""

from dataclasses import dataclass, field

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
    llm_url: str = setting(
        "HARVEST_LLM_URL",
        "",
        "OpenAI-compatible endpoint that may word module drafts, e.g. `http://localhost:11434/v1`; default: none, and "
        "nothing leaves this machine.",
    )
    llm_model: str = setting("HARVEST_LLM_MODEL", "", "Name of the language model at HARVEST_LLM_URL.")
    # Not shown where the settings are printed.
    llm_key: str = field(
        default="", repr=False, metadata={"env": "HARVEST_LLM_KEY", "help": "Key for HARVEST_LLM_URL, if it wants one."}
    )
    llm_seconds: float = setting(
        "HARVEST_LLM_SECONDS", 60.0, "Seconds the language model may take for a draft, all tries together."
    )
