"""What holds for every file of the house: short files, no code that runs text, no trace of where it was written."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "allocation"
MOST_LINES = 500
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
IMPORTERS = {"allocation/__init__.py", "allocation/commands/by_name.py"}  # names of ours that load when first used
STARTS_ITSELF = {"allocation/page/processes.py"}  # this program once more, by a list of words that no shell reads
TEXT_ENDINGS = (".py", ".toml", ".md", ".csv", ".txt", ".json", ".ipynb", ".html", ".js", ".css", ".gitignore", "run")
ABSOLUTE = re.compile(r"(?<![\w.~/-])(/(?:home|root|work|usr|opt|Users|tmp)/\w|[C-Z]:\\\\?\w)")
DOWNLOADS = re.compile(
    r"py[p]i\.org|python[h]osted|npm[j]s|jsdelivr|unpkg\.com|cdnjs|huggingface\.co|proxy\.golang|mirrors?\.\w+\.|"
    r"raw\.githubusercontent|https?://\S+\.(?:whl|tar\.gz|tgz|zip|exe|xlsx?|csv)\b|--(?:extra-)?index-url",
    re.IGNORECASE,
)


def tracked() -> list[Path]:
    """The files of the repository, those not yet committed included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git repository")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


SOURCES = sorted(PACKAGE.rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_files() -> list[tuple[str, str]]:
    files = [path for path in tracked() if path.name.endswith(TEXT_ENDINGS) and path != Path(__file__)]
    return [(name(path), path.read_text(encoding="utf-8-sig")) for path in files]


def lines_with(pattern: re.Pattern) -> list[str]:
    return [
        f"{file}, line {number}: {line.strip()[:100]}"
        for file, text in text_files()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line) and not line.startswith("#!")
    ]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_of_the_package_fits_five_hundred_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def calls_that_run_text(text: str) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    named = [(node.func, node.lineno) for node in calls]
    found = [f"line {line}: {f.id}" for f, line in named if isinstance(f, ast.Name) and f.id in RUNS_TEXT]
    found += [
        f"line {line}: {ast.unparse(f)}"
        for f, line in named
        if ast.unparse(f) in ("builtins.eval", "builtins.exec", "os.system", "importlib.import_module", "import_module")
        or ast.unparse(f).startswith(("subprocess.", "pickle.", "marshal.", "shelve."))
    ]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_in_the_package_runs_a_text_as_code(path):
    found = calls_that_run_text(path.read_text(encoding="utf-8"))
    assert name(path) in IMPORTERS | STARTS_ITSELF or found == []


def test_code_that_runs_a_text_is_seen_and_a_compiled_pattern_is_not_taken_for_it():
    assert calls_that_run_text("def f():\n    return eval('1')") == ["line 2: eval"]
    assert calls_that_run_text("import os\nos.system('x')") and calls_that_run_text("pickle.loads(b'')")
    assert calls_that_run_text("import re\nre.compile('x')") == []


def test_no_file_tells_where_on_a_machine_it_was_made():
    assert lines_with(ABSOLUTE) == []


def test_no_file_names_a_package_registry_or_a_download_address():
    assert lines_with(DOWNLOADS) == []


def test_the_patterns_of_this_file_see_what_they_are_for():
    assert ABSOLUTE.search("open('/home/li/表.csv')") and ABSOLUTE.search(r"C:\Us" r"ers\li")
    assert not ABSOLUTE.search("元/人 and 上级/下级 and outputs/reward.xlsx and https://www.gov.cn/zw/a")
    assert DOWNLOADS.search("https://pypi.org/simple") and DOWNLOADS.search("https://example.cn/a.tar.gz")
    assert not DOWNLOADS.search("https://www.gov.cn/zhengce/content/2016-08/05/content_5097845.htm")


def test_text_files_are_utf_8_and_end_with_one_line_break():
    for file, text in text_files():
        assert not text or text.endswith("\n") and not text.endswith("\n\n"), file
