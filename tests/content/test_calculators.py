"""The forms of chapters: they compute what the program of the chapter computes, and say so in words."""

import math
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from handbook.book.calculators import SCRIPTS
from handbook.languages import PREFIXES
from handbook.settings import ROOT
from tests.support.calculators import CALCULATORS, FLIPS, asked_of_the_program, defaults, grid
from tests.support.serving import serving

# From one set of inputs along one of them: the last value before the decision changes, and the next.
EDGES = """async ([script, ways]) => {
    const { calculate } = await import(script);
    return ways.flatMap(([from, name, end, whole]) => {
        const at = value => ({ ...from, [name]: value }), now = calculate(from).decision;
        let here = from[name], there = end;
        if (calculate(at(there)).decision === now) return [];
        while (Math.abs(there - here) > (whole ? 1 : 1e-7 * Math.max(Math.abs(here), Math.abs(there)))) {
            const middle = (here + there) / 2, tried = whole ? Math.trunc(middle) : middle;
            if (calculate(at(tried)).decision === now) here = tried;
            else there = tried;
        }
        return [at(here), at(there)];
    });
}"""
CALCULATE = "async ([script, points]) => points.map((await import(script)).calculate)"
GUIDE = "api-or-self-host"


@pytest.fixture(scope="module")
def sources():
    """The scripts as they are written."""
    with serving(ROOT / SCRIPTS) as address:
        yield address


def computed(browser, sources: str, name: str, given: list, how: str = CALCULATE) -> list[dict]:
    page = browser.new_page()
    page.goto(f"{sources}/{name}.js")
    found = page.evaluate(how, [f"{sources}/{name}.js", given])
    page.close()
    return found


def inputs_of(name: str, changes: dict) -> dict[str, float]:
    start = changes.get("start", CALCULATORS[name].starts[0]["name"])
    return defaults(name, start) | {k: v for k, v in changes.items() if k != "start"}


def same(one: object, other: object) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-9)
    return one == other


def test_each_script_is_that_of_a_form():
    assert {file.stem for file in (ROOT / SCRIPTS).iterdir()} == {*CALCULATORS}


@pytest.mark.parametrize("name", CALCULATORS)
def test_script_gives_what_the_program_gives(name, browser, sources):
    found, points = CALCULATORS[name], grid(name)
    form, wanted = asked_of_the_program(
        name, "form", f"[{found.function}(**x) for x in {points!r}]"
    )
    assert form == {start["name"]: defaults(name, start["name"]) for start in found.starts}
    given = computed(browser, sources, name, points)
    names = {*(entry["name"] for entry in found.results), "decision"}
    for point, one, other in zip(points, wanted, given, strict=True):
        assert one.keys() == other.keys() == names
        assert all(same(one[x], other[x]) for x in names), (point, one, other)
    assert {x["decision"] for x in wanted} == {entry["name"] for entry in found.decisions}


@pytest.mark.parametrize("name", CALCULATORS)
def test_each_decision_is_flipped_by_its_inputs(name, browser, sources):
    points = [inputs_of(name, changes) for changes, _ in FLIPS[name]]
    call = f"[{CALCULATORS[name].function}(**x)['decision'] for x in {points!r}]"
    wanted = [decision for _, decision in FLIPS[name]]
    assert asked_of_the_program(name, call) == [wanted]
    assert [x["decision"] for x in computed(browser, sources, name, points)] == wanted
    assert {*wanted} == {entry["name"] for entry in CALCULATORS[name].decisions}
    assert {x for changes, _ in FLIPS[name] for x in changes} >= {
        *defaults(name, *starts(name)[:1])
    }


@pytest.mark.parametrize("name", CALCULATORS)
def test_decisions_change_at_the_same_values(name, browser, sources):
    ways = [
        [point, entry["name"], entry[bound], entry.get("whole", False)]
        for changes, _ in FLIPS[name]
        for point in [inputs_of(name, changes)]
        for entry in CALCULATORS[name].inputs
        for bound in ("least", "most")
    ]
    edges = computed(browser, sources, name, ways, EDGES)
    assert len(edges) > 2 * len(FLIPS[name])
    given = [x["decision"] for x in computed(browser, sources, name, edges)]
    call = f"[{CALCULATORS[name].function}(**x)['decision'] for x in {edges!r}]"
    assert asked_of_the_program(name, call) == [given]


def opened(visit, path: str):
    """The form of a page, when its script listens."""
    visit.open(path)
    visit.page.locator(".calculator fieldset:not([disabled])").wait_for()
    return visit.page.locator(".calculator")


def ending(address: str) -> re.Pattern:
    return re.compile(f"{re.escape(address)}$")


def starts(name: str) -> list[str]:
    return [start["name"] for start in CALCULATORS[name].starts]


@pytest.mark.parametrize("name", CALCULATORS)
def test_page_says_each_decision_in_words(name, visit, browser, sources):
    found, language = CALCULATORS[name], "en" if visit.base.endswith("/en/") else "zh"
    says = {entry["name"]: entry["says"][language] for entry in found.decisions}
    points = [inputs_of(name, changes) for changes, _ in FLIPS[name]]
    given = computed(browser, sources, name, points)
    for (changes, decision), results in zip(FLIPS[name], given, strict=True):
        said = {
            x["name"]: x.get("none", {}).get(language)
            if results[x["name"]] is None
            else f"{results[x['name']]:,.{x['digits']}f}"
            if "digits" in x
            else results[x["name"]]
            for x in found.results
        }
        query = "&".join(f"{x}={value}" for x, value in changes.items())
        visit.open(f"guide/{name}/?{query}")
        expect(visit.page.locator(".calculator output")).to_have_text(says[decision].format(**said))
        for x, text in said.items():
            expect(visit.page.locator(f"[data-result={x}] span")).to_have_text(text)
        expect(visit.page.locator(".calculator .refused")).to_have_text("")


def test_form_recomputes_as_one_types_and_the_address_keeps_it(visit):
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form = opened(visit, f"guide/{GUIDE}/")
    output, price = form.locator("output"), form.locator("[name=gpu_hour_price]")
    before = output.inner_text()
    price.focus()
    visit.page.keyboard.press("ArrowUp")  # as any field for numbers: one more
    expect(output).not_to_have_text(before)
    expect(visit.page).to_have_url(ending(f"{GUIDE}/?gpu_hour_price=4.99#numbers"))
    switch = visit.page.locator("a.language-switch").first
    expect(switch).to_have_attribute("href", re.compile(r"\?gpu_hour_price=4\.99"))

    form.get_by_role("button", name=visit.words["calculator copy"]).click()
    expect(form.locator(".actions")).to_contain_text(visit.words["copied"])
    rows = [
        x.split("\t") for x in visit.page.evaluate("navigator.clipboard.readText()").split("\n")
    ]
    assert {len(row) for row in rows} == {3} and len(rows) == 7 + 6 + 2
    assert [row[1] for row in rows if row[1] == "4.99"] and rows[-1][1] == visit.page.url
    assert rows[-2][1] == output.inner_text()
    assert 0 < float(rows[7][1]) != round(float(rows[7][1]))  # as computed, not as shown

    visit.page.reload()
    expect(price).to_have_value("4.99")
    form.get_by_role("button", name=visit.words["calculator reset"]).click()
    expect(output).to_have_text(before)
    expect(visit.page).to_have_url(ending(f"{GUIDE}/"))
    form.locator("select").select_option("yuan")
    expect(price).to_have_value("10")
    expect(visit.page).to_have_url(ending(f"{GUIDE}/?start=yuan#numbers"))
    assert "US$" not in form.locator("dl").inner_text()
    assert visit.page.evaluate("window.refused") == []


@pytest.mark.parametrize(
    "query",
    [
        "gpu_hour_price=cheap",
        "gpu_hour_price=-1",
        "gpu_hour_price=",
        "spare_gpus=1.5",
        "start=euros",
    ],
)
def test_bad_value_in_the_address_is_refused_in_words(visit, query):
    before = opened(visit, f"guide/{GUIDE}/").locator("output").inner_text()
    opened(visit, f"guide/{GUIDE}/?{query}&h=word")
    refused = visit.page.locator(".calculator .refused")
    expect(refused).to_contain_text(f"“{query.partition('=')[2]}”")
    expect(visit.page.locator(".calculator output")).to_have_text(before)
    expect(visit.page.locator("[name=gpu_hour_price]")).to_have_value("3.99")


def test_choice_is_kept_in_the_address_and_copied_in_its_words(visit):
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form = opened(visit, "guide/compliance/?model=3")
    model, output = form.locator("[name=model]"), form.locator("output")
    expect(visit.page.locator(".calculator .refused")).to_contain_text("“3”")
    expect(model).to_have_value("0")
    before = output.inner_text()
    model.select_option("1")
    expect(output).not_to_have_text(before)
    expect(visit.page).to_have_url(ending("guide/compliance/?model=1#numbers"))
    form.get_by_role("button", name=visit.words["calculator copy"]).click()
    expect(form.locator(".actions")).to_contain_text(visit.words["copied"])
    rows = visit.page.evaluate("navigator.clipboard.readText()").split("\n")
    chosen = model.evaluate("model => model.selectedOptions[0].text")
    assert [row for row in rows if row.split("\t")[1] == chosen]
    assert [row for row in rows if row.endswith("\t2025-09-01\t")]
    visit.page.reload()
    expect(model).to_have_value("1")
    form.get_by_role("button", name=visit.words["calculator reset"]).click()
    expect(model).to_have_value("0")
    form.locator("[name=start]").select_option("europe")
    expect(form.locator("[name=china_users]")).to_have_value("0")


def test_no_result_stands_until_a_bad_value_that_is_typed_is_right(visit):
    form = opened(visit, f"guide/{GUIDE}/")
    price, output = form.locator("[name=gpu_hour_price]"), form.locator("output")
    results = form.locator("[data-result] > span")
    price.fill("5")
    price.blur()
    good, numbers = output.inner_text(), results.all_inner_texts()
    price.press_sequentially("000")  # 50 and 500 are good on the way to 5000
    expect(visit.page.locator(".calculator .refused")).to_contain_text("5000")
    expect(price).to_have_attribute("aria-invalid", "true")
    expect(output).to_have_text(visit.words["calculator waits"])
    assert {*results.all_inner_texts()} == {"–"}
    assert form.get_by_role("button", name=visit.words["calculator copy"]).is_disabled()
    expect(visit.page).to_have_url(ending("gpu_hour_price=5#numbers"))
    price.fill("5")
    expect(visit.page.locator(".calculator .refused")).to_have_text("")
    expect(output).to_have_text(good)
    assert results.all_inner_texts() == numbers


@pytest.mark.parametrize("hash", ["#numbers", ""])
def test_shared_link_leads_to_the_form(visit, hash):
    visit.page.set_viewport_size({"width": 390, "height": 740})
    form = opened(visit, f"guide/{GUIDE}/?gpu_hour_price=5{hash}")
    expect(form.locator("legend")).to_be_in_viewport()


@pytest.mark.parametrize("name", CALCULATORS)
@pytest.mark.parametrize("width", [320, 390])
def test_form_fits_a_phone_and_prints_as_it_stands(name, visit, width):
    visit.page.set_viewport_size({"width": width, "height": 740})
    visit.page.emulate_media(color_scheme="dark" if width == 390 else "light")
    form = opened(visit, f"guide/{name}/")
    expect(form.locator(".actions")).to_be_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    wide = "all => all.filter(x => x.getBoundingClientRect().right > innerWidth).length"
    assert form.locator("*").evaluate_all(wide) == 0
    found = Axe().run(visit.page, {"include": [".calculator"]}).response["violations"]
    assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in found]
    visit.page.emulate_media(media="print")
    expect(form.locator("input").first).to_be_visible()
    expect(form.locator("output")).to_be_visible()
    expect(form.locator(".actions")).to_be_hidden()


@pytest.mark.parametrize("language", PREFIXES)
def test_page_without_scripts_has_no_form_and_says_the_rest(language, browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{PREFIXES[language]}guide/{GUIDE}/")
    expect(page.locator(".calculator")).to_be_hidden()
    expect(page.locator("#try ~ .formula").first).to_be_visible()
    context.close()


def test_other_chapters_load_nothing_of_it(visit):
    visit.open("guide/innovation-advantage/")
    visit.page.wait_for_load_state("networkidle")
    assert not [url for url in visit.asked if "calculator" in url]
    visit.open(f"guide/{GUIDE}/")
    expect(visit.page.locator(".calculator .actions")).to_be_visible()
    loaded = {url.rpartition("/")[2] for url in visit.asked if "/calculators/" in url}
    assert loaded == {f"{GUIDE}.js"}
