"""Writes on topics, responsibility rules, text blocks and the loop's settings (K03, Q07)."""

import logging
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from concerns.models import Concern, ConcernEvent, LoopSettings, ResponsibilityRule, TextBlock, Topic
from districts.models import ActionField, Borough, Department, District, User
from quartier.text import code_of

from .base import moment

logger = logging.getLogger("quartier.catalogue")

RULE_OVERLAP = "Für dieses Thema und diesen Ort gilt in diesem Zeitraum schon eine andere Regel."
EVENTS_AT_ONCE = 2000


@transaction.atomic
def save_topic(
    *,
    name: str,
    parent: Topic | None,
    keywords: str,
    is_sensitive: bool,
    is_active: bool,
    position: int,
    by: User,
    action_field: ActionField | None = None,
    topic: Topic | None = None,
    at: datetime | None = None,
) -> Topic:
    """Enter or change a theme (no parent) or a topic; the code is made once of the name and then stays.

    A changed sensitive flag reaches every concern of the topic in the same transaction.

    Raises:
        ValidationError: the catalogue would get a third level, or a theme would carry concerns or rules.
    """
    found = Topic.objects.select_for_update().get(pk=topic.pk) if topic else Topic(code=_free_code(name))
    _check_levels(found, parent)
    flag_changed = bool(found.pk) and found.is_sensitive != is_sensitive
    found.name, found.parent, found.keywords, found.action_field = name, parent, keywords, action_field
    found.is_sensitive, found.is_active, found.position = is_sensitive, is_active, position
    found.save()
    if flag_changed:
        _pass_flag_on(found, by=by, at=moment(at))
    logger.info("topic %s saved by %s", found.pk, by.pk)
    return found


def _free_code(name: str) -> str:
    code, number = code_of(name, "thema"), 1
    while Topic.objects.filter(code=code if number == 1 else f"{code}-{number}").exists():
        number += 1
    return code if number == 1 else f"{code}-{number}"


def _check_levels(topic: Topic, parent: Topic | None) -> None:
    if parent is not None and (parent.parent_id is not None or parent.pk == topic.pk):
        raise ValidationError({"parent": "Ein Thema gehört zu einem Handlungsfeld, nicht zu einem anderen Thema."})
    if topic.pk is None:
        return
    if parent is not None and topic.topics.exists():
        raise ValidationError({"parent": "Dieses Handlungsfeld hat eigene Themen und kann deshalb keines werden."})
    if parent is None and topic.parent_id is not None and (topic.concerns.exists() or topic.rules.exists()):
        raise ValidationError({"parent": "Zu diesem Thema gibt es schon Anliegen oder Regeln."})


def _pass_flag_on(topic: Topic, *, by: User, at: datetime) -> None:
    concerns = Concern.objects.filter(topic=topic).exclude(is_sensitive=topic.is_sensitive).order_by("pk")
    ids = list(concerns.select_for_update().values_list("pk", flat=True))
    Concern.objects.filter(pk__in=ids).update(is_sensitive=topic.is_sensitive)
    events = (ConcernEvent(concern_id=pk, kind="edited", by=by, at=at, data={"fields": ["is_sensitive"]}) for pk in ids)
    ConcernEvent.objects.bulk_create(events, batch_size=EVENTS_AT_ONCE)


@transaction.atomic
def save_rule(
    *,
    topic: Topic,
    district: District | None,
    borough: Borough | None,
    department: Department,
    co_department: Department | None,
    working_days: int,
    note: str,
    valid_from: date | None,
    valid_to: date | None,
    by: User,
    rule: ResponsibilityRule | None = None,
) -> ResponsibilityRule:
    """Enter a rule or correct one as if it had always been so; a change from a day on is `replace_rule`.

    Raises:
        ValidationError: another rule covers the same topic and place at the same time.
    """
    found = ResponsibilityRule.objects.select_for_update().get(pk=rule.pk) if rule else ResponsibilityRule()
    found.topic, found.district, found.borough = topic, district, borough
    found.department, found.co_department = department, co_department
    found.working_days, found.note = working_days, note
    found.valid_from, found.valid_to = valid_from, valid_to
    return _store(found, by)


def _store(rule: ResponsibilityRule, by: User) -> ResponsibilityRule:
    """Save a rule; only the database can say for sure that nobody has entered the same at this moment."""
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        if "rule_no_overlap" in str(error):
            raise ValidationError(RULE_OVERLAP) from error
        raise
    logger.info("rule %s saved by %s", rule.pk, by.pk)
    return rule


@transaction.atomic
def end_rule(*, rule: ResponsibilityRule, last_day: date, by: User) -> ResponsibilityRule:
    """Set the last day of a rule.

    Raises:
        ValidationError: before its first day, or it has ended earlier.
    """
    rule = ResponsibilityRule.objects.select_for_update().get(pk=rule.pk)
    if rule.valid_from and last_day < rule.valid_from:
        raise ValidationError({"last_day": f"Die Regel gilt erst ab {rule.valid_from:%d.%m.%Y}."})
    if rule.valid_to and last_day > rule.valid_to:
        raise ValidationError({"last_day": f"Die Regel endet schon am {rule.valid_to:%d.%m.%Y}."})
    rule.valid_to = last_day
    return _store(rule, by)


@transaction.atomic
def replace_rule(
    *,
    rule: ResponsibilityRule,
    from_day: date,
    department: Department,
    co_department: Department | None,
    working_days: int,
    note: str,
    by: User,
) -> ResponsibilityRule:
    """Split the validity: the rule ends the day before `from_day`, a new one continues it; returns the new one.

    Concerns received earlier keep being explained by the old rule.

    Raises:
        ValidationError: the day is not inside the rule's validity.
    """
    rule = ResponsibilityRule.objects.select_for_update().get(pk=rule.pk)
    if rule.valid_from and from_day <= rule.valid_from:
        raise ValidationError(
            {"from_day": f"Die Regel gilt erst ab {rule.valid_from:%d.%m.%Y}. Bitte einen späteren Tag wählen."}
        )
    if rule.valid_to and from_day > rule.valid_to:
        raise ValidationError({"from_day": f"Die Regel endet schon am {rule.valid_to:%d.%m.%Y}."})
    continued = ResponsibilityRule(
        topic_id=rule.topic_id, district_id=rule.district_id, borough_id=rule.borough_id, department=department,
        co_department=co_department, working_days=working_days, note=note, valid_from=from_day, valid_to=rule.valid_to,
    )  # fmt: skip
    rule.valid_to = from_day - timedelta(days=1)
    _store(rule, by)
    return _store(continued, by)


@transaction.atomic
def hand_rules_on(*, department: Department, by: User) -> int:
    """After a renaming or merging: point the department's rules to its successor from the day after its end on.

    Returns how many rules were replaced or changed; 0 when there is no successor.
    """
    if department.successor is None or department.valid_to is None:
        return 0
    first_day = department.valid_to + timedelta(days=1)
    affected = ResponsibilityRule.objects.of_ended(department, first_day).select_for_update(of=("self",))
    done = 0
    for rule in affected.order_by("pk"):
        lead = department.successor if rule.department_id == department.pk else rule.department
        co = department.successor if rule.co_department_id == department.pk else rule.co_department
        terms = {"department": lead, "co_department": None if co == lead else co}
        if rule.valid_from and rule.valid_from >= first_day:
            rule.department, rule.co_department = terms["department"], terms["co_department"]
            _store(rule, by)
        else:
            replace_rule(rule=rule, from_day=first_day, working_days=rule.working_days, note=rule.note, by=by, **terms)
        done += 1
    return done


@transaction.atomic
def save_text_block(*, by: User, text_block: TextBlock | None = None, **fields) -> TextBlock:
    """Enter or change a text block; what was sent with it stays as it was."""
    found = TextBlock.objects.select_for_update().get(pk=text_block.pk) if text_block else TextBlock()
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    logger.info("text block %s saved by %s", found.pk, by.pk)
    return found


@transaction.atomic
def save_settings(*, by: User, **fields) -> LoopSettings:
    """Change the loop's figures; dates already given stay as they are."""
    LoopSettings.load()
    row = LoopSettings.objects.select_for_update().get(pk=1)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    logger.info("loop settings changed by %s: %s", by.pk, sorted(fields))
    return row
