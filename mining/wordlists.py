"""English words that tell what kind of phrase somebody said; used where themes are named and statements chosen.

Not a grammar: no tagger is at hand, and these few hundred words, with the word before, tell verb from noun well enough
for phrases of five words. Talk in another language finds none of its words here and is treated as nouns.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VERBS = _words(
    """
    accept accuse achieve admit agree allow annoy appear apply appoint approve argue arrange arrive ask assume
    attend avoid become beg begin behave believe belong blame borrow bother bring build buy calculate call cancel
    care carry catch celebrate change charge check choose clean climb close collect come compare complain complete
    concentrate confess connect consider contact contradict contribute control cook cope copy correct count cover
    create cry cut deal decide decline decrease define delay delegate deliver demand deny depend describe deserve
    destroy develop die disagree disappear discover discuss disturb divide draw dream drink drive drop earn eat
    encourage end enforce enjoy enter escape exchange excuse execute exist expect explain explore express face fail
    fall fear feed feel fight fill film find finish fire fit fix fly follow forget forgive form gain gather get give
    go grow guess handle hang happen hate have hear help hesitate hide hire hit hold hope hurt ignore imagine
    improve include increase influence inform insist interrupt introduce invent invest invite involve join judge
    jump keep kick kill knit know last laugh lay lead leave learn lend let lie lift limit listen live lock look lose
    love maintain make manage mean measure meet mention miss move need negotiate notice obey observe obtain occur
    offer open oppose order organise organize owe paint pass pay perform permit persuade pick plan plant play
    practise prefer prepare present pretend prevent produce promise promote protect prove provide publish pull
    punish push put quit raise reach react read realise realize receive recognise recognize recommend recover
    recycle reduce reflect refuse regret reject relate relax release rely remain remember remind remove rent repair
    repeat replace reply report request resign resist respect respond rest retire return reveal review ride ring
    rise run save say scare search seem select sell send separate serve set settle sew shake share shout show shut
    sing sit skip sleep smell smoke solve speak spend stand stay steal stick stop struggle study subscribe subsidize
    succeed suffer suggest support suppose survive suspect swim switch talk teach tell tend test thank think
    threaten throw touch trade train travel treat trust try turn understand use vary visit vote wait walk want warn
    wash watch wear win wipe wish work worry write
    """
)
"""Base forms. Many are nouns as well: the word before decides."""

ALSO_NOUNS = _words(
    """
    build call care cause change charge check climb close contact control cook copy count cover cut deal delay
    demand dream drink drive drop end escape exchange excuse face fall fear feed feel fight film finish fire fit
    form gain guess hate help hire hit hold hope hurt increase influence judge jump kick laugh lead lie lift limit
    lock look love measure move need notice offer open order paint pass pay permit pick plan plant play present
    produce promise pull purchase push quit raise reach release rent repair reply report request respect rest return
    review ride ring rise run save search set shake share shout show sing sleep smell smoke stand stay stick stop
    struggle study support suspect swim switch talk test trade train travel treat trust try turn use visit vote wait
    walk wash watch wear win wish work worry
    """
)

PAST = {
    form: base
    for pair in """
    became:become began:begin begun:begin bought:buy broke:break broken:break brought:bring built:build came:come
    caught:catch chose:choose chosen:choose did:do done:do drew:draw drawn:draw drank:drink drove:drive driven:drive
    eaten:eat fell:fall fallen:fall fed:feed felt:feel fought:fight found:find flew:fly forgot:forget forgotten:forget
    gave:give given:give went:go gone:go got:get gotten:get grew:grow grown:grow had:have heard:hear hid:hide
    hidden:hide held:hold kept:keep knew:know known:know laid:lay led:lead left:leave lent:lend lost:lose made:make
    meant:mean met:meet paid:pay rang:ring rose:rise risen:rise ran:run said:say saw:see seen:see sold:sell sent:send
    shook:shake shown:show sang:sing sat:sit slept:sleep spoke:speak spoken:speak spent:spend stood:stand stole:steal
    stolen:steal stuck:stick took:take taken:take taught:teach told:tell thought:think threw:throw thrown:throw
    understood:understand wore:wear worn:wear won:win wrote:write written:write
    """.split()  # noqa: SIM905
    for form, base in [pair.split(":")]
}
"""Irregular past forms and participles, each with its base form."""

THINGS_IN_ING = _words(
    """
    building ceiling clothing crossing evening farming feeling fishing funding gardening heading hearing heating
    housing king lighting meeting morning parking painting pudding ring screening shopping spring sting string thing
    training wedding wing
    """
)
"""Words in -ing that name a thing, not a doing."""

ADJECTIVES = _words(
    """
    able afraid alive alone angry annoying available aware awful bad beautiful best better big bigger black blue
    brave brown busy calm careful cheap clean clear close cold comfortable common complete cool crazy current daily
    dangerous dark dead deep different difficult dirty dry early easy empty excellent exciting expensive fair
    familiar famous fast fat final fine free fresh friendly full fun funny general good grand great green guilty
    hard harder happy healthy heavy helpful high higher honest hot huge ill important impossible inside interesting
    large late lazy less light little local long loud low lower lucky mad main major minor modern narrow nasty
    necessary nervous new nice noisy normal old older outside outspoken particular perfect personal pleasant plain
    polite poor popular possible pretty previous private proper proud public quick quiet rare ready real red regular
    relaxed responsible rich right rough rude sad safe same satisfied separate serious shallow sharp shy sick silent
    silly similar simple single slow small smart soft sorry special specific strange strict strong stupid successful
    sure surprised sweet tall terrible terrific thick thin tight tiny tired tough true typical ugly unhappy unusual
    upset used useful usual valuable warm weak wet white whole wide wild willing wonderful worried worse worst wrong
    yellow young younger
    """
)

BOILERPLATE = _words(
    """
    page pages exercise exercises facilitator facilitators facilitate facilitating handout handouts worksheet
    worksheets slide slides transcript transcripts recording recorder microphone mute muted breakout joining aloud
    """
)
"""What a session is run with rather than what it is about."""

WORLD = _words(
    """
    africa african america american americans arab asia asian australia australian austria bible brazil britain
    british canada canadian catholic china chinese christian christmas communist congress dutch easter egypt england
    english europe european france french german germany greece greek india indian internet iran iraq ireland irish
    islam israel italian italy japan japanese jewish korea korean kuwait latin mexican mexico monday tuesday
    wednesday thursday friday saturday sunday muslim netherlands norway olympic olympics peace poland polish
    portugal russia russian scotland soviet spain spanish sweden swedish switzerland thanksgiving turkey ukraine
    vietnam vietnamese
    """
)
"""Names that everybody knows: a theme may be named after Vietnam, but not after a street."""

FIRST_NAMES = _words(
    """
    aaron abigail adam adrian agnes ahmed aisha alan albert alex alexander alexandra alice alicia alison allan
    amanda amelia amy ana andrea andreas andrew andy angela anita ann anna anne annette annie anthony antonio arthur
    ashley barbara beatrice becky ben benjamin bernard bernd beth betty beverly bianca billy bobby brad bradley
    brandon brenda brian bruce bryan caitlin cameron camille carl carla carlos carmen caroline carolyn catherine
    cathy cecilia charles charlie charlotte chen cheryl chloe chris christa christina christine christoph
    christopher cindy claire clara claudia colin connie craig curtis cynthia dan daniel daniela danielle danny
    darren dave david deborah debbie debra denise dennis derek diana diane diego dieter dmitri dominic don donald
    donna doris dorothy doug douglas dylan ed eddie edith edward edwin eileen elaine eleanor elena elizabeth ella
    ellen elsa emily emma eric erica erik erika ernest esther ethan eugene eva evan evelyn fatima felix fernando
    fiona florian frances francesca francis francisco franz fred frederick fritz gabriel gabriela gail gareth gary
    geoffrey george gerald gerard gertrud gina giovanni giulia gloria gordon graham greg gregory greta guido gustav
    hannah hans harold harriet hassan heidi heinz helen helena henrik henry herbert hiroshi holger howard hugh hugo
    ian igor ilse imran ingrid irene isaac isabel isabella ivan jacob jacqueline jake james jamie jan jana jane
    janet janice jason javier jeff jeffrey jenna jennifer jenny jeremy jerry jesse jessica jill jim joan joanna
    joanne joe joel johan johann johanna john johnny jon jonas jonathan jordan jorge jose joseph josh joshua juan
    judith judy julia julian julie juliette jurgen justin kai karen karin karl kate katharina katherine kathleen
    kathryn kathy katie kayla keith kelly ken kenneth kevin kim kirsten klaus kristen kyle larry laura lauren laurie
    lawrence lea leah lena leo leon leonard leslie lewis liam linda lisa liz lois lorenzo lori louis louise lucas
    lucia lucy luis luise lukas luke lydia lynn madison magda manfred manuel marc marcel marco marcus margaret
    margarita maria marianne marie mario marion marjorie markus marlene marta martha martin martina mary matilda
    matthew matthias maurice maxim megan melanie melissa mia michael michelle miguel mike mila mohamed mohammed
    moira monica monika morgan muhammad nadia nancy naomi natalie natasha nathan neil nicholas nicole nigel nikolai
    nina noah nora norman oliver olivia omar oscar oskar otto pamela patricia patrick paul paula pauline pedro peggy
    petra phil philip philipp phillip phyllis pierre priya rachel rafael rahul rainer ralf ralph ramona raymond
    rebecca regina renate ricardo richard rita roberta robert roberto roger roland rolf roman ronald ron rosa rosie
    ross roy rudolf rudi russell ruth ryan sabine sally sam samantha samuel sandra sanjay sara sarah scott sean
    sebastian sergei shannon sharon sheila shirley silvia simon sofia sonia sophia sophie stacy stan stefan stefanie
    stella stephan stephanie stephen steve steven stuart susan susanne suzanne svetlana sven sylvia tamara tanya
    tara ted teresa thea theo theresa thomas tim tina tobias todd tom tommy tony tracy travis tyler ursula uwe
    valerie vanessa veronica vincent virginia vivian vladimir walter wanda wayne wendy werner wilhelm william
    winston wolfgang yasmin yuki yusuf yvonne zoe
    """
)
"""First names that are no everyday words. Names that are (“Mark”, “Rose”) are told by their capital."""
