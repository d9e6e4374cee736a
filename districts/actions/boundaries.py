"""Storing boundaries of boroughs and districts, all or nothing."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from districts.boundaries import Area, BoundaryError
from districts.models import Borough, District, LivingSpace

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue", "ß": "ss"})


@transaction.atomic
def store_boroughs(*, areas: list[Area]) -> tuple[int, int]:
    """Create or redraw boroughs by name; returns how many were created and how many changed."""
    created = changed = 0
    for area in areas:
        borough, new = Borough.objects.select_for_update().get_or_create(
            name=area.name, defaults={"boundary": area.geometry}
        )
        created += new
        if not new and borough.boundary != area.geometry:
            borough.boundary = area.geometry
            borough.save(update_fields=["boundary"])
            changed += 1
    return created, changed


@transaction.atomic
def store_districts(*, areas: list[Area]) -> tuple[int, int]:
    """Create or redraw districts by name; returns how many were created and how many changed.

    Raises:
        BoundaryError: a new district's borough is not named or does not exist; nothing is kept.
    """
    boroughs = {borough.name: borough for borough in Borough.objects.all()}
    reasons = []
    created = changed = 0
    for area in areas:
        district = District.objects.select_for_update().filter(name=area.name).first()
        if district and district.boundary != area.geometry:
            district.boundary = area.geometry
            district.save(update_fields=["boundary"])
            changed += 1
        elif district is None and area.borough not in boroughs:
            reasons.append(f"„{area.name}“: Den Stadtbezirk „{area.borough}“ gibt es nicht.")
        elif district is None:
            District.objects.create(
                name=area.name,
                short_name=area.name[:40],
                slug=_free_slug(area.name),
                borough=boroughs[area.borough],
                boundary=area.geometry,
            )
            created += 1
    if reasons:
        raise BoundaryError(reasons)
    return created, changed


@transaction.atomic
def store_living_spaces(*, areas: list[Area]) -> tuple[int, int]:
    """Redraw the living spaces of today by name, create those whose district the file names; how many of both.

    Raises:
        BoundaryError: a new one's district is not named or does not exist; nothing is kept.
    """
    today, reasons, created, changed = timezone.localdate(), [], 0, 0
    districts = {district.name: district for district in District.objects.defer("boundary")}
    for area in areas:
        space = LivingSpace.objects.valid_on(today).select_for_update().filter(name=area.name).first()
        if space and space.boundary != area.geometry:
            space.boundary = area.geometry
            space.save(update_fields=["boundary"])
            changed += 1
        elif space is None and area.borough not in districts:
            reasons.append(f"„{area.name}“: Das Quartier „{area.borough}“ gibt es nicht.")
        elif space is None:
            LivingSpace.objects.create(name=area.name, district=districts[area.borough], boundary=area.geometry)
            created += 1
    if reasons:
        raise BoundaryError(reasons)
    return created, changed


def _free_slug(name: str) -> str:
    base = slugify(name.translate(UMLAUTS))[:50] or "quartier"
    taken = set(District.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if slug not in taken)
