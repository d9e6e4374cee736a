"""The topic catalogue, text blocks and the loop's figures in the interface (K03, Q07, N13)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from concerns.actions import catalogue as actions
from concerns.models import Concern, ConcernEvent, LoopSettings, TextBlock, Topic
from tests import make

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"concerns:{name}", args=args)


def fields_of(topic, **change):
    known = {"parent": topic.parent_id or "", "name": topic.name, "keywords": topic.keywords, "position": "0"}
    flags = {name: "on" for name in ("is_sensitive", "is_active") if getattr(topic, name)}
    return {name: value for name, value in {**known, **flags, **change}.items() if value is not None}


def test_a_theme_and_a_topic_are_entered_with_codes_of_their_own(silke):
    client = make.client_of(silke)
    client.post(
        url("topic_new"), {"parent": "", "name": "Straße & Weg", "keywords": "", "position": 1, "is_active": "on"}
    )
    theme = Topic.objects.get()
    fields = {"parent": theme.pk, "name": "Straße & Weg", "keywords": "Loch, Asphalt", "position": 0, "is_active": "on"}
    assert client.post(url("topic_new"), fields).status_code == 303
    assert list(Topic.objects.order_by("pk").values_list("code", "name", "parent", "keywords")) == [
        ("strasse-weg", "Straße & Weg", None, ""),
        ("strasse-weg-2", "Straße & Weg", theme.pk, "Loch, Asphalt"),
    ]


def test_a_code_stays_when_the_name_changes(silke):
    topic = make.topic(code="schlagloch", name="Schlagloch")
    make.client_of(silke).post(url("topic", topic.pk), fields_of(topic, name="Fahrbahnschaden"))
    topic.refresh_from_db()
    assert (topic.code, topic.name) == ("schlagloch", "Fahrbahnschaden")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Doppelt"}, "name"),
        ({"parent": "4711"}, "parent"),
        ({"parent": "topic"}, "parent"),
        ({"parent": ""}, "parent"),  # a topic with concerns does not become a theme
        ({"position": "-1"}, "position"),
        ({"keywords": "x" * 2001}, "keywords"),
    ],
)
def test_wrong_topics_are_refused(change, field, silke):
    topic = make.topic()
    other = make.topic(parent=topic.parent, name="Doppelt")
    make.concern(topic=topic)
    change = {name: other.pk if value == "topic" else value for name, value in change.items()}
    response = make.client_of(silke).post(url("topic", topic.pk), fields_of(topic, **change))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert fields_of(Topic.objects.get(pk=topic.pk)) == fields_of(topic)


def test_a_theme_with_topics_does_not_become_a_topic(silke):
    theme, other = make.topic().parent, make.theme()
    response = make.client_of(silke).post(url("topic", theme.pk), fields_of(theme, parent=other.pk))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["parent"])


def test_a_theme_is_never_sensitive(silke):
    theme = make.theme()
    response = make.client_of(silke).post(url("topic", theme.pk), fields_of(theme, is_sensitive="on"))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["is_sensitive"])


@pytest.mark.parametrize("now_sensitive", [True, False])
def test_the_sensitive_flag_reaches_every_concern_of_the_topic(now_sensitive, silke, paul, ost):
    topic = make.topic(is_sensitive=not now_sensitive)
    mine = [make.concern(topic=topic, district=ost) for _ in range(2)]
    other = make.concern(district=ost)
    change = {"is_sensitive": "on" if now_sensitive else None}
    assert make.client_of(silke).post(url("topic", topic.pk), fields_of(topic, **change)).status_code == 303
    assert set(Concern.objects.filter(topic=topic).values_list("is_sensitive", flat=True)) == {now_sensitive}
    visible = set(Concern.objects.visible_to(paul))
    assert visible == ({other} if now_sensitive else {other, *mine})
    events = ConcernEvent.objects.filter(kind="edited").order_by("concern_id")
    assert [(one.concern_id, one.by, one.data) for one in events] == [
        (concern.pk, silke, {"fields": ["is_sensitive"]}) for concern in mine
    ]


def test_saving_without_a_changed_flag_touches_no_concern(silke):
    topic = make.topic(is_sensitive=True)
    concern = make.concern(topic=topic)
    Concern.objects.filter(pk=concern.pk).update(is_sensitive=False)
    make.client_of(silke).post(url("topic", topic.pk), fields_of(topic, name="Anders"))
    concern.refresh_from_db()
    assert (concern.is_sensitive, ConcernEvent.objects.filter(kind="edited").count()) == (False, 0)


def test_the_form_says_what_sensitive_means(silke):
    text = make.client_of(silke).get(url("topic", make.topic().pk)).content.decode()
    assert "Eine Änderung gilt sofort auch für alle vorhandenen Anliegen dieses Themas." in text


def test_topics_in_use_are_active_all_the_way_up():
    used = make.topic()
    make.topic(is_active=False)
    make.topic(parent=make.theme(is_active=False))
    assert list(Topic.objects.in_use()) == [used]


@pytest.mark.parametrize("extra", [0, 5])
@pytest.mark.parametrize(("name", "queries"), [("topics", 6), ("text_blocks", 5)])
def test_lists_cost_the_same_for_few_and_many(extra, name, queries, django_assert_num_queries, silke):
    for _ in range(1 + extra):
        make.topic()
        make.text_block(department=make.department())
    client = make.client_of(silke)
    with django_assert_num_queries(queries):
        assert client.get(url(name)).status_code == 200


# --- text blocks ------------------------------------------------------------------------------------------------------


def test_a_text_block_is_entered_and_changed(silke, stadtbetrieb):
    client = make.client_of(silke)
    fields = {"name": "Abgeholt", "purpose": "reply", "result": "fulfilled", "text": "Guten Tag,", "is_active": "on"}
    fields["language"] = "de"
    assert client.post(url("text_block_new"), {**fields, "department": stadtbetrieb.pk}).status_code == 303
    block = TextBlock.objects.get()
    assert (block.purpose, block.result, block.department) == ("reply", "fulfilled", stadtbetrieb)
    client.post(url("text_block", block.pk), {**fields, "text": "<script>alert(1)</script>", "is_active": ""})
    block.refresh_from_db()
    assert (block.text, block.is_active) == ("<script>alert(1)</script>", False)
    assert "<script>alert(1)" not in client.get(url("text_blocks")).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": "werbung"}, "purpose"),
        ({"result": "vielleicht"}, "result"),
        ({"text": ""}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"department": "4711"}, "department"),
        ({"language": "other"}, "language"),
        ({"language": "tr"}, "language"),  # departments answer in German
    ],
)
def test_wrong_text_blocks_are_refused(change, field, silke):
    fields = {"name": "Abgeholt", "purpose": "reply", "result": "", "language": "de", "text": "Guten Tag,"}
    fields |= change
    response = make.client_of(silke).post(url("text_block_new"), fields)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert TextBlock.objects.count() == 0


# --- deadlines --------------------------------------------------------------------------------------------------------

SETTINGS = {
    "triage_days": 3, "own_work_days": 10, "reply_days": 12, "feedback_days": 5, "remind_after_days": 1,
    "lead_after_days": 5, "planning_after_days": 10, "feedback_attempts": 3, "link_days": 14, "status_days": 90,
    "similar_months": 6, "retention_months": 12, "sensitive_retention_months": 3,
}  # fmt: skip


def test_deadlines_are_changed(silke):
    response = make.client_of(silke).post(url("deadlines"), {**SETTINGS, "assistants_see_team_reporters": "on"})
    row = LoopSettings.load()
    assert response.status_code == 303
    assert {name: getattr(row, name) for name in SETTINGS} == SETTINGS
    assert row.assistants_see_team_reporters is True


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"triage_days": 0}, "triage_days"),
        ({"reply_days": 251}, "reply_days"),
        ({"link_days": 91}, "link_days"),
        ({"feedback_attempts": ""}, "feedback_attempts"),
        ({"retention_months": "lange"}, "retention_months"),
        ({"lead_after_days": 11}, "planning_after_days"),
        ({"remind_after_days": 6}, "planning_after_days"),
    ],
)
def test_deadlines_out_of_range_or_order_are_refused(change, field, silke):
    before = LoopSettings.objects.values().get(pk=LoopSettings.load().pk)
    response = make.client_of(silke).post(url("deadlines"), {**SETTINGS, **change})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert LoopSettings.objects.values().get() == before


@pytest.mark.parametrize("wrong", [{"triage_days": 0}, {"lead_after_days": 99}])
def test_the_database_holds_the_same_limits(wrong, silke):
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.save_settings(by=silke, **wrong)
