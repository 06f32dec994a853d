"""A program's figures → drawings that stand in the page as its text does: in its ink, in its font."""

import base64
import io
import re
import sys
import warnings
from xml.etree import ElementTree

# Text and axes take the page's own colour; series colours are readable on white and on dark.
INK = "#010203"
SERIES = [
    "#2f83d6", "#e0701f", "#2a9d62", "#c94f7c", "#8a6bd1",
    "#a07f1c", "#2e9fb0", "#888888", "#8aa82a", "#c2554f",
]  # fmt: skip
FIGURE_STYLE = {
    "axes.edgecolor": INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.prop_cycle": f"cycler(color={SERIES})",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "none",
    "figure.figsize": "6.4, 3.4",
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "font.family": "sans-serif",
    "grid.alpha": 0.25,
    "grid.color": "#808080",
    "image.interpolation": "none",  # pixels as they are: small files, drawn sharp by the browser
    "legend.framealpha": 0,
    "svg.fonttype": "none",
    "svg.hashsalt": "handbook",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
UNSEEN = {"metadata", "style"}
BITMAP = "data:image/png;base64,"
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


_shown: list[str] = []  # what plt.show() has taken since the last part ended


def prepare() -> None:
    """Give matplotlib the page's style and no window, if it is imported already."""
    warnings.filterwarnings("ignore", "The figure layout has changed")  # It is the style's.
    if "matplotlib" not in sys.modules:
        return  # It will find its style in the home folder.
    import matplotlib
    import matplotlib.pyplot

    matplotlib.use("agg")
    matplotlib.rcParams.update(FIGURE_STYLE)
    matplotlib.pyplot.show = lambda *_, **__: _shown.extend(_take_open())  # as in a notebook


def collect() -> list[str]:
    """The figures that were shown, then those that are open, as drawings; closes them."""
    drawings = [*_shown, *_take_open()]
    _shown.clear()
    return drawings


def _take_open() -> list[str]:
    if "matplotlib.pyplot" not in sys.modules:
        return []
    from matplotlib import pyplot

    drawings = []
    for number in pyplot.get_fignums():
        buffer = io.StringIO()
        pyplot.figure(number).savefig(
            buffer, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None}
        )
        drawings.append(page_drawing(buffer.getvalue()))
    pyplot.close("all")
    return drawings


def page_drawing(svg: str) -> str:
    """Keep the drawing only: the page's ink and font, and nothing that nobody sees.

    Args:
        svg: an SVG document, as matplotlib or a cell of a notebook gives it.

    Returns:
        The `<svg …>` element, which can stand in a page of HTML as well as alone.

    Raises:
        xml.etree.ElementTree.ParseError: the document is not well-formed.
    """
    root = ElementTree.fromstring(NOT_XML.sub("", svg).strip())
    _clean(root, _referred_to(root))
    # Written by hand: register_namespace would also change what the program itself writes.
    root.attrib |= {"xmlns": SVG, "xmlns:xlink": XLINK}
    return ElementTree.tostring(root, "unicode")


def _referred_to(root: ElementTree.Element) -> set[str]:
    """The ids that some attribute points to."""
    found: set[str] = set()
    for element in root.iter():
        for name, value in element.items():
            if name.endswith("href") and value.startswith("#"):
                found.add(value[1:])
            found.update(re.findall(r"""url\(["']?#([^)"']+)""", value))
    return found


def _clean(element: ElementTree.Element, used: set[str]) -> None:
    """Leave in an element, from the innermost outwards, what somebody sees."""
    element.tag = element.tag.rpartition("}")[2]
    _clean_attributes(element, used)
    alone = element.tag in ("text", "tspan") and not len(element)
    element.text = _without_layout(element.text, alone)
    children: list[ElementTree.Element] = []
    for child in element:
        _clean(child, used)
        child.tail = _without_layout(child.tail)
        if child.tag == "g" and not child.attrib:
            children += child
        elif child.tag not in UNSEEN:
            children.append(child)
    element[:] = children


def _clean_attributes(element: ElementTree.Element, used: set[str]) -> None:
    """Drop attributes that change nothing, and make the others short."""
    kept = {}
    for name, value in element.items():
        name, value = name.replace(f"{{{XLINK}}}", "xlink:"), " ".join(value.split())
        if name in ("d", "points", "x", "y"):
            value = re.sub(r"\d+\.\d+", _to_a_tenth_of_a_point, value)
        elif name in ("fill", "stroke", "stop-color", "style"):
            value = re.sub(r" *font-family:[^;]*;?", "", value).replace(INK, "currentColor")
        elif value.startswith(BITMAP):
            value = _with_a_palette(value)
        kept[name] = value
    if kept.get("id") not in used:
        kept.pop("id", None)
    if not kept.get("style"):
        kept.pop("style", None)
    if re.fullmatch(r"rotate\(-0 [^)]*\)", kept.get("transform", "")):
        del kept["transform"]
    element.attrib = kept


def _without_layout(text: str | None, alone: bool = False) -> str | None:
    """Text on one line; None for blanks between tags, if they are not `alone` in a text."""
    if not text or not (alone or text.strip()):
        return None
    return re.sub(r"\s*\n\s*", " ", text)


def _to_a_tenth_of_a_point(number: re.Match) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _with_a_palette(address: str) -> str:
    """A bitmap of at most 256 colours, which matplotlib writes with four bytes for each pixel."""
    import numpy as np
    from PIL import Image

    data = base64.b64decode(address.removeprefix(BITMAP))
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
    colours, index = np.unique(pixels.reshape(-1, 4), axis=0, return_inverse=True)
    if len(colours) > 256:
        return address
    indexed = Image.fromarray(index.reshape(pixels.shape[:2]).astype("uint8"), "P")
    indexed.putpalette(colours.tobytes(), "RGBA")
    buffer = io.BytesIO()
    indexed.save(buffer, "png", optimize=True)
    return min(BITMAP + base64.b64encode(buffer.getvalue()).decode(), address, key=len)
