"""Drawn pictures in the place of photos and scans: nobody's likeness, and the same every time."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont


def _png(picture: Image.Image) -> BytesIO:
    content = BytesIO()
    picture.save(content, "PNG", compress_level=1)
    content.seek(0)
    return content


def meadow(number: int) -> BytesIO:
    """A drawn picture that stands for a photo: meadow, sky and tables."""
    picture = Image.new("RGB", (960, 640), (188, 214, 232))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 380, 960, 640), fill=(122 + number % 40, 160, 96))
    draw.ellipse((740, 60, 860, 180), fill=(246, 222, 130))
    for place in range(4):
        left = 70 + place * 220
        draw.rectangle((left, 430, left + 150, 450), fill=(140, 100, 64))
        draw.rectangle((left + 20, 450, left + 30, 520), fill=(110, 80, 52))
        draw.rectangle((left + 120, 450, left + 130, 520), fill=(110, 80, 52))
        draw.ellipse((left + 50, 330, left + 100, 420), fill=(90 + place * 30, 80, 120))
    return _png(picture)


def slip(heading: str, lines: list[tuple[str, str]], foot: str) -> BytesIO:
    """A drawn sheet of paper with a heading, what was bought for how much, and a last line."""
    picture = Image.new("RGB", (620, 240 + 60 * len(lines)), "#fbfaf6")
    draw = ImageDraw.Draw(picture)
    large, usual = ImageFont.load_default(size=30), ImageFont.load_default(size=22)
    draw.text((40, 40), heading, fill="#222222", font=large)
    for number, (what, amount) in enumerate(lines):
        top = 120 + 60 * number
        draw.text((40, top), what[:34], fill="#222222", font=usual)
        draw.text((580, top), amount, fill="#222222", font=usual, anchor="ra")
        draw.line((40, top + 40, 580, top + 40), fill="#bbbbbb")
    draw.text((40, picture.height - 70), foot, fill="#444444", font=usual)
    return _png(picture)
