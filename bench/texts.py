"""German sentences with known word frequencies for the benchmark's concerns (own wording, nobody's report)."""

from random import Random

FREQUENT, MEDIUM, RARE = "Müll", "Rattenbefall", "Zebrastreifen"
FREQUENT_SHARE, MEDIUM_SHARE, RARE_HITS = 0.28, 0.003, 20


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


_FIRST = words("""
    Spiel Straßen Haus Keller Treppen Park Schul Kinder Jugend Senioren Nachbarschafts Garten Wald Wiesen Bach
    Brunnen Bus Bahn Rad Fuß Geh Auto Lärm Licht Laternen Strom Wasser Abwasser Heizungs Fenster Tür Dach Zaun
    Mauer Hecken Baum Blumen Hunde Katzen Tauben Glas Papier Sperr Bio Gelb Container Sammel Werk Bastel Näh Koch
    Sprach Lese Musik Sport Fußball Tisch Bolz Turn Tanz Theater Fest Markt Floh Weihnachts Sommer Winter Herbst
    Frühlings Regen Schnee Eis Sand Kies Beton Asphalt Pflaster Stein Holz Metall Kunststoff Farb Wand Decken
    Boden Aufzugs Klingel Brief Paket Post Zeitungs Info Aushang Schau Quartiers Stadtteil Bezirks Rathaus Amts
    Antrags Beratungs Sozial Familien Eltern Mütter Väter Krippen Pflege Arzt Apotheken Notfall Feuer Rettungs
    Polizei Ordnungs Verkehrs Ampel Schilder Tempo Einbahn Sack Seiten Haupt Neben Quer Durchgangs Unter Über
    Brücken Tunnel Treff Mittags Abend Nacht Morgen Ferien Wochen Monats Jahres
""")
_SECOND = words("""
    platz weg straße pfad hof garten raum haus zimmer halle treppe tor tür bank tisch stuhl schrank regal lampe
    leuchte mast pfosten geländer zaun gitter rost deckel schacht rinne rohr leitung pumpe ventil schalter knopf
    tafel schild kasten korb eimer tonne behälter sammlung abfuhr reinigung pflege schnitt pflanzung beet fläche
    wiese rasen hang mauer kante stufe rampe schwelle kurve kreuzung querung insel spur streifen belag loch riss
    schaden defekt bruch zustand mangel gefahr stelle ecke winkel lage dienst team gruppe verein kreis runde treff
    fest markt aktion woche tag stunde zeit plan liste karte heft blatt brief antrag bescheid termin frist gebühr
    kosten hilfe beratung kurs training angebot projekt idee wunsch frage antwort meldung hinweis beschwerde bitte
    vorschlag lösung prüfung kontrolle wartung erneuerung sperrung verlegung planung beteiligung begehung
""")
NOUNS = [f"{a}{b}" for a in _FIRST for b in _SECOND]
_NAMES = words("""
    Linden Birken Ahorn Eichen Buchen Erlen Kastanien Rosen Nelken Tulpen Amsel Drossel Finken Lerchen Schwalben
    Mühlen Bach Wiesen Feld Berg Tal Quellen Brunnen Kirch Kloster Schloss Burg Markt Schul Post Bahnhof Garten
    Wald Heide Moor Ufer Hafen Brücken Turm Wall Graben Stein Kupfer Silber Eisen Glas Weber Tuch Färber Gerber
""")
_ENDS = ("straße", "weg", "gasse", "allee", "ring", "hof", "winkel", "steig", "pfad", "damm", "ufer", "stieg")
STREETS = [f"{a}{b}" for a in _NAMES for b in _ENDS]
# One slot each; the slot takes a noun, a street or a number.
_WITH_NOUN = [
    "Seit Wochen ist hier ein Problem mit %s, und niemand fühlt sich zuständig.",
    "Die Nachbarn ärgern sich über %s und wünschen sich eine schnelle Lösung.",
    "Könnte bitte jemand nachsehen, was mit %s los ist?",
    "Besonders abends wirkt alles um %s herum dunkel und verlassen.",
    "Für Menschen mit Rollator ist der Weg wegen %s kaum zu schaffen.",
    "Eine Mutter berichtet, dass ihr Kind sich an %s verletzt hat.",
    "Im letzten Jahr wurde %s zugesagt, passiert ist bisher nichts.",
    "Viele fragen nach %s, es gibt aber keinen Ansprechpartner vor Ort.",
    "Wir schlagen vor, gemeinsam über %s zu sprechen und einen Termin zu machen.",
    "Der Hausmeister sagt, für %s sei die Stadt verantwortlich.",
    "Die Gruppe möchte %s selbst in die Hand nehmen, braucht aber Unterstützung.",
    "Nach dem letzten Sturm blieb von %s wenig übrig.",
    "Das Wort %s fiel in der Sprechzeit mehrmals.",
    "Bitte teilen Sie uns mit, ob %s in diesem Jahr noch möglich ist.",
    "Ohne %s leuchtet hier abends keine einzige Lampe.",
    "Früher gab es hier %s, das fehlt jetzt allen.",
]
_WITH_STREET = [
    "Es geht um die Ecke %s, gleich neben der Haltestelle.",
    "In der %s sieht es jeden Montag so aus.",
    "Von der %s bis zur Schule ist kein sicherer Weg.",
    "Die Anwohner der %s haben schon dreimal angerufen.",
    "Zwischen %s und Kirche stehen die Autos auf dem Gehweg.",
    "Am Ende der %s fehlt eine Bank im Schatten.",
]
_WITH_FREQUENT = [
    "Der Müll liegt neben den Behältern und wird vom Wind verteilt.",
    "Immer wieder wird dort wilder Müll abgelegt, zuletzt am Wochenende.",
    "Neben dem Müll stehen alte Möbel auf dem Gehweg.",
    "Niemand holt den Müll ab, es riecht bis in die Wohnungen.",
]
_TITLES = ["%s melden", "Problem mit %s", "%s in schlechtem Zustand", "Wunsch: %s", "Frage zu %s", "Idee für %s"]
ANSWERS = [
    "Vielen Dank für Ihren Hinweis. Wir haben die Stelle geprüft und den Schaden behoben.",
    "Wir haben Ihr Anliegen geprüft. Leider fehlen in diesem Jahr die Mittel dafür.",
    "Die Arbeiten sind eingeplant. Wir melden uns, sobald der Termin feststeht.",
    "Die Fläche gehört nicht der Stadt. Wir haben den Eigentümer angeschrieben.",
    "Ein Teil ist erledigt: Die Bank steht wieder. Der Weg folgt im nächsten Jahr.",
]


class Writer:
    """Writes titles, texts and places; the same seed gives the same texts."""

    def __init__(self, seed: int):
        self.random = Random(seed)

    def noun(self) -> str:
        """A compound; few are frequent, most are rare."""
        return NOUNS[int(len(NOUNS) * self.random.random() ** 3)]

    def street(self) -> str:
        return STREETS[int(len(STREETS) * self.random.random() ** 2)]

    def concern(self, rare: bool) -> tuple[str, str, str]:
        """Title, text and place of one concern."""
        draw = self.random.random
        street = self.street()
        title = _TITLES[int(draw() * len(_TITLES))] % self.noun()
        sentences = [
            _WITH_NOUN[int(draw() * len(_WITH_NOUN))] % self.noun(),
            _WITH_STREET[int(draw() * len(_WITH_STREET))] % street,
        ]
        if draw() < 0.6:
            sentences.append(_WITH_NOUN[int(draw() * len(_WITH_NOUN))] % self.noun())
        if draw() < FREQUENT_SHARE:
            sentences.insert(0, _WITH_FREQUENT[int(draw() * len(_WITH_FREQUENT))])
        if draw() < MEDIUM_SHARE:
            sentences.append(f"Es besteht Verdacht auf {MEDIUM}.")
        if rare:
            sentences.append(f"Vor der Schule fehlt ein {RARE}.")
        if draw() < 0.25:
            sentences[-1] = self._mistyped(sentences[-1])
        return title, " ".join(sentences), f"{street} {int(draw() * 180) + 1}"

    def _mistyped(self, text: str) -> str:
        """Two letters change places, as when somebody types in a hurry: the vocabulary grows like a real one."""
        at = int(self.random.random() * (len(text) - 2))
        return f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"
