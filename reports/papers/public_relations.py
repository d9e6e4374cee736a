"""Papers of public relations: a press release or a notice, a draft until a second person has agreed (Z41)."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from projects.models import PRImage, PRItem
from projects.workflow import PR_AGREED
from quartier.pdf import render

from .head import office_in, sender

HEADS = {PRItem.Kind.PRESS_TEXT: "Pressemitteilung"}


@dataclass(frozen=True)
class Figure:
    """An image as the paper carries it."""

    source: str
    alt: str
    rights: str


def pr_paper(item: PRItem) -> bytes:
    """The item on the office's paper; images without consent stay out, whatever the state."""
    district = item.districts.first()
    office = item.keeper.office or (office_in(district) if district else None)
    is_draft = item.status not in PR_AGREED and item.published_on is None
    context = {
        **sender(office),
        "item": item,
        "head": HEADS.get(item.kind, item.get_kind_display()),
        "places": ", ".join(one.name for one in item.districts.all()) or settings.CITY_NAME,
        "paragraphs": [part.strip() for part in item.text.split("\n\n") if part.strip()],
        "figures": list(_figures(item)),
        "is_draft": is_draft,
        "hours": office.hours_today if office else "",
        "today": timezone.localdate(),
        "is_press": item.kind == PRItem.Kind.PRESS_TEXT,
    }
    title = f"{context['head']}{' (Entwurf)' if is_draft else ''}: {item.title}"
    return render("reports/papers/pr_item.html", context, title=title, author=settings.CITY_NAME)


def _figures(item: PRItem) -> Iterator[Figure]:
    for image in item.images.exclude(consent=PRImage.Consent.MISSING):
        try:
            with image.image.open("rb") as file:
                content = file.read()
        except FileNotFoundError:
            continue
        yield Figure(f"data:image/jpeg;base64,{b64encode(content).decode()}", image.alt, image.rights)


def pr_papers() -> Iterator[tuple[str, bytes]]:
    """A press release and a notice that appeared, a draft, and something with an image."""
    known = PRItem.objects.select_related("keeper__office").exclude(text="").order_by("pk")
    for kind in (PRItem.Kind.PRESS_TEXT, PRItem.Kind.NOTICE):
        if found := known.filter(kind=kind).exclude(published_on=None).first():
            yield f"beitrag-{kind}", pr_paper(found)
    if found := known.filter(status="submitted").first():
        yield "beitrag-entwurf", pr_paper(found)
    if found := known.filter(images__isnull=False).exclude(images__consent="missing").first():
        yield "beitrag-mit-bild", pr_paper(found)
