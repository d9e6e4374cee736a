"""Rows of a hand-over for tests."""

from concerns.actions import proposals
from concerns.duties import BY_KEY
from concerns.models import Handover, HandoverItem
from districts.models import District, LivingSpace, User
from tests import make


def proposal(*, person: User, to: User, by: User | None = None, **rows) -> Handover:
    """A waiting proposal, the person's own unless `by` is named: `proposal(person=…, to=…, concern=[one, other])`."""
    wanted = [(BY_KEY[key], found) for key, found in rows.items()]
    return proposals.propose(person=person, shares=[(to, wanted)], by=by or person)[0]


def result_of(row) -> list[str]:
    """What became of a row in the proposals it stood in."""
    key = next(
        one.name for one in HandoverItem._meta.fields if one.is_relation and one.related_model is type(row)
    )  # fmt: skip
    return list(HandoverItem.objects.filter(**{key: row}).values_list("result", flat=True))


def living_space(*, district: District | None = None, **fields) -> LivingSpace:
    """A living space of a district, always."""
    name = f"Lebensraum {LivingSpace.objects.count() + 1}"
    return LivingSpace.objects.create(district=district or make.district(), **{"name": name, **fields})
