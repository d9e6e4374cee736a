"""The five organisational models of the Hessian guideline and the municipal one (Z10), as data with their checks.

The guideline knows five models (002 L509–604); Aachen's general Quartiersmanagement lies in the administration itself
and fits none of them: it is model 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models


class Area(models.TextChoices):
    """Areas of competence of Quartiersmanagement."""

    STEERING = "steering", "Prozesssteuerung"
    PLANNING = "planning", "Planung"
    COMMUNITY = "community", "Gemeinwesenarbeit"

    @property
    def divisible(self) -> str:
        """The label with soft hyphens, for narrow columns."""
        return {"steering": "Prozess\u00adsteuerung", "community": "Gemeinwesen\u00adarbeit"}.get(
            self.value, self.label
        )


class Model(models.IntegerChoices):
    """How the three areas are spread over the city and others."""

    MUNICIPAL = 0, "0: kommunales Quartiersmanagement"
    OFFICE_CONTRACTED = 1, "1: Stadtteilbüro beim Träger, Rest bei der Kommune"
    CITY_COMPANY = 2, "2: städtische Gesellschaft und Träger"
    EXTERNAL = 3, "3: externe Steuerung und Träger"
    TANDEM = 4, "4: Tandem aus Planung und Gemeinwesenarbeit"
    ONE_CONTRACTOR = 5, "5: alles bei einem Auftragnehmer"


CITY, COMPANY = frozenset({"municipality"}), frozenset({"city_company"})
OFFICES = frozenset({"planning_office", "redevelopment_agency"})
SOCIAL = frozenset({"welfare", "district_association", "carrier_association", "housing_company"})
OUTSIDE = COMPANY | OFFICES | SOCIAL


@dataclass(frozen=True)
class Description:
    """A model in words, and what it asks for: carrier types by area, areas that count as Quartiersmanagement."""

    title: str
    steering: str
    planning: str
    community: str
    counts: str
    text: str
    types: Mapping[Area, frozenset[str]]
    is_qm: frozenset[Area]


DESCRIPTIONS: dict[Model, Description] = {
    Model.MUNICIPAL: Description(
        "Kommunales Quartiersmanagement",
        "Kommune",
        "Kommune",
        "Kommune",
        "alles",
        "Die Stadt macht alles selbst: Die Quartiersmanager/innen gehören zur Verwaltung und haben kurze Wege in die "
        "Fachbereiche. Eigenes Personal lässt sich nicht aus der Städtebauförderung bezahlen.",
        dict.fromkeys(Area, CITY),
        frozenset(Area),
    ),
    Model.OFFICE_CONTRACTED: Description(
        "Stadtteilbüro beim Träger",
        "Kommune",
        "Kommune, einzelne Teile beauftragt",
        "Träger",
        "nur das Stadtteilbüro",
        "Die Stadt steuert und plant. Ein Verein, ein sozialer Träger oder ein Sozialunternehmen führt das "
        "Stadtteilbüro und macht die Gemeinwesenarbeit.",
        {Area.STEERING: CITY, Area.PLANNING: CITY | OFFICES, Area.COMMUNITY: SOCIAL},
        frozenset({Area.COMMUNITY}),
    ),
    Model.CITY_COMPANY: Description(
        "Städtische Gesellschaft und Träger",
        "städtische Gesellschaft",
        "städtische Gesellschaft",
        "Träger",
        "nur das Stadtteilbüro",
        "Eine städtische Gesellschaft steuert und plant, ein Träger führt das Stadtteilbüro vor Ort.",
        {Area.STEERING: COMPANY, Area.PLANNING: COMPANY, Area.COMMUNITY: SOCIAL},
        frozenset({Area.COMMUNITY}),
    ),
    Model.EXTERNAL: Description(
        "Externe Steuerung und Träger",
        "Planungsbüro oder Sanierungsträger, auf Dauer",
        "Planungsbüro oder Sanierungsträger",
        "Träger",
        "nur das Stadtteilbüro; der Rest heißt Stadtteilmanagement",
        "Ein Planungsbüro oder Sanierungsträger übernimmt auf Dauer Steuerung und Planung, ein Träger das "
        "Stadtteilbüro.",
        {Area.STEERING: OFFICES, Area.PLANNING: OFFICES, Area.COMMUNITY: SOCIAL},
        frozenset({Area.COMMUNITY}),
    ),
    Model.TANDEM: Description(
        "Tandem",
        "Kommune oder einer der Partner",
        "Tandempartner mit Schwerpunkt Planung",
        "Tandempartner mit Schwerpunkt Soziales",
        "Planung und Gemeinwesenarbeit in einem gemeinsamen Büro",
        "Zwei Partner bewerben sich gemeinsam und teilen sich ein Büro: einer bringt die Planung mit, der andere die "
        "Gemeinwesenarbeit. Es braucht zwei verschiedene Träger und klare Absprachen.",
        {Area.STEERING: CITY | OUTSIDE, Area.PLANNING: OUTSIDE, Area.COMMUNITY: OUTSIDE},
        frozenset({Area.PLANNING, Area.COMMUNITY}),
    ),
    Model.ONE_CONTRACTOR: Description(
        "Alles bei einem Auftragnehmer",
        "Auftragnehmer",
        "derselbe Auftragnehmer",
        "derselbe Auftragnehmer",
        "alles",
        "Ein Auftragnehmer übernimmt Steuerung, Planung und Gemeinwesenarbeit. Die Wege sind kurz, aber er muss alle "
        "drei Bereiche können.",
        dict.fromkeys(Area, OUTSIDE),
        frozenset(Area),
    ),
}


@dataclass(frozen=True)
class Responsible:
    """Who answers for an area: an actor's id, its carrier type, and whether the area counts as Quartiersmanagement."""

    actor: int | None
    carrier_type: str
    is_qm: bool


def hints(model: int | None, areas: Mapping[Area, Responsible]) -> list[str]:
    """What does not fit the chosen model, in words; nothing is forbidden, for life mixes the models."""
    if model is None:
        return ["Noch kein Organisationsmodell gewählt."]
    wanted = DESCRIPTIONS[Model(model)]
    found = [
        f"{area.label}: Niemand ist verantwortlich." for area in Area if areas[area].actor is None
    ] + [
        f"{area.label}: Dieser Trägertyp passt nicht zu Modell {model}."
        for area in Area
        if areas[area].actor is not None and areas[area].carrier_type not in wanted.types[area]
    ]  # fmt: skip
    for area in Area:
        if areas[area].is_qm != (area in wanted.is_qm):
            should = "gehört" if area in wanted.is_qm else "gehört nicht"
            found.append(f"{area.label} {should} in Modell {model} zum Quartiersmanagement.")
    planning, community = areas[Area.PLANNING].actor, areas[Area.COMMUNITY].actor
    if model == Model.TANDEM and planning is not None and planning == community:
        found.append("Modell 4 braucht zwei verschiedene Träger für Planung und Gemeinwesenarbeit.")
    known = {one.actor for one in areas.values() if one.actor is not None}
    if model == Model.ONE_CONTRACTOR and len(known) > 1:
        found.append("Modell 5 kennt nur einen Auftragnehmer für alle drei Bereiche.")
    return found
