"""Files that a browser saves under the name they are given."""

import pytest

from capture.spreadsheets import as_table
from web.attachments import attached


@pytest.mark.parametrize(
    ("format_", "kind", "text"),
    [("csv", "text/csv; charset=utf-8", "\ufeffa\r\nü\r\n"), ("json", "application/json", '{\n  "a": "ü"\n}\n')],
)
def test_a_file_is_saved_as_what_it_is(format_: str, kind: str, text: str) -> None:
    answer = attached("spring-figures", format_, {"a": "ü"}, as_table(["a"], [["ü"]]))
    assert answer.content_type == kind and answer.get_data(as_text=True) == text
    assert answer.headers["Content-Disposition"] == f'attachment; filename="spring-figures.{format_}"'
