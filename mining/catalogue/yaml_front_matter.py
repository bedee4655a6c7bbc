"""Adapter: python-frontmatter and PyYAML read what stands at the head of a Markdown file, and nothing that could hurt.

For `mining.catalogue.module_files`. Files come from anybody: so everything is text, as it is written (a number of five
thousand digits and a day that does not exist are text as well), one value cannot refer to another (a few lines that do
would unfold to gigabytes), and the head may be only so long.
"""

from typing import Any

LONGEST_HEAD = 20_000
"""Letters."""
DEEPEST = 5
"""How many brackets may be open: with each the reader becomes slower."""
NOTHING = ("", "~", "null")
"""How YAML writes that there is no value."""


def split_head(text: str) -> tuple[str, str]:
    """What stands between the first two lines `---`, and the text behind; ("", text) where it does not begin so."""
    import frontmatter

    text = text.strip()
    if not text.startswith("---"):  # elsewhere such a line is a rule between paragraphs
        return "", text
    try:
        head, content = frontmatter.YAMLHandler().split(text)
    except ValueError:  # no second line
        return "", text
    return head, content.strip()


def fields_of(head: str) -> dict[str, str]:
    """{field: text}, a list as `one, two`, without fields that have no value; {} where there are no fields.

    Raises ValueError (too long), RecursionError, or yaml.YAMLError with `problem` and `problem_mark`.
    """
    if len(head) > LONGEST_HEAD:
        raise ValueError(f"it has {len(head):,} letters, and {LONGEST_HEAD:,} are allowed")
    loader = _plain_text()(head)
    try:
        fields = loader.get_single_data()
    finally:
        loader.dispose()
    if not isinstance(fields, dict):
        return {}
    return {str(key): said for key, value in fields.items() if (said := _said(value)) not in NOTHING}


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    return str(value)


def _plain_text() -> Any:
    """The reader's class; made when it is needed, because PyYAML is loaded with it."""
    import yaml  # type: ignore[import-untyped]

    class PlainText(yaml.BaseLoader):  # type: ignore[misc]
        """Makes nothing but text, lists and mappings, and refuses what refers to something else."""

        def fetch_alias(self) -> None:
            self._refuse()

        def fetch_anchor(self) -> None:
            self._refuse()

        def fetch_tag(self) -> None:
            self._refuse()

        def fetch_flow_collection_start(self, kind: Any) -> None:
            if self.flow_level >= DEEPEST:
                self._refuse("there are too many brackets in each other")
            super().fetch_flow_collection_start(kind)

        def _refuse(self, why: str = "what begins with “&”, “*” or “!” has to be in quotes") -> None:
            raise yaml.scanner.ScannerError(None, None, why, self.get_mark())

    return PlainText
