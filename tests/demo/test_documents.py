"""Documents of the demo city: something in every place, and nothing that a stranger could open (Q17)."""

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from districts.models import User
from projects.models import Document, PRItem
from tests import make

pytestmark = pytest.mark.django_db


def test_there_is_something_in_every_place():
    for owner in Document.OWNERS:
        assert Document.objects.filter(**{f"{owner}__isnull": False}).exists(), owner
    assert Document.objects.filter(is_later=True).exists()
    assert set(Document.objects.values_list("kind", flat=True)) == {"pdf", "picture"}
    assert not Document.objects.filter(proof_of=None, agenda_item__session__status="approved", is_later=True).exists()


def test_every_file_opens():
    for one in Document.objects.all():
        content = one.file.read()
        assert len(content) == one.size
        if one.is_picture:
            assert Image.open(BytesIO(content)).format == "JPEG"
        else:
            with pikepdf.open(BytesIO(content)) as made:
                assert len(made.pages) >= 1


def test_a_report_was_drafted_with_a_picture_of_its_proof():
    item = PRItem.objects.exclude(proof=None).get()
    assert (item.status, item.text, item.images.count()) == ("draft", item.proof.report, 1)


@pytest.mark.parametrize(("login", "sees"), [("a.yilmaz", 200), ("e.steinmetz", 200), ("c.mertens", 404)])
def test_who_opens_them(login, sees):
    client = make.client_of(User.objects.get(email__startswith=login))
    found = [Document.objects.filter(**{f"{owner}__isnull": False}).first() for owner in Document.OWNERS]
    assert [client.get(one.get_absolute_url()).status_code for one in found] == [sees] * 4
