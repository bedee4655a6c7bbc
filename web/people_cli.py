"""`harvest invite` and `harvest people`: who may sign in, and the links to send them, in the terminal.

Nothing heavy is imported before a command needs it.
"""

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capture.console import Console, show_json, who_sits_here
from capture.errors import HarvestError, Refused

if TYPE_CHECKING:
    from capture.access import Member

ROLES = ("organiser", "designer", "alumnus", "sponsor")
HERE = "http://127.0.0.1:8765"
"""What links begin with where nothing was said: where `harvest serve` listens on this machine."""


@click.command()
@click.argument("event")
@click.option("--role", type=click.Choice(ROLES), help="What they are in the event's programme.")
@click.option("--name", default="", help="What others know them by.")
@click.option("--email", help="By which rosters know them; who is here already gets the new role.")
@click.option("--from-roster", is_flag=True, help="Everybody on the event's roster, as alumni.")
@click.option("--days", type=int, help="How long new links hold; default: HARVEST_INVITATION_DAYS, else 14.")
@click.option("--address", metavar="URL", help="What links begin with; default: HARVEST_ADDRESS.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the links as a CSV sheet, to be sent.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def invite(
    console: Console,
    event: str,
    role: str | None,
    name: str,
    email: str | None,
    from_roster: bool,
    days: int | None,
    address: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Make links that let people sign in to EVENT's programme. No mail is sent: you send the links."""
    if from_roster and (role or name or email):
        raise click.UsageError("--from-roster invites everybody as alumni; leave --role, --name and --email away.")
    if not from_roster and not role:
        raise click.UsageError("Give a --role with a --name or an --email, or --from-roster.")
    if output and output.suffix.lower() != ".csv":
        raise Refused(f"{output.name} should end in .csv: the links are written as a table.")
    settings = _settings(console)
    base = _address(settings, address)
    days = settings.invitation_days if days is None else days
    said, members = _invite(console, event, role, days, name, email)
    lines = [(member, _link(console, base, member)) for member in members]
    if output:
        _write(output, lines)
    if as_json:
        show_json({"event": event, "said": said, "invited": [_facts(member, link) for member, link in lines]})
        return
    click.echo(said)
    if output:
        click.echo(f"Wrote {len(lines)} links to {output}; whoever has one is let in, so keep the file to yourself.")
    else:
        for member, link in lines:
            click.echo(f"{member.name}: {link}")
    if lines and base == HERE:
        click.echo("The links lead to this machine only. For others: --address https://…, or set HARVEST_ADDRESS.")


def _invite(
    console: Console, slug: str, role: str | None, days: int, name: str, email: str | None
) -> "tuple[str, list[Member]]":
    """Invites one, or the roster where no role is given. Returns what to say, and those whose links are to be sent."""
    from capture.events import get_event
    from capture.invitations import invite, invite_roster, sheet
    from capture.models import Role
    from capture.programmes import ensure_programme

    with console.database().writing() as session:
        event = get_event(session, slug)
        programme = ensure_programme(session, event)
        if role is None:
            said = invite_roster(session, event, who_sits_here(), days).words
            return said, sheet(session, programme, roster=event)
        done = invite(session, programme, Role(role), who_sits_here(), days, name=name, email=email)
        return done.words, [each for each in sheet(session, programme) if each.person_id == done.person.id]


@click.command()
@click.argument("event")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def people(console: Console, event: str, as_json: bool) -> None:
    """Show who has access to EVENT's programme. Links are not shown: `harvest invite` writes them."""
    from capture.access import people_of
    from capture.events import get_event
    from capture.programmes import programme_of

    with console.database().reading() as session:
        programme = programme_of(session, get_event(session, event))
        members = people_of(session, programme) if programme else []
    if as_json:
        show_json({"event": event, "people": [_facts(member) for member in members]})
        return
    for member in members:
        panel = ", on the panel" if member.panel else ""
        used = f"last sign-in {member.last_used.astimezone():%Y-%m-%d %H:%M}" if member.last_used else "not used yet"
        click.echo(f"{member.role:9}  {member.name} {f'<{member.email}>' if member.email else ''}".rstrip() + panel)
        click.echo(f"           link: {_state(member)}, {used}")
    if not members:
        click.echo(f"Nobody but the host. Invite somebody: harvest invite {event} --role designer --name NAME")


def _settings(console: Console) -> Any:
    from mining.settings import MiningSettings
    from web.settings import WebSettings

    return WebSettings.from_env(capture=console.capture, mining=MiningSettings.from_env())


def _address(settings: Any, given: str | None) -> str:
    from web.links import clean_address

    return clean_address(given) if given else str(settings.public_address or HERE)


def _link(console: Console, base: str, member: "Member") -> str:
    from web.links import Links, secret_key

    assert member.invitation
    return f"{base}/sign-in/{Links(secret_key(console.capture.data_dir)).of_invitation(member.invitation.nonce)}"


def _state(member: "Member") -> str:
    from capture.invitations import state_of

    if member.invitation is None:
        return "none"
    state = state_of(member.invitation)
    return f"until {member.invitation.expires_at.astimezone():%Y-%m-%d}" if state == "open" else state


def _facts(member: "Member", link: str | None = None) -> dict[str, Any]:
    until = member.invitation.expires_at.isoformat() if member.invitation else None
    return {
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "panel": member.panel,
        "uses": member.uses,
        "last_used": member.last_used.isoformat() if member.last_used else None,
        "expires_at": until,
        **({"link": link} if link else {"state": _state(member)}),
    }


def _write(path: Path, lines: "list[tuple[Member, str]]") -> None:
    """For its owner only: whoever reads it can sign in as everybody in it. A file that was there is replaced, because
    others may have been let to read it. Raises HarvestError."""
    from web.sheet import sheet_csv

    fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sheet_csv(lines).encode("utf-8-sig"))
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise HarvestError(f"{path} cannot be written: {error.strerror}.") from None
