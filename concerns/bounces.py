"""Reading returned mails (RFC 3464 and plain returns): which of our mails came back, and for good."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from concerns.actions.mail import MAIL_HEADER

_MARK = re.compile(rf"^{re.escape(MAIL_HEADER)}:\s*(\S+)\s*$", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"^Status:\s*([245])\.", re.IGNORECASE | re.MULTILINE)


def bounced_mark(raw: bytes) -> str | None:
    """The mark of our mail inside a returned one; None when it is not ours or the return is only a delay."""
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)
    texts = [_text(part) for part in message.walk() if not part.is_multipart() or part.get_content_type() == DSN]
    status = next((found[1] for text in texts if (found := _STATUS.search(text))), None)
    if message.get_content_type() == "multipart/report" and status in {"2", "4"}:
        return None
    return next((found[1] for text in texts if (found := _MARK.search(text))), None)


DSN = "message/delivery-status"


def _text(part: EmailMessage) -> str:
    if part.get_content_type() == DSN:
        return "\n".join(str(block) for block in part.get_payload())
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if payload else str(part)
