"""Reposts in other words: words replaced, sentences reworded by rules, numbers and names changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from random import Random

import regex

from syndet import letters, text
from syndet.errors import TooShort
from syndet.models import Span
from syndet.simulate.pieces import Draft, Piece, Task, script, units

# Either side may become the other; an underscore is a space.
SYNONYMS = """
about:around above:over according_to:as_stated_by across:throughout additional:further agreed:consented aid:assistance
aim:goal almost:nearly also:as_well although:though amount:sum announced:revealed annual:yearly answer:reply
appeared:seemed approved:authorised area:region argued:maintained arrived:came asked:inquired assisted:helped
attack:assault attempt:try attempted:tried author:writer banned:prohibited because:since began:started
behind:in_back_of believe:think big:large broke_out:erupted brought:carried build:construct building:structure
built:constructed but:however buy:purchase called:termed cancelled:scrapped car:vehicle caused:triggered
chance:opportunity change:alteration changes:modifications chief:head children:youngsters choose:select
citizens:residents city:municipality claimed:asserted closed:shut collapse:breakdown collected:gathered company:firm
companies:firms complete:finish concern:worry condemned:denounced confirmed:verified continue:carry_on cost:price
country:nation court:tribunal created:set_up crisis:emergency critics:opponents cut:reduced damage:harm danger:risk
dead:deceased deal:agreement decided:resolved decision:ruling decline:drop declined:refused defeat:loss
demand:call_for demanded:called_for despite:in_spite_of destroyed:wrecked died:passed_away difficult:hard
discovered:found discussed:talked_about during:in_the_course_of earlier:previously effort:endeavour end:conclusion
ended:concluded enough:sufficient especially:particularly estimated:reckoned event:occasion expected:anticipated
experts:specialists explained:clarified face:confront famous:well-known fast:quick fear:dread fell:dropped
few:a_handful_of fight:battle fire:blaze following:after force:compel found_out:learned fund:finance gave:handed
given:granted good:decent government:administration grew:expanded group:organisation growth:expansion
happened:occurred heavy:severe hit:struck home:house hospital:clinic huge:enormous hurt:injured idea:notion
important:significant improve:better include:comprise including:among_them increase:rise increased:rose
information:details inquiry:investigation issue:matter jail:prison job:position killed:slain know:are_aware last:final
later:afterwards law:legislation lawyer:attorney leader:chief_figure leading:foremost leave:depart left:departed
likely:probable made:produced main:principal major:key make:produce many:numerous meeting:session members:participants
mention:refer_to money:cash more_than:over mostly:largely moved:shifted murder:killing must:has_to near:close_to
need:require new:fresh next:coming nobody:no_one noted:observed number:figure officials:authorities often:frequently
old:elderly only:merely opened:launched order:command own:possess people:persons place:spot plan:scheme
planned:intended police:officers possible:feasible power:might present:current pressure:strain prevent:stop
problem:difficulty program:scheme promised:pledged proposal:suggestion protest:demonstration protesters:demonstrators
prove:demonstrate quickly:rapidly quit:resigned raised:lifted reached:arrived_at reason:cause received:got
recent:latest recently:lately rejected:turned_down remain:stay remains:stays repeated:reiterated report:account
reported:recounted request:appeal required:obliged rescue:save residents:locals result:outcome return:come_back
rich:wealthy rise:climb road:street role:part said:stated school:academy second:next_after_the_first see:view
sent:dispatched serious:grave several:a_number_of shop:store show:display showed:indicated sign:indication
similar:comparable small:little soldiers:troops some:certain soon:shortly speech:address spoke:talked staff:employees
stopped:halted story:tale strong:powerful study:survey such_as:like supporters:backers supported:backed
sure:certain_of survey:poll talks:negotiations teacher:instructor team:squad test:trial threat:menace told:informed
took:seized top:highest town:community trial:hearing trip:journey under:beneath until:till urged:encouraged
used:employed very:extremely victory:win violence:brutality visit:call_on vote:ballot voters:electors wanted:wished
war:conflict warned:cautioned weapons:arms while:whereas whole:entire without:lacking woman:lady work:labour
workers:employees worldwide:around_the_globe wrong:mistaken yearly:each_year young:youthful
"""
_FILLERS = (
    "In addition, ", "Meanwhile, ", "According to reports, ", "Notably, ", "As things stand, ",
    "It is worth noting that ", "At the same time, ", "For the record, ", "In a further development, ",
    "It has emerged that ",
)  # fmt: skip
_JOINS = ("; ", ", and ", ", while ")
_COMMA = regex.compile(r"[,，、،](?=\s|[\p{Han}\p{Hiragana}\p{Katakana}])\s*")
_SPLIT = regex.compile(r", (?:and|but|which|while|because) ")
_STOP = regex.compile(r"[.!?…。！？｡؟۔।]+$")
_NUMBER = regex.compile(r"\p{Nd}+")


def _both_ways() -> dict[str, str]:
    pairs = [(left, right) for left, _, right in (pair.replace("_", " ").partition(":") for pair in SYNONYMS.split())]
    found = dict(pairs)
    for left, right in pairs:
        found.setdefault(right, left)
    return found


_SYNONYM = _both_ways()
_KNOWN = regex.compile(rf"\b(?:{'|'.join(sorted(_SYNONYM, key=len, reverse=True))})\b", regex.I)


class Vocabulary:
    """Words of other articles, to put in the place of words."""

    def __init__(self, task: Task) -> None:
        self._chance = task.chance
        here = script(task.source)
        kin = [other for other in task.kin if script(other) == here][:20]
        # Nobody else writes this script: the article's own words, in wrong places.
        words = [other[begin:end] for other in kin or [task.source] for begin, end in units(other)]
        if not words:
            raise TooShort("Neither the source nor the other articles have a word")
        self._small = [word for word in words if not word[0].isupper()] or words
        self._capital = [word for word in words if word[0].isupper()] or words

    def other(self, word: str) -> str:
        """Return another word, with a capital where `word` has one."""
        among = self._capital if word[:1].isupper() else self._small
        for _ in range(8):
            found = self._chance.choice(among)
            if letters.words(found) != letters.words(word):
                break
        return found


def replaced(percent: int) -> Callable[[Task], Draft]:
    """Return the edit that replaces `percent` of 100 words, names included, by words of other articles."""

    def make(task: Task) -> Draft:
        every = units(task.source)
        vocabulary = Vocabulary(task)
        chosen = sorted(task.chance.sample(every, round(len(every) * percent / 100)))
        return _changed(task, [(span, vocabulary.other(task.source[span[0] : span[1]])) for span in chosen])

    return make


def changed_names(task: Task) -> Draft:
    """Every number and every name another; where names have no capitals, some of the words that come again."""
    source, every = task.source, units(task.source)
    vocabulary = Vocabulary(task)
    written = [source[begin:end] for begin, end in every]
    if any(word[0].isupper() for word in written):
        begins = {begin for begin, _ in text.sentences(source)}
        small = {word for word in written if not word[0].isupper()}
        named = {word for (begin, _), word in zip(every, written, strict=True)
                 if word[0].isupper() and begin not in begins and word.lower() not in small}  # fmt: skip
    else:
        often = Counter(written)
        again = sorted(word for word in often if 2 <= often[word] <= 6 and len(word) > 1)
        named = set(task.chance.sample(again, max(1, len(again) // 3))) if again else set()
    turned = {word: vocabulary.other(word) for word in sorted(named)}
    swaps: list[tuple[Span, str]] = []
    for span, word in zip(every, written, strict=True):
        if _NUMBER.search(word):
            swaps.append((span, _NUMBER.sub(lambda found: _other_number(found.group(), task.chance), word)))
        elif word in turned:
            swaps.append((span, turned[word]))
    if not swaps:
        raise TooShort("The source has no number and no name to change")
    return _changed(task, swaps)


def _other_number(number: str, chance: Random) -> str:
    """Return a number with as many digits, of the same script, and not a zero first."""
    zero = ord(number[0]) - int(number[0])
    digits = [chance.randint(1, 9), *(chance.randint(0, 9) for _ in number[1:])]
    return "".join(chr(zero + digit) for digit in digits)


def _changed(task: Task, swaps: list[tuple[Span, str]]) -> Draft:
    pieces, place = [], 0
    for (begin, end), new in swaps:
        pieces += [task.source[place:begin], new]
        place = end
    body = "".join(pieces) + task.source[place:]
    return Draft([Piece(body, (0, len(task.source)))], task.source)


def reworded(kept: float) -> Callable[[Task], Draft]:
    """Return the edit that rewords every sentence and leaves out all but `kept` of them."""

    def make(task: Task) -> Draft:
        every = text.sentences(task.source)
        if len(every) < 2:
            raise TooShort("The source has fewer than two sentences; this edit joins and splits them")
        rule = _english if task.language == "en" else _in_any_script(task)
        pieces: list[Piece] = []
        spans = [span for span in every if task.chance.random() < kept] or every[:1]
        for number, (begin, end) in enumerate(spans):
            follows = number > 0 and spans[number - 1] == every[every.index((begin, end)) - 1]
            gap = task.source[spans[number - 1][1] : begin] if follows else " "
            sentence = rule(task.source[begin:end], task)
            joined = follows and task.language == "en" and "\n" not in gap and task.chance.random() < 0.15
            if joined and pieces and pieces[-1].text.endswith("."):
                before = pieces[-1]
                pieces[-1] = Piece(before.text[:-1] + task.chance.choice(_JOINS), before.source)
                sentence, gap = _lowered(sentence, task.source), ""
            pieces += [Piece(gap if number else ""), Piece(sentence, (begin, end))]
        return Draft(pieces, task.source)

    return make


def _english(sentence: str, task: Task) -> str:
    """Return `sentence` with synonyms, clauses swapped or parted, and sometimes a filler before it."""
    chance = task.chance

    def synonym(found: regex.Match[str]) -> str:
        word = str(found.group())
        if chance.random() < 0.2:
            return word
        new = _SYNONYM[word.lower()]
        return f"{new[0].upper()}{new[1:]}" if word[0].isupper() else new

    sentence = _swapped(str(_KNOWN.sub(synonym, sentence)), task)
    if chance.random() < 0.3:
        sentence = str(_SPLIT.sub(lambda found: ". " + found.group()[2:].capitalize(), sentence, count=1))
    if chance.random() < 0.2 and sentence[:1].isupper():
        sentence = chance.choice(_FILLERS) + _lowered(sentence, task.source)
    return sentence


def _in_any_script(task: Task) -> Callable[[str, Task], str]:
    """Return the rule for other languages: clauses swapped, one word in twelve left out, one in eight replaced."""
    vocabulary = Vocabulary(task)

    def rule(sentence: str, _: Task) -> str:
        pieces, place = [], 0
        for begin, end in units(sentence):
            word = sentence[begin:end]
            kind = task.chance.random()
            new = "" if kind < 1 / 12 else vocabulary.other(word) if kind < 1 / 12 + 1 / 8 else word
            pieces += [sentence[place:begin], new]
            place = end
        done = re.sub(" {2,}", " ", "".join(pieces) + sentence[place:])
        return _swapped(done, task)

    return rule


def _swapped(sentence: str, task: Task) -> str:
    """Return `sentence` with what stands before one of its commas behind it, more often than not."""
    # A clause of fewer characters is an apposition, or no clause.
    least = 4 if script(sentence) == "CJK" else 12
    commas = [found for found in _COMMA.finditer(sentence) if least <= found.start() <= len(sentence) - least]
    # Who rewords a sentence does not tear a quotation apart.
    quoted = text.quotations(sentence)
    commas = [found for found in commas if not any(begin < found.start() < end for begin, end in quoted)]
    if not commas or task.chance.random() < 0.4:
        return sentence
    comma = task.chance.choice(commas)
    stop = _STOP.search(sentence)
    end = stop.start() if stop else len(sentence)
    if comma.end() >= end:
        return sentence
    before, after = sentence[: comma.start()], sentence[comma.end() : end]
    return f"{after[0].upper()}{after[1:]}{comma.group()}{_lowered(before, task.source)}{sentence[end:]}"


def _lowered(sentence: str, source: str) -> str:
    """Return `sentence` begun with a small letter, unless its first word is a name, as the source writes it."""
    first = regex.match(r"\p{Lu}\p{Ll}*\b", sentence)
    if first is None:
        return sentence
    small = str(first.group()).lower()
    if small not in _SYNONYM and not regex.search(rf"(?<!\w){regex.escape(small)}(?!\w)", source):
        return sentence
    return sentence[0].lower() + sentence[1:]
