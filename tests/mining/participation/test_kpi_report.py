"""The findings as JSON, Markdown and a page of HTML."""

import json

from lxml import html

from mining.participation.findings import Study, study
from mining.participation.kpi_report import as_html, as_markdown, document, facts
from mining.participation.participation import read_panel
from tests.conftest import SAMPLES
from tests.mining.figures import panel_of, units


def sample() -> Study:
    data = (SAMPLES / "participation.csv").read_bytes()
    return study(read_panel(data, "participation.csv", ["days lost"]))


def test_all_formats_say_the_same_sentences() -> None:
    found = sample()
    told = document(found)
    assert json.loads(json.dumps(told)) == told and told["schema"] == "harvest.kpi/1"
    assert len(told["statements"]) == 10 and len(told["rows"]) == 51 and told["cannot_show"] == found.limits
    assert told["kpis"][1] == {"name": "days lost", "lower_is_better": True}
    page, markdown = html.fromstring(as_html(found)), as_markdown(found)
    for statement in found.statements:
        assert statement.words in page.text_content() and statement.words in markdown
    assert len(page.xpath("//figure/svg")) == 8 and len(page.xpath("//tbody/tr")) == 51
    assert not page.xpath("//script | //*[@src] | //link")


def test_the_figures_keep_their_digits_and_what_is_missing_stays_missing() -> None:
    markdown = as_markdown(sample())
    assert "| Assembly, Kestrel Road | 2023 | 64 | 6 | 9 % |" in markdown
    assert "| Customer desk | 2023 | 14 | 0 | 0 % |" in markdown and "| – |" in markdown


def test_what_people_wrote_is_not_taken_for_markup() -> None:
    line = "<img src=x>|*b*,2024,10,3,5"
    found = study(panel_of(line, *units([1, 2], [3, 4])))
    assert "<img" not in as_html(found) and "\\<img src=x\\>\\|\\*b\\*" in as_markdown(found)


def test_how_the_periods_were_ordered_is_said() -> None:
    assert facts(sample())[0] == "From participation.csv: 17 units, 3 periods (2023, 2024, 2025; by time)."
    found = study(panel_of("Ash,after,10,3,5", "Ash,before,10,3,5"))
    assert "after, before; in the order of the file" in facts(found)[0]
    assert facts(study(panel_of("Ash,2024,10,3,5")))[0] == "From figures.csv: 1 unit, 1 period."
