"""Makes what the browser and the PDF engine get out of the installed third-party packages."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset

# Latin with the letters of our neighbours' and residents' languages, German quotation marks, dashes, arrows, euro.
FONT_RANGES = "U+0020-007E,U+00A0-017F,U+0218-021B,U+1E9E,U+2010-2015,U+2018-201F,U+2022,U+2026,U+202F,U+2032-2033"
FONT_RANGES += ",U+2039-203A,U+20AC,U+2190-2193,U+2212,U+2264-2265,U+FFFD"
FONT_FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]
FONTS = {"FiraSans-Regular.woff2": "fira-regular.woff2", "FiraSans-SemiBold.woff2": "fira-semibold.woff2"}
# For paper: Latin, Greek and Cyrillic; Noto Sans has what Fira Sans lacks, Noto Sans Arabic the Arabic script.
# Uncompressed, because the engine would unpack them for every document.
PRINT_FONTS = {
    "@kern-ux/native/dist/fonts/fira-sans/FiraSans-Regular.woff2": "fira-regular.ttf",
    "@kern-ux/native/dist/fonts/fira-sans/FiraSans-SemiBold.woff2": "fira-semibold.ttf",
    "@kern-ux/native/dist/fonts/noto-sans/NotoSans-Regular.woff2": "noto-regular.ttf",
    "@kern-ux/native/dist/fonts/noto-sans/NotoSans-Bold.woff2": "noto-bold.ttf",
    "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff2": "arabic-regular.ttf",
    "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-600-normal.woff2": "arabic-semibold.ttf",
}
PRINT_RANGES = "U+0020-007E,U+00A0-058F,U+0600-06FF,U+0750-077F,U+08A0-08FF,U+1E00-1FFF,U+2000-20CF,U+2100-218F"
PRINT_RANGES += (
    ",U+2190-2199,U+2200-22FF,U+25A0-25FF,U+2E17,U+A640-A69F,U+A720-A7FF,U+FB00-FB06,U+FB50-FDFF,U+FE00-FE0F"
)
PRINT_RANGES += ",U+FE70-FEFF,U+FFFD"


def build(packages: Path, target: Path) -> list[Path]:
    """Write KERN's styles, the fonts and Leaflet from `packages` (node_modules) below `target`; what was written."""
    kern, leaflet = packages / "@kern-ux/native/dist", packages / "leaflet/dist"
    target.mkdir(parents=True, exist_ok=True)
    written = [target / "kern.css", target / "leaflet.js", target / "leaflet.css"]
    written[0].write_text(_kern(kern), encoding="utf-8")
    # Without the line that names a source map: hashed static names would look for the map.
    script = (leaflet / "leaflet.js").read_text(encoding="utf-8")
    written[1].write_text(re.sub(r"//# sourceMappingURL=\S+", "", script), encoding="utf-8")
    written[2].write_text(_without_images((leaflet / "leaflet.css").read_text(encoding="utf-8")), encoding="utf-8")
    for source, name in FONTS.items():
        _subset(kern / "fonts/fira-sans" / source, target / name, FONT_RANGES, FONT_FEATURES)
        written.append(target / name)
    (target / "print").mkdir(exist_ok=True)
    for source, name in PRINT_FONTS.items():
        _subset(packages / source, target / "print" / name, PRINT_RANGES, "*")
        written.append(target / "print" / name)
    return written


def _kern(dist: Path) -> str:
    """KERN inside a layer of its own and without its grid and spacing classes, which we do not use."""
    helpers = {
        name
        for part in ("kern-utilities.min.css", "kern-grid.min.css")
        for name in re.findall(r"\.(kern-[\w-]+)", (dist / part).read_text(encoding="utf-8"))
    }
    kept = _without(helpers, (dist / "kern.min.css").read_text(encoding="utf-8").lstrip("\ufeff"))
    return "@layer first,kern,quartier;@layer kern{" + kept + "}\n"


def _without(names: set[str], css: str) -> str:
    """The rules of `css` that use a class outside `names`, or none at all."""
    out = []
    for head, body in _rules(css):
        if head.startswith("@charset"):
            continue
        if head.startswith("@media"):
            inner = _without(names, body)
            out.append(f"{head}{{{inner}}}" if inner else "")
            continue
        classes = set(re.findall(r"\.(kern-[\w-]+)", head))
        if not classes or classes - names:
            out.append(f"{head}{{{body}}}" if body is not None else f"{head};")
    return "".join(out)


_TOKEN = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|/\*.*?\*/|[{};]""", re.DOTALL)


def _rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Top-level rules as (selector, body); statements without a block have no body."""
    depth, start, opened = 0, 0, 0
    for match in _TOKEN.finditer(css):
        mark, position = match[0], match.start()
        if mark == "{":
            depth += 1
            if depth == 1:
                opened = position
        elif mark == "}":
            depth -= 1
            if depth == 0:
                yield _plain(css[start:opened]), css[opened + 1 : position]
                start = position + 1
        elif mark == ";" and depth == 0:
            yield _plain(css[start:position]), None
            start = position + 1


def _plain(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).strip()


def _without_images(css: str) -> str:
    """Leaflet's styles below ours and without its marker and layer images: our markers are drawn with styles."""
    rules = ((head, body) for head, body in _rules(css) if body is not None and "url(images" not in body)
    return "@layer kern{" + "".join(f"{head}{{{body.strip()}}}\n" for head, body in rules) + "}\n"


def _subset(source: Path, target: Path, ranges: str, features: Iterable[str]) -> None:
    options = subset.Options()
    options.flavor = "woff2" if target.suffix == ".woff2" else None
    options.hinting = False
    options.layout_features = list(features)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(ranges))
    subsetter.subset(font)
    subset.save_font(font, str(target), options)
