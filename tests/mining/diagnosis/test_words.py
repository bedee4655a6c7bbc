from dataclasses import replace
from datetime import date

from capture.database import Database
from mining.curating.kin import Held
from mining.diagnosis.agency import Proposals
from mining.diagnosis.answered_since import Added
from mining.diagnosis.resampling import Estimate
from mining.diagnosis.responsiveness import Closed, SinceBefore
from mining.diagnosis.words import agency_words, rate_words, sentences, share_words, since_words
from tests.mining.diagnosis.test_diagnosis import found
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)

AUTUMN = Held("autumn", "Autumn", date(2025, 10, 9))


def test_a_figure_is_said_with_its_range_or_with_why_it_has_none() -> None:
    assert share_words(Estimate(0.54, 0.455, 0.62)) == "54 %, between 46 % and 62 %"
    assert share_words(Estimate(0.5, little="No range: only 3 of at least 5 groups.")) == (
        "50 % (no range: only 3 of at least 5 groups)"
    )
    assert share_words(None) == share_words(Estimate()) == rate_words(None) == "too little data"
    assert rate_words(Estimate(6.42, 3.1, 9.9)) == "6.4 an hour, between 3.1 and 9.9"


def test_every_section_has_sentences_with_counts(programme: Database) -> None:  # noqa: F811
    told = dict(sentences(found(programme)))
    assert list(told) == ["agency", "responsiveness", "connectivity", "next"]
    assert all(line[0].isupper() or line[0].isdigit() for lines in told.values() for line in lines)
    text = " ".join(line for lines in told.values() for line in lines)
    assert "two in three in whole conversations" in text and "By today’s catalogue" in text
    assert "2,000 deals are as low or lower" in text and " %, between " in text


def test_proposals_are_said_beside_those_who_were_invited(programme: Database) -> None:  # noqa: F811
    agency = found(programme).agency
    assert list(agency_words(agency))[-1] == "No proposals were made; no alumni were invited yet."
    some = replace(agency, proposals=Proposals(3, 2, 40))
    assert list(agency_words(some))[-1] == "Three proposals made, by two people; 40 alumni invited."


def test_closed_gaps_are_named_with_module_and_day() -> None:
    closed = Closed(1, "Bosses", 3, (Added(7, "Boss of My Friends", date(2026, 1, 15)),), None)
    assert since_words(SinceBefore(AUTUMN, 4, (closed,))) == (
        "Since Autumn: 1 of four themes that no module covered then have one now: Bosses by “Boss of My Friends” "
        "(2026-01-15)."
    )
    assert since_words(SinceBefore(AUTUMN, unknown="Not known.")) == "Gaps closed since Autumn: Not known."
    assert since_words(SinceBefore(AUTUMN, 4, (closed,), unsure=2, undated=True)).endswith(
        "(2026-01-15). Of two more themes it is not known if they were covered then: what covers them now was brought "
        "here after that event. To know it, bring the catalogue again with a column “since”: the day from which each "
        "module is on offer."
    )
    assert "No earlier event" in since_words(SinceBefore(None))
