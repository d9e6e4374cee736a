"""Short messages after an action, with a way back where there is one."""

from django.contrib import messages
from django.http import HttpRequest

LEVELS = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}
UNDO_PREFIX = "undo:"


def notify(request: HttpRequest, text: str, *, level: str = "success", undo_url: str = "") -> None:
    """Show `text` on the next page; with `undo_url` it carries a button that posts there."""
    messages.add_message(request, LEVELS[level], text, extra_tags=f"{UNDO_PREFIX}{undo_url}" if undo_url else "")


def undo_url(message) -> str:
    """The address that takes the step of this message back, or an empty string."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO_PREFIX) if tags.startswith(UNDO_PREFIX) else ""
