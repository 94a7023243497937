"""Who copies whom at one outlet, for reading: `exchange` in words and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from syndet.exchange import Exchange, Partner
from syndet.permits import counts_text
from syndet.printable import clean, plural, short

# More partners are only counted in words; the JSON has them all.
_MOST = 20
_DONE = {"cut_place": "leave out", "cut": "leave out", "added": "add"}


def ledger_dict(found: Exchange) -> dict[str, Any]:
    """Return an outlet and its partners as JSON."""
    plain = ("site", "name", "owner", "stored", "skipped", "read", "copying", "copied")
    return {name: getattr(found, name) for name in plain} | {
        "left_out": found.stored - found.read - found.skipped,
        "sisters": list(found.sisters),
        "months": _months(found.months),
        "takes": [_partner(one) for one in found.takes],
        "gives": [_partner(one) for one in found.gives],
    }


def _partner(one: Partner) -> dict[str, Any]:
    return {
        "site": one.site,
        "name": one.name,
        "sister": one.sister,
        "copies": one.copies,
        "months": _months(one.months),
        "lag_hours": {"median": round(one.lag, 2) if one.lag is not None else None, "of": one.timed},
        "kept": {"median": round(one.kept, 4) if one.kept is not None else None, "of": one.aligned},
        "credit": {"of": one.html, **dict(one.credits)},
        "licences": dict(one.licences) or None,
        "habits": {"of": one.read, "found": [{"kind": h.kind, "what": h.what, "copies": h.copies} for h in one.habits]},
    }


def _months(months: tuple[tuple[str | None, int], ...]) -> list[dict[str, Any]]:
    return [{"month": month, "articles": count} for month, count in months]


def ledger_text(record: dict[str, Any]) -> str:
    """Return an outlet, as `ledger_dict` gives it, in words."""
    lines = [f"{_called(record)}: {plural(record['stored'], 'article')} stored, {_span(record['months'])}."]
    if record["skipped"] or record["left_out"]:
        parts = f"{record['skipped']:,} newer and {record['left_out']:,} older ones are left out (--skip, --limit)"
        lines.append(f"What follows is of {record['read']:,} of them; {parts}.")
    house = [f"belongs to {record['owner']}"] if record["owner"] else []
    house += [f"sister sites {', '.join(record['sisters'])}"] if record["sisters"] else []
    lines += [f"Listed: {clean('; '.join(house))}."] if house else []
    lines += _licences(record)
    lines += ["", f"Output: {_by_month(record['months'])}"]
    lines += ["", _head(record["copying"], record["read"], "have text of others", record["takes"])]
    lines += _partners(record["takes"])
    lines += ["", _head(record["copied"], record["read"], "are copied by others", record["gives"])]
    lines += _partners(record["gives"])
    return "\n".join(lines)


def _licences(record: dict[str, Any]) -> list[str]:
    """Return what the register says of all copies, taken and given; nothing where none is kept."""
    told = []
    for key, what in (("takes", "copied from others"), ("gives", "copied by others")):
        counts = sum((Counter(one["licences"]) for one in record[key] if one["licences"]), Counter[str]())
        told += [f"Licences, {what}: {counts_text(counts)}."] if counts else []
    return told


def _head(articles: int, of: int, what: str, partners: list[dict[str, Any]]) -> str:
    share = f" ({articles / of:.0%})" if of else ""
    copies = sum(one["copies"] for one in partners)
    after = f", in {plural(copies, 'copy')} of {plural(len(partners), 'outlet')}:"
    return f"{articles:,} of {plural(of, 'article')}{share} {what}{after if partners else '.'}"


def _partners(partners: list[dict[str, Any]]) -> list[str]:
    lines = []
    for one in partners[:_MOST]:
        lines.append(f"  {one['copies']:>5,}  {_called(one)}{_standing(one)}")
        lines += [f"         {line}" for line in _figures(one)]
    if len(partners) > _MOST:
        lines.append(f"  ... and {plural(len(partners) - _MOST, 'outlet')} with fewer (--json has them all)")
    return lines


def _standing(one: dict[str, Any]) -> str:
    """Return what else is to be said of a partner beside its name."""
    if not one["site"]:
        return " (not in the store)"
    return ", a sister of this outlet" if one["sister"] else ""


def _figures(one: dict[str, Any]) -> list[str]:
    lag, kept, credit, habits = one["lag_hours"], one["kept"], one["credit"], one["habits"]
    figures = []
    if lag["of"]:
        figures.append(f"{lag['median']:,.1f} hours later (median of {lag['of']:,} with times)")
    if kept["of"]:
        figures.append(f"{kept['median']:.0%} of the text kept (median of {kept['of']:,})")
    if credit["of"]:
        named = [f"{credit[grade]:,} {grade}" for grade in ("linked", "named", "generic", "none") if credit.get(grade)]
        given = credit.get("linked", 0) + credit.get("named", 0)
        figures.append(f"credit in {given:,} of {credit['of']:,}" + f" ({', '.join(named)})")
    licences = [f"licences: {counts_text(one['licences'])}"] if one["licences"] else []
    lines = [*licences, f"by month: {_by_month(one['months'])}", *([", ".join(figures)] if figures else [])]
    for habit in habits["found"]:
        what = habit["what"] if habit["kind"] == "cut_place" else f"“{short(habit['what'], 90)}”"
        lines.append(f"{habit['copies']:,} of {plural(habits['of'], 'copy')} {_DONE[habit['kind']]} {what}")
    return lines


def _by_month(months: list[dict[str, Any]]) -> str:
    return ", ".join(f"{one['month'] or 'undated'} {one['articles']:,}" for one in months) or "none"


def _span(months: list[dict[str, Any]]) -> str:
    dated = [one["month"] for one in months if one["month"]]
    return f"{dated[0]} to {dated[-1]}" if dated else "none of them dated"


def _called(one: dict[str, Any]) -> str:
    if one["site"] and one["name"]:
        return f"{short(one['name'], 60)} ({clean(one['site'])})"
    return short(one["name"] or one["site"] or "no name", 60)
