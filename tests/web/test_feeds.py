"""The Atom feed, as a strict reader sees it (RFC 4287)."""

from datetime import UTC, datetime, timedelta, timezone

from lxml import etree

from web.feeds import ATOM, Entry, atom

WHEN = datetime(2026, 3, 19, 18, 4, 5, 123456, tzinfo=UTC)
NS = {"a": ATOM}


def made(*entries: Entry) -> etree._Element:
    data = atom(
        "ann", "Notices for Ann & Bob", "https://h.example/feeds/x.atom", "https://h.example/notices", WHEN, entries
    )
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False))


def test_a_feed_has_all_that_a_feed_must_have() -> None:
    feed = made(Entry("1", "“T” was adopted.", WHEN + timedelta(hours=1), "https://h.example/p/1"))
    assert feed.tag == f"{{{ATOM}}}feed"
    for name in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:link[@rel='self']", "a:link[@rel='alternate']"):
        assert len(feed.xpath(name, namespaces=NS)) == 1, name
    [entry] = feed.xpath("a:entry", namespaces=NS)
    for name in ("a:id", "a:title", "a:updated", "a:content", "a:link[@rel='alternate']"):
        assert len(entry.xpath(name, namespaces=NS)) == 1, name
    assert feed.findtext("a:updated", namespaces=NS) == entry.findtext("a:updated", namespaces=NS)
    assert all(each.text.startswith("urn:uuid:") for each in feed.iterfind(".//a:id", NS))


def test_times_are_rfc_3339_in_utc() -> None:
    there = WHEN.astimezone(timezone(timedelta(hours=5)))
    assert made(Entry("1", "x", there, None)).findtext("a:entry/a:updated", namespaces=NS) == "2026-03-19T18:04:05Z"
    assert made().findtext("a:updated", namespaces=NS) == "2026-03-19T18:04:05Z"


def test_ids_stay_when_a_text_changes_and_differ_between_entries() -> None:
    one = made(Entry("1", "one has it", WHEN, None), Entry("2", "other", WHEN, None))
    two = made(Entry("1", "two have it", WHEN + timedelta(days=1), None), Entry("2", "other", WHEN, None))
    ids = [[each.text for each in feed.iterfind(".//a:id", NS)] for feed in (one, two)]
    assert ids[0] == ids[1] and len(set(ids[0])) == 3


def test_no_text_can_break_it() -> None:
    nasty = "<b>&amp; \x00\x0b ]]> \ufffe \u202e “T”\n\n</entry>" + "x" * 500
    feed = made(Entry("1", nasty, WHEN, "https://h.example/p?a=1&b=<2>"))
    content = feed.findtext("a:entry/a:content", namespaces=NS)
    assert content is not None and "<b>&amp;" in content and "</entry>" in content and "\x00" not in content
    assert len(feed.findtext("a:entry/a:title", namespaces=NS) or "") <= 122
