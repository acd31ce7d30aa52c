"""The page without a mouse, and in the other language in the middle of the work."""

from __future__ import annotations

from page_states import furnished

# What has the keyboard: what it is called, and whether one sees that it has it.
HOLDER = """() => {
  const held = document.activeElement;
  const ringed = (element) => element && getComputedStyle(element).outlineStyle !== "none"
    && parseFloat(getComputedStyle(element).outlineWidth) > 0;
  const label = held.labels && held.labels[0] ? held.labels[0].textContent : "";
  return {text: held.getAttribute("aria-label") || label || held.textContent,
    seen: ringed(held) || ringed(held.nextElementSibling), tag: held.tagName, inside: Boolean(held.closest("dialog"))};
}"""


def tab_to(tab, text: str, key: str = "Tab") -> None:
    """Presses Tab until what has the keyboard is called so; whatever has it meanwhile is seen to have it."""
    for _ in range(150):
        tab.keyboard.press(key)
        holder = tab.evaluate(HOLDER)
        assert holder["seen"] or holder["tag"] == "BODY", holder
        if text in holder["text"] and holder["tag"] not in ("BODY", "MAIN"):
            return
    raise AssertionError(f"Tab never comes to {text}")


def file_asked(tab):
    """The chooser of files that Space opens; a browser just started may swallow the first that its driver awaits."""
    from playwright.sync_api import TimeoutError

    for tries_left in (2, 1, 0):
        try:
            with tab.expect_file_chooser(timeout=5_000) as asked:
                tab.keyboard.press("Space")
            return asked.value
        except TimeoutError:
            if not tries_left:
                raise
    raise AssertionError


def test_from_the_start_to_a_downloaded_workbook_without_a_mouse(tab, server):
    tab.keyboard.press("Tab")
    assert tab.evaluate(HOLDER)["text"] == "跳到正文"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "view"
    tab_to(tab, "选文件")
    file_asked(tab).set_files(str(server.folder / "inputs" / "reward.csv"))
    tab.wait_for_selector("article.file button.main:focus")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("aside.marks > *")
    tab_to(tab, "参数")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".bar .signs > *")
    tab_to(tab, "取走")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("ul.taken")
    tab_to(tab, "生成")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".job.done", timeout=20_000)
    assert "生成" in tab.evaluate(HOLDER)["text"]
    tab_to(tab, ".xlsx")
    with tab.expect_download() as taken:
        tab.keyboard.press("Enter")
    assert taken.value.suggested_filename.endswith(".xlsx")


def test_a_dialog_holds_the_keyboard_and_gives_it_back(tab, server):
    desk = furnished(server)
    tab.goto(desk.at(f"works/{desk.case}/awards", "zh"))
    tab.wait_for_selector(".paper td")
    tab_to(tab, "资金总额、")
    tab.keyboard.press("Enter")
    tab_to(tab, "资金总额")
    tab.keyboard.type("950")
    tab.wait_for_selector(".signs .exact")
    assert "资金总额" in tab.evaluate(HOLDER)["text"]
    tab_to(tab, "存入底稿", "Shift+Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("dialog[open]")
    for _ in range(20):
        tab.keyboard.press("Tab")
        holder = tab.evaluate(HOLDER)
        assert holder["inside"] or holder["tag"] == "BODY"  # the browser's own bar
    tab.keyboard.press("Escape")
    tab.wait_for_selector("dialog", state="detached")
    assert tab.evaluate(HOLDER)["text"] == "存入底稿"


def test_the_language_changes_in_the_middle_of_typing_and_nothing_is_lost(tab, server):
    from playwright.sync_api import expect

    desk = furnished(server)
    other = tab.context.new_page()
    other.goto(desk.at("week/run", "zh"))
    other.wait_for_selector("form.step")
    for address, unfold, field in (
        ("week/run", "form.step summary", "form.step textarea"),
        (f"works/{desk.doubtful}/data", "li.doubt summary", "li.doubt input[name=reason]"),
        (f"works/{desk.case}/awards", ".group summary", ".entered input"),
    ):
        tab.goto(desk.at(address, "zh"))
        tab.locator(unfold).first.click()
        tab.locator(field).first.fill("955")
        tab.locator("#language").click()
        tab.wait_for_selector("html[lang=en]")
        tab.locator("#language", has_text="中文").wait_for()
        expect(tab.locator("#language")).to_be_focused()
        expect(tab.locator(field).first).to_have_value("955")
        assert tab.locator(field).first.is_visible()
        tab.goto("about:blank")
    assert other.locator("html").get_attribute("lang") == "zh-CN"
    other.reload()
    other.wait_for_selector("form.step")
    assert other.locator("html").get_attribute("lang") == "zh-CN"
