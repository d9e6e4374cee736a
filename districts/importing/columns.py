"""The columns of a list of actors or offers; a file that is written has them all, one that is read needs a few."""

from quartier.text import plain

SEVERAL = "|"  # between several values of one cell: the names of the lists contain commas

# What a column is called in a written file, and what else it may be called in one that is read.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("Nummer", "Nr."),
    "name": ("Name", "Akteur", "Einrichtung", "Organisation", "Institution"),
    "short_name": ("Kurzname", "Kürzel", "Abkürzung"),
    "type": ("Art", "Typ", "Akteurstyp"),
    "carrier_type": ("Trägertyp",),
    "legal_form": ("Rechtsform",),
    "parent": ("Träger", "Dachverband", "Träger oder Dachverband"),
    "districts": ("Quartiere", "Quartier", "Stadtteil"),
    "street": ("Straße", "Straße und Hausnummer", "Anschrift", "Adresse"),
    "postcode": ("PLZ", "Postleitzahl"),
    "city": ("Ort", "Stadt"),
    "phone": ("Telefon", "Tel."),
    "email": ("E-Mail", "Mail", "E-Mail-Adresse"),
    "website": ("Internetseite", "Website", "Homepage", "Internet", "Web"),
    "action_fields": ("Handlungsfelder", "Handlungsfeld"),
    "target_groups": ("Zielgruppen", "Zielgruppe"),
    "languages": ("Sprachen", "Sprache"),
    "description": ("Beschreibung", "Was der Akteur tut", "Angebot"),
    "status": ("Stand", "Status"),
    "source": ("Quelle", "Woher die Angaben stammen"),
    "is_public": ("Öffentlich", "darf öffentlich genannt werden"),
    "verified_on": ("Geprüft am", "Stand der Angaben"),
}
OFFER_COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("Nummer", "Nr."),
    "title": ("Angebot", "Name", "Titel", "Bezeichnung"),
    "provider": ("Anbieter", "Träger", "Akteur", "Einrichtung"),
    "kind": ("Art", "Angebotsart", "Typ"),
    "districts": ("Quartiere", "Quartier", "Stadtteil"),
    "place": ("Ort", "Ort und Anschrift", "Anschrift", "Wo"),
    "times": ("Wann", "Zeiten", "Termine"),
    "action_fields": ("Handlungsfelder", "Handlungsfeld"),
    "target_groups": ("Zielgruppen", "Zielgruppe", "Für wen"),
    "age_from": ("Alter ab", "Alter von"),
    "age_to": ("Alter bis",),
    "is_free": ("Kostenlos",),
    "cost": ("Kosten", "Preis"),
    "languages": ("Sprachen", "Sprache"),
    "barrier_free": ("Barrierefrei",),
    "registration": ("Anmeldung",),
    "phone": ("Telefon", "Tel."),
    "capacity": ("Plätze", "Platzzahl"),
    "description": ("Beschreibung", "Worum es geht"),
    "funded_by": ("Gefördert von", "Förderung"),
    "funded_until": ("Förderung bis",),
    "starts_on": ("Beginnt am", "Beginn"),
    "ends_on": ("Läuft bis", "Ende"),
    "status": ("Stand", "Status"),
    "is_public": ("Öffentlich", "öffentlich zeigen"),
    "verified_on": ("Geprüft am", "Stand der Angaben"),
}
HEAD = [names[0] for names in COLUMNS.values()]
OFFER_HEAD = [names[0] for names in OFFER_COLUMNS.values()]
# What only who keeps the inventory may have in a file.
OFFER_INSIDE = frozenset({"funded_by", "funded_until"})


def read_head(
    head: tuple[str, ...],
    columns: dict[str, tuple[str, ...]] = COLUMNS,
    needed: tuple[str, ...] = ("name", "type"),
) -> tuple[dict[str, int], list[str], list[str]]:
    """Which column stands where, the headings nobody knows, and why the file cannot be read (in German)."""
    by_head = {plain(text): name for name, heads in columns.items() for text in heads}
    found: dict[str, int] = {}
    unknown, problems = [], []
    for index, text in enumerate(head):
        name = by_head.get(plain(text))
        if name is None:
            unknown.append(text or f"Spalte {index + 1}")
        elif name in found:
            problems.append(f"Die Spalte „{columns[name][0]}“ kommt zweimal vor.")
        else:
            found[name] = index
    for name in needed:
        if name not in found:
            problems.append(f"Die Spalte „{columns[name][0]}“ fehlt.")
    return found, unknown, problems
