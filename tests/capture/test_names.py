import pytest

from capture.names import full_name, is_anonymous, same_name
from capture.redaction import Masker


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("O'Neill, Anna (Guest)", "Anna O'Neill"),
        ("Anna Weber | Finance", "Anna Weber"),
        ("Anna Weber, PhD", "Anna Weber, PhD"),
        ("  Anna\t Weber [External]", "Anna Weber"),
        ("(unnamed)", "(unnamed)"),
        ("A" * 300, "A" * 200),
    ],
)
def test_full_names(given, name):
    assert full_name(given) == name


@pytest.mark.parametrize(
    "label",
    [
        "Speaker A",
        "Speaker 1",
        "SPEAKER_00",
        "Unknown",
        "unknown speaker",
        "Guest 2",
        "B",
        "iPhone",
        "+49 170 1234567",
        "Meeting Room 3",
        "Host",
        "person 3",
    ],
)
def test_labels_are_not_names(label):
    assert is_anonymous(label)
    assert Masker({label: 1}).text(f"{label} is a guest on the phone, and an iPhone user") == Masker({}).text(
        f"{label} is a guest on the phone, and an iPhone user"
    )


@pytest.mark.parametrize("name", ["Bo", "Anna", "Hostettler", "Guestrin", "Person Anna", "Allen", "Roomi"])
def test_names_that_resemble_labels_are_names(name):
    assert not is_anonymous(name)
    assert name not in Masker({name: 1}).text(f"ask {name} again")


def test_the_same_label_in_two_recordings_is_not_the_same_person():
    assert same_name("Speaker A (recording 1)") != same_name("Speaker A (recording 2)")
    assert same_name("Anna Weber (Guest)") == same_name("Weber, Anna")
