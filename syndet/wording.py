"""Attribution phrases in running text: the patterns of `data/cues.tsv`, and what they find in a text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Literal

from ahocorasick_rs import AhoCorasick

from syndet import names
from syndet.models import EvidenceKind, Span
from syndet.outlets import Listed

# Lines (paragraphs) at either end of a text in which signs count that would be ordinary prose elsewhere. Twenty at
# the end, because attribution lines are followed by disclaimers and the remains of buttons.
HEAD_LINES, TAIL_LINES = 8, 20
# A bare "Source: X" further up is a picture's or a table's.
END_LINES = 8
# A line is read at most this many code points around a key, and a key at most this many times in a text:
# the time then grows with the length of the text only, whatever it holds.
BEFORE, AFTER, MOST = 260, 420, 12

Place = Literal["any", "head", "tail", "end", "edge"]
_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĘĚĞİŁŃŇŐŘŚŠŞȘŤŢŮŰŹŻŽА-ЯЁІЇЄҐΑ-Ω"
_MACROS = {
    "<s>": r"(?:^|(?<=[^\w\s,'’-])\s{0,2})\W{0,3}",
    "<X>": r"(?P<outlet>[^\n]{2,140})",
    "<T>": r"(?P<title>[^\n]{3,220}?)",
    "<A>": r"(?P<agency>[^()\[\]（）\n]{2,60}?)",
    "<city>": rf"(?-i:[{_UPPER}\u0600-\u06ff])[^\n()!?;\[\]]{{1,70}}?",
    "<piece>": r"(?:this|the (?:above|following|preceding)|(?:an? |the |portions of |parts of )?(?:[\w-]+ ){0,2}"
    r"(?:version|portions?|parts?|draft) of this|today['’]s)(?: [\w-]+){0,2}? (?:article|story|post|piece|column|essay"
    r"|report|interview|review|commentary|op-ed|feature|excerpt|item|analysis|opinion|content|blog|editorial"
    r"|guide|podcast|investigation|obituary|profile|letter|recipe)(?: post| piece| article| story)?",
    "<was>": r"(?:,? (?:which |that )?(?:was|is|has been|has|had been|had|also|now|being|,)"
    r"|,? (?:written )?by [^\n,.]{3,40}?,?){0,3}",
    "<pub>": r"(?:published|appeared|posted|ran|run|printed|featured|released|written|produced|aired|shared|reported"
    r" and published|publication)",
    "<by>": r"(?: here| online| in full|, in [^\n,.]{3,30},| in \w{3,12} (?:translation )?"
    r"| (?:on|in) [^\n,.]{3,24}?\d{4},?"
    r"| as [^\n,.]{3,60},?)? ?(?:exclusively )?(?:by|on|at|in|via|with|for|through|over at)",
}
_MONTH = (
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|juin|juil|ao[uû]t|ene|abr|ago|dic|gen|mag|giu|lug|set|ott"
    r"|mär|okt|dez|out|fev|январ|феврал|март|апрел|июн|июл|август|сентябр|октябр|ноябр|декабр"
    r"|sunday|monday|tuesday|wednesday|thursday|friday|saturday|today|yesterday|early|late|spring|summer|autumn|fall|winter"
)
# Where a name ends: a date, a clause, the end of the sentence; not before the form of a company.
_CUT = re.compile(
    rf"\s+(?:on|in|at|am|vom|le|el|em|il|den|du|v|dne|w dniu|от)\s+(?:the\s+|their\s+|its\s+)?(?:\d|(?:{_MONTH})\w*\b)"
    r"|\s+(?:under|with|where|which|that|who|when|because|unter|mit|avec|con|bajo|sob|com|dengan|sous|por|sotto|под)\s"
    r"|\s+(?:and|und|et|y|e|en)\s+(?:is|was|has|have|can|appears|appeared|republished|reprinted|reposted|re-?published"
    r"|wurde|ist|wird|a été|est|fue|ha|foi|è|se|used|shared|licen[sc]ed|written|distributed|your|you"
    r"|the (?:author|views))\b"
    r"|\s+(?:erschienen|veröffentlicht|publiziert|verschenen|gepubliceerd|publicerad|opublikowan\w|zveřejněn\w?)\b"
    r"|\s+(?:as|by|via|through|for|before|after|prior|here|website|site)\b(?!\s+[A-Z])|\s+(?:as part|by [A-Z]|here)\b"
    r"|,(?!\s(?:inc|ltd|llc|llp|lp|corp|plc|co)\b(?!-))|[，;；:：(（\[\n|·•]|\s[-–—]{1,3}\s|\s?—|\s[/]\s|[.!?。！？](?=\s|$|[\"”»)])|[\"”»](?=\s|$|[.,])|\s+\d{1,2}[./]\d"
    r"|\s+(?:v|dne|on|am)?\s?\d{1,2}(?:\.|st|nd|rd|th)?\s+\w{3,10}\s+\d{4}|\s+\d{4}\b|\shttps?:",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:St|Mr|Dr|Inc|Co|U\.S|www))$")
# Words before the name itself.
_LEAD = re.compile(
    r"^[\s\"“”„«‘’'(\[*_]*(?:(?:the\s+)?[\"“][^\"”\n]{2,40}[\"”]"
    r"\s+(?:column|section|series|blog)\s+(?:at|in|on|of)\s+)?"
    r"(?:(?:our|the|its|their|a|an)\s+)?(?:(?:(?:sister|partner|parent|content|news|media|print|online"
    r"|german|english|french|spanish|italian|arabic|russian|hebrew|dutch|american|british)\s+){0,2}"
    r"(?:partners?|publications?|sites?|websites?|blogs?|newsletters?|newspapers?|magazines?|editions?(?: of)?"
    r"|versions? of|issues?(?: of)?|pages? of|columns? of|translation in|pages of)"
    r"\s+(?:at\s+|of\s+|on\s+|the\s+(?=[A-Z]))?){0,2}"
    r"(?:(?:german|english|french|spanish|italian|arabic|russian|hebrew|dutch)(?: translation)? (?:in|on|by|at) ){0,1}"
    r"(?:the (?:print|online|digital|web|\w+ \d{4}|\w+) (?:edition|version|issue) of )?"
    r"(?:сайте|газеты|журнала|сайта|сайті|газете|журнале"
    r"|портале|издании|изданием|der zeitung|der zeitschrift|dem magazin"
    r"|dem blog|blog|dem"
    r"|le site|le journal|el sitio|el portal|el diario digital|portal|serwisie|revista digital|site|website)?"
    r"\s*[\"“„«‘'*_]*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    rf"^(?:\d|(?:{_MONTH})\w*\b(?!\s+(?:[A-Z]|herald))|(?:an?|his|her|their|its|it|this|that|these|those|our|my|your|another"
    r"|other|several|many|multiple|which|here|response|partnership|association|conjunction|part|full|book|form|series"
    r"|permission|advance|time|print|paper|theat\w+|cinemas?|hardcover|paperback|public|the (?:us|uk|u\.s\.|united|"
    r"first|same|early|late|\d+s?)|us|uk|me|him|them|social media|dem|den|der vergangenen|einem|einer|un|una|une|uma|um"
    r"|gedruckte\w|print-?ausgabe|heutigen|aktuellen|unsere\w|eigenen|[ée]dition (?:papier|imprim)|edici[óo]n impresa"
    r"|edizione cartacea|edi[çc][ãa]o impressa|печатн\w+|papierowym|tištěn\w+|(?:print|paper) (?:edition|issue)"
    r"|dieser|seiner|ihrem|ce|cette|este|esta|su|sus|el año|январ\w+|этом|нашем|том)\b)",
    re.IGNORECASE,
)  # fmt: skip
_GENERAL = {
    "agencias",
    "agencies",
    "agenturen",
    "agences",
    "agenzie",
    "agências",
    "agentur",
    "others",
    "medios",
    "media",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of `data/cues.tsv`, compiled, with the example that a test runs."""

    language: str
    kind: EvidenceKind
    grade: str
    place: Place
    keys: tuple[str, ...]
    regex: re.Pattern[str]
    example: str
    outlet: str | None
    title: str | None
    anchored: bool  # begins with ^, which then holds for all of it


@dataclass(frozen=True, slots=True)
class Phrase:
    """One attribution phrase: `text[begin:end]`, with the outlet or title that it names as they stand there."""

    pattern: Pattern
    begin: int
    end: int
    outlet: str | None = None
    title: str | None = None
    credited: tuple[Listed, ...] = ()  # who is listed, in order, where the pattern reads a list of agencies


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """Return every pattern of `data/cues.tsv`, in its order."""
    text = files("syndet").joinpath("data/cues.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return tuple(_pattern(*row) for row in rows)


def _pattern(
    language: str,
    kind: str,
    grade: str,
    place: str,
    keys: str,
    source: str,
    example: str,
    outlet: str,
    title: str,
) -> Pattern:
    for macro, meaning in _MACROS.items():
        source = source.replace(macro, meaning)
    anchored = source.startswith("^")
    regex = re.compile(f"^(?:{source[1:]})" if anchored else source, re.IGNORECASE)
    words = tuple(key for key in keys.split(";") if key)
    return Pattern(language, kind, grade, place, words, regex, example, outlet or None, title or None, anchored)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def _plan() -> tuple[dict[Place, dict[str, tuple[Pattern, ...]]], tuple[Pattern, ...]]:
    """Return the patterns by place and key, and those that have no key."""
    keyed: dict[Place, dict[str, tuple[Pattern, ...]]] = {
        "any": {},
        "head": {},
        "tail": {},
        "end": {},
        "edge": {},
    }
    for one in patterns():
        for key in one.keys:
            keyed[one.place][key] = (*keyed[one.place].get(key, ()), one)
    return keyed, tuple(one for one in patterns() if not one.keys)


def lower(text: str) -> str:
    """Return `text` in lower case with every offset kept (Python makes two code points of İ)."""
    return text.replace("İ", "I").lower()


# Halves of characters, which a text that somebody hands over may hold, and UTF-8 can't.
_HALVES = re.compile("[\ud800-\udfff]")


@lru_cache(maxsize=1)
def _keys() -> tuple[tuple[str, ...], AhoCorasick]:
    """Return the keys of all patterns, and what finds all of them in one pass over a text."""
    keys = tuple(sorted({key for keyed in _plan()[0].values() for key in keyed}))
    return keys, AhoCorasick(keys)


def keys_in(text: str) -> dict[str, list[int]]:
    """Return the keys that lower-case `text` holds, in their order, each with the offsets at which it stands."""
    keys, automaton = _keys()
    text = _HALVES.sub("?", text)
    found: dict[int, list[int]] = {}
    for number, begin, _ in automaton.find_matches_as_indexes(text, overlapping=True):
        found.setdefault(number, []).append(begin)
    return {keys[number]: found[number] for number in sorted(found)}


def phrases(text: str, *, keyless: bool = True, keys: Collection[str] | None = None) -> tuple[Phrase, ...]:
    """Return the attribution phrases of `text` in their order; of two that overlap, the one that says more.

    `keyless` False leaves out datelines and sign-offs, which only mean something at the ends of a whole article;
    `keys` are those known to be in the text, None where that is not known.
    """
    if keys is not None and not keys and not keyless:
        return ()
    lines = _lines(text)
    found = [] if not lines or (keys is not None and not keys) else list(_keyed(text, lines, keys))
    for one in _plan()[1] if keyless else ():
        for line in _chosen(one.place, lines):
            if line[1] - line[0] > AFTER and one.place == "tail":
                found += _read(one, text, (line[1] - BEFORE, line[1]), line)
            else:
                found += _read(one, text, (line[0], min(line[1], line[0] + AFTER)), line)
    return _best(found)


def _keyed(text: str, lines: list[Span], keys: Collection[str] | None) -> Iterator[Phrase]:
    starts = [begin for begin, _ in lines]
    head_end = lines[min(HEAD_LINES, len(lines)) - 1][1]
    tail_begin = lines[max(0, len(lines) - TAIL_LINES)][0]
    lowered = lower(text)
    spans: dict[Place, tuple[Span, ...]] = {
        "any": ((0, len(text)),),
        "head": ((0, head_end),),
        "tail": ((tail_begin, len(text)),),
        "end": ((lines[max(0, len(lines) - END_LINES)][0], len(text)),),
        "edge": ((0, head_end), (max(tail_begin, head_end), len(text))),
    }
    tried: set[tuple[int, int]] = set()
    keyed = _plan()[0]
    for key, offsets in keys_in(lowered).items():
        if keys is not None and key not in keys:
            continue
        for place, table in keyed.items():
            able = table.get(key, ())
            for begin, end in spans[place] if able else ():
                for at in _first(offsets, begin, end - len(key)):
                    line = lines[max(0, bisect_right(starts, at) - 1)]
                    window = (max(line[0], at - BEFORE), min(line[1], at + AFTER))
                    for one in able:
                        if (id(one), window[0]) not in tried:
                            tried.add((id(one), window[0]))
                            yield from _read(one, text, window, line)


def _first(offsets: Sequence[int], begin: int, last: int) -> Iterator[int]:
    """Yield the first offsets from `begin` to `last`, at most MOST."""
    low = bisect_left(offsets, begin)
    return islice(offsets, low, min(bisect_right(offsets, last), low + MOST))


def _lines(text: str) -> list[Span]:
    return [(m.start(), m.end()) for m in re.finditer(r"[^\s][^\n]*", text)]


def _chosen(place: Place, lines: list[Span]) -> list[Span]:
    if place == "head":
        return lines[:HEAD_LINES]
    if place == "tail":
        return lines[-TAIL_LINES:]
    return lines[:HEAD_LINES] + lines[max(HEAD_LINES, len(lines) - TAIL_LINES) :]


def _read(pattern: Pattern, text: str, window: Span, line: Span) -> Iterator[Phrase]:
    """Yield what `pattern` finds in `text[window]`, a part of `line`."""
    begin, end = window
    while end > begin and text[end - 1].isspace():
        end -= 1
    # A letter where the line was cut keeps ^ and $ from matching in the middle of it.
    cut = begin > line[0]
    sample = ("x" if cut else "") + text[begin:end] + ("x" if window[1] < line[1] else "")
    # What begins with ^ is tried there only; `search` would try it at every character.
    match = pattern.regex.match(sample) if pattern.anchored else pattern.regex.search(sample)
    if match is None:
        return
    groups = match.groupdict()
    shift = begin - cut
    first = shift + match.start() + len(match[0]) - len(match[0].lstrip(" \t\xa0\u3000*_|>-–—→"))
    last = min(shift + match.start() + len(match[0].rstrip()), end)
    title = groups.get("title")
    if groups.get("agency"):
        credited = tuple(who for who in names.listed(groups["agency"]) if who is not None)
        if pattern.kind == "agency_byline" and not any(who.kind in ("agency", "release") for who in credited):
            return
        if signed(groups["agency"]) or (pattern.kind == "dateline" and names.domain_of(groups["agency"])):
            yield Phrase(pattern, first, last, groups["agency"].strip(), None, credited)
        return
    if groups.get("outlet"):
        inside = name_span(groups["outlet"])
        if inside is None:
            return
        name_end = shift + match.start("outlet") + inside[1]
        tail_group = match.end("outlet") == match.end()
        name = groups["outlet"][inside[0] : inside[1]]
        yield Phrase(pattern, max(first, begin), name_end if tail_group else last, name, _title(title))
    else:
        yield Phrase(pattern, max(first, begin), last, None, _title(title))


def _title(text: str | None) -> str | None:
    return text.strip(" \"“”„«»'‘’") or None if text else None


def name_span(text: str) -> Span | None:
    """Return where in `text`, the rest of a sentence, the name of an outlet stands; None where there is none.

    >>> text = "our partner site Grist on March 3, 2031, and is used here."; text[slice(*name_span(text))]
    'Grist'
    >>> name_span("2:05 p.m. Monday") or name_span("his own blog") or name_span("March 2019")
    """
    text = text[:140]
    lead = _LEAD.match(text)
    begin = lead.end() if lead else 0
    bare = re.match(r"(?:the|The)\s+$", text[:begin])
    if bare:
        begin = 0
    elif text[:begin].lower().endswith(" the "):
        begin -= 4
    end = len(text)
    for cut in _CUT.finditer(text, begin):
        if cut.start() > begin and not (cut[0] == "." and _ABBREVIATED.search(text[begin : cut.start()])):
            end = cut.start()
            break
    name = text[begin:end].rstrip(" \t\xa0.,:;!?\"“”„«»'‘’)]*_-–—。、")
    if len(name) < 2 or len(name.split()) > 8 or _NO_NAME.match(name):
        return None
    return begin, begin + len(name)


def signed(text: str) -> bool:
    """Tell whether `text` is a list of agencies, alone or with an editor's initials ("dpa/gem"), not a photo credit.

    >>> signed("APA/sda/dpa"), signed("dpa/gem"), signed("dpa/Jan Woitas"), signed("AP Photo/Mary Pike")
    (True, True, False, False)
    """
    who = names.listed(text)
    if not any(one is not None and one.kind not in ("photo", "data") for one in who):
        return False
    if any(one is not None and one.kind in ("photo", "data") for one in who):
        return False
    if all(who):
        return True
    strangers = [part for part in re.split(r"[/,;&]|\s[-–—]\s|\s(?:y|e|et|and|und)\s", text) if not names.lookup(part)]
    return all(part.strip().casefold() in _GENERAL or re.fullmatch(r"\s?[a-zäöü]{1,4}\s?", part) for part in strangers)


_SAYS = {"linked": 0, "named": 1, "source": 1, "named?": 2, "self": 1, "generic": 3, "weak": 4}


def _best(found: list[Phrase]) -> tuple[Phrase, ...]:
    kept: list[Phrase] = []
    for one in sorted(
        found, key=lambda p: (_SAYS[p.pattern.grade], not (p.outlet or p.title), p.begin - p.end, p.begin)
    ):
        if all(one.end <= other.begin or other.end <= one.begin for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda p: p.begin))
