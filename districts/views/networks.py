"""Networks, their members, relations between actors, and what is not connected (Z15)."""

from functools import partial

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions import networks as actions
from districts.directory import gaps_in, listed, places, tabs
from districts.filters import NetworkFilter
from districts.forms.networks import MemberForm, NetworkForm, RelationForm
from districts.models import Actor, DirectorySettings, District, Network, NetworkMembership, Relation
from districts.roles import Perm
from districts.views.actors import MAY_EDIT, NOUN, actor_to_edit
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import addresses, form_status, redirect_to, render_page
from quartier.web.paging import count_of, keyset_page

NETWORKS = ("Netzwerk", "Netzwerke")


@requires(Perm.READ_ACTORS)
@require_safe
def networks(request: HttpRequest) -> HttpResponse:
    """All networks with their number of members."""
    today = timezone.localdate()
    shown = Network.objects.visible_to(request.user).select_related("coordinator").prefetch_related("districts")
    filters = NetworkFilter(request.GET, queryset=shown.with_member_count(today), request=request)
    page = keyset_page(filters.qs, request.GET, key="sort_key", descending=False, noun=NETWORKS)
    context = {
        "title": "Netzwerke",
        "tabs": tabs(request.user, "networks"),
        "filter": filters,
        "page": page,
        "rows": [(one, places(one)) for one in page],
        "may_edit": any(request.user.rights.can(perm) for perm in MAY_EDIT),
    }
    status = form_status(filters.form)
    return render_page(request, "districts/networks/list.html", context, fragments={"list": "list"}, status=status)


@requires(Perm.READ_ACTORS)
@require_safe
def network(request: HttpRequest, pk: int) -> HttpResponse:
    """One network with its members of today and of the past."""
    members = NetworkMembership.objects.of_present().select_related("actor__type")
    shown = Network.objects.visible_to(request.user).select_related("coordinator", "keeper")
    sets = ("districts", "action_fields", "target_groups", Prefetch("memberships", members))
    found = get_object_or_404(shown.prefetch_related(*sets), pk=pk)
    rows = list(found.memberships.all())
    context = {
        "title": found.name,
        "network": found,
        "members": [one for one in rows if one.is_in_force],
        "others": [one for one in rows if not one.is_in_force],
        "may_edit": found.may_edit(request.user),
    }
    return render_page(request, "districts/networks/detail.html", context)


def _network_to_edit(request: HttpRequest, pk: int) -> Network:
    return get_object_or_404(Network.objects.editable_by(request.user), pk=pk)


@requires(*MAY_EDIT)
def network_new(request: HttpRequest) -> HttpResponse:
    """Enter a network."""
    return save_form(
        request,
        NetworkForm(request.POST or None, user=request.user),
        save=actions.save_network,
        template="districts/networks/form.html",
        context={"title": "Netzwerk anlegen", "back": reverse("districts:networks"), "back_label": "Netzwerke"},
        message="Angelegt. Jetzt fehlen noch die Mitglieder.",
        to=Network.get_absolute_url,
    )


@requires(*MAY_EDIT)
def network_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a network; whoever was slower compares first."""
    found = _network_to_edit(request, pk)
    form = NetworkForm(request.POST or None, instance=found, user=request.user)

    def compare() -> dict:
        now = Network.objects.get(pk=pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=partial(actions.save_network, network=found),
        template="districts/networks/form.html",
        context={"title": "Netzwerk bearbeiten", "back": found.get_absolute_url(), "back_label": str(found)},
        message="Gespeichert.",
        to=Network.get_absolute_url,
        on_conflict=compare,
    )


@requires(*MAY_EDIT)
def member_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an actor belong to a network."""
    found = _network_to_edit(request, pk)
    return _save_member(request, found, None, "Mitglied eintragen")


@requires(*MAY_EDIT)
def member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an actor's role or time in a network."""
    members = NetworkMembership.objects.filter(network__in=Network.objects.editable_by(request.user))
    found = get_object_or_404(members.select_related("network", "actor"), pk=pk)
    return _save_member(request, found.network, found, "Mitgliedschaft ändern")


def _save_member(request: HttpRequest, network: Network, found: NetworkMembership | None, title: str) -> HttpResponse:
    return save_form(
        request,
        MemberForm(request.POST or None, instance=found or NetworkMembership(network=network), user=request.user),
        save=partial(actions.save_membership, network=network, membership=found),
        template="districts/form.html",
        context={"title": title, "back": network.get_absolute_url(), "back_label": str(network)},
        message="Gespeichert.",
        to=network.get_absolute_url(),
    )


@requires(*MAY_EDIT)
def relation_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what an actor has to do with another one."""
    source = actor_to_edit(request, pk)
    return _save_relation(request, source, None, "Beziehung eintragen")


@requires(*MAY_EDIT)
def relation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a relation, seen from the actor it was entered at."""
    relation = _relation_to_edit(request, pk)
    return _save_relation(request, relation.source, relation, "Beziehung ändern")


def _relation_to_edit(request: HttpRequest, pk: int) -> Relation:
    editable = Actor.objects.editable_by(request.user)
    return get_object_or_404(Relation.objects.present().select_related("source"), pk=pk, source__in=editable)


def _save_relation(request: HttpRequest, source: Actor, relation: Relation | None, title: str) -> HttpResponse:
    context = {"title": title, "lead": str(source), "back": source.get_absolute_url(), "back_label": str(source)}
    return save_form(
        request,
        RelationForm(request.POST or None, instance=relation or Relation(source=source), user=request.user),
        save=partial(actions.save_relation, source=source, relation=relation),
        template="districts/networks/relation.html",
        context={**context, "relation": relation},
        message="Gespeichert.",
        to=source.get_absolute_url(),
    )


@requires(*MAY_EDIT)
@require_POST
def relation_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a relation that is over or was a mistake."""
    relation = _relation_to_edit(request, pk)
    actions.remove_relation(relation=relation, by=request.user)
    notify(request, "Die Beziehung ist entfernt.")
    return redirect_to(request, relation.source)


@requires(*MAY_EDIT)
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Fields and target groups without network, actors without any tie, networks that do not meet."""
    today = timezone.localdate()
    districts = list(District.objects.valid_on(today).defer("boundary"))
    chosen = next((one for one in districts if str(one.pk) == request.GET.get("quartier")), None)
    found = gaps_in(request.user, chosen, today=today)
    count, url = count_of(found.alone), addresses("districts:network")
    page = keyset_page(found.alone, request.GET, key="sort_key", descending=False, noun=NOUN, count=count)
    context = {
        "title": "Lücken im Netz",
        "tabs": tabs(request.user, "gaps"),
        "districts": districts,
        "chosen": chosen,
        "gaps": found,
        "silent": [(one, url(one.pk)) for one in found.silent],
        "page": page,
        "rows": listed(page, today=today, months=DirectorySettings.load().verify_months),
    }
    return render_page(request, "districts/networks/gaps.html", context)
