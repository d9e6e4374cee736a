"""The invented city of the benchmark: districts, teams, departments, topics."""

from dataclasses import dataclass
from datetime import date

from concerns.models import LoopSettings, ResponsibilityRule, Topic
from districts.models import Borough, Department, District, Membership, Office, User
from districts.roles import Role

DISTRICTS, DEPARTMENTS, TOPICS, TEAM = 20, 14, 36, 3
MANAGER, STAFF, PLANNER = "manager@bench.example", "staff@bench.example", "planner@bench.example"


@dataclass(frozen=True)
class City:
    """Primary keys the generator draws from."""

    districts: list[int]
    offices: list[int]
    teams: list[list[int]]
    departments: list[int]
    staff: list[int]
    topics: list[int]
    sensitive: list[int]


def build() -> City:
    """Store the city; the first manager, caseworker and planner are the ones who sign in for the measurement."""
    LoopSettings.load()
    borough = Borough.objects.create(name="Mitte")
    districts, offices, teams = [], [], []
    for n in range(DISTRICTS):
        district = District.objects.create(
            name=f"Quartier {n + 1:02d}", short_name=f"Q{n + 1:02d}", slug=f"q{n + 1:02d}", borough=borough
        )
        office = Office.objects.create(name=f"Büro {n + 1:02d}")
        office.districts.add(district)
        districts.append(district.pk)
        offices.append(office.pk)
        teams.append(_team(n, district, office))
    departments, staff = [], []
    for n in range(DEPARTMENTS):
        department = Department.objects.create(code=f"FB {n + 10}", name=f"Fachbereich {n + 10}")
        email = STAFF if n == 0 else f"staff{n}@bench.example"
        person = User.objects.create_user(email=email, name=f"Sachbearbeitung {n + 10}")
        Membership.objects.create(user=person, role=Role.DEPT_STAFF, department=department)
        departments.append(department.pk)
        staff.append(person.pk)
    planner = User.objects.create_user(email=PLANNER, name="Sozialplanung")
    Membership.objects.create(user=planner, role=Role.PLANNING)
    topics, sensitive = _topics(departments)
    return City(districts, offices, teams, departments, staff, topics, sensitive)


def _team(n: int, district: District, office: Office) -> list[int]:
    team = []
    for k in range(TEAM):
        email = MANAGER if n == 0 and k == 0 else f"q{n + 1}-{k}@bench.example"
        person = User.objects.create_user(email=email, name=f"Team {n + 1:02d}-{k + 1}", office=office)
        role = Role.ASSISTANT if k == TEAM - 1 else Role.MANAGER
        Membership.objects.create(user=person, role=role, district=district)
        team.append(person.pk)
    return team


def _topics(departments: list[int]) -> tuple[list[int], list[int]]:
    topics, sensitive = [], []
    for n in range(TOPICS):
        if n % 6 == 0:
            theme = Topic.objects.create(code=f"feld-{n}", name=f"Handlungsfeld {n // 6 + 1}", position=n)
        topic = Topic.objects.create(
            parent=theme, code=f"thema-{n}", name=f"Thema {n + 1:02d}", position=n, is_sensitive=n % 18 == 17
        )
        ResponsibilityRule.objects.create(
            topic=topic, department_id=departments[n % len(departments)], valid_from=date(2000, 1, 1)
        )
        (sensitive if topic.is_sensitive else topics).append(topic.pk)
    return topics, sensitive
