"""docs/explanation.md: every command it shows prints what it says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "explanation.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```bash\n(allocation explain [^\n]*)\n```\n\n```text\n(.*?)^```$", DOCS, re.M | re.S)


def shown(excerpt: str, out: str) -> list[str]:
    """Lines of an excerpt that do not come next in the output; `…` skips lines, or the rest of one."""
    lines, place, skipping, wrong = out.splitlines(), 0, False, []
    for line in excerpt.splitlines():
        if line == "…":
            skipping = True
            continue
        fits = [at for at, one in enumerate(lines) if at >= place and (one == line or line[-1:] == "…" and
                one.startswith(line[:-1]))]  # fmt: skip
        if not fits or not skipping and fits[0] != place:
            wrong.append(line)
        place, skipping = (fits[0] + 1 if fits else place), False
    return wrong


@pytest.mark.parametrize(("command", "excerpt"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_an_example_of_the_page_prints_what_the_page_says(told_at_root, command, excerpt):
    code, out, err = told_at_root(command)
    assert (code, err) == (0, "") and shown(excerpt, out) == []


def test_every_command_of_the_page_is_an_example():
    assert len(EXAMPLES) == DOCS.count("```bash") == 6
    assert shown("a\n…\nd", "a\nb\nc\nd") == [] and shown("a\nd", "a\nb\nc\nd") == ["d"]
