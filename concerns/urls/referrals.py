"""Addresses of referrals: finding whom, recording it, asking afterwards."""

from django.urls import path

from concerns.urls import converters  # noqa: F401 – registers <concern_number:…>
from concerns.views import referrals

_CONCERN = "anliegen/<concern_number:number>/vermitteln/"

urlpatterns = [
    path(_CONCERN, referrals.refer, name="refer"),
    path(f"{_CONCERN}angebot/<int:pk>/", referrals.refer_to_offer, name="refer_to_offer"),
    path(f"{_CONCERN}akteur/<int:pk>/", referrals.refer_to_actor, name="refer_to_actor"),
    path("vermittlungen/<int:pk>/nachfrage/", referrals.referral_asked, name="referral_asked"),
    path("vermittlungen/<int:pk>/zuruecknehmen/", referrals.referral_withdraw, name="referral_withdraw"),
]
