"""The tasks of Quartiersmanagement, as the Hessian guideline's annex lists them (Z11, appendix C), in our own words.

Columns: who does it typically. `x` answers for it, `(x)` takes part, empty does not. Where the annex cannot be read any
more, the column is empty.
"""

from dataclasses import dataclass

from districts.organising import Area

AREAS = {
    "A": "Umsetzung der Gesamtmaßnahme",
    "B": "Projektentwicklung",
    "C": "Städtebauliche Aufgaben",
    "D": "Finanzierung und Fördermittel",
    "E": "Öffentlichkeitsarbeit",
    "F": "Monitoring, Evaluation, Berichte",
    "G": "Vernetzung",
    "H": "Aktivierung und Beteiligung",
}
NONE, TAKES_PART, ANSWERS = "", "(x)", "x"


@dataclass(frozen=True)
class Task:
    """A task and who typically does it."""

    code: str
    text: str
    steering: str
    planning: str
    community: str

    @property
    def group(self) -> str:
        """Letter of the group of tasks."""
        return self.code[1]

    def typical(self, part: str) -> list[Area]:
        """The areas that typically answer for the task, or take part in it."""
        columns = {Area.STEERING: self.steering, Area.PLANNING: self.planning, Area.COMMUNITY: self.community}
        return [area for area, mark in columns.items() if mark == part]


_LINES = """
TA01|Die Gesamtmaßnahme leiten und koordinieren|x||
TA02|Stadtteilbüro als offene Anlaufstelle mit festen Öffnungszeiten aufbauen und führen|||x
TA03|Strukturen für Steuerung und Organisation schaffen und weiterentwickeln|x|(x)|(x)
TA04|Integriertes Entwicklungskonzept (ISEK) vergeben oder erstellen|x|(x)|(x)
TA05|Die Ziele des Entwicklungskonzepts im Blick behalten|x||
TA06|Maßnahmen aus dem Entwicklungskonzept anstoßen und begleiten||x|x
TA07|Das Entwicklungskonzept fortschreiben||(x)|(x)
TA08|Ablauf, Organisation und Termine planen|x||
TA09|Akteure koordinieren, beraten und vernetzen||x|x
TA10|Sitzungen der Steuerung vorbereiten, moderieren, nachbereiten|x||
TA11|An Stadtteilarbeitskreis und Stadtteilkonferenz teilnehmen|x||
TA12|Arbeitsgruppen und Runde Tische vorbereiten, moderieren, nachbereiten||x|x
TA13|In Gremien des Quartiers und der Stadt mitwirken, sie bei Bedarf leiten||x|x
TA14|Gremien von Stadt und Land informieren||x|x
TA15|Bei der Beteiligung der Bürgerinnen und Bürger mitwirken, auch mit einfachen Formen||x|x
TA16|Zwischen Quartier und Verwaltung vermitteln||x|
TA17|Sich an Debatten der ganzen Stadt beteiligen|||x
TA18|Für das Quartier und seine Bewohnerschaft eintreten|||x
TA19|Bedarfe, Probleme und Stimmungen an Verwaltung und Politik weitergeben|||x
TA20|Probleme erfassen und Lösungswege aufzeigen|||x
TA21|Mit Schlüsselpersonen im Gespräch bleiben||x|x
TA22|Entwicklungsagenda, Projekttabellen und Projektmappen führen|x||
TA23|Problemanalysen aktuell halten||x|x
TB01|Fördermittel und Mittel Dritter einwerben|x|x|x
TB02|Leistungen an Dritte vergeben|x|(x)|
TB03|Prüfen, ob Leistungen erbracht wurden|(x)||
TB04|Vorlagen für Sitzungen und Beschlüsse vorbereiten|x||
TB05|Planungen, Gutachten, Wettbewerbe und Bauvorhaben begleiten||x|
TB06|Bereitschaft der Akteure zum Mitmachen erkunden und fördern|||x
TB07|Aktionen für ein gutes Zusammenleben organisieren|||x
TB08|Projekte entwickeln, auch ohne Bauen|||x
TB09|Projektideen bündeln: fachübergreifend, für das Quartier, mit Arbeit vor Ort|||x
TB10|Menschen mit Ideen helfen, ein Konzept zu schreiben|||x
TB11|Helfen, Projekte nach den Regeln der Förderung zu entwickeln||x|x
TB12|Projekte bei der Umsetzung begleiten und vernetzen||x|x
TC01|Bau- und Ordnungsmaßnahmen veranlassen|x||
TC02|Bau- und Planungsleistungen ausschreiben und vergeben|x||
TC03|Grundstücke erwerben und tauschen|x||
TC04|Städtebauliche Verträge schließen|x||
TC05|Verfahren nach dem Baugesetzbuch führen|x||
TC06|Planungen untereinander abstimmen||x|
TC07|Maßnahmenpläne und Bilanzpläne führen||x|
TC08|Bauherrschaften beraten||x|
TC09|Pläne und Bauanträge auf die Ziele des Quartiers prüfen||x|
TD01|Konzepte für Finanzierung und Förderung aufstellen|x||
TD02|Fördermittel und Mittel Dritter beantragen und abrechnen|x||
TD03|Finanzierungen und Abrechnungen prüfen|x||
TD04|Fördermittel abrufen|x||
TD05|Sich mit den Fördermittelgebern abstimmen|x||
TD06|Mittel und Maßnahmen jährlich planen|x||
TD07|Zwischen- und Schlussabrechnungen erstellen|x||
TD08|Die Finanzen überwachen|x||
TE01|Mit dem Stadtmarketing zusammenarbeiten||x|
TE02|Das Bild des Quartiers verbessern|||x
TE03|Größere Veranstaltungen ausrichten: Stadtteilfest, Aktionen, Rundgänge|||x
TE04|Informationen sammeln, bereitstellen und austauschen|||x
TE05|Zum Mitmachen einladen und die Verbundenheit mit dem Quartier stärken|||x
TE06|Pressetexte schreiben und freigeben|(x)|x|x
TE07|Flyer, Plakate und Broschüren erstellen||x|x
TE08|Internetseite pflegen||x|x
TE09|Soziale Medien pflegen||x|x
TE10|Stadtteilzeitung herausgeben, wo es eine gibt|||x
TF01|Regelmäßig an den Auftraggeber berichten||x|x
TF02|Fragebögen der Evaluation bearbeiten||x|x
TF03|Entwicklung des Quartiers mit Daten beobachten||x|x
TF04|Die eigene Arbeit auswerten||x|x
TF05|Konzept für die Zeit nach der Förderung vorbereiten||x|x
TG01|Netzwerke im Quartier koordinieren und beraten||x|x
TG02|Sich regelmäßig über laufende Projekte austauschen||x|x
TG03|Gemeinsame Veranstaltungen abstimmen: Versammlungen, Anhörungen, Begehungen||x|x
TG04|Aktivierende Formen abstimmen: Befragungen, Putzaktionen||x|x
TG05|Mit Wirtschaftsförderung und Betrieben vor Ort zusammenarbeiten|||
TG06|Sich überregional fachlich austauschen|x|x|x
TH01|In der Verwaltung verantwortlich für das Quartier ansprechbar sein|x||
TH02|Rahmen der Beteiligung schaffen: Beirat, Verfügungsfonds|x||
TH03|Die beteiligten Ämter koordinieren|x||
TH04|Menschen dauerhaft aktivieren, besonders schwer erreichbare Gruppen|||x
TH05|Bewohnergruppen anregen, unterstützen, moderieren|||x
TH06|Das Netzwerk vor Ort aufbauen und begleiten||x|x
TH07|Versammlungen, Veranstaltungen und Aktionen vorbereiten, moderieren, nachbereiten||x|x
TH08|Initiativen und Vereine bei Ideen und Projekten begleiten||x|x
TH09|Formen der Beteiligung für einzelne Zielgruppen aufbauen und erhalten|||x
TH10|In Konflikten vermitteln||x|x
TH11|Verfügungsfonds vergeben und verwalten, Anträge prüfen, das Verfahren offenlegen||x|x
TH12|Stadtteilvereine aufbauen|||x
TH13|Einzelne, Gruppen und Vereine beraten|||x
TH14|Beratungsbedarf ermitteln und Angebote öffnen|||x
TH15|Kultur und Bildung vor Ort fördern|||x
TH16|Beschäftigung und örtliche Wirtschaft fördern|||x
TH17|Engagement würdigen|||x
"""

TASKS: tuple[Task, ...] = tuple(Task(*line.split("|")) for line in _LINES.split("\n") if line)
BY_CODE: dict[str, Task] = {task.code: task for task in TASKS}
