"""Who gets what at which address. Every URL of the project has a row here, or a test fails.

Add one line to TABLE for every URL name:

    "concerns:park": page(TEAM, ok=405, pk="concern"),

- `who`: names from the cast (tests/conftest.py) who may open it; the groups below save typing.
- `ok`: the status these people get for GET. 200 for pages, 405 for addresses that only take POST, 302 for redirects.
- keywords: the URL's parameters: a name in the world (its pk is used), `name.attribute`, or else a plain value:
  `number="concern.number"`.
- `others={"asli": 302}`: exceptions from the rule for everybody else.

Everybody else who is signed in gets 404; who is not signed in is sent to the sign-in page (302), under htmx 401.
Pages for everybody (links by mail, health check) are `public()`. The world: see `make_world` below. A concern in Ost
that belongs to mara lies with the Stadtbetrieb (E 18); `sensitive` is a concern only the team in Ost may see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

from django.urls import reverse

from concerns.actions.mail import link_token
from concerns.models import SavedView
from districts.roles import Role
from tests import make

ANONYMOUS = "anonymous"
PEOPLE = ("mara", "paul", "asli", "enno", "uwe", "lena", "silke", "adam")

EVERYBODY = frozenset(PEOPLE)
MANAGERS = frozenset({"mara", "paul"})
TEAMS = frozenset({"mara", "paul", "asli"})
TEAM = frozenset({"mara", "asli"})  # of the district the world's concern lies in
READERS = frozenset({"mara", "paul", "asli", "silke", "adam"})  # may open a concern in Ost that is not sensitive
ROUTED = frozenset({"enno", "lena"})  # of the department the concern was sent to
DEPARTMENTS = frozenset({"enno", "lena", "uwe"})
PLANNING = frozenset({"silke"})
OFFICE = frozenset({"silke", "adam"})  # master data and people


@dataclass(frozen=True)
class Row:
    """What one address answers."""

    who: frozenset[str]
    ok: int = 200
    kwargs: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, int] = field(default_factory=dict)
    anonymous: int = 302

    def expected(self, person: str) -> int:
        """Status that `person` gets."""
        if person in self.others:
            return self.others[person]
        if person in self.who:
            return self.ok
        return self.anonymous if person == ANONYMOUS else 404


def page(who, ok: int = 200, *, others: Mapping[str, int] | None = None, **kwargs) -> Row:
    """A row for people with a login."""
    return Row(frozenset(who), ok, kwargs, others or {})


def public(ok: int = 200, **kwargs) -> Row:
    """A row for everybody, signed in or not."""
    return Row(EVERYBODY, ok, kwargs, {}, ok)


def make_world(cast: Mapping) -> dict:
    """The rows that the table speaks of; they belong to mara in Ost unless their name says otherwise."""
    concern = make.concern(district=cast["ost"], owner=cast["mara"])
    world = {
        "concern": concern,
        "routing": make.routing(concern=concern, department=cast["stadtbetrieb"]),
        "reporter": concern.reporters.get(),
        "sensitive": make.concern(
            district=cast["ost"], owner=cast["mara"], topic=make.topic(is_sensitive=True), is_sensitive=True
        ),
        "topic": concern.topic,
        "rule": make.rule(topic=concern.topic, department=cast["stadtbetrieb"]),
        "text_block": make.text_block(),
        "district": cast["ost"],
        "department": cast["stadtbetrieb"],
        "office": cast["mara"].office,
        "person": cast["mara"],
        "membership": cast["mara"].memberships.get(),
        "idle": make.user(role=Role.MANAGER, district=cast["ost"]),
    }
    external = make.department("EX 1", answers_by_link=True)
    world["link"] = SimpleNamespace(token=link_token(make.routing(department=external)))
    world["photo"] = make.photo(concern=concern)
    world["held_photo"] = make.held_photo(user=cast["mara"])
    world["feedback"] = make.feedback(reporter=world["reporter"])
    world["saved_view"] = SavedView.objects.create(user=cast["mara"], name="Meine offenen", query="mine=on")
    world["deputyship"] = make.deputyship(person=cast["mara"], deputy=world["idle"])
    return world


def url_of(name: str, world: Mapping) -> str:
    """The address of a row in this world."""
    return reverse(name, kwargs={key: _value(value, world) for key, value in TABLE[name].kwargs.items()})


def _value(text, world: Mapping):
    found, _, attribute = str(text).partition(".")
    return getattr(world[found], attribute or "pk") if found in world else text


# Below these paths every address is answered for by somebody else; the reason stands beside it.
PREFIXES = {
    "konto/": "django-allauth decides itself; tests/districts/test_sign_in.py checks what we changed",
}

TABLE: dict[str, Row] = {
    # concerns: catalogue, coordination, hand-over
    "concerns:coordination": page(PLANNING),
    "concerns:rules": page(OFFICE),
    "concerns:rule_new": page(OFFICE),
    "concerns:rule": page(OFFICE, pk="rule"),
    "concerns:rule_replace": page(OFFICE, pk="rule"),
    "concerns:rule_end": page(OFFICE, pk="rule"),
    "concerns:rule_preview": page(OFFICE),
    "concerns:rules_hand_on": page(OFFICE, 405, pk="department"),
    "concerns:rule_reports": page(OFFICE),
    "concerns:overrides": page(OFFICE),
    "concerns:ping_pong": page(OFFICE),
    "concerns:topics": page(OFFICE),
    "concerns:topic_new": page(OFFICE),
    "concerns:topic": page(OFFICE, pk="topic"),
    "concerns:text_blocks": page(OFFICE),
    "concerns:text_block_new": page(OFFICE),
    "concerns:text_block": page(OFFICE, pk="text_block"),
    "concerns:deadlines": page(OFFICE),
    # concerns: list
    "concerns:list": page(READERS),
    "concerns:export": page(READERS),
    "concerns:bulk": page(MANAGERS, 405),
    "concerns:bulk_undo": page(MANAGERS, 405, batch="6f1c1f0e-0000-4000-8000-000000000000"),
    "concerns:views": page(READERS),
    "concerns:view_new": page(READERS),
    "concerns:view_edit": page({"mara"}, pk="saved_view"),
    "concerns:view_delete": page(READERS, 405, pk="saved_view"),
    # concerns: feedback and personal data
    "concerns:worklist": page(TEAMS),
    "concerns:collective": page(TEAMS),
    "concerns:plain_check": page(TEAMS, 405),
    "concerns:feedback": page({"mara"}, pk="reporter"),
    "concerns:waive": page({"mara"}, pk="reporter"),
    "concerns:unwaive": page(TEAMS, 405, pk="reporter"),
    "concerns:reaction": page({"mara"}, pk="feedback"),
    "concerns:mail_returned": page(TEAMS, 405, pk="feedback"),
    "concerns:reporter_erase": page({"mara"}, pk="reporter"),
    "concerns:reporter_export": page(MANAGERS, 405, pk="reporter"),
    # quartier
    "healthz": public(),
    "home": page(EVERYBODY, 302),
    "web:session": page(EVERYBODY, others={ANONYMOUS: 401}),
    # districts: master data
    "districts:departments": page(OFFICE),
    "districts:department_new": page(OFFICE),
    "districts:department": page(OFFICE, pk="department"),
    "districts:department_follow": page(OFFICE, pk="department"),
    "districts:department_undo_follow": page(OFFICE, 405, pk="department"),
    "districts:offices": page(OFFICE),
    "districts:office_new": page(OFFICE),
    "districts:office": page(OFFICE, pk="office"),
    "districts:districts": page(OFFICE),
    "districts:district_new": page(OFFICE),
    "districts:district": page(OFFICE, pk="district"),
    # districts: people
    "districts:profile": page(EVERYBODY),
    "districts:my_deputy_new": page(EVERYBODY),
    "districts:my_deputy_end": page(EVERYBODY, 405, pk="deputyship"),
    "districts:people": page(OFFICE),
    "districts:person_new": page(OFFICE),
    "districts:person": page(OFFICE, pk="person"),
    "districts:person_edit": page(OFFICE, pk="person"),
    "districts:membership_new": page(OFFICE, pk="person"),
    "districts:deputyship_new": page(OFFICE, pk="person"),
    "districts:deputyship_end": page(OFFICE, 405, pk="deputyship"),
    "concerns:handover": page(OFFICE, pk="person"),
    "concerns:deactivate": page(OFFICE, 405, pk="person"),
    "concerns:membership_end": page(OFFICE, pk="membership"),
    "districts:reactivate": page(OFFICE, 405, pk="person"),
    # concerns: the quarter manager's desk
    "concerns:basket": page(TEAMS),
    "concerns:detail": page(READERS, number="concern.number"),
    "concerns:take_on": page({"mara"}, number="concern.number"),
    "concerns:park": page({"mara"}, number="concern.number"),
    "concerns:wake": page(MANAGERS, 405, number="concern.number"),
    "concerns:answer": page({"mara"}, number="concern.number"),
    "concerns:acknowledge_return": page(MANAGERS, 405, number="concern.number"),
    "concerns:follow_up": page(TEAM, number="concern.number"),
    "concerns:owner": page({"mara"}, number="concern.number"),
    "concerns:note": page(TEAM, number="concern.number"),
    "concerns:forward": page({"mara"}, number="concern.number"),
    "concerns:withdraw": page({"mara"}, number="concern.number", pk="routing"),
    "concerns:answer_query": page({"mara"}, number="concern.number", pk="routing"),
    "concerns:remark": page({"mara"}, number="concern.number", pk="routing"),
    "concerns:paper_reply": page({"mara"}, number="concern.number", pk="routing"),
    "concerns:bundle": page({"mara"}, number="concern.number"),
    "concerns:unbundle": page({"mara"}, number="concern.number"),
    "concerns:close": page({"mara"}, number="concern.number"),
    "concerns:reopen": page({"mara"}, number="concern.number"),
    "concerns:settle_promise": page({"mara"}, number="concern.number"),
    "concerns:undo": page(TEAMS, 405, number="concern.number"),
    # concerns: capture
    "concerns:capture": page(TEAMS),
    "concerns:edit": page(TEAM, number="concern.number"),
    "concerns:reporter_add": page(TEAM, number="concern.number"),
    "concerns:reporter_edit": page({"mara"}, number="concern.number", pk="reporter"),
    "concerns:photo_add": page(TEAMS, 405, number="concern.number"),
    "concerns:photo_remove": page(TEAMS, 405, pk="photo"),
    "concerns:photo": page(READERS | ROUTED, pk="photo"),
    "concerns:held_photo": page({"mara"}, pk="held_photo"),
    # concerns: drafts
    "concerns:draft": page(TEAMS | DEPARTMENTS, 405, form="capture"),
    "concerns:draft_discard": page(TEAMS | DEPARTMENTS, 405, form="capture"),
    # concerns: department
    "concerns:inbox": page(DEPARTMENTS),
    "concerns:ticket": page(ROUTED, pk="routing"),
    "concerns:ticket_reply": page(ROUTED, 303, pk="routing"),
    "concerns:ticket_step": page(ROUTED, pk="routing", step="rueckfrage"),
    "concerns:external": public(token="link.token"),
    "concerns:external_reply": public(303, token="link.token"),
    "concerns:external_step": public(token="link.token", step="rueckfrage"),
    "concerns:external_photo": public(404, token="link.token", pk=1),
    "concerns:external_renew": public(405, token="link.token"),
    "concerns:renew_link": page(MANAGERS, 405, number="concern.number", pk="routing"),
}
