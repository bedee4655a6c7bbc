"""The head of a Markdown file: text and lists of text, and nothing that could hurt."""

import pytest
import yaml

from mining.catalogue.yaml_front_matter import fields_of, split_head


def test_everything_is_text_as_it_is_written() -> None:
    head = "title: 0x1F\ndate: 2020-99-99\nyes: on\nauthor: [Ada, Bo]\nempty:\nnone: ~\nlast: 'null and *void'\n"
    assert fields_of(head) == {
        "title": "0x1F",
        "date": "2020-99-99",
        "yes": "on",
        "author": "Ada, Bo",
        "last": "null and *void",
    }


@pytest.mark.parametrize("head", ["", "just words", "- a\n- b", "# nothing but a remark"])
def test_a_head_without_fields_has_none(head: str) -> None:
    assert fields_of(head) == {}


@pytest.mark.parametrize("head", ["a: &x 1\nb: *x", "a: *x", "a: !!int 1", "a: !x y", "a: [[[[[[1]]]]]]", "a: [b"])
def test_what_refers_commands_or_nests_is_refused_with_its_line(head: str) -> None:
    with pytest.raises(yaml.YAMLError) as refused:
        fields_of(head)
    assert refused.value.problem_mark.line in (0, 1)


def test_a_head_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(ValueError, match="20,001 letters, and 20,000 are allowed"):
        fields_of("x" * 20_001)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("---\na: b\n---\n\nText\n\n---\n", ("\na: b\n", "Text\n\n---")),
        ("Text\n\n---\nmore\n---\n", ("", "Text\n\n---\nmore\n---")),
        ("---\nText", ("", "---\nText")),
    ],
)
def test_only_what_stands_between_the_first_two_lines_is_the_head(text: str, parts: tuple[str, str]) -> None:
    assert split_head(text) == parts
