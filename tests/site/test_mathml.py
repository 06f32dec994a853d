"""Every formula is shown as it was written, or refused with a reason."""

import pathlib

import pytest

from handbook.site.mathml import Unreadable, mathml_of

KEPT, REFUSED = (
    [line.split("\t") for line in part.splitlines() if "\t" in line]
    for part in pathlib.Path(__file__)
    .with_name("formulas.txt")
    .read_text("utf-8")
    .split("# refused\n")
)
LIMIT_BELOW = "<munder><mrow><mspace></mspace><mi>{}</mi></mrow>"
RIGHT_OF, LEFT_OF = "text-align: right", "text-align: left"

# LaTeX, and what readers would miss if it were not in the MathML.
SHOWN = [
    (r"\begin{aligned}a&=b\\c&=d\end{aligned}", ["<mtr>"] * 2 + [RIGHT_OF] * 2 + [LEFT_OF] * 2),
    (r"\begin{aligned}[t]a&=b\\c&=d\end{aligned}", ["<mtr>"] * 2),
    (r"\begin{align}a&=b\notag\\c&=d\end{align}", ["<mtr>"] * 2 + ["<mtd"] * 4),
    (r"\begin{alignedat}{2}a&=b&c&=d\\e&=f&g&=h\end{alignedat}", ["<mtd"] * 8),
    (r"\begin{split}a&=b\\&=c\\\end{split}", ["<mtr>"] * 2),
    (r"\begin{gather}a\\b\end{gather}", ["<mtr>"] * 2),
    (r"\begin{cases}a&x\\[4pt]b&y\end{cases}", ["<mtr>"] * 2 + [LEFT_OF] * 4),
    (r"\begin{pmatrix}a\\*[1ex]b\end{pmatrix}", ["<mtr>"] * 2 + ["(", ")"]),
    (r"\begin{array}{l|r}a&b\\\hline c&d\end{array}", ["border-top"] * 2 + ["border-right"] * 2),
    (r"\bigl\langle x\bigr\}", [">⟨<", ">}<"]),
    (r"\text{learning\_rate at 100\%}", [">learning_rate\xa0at\xa0100%<"]),
    (r"\operatorname*{arg\,max}_x", [LIMIT_BELOW.format("arg\u2009max")]),
    (r"\operatorname*{argmax}_x", [LIMIT_BELOW.format("argmax")]),
    (r"\max_\theta", [LIMIT_BELOW.format("max")]),
    (r"\lim_{n\to\infty}", [LIMIT_BELOW.format("lim")]),
    (r"\arg\min_x", [">arg<", LIMIT_BELOW.format("min")]),
    (r"\sum_{\substack{i\\j}}", ["<munder>", 'scriptlevel="1"', *["<mtr>"] * 2]),
    (r"\mathbb R\mathbb{E}\mathbb{1}", ["ℝ", "𝔼", "𝟙"]),
    (r"\mathcal L\mathcal{N}", [">ℒ<", ">𝒩<"]),
    (r"\mathbf x\mathbf{x_1}\mathbf{\Sigma}", ["𝐱", "𝐱", "𝟏", "𝚺"]),
    (r"\boldsymbol{\theta}\bm{W}\mathsf{A}", ["𝜽", "𝑾", "𝖠"]),
    (r"\mathrm{E}\mathrm dA^{\mathrm{T}}", [f'"normal">{letter}<' for letter in "EdT"]),
    (r"\boxed{\boxed{x}}", ['<mrow class="boxed">'] * 2),
    (r"\text{a}<b", [">&lt;<"]),
    (r"\$5, a \& b, \backslash", [">$<", ">&amp;<", ">\\<"]),
]  # fmt: skip


@pytest.mark.parametrize("latex, parts", SHOWN)
def test_formula_shows_what_was_written(latex, parts):
    formula = mathml_of(latex, display=True)
    assert {part: formula.count(part) for part in parts} == {p: parts.count(p) for p in parts}


@pytest.mark.parametrize("place, latex", KEPT)
def test_formula_of_papers_and_books_keeps_the_rules(place, latex):
    formula = mathml_of(latex, display=place == "D")
    assert ('display="block"' in formula) == (place == "D")


@pytest.mark.parametrize("place, latex", REFUSED)
def test_formula_that_would_read_differently_is_refused(place, latex):
    with pytest.raises(Unreadable) as error:
        mathml_of(latex, display=place == "D")
    assert error.value.why and error.value.remedy.endswith(".")


@pytest.mark.parametrize("latex", ["\\text{a\x0bb}", "a\u202eb", "x\u200b"])
def test_a_character_that_cannot_be_seen_is_refused(latex):
    with pytest.raises(Unreadable, match="cannot be seen"):
        mathml_of(latex, display=False)
