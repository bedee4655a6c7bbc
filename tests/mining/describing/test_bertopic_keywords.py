"""Key words by BERTopic's c-TF-IDF."""

import subprocess
import sys

from mining.describing import bertopic_keywords
from mining.describing.bertopic_keywords import Term, class_terms, distinct, terms_of
from tests.mining.talk import ROOMS, SUBJECTS, subject_of

TEXTS = [text for said in ROOMS.values() for text in said]


def test_each_subject_gets_its_own_words() -> None:
    names = list(SUBJECTS)
    terms = class_terms([terms_of(text) for text in TEXTS], [names.index(subject_of(text)) for text in TEXTS], 10)
    found = {name: {term.text for term in terms[i]} for i, name in enumerate(names)}
    assert {"budget", "finance", "committee"} <= found["budget"]
    assert {"friends", "boss", "promoted"} <= found["friends"]
    assert {"meetings", "calendar", "agenda"} <= found["meetings"]
    assert {"press", "machine"} <= found["handover"]


def test_phrases_are_found_and_no_filler_or_stop_word() -> None:
    assert terms_of("So, um, the business case is, you know, a Business Case.") == [
        "business",
        "case",
        "business case",
        "business",
        "case",
        "business case",
    ]


def test_passages_without_a_class_are_left_out() -> None:
    terms = class_terms([terms_of(t) for t in ("budget finance", "press machine", "budget")], [-1, 3, -1], 5)
    assert set(terms) == {3} and {t.text for t in terms[3]} == {"press", "machine", "press machine"}


def test_classes_without_content_words_have_no_terms() -> None:
    assert class_terms([terms_of("and so"), terms_of("you know")], [0, 1], 5) == {0: [], 1: []}


def test_a_single_word_in_all_the_talk_is_no_error() -> None:
    assert class_terms([terms_of("budget"), terms_of("the budget")], [0, 1], 5) == {
        0: [Term("budget", 1.0, 1)],
        1: [Term("budget", 1.0, 1)],
    }


def test_key_words_do_not_repeat_one_another() -> None:
    said = ["finance review", "review", "reviews", "gate", "gates", "project"]
    assert distinct([Term(text, 1.0, 1) for text in said], 3) == ["finance review", "gate", "project"]


def test_it_is_bertopics_own_formula_and_costs_no_import_of_bertopic() -> None:
    code = (
        "import sys, warnings; warnings.simplefilter('ignore')\n"
        "from mining.describing.bertopic_keywords import class_terms, _class_tfidf\n"
        "class_terms([['budget', 'finance'], ['press', 'machine']], [0, 1], 5)\n"
        "print(sorted({'bertopic', 'umap', 'torch'} & set(sys.modules)))\n"
        "own = _class_tfidf()\n"
        "from bertopic.vectorizers import ClassTfidfTransformer\n"
        "codes = [kind.transform.__code__.co_code for kind in (own, ClassTfidfTransformer)]\n"
        "print(codes[0] == codes[1])\n"
        "_class_tfidf.cache_clear()\n"
        "print(_class_tfidf() is ClassTfidfTransformer)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["[]", "True", "True"]


def test_the_file_of_the_formula_is_where_this_release_of_bertopic_keeps_it() -> None:
    assert bertopic_keywords._class_tfidf().__name__ == "ClassTfidfTransformer"
