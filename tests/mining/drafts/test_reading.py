"""A draft as it is read."""

from sqlalchemy import update

from capture.models import Event, Recording, Utterance
from capture.programmes import ensure_programme
from mining.drafts.lines import body_of, with_lines
from mining.drafts.reading import GONE, WITHHELD, Receipt, shown
from mining.suggestion_models import Draft
from tests.mining.drafted import Drafted


def test_words_are_read_from_the_transcript_each_time(drafted: Drafted) -> None:
    draft = drafted.read()
    question = draft.pages[0].lines[1]
    [receipt] = [part for part in question.parts if isinstance(part, Receipt)]
    assert receipt.cited
    with drafted.database.reading() as session:
        stored = session.query(Utterance).filter_by(
            recording_id=receipt.cited.recording_id, position=receipt.cited.position
        )
        assert receipt.cited.text in stored.one().text
    assert receipt.cited.text in question.text
    assert draft.care == 0


def test_receipts_are_numbered_through_the_whole_draft_each_once(drafted: Drafted) -> None:
    draft = drafted.read()
    numbers = [receipt.number for receipt in draft.receipts]
    assert numbers == list(range(1, len(numbers) + 1))
    places = [(r.cited.recording_id, r.cited.position, r.cited.first, r.cited.last) for r in draft.receipts if r.cited]
    assert len(set(places)) == len(numbers)
    assert draft.pages[0].receipts


def test_a_line_whose_words_are_gone_says_so_and_the_draft_needs_care(drafted: Drafted) -> None:
    before = drafted.read()
    with drafted.database.writing() as session:
        session.execute(update(Utterance).values(text="[removed]"))
    after = drafted.read()
    assert after.care == len(after.lines) == len(before.lines)
    assert GONE in after.pages[0].lines[1].text
    said = [r.cited.text for r in before.receipts if r.cited]
    assert not any(text in line.text for line in after.lines for text in said)
    assert after.spare == ()


def test_what_a_model_made_of_words_that_are_gone_is_not_shown(drafted: Drafted) -> None:
    with drafted.database.writing() as session:
        draft = session.get_one(Draft, drafted.first)
        body = body_of(draft.body)
        line = body.pages[0].lines[1]
        worded = type(line)(line.id, line.role, "Somebody hates the boss: “{0}” And you?", line.citations, worded=True)
        draft.body = with_lines(body, {line.id: worded}).stored()
    assert "hates the boss" in drafted.read().pages[0].lines[1].text
    with drafted.database.writing() as session:
        session.execute(update(Utterance).values(text="[removed]"))
    line_shown = drafted.read().pages[0].lines[1]
    assert line_shown.hidden
    assert line_shown.text == f"[{GONE}]"


def test_who_was_not_there_reads_only_what_may_be_quoted_to_them(drafted: Drafted) -> None:
    def read(quorum: int, consent: str | None) -> tuple[int, str]:
        with drafted.database.writing() as session:
            session.execute(update(Recording).values(consent=consent))
            draft = session.get_one(Draft, drafted.first)
            ensure_programme(session, session.get_one(Event, draft.event_id)).quorum = quorum
            session.flush()
            found = shown(session, draft, heard=False)
            assert not shown(session, draft).withheld
            return found.withheld, " ".join(line.text for line in found.lines)

    everything = drafted.read()
    words = [receipt.cited.text for receipt in everything.receipts if receipt.cited]
    held, text = read(2, "agreed")
    assert held < len(words) and any(said in text for said in words) and text.count(WITHHELD) <= held
    for quorum, consent in ((2, None), (50, "agreed")):
        held, text = read(quorum, consent)
        assert held == len(words) and WITHHELD in text and not any(said in text for said in words)
