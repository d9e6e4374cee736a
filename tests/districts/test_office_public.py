"""What everybody sees of an office without a login, and that it is nothing more (Z02, Z03)."""

from datetime import time, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from concerns.actions.handover import deactivate_person
from districts.models import OfficeQuality, User
from districts.opening import monday_of
from tests import make

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


def upload(name="bild.jpg", **options) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make.picture(**options), "image/jpeg")


@pytest.fixture
def office(mara):
    office = mara.office
    office.street, office.phone, office.email = "Reichsweg 30", "0241 432-0", "ost@stadt.example"
    office.accessibility = "Stufenlos"
    office.save()
    return office


@pytest.fixture
def anybody():
    return make.client_of(None)


def profile(person, **change) -> dict:
    return {"name": person.name, "phone": person.phone, "task": "", "languages": "", **change}


def test_the_page_says_when_where_and_what(office, anybody):
    make.slot(office=office)
    make.slot(office=office, kind="third_party", topic="Mieterberatung", provider="Mieterhilfe e. V.", weekday=3)
    OfficeQuality.objects.create(office=office, item="barrier_free", state="yes")
    response = anybody.get(url("office_public", office.pk))
    for expected in ("10–12 Uhr", "Mieterberatung", "Reichsweg 30", "0241 432-0", "Stufenlos", "barrierefrei"):
        assert expected in response.text
    assert "Cookie" not in response.headers.get("Vary", "") or "sessionid" not in response.cookies


def test_says_in_the_plan_what_does_not_come_back_every_week(office, anybody):
    this_week = monday_of(make.today())
    make.slot(office=office, anchor=this_week)
    address = url("office_public", office.pk)
    assert "alle zwei Wochen" in anybody.get(address).text
    assert "10–12 Uhr" not in anybody.get(address, {"woche": this_week + timedelta(days=7)}).text
    make.slot(office=office, weekday=3, starts=time(14), ends=time(15))
    assert anybody.get(address).text.count("alle zwei Wochen") == 1


def test_people_are_on_it_only_when_they_want_it_themselves(office, mara, adam, anybody, client_of):
    shown = {"task": "Quartiersmanagerin", "languages": "Deutsch, Polnisch"}
    client_of(mara).post(url("profile"), profile(mara, **shown, portrait=upload()))
    page = anybody.get(url("office_public", office.pk)).text
    assert "Mara Lindt" not in page
    assert "Quartiersmanagerin" not in page
    assert anybody.get(url("portrait", mara.pk)).status_code == 404
    assert client_of(adam).get(url("portrait", mara.pk)).status_code == 200
    client_of(mara).post(url("profile"), profile(mara, **shown, is_shown="on"))
    page = anybody.get(url("office_public", office.pk)).text
    for expected in ("Mara Lindt", "Quartiersmanagerin", "Deutsch, Polnisch", url("portrait", mara.pk)):
        assert expected in page
    assert mara.email not in page
    assert anybody.get(url("portrait", mara.pk)).status_code == 200
    client_of(mara).post(url("profile"), profile(mara, **shown))
    assert anybody.get(url("portrait", mara.pk)).status_code == 404
    assert "Mara Lindt" not in anybody.get(url("office_public", office.pk)).text


def test_who_leaves_is_gone_with_the_portrait(mara, adam, anybody, client_of):
    client_of(mara).post(url("profile"), profile(mara, is_shown="on", portrait=upload()))
    stored = User.objects.get(pk=mara.pk).portrait
    assert stored.storage.exists(stored.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda run, **_: run())
        deactivate_person(person=mara, by=adam)
    left = User.objects.get(pk=mara.pk)
    assert (left.is_shown, bool(left.portrait), stored.storage.exists(stored.name)) == (False, False, False)
    assert "Mara Lindt" not in anybody.get(url("office_public", mara.office_id)).text


def test_nobody_presents_people_without_an_office(silke, client_of):
    response = client_of(silke).get(url("profile"))
    assert "is_shown" not in response.context["form"].fields
    client_of(silke).post(url("profile"), profile(silke, is_shown="on", task="Chefin"))
    silke.refresh_from_db()
    assert (silke.is_shown, silke.task) == (False, "")


def test_a_portrait_is_made_small_without_metadata_and_can_be_removed(mara, client_of):
    exif = Image.Exif()
    exif[0x010E] = "Wohnort geheim"
    client_of(mara).post(url("profile"), profile(mara, portrait=upload(size=(900, 1200), exif=exif)))
    content = b"".join(client_of(mara).get(url("portrait", mara.pk)).streaming_content)
    assert b"geheim" not in content
    assert max(Image.open(BytesIO(content)).size) == 480
    client_of(mara).post(url("profile"), profile(mara, drop_portrait="on"))
    assert client_of(mara).get(url("portrait", mara.pk)).status_code == 404


def test_what_is_no_photo_is_refused_beside_the_field_and_the_rest_stays(mara, client_of):
    wrong = SimpleUploadedFile("a.jpg", b"<script>", "image/jpeg")
    response = client_of(mara).post(url("profile"), profile(mara, task="Leitung", portrait=wrong))
    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors == {"portrait": ["„a.jpg“ ist kein Foto im Format JPEG, PNG, WebP oder HEIC."]}
    assert form["task"].value() == "Leitung"


def test_the_photo_of_an_office(office, ost, silke, anybody, client_of):
    data = {"name": office.name, "districts": [ost.pk]}
    assert anybody.get(url("office_photo", office.pk)).status_code == 404
    client_of(silke).post(url("office", office.pk), data | {"photo": upload(size=(900, 600))})
    small = b"".join(anybody.get(url("office_photo", office.pk) + "?klein").streaming_content)
    full = b"".join(anybody.get(url("office_photo", office.pk)).streaming_content)
    assert (Image.open(BytesIO(small)).size, Image.open(BytesIO(full)).size) == ((480, 320), (900, 600))
    assert url("office_photo", office.pk) in anybody.get(url("office_public", office.pk)).text
    client_of(silke).post(url("office", office.pk), data)
    assert anybody.get(url("office_photo", office.pk)).status_code == 200
    client_of(silke).post(url("office", office.pk), data | {"drop_photo": "on"})
    assert anybody.get(url("office_photo", office.pk)).status_code == 404


def test_an_office_cannot_close_before_it_opens(office, ost, silke, client_of):
    data = {"name": office.name, "districts": [ost.pk], "opened_on": "2026-05-01", "closed_on": "2026-04-30"}
    response = client_of(silke).post(url("office", office.pk), data)
    assert response.context["form"].errors == {"closed_on": ["Das Ende liegt vor dem Anfang."]}


def test_an_address_without_a_scheme_becomes_a_safe_one(office, ost, silke, client_of):
    data = {"name": office.name, "districts": [ost.pk]}
    client_of(silke).post(url("office", office.pk), data | {"website": "ost.stadt.example"})
    office.refresh_from_db()
    assert office.website == "https://ost.stadt.example"
    response = client_of(silke).post(url("office", office.pk), data | {"website": "javascript:alert(1)"})
    assert list(response.context["form"].errors) == ["website"]


@pytest.mark.parametrize("extra", [0, 8])
def test_the_page_costs_the_same_for_few_and_many(extra, django_assert_num_queries, office, anybody):
    for n in range(extra + 1):
        slot = make.slot(office=office, weekday=n % 5, topic=f"Thema {n}")
        make.exception(office=office, slot=slot, first_day=make.today())
        make.user(office=office, is_shown=True)
    with django_assert_num_queries(7):
        assert anybody.get(url("office_public", office.pk)).status_code == 200
