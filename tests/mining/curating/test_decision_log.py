from sqlalchemy import delete

from capture.models import Recording
from mining.analyses import forget_analyses
from mining.curating import decisions
from mining.curating.decision_log import UNKNOWN, decision_log, entry_of, labels_known
from tests.mining.curated import Spring


def told(spring: Spring) -> list[str]:
    with spring.database.reading() as session:
        return [entry.words for entry in decision_log(session, spring.event_id)]


def test_nothing_was_decided_yet(spring: Spring) -> None:
    assert told(spring) == []


def test_every_decision_is_told_in_words_the_latest_first(spring: Spring) -> None:
    budget, friends, meetings = (spring.on(subject) for subject in ("budget", "friends", "meetings"))
    handover, number = spring.on("handover"), min(budget.passages)
    spring.decide(decisions.rename, budget.strand, "Money")
    spring.decide(decisions.merge, friends.strand, [meetings.strand])
    split = spring.decide(decisions.split, friends.strand)
    spring.decide(decisions.move, number, handover.strand)
    spring.decide(decisions.move, number, None)
    spring.decide(decisions.hide, handover.strand)
    parts = [spring.themes()[part].label for part in split.details["into"]]
    assert told(spring) == [
        f"set “{handover.label}” aside as off-topic",
        "moved a passage of Red room at 0:00 out of its theme",
        f"moved a passage of Red room at 0:00 to “{handover.label}”",
        f"split “{friends.label}” into “{parts[0]}” and “{parts[1]}”",
        f"merged “{meetings.label}” into “{friends.label}”",
        "named a theme “Money”",
    ]


def test_an_entry_says_who_and_when_and_whether_it_holds(spring: Spring) -> None:
    made = spring.decide(decisions.rename, spring.on("budget").strand, "Money", by="ann")
    later = spring.decide(decisions.hide, spring.on("friends").strand, by="cleo")
    spring.undo(later, by="bob")
    with spring.database.reading() as session:
        entry = entry_of(session, spring.event_id, later.id)
        assert entry
        assert (entry.made_by, entry.undone_by, entry.latest) == ("cleo", "bob", False)
        assert entry.undone_at and entry.undone_at >= entry.made_at
        first = entry_of(session, spring.event_id, made.id)
        assert first and first.latest and first.undone_at is None
        assert entry_of(session, spring.event_id, 999) is None


def test_the_log_forgets_the_softwares_names_with_the_talk_they_were_made_of(spring: Spring) -> None:
    spring.decide(decisions.hide, spring.on("friends").strand)
    spring.decide(decisions.rename, spring.on("budget").strand, "Money")
    added = spring.add_room()
    spring.remove_room(added)
    assert told(spring) == ["named a theme “Money”", f"set {UNKNOWN} aside as off-topic"]


def test_labels_are_known_of_themes_that_are_shown_or_were(spring: Spring) -> None:
    budget, friends, meetings = (spring.on(subject) for subject in ("budget", "friends", "meetings"))
    spring.decide(decisions.rename, budget.strand, "Money")
    spring.decide(decisions.rename, friends.strand, "Peers")
    spring.undo()
    spring.decide(decisions.hide, meetings.strand)
    spring.decide(decisions.hide, budget.strand)
    with spring.database.reading() as session:
        known = labels_known(session, spring.event_id)
    assert [known[each.strand] for each in (budget, friends, meetings)] == ["Money", friends.label, meetings.label]


def test_a_name_is_withheld_once_all_talk_it_was_given_to_is_gone(spring: Spring) -> None:
    """It may repeat what somebody said there."""
    strand = spring.on("budget").strand
    spring.decide(decisions.rename, strand, "What Ann said about money")
    with spring.database.writing() as session:
        forget_analyses(session, spring.event_id)  # as removing a recording does
        session.execute(delete(Recording))
    assert told(spring) == ["named a theme whose talk was removed since"]
    with spring.database.reading() as session:
        assert "What Ann said about money" not in labels_known(session, spring.event_id).values()
