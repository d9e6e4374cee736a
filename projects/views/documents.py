"""Documents: filing, removing, and the only way their files leave the server (Z18, Z19, Z35, Z38)."""

from functools import partial

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions.base import Conflict as Late
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import documents as actions
from projects.actions.base import Conflict, LoopError
from projects.actions.fund_stories import draft_from_report, may_tell
from projects.actions.pr_images import take_picture
from projects.filing import may_attach, may_prove
from projects.forms.documents import DocumentForm, TakePictureForm
from projects.models import Document, FundApplication
from projects.views.applications import about, application_to_keep
from projects.views.bodies import MAY_EDIT, MAY_SEE, body_to_edit
from projects.views.funds import MAY_DRAFT, MAY_KEEP
from projects.views.funds import MAY_SEE as MAY_SEE_FUNDS
from projects.views.pr_items import item_to_draft
from projects.views.refusals import refusing
from projects.views.sessions import frame, item_to_edit
from quartier.web.notices import notify
from quartier.web.pages import redirect_to
from quartier.web.pictures import download_response, picture_response

FILED = "Das Dokument ist abgelegt."
MEMBERS_READ = "Das lesen alle, die das Gremium sehen, auch Fachbereiche und Träger, die dazugehören."
GUESTS_READ = "Das lesen alle, die die Tagesordnung sehen: nach der Einladung auch Fachbereiche und Träger im Gremium."
TEAMS_READ = "Das lesen die Teams und die Sozialplanung."


@requires(*MAY_SEE, *MAY_SEE_FUNDS)
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A document of something this person may see: a PDF to be saved, a picture in place, with `?klein` its preview."""
    found = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    if not found.is_picture:
        return download_response(found.file, found.name)
    return picture_response(found.preview if "klein" in request.GET else found.file, found.name)


def _file(request: HttpRequest, act, context: dict, *, to: str, example: str) -> HttpResponse:
    def save(**given):
        try:
            return act(**given)
        except Conflict as error:
            raise Late(str(error)) from error
        except LoopError as error:  # it stands beside the file it is about
            raise ValidationError({"document": str(error)}) from error

    form = DocumentForm(request.POST or None, request.FILES or None, example=example)
    context = {"save_label": "Ablegen", **context}
    return save_form(request, form, save=save, template="districts/form.html", context=context, message=FILED, to=to)


@requires(*MAY_EDIT)
def body_document_new(request: HttpRequest, pk: int) -> HttpResponse:
    """File something with a body."""
    found = body_to_edit(request, pk)
    context = {"title": "Dokument hinzufügen", "lead": MEMBERS_READ, "back": found.get_absolute_url()}
    return _file(
        request,
        partial(actions.file_with_body, body=found),
        {**context, "back_label": found.name},
        to=f"{found.get_absolute_url()}#documents",
        example="Zum Beispiel „Geschäftsordnung vom 3. Februar 2026“.",
    )


@requires(*MAY_EDIT)
def item_document_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add material to an agenda item."""
    found = item_to_edit(request, pk)
    context = frame(found.session, f"Material zu „{found.title}“") | {"lead": GUESTS_READ}
    return _file(
        request,
        partial(actions.file_with_item, item=found),
        context,
        to=f"{found.session.get_absolute_url()}#agenda",
        example="Steht so auf der Einladung. Zum Beispiel „Entwurf des Verkehrskonzepts“.",
    )


@requires(*MAY_DRAFT)
def application_document_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Add an attachment to an application; after the decision it is marked with its day."""
    mine = FundApplication.objects.drafted_by(request.user) | FundApplication.objects.kept_by(request.user)
    found = get_object_or_404(mine.with_everything(), pk=pk)
    if request.method == "GET" and not may_attach(found, request.user):
        return _closed(request, found)
    lead = f"{found.number} {found.title}. {TEAMS_READ}"
    if found.decided_on:
        lead += " Der Antrag ist entschieden: Die Anlage wird als nachgereicht gekennzeichnet und bleibt."
    return _file(
        request,
        partial(actions.file_with_application, application=found),
        about(found, "Anlage hinzufügen") | {"lead": lead},
        to=f"{found.get_absolute_url()}#attachments",
        example="Zum Beispiel „Angebot für die Bühne“. Ohne Namen von Bewohnerinnen und Bewohnern.",
    )


@requires(*MAY_KEEP)
def proof_document_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Add a receipt, a report or a photo to the proof of use."""
    found = application_to_keep(request, pk)
    if request.method == "GET" and not may_prove(found, request.user):
        return _closed(request, found)
    return _file(
        request,
        partial(actions.file_with_proof, application=found),
        about(found, "Beleg oder Foto hinzufügen") | {"lead": f"{found.number} {found.title}. {TEAMS_READ}"},
        to=f"{found.get_absolute_url()}#receipts",
        example="Zum Beispiel „Rechnung Zeltverleih, 240 €“ oder „Foto: das Beet im Mai“.",
    )


def _closed(request: HttpRequest, found: FundApplication) -> HttpResponseBase:
    notify(request, actions.CLOSED.format(found.get_status_display(), "hinzufügen"), level="info")
    return redirect_to(request, found)


@requires(*MAY_EDIT, *MAY_DRAFT)
@require_POST
def document_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a document while what it belongs to is open."""
    owners = ("body", "agenda_item__session", "application", "proof_of")
    found = get_object_or_404(Document.objects.editable_by(request.user).select_related(*owners), pk=pk)
    try:
        actions.remove_document(document=found, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
    else:
        notify(request, f"„{found.title}“ ist entfernt.")
    owner = found.agenda_item.session if found.agenda_item else found.body or found.application or found.proof_of
    return redirect_to(request, owner)


# --- What a proof of use becomes --------------------------------------------------------------------------------------


@requires(Perm.DRAFT_PR)
@require_POST
def application_story(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Draft an item of public relations whose text is the report of the proof of use."""
    shown = FundApplication.objects.visible_to(request.user).select_related("district", "fund")
    found = get_object_or_404(shown, pk=pk)
    if not may_tell(found, request.user):
        raise Http404
    try:
        item = draft_from_report(application=found, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, found)
    notify(request, "Der Bericht liegt hier als Entwurf: Bitte Art und Text anpassen.")
    return redirect_to(request, item)


@requires(Perm.DRAFT_PR)
def pr_image_take_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over a picture of a proof of use."""
    found = item_to_draft(request, pk)
    return save_form(
        request,
        TakePictureForm(request.POST or None, item=found, user=request.user),
        save=refusing(partial(take_picture, item=found)),
        template="districts/form.html",
        context={
            "title": "Bild aus einem Verwendungsnachweis übernehmen",
            "lead": "Zur Wahl stehen Bilder, die zum Nachweis dieses Projekts abgelegt sind.",
            "back": found.get_absolute_url(),
            "back_label": found.title,
        },
        message="Das Bild ist übernommen.",
        to=f"{found.get_absolute_url()}#images",
    )
