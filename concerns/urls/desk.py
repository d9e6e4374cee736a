"""Addresses of the quarter manager's desk: work basket, concern page and every step taken there."""

from django.urls import path

from concerns.urls import converters  # noqa: F401 – registers <concern_number:…>
from concerns.views import basket, bundling, closing, desk, detail, forwarding, triage

_CONCERN = "anliegen/<concern_number:number>/"

urlpatterns = [
    path("arbeitskorb/", basket.basket, name="basket"),
    path(_CONCERN, detail.detail, name="detail"),
    path(f"{_CONCERN}uebernehmen/", triage.take_on, name="take_on"),
    path(f"{_CONCERN}zurueckstellen/", triage.park, name="park"),
    path(f"{_CONCERN}weiterarbeiten/", triage.wake, name="wake"),
    path(f"{_CONCERN}ergebnis/", triage.answer, name="answer"),
    path(f"{_CONCERN}rueckgabe-gesehen/", triage.acknowledge, name="acknowledge_return"),
    path(f"{_CONCERN}wiedervorlage/", triage.follow_up, name="follow_up"),
    path(f"{_CONCERN}zustaendig/", triage.owner, name="owner"),
    path(f"{_CONCERN}notiz/", triage.note, name="note"),
    path(f"{_CONCERN}weiterleiten/", forwarding.forward, name="forward"),
    path(f"{_CONCERN}zurueckrufen/<int:pk>/", forwarding.withdraw, name="withdraw"),
    path(f"{_CONCERN}rueckfrage/<int:pk>/", forwarding.answer_query, name="answer_query"),
    path(f"{_CONCERN}mitteilung/<int:pk>/", forwarding.remark, name="remark"),
    path(f"{_CONCERN}antwort-eintragen/<int:pk>/", forwarding.paper_reply, name="paper_reply"),
    path(f"{_CONCERN}buendeln/", bundling.bundle, name="bundle"),
    path(f"{_CONCERN}entbuendeln/", bundling.unbundle, name="unbundle"),
    path(f"{_CONCERN}abschliessen/", closing.close, name="close"),
    path(f"{_CONCERN}wieder-oeffnen/", closing.reopen, name="reopen"),
    path(f"{_CONCERN}zusage/", closing.settle_promise, name="settle_promise"),
    path(f"{_CONCERN}rueckgaengig/", desk.undo, name="undo"),
]
