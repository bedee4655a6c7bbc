"""Module drafts in the browser."""

from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, cast, select, update

from capture.database import Database
from capture.models import Event, Group, Recording, Utterance
from mining.drafts.lines import Line, body_of, with_lines
from mining.models import Theme
from mining.settings import MiningSettings
from mining.suggestion_models import Draft, DraftState, Module
from tests.factories import make_draft, make_event, make_strand
from tests.mining.chat_server import chat_server, fails, says
from tests.mining.talk import BUDGET, FRIENDS
from tests.web.conftest import Page, SignedInAs, Spring, read, words
from web.house import KEY

DRAFTS = "/events/spring/drafts"


@pytest.fixture
def draft(database: Database, spring: Spring) -> int:
    """Of theme 1, on the first words of rooms 1 (sound) to 5."""
    with database.writing() as session:
        rows = [
            session.query(Utterance).filter_by(recording_id=recording.id, position=0).one()
            for recording in spring.recordings[:5]
        ]
        return make_draft(session, spring.event, rows).id


def row(database: Database, draft_id: int) -> Draft:
    with database.reading() as session:
        found = session.get_one(Draft, draft_id)
        assert found.changes is not None
        return found


def version(page: Page) -> str:
    return page.all("//input[@name='version']/@value")[0]


def test_the_list_shows_what_is_written_and_what_could_be(client: FlaskClient, draft: int) -> None:
    page = read(client, DRAFTS)
    assert page.one(f"//a[@href='{DRAFTS}/{draft}']").text_content() == "Finance: what gets in the way"
    assert len(page.all("//input[@name='theme']")) == 3
    assert "Nothing leaves this machine." in page.text


def test_an_event_without_themes_says_what_comes_first(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make_event(session, "empty")
    assert "There are no themes to write from yet." in read(client, "/events/empty/drafts").text


def test_a_draft_is_written_from_a_theme(client: FlaskClient, database: Database, spring: Spring) -> None:
    said = [sentence.strip() + "." for text in (*BUDGET, *FRIENDS) for sentence in text.split(".") if sentence.strip()]
    with database.writing() as session:
        for place, recording in enumerate(spring.recordings):
            for position in range(12):
                text = said[(12 * place + position) % len(said)]
                where = (Utterance.recording_id == recording.id, Utterance.position == position)
                session.execute(update(Utterance).where(*where).values(text=text))
    answer = client.post(DRAFTS, data={"theme": "1"})
    assert answer.status_code == 303
    page = read(client, answer.location)
    assert "The draft is written." in page.text
    assert len(page.all("//p[@class='question']")) >= 5
    assert page.all("//ol[@class='receipts']//a[contains(@href, '/groups/')]")
    again = client.post(DRAFTS, data={"theme": "1"})
    made = row(database, int(answer.location.rsplit("/", 1)[1]))
    assert (made.made_by, made.state) == ("the host", DraftState.DRAFTED)
    assert again.status_code == (422 if made.strand_id else 303)


def test_too_little_to_quote_and_other_mistakes_are_said_on_the_page(client: FlaskClient, spring: Spring) -> None:
    for data, said in [
        ({"theme": "3"}, "a guide needs 3"),
        ({}, "Choose the theme"),
        ({"theme": "x"}, "Choose the theme"),
    ]:
        answer = client.post(DRAFTS, data=data)
        assert answer.status_code == 422
        assert said in Page(answer.text).one("//p[@role='alert']").text_content()
    assert client.post(DRAFTS, data={"theme": "99"}).status_code == 404
    assert client.post("/events/spring/drafts", data={"strand": "99"}).status_code == 404


def test_it_reads_as_a_document_with_its_receipts_in_the_margin(client: FlaskClient, draft: int) -> None:
    page = read(client, f"{DRAFTS}/{draft}")
    sections = page.all("//section[contains(@class, 'guide-page')]")
    assert len(sections) == 6
    question = page.all("//p[@class='question']")[0]
    link = question.xpath(".//a[contains(@class, 'said')]")[0]
    assert link.text_content() == "Room 1 says sentence 0 of its talk."
    assert "#u-" in link.get("href")
    [number] = question.xpath(".//sup/a")
    assert page.all(f"//*[@id='{number.get('href')[1:]}']")
    assert page.all("//ol[@class='receipts']//a[@data-play]"), "room 1 can be heard"
    assert "90 minutes" in page.text


def test_a_draft_of_another_event_is_not_there(client: FlaskClient, database: Database, draft: int) -> None:
    with database.writing() as session:
        make_event(session, "autumn")
    for way in ("", "/edit", "/export"):
        assert client.get(f"/events/autumn/drafts/{draft}{way}").status_code == 404
    for way in ("edit", "accept", "reject", "reopen", "undo", "publish"):
        assert client.post(f"/events/autumn/drafts/{draft}/{way}", data={"reason": "x"}).status_code == 404, way
    assert client.get(f"{DRAFTS}/999").status_code == 404


def test_only_designers_and_organisers_get_there(signed_in_as: SignedInAs, draft: int) -> None:
    assert read(signed_in_as("designer"), f"{DRAFTS}/{draft}").text
    for role in ("alumnus", "sponsor"):
        assert signed_in_as(role).get(f"{DRAFTS}/{draft}").status_code == 403
        assert signed_in_as(role).post(f"{DRAFTS}/{draft}/accept").status_code == 403


def test_a_designer_edits_it(signed_in_as: SignedInAs, database: Database, draft: int) -> None:
    designer = signed_in_as("designer", name="Dora")
    form = read(designer, f"{DRAFTS}/{draft}/edit")
    assert form.one("//textarea[@id='p1-question']").text_content().strip().startswith("Somebody said: “⟦quote 1⟧”")
    typed = {
        "version": version(form),
        "title": "Money <b>",
        "mindset": "analysis",
        "p1-question": "“⟦quote 1⟧” So what?",
        "p1-minutes": "20",
        "p2-out": "1",
    }
    answer = designer.post(f"{DRAFTS}/{draft}/edit", data=typed)
    assert answer.status_code == 303
    page = read(designer, answer.location)
    assert page.one("//h1").text_content() == "Money <b>"
    question = page.all("//p[@class='question']")[0].text_content()
    assert question.startswith("“Room 1 says sentence 0 of its talk.”")
    assert question.endswith("So what?")
    assert "(should be 90)" in page.text
    assert "Dora edited it" in page.text
    assert len(body_of(row(database, draft).body).pages) == 4


def test_what_cannot_be_saved_stays_in_the_form(client: FlaskClient, database: Database, draft: int) -> None:
    form = read(client, f"{DRAFTS}/{draft}/edit")
    typed = {
        "version": version(form),
        "title": "",
        "p1-question": "<script>⟦quote 7⟧",
        "p2-framing": "y" * 10_000,
        "p3-minutes": "soon",
    }
    answer = client.post(f"{DRAFTS}/{draft}/edit", data=typed)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.one("//textarea[@id='p1-question']").text_content().strip() == "<script>⟦quote 7⟧"
    assert page.one("//textarea[@id='p2-framing']").text_content().strip() == "y" * 10_000
    assert page.one("//input[@id='p3-minutes']").get("value") == "soon"
    for name in ("title", "p1-question", "p2-framing", "p3-minutes"):
        assert page.one(f"//*[@id='{name}']").get("aria-describedby") == f"problem-{name}"
        assert page.one(f"//*[@id='problem-{name}']").text_content()
    assert row(database, draft).version == 1


def test_a_form_from_an_older_version_keeps_what_was_typed(client: FlaskClient, database: Database, draft: int) -> None:
    old = version(read(client, f"{DRAFTS}/{draft}/edit"))
    client.post(f"{DRAFTS}/{draft}/edit", data={"version": old, "title": "First"})
    answer = client.post(f"{DRAFTS}/{draft}/edit", data={"version": old, "title": "Second"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "The host changed this draft since you opened it" in page.text
    assert page.one("//input[@id='title']").get("value") == "Second"
    assert row(database, draft).title == "First"
    client.post(f"{DRAFTS}/{draft}/edit", data={"version": version(page), "title": "Second"})
    assert row(database, draft).title == "Second"


def test_two_who_edit_at_once_see_both_texts_and_nothing_is_lost(
    client: FlaskClient, database: Database, draft: int
) -> None:
    path = f"{DRAFTS}/{draft}/edit"
    form = read(client, path)
    mine = {
        field.get("name"): field.get("value") or (field.text or "").removeprefix("\n")
        for field in form.all("//form[contains(@class, 'guide-form')]//*[self::textarea or self::input]")
        if field.get("type") != "checkbox"
    }
    theirs = {**mine, "title": "Theirs", "p1-framing": "They framed it.", "p2-framing": "They reworded it."}
    assert client.post(path, data=theirs).status_code == 303
    mine |= {"title": "x" * 500, "p1-framing": "I framed it.", "p3-minutes": "21", "p2-out": "1"}
    page = Page(client.post(path, data=mine).text)

    assert page.one("//textarea[@id='p1-framing']").text_content().strip() == "I framed it."
    assert "It reads now: “They framed it.”" in page.one("//*[@id='problem-p1-framing']").text_content()
    assert "It reads now: “Theirs”" in page.one("//*[@id='problem-title']").text_content()
    assert page.one("//textarea[@id='p2-framing']").text_content().strip() == "They reworded it."
    assert page.one("//input[@id='p3-minutes']").get("value") == "21"
    assert page.one("//input[@name='p2-out']").get("checked") is None
    assert "Tick it again" in page.one("//*[@id='problem-p2-out']").text_content()
    again = {**mine, "version": version(page), "title": "Mine", "p2-framing": "They reworded it."}
    again.pop("p2-out")
    assert client.post(path, data=again).status_code == 303
    after = {line.id: line.text for line in body_of(row(database, draft).body).lines}
    assert (after["p1-framing"], after["p2-framing"]) == ("I framed it.", "They reworded it.")


def test_rejecting_needs_a_reason_and_everything_can_be_taken_back(
    client: FlaskClient, database: Database, draft: int
) -> None:
    def send(way: str, **data: str):
        return client.post(
            f"{DRAFTS}/{draft}/{way}", data={"version": version(read(client, f"{DRAFTS}/{draft}")), **data}
        )

    refused = send("reject", reason=" ")
    assert refused.status_code == 422
    assert "Say in a few words why not" in Page(refused.text).text
    assert send("reject", reason="We have <one>.").status_code == 303
    page = read(client, f"{DRAFTS}/{draft}")
    assert "Rejected: We have <one>." in page.text
    assert "Edit this draft" not in page.text
    assert send("undo").status_code == 303
    assert row(database, draft).state == DraftState.DRAFTED
    assert send("accept").status_code == 303
    assert send("reopen").status_code == 303
    stale = client.post(f"{DRAFTS}/{draft}/accept", data={"version": "1"})
    assert stale.status_code == 422
    assert row(database, draft).state == DraftState.DRAFTED


def test_an_accepted_draft_goes_into_the_catalogue(client: FlaskClient, database: Database, draft: int) -> None:
    assert client.post(f"{DRAFTS}/{draft}/publish").status_code == 422
    client.post(f"{DRAFTS}/{draft}/accept", data={"version": "1"})
    page = read(client, f"{DRAFTS}/{draft}")
    assert "The module keeps no copy of them" in page.text
    refused = client.post(f"{DRAFTS}/{draft}/publish")
    assert refused.status_code == 422 and "“Page 1”, the question; “Page 2”, the question" in refused.text
    with database.writing() as session:
        theme = session.scalars(select(Theme).where(Theme.number == 1)).one()
        theme.strand_id = session.get_one(Draft, draft).strand_id = make_strand(session, session.get_one(Event, 1)).id
    refused = client.post(f"{DRAFTS}/{draft}/publish")
    assert refused.status_code == 422 and "some of what is quoted names a room" in refused.text
    with database.writing() as session:
        session.execute(update(Group).values(name="Table " + cast(Group.id, String)))
    assert client.post(f"{DRAFTS}/{draft}/publish").status_code == 303
    said = "Room 1 says sentence 0 of its talk."
    assert said in client.get("/catalogue/1").text and said in client.get("/catalogue/export.csv").text
    with database.writing() as session:
        assert said not in str(session.get_one(Module, 1).pages)
    assert "It is in the catalogue as Finance: what gets in the way." in read(client, f"{DRAFTS}/{draft}").text
    assert client.post(f"{DRAFTS}/{draft}/publish").status_code == 422
    assert client.post("/events/spring/delete").status_code == 303
    gone = read(client, "/catalogue/1").text
    assert said not in gone and gone.count("(words that were withdrawn)") == 5


def test_it_can_be_had_as_a_file_with_and_without_receipts(client: FlaskClient, database: Database, draft: int) -> None:
    own = client.get(f"{DRAFTS}/{draft}/export?format=md")
    assert own.headers["Content-Disposition"] == 'attachment; filename="finance-what-gets-in-the-way.md"'
    assert "Room 1, 0:00" in own.text
    with database.writing() as session:  # words that name a room are quoted to nobody who was not there
        session.execute(update(Group).values(name="Table " + cast(Group.id, String)))
    handout = client.get(f"{DRAFTS}/{draft}/export?format=docx&receipts=no")
    texts = [paragraph.text for paragraph in Document(BytesIO(handout.data)).paragraphs]
    assert texts[0] == "Finance: what gets in the way"
    assert "Where it was said" not in texts
    assert any("Room 1 says sentence 0" in text for text in texts)
    assert "out of it" not in read(client, f"{DRAFTS}/{draft}").one("//section[@id='files']").text_content()
    with database.writing() as session:
        session.execute(update(Recording).values(consent=None))
    handout = client.get(f"{DRAFTS}/{draft}/export?format=md&receipts=no")
    assert "says sentence" not in handout.text and "words that may not be handed round" in handout.text
    files = read(client, f"{DRAFTS}/{draft}").one("//section[@id='files']").text_content()
    assert "stay out of it: too few groups raise the theme, or consent is not noted." in files
    assert client.get(f"{DRAFTS}/{draft}/export?format=exe").status_code == 400


def test_a_draft_whose_words_are_gone_needs_care(client: FlaskClient, database: Database, draft: int) -> None:
    with database.writing() as session:
        session.execute(update(Utterance).values(text="[removed]"))
    page = read(client, f"{DRAFTS}/{draft}")
    assert "Needs care: 11 lines rest on words" in page.text
    assert "says sentence" not in page.text
    assert "needs care" in read(client, DRAFTS).text
    assert "no longer in the transcript" in read(client, f"{DRAFTS}/{draft}/edit").text


def test_hostile_text_is_text(client: FlaskClient, database: Database, draft: int) -> None:
    hostile = "<img src=x onerror=alert(1)> {{ 7*7 }} “{0}”"
    with database.writing() as session:
        stored = session.get_one(Draft, draft)
        body = body_of(stored.body)
        line = body.pages[0].lines[0]
        stored.body = replace(with_lines(body, {line.id: replace(line, text=hostile)}), notes=(hostile,)).stored()
        stored.title = hostile
        session.execute(update(Utterance).values(text="<script>alert(2)</script> is what I said in the room."))
    for path in (DRAFTS, f"{DRAFTS}/{draft}", f"{DRAFTS}/{draft}/edit"):
        page = read(client, path)
        assert page.all("//img") == []
        assert page.all("//script[not(@src)]") == []
        assert "{{ 7*7 }}" in page.text


def switched_on(app: Flask, address: str) -> None:
    house = app.extensions[KEY]
    mining = MiningSettings(llm_url=address, llm_model="small-model", llm_seconds=5.0)
    app.extensions[KEY] = replace(house, settings=replace(house.settings, mining=mining))


def give_strand(database: Database, draft_id: int) -> None:
    """The factory's themes have none: as a mined theme it has one."""
    from mining.models import Theme
    from tests.factories import make_strand

    with database.writing() as session:
        stored = session.get_one(Draft, draft_id)
        strand = make_strand(session, session.get_one(type(make_event(session, "other")), stored.event_id))
        session.execute(update(Theme).where(Theme.number == 1).values(strand_id=strand.id))
        stored.strand_id = strand.id


def words_it(material: dict) -> dict:
    passage = material["passages"][0]
    quote = passage["text"].split(".")[0] + "."
    line = next(line for line in material["lines"] if line["role"] == "question")
    cited = [{"passage": passage["passage"], "quote": quote}, {"passage": 1, "quote": "They all lied to us here."}]
    return {"lines": [{"id": line["id"], "text": "“{0}” What about you?", "citations": cited}]}


def test_no_model_is_offered_unless_one_is_switched_on(client: FlaskClient, draft: int) -> None:
    assert "language model" not in read(client, f"{DRAFTS}/{draft}").text
    assert client.post(f"{DRAFTS}/{draft}/word", data={"send": "http://elsewhere"}).status_code == 400


def test_talk_is_sent_only_with_the_box_ticked(app: Flask, client: FlaskClient, database: Database, draft: int) -> None:
    give_strand(database, draft)
    with chat_server(says(words_it)) as talk:
        switched_on(app, talk.address)
        page = read(client, f"{DRAFTS}/{draft}")
        assert f"would be sent to {talk.address}, to be worded by small-model" in page.text
        refused = client.post(f"{DRAFTS}/{draft}/word")
        assert refused.status_code == 422
        assert "Tick the box" in Page(refused.text).text
        assert client.post(f"{DRAFTS}/{draft}/word", data={"send": "http://elsewhere/v1"}).status_code == 422
        assert talk.asked == []
        sent = page.one("//input[@name='send']").get("value")
        answer = client.post(f"{DRAFTS}/{draft}/word", data={"send": sent})
        assert answer.status_code == 303
        assert len(talk.asked) == 1
        worded = read(client, answer.location)
    callout = worded.one("//div[contains(@class, 'machine')]").text_content()
    assert "small-model" in callout
    assert "1\xa0citation that nobody said was dropped" in callout
    assert "What about you?" in worded.text
    assert "lied to us" not in worded.text


def test_a_model_that_fails_is_said_beside_the_button(
    app: Flask, client: FlaskClient, database: Database, draft: int
) -> None:
    give_strand(database, draft)
    with chat_server(fails(401)) as talk:
        switched_on(app, talk.address)
        answer = client.post(f"{DRAFTS}/{draft}/word", data={"send": talk.address})
    assert answer.status_code == 422
    said = Page(answer.text).one("//*[@id='send-problem']").text_content()
    assert "error 401" in said
    assert "The draft stays as it was." in said


def test_a_line_of_a_model_is_marked_in_the_form(client: FlaskClient, database: Database, draft: int) -> None:
    with database.writing() as session:
        stored = session.get_one(Draft, draft)
        body = body_of(stored.body)
        line: Line = body.pages[0].lines[0]
        stored.body = with_lines(body, {line.id: replace(line, worded=True)}).stored()
    assert len(read(client, f"{DRAFTS}/{draft}/edit").all("//label/span[@class='note']")) == 1


def test_what_is_wrong_with_an_answer_is_in_sight_and_what_was_done_is_too(client: FlaskClient, draft: int) -> None:
    page = read(client, f"/events/spring/drafts/{draft}")
    assert page.one("//button[text()='Reject']").get("formaction").endswith("/reject#answer")
    held = version(page)
    refused = Page(client.post(f"/events/spring/drafts/{draft}/reject", data={"version": held}).text)
    assert words(refused.one("//title")).startswith("Not done: ")
    assert refused.one("//section[@id='answer']//*[@role='alert']") is not None
    done = client.post(f"/events/spring/drafts/{draft}/reject", data={"version": held, "reason": "We have one."})
    assert done.location.endswith("#main")


def test_a_form_that_cannot_be_saved_names_the_fields_and_leads_to_each(client: FlaskClient, draft: int) -> None:
    held = version(read(client, f"{DRAFTS}/{draft}/edit"))
    form = {"version": held, "title": " ", "p1-minutes": "soon"}
    page = Page(client.post(f"{DRAFTS}/{draft}/edit", data=form).text)
    links = {words(a): a.get("href") for a in page.all("//*[@role='alert']//a")}
    assert links == {"Working title": "#problem-title", "Page 1: minutes": "#problem-p1-minutes"}
    assert all(page.one(f"//*[@id='{address[1:]}']") is not None for address in links.values())
    assert words(page.one("//title")).startswith("Not saved: ")
