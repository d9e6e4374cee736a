"""Pages that show every part of the design system once; served to tests only (`pytest.mark.urls`)."""

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.urls import include, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from quartier.urls import handler400, handler403, handler404, handler500  # noqa: F401
from quartier.web.forms import QuartierForm
from quartier.web.navigation import NavItem
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page

SQUARE = [[6.03, 50.75], [6.06, 50.75], [6.06, 50.77], [6.03, 50.77], [6.03, 50.75]]


def search(user) -> str:
    return "sample-list"


def navigation(user) -> list[NavItem]:
    return [
        NavItem("Anliegen", "sample-list", icon="checklist", count=7),
        NavItem("Erfassen", "sample-form", icon="add", shortcut="n"),
        NavItem("Karte", "sample-map"),
    ]


class SampleForm(QuartierForm):
    text = forms.CharField(
        label="Was ist los?", help_text="Ohne Namen.", max_length=500, widget=forms.Textarea({"data-counter": ""})
    )
    topic = forms.ChoiceField(label="Thema", choices=[("", "– bitte wählen –"), ("a", "Müll"), ("b", "Spielplatz")])
    received = forms.DateField(label="Eingegangen am")
    departments = forms.MultipleChoiceField(label="Fachbereiche", required=False, choices=[("a", "E 18")])
    channel = forms.ChoiceField(
        label="Rückmeldung",
        help_text="So möchte die Person davon hören.",
        widget=forms.RadioSelect,
        choices=[("tel", "Telefon"), ("mail", "E-Mail")],
    )
    mail = forms.EmailField(label="E-Mail-Adresse", required=False)
    marks = forms.MultipleChoiceField(
        label="Merkmale", required=False, widget=forms.CheckboxSelectMultiple, choices=[("k", "Kinder")]
    )
    consent = forms.BooleanField(label="Einwilligung liegt vor", help_text="Mündlich genügt.")
    photo = forms.FileField(label="Foto", required=False)
    number = forms.IntegerField(label="Hausnummer", required=False)


class SampleFilter(QuartierForm):
    size = forms.IntegerField(label="Anzahl", required=False)


class SamplePlace(QuartierForm):
    lat = forms.CharField(label="Breite", required=False)
    lon = forms.CharField(label="Länge", required=False)
    area = forms.ChoiceField(label="Quartier", required=False, choices=[("", "–"), ("7", "Preuswald")])


@login_required
def list_page(request):
    today = timezone.localdate()
    rows = [
        {
            "number": f"2026-{n:05d}",
            "text": "Sperrmüll neben den Containern, seit Wochen jede Nacht mehr und mehr davon",
            "done": n % 4,
            "due": today + timedelta(days=5 - 2 * n),
        }
        for n in range(6)
    ]
    form = SampleFilter(request.GET or None)
    size = form.cleaned_data["size"] if form.is_bound and form.is_valid() else None
    context = {
        "title": "Anliegen",
        "rows": rows[: size or 6],
        "form": form,
        "form_url": reverse("sample-form"),
        "parts_url": reverse("sample-parts"),
    }
    return render_page(request, "samples/list_page.html", context, fragments={"list": "list"})


@login_required
def form_page(request):
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        notify(request, "Gespeichert.", undo_url=reverse("sample-undo"))
        return redirect_to(request, "sample-list")
    context = {"title": "Anliegen erfassen", "form": form}
    return render_page(
        request, "samples/form_page.html", context, fragments={"formbox": "formbox"}, status=form_status(form)
    )


@login_required
@require_POST
def draft(request):
    return JsonResponse({"draft": request.POST["text"][::-1]})


@login_required
@require_POST
def undo(request):
    notify(request, "Zurückgenommen.", level="info")
    return redirect_to(request, "sample-list")


@login_required
def parts_page(request):
    now = timezone.now()
    notify(request, "Zurückgestellt.", undo_url=reverse("sample-undo"))
    notify(request, "Der Mailserver antwortet nicht.", level="warning")
    entries = [
        {"at": now, "title": "Antwort eingegangen", "by": "Enno Kraus", "tone": "success", "icon": "check"},
        {"at": now - timedelta(days=3), "title": "Rückfrage", "note": "nur Team", "text": "Wo genau?", "own": True},
    ]
    dates = [timezone.localdate() + timedelta(days=days) for days in (9, 2, 0, -4)]
    context = {
        "title": "Teile",
        "now": now,
        "entries": entries,
        "dates": dates,
        "form_url": reverse("sample-form"),
    }
    return render_page(request, "samples/parts_page.html", context)


@login_required
def map_page(request):
    polygon = {
        "type": "Feature",
        "properties": {"id": "7", "name": "Preuswald"},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }
    point = {
        "type": "Feature",
        "properties": {"label": "<b>2026-00001</b>", "url": "/", "tone": "danger"},
        "geometry": {"type": "Point", "coordinates": [6.045, 50.76]},
    }
    data = {
        "polygons": {"type": "FeatureCollection", "features": [polygon]},
        "points": {"type": "FeatureCollection", "features": [point]},
    }
    return render_page(request, "samples/map_page.html", {"title": "Karte", "form": SamplePlace(), "data": data})


@login_required
def failing(request):
    return HttpResponse(status=500)


urlpatterns = [
    path("muster/liste/", list_page, name="sample-list"),
    path("muster/formular/", form_page, name="sample-form"),
    path("muster/entwurf/", draft, name="sample-draft"),
    path("muster/zurueck/", undo, name="sample-undo"),
    path("muster/teile/", parts_page, name="sample-parts"),
    path("muster/karte/", map_page, name="sample-map"),
    path("muster/kaputt/", failing, name="sample-failing"),
    path("", include("quartier.urls")),
]
