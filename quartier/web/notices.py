"""Short messages after an action, with a way back where there is one."""

from django.contrib import messages
from django.http import HttpRequest

LEVELS = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}
UNDO_PREFIX, LINK_PREFIX = "undo:", "link:"


def notify(
    request: HttpRequest, text: str, *, level: str = "success", undo_url: str = "", link: tuple[str, str] | None = None
) -> None:
    """Show `text` on the next page; with `undo_url` it carries a button that posts there, with `link` (label, address)
    a link that opens beside the page."""
    tags = f"{UNDO_PREFIX}{undo_url}" if undo_url else f"{LINK_PREFIX}{link[1]} {link[0]}" if link else ""
    messages.add_message(request, LEVELS[level], text, extra_tags=tags)


def undo_url(message) -> str:
    """The address that takes the step of this message back, or an empty string."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO_PREFIX) if tags.startswith(UNDO_PREFIX) else ""


def link(message) -> dict[str, str] | None:
    """Label and address of the message's link, if it has one."""
    tags = message.extra_tags or ""
    if not tags.startswith(LINK_PREFIX):
        return None
    url, _, label = tags.removeprefix(LINK_PREFIX).partition(" ")
    return {"url": url, "label": label}
