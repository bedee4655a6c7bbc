"""Real talk for the tests of mining: short exchanges on four subjects that recur in several rooms of one event.

`ROOMS` plants three subjects in three rooms and one in two; every exchange is about a minute long.
"""

# ruff: noqa: E501  (talk reads better in whole sentences)
from sqlalchemy.orm import Session

from capture.models import Event
from tests.factories import make_event, make_group, make_recording, make_utterances

BUDGET = [
    "Every project I start ends up in front of the finance committee, and the finance committee wants a business case "
    "with thirty pages of figures before anybody may spend a single euro. By the time the budget is approved the "
    "customer has gone somewhere else. I am not against checking the money, but the review costs more than the project. "
    "So people stop proposing anything, and then the committee complains that there are no new ideas to spend the budget on.",
    "Yeah. The budget round is the worst part of my year. Finance asks for a forecast, then for another forecast, and "
    "then they cut ten percent of everything anyway. So next time I put ten percent on top, and finance knows that I "
    "do, and we all spend October playing this game with spreadsheets and figures. "
    "The controller told me over lunch that she plays it with the board in exactly the same way, so the figures lie twice.",
    "What helped us was inviting somebody from finance before the business case was written. She showed us which three "
    "figures the committee looks at. The approval of the budget took two weeks where it used to take three months, and "
    "the review was almost friendly. "
    "Now finance sends us their own template before we write the first page, and the business case is five pages long.",
    "I have a small budget of my own now, five thousand, no committee, no business case. It changed everything. My team "
    "spends it carefully because it is theirs, and finance only looks at the figures at the end of the year. "
    "The committee was against it at first, because a budget without a review looked like a hole in the wall. Nothing was wasted so far, and the controller says so as well.",
]
FRIENDS = [
    "I was promoted to team leader over my old colleagues, and from one day to the next they stopped telling me jokes. "
    "On Friday we were friends having a beer, and on Monday I had to write their appraisals. Nobody prepares you for "
    "being the boss of your friends. "
    "I still sit alone at lunch, and I pretend that it is because of all the reading that a team leader has to do.",
    "Mm-hm. When I was promoted my best friend in the team had applied for the same job. We never talked about it. For "
    "a year I avoided giving him any feedback because I felt guilty, and in the end the other colleagues in the team "
    "complained that their new boss had favourites. "
    "My own manager said that this is what promotion means, you lose friends and win a team, and then he changed the subject.",
    "After the promotion I told my colleagues honestly that I find it strange as well. Leading friends means saying it "
    "aloud. One of them was angry that I became team leader, and we needed a long walk, but since then we can be boss "
    "and colleague at work and friends on Saturday. "
    "The others in the team had been waiting for their new boss to say something, and they were relieved that I did.",
    "The hardest thing about becoming the boss of former colleagues was the first appraisal. I had to tell a friend "
    "that he would not be promoted. He is still in my team, he is a good colleague, but we are not friends any more. "
    "If I were promoted again I would choose a team in which nobody had been at my wedding. A boss with friends in the team is always suspected.",
]
MEETINGS = [
    "My calendar is full of meetings from nine to five, one video call after another, and the actual work happens in "
    "the evening at the kitchen table. Last Tuesday I counted eleven meetings. In four of them I said nothing at all. "
    "When I decline a meeting I get a message asking whether everything is all right, so I accept the next invitation and mute the call.",
    "Okay, right. We made Wednesday a day without meetings. The first month people cheated and moved their video calls "
    "to Wednesday lunch. Now the calendar blocks itself, and everybody says it is the only day on which they get "
    "anything finished. "
    "Even the directors keep to it now, since somebody showed them how many hours of meetings a week of calendars adds up to.",
    "The weekly status meeting has fourteen people on the call, and each of them reads out an agenda item that stands "
    "in the calendar anyway. I asked whether I could skip the meeting and read the minutes. You would think that I had "
    "resigned from the company. "
    "The minutes, by the way, are never read, because the agenda for the meeting of next week has already been sent round by then.",
    "A meeting without an agenda gets declined in my department, that is our rule. Half of the meetings vanished from "
    "the calendar in a month, and the calls that are left end after twenty five minutes. "
    "What we lost is the chatting before a meeting, and some miss that. So there is a coffee on Thursday, in the calendar, without an agenda, and it must not become a meeting.",
]
HANDOVER = [
    "Our two most experienced machine operators retire next summer, and all they know about the old press is in their "
    "heads. There is no manual. When the press makes that singing noise Walter hits it in one particular spot, and no "
    "apprentice knows where. "
    "We will buy a new press in four years, they say, and until then every retired operator will be called at home by the night shift.",
    "We asked the retiring operators to walk round the machines with an apprentice and a camera, an hour every week. "
    "They were shy at first, and then you could not stop them. Now we have forty films about the press, and the "
    "apprentices really watch them before they touch the machine. "
    "One operator came back after he had retired to film the part that he had forgotten, and he brought cake for the whole shift.",
    "Knowledge leaves this plant through the front gate every time somebody retires. The machine operators of the night "
    "shift have thirty years of experience, nobody writes it down, and the apprentices learn it by breaking things. "
    "I would let every operator who is about to retire work beside an apprentice for half a year, at the same machine, with time to explain. That costs less than one broken press.",
]

ROOMS = {
    "Red room": [BUDGET[0], BUDGET[1], FRIENDS[0], FRIENDS[1], MEETINGS[0]],
    "Blue room": [FRIENDS[2], MEETINGS[1], MEETINGS[2], HANDOVER[0], HANDOVER[1]],
    "Green room": [BUDGET[2], BUDGET[3], FRIENDS[3], MEETINGS[3], HANDOVER[2]],
}
SUBJECTS = {"budget": BUDGET, "friends": FRIENDS, "meetings": MEETINGS, "handover": HANDOVER}


def subject_of(text: str) -> str:
    """The planted subject of a passage that lies within one exchange."""
    return next(
        name for name, said in SUBJECTS.items() if any(exchange in text or text in exchange for exchange in said)
    )


def make_talk(session: Session, rooms: dict[str, list[str]] = ROOMS, slug: str = "spring") -> Event:
    """An event with these rooms, transcribed; every exchange is an utterance of 30 seconds."""
    event = make_event(session, slug)
    for name, said in rooms.items():
        group = make_group(session, event, name)
        recording = make_recording(session, group, seconds=30.0 * len(said), consent="agreed")
        make_utterances(session, recording, said, seconds=30.0)
    return event
