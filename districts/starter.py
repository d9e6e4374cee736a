"""Lists to begin with (appendix D.3, D.7, D.8, E): taken over by a click, then edited like any other list."""

ACTOR_TYPES = (
    "Träger der Freien Wohlfahrtspflege", "Begegnungszentrum", "Altenheim, Pflege", "Kirchengemeinde", "Sportverein",
    "Kulturverein, Heimatverein", "Migrantenorganisation", "Stadtteilverein", "Bewohnerinitiative", "Kita", "Schule",
    "Familienzentrum", "Jugendeinrichtung", "Beratungsstelle", "Wohnungsunternehmen", "Eigentümergemeinschaft",
    "Einzelhandel, Gewerbe, Unternehmen", "Jobcenter, Arbeitsagentur", "Polizei", "Ordnungsamt", "Krankenkasse",
    "Hebamme, Gesundheitsdienst", "Hochschule", "Stiftung", "Verbraucherzentrale", "Energieberatung",
    "Kommunales Integrationszentrum", "Beirat", "Bezirksamt", "Fachbereich", "Politik, Fraktion", "Medien",
    "Planungsbüro", "Sanierungsträger", "Städtische Gesellschaft",
)  # fmt: skip
ACTION_FIELDS = (
    "Wohnen und Wohnumfeld", "Verkehr und Mobilität", "Nachbarschaft und Begegnung", "Kinder, Jugend, Bildung",
    "Alter und Generationen", "Integration und Vielfalt", "Inklusion und Barrierefreiheit", "Gesundheit",
    "Sicherheit, Ordnung, Sauberkeit", "Klima, Grün, Umwelt", "Arbeit, Qualifizierung, lokale Ökonomie",
    "Beteiligung, Image, Kultur",
)  # fmt: skip
TARGET_GROUPS = (
    "Kinder", "Jugendliche", "Familien", "Alleinerziehende", "Ältere", "Alleinlebende Ältere",
    "Menschen mit Behinderung", "Zugewanderte", "Geflüchtete", "Aussiedler/innen", "Frauen, Mütter",
    "Langzeitarbeitslose", "Menschen mit wenig Einkommen", "Neuzugezogene", "Mieter/innen", "Eigentümer/innen",
    "Gewerbe", "Ehrenamtliche", "Alle",
)  # fmt: skip
OFFER_KINDS = (
    "Beratung", "Treff", "Kurs", "Betreuung", "Sport", "Kultur", "Sprache", "Gesundheit", "Pflege, Alltagshilfe",
    "Jugendangebot", "Arbeit, Qualifizierung", "Selbsthilfe", "Ehrenamt, Nachbarschaft",
)  # fmt: skip
# The programmes that the city's concept of 2017 names (Z06).
PROGRAMMES = (
    "Städtischer Haushalt", "Quartiersmanagement für Integration (QFI)", "Soziale Stadt", "Altengerechte Quartiere",
)  # fmt: skip
EVENT_FORMATS = (
    "Stadtteilfest", "Begegnungsfest", "Fahrradwerkstatt", "Kochaktion", "Filmabend", "Bepflanzungsaktion", "Ausflug",
    "Wandercafé", "Aufräum- oder Reinigungstag", "Adventsaktion", "Baustellencafé, Baustellentreff",
    "Rundgang, Begehung", "Modellbauaktion, Planen am Modell", "Planungsworkshop", "Jugendbeteiligung",
    "Aktivierende Befragung", "Haushaltsbefragung", "Informationsveranstaltung", "Anwohnerversammlung",
    "Öffentliche Anhörung", "Ausstellung", "Unterschriftenaktion", "Sprechstunde vor Ort",
    "Qualifizierung, Schulung Ehrenamt",
)  # fmt: skip
