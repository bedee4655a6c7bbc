"""What of a module is embedded."""

from mining.catalogue.module_pages import Page
from mining.catalogue.module_texts import LONGEST, module_texts


def test_the_whole_comes_first_then_sentences_then_pages() -> None:
    pages = [Page("Warm up", "Think of a bill.", "Who paid?", 10), Page(question="Who did not?")]
    assert module_texts("Who Pays", "Money has a memory. It smells. Why is that so?", pages) == [
        "Who Pays. Money has a memory. It smells. Why is that so? Warm up Think of a bill. Who paid? Who did not?",
        "Money has a memory.",
        "Why is that so?",
        "Warm up Think of a bill. Who paid?",
        "Who did not?",
    ]


def test_a_title_alone_is_a_text_and_nothing_is_longer_than_a_model_reads() -> None:
    assert module_texts("Who Pays", "", []) == ["Who Pays."]
    assert max(len(text) for text in module_texts("T", "word " * 3000, [])) == LONGEST
