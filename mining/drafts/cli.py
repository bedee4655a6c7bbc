"""`harvest drafts`: module drafts of an event in the terminal: list, make, show, have worded, write to a file, answer.

Nothing heavy is imported before it is needed.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capture.console import Console, show_json, who_sits_here, write_file
from capture.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from mining.drafts.reading import ShownDraft
    from mining.settings import MiningSettings
    from mining.suggestion_models import Draft

VERDICTS = {None: "not compared", "gap": "no module", "partly": "partly answered", "covered": "covered"}


@click.command()
@click.argument("event")
@click.option("--theme", type=int, metavar="N", help="The theme of that number (harvest themes EVENT).")
@click.option("--make", is_flag=True, help="Write a draft of the theme, or of every gap where no theme is given.")
@click.option("--draft", "draft_id", type=int, metavar="ID", help="Show this draft, with its receipts.")
@click.option("--worded", is_flag=True, help="Send the theme's talk to HARVEST_LLM_URL and let the model word it.")
@click.option("--accept", is_flag=True, help="Accept the draft.")
@click.option("--reject", metavar="REASON", help="Reject the draft, and say why.")
@click.option("--export", type=click.Path(path_type=Path), help="Write it to FILE.md or FILE.docx.", metavar="FILE")
@click.option("--receipts/--no-receipts", default=True, help="Whether the file says who said what and when.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def drafts(
    console: Console,
    event: str,
    theme: int | None,
    make: bool,
    draft_id: int | None,
    worded: bool,
    accept: bool,
    reject: str | None,
    export: Path | None,
    receipts: bool,
    as_json: bool,
) -> None:
    """Module drafts of EVENT: what there is and what could be written; with --make, write it.

    \b
    harvest drafts spring                              list themes and drafts
    harvest drafts spring --make --theme 2             write one
    harvest drafts spring --draft 1                    read it
    harvest drafts spring --draft 1 --export guide.md  hand it round
    """
    if export is not None and export.suffix.lower() not in (".md", ".docx"):
        raise click.UsageError("--export wants a file that ends in .md or .docx.")
    if accept and reject is not None:
        raise click.UsageError("Either --accept or --reject, not both.")
    made = _make(console, event, theme) if make else []
    which = _which(console, event, draft_id, theme, made)
    if which is None:
        if worded or accept or reject is not None or export:
            raise click.UsageError("Say which draft: --draft ID, or --theme N.")
        _list(console, event, as_json, made)
        return
    if worded:
        _word(console, event, which)
    if accept or reject is not None:
        _answer(console, event, which, accept, reject or "")
    if export is not None:
        _export(console, event, which, export, receipts)
    elif as_json or not (accept or reject is not None):
        _show(console, event, which, as_json)


def _which(console: Console, event: str, draft_id: int | None, theme: int | None, made: list[int]) -> int | None:
    """The draft that is meant: by its number, as the one that was written now, or as the newest of a theme."""
    if draft_id is not None:
        return draft_id
    if len(made) == 1:
        return made[0]
    return _of_theme(console, event, theme) if theme is not None else None


def _make(console: Console, slug: str, theme: int | None) -> list[int]:
    """Ids of the drafts that were written. Without a theme, one for each gap that has none."""
    from capture.events import get_event
    from mining.drafts.drafting import draft_theme
    from mining.drafts.drafts import topics_of
    from mining.suggestion_models import DraftState

    database = console.database()
    with database.reading() as session:
        topics, _ = topics_of(session, get_event(session, slug))
    wanted = (
        [theme]
        if theme is not None
        else [
            topic.number
            for topic in topics
            if topic.verdict == "gap" and (topic.draft is None or topic.draft.state == DraftState.REJECTED)
        ]
    )
    made, problems = [], []
    for number in wanted:
        try:
            made.append(draft_theme(database, console_settings(), slug, number, by=who_sits_here()))
        except Refused as refused:
            if theme is not None:
                raise
            problems.append(str(refused))  # one theme with too little talk does not stop the others
    for problem in problems:
        click.echo(problem, err=True)
    if not wanted:
        click.echo("No theme is a gap without a draft. Choose one yourself: --make --theme N", err=True)
    return made


def console_settings() -> "MiningSettings":
    from mining.settings import MiningSettings

    return MiningSettings.from_env()


def _of_theme(console: Console, slug: str, theme: int) -> int:
    from capture.events import get_event
    from mining.drafts.drafts import topics_of

    with console.database().reading() as session:
        topics, _ = topics_of(session, get_event(session, slug))
        topic = next((topic for topic in topics if topic.number == theme), None)
        if topic is None:
            raise Refused(f"There is no theme {theme} in {slug}. See them: harvest themes {slug}")
        if topic.draft is None:
            raise Refused(
                f"There is no draft of theme {theme} yet. Write one: harvest drafts {slug} --make --theme {theme}"
            )
        return topic.draft.id


def _list(console: Console, slug: str, as_json: bool, made: list[int]) -> None:
    from capture.events import get_event
    from mining.drafts.drafts import drafts_of, topics_of

    with console.database().reading() as session:
        event = get_event(session, slug)
        topics, _ = topics_of(session, event)
        rows = drafts_of(session, event)
        if as_json:
            themes = [
                {
                    "theme": topic.number,
                    "label": topic.label,
                    "breadth": topic.breadth,
                    "depth": topic.depth,
                    "coverage": topic.verdict,
                    "nearest": topic.nearest,
                    "draft": topic.draft.id if topic.draft else None,
                }
                for topic in topics
            ]
            show_json(
                {"event": slug, "themes": themes, "drafts": [_facts(row) | {"new": row.id in made} for row in rows]}
            )
            return
        for topic in topics:
            state = f"draft {topic.draft.id}, {topic.draft.state.value}" if topic.draft else "no draft"
            click.echo(
                f"{topic.number:>3}  {topic.breadth:>2} groups  {VERDICTS[topic.verdict]:16} {state:20} {topic.label}"
            )
        for row in rows:
            if row.id in made:
                click.echo(f"Wrote draft {row.id}: {row.title}. Read it: harvest drafts {slug} --draft {row.id}")
        if not topics:
            click.echo(f"There are no themes to write from yet. Look for them: harvest mine {slug}")
        elif not rows:
            number = topics[0].number
            click.echo(f"Nothing is drafted yet. Write one: harvest drafts {slug} --make --theme {number}")


def _show(console: Console, slug: str, draft_id: int, as_json: bool) -> None:
    with console.database().reading() as session:
        row, draft = _read(session, slug, draft_id)
        if as_json:
            show_json(_document(row, draft))
            return
    from mining.drafts.files import document, endnotes

    for block in document(draft, receipts=True):
        text = "".join(f"{text.text}{''.join(f' [{n}]' for n in text.notes)}" for text in block.texts)
        click.echo(
            {"title": f"{text}\n", "heading": f"\n{text}", "step": f"  {text}", "question": f"  ? {text}"}.get(
                block.style, text
            )
        )
    click.echo("\nWhere it was said")
    for number, where in endnotes(draft):
        click.echo(f"[{number}] {where}")


def _word(console: Console, slug: str, draft_id: int) -> None:
    """Says what goes where before it goes. A model that fails leaves the plain draft, and says why."""
    from capture.events import get_event
    from mining.drafts.drafts import get_draft
    from mining.drafts.openai_wording import model_of
    from mining.drafts.rewording import parcel_of, word_draft
    from mining.drafts.wording import WordingFailed

    model = model_of(console_settings())
    if model is None:
        raise Refused("No language model is switched on. Set HARVEST_LLM_URL and HARVEST_LLM_MODEL; see the README.")
    database = console.database()
    with database.reading() as session:
        event = get_event(session, slug)
        event_id = event.id
        parcel = parcel_of(session, event, get_draft(session, event, draft_id))
    click.echo(
        f"Sending {len(parcel.passages)} passages of talk ({parcel.words:,} words) to {model.where}, "
        f"to be worded by {model.name}.",
        err=True,
    )
    try:
        worded = word_draft(database, event_id, draft_id, model, who_sits_here())
    except WordingFailed as failed:
        click.echo(f"{failed} The draft stays as it was.", err=True)
        return
    click.echo(
        f"{model.name} worded {worded.lines} lines; {worded.refused} were refused, and {worded.dropped} citations "
        "dropped because nobody said that.",
        err=True,
    )


def _answer(console: Console, slug: str, draft_id: int, accepted: bool, reason: str) -> None:
    from capture.events import get_event
    from mining.drafts.drafts import get_draft
    from mining.drafts.log import accept, reject

    with console.database().writing() as session:
        draft = get_draft(session, get_event(session, slug), draft_id)
        if accepted:
            accept(session, draft, draft.version, who_sits_here())
        else:
            reject(session, draft, draft.version, who_sits_here(), reason)
        click.echo(f"{draft.state.value.capitalize()} draft {draft.id}: {draft.title}.", err=True)


def _export(console: Console, slug: str, draft_id: int, path: Path, receipts: bool) -> None:
    from mining.drafts.files import rendered

    with console.database().reading() as session:
        _, draft = _read(session, slug, draft_id, heard=receipts)
    write_file(path, rendered(draft, path.suffix.lower().lstrip("."), receipts))
    click.echo(f"Wrote {path}, {'with' if receipts else 'without'} receipts.")
    if draft.withheld:
        click.echo(
            f"Left out for participants: {draft.withheld} of {len(draft.receipts)} quotes, because too few groups raise"
            " the theme, or consent is not noted."
        )


def _read(session: "Session", slug: str, draft_id: int, heard: bool = True) -> "tuple[Draft, ShownDraft]":
    from capture.events import get_event
    from mining.drafts.drafts import get_draft
    from mining.drafts.reading import shown

    row = get_draft(session, get_event(session, slug), draft_id)
    return row, shown(session, row, heard)


def _facts(row: "Draft") -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "mindset": row.mindset,
        "state": row.state.value,
        "reason": row.reason,
        "worded_by": row.wording or None,
        "dropped": row.dropped,
        "made_at": row.made_at.isoformat(),
        "made_by": row.made_by,
    }


def _document(row: "Draft", draft: "ShownDraft") -> dict[str, Any]:
    def line(each: Any) -> dict[str, Any]:
        return {"id": each.id, "role": each.role, "text": each.text, "receipts": [r.number for r in each.receipts]}

    return _facts(row) | {
        "minutes": draft.minutes,
        "why": [line(each) for each in draft.why],
        "purpose": [line(each) for each in draft.purpose],
        "pages": [
            {"title": page.title, "minutes": page.minutes, "lines": [line(each) for each in page.lines]}
            for page in draft.pages
        ],
        "near": [{"module": near.module, **line(near.line)} for near in draft.near],
        "notes": list(draft.notes),
        "receipts": [
            {"number": r.number}
            | (
                {"text": r.cited.text, "group": r.cited.group_name, "start": r.cited.start, "end": r.cited.end}
                if r.cited
                else {"text": None}
            )
            for r in draft.receipts
        ],
    }
