"""Topics and responsibility rules (K03), for Sozialplanung and administration."""

from functools import partial
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from concerns import routing
from concerns.actions import catalogue as actions
from concerns.catalogue_filters import FUTURE, RuleFilter
from concerns.forms.catalogue import PreviewForm, ReplaceRuleForm, RuleEndForm, RuleForm, TopicForm
from concerns.models import ResponsibilityRule, Topic
from concerns.responsibility import suggest
from districts.access import requires
from districts.models import Department
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page

RULES = {"back_label": "Zuständigkeiten"}


def rule_url(rule: ResponsibilityRule) -> str:
    """The rule in the list, among those of the time it applies in."""
    begins_later = rule.valid_from and rule.valid_from > timezone.localdate()
    query = f"?{urlencode({'when': FUTURE})}" if begins_later else ""
    return f"{reverse('concerns:rules')}{query}#regel-{rule.pk}"


@requires(Perm.EDIT_MASTER_DATA)
def rules(request: HttpRequest) -> HttpResponse:
    """All rules as sentences, by theme."""
    every = ResponsibilityRule.objects.with_names().order_by(
        "topic__parent__position", "topic__parent__sort_key", "topic__position", "topic__sort_key", "-valid_from", "pk"
    )
    filters = RuleFilter(request.GET or {"when": ""}, queryset=every, request=request)
    found = [{"rule": rule, "sentence": routing.describe(rule), "theme": rule.topic.parent} for rule in filters.qs]
    context = {
        "title": "Zuständigkeiten",
        "filter": filters,
        "count": len(found),
        "themes": [(theme, list(group)) for theme, group in groupby(found, key=lambda one: one["theme"])],
        "today": timezone.localdate(),
    }
    return render_page(request, "concerns/catalogue/rules.html", context, fragments={"list": "list"})


@requires(Perm.EDIT_MASTER_DATA)
def rule_new(request: HttpRequest) -> HttpResponse:
    """Enter a rule."""
    initial = {"topic": request.GET.get("thema"), "valid_from": timezone.localdate()}
    return save_form(
        request,
        RuleForm(request.POST or None, initial=initial),
        save=actions.save_rule,
        template="districts/form.html",
        context={"title": "Regel anlegen", "back": reverse("concerns:rules"), **RULES},
        message="Regel gespeichert.",
        to=rule_url,
    )


@requires(Perm.EDIT_MASTER_DATA)
def rule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a rule."""
    rule = get_object_or_404(ResponsibilityRule.objects.with_names(), pk=pk)
    context = {
        "title": "Regel berichtigen",
        "lead": "Eine Berichtigung gilt, als wäre es immer so gewesen. Ändert sich die Zuständigkeit ab einem Tag, "
        "passt „ab Datum ersetzen“ besser.",
        "back": reverse("concerns:rules"),
        **RULES,
    }
    return save_form(
        request,
        RuleForm(request.POST or None, instance=rule),
        save=partial(actions.save_rule, rule=rule),
        template="districts/form.html",
        context=context,
        message="Regel gespeichert.",
        to=rule_url,
    )


@requires(Perm.EDIT_MASTER_DATA)
def rule_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Let something else apply from a day on."""
    rule = get_object_or_404(ResponsibilityRule.objects.with_names(), pk=pk)
    sentence = routing.describe(rule)
    return save_form(
        request,
        ReplaceRuleForm(request.POST or None, instance=rule),
        save=partial(actions.replace_rule, rule=rule),
        template="districts/form.html",
        context={"title": "Ab Datum ersetzen", "lead": sentence, "back": reverse("concerns:rules"), **RULES},
        message="Die bisherige Regel endet am Tag davor, die neue schließt an.",
        to=rule_url,
    )


@requires(Perm.EDIT_MASTER_DATA)
def rule_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the last day of a rule."""
    rule = get_object_or_404(ResponsibilityRule.objects.with_names(), pk=pk)
    return save_form(
        request,
        RuleEndForm(request.POST or None),
        save=partial(actions.end_rule, rule=rule),
        template="districts/form.html",
        context={
            "title": "Regel beenden",
            "lead": routing.describe(rule),
            "back": reverse("concerns:rules"),
            **RULES,
        },
        message="Das Ende der Regel ist eingetragen.",
        to=reverse("concerns:rules"),
    )


@requires(Perm.EDIT_MASTER_DATA)
def rule_preview(request: HttpRequest) -> HttpResponse:
    """What would happen: topic, district and day give the department, the reason and the alternatives."""
    form = PreviewForm(request.GET or None)
    tried = form.is_bound and form.is_valid()
    found = suggest(*(form.cleaned_data[name] for name in ("topic", "district", "on"))) if tried else None
    context = {
        "title": "Was würde passieren?",
        "form": form,
        "tried": tried,
        "suggestion": found,
        "alternatives": [routing.describe(rule) for rule in found.alternatives] if found else [],
    }
    fragments = {"answer": "answer"}
    return render_page(
        request, "concerns/catalogue/preview.html", context, fragments=fragments, status=form_status(form)
    )


@requires(Perm.EDIT_MASTER_DATA)
@require_POST
def rules_hand_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Point the rules of a renamed or merged department to its successor."""
    department = get_object_or_404(Department.objects.select_related("successor"), pk=pk)
    count = actions.hand_rules_on(department=department, by=request.user)
    notify(request, f"{count} {'Regel' if count == 1 else 'Regeln'} umgestellt.")
    return redirect_to(request, "concerns:rule_reports")


@requires(Perm.EDIT_MASTER_DATA)
def topics(request: HttpRequest) -> HttpResponse:
    """The catalogue in its two levels."""
    themes = Topic.objects.filter(parent=None).prefetch_related("topics")
    return render_page(request, "concerns/catalogue/topics.html", {"title": "Themen", "themes": themes})


@requires(Perm.EDIT_MASTER_DATA)
def topic_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter or change a theme or topic."""
    found = get_object_or_404(Topic, pk=pk) if pk is not None else None
    initial = {} if found else {"parent": request.GET.get("feld")}
    return save_form(
        request,
        TopicForm(request.POST or None, instance=found, initial=initial),
        save=partial(actions.save_topic, topic=found),
        template="districts/form.html",
        context={
            "title": "Thema bearbeiten" if found else "Thema anlegen",
            "back": reverse("concerns:topics"),
            "back_label": "Themen",
        },
        message="Gespeichert.",
        to=reverse("concerns:topics"),
    )
