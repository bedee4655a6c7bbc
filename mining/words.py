"""What counts as a word, as a filler and as a stop word in spoken English; used by every later stage of mining.

The lists are about speech: contractions, hedges and small talk that written-language lists lack. Words that carry a
subject in a workplace ("system", "bill", "fire") are in none of them. Other languages pass through unfiltered.
"""

import re

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?:-[^\W_]+(?:['’][^\W_]+)*)*")
_MASK = re.compile(r"\[[^\]\[]{1,40}\]")
_HESITATION = re.compile(
    r"(?<![\w'’-])(?:u+h+|u+m+|e+r+m*|h+m+|m+hm+|mm+|uh-huh|mm-hm+|huh|ah|eh)(?![\w'’-])[,.]?\s*", re.I
)
_BREAK = re.compile(r"[.,;:?!…()\"“”\[\]]+|\s[-–—]+\s|[–—]|--+")


def word_set(words: str) -> frozenset[str]:
    """The words of a text, for lists that are pleasant to read and to change."""
    return frozenset(words.split())


BACKCHANNELS = word_set(
    """
    ah aha alright absolutely agreed bye cool definitely eh er erm exactly fine good goodness gosh great hello hey hi hm
    hmm huh indeed interesting lovely mhm mm mm-hm mm-hmm nah neat nice no nope oh ok okay ooh perfect please really
    right see sorry sure thanks totally true uh uh-huh uh-hum huh-uh um um-hum well wow wonderful yah yeah yep yes yup
    """
)
"""Words that answer, agree or hesitate without bringing a subject."""

STOP_WORDS = (
    word_set(
        """
    a about above across after again against ago all almost along already also although always am among an and another
    any anybody anyhow anyone anything anyway anyways anywhere apart are around as aside ask asked asking asks at away
    back be became because become been before began begin being below beside besides between both but by came can
    can't cannot cause come comes coming could couldn't course did didn't different do does doesn't doing don't done
    down during each either else enough entire especially etc even ever every everybody everyone everything everywhere
    except fact far feel few find first five for found four from front full gave get gets getting give given gives
    giving go goes going gone gonna got gotta gotten guess guy guys had hadn't half happen happened happening happens
    hard hardly has hasn't have haven't having he he'd he'll he's hear heard her here here's hers herself him himself
    his how how's however hundred i i'd i'll i'm i've idea if in inside instead into is isn't it it'd it'll it's its
    itself just keep keeps kept kind kinda kinds knew know knowing known knows last later least leave left less let
    let's like liked likely likes little long look looked looking looks lot lots made mainly make makes making many may
    maybe me mean means meant might mine minute moment more most mostly much must my myself near nearly necessarily need
    needed needs neither never new next nine no nobody none nor not nothing now nowhere number obviously of off often
    oh old on once one ones one's only onto opinion or other others otherwise ought our ours ourselves out outside over
    own part particular particularly pass per perhaps person personally place plus point pretty probably put puts
    putting quite rather real really reason recently said same saw say saying says second see seeing seem seemed seems
    seen seven several shall she she'd she'll she's should shouldn't show side similar simply since six so some somebody
    somehow someone something sometime sometimes somewhat somewhere soon sort sorta sorts started starting still stuff
    such supposed sure take taken takes taking talk talked talking tell telling ten than that that'd that'll that's the
    their theirs them themselves then there there'd there'll there's these they they'd they'll they're they've thing
    things think thinking thinks third this those though thought thousand three through throughout thus till time times
    to today together told tomorrow too took toward towards tried tries true try trying turn turned twelve twenty two
    type under understand unless unlike until up upon us use used uses using usually very want wanted wants was wasn't
    way ways we we'd we'll we're we've week weeks well went were weren't what what'd what's whatever whatnot when when's
    whenever where where's wherever whether which whichever while who who'd who's whoever whole whom whose why will
    wish with within without won't wonder word words would wouldn't wow yeah year years yes yesterday yet you you'd
    you'll you're you've your yours yourself yourselves zero actually basically certainly clearly honestly literally
    absolutely anymore able big bit bits bunch couple day days different end especially forth good great half high low
    large small level line name nice bad better best worse worst right wrong interesting interested kid kidding ok okay
    people problem question read remember say set somebody start stop suppose thank thanks welcome work worked works
    working world wanna yea ya em ain't y'all dunno lemme gotcha hi hello hey bye please sorry goodness gosh exactly
    morning afternoon evening everyday aren't hadn't mustn't needn't eleven thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen thirty forty fifty sixty seventy eighty ninety million minutes months apparently aware certain
    consider considered considering enjoy enjoyed fortunately generally hopefully mention mentioned notice noticed
    realise realised realize realized sounds supposedly unfortunately wondered wondering
    """
    )
    | BACKCHANNELS
)
"""Words that never name a subject by themselves; inside a phrase ("saying no to the boss") they may stand."""

FUNCTION_WORDS = word_set(
    """
    a am an and are as at be been but by can could d did do does for from had has have he her him his how i i'd i'll i'm
    if in is it it's its just kind know let like ll m me mean my not of on or our re s see she so sort t than that
    that's the their them then there they think this to too us ve very was we well were what when where which who will
    with would you you're your i've don't guess
    """
)
"""What alone, with backchannels, still says nothing: "I, uh", "you know", "and so it's"."""

EDGE_WORDS = STOP_WORDS - word_set(
    """
    no say saying said ask asking asked time times people person problem problems question questions work
    working works worked talk talking new old own small big hard bad good best better nice everyday week month
    year years day days minutes world life level part number line half left right wrong first second third four five six
    seven eight ten start starting started stop stopping together alone different end keep keeping understand
    morning after before without against nobody help try trying long high low real tell telling
    """
)
"""Words a phrase may neither begin nor end with; other stop words may: "saying no", "after the sixth meeting"."""

SHORT = 4
"""An utterance of more words than this is never a backchannel, whatever they are."""


def words_of(text: str) -> list[str]:
    """Lower-case words; masks such as "[person 3]" and bare numbers are none."""
    return [word for word in _WORD.findall(_MASK.sub(" ", text.lower().replace("’", "'"))) if not word.isdigit()]


def is_backchannel(text: str) -> bool:
    """Whether somebody only showed that they listen, hesitated, or broke off after a word or two."""
    words = words_of(text)
    if all(word in BACKCHANNELS for word in words):
        return True
    return len(words) <= SHORT and all(word in BACKCHANNELS or word in FUNCTION_WORDS for word in words)


def without_hesitation(text: str) -> str:
    """The text as it is embedded: no "uh" and "um", no masks. Never shown to anybody."""
    return " ".join(_HESITATION.sub("", _MASK.sub(" ", text)).split())


def names_subject(word: str) -> bool:
    """Whether a lower-case word may name a subject by itself; "twenty-three" and "ten" do not."""
    if len(word) < 3 or word.isdigit() or word in STOP_WORDS:
        return False
    return "-" not in word or any(part not in STOP_WORDS for part in word.split("-"))


def content_words(text: str) -> list[str]:
    """Words that may name a subject, in order."""
    return [word for word in words_of(text) if names_subject(word)]


def clauses(text: str) -> list[list[str]]:
    """Lower-case words between two punctuation marks or masks: no phrase reaches across those."""
    parts = _BREAK.split(_MASK.sub(" . ", _HESITATION.sub("", text.lower().replace("’", "'"))))
    return [words for part in parts if (words := _WORD.findall(part))]


def stem(word: str) -> str:
    """Singular and plural, and a possessive, as one: only to compare key words with one another."""
    word = word.removesuffix("'s").removesuffix("'")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 and word != "news"
    return word[:-1] if plural else word
