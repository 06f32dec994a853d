"""What a figure keeps on its way into the page: the drawing, and nothing that nobody sees."""

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from handbook.sandbox.drawings import BITMAP, INK, page_drawing

HEAD = '<svg viewBox="0 0 460.8 244.8" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def inside(drawing: str) -> str:
    """What the drawing of some elements holds, without the element `<svg>` around it."""
    return re.fullmatch(r"<svg [^>]*?(?: />|>(.*)</svg>)", page_drawing(f"{HEAD}{drawing}</svg>"))[
        1
    ]


def bitmap(pixels: np.ndarray) -> str:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return BITMAP + "\n" + base64.b64encode(buffer.getvalue()).decode()


def pixels_of(drawing: str) -> np.ndarray:
    data = base64.b64decode(re.search(r"base64,([^\"]*)", drawing)[1])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


def test_only_the_element_svg_is_left_of_a_document():
    svg = page_drawing(
        '\n<?xml version="1.0" encoding="utf-8" standalone="no"?>\n<!DOCTYPE svg PUBLIC '
        '"-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
        f'{HEAD}\n <metadata>\n  <r:RDF xmlns:r="urn:r"><r:x/></r:RDF></metadata>\n'
        ' <defs>\n  <style type="text/css">*{stroke-linejoin: round}</style>\n </defs>\n'
        ' <!-- $x$ -->\n <rect width="1" height="1"/>\n</svg>\n'
    )
    start, _, rest = svg.partition(">")
    assert start.startswith('<svg viewBox="0 0 460.8 244.8" ') and "ns0" not in start
    assert rest == '<defs /><rect width="1" height="1" /></svg>'


def test_a_drawing_of_nothing_is_an_element_without_children():
    assert inside("\n") is None


def test_a_drawing_can_stand_alone():
    assert ElementTree.fromstring(page_drawing(HEAD + "</svg>")).tag.startswith("{http://www.w3")


def test_the_names_that_a_program_writes_in_xml_stay_its_own():
    page_drawing(f"{HEAD}</svg>")
    own = ElementTree.tostring(ElementTree.fromstring(f"{HEAD}</svg>"), "unicode")
    assert own.startswith("<ns0:svg ")


def test_a_group_without_attributes_is_lifted():
    assert inside("<g>\n<g>\n<path/>\n</g>\n<rect/>\n</g>\n<g/>") == "<path /><rect />"


def test_nested_groups_that_hold_nothing_are_gone():
    assert inside('<g id="a"><g><g id="b"> </g></g></g><path/>') == "<path />"


def test_a_group_with_an_attribute_stays_around_what_it_holds():
    assert inside('<g><g clip-path="none"><g><path/></g></g></g>') == (
        '<g clip-path="none"><path /></g>'
    )


def test_an_id_that_nothing_refers_to_is_dropped_and_the_group_with_it():
    assert inside('<g id="axes_1"><path id="p"/></g>') == "<path />"


def test_an_id_that_something_refers_to_stays():
    kept = (
        '<defs><path id="m1" /><clipPath id="c.1"><rect /></clipPath><pattern id="h" /></defs>'
        '<g clip-path="url(#c.1)"><use xlink:href="#m1" /></g><rect style="fill: url(#h)" />'
    )
    assert inside(kept) == kept


def test_the_name_of_a_colour_and_a_word_of_a_text_refer_to_nothing():
    assert inside('<g id="ff0000" /><g id="x" /><path fill="#ff0000"/><text>#x</text>') == (
        '<path fill="#ff0000" /><text>#x</text>'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<path d="M 0.04 -3.96 \nL 12.25 1e3 \nz\n"/>', '<path d="M 0 -4 L 12.2 1e3 z" />'),
        ('<use x="10.06" y="-0.31"/>', '<use x="10.1" y="-0.3" />'),
        ('<polygon points="1.25,2.0 3.99,4"/>', '<polygon points="1.2,2 4,4" />'),
        ('<rect width="1.234" rx="1.234"/>', '<rect width="1.234" rx="1.234" />'),
    ],
)
def test_only_coordinates_are_rounded_to_a_tenth_of_a_point(before: str, after: str):
    assert inside(before) == after


def test_a_turn_by_nothing_is_dropped_and_any_other_stays():
    assert inside('<text transform="rotate(-0 3.5 7)">a</text>') == "<text>a</text>"
    turned = '<text transform="rotate(-90 3.5 7)">a</text>'
    assert inside(turned) == turned


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("font-size: 10px; font-family: 'DejaVu Sans', serif; fill: red", "font-size: 10px; fill: red"),
        ("font-size: 10px; font-family: 'A &amp; B'", "font-size: 10px;"),
        ("font-family: serif", None),
    ],
)  # fmt: skip
def test_text_takes_the_font_of_the_page(before: str, after: str | None):
    attribute = f' style="{after}"' if after else ""
    assert inside(f'<text style="{before}">font-family: x;</text>') == (
        f"<text{attribute}>font-family: x;</text>"
    )


def test_ink_becomes_the_colour_of_the_page_where_it_is_a_colour():
    assert inside(f'<path style="stroke: {INK}" fill="{INK}" stroke="{INK}"/>') == (
        '<path style="stroke: currentColor" fill="currentColor" stroke="currentColor" />'
    )
    assert inside(f'<text aria-label="{INK}">{INK}</text>') == (
        f'<text aria-label="{INK}">{INK}</text>'
    )


@pytest.mark.parametrize("text", ["a < b & c > d", "\"quoted\" 'twice' &lt;", "中文 词元", "\xa0"])
def test_a_browser_reads_the_text_that_the_figure_had(text: str):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    page = LexborHTMLParser(page_drawing(f"{HEAD}<text>{escaped}</text></svg>"))
    assert page.css_first("svg > text").text() == text


def test_blanks_stay_in_a_text_and_go_between_elements():
    assert inside("<text> a  b </text>\n <text>\n<tspan>c </tspan>\n<tspan> </tspan>\n</text>") == (
        "<text> a  b </text><text><tspan>c </tspan><tspan> </tspan></text>"
    )
    assert inside("<text>\na <tspan>b</tspan> c\n d</text>") == (
        "<text> a <tspan>b</tspan> c d</text>"
    )


def test_characters_that_xml_forbids_are_left_out():
    assert inside("<text>a\x00\x1b\ud800\uffffb\tc</text>") == "<text>ab\tc</text>"


def test_a_document_that_is_not_well_formed_is_refused():
    with pytest.raises(ElementTree.ParseError):
        page_drawing(f"{HEAD}<g></svg>")


def coloured(count: int) -> np.ndarray:
    """64 × 64 pixels of this many colours, in no order."""
    draw = np.random.default_rng(0)
    colours = np.zeros((count, 4), "uint8")
    colours[:, 0], colours[:, 1] = np.divmod(np.arange(count), 16)
    colours[:, 2:] = draw.integers(0, 256, (count, 2))
    return colours[draw.permutation(64 * 64).reshape(64, 64) % count]


def test_a_bitmap_of_256_colours_gets_a_palette_and_keeps_its_pixels():
    before = coloured(256)
    after = inside(f'<image xlink:href="{bitmap(before)}"/>')
    assert len(after) < len(bitmap(before)) / 2
    assert (pixels_of(after) == before).all()


def test_a_bitmap_of_more_colours_stays_as_it_is():
    before = bitmap(coloured(257))
    after = inside(f'<image xlink:href="{before}"/>')
    assert after == f'<image xlink:href="{before}" />'.replace("\n", " ")


def test_a_bitmap_that_a_palette_makes_no_lighter_stays_as_it_is():
    before = bitmap(np.zeros((1, 1, 4), "uint8"))
    after = inside(f'<image xlink:href="{before}"/>')
    assert after == f'<image xlink:href="{before}" />'.replace("\n", " ")
