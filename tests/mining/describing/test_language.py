"""English is told from its small words; what is said where talk seems to be in another language."""

# ruff: noqa: E501  (talk reads better in whole sentences)

import pytest

from mining.describing.language import ENGLISH, LEAST, english_share, language_notes
from mining.embedding.embedder import BUNDLED
from tests.mining.talk import SUBJECTS

FOREIGN = {
    "German": "Wir sitzen jeden Montag in dieser Besprechung, und am Ende weiß niemand, was eigentlich beschlossen wurde. "
    "Ich habe meinem Chef gesagt, dass er im Protokoll lesen kann, was in der letzten Woche war, aber er will es immer "
    "noch einmal hören. So ist das bei uns. Und wenn man dann fragt, warum das so ist, sagt man uns, das hat man an "
    "diesem Standort eben immer so gemacht, also machen wir es in dem Jahr auch wieder genau so, obwohl es keiner mag.",
    "Dutch": "We zitten elke maandag in die vergadering en aan het einde weet niemand wat er is besloten. Ik heb tegen "
    "mijn baas gezegd dat hij in het verslag kan lezen wat er vorige week was, maar hij wil het altijd nog een keer "
    "horen. Zo is het hier nu eenmaal. En als je dan vraagt waarom, dan zeggen ze dat we het in dit bedrijf altijd zo "
    "hebben gedaan, dus doen we het dit jaar weer op die manier, ook al is er niemand die er blij van wordt.",
    "Danish": "Vi sidder i det møde hver mandag, og til sidst er der ingen, som ved, hvad der egentlig blev besluttet. "
    "Jeg har sagt til min chef, at han kan læse i referatet, hvad der skete i sidste uge, men han vil altid høre det en "
    "gang til. Sådan er det her hos os. Og når man så spørger hvorfor, siger de, at sådan har man altid gjort på denne "
    "fabrik, så det gør vi også i år, selv om der ikke er nogen af os, som synes, at det er en god måde at arbejde på.",
    "French": "On se retrouve tous les lundis dans cette réunion, et à la fin personne ne sait ce qui a été décidé. J'ai "
    "dit à mon chef qu'il pouvait lire dans le compte rendu ce qui s'est passé la semaine dernière, mais il veut "
    "toujours l'entendre encore une fois. C'est comme ça chez nous. Et si on demande pourquoi, on nous répond que dans "
    "cette usine on a toujours fait comme ça, alors on va le refaire cette année, même si cela ne plaît à personne.",
    "Spanish": "Nos sentamos todos los lunes en esa reunión y al final nadie sabe lo que se ha decidido. Le dije a mi "
    "jefe que puede leer en el acta lo que pasó la semana pasada, pero siempre quiere oírlo otra vez. Así es como son "
    "las cosas aquí. Y si uno pregunta por qué, nos dicen que en esta fábrica siempre se ha hecho así, de modo que este "
    "año lo vamos a hacer otra vez de la misma manera, aunque no le guste a nadie y todos perdamos la mañana entera.",
    "Japanese": "毎週月曜日にこの会議に出ていますが、最後に何が決まったのか誰にも分かりません。" * 12,
}


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_have_hardly_any_of_the_small_words_of_english(language: str) -> None:
    share = english_share([FOREIGN[language]])
    assert share is not None and share < 0.6 * ENGLISH


@pytest.mark.parametrize("subject", SUBJECTS)
def test_english_talk_has_many_of_them(subject: str) -> None:
    share = english_share(SUBJECTS[subject])
    assert share is not None and share > 1.4 * ENGLISH


def test_of_a_sentence_nobody_can_tell_in_which_language_it_is() -> None:
    assert english_share([FOREIGN["German"][: LEAST - 1]]) is None
    assert english_share([]) is None
    assert language_notes({"Room": ["Das war es."]}, BUNDLED) == []


def test_the_note_says_what_seems_to_be_what_follows_and_which_setting_helps() -> None:
    (note,) = language_notes({"Room 1": [FOREIGN["German"]], "Room 2": [FOREIGN["Dutch"]], "Room 3": []}, BUNDLED)
    assert note.startswith("The talk does not seem to be in English")
    assert "HARVEST_EMBEDDER" in note and "multilingual" in note and BUNDLED in note


def test_single_rooms_are_named_but_not_dozens_of_them() -> None:
    english = {f"Room {i}": list(said) for i, said in enumerate(SUBJECTS.values())}
    (note,) = language_notes({**english, "Salon": [FOREIGN["French"]]}, BUNDLED)
    assert note.startswith("What was said in “Salon” does not seem to be in English")
    (note,) = language_notes({**english, **{f"Salle {i}": [FOREIGN["French"]] for i in range(9)}}, BUNDLED)
    assert "“Salle 0”, “Salle 1”, “Salle 2” and 6 more does not" in note


def test_nothing_is_said_of_english_nor_of_models_that_know_more() -> None:
    assert language_notes(SUBJECTS, BUNDLED) == []
    for name in ("paraphrase-multilingual-MiniLM-L12-v2", "intfloat/multilingual-e5-small", "/models/own", ""):
        assert language_notes({"Room": [FOREIGN["German"]]}, name) == []
