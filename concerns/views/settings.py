"""Text blocks and the loop's figures, for Sozialplanung and administration."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from concerns.actions import catalogue as actions
from concerns.forms.catalogue import LoopSettingsForm, TextBlockForm
from concerns.models import LoopSettings, TextBlock
from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.pages import render_page


@requires(Perm.EDIT_MASTER_DATA)
def text_blocks(request: HttpRequest) -> HttpResponse:
    """All text blocks."""
    rows = TextBlock.objects.select_related("department").order_by("purpose", "sort_key")
    return render_page(request, "concerns/catalogue/text_blocks.html", {"title": "Textbausteine", "rows": rows})


@requires(Perm.EDIT_MASTER_DATA)
def text_block_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter or change a text block."""
    found = get_object_or_404(TextBlock, pk=pk) if pk is not None else None
    return save_form(
        request,
        TextBlockForm(request.POST or None, instance=found),
        save=partial(actions.save_text_block, text_block=found),
        template="districts/form.html",
        context={
            "title": "Textbaustein bearbeiten" if found else "Textbaustein anlegen",
            "back": reverse("concerns:text_blocks"),
            "back_label": "Textbausteine",
        },
        message="Gespeichert.",
        to=reverse("concerns:text_blocks"),
    )


@requires(Perm.EDIT_MASTER_DATA)
def deadlines(request: HttpRequest) -> HttpResponse:
    """Deadlines, steps of escalation, attempts and retention."""
    return save_form(
        request,
        LoopSettingsForm(request.POST or None, instance=LoopSettings.load()),
        save=actions.save_settings,
        template="concerns/catalogue/deadlines.html",
        context={"title": "Fristen"},
        message="Gespeichert. Termine, die schon vergeben sind, bleiben.",
        to=reverse("concerns:deadlines"),
    )
