"""Words about needs and theme reports, wherever they are told."""

from concerns.wording import REASONS
from projects.models import ThemeRecipient


def answer_words(recipient: ThemeRecipient) -> str:
    """The answer as people and bodies hear it: who answered, the words, the reason of a no, the day of a promise."""
    parts = [f"Wir haben das Thema an {recipient.label} gemeldet. Die Antwort: {recipient.text}"]
    if reason := REASONS.get(recipient.reason_category):
        parts.append(f"Der Grund: {reason}")
    if recipient.result == "planned" and recipient.date:
        parts.append(f"Geplant ist das für den {recipient.date:%d.%m.%Y}.")
    return "\n\n".join(parts)
