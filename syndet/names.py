"""Names of agencies, wires and outlets as pages write them: who is meant, and whether two names are one outlet."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from syndet import outlets, urls
from syndet.outlets import Listed, Roster

# Words that make a name a newspaper's, broadcaster's or news site's, in the languages the cues are read in.
_PRESS = (
    r"(?<!\w)(?:times|post|news|newswire|herald|tribune|gazette|journal|daily|weekly|observer|chronicle|examiner"
    r"|inquirer|telegraph|courier|mercury|sentinel|dispatch|bulletin|register|review|standard|guardian|independent"
    r"|mirror|express|globe|press|magazine|today|radio|broadcasting|newspaper|reporter|monitor|advocate|argus"
    r"|beacon|ledger|mail|citizen|patch|insider|wire|newsroom|tv"
    r"|\w*zeitung|\w*zeitschrift|\w*blatt|\w*anzeiger|\w*nachrichten|\w*kurier|\w*post|\w*bote|\w*presse|rundschau"
    r"|allgemeine|spiegel|\w*merkur|\w*magazin|\w*funk|\w*echo|tagesspiegel|tageblatt|morgenpost"
    r"|le monde|le figaro|lib[ée]ration|le parisien|ouest-france|l'obs|l'express|les [ée]chos|gazette|courrier"
    r"|d[ée]p[êe]che|diario|peri[óo]dico|noticias|prensa|el pa[íi]s|heraldo|vanguardia|jornal|folha|correio"
    r"|not[íi]cias|revista|giornale|corriere|gazzetta|quotidiano|messaggero|repubblica|mattino|notizie"
    r"|dagblad|krant|courant|nieuws|volkskrant|telegraaf|tidning\w*|nyheter\w*|avis|tidende|posten|aftonbladet"
    r"|gazeta|dziennik|kurier|wiadomo[śs]ci|noviny|dn[ií]k|zpr[áa]vy|denník|hírlap|lap|ziar\w*|[șs]tiri|vijesti|novosti"
    r"|газет\w*|новости|известия|правда|вестник|ведомости|новини|вісник|журнал|аргументы|комсомольская"
    r"|gazetesi|haber\w*|sabah|kompas|tempo|berita|jawapos|antara|báo)(?!\w)"
    r"|[报報社网網]$|新[闻聞]|晚[报報]|日[报報]|周刊|週刊|雑誌|誌$|テレビ|放送|일보|신문|뉴스|방송|صحيفة|جريدة|قناة|وكالة|समाचार"
)
# A name with one of these words is somebody who publishes figures, statements or pictures, not news.
_NOT_PRESS = (
    r"(?<!\w)(?:ministr\w+|minist[èe]re|ministerium|bureau|institut\w*|office|department|universit\w+|census|bank"
    r"|statisti\w*|commission|council|study|survey|research|association|foundation|photos?|images?|fotos?|stock"
    r"|police|polizei|court|government|federation|pixel|screenshot|archiv\w*|data|daten|dati|datos|hospital"
    r"|министерств\w*|институт\w*|росстат|фото|полици\w*)(?!\w)|统计局|教育部|资料"
)
_FILLER = (
    r"^(?:(?:the|an?|agence|agencia|agência|agenzia|agentur|nachrichtenagentur|agentura|agencja|agencji|agentury"
    r"|агентство|агентства|агентству|иа|інформагентство|перс\.?|kantor berita|persbureau|news agency|via|per"
    r"|redazione|redacción|rédaction|redaktion)\s+)+"
    r"|(?:\s+(?:staff|writers?|reporters?|correspondents?|photographer|news agency|newswire|agency|agencies|agencia"
    r"|haber ajansı|ajansı|通信社|通信|記者|记者|기자|wire|via|online|\d{1,2}))+$"
)
_JOIN = (
    r"\s*(?:[/,;&+|·•、，・]|\s[-–—]\s"
    r"|(?<!\w)(?:und|and|y|e|et|i|en|ve|og|och|oder|with|mit|con|avec|com|и|та|a|و)(?!\w))\s*"
)
_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?((?:[\w-]{1,40}\.){1,3}[a-z]{2,12})(?:/\S*)?$", re.IGNORECASE)
_ARTICLES = re.compile(
    r"^(?:the|der|die|das|le|la|les|el|los|il|lo|o|a|de|het)\s+|^l['’]"
)  # fmt: skip
# Words that only the name of a news agency has, listed or not. "Agency" alone is also a government's.
_AGENCY = (
    r"(?<!\w)(?:news ?agency|wire service|news service|press agency|press association|nachrichten-?agentur"
    r"|[\w-]*presse-?(?:agentur|dienst)|agence (?:de )?(?:\w+ )?(?:de )?presse|agencia de (?:noticias|prensa)"
    r"|agência de not[íi]cias|agenzia (?:di )?stampa|agencja prasowa|tisková (?:agentura|kancelář)|persbureau"
    r"|nyhetsbyrå\w*|ritzaus bureau|haber ajansı|kantor berita|информ\w*агентств\w*|новостное агентство"
    r"|інформ\w*агентств\w*)(?!\w)"
    r"|\w通信社|\w통신사?$|\w通讯社|\w通訊社"
)
# Words that stay small in a name.
SMALL = {
    "of",
    "the",
    "and",
    "on",
    "in",
    "for",
    "de",
    "la",
    "del",
    "der",
    "die",
    "das",
    "und",
    "le",
    "les",
    "et",
}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern, compiled when it is first used: to look a few names up, most are not."""
    return re.compile(pattern, re.IGNORECASE)


def lookup(name: str) -> Listed | None:
    """Return who `name` is when it is a listed name or its code, or calls itself a news agency; None otherwise.

    >>> lookup("Harbour News Agency").kind, lookup("Environment Agency"), lookup("Agence Lacustre de Presse").kind
    ('agency', None, 'agency')
    >>> lookup("The Associated Press").name, lookup("AP").name, lookup("ap"), lookup("Agencia EFE").name
    ('Associated Press', 'Associated Press', None, 'EFE')
    """
    return _found(outlets.in_use(), name) if len(name) <= outlets.LONGEST_NAME else None


# A pair of pages is asked for the same few names time and again.
@lru_cache(maxsize=10_000)
def _found(roster: Roster, name: str) -> Listed | None:
    bare = name.strip(' \t\r\n\xa0\u3000.,:;*"“”„«»()[]©')
    for form in (bare, _compiled(_FILLER).sub("", _compiled(_FILLER).sub("", bare)).strip()):
        found = roster.codes.get(form) or roster.aliases.get(outlets.plain(form))
        if found is not None:
            return found
    match = _DOMAIN.match(bare)
    if match:
        return roster.domains.get(urls.site(match.group(1)) or "")
    # One name, not a reporter's or a desk's beside it.
    alone = len(bare) <= 50 and not re.search(r"[,;/|&]", bare)
    return Listed(bare, "agency") if alone and _compiled(_AGENCY).search(bare) else None


def of_site(site: str | None) -> Listed | None:
    """Return whose site (registrable domain) this is, None for a site that is not listed."""
    return outlets.in_use().domains.get(site) if site else None


def sisters(site: str) -> tuple[str, ...]:
    """Return the listed sites that belong to the same outlet or owner as this one, itself left out."""
    roster = outlets.in_use()
    return tuple(sorted(other for other in roster.domains if roster.sisters(site, other)))


def same(name: str, other: str | None) -> bool:
    """Return whether two names are two of one who is listed.

    >>> same("NYT", "The New York Times"), same("Lake Post", "Lake Post")
    (True, False)
    """
    who = lookup(name)
    return who is not None and other is not None and lookup(other) is who


def listed(text: str) -> tuple[Listed | None, ...]:
    """Return who is named by the parts of a credit such as "APA/sda/dpa" or "AFP, EFE y Reuters", None a stranger.

    >>> [one and one.name for one in listed("AFP, EFE y Reuters")], [one and one.name for one in listed("dpa/gem")]
    (['AFP', 'EFE', 'Reuters'], ['dpa', None])
    """
    whole = lookup(text)
    if whole is not None:
        return (whole,)
    return tuple(lookup(part) for part in _compiled(_JOIN).split(text[:200]) if part.strip())


def domain_of(name: str) -> str | None:
    """Return the registrable domain that `name` is written as ("Salon.com", "https://grist.org/x"), None for words."""
    match = _DOMAIN.match(name.strip(" .,;()\"'“”„«»"))
    return urls.site(match.group(1)) if match else None


def reads_as_outlet(name: str) -> bool:
    """Tell whether `name` is a known agency or outlet, a domain, or holds a newspaper word.

    >>> reads_as_outlet("Lakeside Gazette"), reads_as_outlet("Bureau of Labor Statistics"), reads_as_outlet("Getty")
    (True, False, False)
    """
    who = lookup(name)
    if who is not None:
        return who.kind not in ("photo", "data")
    if _compiled(_NOT_PRESS).search(name):
        return False
    return domain_of(name) is not None or _compiled(_PRESS).search(name) is not None


def never_text(name: str) -> bool:
    """Tell whether `name` is credited for pictures or figures only."""
    who = lookup(name)
    return who.kind in ("photo", "data") if who is not None else _compiled(_NOT_PRESS).search(name) is not None


def same_outlet(name: str, site: str | None, outlets: tuple[str, ...] = ()) -> bool:
    """Tell whether `name` is the outlet whose site (registrable domain) or names are given.

    >>> same_outlet("The Wall Street Journal", "wsj.com"), same_outlet("Wired.com", "wired.com")
    (True, True)
    >>> same_outlet("Die Weltwoche", "weltwoche.ch"), same_outlet("Futurism", "lakeside.example")
    (True, False)
    """
    who = lookup(name)
    if who is not None and ((site and site in who.domains) or any(lookup(other) is who for other in outlets)):
        return True
    domain = domain_of(name)
    if domain is not None and domain == site:
        return True
    key = _key(name if domain is None else domain.split(".")[0])
    if not key:
        return False
    for other in outlets:
        mine = _key(other)
        # "Salon" and "Salon.com", "Aktuálně.cz - Víte, co se ...": the name leads, something follows.
        if mine and (mine == key or (min(len(mine), len(key)) > 3 and (mine.startswith(key) or key.startswith(mine)))):
            return True
    label = _key((site or "").split(".")[0])
    return bool(label) and (key == label or _abbreviates(label, name))


def _key(name: str) -> str:
    bare = _ARTICLES.sub("", name.strip().casefold())
    return re.sub(r"[\W_]+", "", re.sub(r"\.(?:com|org|net|de|fr|es|it|co\.uk|ru|cz|pl|ch|at|jp)\b", "", bare))


def _abbreviates(label: str, name: str) -> bool:
    """Tell whether `label` is made of the beginnings of the words of `name` in order (nytimes, wsj, csmonitor)."""
    words = [word for word in re.findall(r"\w+", _ARTICLES.sub("", name.casefold())) if word][:8]
    if len(words) < 2 or len(label) < 3:
        return False
    ends = {0}
    for word in words:
        longest = {n: _common(label[n:], word) for n in ends}
        ends = {n + k for n, most in longest.items() for k in range(0 if word in SMALL else 1, most + 1)}
    return len(label) in ends


def _common(a: str, b: str) -> int:
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def pretty(name: str) -> str:
    """Return `name` as an outlet writes itself: a known name as listed, all lower or upper case in title case.

    >>> pretty("the epoch times"), pretty("HERALD OF THE LAKE"), pretty("BBC"), pretty("Fox13 News")
    ('The Epoch Times', 'Herald of the Lake', 'BBC', 'Fox13 News')
    """
    clean = re.sub(r"^the (?=[A-Z])", "The ", re.sub(r"\s+", " ", name).strip())
    who = lookup(clean)
    if who is not None:
        return who.name
    if domain_of(clean):
        return re.sub(r"^(?:https?://)?(?:www\.)?", "", clean)
    if not (clean.islower() or (clean.isupper() and " " in clean)) or "." in clean:
        return clean
    words = clean.lower().split(" ")
    return " ".join(w if n and w in SMALL else w[:1].upper() + w[1:] for n, w in enumerate(words))
