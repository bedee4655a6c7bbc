"""`harvest proposals`: topics that alumni bring, listed, read, added and answered in the terminal.

Whoever sits here is the host, and may do everything. Nothing heavy is imported before a command needs it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from capture.console import Console, show_json, who_sits_here

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from capture.models import Event
    from mining.proposals.rights import Actor

STATES = ("open", "adopted", "merged", "not-now", "withdrawn")
ANSWERS = {"adopted": "adopted", "merged": "merged", "not-now": "not now", "open": "open"}
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


@click.group()
def proposals() -> None:
    """Topics that people of a programme propose for new modules.

    They belong to the programme of EVENT. PROPOSAL is the number that the list shows.
    """


@proposals.command("list")
@click.argument("event")
@click.option("--state", type=click.Choice(STATES), help="Only these.")
@click.option("--search", default="", metavar="WORDS", help="Only those that hold every word.")
@AS_JSON
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write them with all that was said: .csv or .json."
)
@click.pass_obj
def list_(console: Console, event: str, state: str | None, search: str, as_json: bool, output: Path | None) -> None:
    """List the proposals: open ones by how many have it too, then those that were answered."""
    from capture.events import get_event
    from capture.spreadsheets import give
    from mining.footing import counted
    from mining.proposals.proposal_files import list_document, listed, table, themes_answered

    with console.database().writing() as session:
        row = get_event(session, event)
        programme_id, actor = _here(session, row)
        pages = listed(session, programme_id, actor, (state or "").replace("-", " "), search)
        themes = themes_answered(session, pages, None)
    lines = [
        f"{each.row.id:>4}  {each.voices + 1:>3}  {each.row.state.value:<9}  {each.row.title}"
        f"  ({each.proposer or 'unknown'})"
        for each in pages
    ]
    none = ["None." if state or search else "Nobody has proposed anything yet."]
    document, what = list_document(event, pages, themes), counted(len(pages), "proposal")
    give(document, table(pages, themes), lines or none, output, as_json, what)


@proposals.command()
@click.argument("event")
@click.argument("proposal", type=int)
@AS_JSON
@click.pass_obj
def show(console: Console, event: str, proposal: int, as_json: bool) -> None:
    """Show one proposal with its questions, who wants to work on it, and the answer."""
    from capture.events import get_event
    from mining.proposals import reading as proposal_reading
    from mining.proposals.proposal_files import one_document, themes_answered
    from mining.proposals.proposals import get_proposal

    with console.database().writing() as session:
        programme_id, actor = _here(session, get_event(session, event))
        page = proposal_reading.shown(session, get_proposal(session, programme_id, proposal), actor)
        assert page  # staff see every one
        themes = themes_answered(session, [page], None)
    document = one_document(event, page, themes)
    if as_json:
        show_json(document)
        return
    click.echo(f"{document['title']} ({document['state']}), proposed by {document['proposer'] or 'unknown'}\n")
    for name in ("challenge", "matters", "success"):
        click.echo(f"{name.title()}: {document[name]}\n")
    click.echo(f"Others who have this too: {document['voices']}. Working on it: {', '.join(page.workers) or 'nobody'}.")
    for question in document["questions"]:
        click.echo(f"It should ask: {question}")
    if document["reason"]:
        click.echo(f"\nAnswer of {document['answered_by']}: {document['state']}. {document['reason']}")


@proposals.command()
@click.argument("event")
@click.option("--title", required=True)
@click.option("--challenge", required=True, help="What is the challenge?")
@click.option("--matters", required=True, help="Why does it matter to whoever proposes it?")
@click.option("--success", required=True, help="What would a successful outcome look like?")
@click.option("--by", metavar="E-MAIL", help="Whose proposal it is; default: the host's.")
@click.option("--theme", type=int, help="The theme it answers, by its number in: harvest themes EVENT")
@AS_JSON
@click.pass_obj
def add(
    console: Console,
    event: str,
    title: str,
    challenge: str,
    matters: str,
    success: str,
    by: str | None,
    theme: int | None,
    as_json: bool,
) -> None:
    """Add a proposal, for example one that somebody sent by mail."""
    from capture.events import get_event
    from capture.programmes import ensure_programme
    from mining.curating.decisions import strand_of
    from mining.proposals import proposals as topics
    from mining.proposals.briefs import Brief

    brief = Brief.of({"title": title, "challenge": challenge, "matters": matters, "success": success})
    with console.database().writing() as session:
        row = get_event(session, event)
        actor = _by_mail(session, row, by) if by else _here(session, row)[1]
        strand = strand_of(session, row.id, theme) if theme is not None else None
        made = topics.propose(session, ensure_programme(session, row), row, actor, brief, strand)
        number = made.id
    if as_json:
        show_json({"event": event, "id": number})
    else:
        click.echo(
            f"Proposal {number}, “{brief.title}”, is open. To answer it: harvest proposals answer {event} {number}"
        )


@proposals.command()
@click.argument("event")
@click.argument("proposal", type=int)
@click.argument("answer", type=click.Choice(tuple(ANSWERS)))
@click.option("--reason", required=True, help="Why; whoever proposed it reads it.")
@click.option("--into", type=int, help="The proposal that it goes on in (merged).")
@click.option("--theme", type=int, help="The theme that its draft is written from (adopted); default: the one it has.")
@click.pass_obj
def answer(
    console: Console, event: str, proposal: int, answer: str, reason: str, into: int | None, theme: int | None
) -> None:
    """Adopt a proposal, merge it into another, say not now, or open it again."""
    from capture.events import get_event
    from mining.curating.decisions import strand_of
    from mining.proposals import answers
    from mining.proposals.proposals import get_proposal
    from mining.proposals.reading import programme_by_id

    database = console.database()
    with database.writing() as session:
        programme_id, actor = _here(session, get_event(session, event))
        row, programme = get_proposal(session, programme_id, proposal), programme_by_id(session, programme_id)
        assert programme
        common = (session, programme.mode, row, actor, reason, row.version)
        if answer == "adopted":
            strand = strand_of(session, row.event_id, theme) if theme is not None and row.event_id else row.strand_id
            answers.adopt(*common, strand)
        elif answer == "merged":
            answers.merge(*common, into)
        elif answer == "not-now":
            answers.not_now(*common)
        else:
            answers.reopen(*common)
        title = row.title
    click.echo(f"“{title}”: {ANSWERS[answer]}. Whoever proposed it finds the reason among their notices.")
    if answer == "adopted":
        _draft(console, proposal)


def _draft(console: Console, proposal: int) -> None:
    from mining.proposals.drafts import draft_adopted
    from mining.settings import MiningSettings

    drafted = draft_adopted(console.database(), MiningSettings.from_env(), proposal, who_sits_here())
    if drafted.draft_id:
        click.echo(f"Draft {drafted.draft_id} of its module is written.")
    else:
        click.echo(f"No draft was written. {drafted.why_none}")


def _here(session: "Session", event: "Event") -> "tuple[int, Actor]":
    """The event's programme, and whoever sits at the terminal."""
    from capture.access import host_person
    from capture.programmes import ensure_programme
    from mining.proposals.rights import Actor

    actor = Actor(host_person(session).id, who_sits_here(), staff=True, panel=True)
    return ensure_programme(session, event).id, actor


def _by_mail(session: "Session", event: "Event", email: str) -> "Actor":
    """Somebody with a role in the programme. Raises NotFound."""
    from sqlalchemy import select

    from capture.errors import NotFound
    from capture.models import Access, Person, Role
    from capture.programmes import ensure_programme
    from mining.proposals.rights import Actor

    query = select(Person, Access.role).join(Access, Access.person_id == Person.id)
    here = query.where(
        Access.programme_id == ensure_programme(session, event).id, Person.email == email.strip().lower()
    )
    found = session.execute(here).first()
    if found is None:
        raise NotFound(
            f"Nobody with the address {email} has a role here. Invite them first: harvest invite {event.slug}"
        )
    return Actor(found[0].id, found[0].name, writes=found[1] != Role.SPONSOR)
