"""The register of needs of the benchmark: 2,000 needs with linked concerns, 400 theme reports.

Runs after the concerns are there: `python -m bench.needs` adds them to a seeded database.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.city import MANAGER  # noqa: E402
from bench.texts import NOUNS, STREETS  # noqa: E402
from concerns.models import Concern  # noqa: E402
from districts.models import Department, District, User  # noqa: E402
from projects.models import Need, NeedConcern, ThemeRecipient, ThemeReport  # noqa: E402
from projects.workflow import NeedStatus  # noqa: E402

NEEDS, LINKED, REPORTS, RARE_NEED = 2_000, 12, 400, "Zitronenquelle"


def build() -> None:
    """Store them with a fixed seed; nothing when they are there."""
    if Need.objects.exists():
        return
    rnd, today, by = Random(2_000), timezone.localdate(), User.objects.get(email=MANAGER)
    districts = list(District.objects.values_list("pk", flat=True))
    needs = Need.objects.bulk_create(_need(n, rnd, today, by) for n in range(NEEDS))
    through, links = Need.districts.through, []
    through.objects.bulk_create(
        through(need_id=one.pk, district_id=districts[n % len(districts)]) for n, one in enumerate(needs)
    )
    for n, one in enumerate(needs):
        here = Concern.objects.filter(district=districts[n % len(districts)], is_sensitive=False, lead=None)
        first = rnd.randrange(500)
        rows = here.order_by("-received_on", "-pk").values_list("pk", flat=True)[first : first + LINKED]
        links += [NeedConcern(need=one, concern_id=pk, by=by) for pk in rows]
    NeedConcern.objects.bulk_create(links, batch_size=2_000)
    _reports(needs, districts, rnd, today, by)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _need(n: int, rnd: Random, today, by: User) -> Need:
    status, seen = rnd.choice(NeedStatus.values), today - timedelta(days=rnd.randrange(30, 900))
    word = RARE_NEED if n % 200 == 7 else rnd.choice(NOUNS).capitalize()
    return Need(
        title=f"{word} {rnd.choice(STREETS)} {n}", problem="Es fehlt etwas. " * 20, status=status, first_seen_on=seen,
        drop_reason="Erledigt sich." if status == NeedStatus.DROPPED else "", priority=rnd.randrange(1, 4),
        confirmed_on=seen + (today - seen) * rnd.randrange(3) / 2, keeper=by if n % 9 == 0 else None,
    )  # fmt: skip


def _reports(needs: list[Need], districts: list[int], rnd: Random, today, by: User) -> None:
    departments = list(Department.objects.values_list("pk", flat=True))
    for n in range(REPORTS):
        made = ThemeReport.objects.create(
            title=needs[n].title, district_id=districts[n % len(districts)], since=today - timedelta(days=90),
            until=today, reason="Anlass.", request="Bitte prüfen.", author=by,
        )  # fmt: skip
        made.needs.add(needs[n])
        due = today + timedelta(days=rnd.randrange(-20, 40))
        for pk in rnd.sample(departments, min(2, len(departments))):
            ThemeRecipient.objects.create(report=made, department_id=pk, due_on=due, agreed_due_on=due)
        made.content = {"needs": [], "topics": [], "total": "keine"}
        made.status, made.sent_at, made.sent_by = "sent", timezone.now(), by
        made.save()


if __name__ == "__main__":
    build()
