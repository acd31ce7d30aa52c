"""The page for everybody: no fault that axe-core calls serious, in any view, in either language."""

from __future__ import annotations

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from desk import IN_CI
from page_states import STATES, STATIC, WIDE, furnished

AXE = "axe_playwright_python"  # of the test extra: it carries axe.min.js
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A cell that is being edited and the entry that fills it are one target.
FAULTS = """async (rules) => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})).violations
    .filter((fault) => ["serious", "critical"].includes(fault.impact))
    .filter(({id, nodes}) => id !== "target-size" || nodes.some((node) => !node.html.includes("tabulator-editing")))
    .map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(" | ")}`)"""


@pytest.fixture(scope="session")
def axe() -> str:
    spec = find_spec(AXE)
    if spec is None:
        assert not IN_CI, f"CI must have {AXE}: it is of the test extra"
        pytest.skip(f"needs {AXE}")
    return (Path(str(spec.origin)).parent / "axe.min.js").read_text(encoding="utf-8")


def listed(file: str) -> list[str]:
    """The names in the list VIEWS of a script."""
    script = (STATIC / file).read_text(encoding="utf-8")
    match = re.search(r"^const VIEWS = (.*?);$", script, re.M | re.S)
    assert match, file
    return re.findall(r'"(\w+)"', re.sub(r'(\w+|""):', "", match[1]))


def test_every_view_has_its_states():
    paths = [state.view.partition("?")[0] for state in STATES]
    views = {path.split("/")[0] or "desk" for path in paths}
    of_works = {path.split("/")[2] for path in paths if path.startswith("works/") and path.count("/") > 1}
    assert views == set(listed("main.js"))
    assert of_works == set(listed("views/works.js"))


def steps_of_every_kind(server) -> list[str]:
    """Steps in whose forms every kind of entry stands: the forms are all made by one script."""
    known: set[str] = set()
    chosen = []
    for step in (step["step"] for group in server.ask("week.steps") for step in group["steps"]):
        kinds = {f"{entry['kind']} {entry['many']}" for entry in server.ask("week.step", {"step": step})["entries"]}
        if kinds - known:
            chosen.append(step)
            known |= kinds
    return chosen


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_state_has_a_serious_fault(chromium, server, axe, lang):
    desk = furnished(server)
    context = chromium.new_context(viewport=WIDE, bypass_csp=True)
    context.add_init_script(axe)
    tab = context.new_page()
    tab.set_default_timeout(10_000)
    faults = {}
    for state in STATES:
        state.reach(tab, desk, lang)
        if told := tab.evaluate(FAULTS, RULES):
            faults[state.name] = told
    for step in steps_of_every_kind(server):
        tab.goto(desk.at(f"week/{step}", lang))
        tab.wait_for_selector("form.step")
        tab.evaluate("for (const more of document.querySelectorAll('details')) more.open = true")
        if told := tab.evaluate(FAULTS, RULES):
            faults[step] = told
    context.close()
    assert not faults, "\n".join(f"{name}: {told}" for name, told in faults.items())


def test_the_award_table_prints_as_a_clean_page(tab, server):
    table = (server.folder / "inputs" / "reward.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    counties = "".join(f"{130100 + at},甲{at:03}县,大城市,{100 + at},300,85.2,0.92,5\n" for at in range(1, 101))
    (server.folder / "百县.csv").write_text(f"{table}\n{counties}", encoding="utf-8")
    work = server.ask("desk.begin", {"model": "reward", "table": "百县.csv"})["id"]
    tab.goto(f"{server.address}#/works/{work}/awards")
    tab.wait_for_selector(".signs .exact")
    paper = server.folder / "paper.pdf"
    paper.write_bytes(tab.pdf(format="A4"))
    pages = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    *pages, _ = pages.split("\f")
    assert len(pages) > 1 and all("分配额" in page.splitlines()[0] for page in pages[1:])
    assert "万元" in pages[0] and "精确" in pages[0] and "甲001县" in pages[0] and "甲100县" in pages[-1]
    tab.emulate_media(media="print")
    for what in ("button:not(.figure)", "nav", ".column", ".skip"):
        assert not any(element.is_visible() for element in tab.locator(what).all()), what


def test_nothing_is_cut_off_at_twice_the_size(chromium, server):
    desk = furnished(server)
    tab = chromium.new_context(viewport={side: size // 2 for side, size in WIDE.items()}).new_page()
    for state in {
        state.view.rpartition("}")[2] or state.view: state for state in reversed(STATES) if not state.do
    }.values():
        state.reach(tab, desk, "zh")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), state.name
    tab.context.close()


APART = """() => [...document.querySelectorAll('.tabulator-cell .cell-sign')].map((sign) => {
  const range = document.createRange(); range.selectNodeContents(sign.nextElementSibling.firstChild);
  const [a, b] = [sign.getBoundingClientRect(), range.getBoundingClientRect()];
  return a.right <= b.left || b.right <= a.left || a.bottom <= b.top;
})"""


def test_a_question_stands_in_the_middle_and_a_sign_beside_what_is_typed(tab, server):
    desk = furnished(server)
    states = {state.name: state for state in STATES}
    states["settings-saving"].reach(tab, desk, "zh")
    box = tab.locator("dialog[open]").bounding_box()
    for side, start in (("width", "x"), ("height", "y")):
        assert abs(box[start] + box[side] / 2 - WIDE[side] / 2) < 2
    states["data-problems"].reach(tab, desk, "zh")
    tab.wait_for_selector(".cell-sign")
    assert tab.evaluate(APART) == [True]
