"""Samples of the dossiers for `make papers`."""

from collections.abc import Iterator

from django.db.models import Count
from django.utils import timezone

from concerns.models import Concern
from districts.models import District, User
from districts.roles import Role

from .dossier import district_dossier, person_dossier


def dossier_samples() -> Iterator[tuple[str, bytes]]:
    """Of the manager with most open concerns for themselves, of their district for the Sozialplanung, of a new one."""
    today = timezone.localdate()
    busy = Concern.objects.open().order_by().values("owner").annotate(n=Count("pk")).order_by("-n", "owner").first()
    planner = User.objects.with_role(Role.PLANNING, on=today).order_by("pk").first()
    if not busy or not planner:
        return
    person = User.objects.get(pk=busy["owner"])
    yield "uebergabedossier-person", person_dossier(person=person, viewer=person, today=today)
    district = District.objects.filter(membership__user=person).order_by("sort_key").first()
    yield "uebergabedossier-quartier", district_dossier(district=district, viewer=planner, today=today)
    name = "Siedlung am ehemaligen Güterbahnhof Aachen-Nordost (Westteil)"
    empty = District.objects.create(name=name, short_name="Nordost", slug="probe-nordost", borough=district.borough)
    yield "uebergabedossier-leer", district_dossier(district=empty, viewer=planner, today=today)
