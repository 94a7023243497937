"""What stands around articles, in the words of invented sites: notices, boxes, menus, captions, rows of tables."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Furniture:
    """The standing texts of sites in one language; `{site}` is the name of the site. Each field has one or more."""

    newsletter: tuple[str, ...]
    related: tuple[str, ...]
    notice: tuple[str, ...]
    cookies: tuple[str, ...]
    author: tuple[str, ...]
    lines: tuple[str, ...]  # menu, share buttons, captions: a line each
    bylines: tuple[str, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Everything that stands as a paragraph."""
        return (*self.newsletter, *self.related, *self.notice, *self.cookies, *self.author)


def _furniture() -> dict[str, Furniture]:
    """Return the standing texts of data/furniture.tsv by language."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in files("syndet").joinpath("data/furniture.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, kind, text = line.split("\t")
            found.setdefault(language, {}).setdefault(kind, []).append(text)
    return {
        language: Furniture(**{kind: tuple(texts) for kind, texts in kinds.items()})
        for language, kinds in found.items()
    }


FURNITURE = _furniture()
OUTLETS = (
    "Eastport Ledger", "The Valmere Post", "Harrowgate 24", "Nordhaven Kurier", "La Gaceta de Brisal",
    "Le Matin de Vaudry", "Corriere di Montalba", "O Diário de Lagoal",
    "Tarvo Online", "Meridian Wire", "Silverfen Today", "Kestrel News",
)  # fmt: skip

# Rows of tables. Stock indices have one name everywhere; towns are written as the reader writes.
INDICES = (
    "DAX", "FTSE 100", "CAC 40", "IBEX 35", "Nikkei 225", "Hang Seng", "S&P 500", "Nasdaq 100", "Dow Jones",
    "Euro Stoxx 50", "Brent", "EUR/USD", "USD/JPY", "Gold", "KOSPI", "SMI",
)  # fmt: skip
_LATIN_TOWNS = "London Berlin Paris Madrid Roma Oslo Wien Praha Lisboa Dublin Helsinki Budapest"
TOWNS = {
    "LATIN": _LATIN_TOWNS,
    "CYRILLIC": "Москва Казань Самара Омск Пермь Київ Минск София Белград Алматы",
    "GREEK": "Αθήνα Πάτρα Βόλος Λάρισα Χανιά Ρόδος Καβάλα Λαμία Σέρρες Κέρκυρα",
    "ARABIC": "القاهرة بيروت عمّان بغداد الرباط تونس دمشق الدوحة مسقط الخرطوم",
    "HEBREW": "ירושלים חיפה אילת טבריה אשדוד נתניה צפת עכו לוד יבנה",
    "DEVANAGARI": "दिल्ली मुंबई जयपुर लखनऊ पटना भोपाल इंदौर नागपुर रांची शिमला",
    "THAI": "กรุงเทพ เชียงใหม่ ขอนแก่น ภูเก็ต อยุธยา ระยอง ตรัง น่าน ลำปาง สงขลา",
    "CJK": "北京 上海 東京 大阪 香港 台北 広州 京都 札幌 天津",
    "HANGUL": "서울 부산 대구 인천 광주 대전 울산 수원 제주 전주",
}
