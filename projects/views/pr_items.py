"""Items of public relations: list, page, writing with a draft that survives, what may change afterwards (Z41)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from concerns.actions.drafts import discard_draft
from concerns.views.drafts import draft_of, draft_values
from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import public_relations as actions
from projects.forms.public_relations import OrganiseForm, PRItemForm
from projects.models import Event, PRItem, Project
from projects.pr_blocks import blocks_for, with_block
from projects.pr_filters import PRItemFilter
from projects.pr_page import pr_page_of
from projects.workflow import PR_AGREED
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

MAY_SEE = (Perm.READ_PR, Perm.APPROVE_PR)
FORM = "projects/pr/form.html"


@requires(Perm.READ_PR)
@require_safe
def pr_items(request: HttpRequest) -> HttpResponse:
    """Items with their state, the latest first."""
    filters = PRItemFilter(request.GET, user=request.user)
    rows = filters.qs.select_related("keeper").prefetch_related("districts").defer("text")
    context = {
        "title": "Öffentlichkeitsarbeit",
        "filter": filters,
        "page": keyset_page(rows, request.GET, key="created_on", noun=("Beitrag", "Beiträge")),
        "may_draft": request.user.rights.can(Perm.DRAFT_PR),
        "today": timezone.localdate(),
    }
    status = form_status(filters.form)
    return render_page(request, "projects/pr/list.html", context, fragments={"list": "list"}, status=status)


@requires(Perm.APPROVE_PR)
@require_safe
def pr_approvals(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, the oldest first, and what this person has approved lately."""
    shown = PRItem.objects.select_related("handed_in_by").prefetch_related("districts").defer("text")
    waiting = shown.waiting_for(request.user)
    page = keyset_page(
        waiting, request.GET, key="handed_in_at", descending=False, noun=("Beitrag wartet", "Beiträge warten")
    )
    decided = shown.filter(approver=request.user).order_by("-approved_at", "-pk")[:10]
    return render_page(
        request, "projects/pr/approvals.html", {"title": "Zur Freigabe", "page": page, "decided": decided}
    )


@requires(*MAY_SEE)
@require_safe
def pr_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item with its images and whoever has to go on."""
    shown = PRItem.objects.visible_to(request.user)
    named = ("project", "event", "author", "keeper", "handed_in_by", "approver")
    found = get_object_or_404(shown.select_related(*named).prefetch_related("districts"), pk=pk)
    context = pr_page_of(found, request.user, today=timezone.localdate())
    return render_page(request, "projects/pr/detail.html", context)


def item_to_draft(request: HttpRequest, pk: int) -> PRItem:
    """An item that this person may write; 404 otherwise."""
    return get_object_or_404(PRItem.objects.draftable_by(request.user), pk=pk)


def item_to_edit(request: HttpRequest, pk: int) -> PRItem:
    """An item that this person hands in, publishes and archives; 404 otherwise."""
    return get_object_or_404(PRItem.objects.editable_by(request.user), pk=pk)


@requires(Perm.DRAFT_PR)
def pr_item_new(request: HttpRequest) -> HttpResponse:
    """Enter an idea or a draft; `projekt` and `veranstaltung` in the address say what it is about."""
    return _write(request, None, {"keeper": request.user.pk, "languages": ["de"], **_about(request)})


def _about(request: HttpRequest) -> dict:
    """What an address asks for, as far as this person may see it."""
    event_pk, project_pk = request.GET.get("veranstaltung", ""), request.GET.get("projekt", "")
    if _is_number(event_pk) and (found := Event.objects.visible_to(request.user).filter(pk=event_pk).first()):
        return {"event": found.pk, "project": found.project_id, "districts": [found.district_id], "title": found.title}
    if _is_number(project_pk) and (found := Project.objects.visible_to(request.user).filter(pk=project_pk).first()):
        districts = list(found.districts.values_list("pk", flat=True))
        return {"project": found.pk, "districts": districts, "title": found.title}
    own = request.user.rights.districts(Perm.DRAFT_PR)
    return {"districts": list(own)} if len(own) == 1 else {}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


@requires(Perm.DRAFT_PR)
def pr_item_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write on; whoever was slower compares first."""
    found = item_to_draft(request, pk)
    if request.method != "POST" and not found.is_writable:
        notify(request, actions.CLOSED, level="error")
        return redirect_to(request, found)
    return _write(request, found, {})


def _write(request: HttpRequest, item: PRItem | None, first: dict) -> HttpResponse:
    user, key = request.user, f"pr_item:{item.pk}" if item else "pr_item"
    draft = draft_of(user, key)
    inserting = request.method == "POST" and bool(request.POST.get("insert"))
    make = partial(PRItemForm, instance=item, user=user)
    if request.method == "POST" and not inserting:
        form = make(request.POST)
    else:
        form = make(initial=first)
        if typed := _with_block(request.POST, user) if inserting else draft and draft_values(draft):
            _retype(form, typed)
    context = {
        "title": "Beitrag bearbeiten" if item else "Neuer Beitrag",
        "item": item,
        "back": item.get_absolute_url() if item else reverse("projects:pr_items"),
        "back_label": item.title if item else "Öffentlichkeitsarbeit",
        "blocks": blocks_for(user),
        "draft": draft if not inserting else None,
        "draft_key": key,
    }
    if inserting:
        return render_page(request, FORM, {**context, "form": form})

    def save(**fields):
        saved = actions.save_item(item=item, **fields)
        discard_draft(user=user, form=key)
        return saved

    return save_form(
        request, form, save=save, template=FORM, context=context, message="Gespeichert.", to=PRItem.get_absolute_url,
        on_conflict=partial(_compare, item, form),
    )  # fmt: skip


def _with_block(typed: QueryDict, user) -> QueryDict:
    """What was typed, with the chosen text of the office at the end of the text."""
    typed = typed.copy()
    typed["text"] = with_block(typed.get("text", ""), typed.get("block", ""), user)
    return typed


def _retype(form: PRItemForm, typed: QueryDict) -> None:
    """Show what was typed before, without judging it yet."""
    for name, field in form.fields.items():
        form.initial[name] = field.widget.value_from_datadict(typed, {}, form.add_prefix(name))


def _compare(item: PRItem, form) -> dict:
    """What differs; a draft that was handed in meanwhile cannot be overwritten, its words stay in the form."""
    now = PRItem.objects.get(pk=item.pk)
    form.on_top_of(now)
    return {"differences": form.differences(now), "too_late": not now.is_writable}


@requires(Perm.EDIT_PR)
def pr_item_organise(request: HttpRequest, pk: int) -> HttpResponse:
    """Change days, channels, print run and cost of what is approved or has appeared."""
    shown = PRItem.objects.editable_by(request.user)
    # Taken back while somebody typed: they are told (409) and keep their words.
    found = get_object_or_404(shown if request.method == "POST" else shown.filter(status__in=PR_AGREED), pk=pk)
    form = OrganiseForm(request.POST or None, instance=found)
    return save_form(
        request, form, save=partial(actions.organise, item=found), template="districts/form.html",
        context={
            "title": "Angaben ändern",
            "lead": "Text und Bilder sind freigegeben und bleiben, wie sie sind.",
            "back": found.get_absolute_url(),
            "back_label": found.title,
        },
        message="Gespeichert.", to=found.get_absolute_url(), on_conflict=partial(_compare, found, form),
    )  # fmt: skip
