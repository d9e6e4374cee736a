"""What people keep up themselves: name, telephone, summary by mail, who stands in for them."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from districts.actions import people as actions
from districts.forms.people import DeputyshipForm, ProfileForm
from districts.models import User
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import redirect_to


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """The own data, roles and deputies."""
    me = User.objects.with_memberships().get(pk=request.user.pk)
    context = {
        "title": "Mein Profil",
        "person": me,
        "today": timezone.localdate(),
        "deputyships": me.deputyships.select_related("deputy"),
        "stands_in": me.stands_in.select_related("person"),
    }
    return save_form(
        request,
        ProfileForm(request.POST or None, request.FILES or None, instance=me),
        save=actions.update_profile,
        template="districts/profile/profile.html",
        context=context,
        message="Gespeichert.",
        to=reverse("districts:profile"),
    )


@login_required
def my_deputy_new(request: HttpRequest) -> HttpResponse:
    """Choose who stands in for oneself."""
    return save_form(
        request,
        DeputyshipForm(request.POST or None, person=request.user),
        save=partial(actions.add_deputyship, person=request.user),
        template="districts/form.html",
        context={"title": "Meine Vertretung", "back": reverse("districts:profile"), "back_label": "Mein Profil"},
        message="Vertretung eingetragen.",
        to=reverse("districts:profile"),
    )


@login_required
@require_POST
def my_deputy_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Be back: end the own stand-in at once."""
    deputyship = get_object_or_404(request.user.deputyships, pk=pk)
    actions.end_deputyship(deputyship=deputyship, today=timezone.localdate(), by=request.user)
    notify(request, "Vertretung beendet.")
    return redirect_to(request, "districts:profile")
