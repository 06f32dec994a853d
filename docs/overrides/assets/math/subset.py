# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.1"]
# ///
"""Makes the font of formulas again: `.venv/bin/uv run --script docs/overrides/assets/math/subset.py`.

Phones have no font with a MATH table, without which subscripts stand on the line. This one holds
what formulas of the handbook need and the letters and signs that others are likely to; add a
character to `CHARACTERS` where a test misses one, and run this. It is Latin Modern Math of Debian,
under another name, as its licence asks.
"""

import hashlib
import io
import pathlib
import subprocess
import tempfile
import urllib.request

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).parent
URL = "https://deb.debian.org/debian/pool/main/l/lmodern/fonts-lmodern_2.005-1_all.deb"
SHA256 = "027cd4ddc91b9254bd7fd9b9ce55d58c095319f691d4d7cbd09d2e4a99c58398"
FONT = "usr/share/texmf/fonts/opentype/public/lm-math/latinmodern-math.otf"
LICENCE = "usr/share/texmf/doc/fonts/lm-math/GUST-FONT-LICENSE.txt"
NAME = "Handbook Math"
TAKEN = 0.8  # of the blank beside a large bracket

CHARACTERS = {
    "ASCII": range(0x20, 0x7F),
    "italic": [*range(0x1D434, 0x1D455), *range(0x1D456, 0x1D468), 0x210E],
    "bold": range(0x1D400, 0x1D434),
    "italic Greek": range(0x1D6FC, 0x1D71C),
    "upright Greek": map(ord, "ΓΔΘΛΞΠΣΦΨΩ"),
    "script": map(ord, "ℒℱ𝒟𝒩𝒪"),
    "double-struck": map(ord, "ℕℙℝℤ𝔼𝟙"),
    "signs like letters": map(ord, "ℓℏ∂∇∞∅⊤⊥"),
    "accents": map(ord, "¯ˆ˜˙\u0302\u0332"),
    "brackets": map(ord, "‖⌈⌉⌊⌋⟨⟩⏞⏟√"),
    "operators": map(ord, "−±×÷·⋅∗⋆∘⊕⊗⊙∑∏∫∧∨¬∖∪∩†′″…⋯⋮⋱"),
    "relations": map(ord, "≤≥≠≈≡∼≅∝≪≫≻≺∈∉⊂⊆∣∥≔≜∀∃"),
    "arrows": map(ord, "←→↑↓⇐⇒⇔↦⟹⟺"),
    "spaces": [0xA0, 0x2061, 0x2063],
}


def main() -> None:
    """Write the font and its licence beside this file.

    Raises:
        SystemExit: the package is another one, or a character is not in the font.
    """
    package = urllib.request.urlopen(URL).read()
    if hashlib.sha256(package).hexdigest() != SHA256:
        raise SystemExit(f"{URL} is not the package that it was. Look at what changed.")
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "package.deb").write_bytes(package)
        subprocess.run(["dpkg-deb", "-x", "package.deb", "."], cwd=folder, check=True)
        font = TTFont(pathlib.Path(folder, FONT), recalcTimestamp=False)
        licence = pathlib.Path(folder, LICENCE).read_text("utf-8")
    wanted = {code for codes in CHARACTERS.values() for code in codes}
    _fit(font)
    options = subset.Options(flavor="woff2", layout_features=[], name_IDs=[0, 1, 2, 4, 6])
    options.hinting = options.glyph_names = options.notdef_outline = False
    cut = subset.Subsetter(options)
    cut.populate(unicodes=wanted)
    cut.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    font["CFF "].cff.fontNames = [NAME.replace(" ", "")]
    out = io.BytesIO()
    subset.save_font(font, out, options)
    (HERE / "math.woff2").write_bytes(out.getvalue())
    (HERE / "GUST-FONT-LICENSE.txt").write_text(licence, "utf-8")
    if missing := wanted - font.getBestCmap().keys():
        raise SystemExit(f"The font has no {', '.join(map(chr, sorted(missing)))}.")
    print(f"{len(out.getvalue())} bytes for {len(wanted)} characters")


def _fit(font: TTFont) -> None:
    """Mend two things that Chromium does with this font, and that other browsers do not."""
    # It leaves out the forms for superscripts (ssty), where primes always stand.
    for table in font["cmap"].tables:
        table.cmap.update({0x2032: "minute.st", 0x2033: "uni2033.st"})
    # It gives a bracket of any size the width of its widest part: take the blank beside those away.
    variants = font["MATH"].table.MathVariants
    glyphs = font.getGlyphSet()
    for sign in "()[]":
        index = variants.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord(sign)])
        built = variants.VertGlyphConstruction[index]
        sizes = [record.VariantGlyph for record in built.MathGlyphVariantRecord[1:]]
        for name in {*sizes, *(part.glyph for part in built.GlyphAssembly.PartRecords)}:
            width, blank = font["hmtx"][name]
            bounds = BoundsPen(glyphs)
            glyphs[name].draw(bounds)
            left, right = (0, bounds.bounds[2]) if sign in ")]" else (bounds.bounds[0], width)
            _cut(font, name, int(left * TAKEN), int(width - (width - right + left) * TAKEN))


def _cut(font: TTFont, name: str, left: int, width: int) -> None:
    """Move a glyph to the left and give it a width."""
    top = font["CFF "].cff.topDictIndex[0]
    pen = T2CharStringPen(width, font.getGlyphSet())
    font.getGlyphSet()[name].draw(TransformPen(pen, (1, 0, 0, 1, -left, 0)))
    font["hmtx"][name] = (width, font["hmtx"][name][1] - left)
    charstring = pen.getCharString(private=top.Private, globalSubrs=top.GlobalSubrs)
    top.CharStrings[name] = charstring


if __name__ == "__main__":
    main()
