"""Bodies that may do already what another one is meant for: a hint, never a refusal (Z18: no parallel structures)."""

from collections.abc import Collection
from datetime import date

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import BooleanField, Case, Exists, FloatField, OuterRef, Q, TextField, Value, When

from districts.models import District, User
from projects.models import Body
from quartier.search import GermanSortKey

LIKE_FROM = 0.6  # word similarity of names without what says only kind and place
SHORTEST, SHOWN = 4, 5
_KINDS = {word.casefold() for label in Body.Kind.labels for word in label.replace("-", " ").split()}


def _telling(name: str, districts: Collection[District]) -> str:
    """The words of a name that say what a body is about: neither its kind nor where it is."""
    places = {word.casefold() for one in districts for word in f"{one.name} {one.short_name}".split()}
    words = [word.strip("„“\"'(),.:-–") for word in name.split()]
    return " ".join(one for one in words if len(one) >= SHORTEST and one.casefold() not in _KINDS | places)


def parallel_to(
    user: User, *, name: str, kind: str, districts: Collection[District], today: date, but: Body | None = None
) -> list[tuple[Body, str]]:
    """Running bodies this person may see that are of the same kind in one of the same places, or have a similar name.

    Each with the reason in German, the likeliest first; `but` is the body itself.
    """
    through = Body.districts.through.objects.filter(body=OuterRef("pk"))
    here = Exists(through.filter(district__in=[one.pk for one in districts])) if districts else ~Exists(through)
    telling = _telling(name, districts)
    words = GermanSortKey(Value(telling, output_field=TextField()))
    likeness = TrigramWordSimilarity(words, "sort_key") if telling else Value(0.0, output_field=FloatField())
    same = Case(When(Q(here, kind=kind), then=True), default=False, output_field=BooleanField())
    found = Body.objects.visible_to(user).active(today).exclude(pk=but.pk if but else None)
    rows = found.annotate(likeness=likeness, same=same).filter(Q(same=True) | Q(likeness__gte=LIKE_FROM))
    return [(one, _reason(one, bool(districts))) for one in rows.order_by("-likeness", "-same", "sort_key")[:SHOWN]]


def _reason(body: Body, has_districts: bool) -> str:
    reasons = [f"auch {body.get_kind_display()} {'im selben Quartier' if has_districts else 'für die ganze Stadt'}"]
    alike = body.likeness >= LIKE_FROM
    return ", ".join([*(reasons if body.same else []), *(["ähnlicher Name"] if alike else [])])
