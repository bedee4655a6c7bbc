"""English words that decide whether something is somebody's name; used by cues (labels) and redaction (masks)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    "van von der den de del della di da do dos du des la le el al bin ibn bint ter ten te zu zur af av of the y e "
    "st st. san santa"
)
"""Small words inside names; a name is still a name when they are in lower case."""
TITLES = _words("jr jr. sr sr. dr dr. mr mr. mrs mrs. ms ms. prof prof. phd mba sir dame")
DEVICES = _words("iphone ipad galaxy android laptop macbook phone tablet pc desktop mobile computer zoom teams")
"""What people's devices call themselves: “Anna's iPhone”."""

NEVER_NAMES = _words(
    """
    i you he she it we they me us my your his her its our their this that these those the a an and or but so if when as
    of to in on at for with by from about is are was were be been am do does did have has had would can could should
    must not no yes yeah yep ok okay oh well right sure exactly one two three four five first second third next last
    finally then now here there what which who why how where also again because just like really only maybe perhaps
    please thanks thank listen look remember point thing things meaning basically honestly actually anyway however
    note notes re ps nb fyi question questions answer answers agenda action actions todo summary topic topics subject
    date time times location place venue attendees participants present apologies minutes to cc bcc sent tel phone
    telephone mobile fax email e-mail mail http https www url link warning caution error result results conclusion idea
    goal goals aim problem problems challenge challenges solution reason fact example examples version title name
    duration recording transcript language source today tomorrow yesterday monday tuesday wednesday thursday friday
    saturday sunday january february march july september october november december step lesson lessons rule option
    part chapter section page room
    """
)
"""Words that begin a heading or a sentence; a label with one of them is no name unless the file insists on it."""

COMMON_NAMES = _words(
    """
    amber angel april art ash autumn basil bay bill blaze bob bud carol chad chance charity chase chip christian chuck
    clay cliff colt constance coral crystal daisy dale dawn dean dick dolly don drew duke earl eden ember eric eve
    faith fern flora florence forest frank gay gene ginger glad glen grace grant guy harmony harry hazel heath heather
    holly homer hope hunter iris israel ivory ivy jack jade jasmine jay jean jewel jimmy joy june justice kit lance
    lane laurel lily lucky mac major mark marina mason mat max may melody mercy merit merry miles mo nick norm olive
    opal paddy page paris pat patience patty pearl peg penny peter pip piper pop poppy porter prudence rain randy ray
    red reed rich river rob robin rocky rod rose rosemary ruby rusty sage sandy sky skip stew storm sue summer sunny
    tab tad tiffany tiger timothy trace trinity trip tucker valentine van vera vic victor victoria viola violet virginia
    wade ward warren will willow winter woody wren

    abbot ball banks barber barker bass beach bean bear beck bell berry best bird bishop black blair block bloom bond
    booth bow box boyle brand branch bright brook brooks brown buck bull burns bush butcher butler cannon carpenter
    carter carver case cash castle chambers chandler chapman church coal cook cooper cotton counts court cox craft crane
    cross crow curry dance darling day dear dove dyer early east english fair farmer field fields finch fish fisher
    fleet flint flood flowers ford forester foster fountain fowler fox freeman french friend frost fuller gates glass
    glover gold golden good goodman graves gray green greenwood grey grove hall ham hand hands hardy harper hart harvest
    hay head heard high hill hills holiday holder hood hook hooper horn house hunt judge keen key keys king knight
    lake lamb law leach lee light little lock long lord love low mace marks marsh marshall masters meadows mercer miller
    mills mine minor monk moody moon moore moss mount myers nail noble north nutter oaks orchard pace pack painter palm
    palmer park parker parks parson parsons partridge peach peacock penn pepper pike pitt plant pole pond pool pope post
    potter pound power powers price pride priest prince prior proctor quick ransom read reader rice ring rivers roach
    rock root roper rush sadler salmon salt sands savage sawyer self sellers shade sharp shepherd shield shore short
    silver singer skinner small smart smith snow sommer south sparks spear spears speed spring springer squires stamp
    star stark steel sterling still stock stocks stone stout street strong summers sumner swan sweet swift tanner
    taylor teller temple terry thatcher thorn towers townsend towns trout turner tyler underhill underwood usher vale
    vice vine wagner waits walker wall waller walls warner waters way weaver weeks wells west wheat wheeler white wild
    wilder wills winters wise wolf wood woods woodward workman worth wright yard york young
    """
)
"""First and last names that English also uses as words: masked only when capitalised, and at the beginning of a
sentence only where the next word does not show another use."""

RATHER_WORDS = _words(
    "best bright case chance day dear early fair good high just key keys law light little long love low major mine "
    "minor power price quick red read rich self sharp short small smart still strong sweet way west white wild wise "
    "young"
)
"""Of these, words that begin sentences so often that there they are masked only as part of a full name."""

NOT_A_NAME_BEFORE = _words(
    """
    i you he she it we they me us him them my your his her its our their this that these those there here the a an some
    any all every each no not never be been have to of for in on at with from by up out off down over what how who when
    where why which if as so more most less people everyone everybody anyone anybody someone somebody nobody something
    anything everything nothing one two three well also just only really still then now again too very enough
    """
)
"""Words after which a capitalised “Will”, “May”, “Mark”, “Hope” at the beginning of a sentence was no name."""

MONTHS = _words("april may june august march")
BEFORE_A_MONTH = _words("in since until till last next early late mid of from through during by")
"""“in May”, “until June”: the month. “by”, “of” and “from” count only when a number follows the month."""
