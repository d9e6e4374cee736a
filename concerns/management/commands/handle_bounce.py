"""`manage.py handle_bounce < MAIL`: the mail server pipes returned mails here (see docs/operations.md)."""

import sys

from django.core.management.base import BaseCommand

from concerns.actions.mail import note_bounce
from concerns.bounces import bounced_mark

LARGEST = 5_000_000  # bytes


class Command(BaseCommand):
    """Puts the feedback of a returned mail back onto the worklist; anything else is ignored with a word."""

    help = "Liest eine zurückgekommene E-Mail von der Standardeingabe."

    def handle(self, **options):
        """Read one mail from standard input."""
        mark = bounced_mark(sys.stdin.buffer.read(LARGEST))
        if mark and note_bounce(mark=mark):
            self.stdout.write("Die Rückmeldung steht wieder auf der Arbeitsliste.")
        else:
            self.stdout.write("Keine von uns versandte E-Mail oder nur eine Verzögerung; nichts geändert.")
