"""What every paper says about where it comes from."""

from django.conf import settings

from concerns.models import Concern
from districts.models import District, Office


def office_of(concern: Concern) -> Office | None:
    """The office a concern belongs to: where it was told, else the first of its district."""
    return concern.office or (office_in(concern.district) if concern.district else None)


def office_in(district: District) -> Office | None:
    """The office that serves a district; of several the first by name."""
    return district.offices.first()


def sender(office: Office | None) -> dict:
    """City and office for the head and foot of a paper; the address line by line."""
    reach = []
    if office is not None:
        reach = [office.street, office.place, f"Telefon {office.phone}" if office.phone else "", office.email]
    return {
        "city": settings.CITY_NAME,
        "service": settings.OFFICE_NAME,
        "office": office,
        "reach": [line for line in reach if line],
    }
