"""What every figure means: the method page of a report, the notes of a workbook."""

from reports.tables import Figures

Definitions = tuple[tuple[str, str], ...]

COUNTING: Definitions = (
    (
        "Gezählt werden",
        "alle Anliegen, die im Zeitraum eingegangen sind (Tag des Eingangs), und was bis zum Stand der Daten aus ihnen "
        "wurde. Jüngere Anliegen sind oft noch in Arbeit; ihre Quoten steigen noch.",
    ),
    (
        "Nie enthalten",
        "sind vertrauliche Anliegen (besonders geschützte Daten, Kinder und Jugendliche in Not, Gewalt). Sie stehen in "
        "keiner Zahl, auch nicht in Summen.",
    ),
    (
        "Personen und Anliegen",
        "Ein Anliegen kann von mehreren Personen kommen. Rückmeldungen zählen je Person, alles andere je Anliegen.",
    ),
    ("Arbeitstage", "Montag bis Freitag ohne die gesetzlichen Feiertage in Nordrhein-Westfalen."),
    (
        "Median und 90 %",
        "Beim Median ging es bei der Hälfte schneller, bei der Hälfte dauerte es länger. „90 % bis“ sagt, nach "
        "wie vielen Tagen neun von zehn fertig waren.",
    ),
)
OF_CHAPTERS: dict[str, Definitions] = {
    "overview": (
        ("abgeschlossen", "Alle Beteiligten haben eine Rückmeldung oder einen begründeten Verzicht darauf."),
        ("gebündelt", "Mit einem anderen Anliegen zur selben Sache zusammengelegt; jedes bleibt einzeln gezählt."),
        ("wieder geöffnet", "Nach dem Abschluss noch einmal aufgenommen, zum Beispiel weil etwas nicht gehalten hat."),
    ),
    "intake": (
        (
            "weitergeleitet",
            "Mindestens ein Fachbereich hatte das Anliegen; zurückgerufene Weiterleitungen zählen nicht.",
        ),
        ("selbst bearbeitet", "Das Quartiersmanagement hat die Antwort selbst gefunden."),
        ("weitervermittelt", "An ein Angebot, eine Einrichtung oder eine Stelle außerhalb der Verwaltung vermittelt."),
    ),
    "departments": (
        ("angenommen", "Der Fachbereich hat bestätigt, dass er zuständig ist."),
        ("zurückgegeben", "Der Fachbereich ist nicht zuständig. Das Anliegen kam zum Quartiersmanagement zurück."),
        ("fristgerecht", "Beantwortet bis zu der Frist, die zuerst vereinbart war; eine Verlängerung zählt nicht."),
        ("überfällig", "Noch ohne Antwort, und die Frist ist am Stand der Daten vorbei."),
    ),
    "outcomes": (
        ("Ergebnis", "Was bei Abschluss festgehalten wurde. Ein Nein oder Teils braucht immer einen Grund."),
        ("Zusage", "Für einen Tag angekündigt. Eingehalten heißt: Das Quartiersmanagement hat es geprüft."),
    ),
    "feedback": (
        (
            "Rückmeldequote",
            "Personen, die die Antwort gehört haben, geteilt durch Personen, denen eine Rückmeldung geschuldet ist: "
            "Eine Antwort liegt vor, und die Person möchte sie hören und kann es. Wer nach mehreren Versuchen nicht "
            "erreichbar war, zählt als geschuldet.",
        ),
        ("Versuche", "Jeder Anruf, Brief, jede E-Mail und jedes Gespräch zählt, bis die Person erreicht war."),
        ("entfallen", "Zum Beispiel anonym gemeldet oder Rückmeldung nicht gewünscht; mit Grund festgehalten."),
    ),
    "trend": (("Verlauf", "Nach dem Tag des Eingangs; der Stand jedes Anliegens ist der von heute."),),
    "districts": (
        ("je 1.000 Einwohner/innen", "Mit den jüngsten Einwohnerzahlen, die nicht nach dem Ende des Zeitraums liegen."),
        ("Vergleich der Quartiere", "Keine Rangfolge: Quartiere unterscheiden sich in Größe, Ausstattung und Bedarf."),
    ),
    "voices": (
        (
            "erwartet",
            "So viele Anliegen, wie es dem Anteil an den Einwohnerinnen und Einwohnern, an den Eingangswegen sonst "
            "oder an den Sprachen entspricht. „Unter der Erwartung“ heißt: weniger als sechs Zehntel davon.",
        ),
    ),
    "needs": (
        ("Themen", "Ein Thema für mehrere Quartiere zählt einmal; sein Stand ist der am letzten Tag des Zeitraums."),
    ),
    "bodies": (
        ("Gremien", "Gezählt werden Sitzungen, deren Tag im Zeitraum liegt und die stattgefunden haben."),
        ("Anwesende je Sitzung", "Mitglieder, im Mittel der Sitzungen mit Anwesenheitsliste; ohne Gäste."),
        (
            "fristgerecht erledigt",
            "Spätestens an dem Tag erledigt, der zuerst gesetzt war: Verschieben macht nichts pünktlich.",
        ),
        ("noch offen", "Offen, in Arbeit oder verschoben."),
        ("verschoben", "Mindestens einmal auf einen späteren Tag, was auch immer daraus wurde."),
    ),
    "projects": (
        ("abgeschlossen, verstetigt", "Nach dem Tag, an dem der Stand erreicht war; nachgetragen zählt dieser Tag."),
        ("Teilnehmende", "Wie nach der Veranstaltung notiert, zum Teil geschätzt; wer mehrmals kommt, zählt mehrmals."),
        ("Wirkung geprüft", "Frage „Wirkt es noch?“ vier, zwölf und 26 Wochen nach Abschluss eines Projekts."),
    ),
    "phases": (
        (
            "Phasen der Aktivierung",
            "Bedürfnisse formulieren, Selbsthilfe wecken, Selbsthilfe aktiviert. Eine Einschätzung mit Begründung, "
            "keine Messung.",
        ),
    ),
    "funds": (
        ("Eigenanteil", "Eigenes Geld und ehrenamtliche Stunden, geteilt durch alle Kosten der bewilligten Projekte."),
    ),
    "plan": (
        (
            "Farben der Maßnahmen",
            "Grün abgeschlossen und umgesetzt, Blau in der Umsetzung, Rot in der Planung, Schwarz nicht umgesetzt. "
            "Beitrag zu den Zielen, kein Nachweis einer Wirkung.",
        ),
    ),
    "context": (
        (
            "Kennwerte",
            "Umstände, unter denen die Zahlen zu lesen sind; nie ihre Ursache. Quelle und Jahr stehen dabei.",
        ),
    ),
}


def small_numbers(threshold: int) -> tuple[str, str]:
    """What is hidden and why."""
    return (
        "Kleine Zahlen",
        f"Zahlen unter {threshold} sind durch • ersetzt, damit niemand erkennbar wird; ebenso Zahlen, aus denen sie "
        "sich errechnen ließen, und was aus ihnen berechnet ist. Eine Null ist eine Null. Das gilt für diese Ausgabe "
        "in sich: Aus zwei Ausgaben mit verschiedenen Zeiträumen oder Quartieren lassen sich Unterschiede errechnen. "
        "Nach außen gehört deshalb für einen Zeitraum nur ein Zuschnitt.",
    )


def definitions(figures: Figures, *, threshold: int, codes: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Everything that has to be known to read figures: how it was counted, then term by term of their chapters."""
    shown = codes or tuple(chapter.code for chapter in figures.chapters)
    of_chapters = [entry for code in OF_CHAPTERS if code in shown for entry in OF_CHAPTERS[code]]
    return [*COUNTING, small_numbers(threshold), *of_chapters]


def asked(figures: Figures) -> list[tuple[str, str]]:
    """What was asked, and as of when."""
    return [
        ("Quartiere", figures.title),
        ("Zeitraum", figures.period),
        *([("Vergleich mit", figures.comparison)] if figures.comparison else []),
        *figures.filters,
        ("Stand der Daten", figures.as_of),
    ]


def notes(figures: Figures, *, threshold: int) -> list[tuple[str, str]]:
    """The notes of a file: what was asked, how it was counted, and what stands below the tables."""
    below = [(table.title, table.note) for table in figures.tables() if table.note]
    return [*asked(figures), *definitions(figures, threshold=threshold), *below]
