"""Writes on projects: entering, changing, partners, the concerns behind them, and the steps to their end (Z29, K18)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from concerns.actions.base import record as record_concern
from concerns.actions.closing import give_news, takes_news
from concerns.models import Concern
from concerns.workflow import Outcome
from districts.models import ActionField, District, TargetGroup, User
from projects.models import AgendaItem, EffectCheck, Project, ProjectConcern, ProjectPartner
from projects.workflow import CHECK_WEEKS, PROJECT_MOVES, REALISED, UNDER_WAY, ItemKind, ProjectStatus, TaskStatus
from projects.workflow import may_move as allowed

from .base import Conflict, LoopError, day, moment
from .logbook import lock_project, note, promise_report

AHEAD = "Dieser Tag liegt in der Zukunft."
SENSITIVE = "Ein vertrauliches Anliegen wird kein Projekt: Dort dürfen es zu viele lesen."


@transaction.atomic
def save_project(
    *,
    by: User,
    districts: Iterable[District],
    action_fields: Iterable[ActionField],
    target_groups: Iterable[TargetGroup],
    project: Project | None = None,
    version: int | None = None,
    concern: Concern | None = None,
    decision: AgendaItem | None = None,
    since: date | None = None,
    at: datetime | None = None,
    **fields,
) -> Project:
    """Enter or change a project; `version` is the one the person saw, `concern` or `decision` what it comes from.

    `since` is the day of the idea, for one that is older than its entry: later steps are dated from there on.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        LoopError: the concern is sensitive, the agenda item is no decision, or the idea lies ahead.
    """
    at = moment(at)
    if since and since > day(at):
        raise LoopError(AHEAD)
    if decision and decision.kind != ItemKind.DECISION:
        raise LoopError("Ein Projekt entsteht aus einem Beschluss, nicht aus einem anderen Punkt.")
    found = lock_project(project, version) if project else Project(created_at=at, status_since=since or day(at))
    if decision:
        found.decision = decision
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if project else 0
    found.save()
    found.districts.set(districts)
    found.action_fields.set(action_fields)
    found.target_groups.set(target_groups)
    note(found, "edited" if project else "entered", by=by, at=at)
    promise_report(found, by=by, at=at)
    if concern:
        link_concern(project=found, concern=concern, by=by, at=at)
    return found


@transaction.atomic
def link_concern(*, project: Project, concern: Concern, by: User, at: datetime | None = None) -> ProjectConcern:
    """A concern belongs to a project from now on; of a bundle its lead. Both histories say so.

    Raises:
        LoopError: a sensitive one.
        Conflict: it belongs to it already.
    """
    project, at = lock_project(project), moment(at)
    concern = Concern.objects.select_for_update().get(pk=concern.lead_id or concern.pk)
    if concern.is_sensitive:
        raise LoopError(SENSITIVE)
    link, is_new = ProjectConcern.objects.get_or_create(
        project=project, concern=concern, defaults={"by": by, "at": at}
    )  # fmt: skip
    if not is_new:
        raise Conflict(f"{concern.number} gehört schon zu diesem Projekt.")
    note(project, "linked", by=by, at=at, concern=concern.pk)
    record_concern(concern, "project_linked", by=by, at=at, project=project.pk)
    return link


@transaction.atomic
def unlink_concern(*, link: ProjectConcern, by: User, at: datetime | None = None) -> None:
    """A concern does not belong to a project after all; whoever raised it hears nothing of the project any more.

    Raises:
        Conflict: it was unlinked meanwhile.
        LoopError: only its being under way kept back the no of another project: nobody would hear it any more (I3).
    """
    at = moment(at)
    project = lock_project(Project(pk=link.project_id))
    found = ProjectConcern.objects.select_related("concern").filter(pk=link.pk).first()
    if found is None:
        raise Conflict("Die Verknüpfung ist schon gelöst.")
    _check_kept_back(project, found.concern)
    note(project, "unlinked", by=by, at=at, concern=found.concern_id)
    record_concern(found.concern, "project_unlinked", by=by, at=at, project=project.pk)
    found.delete()


def _check_kept_back(project: Project, concern: Concern) -> None:
    concern = Concern.objects.select_for_update(of=("self",)).defer("search").get(pk=concern.lead_id or concern.pk)
    if concern.outcome != Outcome.BECAME_PROJECT or not project.is_under_way or still_hoped_for(project, [concern]):
        return
    behind = Project.objects.filter(status=ProjectStatus.DROPPED, origins__concern__in=_bundle(concern))
    if takes_news(concern) and (other := behind.order_by("pk").first()):
        raise LoopError(
            f"Hinter {concern.number} steht sonst nur noch „{other}“. Das wird nicht umgesetzt, und niemand hat davon "
            "gehört. Bitte jenes Projekt wieder aufnehmen, hier lösen und danach dort den Grund mitteilen."
        )


def _bundle(concern: Concern) -> QuerySet[Concern]:
    return Concern.objects.filter(Q(pk=concern.pk) | Q(lead=concern))


@transaction.atomic
def save_partner(*, project: Project, by: User, partner: ProjectPartner | None = None, **fields) -> ProjectPartner:
    """Somebody takes part in a project, or their part changes.

    Raises:
        ValidationError: they take part already.
        Conflict: somebody has removed them meanwhile.
    """
    project = lock_project(project)
    if partner and not project.partners.filter(pk=partner.pk).exists():
        raise Conflict("Jemand anderes hat diesen Partner inzwischen entfernt.")
    found = partner or ProjectPartner(project=project)
    for name, value in fields.items():
        setattr(found, name, value)
    same = project.partners.filter(actor=found.actor_id, department=found.department_id, name=found.name)
    if same.exclude(pk=found.pk).exists():
        raise ValidationError(f"{found.label} ist schon dabei.")
    found.save()
    return found


@transaction.atomic
def remove_partner(*, partner: ProjectPartner, by: User) -> None:
    """Somebody takes no part any more."""
    lock_project(Project(pk=partner.project_id))
    ProjectPartner.objects.filter(pk=partner.pk).delete()


def waiting_for_news(project: Project) -> list[Concern]:
    """The concerns behind a project whose people wait to hear what became of it, by number."""
    return [one for one in project.concerns_behind().defer("search").order_by("number") if takes_news(one)]


def still_hoped_for(project: Project, concerns: Iterable[Concern]) -> set[int]:
    """Of some concerns behind a project those that another project takes up, which was not dropped (K18).

    That this one is dropped is no answer to them.
    """
    links = ProjectConcern.objects.exclude(project=project).exclude(project__status=ProjectStatus.DROPPED)
    stands = Coalesce("concern__lead", "concern")
    found = links.annotate(stands=stands).filter(stands__in=[one.pk for one in concerns])
    return set(found.values_list("stands", flat=True))


@transaction.atomic
def move_project(
    *,
    project: Project,
    to: str,
    by: User,
    on: date | None = None,
    version: int | None = None,
    news: str = "",
    drop_reason: str = "",
    drop_text: str = "",
    at: datetime | None = None,
    **fields,
) -> Project:
    """A step of a project, from the idea to its end; `on` is the day it counts for.

    At the end everybody whose concern is behind it is owed `news`: that it was done, or why it will not be (K18, I3).
    Of several projects behind a concern only the last one that is dropped is a no.
    Four, twelve and 26 weeks after it was carried out somebody is asked whether it still works (N6).

    Raises:
        Conflict: somebody else has changed it meanwhile, or the step is not possible from where it stands.
        LoopError: the day does not fit, the reason or the words are missing.
    """
    at = moment(at)
    project = lock_project(project, version)
    old, on = project.status, on or day(at)
    if not allowed(PROJECT_MOVES, old, to):
        raise Conflict(f"Das geht nicht: Das Projekt steht inzwischen auf „{project.get_status_display()}“.")
    _check_day(project, on, day(at))
    if to == ProjectStatus.DROPPED and not (drop_reason and drop_text.strip()):
        raise LoopError("Bitte den Grund nennen, in Worten, die alle verstehen.")
    if to == ProjectStatus.CONTINUED and not (fields.get("continued_by", "") or project.continued_by).strip():
        raise LoopError("Bitte nennen, wer es weiterführt.")
    dropped = {"drop_reason": drop_reason, "drop_text": drop_text} if to == ProjectStatus.DROPPED else {}
    changes = {"status": to, "status_since": on, "drop_reason": "", "drop_text": "", **dropped, **fields}
    for name, value in changes.items():
        setattr(project, name, value)
    project.version += 1
    project.save(update_fields=[*changes, "version"])
    note(project, "moved", by=by, at=at, old=old, new=to, on=on)
    _set_checks(project, old)
    if to == ProjectStatus.DROPPED:
        _drop_tasks(project, by=by, on=on)
    if to not in UNDER_WAY and old in UNDER_WAY:
        _tell(project, news=news or drop_text, by=by, at=at)
    return project


def _check_day(project: Project, on: date, today: date) -> None:
    if on > today:
        raise LoopError(AHEAD)
    if on < project.status_since:
        since = f"{project.status_since:%d.%m.%Y}"
        raise LoopError(f"Den jetzigen Stand hat das Projekt erst seit dem {since}.")


def _set_checks(project: Project, old: str) -> None:
    """Ask after the effect of what was carried out; what is taken up again is not asked after any more."""
    if project.status in REALISED and old not in REALISED:
        EffectCheck.objects.bulk_create(
            [
                EffectCheck(
                    project=project,
                    since=project.status_since,
                    weeks=weeks,
                    due_on=project.status_since + timedelta(weeks=weeks),
                )
                for weeks in CHECK_WEEKS
            ],
            ignore_conflicts=True,
        )
    elif project.status not in REALISED:
        project.checks.filter(answer="").delete()


def _drop_tasks(project: Project, *, by: User, on: date) -> None:
    project.tasks.filter(status=TaskStatus.OPEN).exclude(kind="report").update(
        status=TaskStatus.DROPPED,
        settled_on=on,
        settled_by=by,
        result="Das Projekt wird nicht umgesetzt.",
        version=F("version") + 1,
    )


def _tell(project: Project, *, news: str, by: User, at: datetime) -> None:
    waiting = waiting_for_news(project)
    if project.status == ProjectStatus.DROPPED:
        # Two that are dropped at once: the second waits here, sees the first and says the no.
        list(Concern.objects.select_for_update().order_by("pk").filter(pk__in=[one.pk for one in waiting]).values("pk"))
        hoped = still_hoped_for(project, waiting)
        waiting = [one for one in waiting if one.pk not in hoped]
    if waiting and not news.strip():
        raise LoopError("Bitte schreiben, was die Menschen hören sollen, die das angestoßen haben.")
    answer = {"outcome": Outcome.BECAME_PROJECT}
    if project.status == ProjectStatus.DROPPED:
        answer = {"outcome": Outcome.DECLINED, "reason_category": project.drop_reason}
    for concern in waiting:
        give_news(concern=concern, answer_text=news, by=by, at=at, **answer)
    if waiting:
        note(project, "news_owed", by=by, at=at, concerns=[one.pk for one in waiting])
