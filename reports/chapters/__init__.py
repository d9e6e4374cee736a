"""The chapters of an evaluation, one module each, and their names in a report."""

# What can be left out of a report; the method page is always in it.
CHAPTERS: dict[str, str] = {
    "overview": "Auf einen Blick",
    "intake": "Was gemeldet wurde",
    "departments": "Fachbereiche",
    "outcomes": "Was daraus wurde",
    "feedback": "Rückmeldung an die Menschen",
    "trend": "Verlauf",
    "districts": "Quartiere im Vergleich",
    "voices": "Wer (nicht) gehört wird",
    "needs": "Themen und Bedarfe",
    "bodies": "Gremien und Sitzungen",
    "projects": "Projekte und Veranstaltungen",
    "phases": "Phasen der Aktivierung",
    "funds": "Fonds",
    "public_relations": "Öffentlichkeitsarbeit",
    "plan": "Stand der Handlungskonzepte",
    "context": "Sozialraum als Kontext",
    "assessments": "Einschätzungen und Ausblick",
}
OVERVIEW, CONTEXT, ASSESSMENTS = "overview", "context", "assessments"
