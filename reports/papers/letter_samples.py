"""Letters for `make papers`, the awkward ones among them; invented people, nothing is stored."""

from collections.abc import Iterator
from datetime import date

from concerns.models import Concern, Letter, LetterBatch, Reporter
from concerns.wording import LETTER_CLOSING
from districts.models import Office, User

from .letters import letters_pdf

_OFFICE = Office(
    name="Stadtteilbüro Ost/Rothe Erde",
    street="Reichsweg 30",
    postcode="52068",
    city="Aachen",
    phone="0221 4710-310",
    email="ost@quartier.example",
    hours_note="Mo 10–12 Uhr\nDi 15–18 Uhr\nDo 10–12 Uhr",
    directions="In der Nadelfabrik, Erdgeschoss, stufenlos.",
    letterhead="Stadt Aachen\nQuartiersmanagement",
    funding_note="Gefördert im Städtebauförderprogramm „Sozialer Zusammenhalt“.",
)
_SIGNER = User(name="Aylin Yılmaz", office=_OFFICE)
_CODES = {1: "7K4M-2QXW-9RTB"}
_TITLE = "Laterne am Spielplatz dunkel"
_ADDRESS = "Elsassstraße 214\n52068 Aachen"
_SHORT = (
    "Guten Tag {name},\n\n"
    "Sie haben uns am 03.09.2026 gemeldet: Laterne am Spielplatz dunkel. Wir haben Ihre Meldung weitergegeben und eine "
    "Antwort bekommen.\n\n"
    "Die Laterne bekommt eine neue Leuchte. Die Arbeiten sind beauftragt und dauern einen Tag.\n\n"
    "Haben Sie Fragen? Dann melden Sie sich gern bei uns.\n\n" + LETTER_CLOSING
)
_NO = (
    "Guten Tag {name},\n\n"
    "Sie haben uns am 03.09.2026 gemeldet: Laterne am Spielplatz dunkel. Wir haben Ihre Meldung weitergegeben und eine "
    "Antwort bekommen.\n\n"
    "Eine zweite Laterne wird dort nicht aufgestellt.\n\n"
    "Der Grund: Der Ort gehört nicht der Stadt. Deshalb darf die Stadt dort nichts ändern.\n\n"
    "Haben Sie Fragen? Dann melden Sie sich gern bei uns.\n\n" + LETTER_CLOSING
)
_STEP = (
    "Der Weg am Spielplatz wird in drei Abschnitten erneuert. Zuerst kommt der Abschnitt an der Schule an die Reihe, "
    "danach der Abschnitt an der Wiese und zum Schluss die Treppe. Während der Arbeiten bleibt immer eine Seite offen. "
    "Wer einen Kinderwagen oder einen Rollstuhl hat, kommt über den Hof der Kirche. Die Schilder stehen ab Montag."
)
_SECOND = {
    "ar": "السلام عليكم،\n\nلقد أبلغتمونا بأن المصباح عند ملعب الأطفال لا يعمل. نقلنا بلاغكم وحصلنا على جواب.\n\n"
    "سيُركَّب مصباح جديد، وتستغرق الأعمال يومًا واحدًا.\n\n"
    "هل لديكم أسئلة؟ تفضلوا بزيارتنا في مكتب الحي (Reichsweg 30).",
    "uk": "Добрий день!\n\nВи повідомили нам, що ліхтар біля дитячого майданчика не світить. Ми передали ваше "
    "повідомлення й отримали відповідь.\n\nТам встановлять новий світильник. Роботи триватимуть один день.\n\n"
    "Маєте запитання? Приходьте до нас у бюро району.",
    "tr": "İyi günler,\n\nOyun alanındaki lambanın yanmadığını bize bildirdiniz. Bildiriminizi ilettik ve "
    "yanıt aldık.\n\n"
    "Oraya yeni bir lamba takılacak. İş bir gün sürecek.\n\nSorunuz mu var? Mahalle büromuza bekleriz.",
}


def _letter(
    name: str, text: str, *, address: str = _ADDRESS, title: str = "Laterne am Spielplatz dunkel", **fields
) -> Letter:
    concern = Concern(number="2026-00123", title=title, received_on=date(2026, 9, 3), office=_OFFICE)
    reporter = Reporter(pk=1, concern=concern, name=name, address=address)
    return Letter(**{"reporter": reporter, "kind": "final", "text": text.format(name=name), **fields})


def _bilingual(name: str, language: str, **fields) -> Letter:
    return _letter(name, _SHORT, second_language=language, second_text=_SECOND[language], **fields)


def letter_samples() -> Iterator[tuple[str, bytes]]:
    """Name and content of every sample."""
    batch = LetterBatch(made_by=_SIGNER, dated_on=date(2026, 9, 30))
    long = _NO.replace("Eine zweite", "\n\n".join([_STEP] * 6) + "\n\nEine zweite")
    longest = "Interessengemeinschaft der Anwohnerinnen und Anwohner Elsassplatz"[:60]
    lines = "c/o Katharina Brandenburg-Wietersheim\nHinterhaus, zweiter Aufgang\nKlingel „Gemeinschaft“\n"
    one = {
        "brief-kurz": _letter("Gerda Lambertz", _SHORT),
        "brief-nein": _letter("Willi Hamacher", _NO),
        "brief-zwei-seiten": _letter("Hildegard Plum", long),
        "brief-einfache-sprache": _letter("Renate Schroeders", _SHORT, plain=True),
        "brief-arabisch": _bilingual("Amira Darwisch", "ar"),
        "brief-ukrainisch": _bilingual("Olena Bondar", "uk"),
        "brief-zwischennachricht": _letter("Peter Vondenhoff", _SHORT, kind="interim"),
        "brief-lange-anschrift": _letter(
            longest,
            _SHORT,
            address=f"{lines}Elsassstraße 214\n52068 Aachen\nDeutschland",
            title="W" * 20 + " " + "x" * 90,
        ),
        "brief-langes-wort": _letter("Gundula " + "Wolke" * 16, _SHORT, address="x" * 150 + "\n52068 Aachen"),
    }
    for name, letter in one.items():
        yield name, letters_pdf(batch, [letter], codes=_CODES)
    many = [one["brief-kurz"], one["brief-nein"], one["brief-zwei-seiten"], one["brief-arabisch"],
            _bilingual("Emine Polat", "tr", plain=True)]  # fmt: skip
    yield "briefe-stapel", letters_pdf(batch, many, codes=_CODES)
    yield "briefe-stapel-beidseitig", letters_pdf(batch, many, codes=_CODES, both_sides=True)
    awkward = [one["brief-lange-anschrift"], one["brief-langes-wort"]]
    yield "briefe-stapel-lange-woerter", letters_pdf(batch, awkward, codes=_CODES)
