"""Whether talk is in English, told from its small words. Pure: texts in, a share or a sentence for the user out.

The model in the package knows English only, and nothing breaks where it is given something else: it finds themes that
mean little. So mining (material.py) looks at what was transcribed and says so. No library: of English talk almost half
are words like “the”, “and”, “I”, of any other language hardly any.
"""

from collections.abc import Mapping, Sequence

from mining.words import FUNCTION_WORDS, words_of

ENGLISH = 0.25
"""Share of small English words that talk in English has at least. Measured: 0.43 to 0.60 in real conversations and in
scripts; 0.03 to 0.15 in Spanish, French, Danish, Dutch, German."""
LEAST = 400
"""Characters of talk, some eighty words, below which nobody can tell; characters, as not every language has spaces."""
ENOUGH = 20_000
"""Characters that are looked at."""
SHOWN = 3
"""Rooms that are named."""
ENGLISH_MODELS = ("all-minilm", "all-mpnet", "all-distilroberta", "-en-")
"""Parts of the names of models that know English only. Of others nothing is said: nobody knows what they know."""
INSTEAD = "paraphrase-multilingual-MiniLM-L12-v2"


def english_share(texts: Sequence[str]) -> float | None:
    """Share of small English words, 0..1; None where too little was said to tell."""
    if sum(len(text) for text in texts) < LEAST:
        return None
    words = words_of(" ".join(texts)[:ENOUGH])
    return sum(word in FUNCTION_WORDS for word in words) / max(len(words), 1)


def language_notes(rooms: Mapping[str, Sequence[str]], embedder: str) -> list[str]:
    """What to tell the user of an event whose `rooms` {name: texts} are mined with this model; often nothing."""
    if not any(part in embedder.lower() for part in ENGLISH_MODELS):
        return []
    shares = {name: share for name, texts in rooms.items() if (share := english_share(texts)) is not None}
    foreign = [name for name, share in shares.items() if share < ENGLISH]
    if not foreign:
        return []
    if len(foreign) == len(shares):
        where = "The talk does"
    else:
        named = ", ".join(f"“{name}”" for name in foreign[:SHOWN])
        more = f" and {len(foreign) - SHOWN} more" if len(foreign) > SHOWN else ""
        where = f"What was said in {named}{more} does"
    return [
        f"{where} not seem to be in English, but the model “{embedder}” knows English only: themes of it follow words "
        f"that look alike rather than meaning, and their names may say nothing. Set HARVEST_EMBEDDER to a multilingual "
        f"model, for example {INSTEAD}, and mine again."
    ]
