"""What the tests of the notices share: the counties of `reward`, where its notices go, and a template filled in."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from word import ROOT, lines

from allocation.documents.letter import Letter, Letters
from allocation.documents.notices import write_notice
from allocation.documents.placeholders import open_template

SHIPPED = ROOT / "templates"
FOLDER = Path("outputs/reward_2017_通知")
NOTE = Path("outputs/reward_2017_测算说明.docx")
GIVEN = "--document 辽财预〔2017〕99号 --code 1100202 --office 锦州市财政局 --date 2017-10-31"
COUNTIES = {"210702": "古塔区", "210703": "凌河区", "210726": "黑山县", "210781": "凌海市"}


def awards(run) -> dict[str, Fraction]:
    return dict(zip(run.table.codes, run.figures(run.model.award), strict=True))


def notice(run, *rows: int, lang: str = "zh") -> Path:
    """The shipped template filled in for these rows."""
    out = Path("letter.docx")
    write_notice(Letters(run, lang), open_template(SHIPPED / f"notice.{lang}.docx"), rows)(out)
    return out


def filled(run, path: Path, lang: str = "zh", row: int = 2, letter: Letter | None = None) -> list[str]:
    """The lines of one's own template filled in."""
    out = path.with_name("filled.docx")
    write_notice(Letters(run, lang, letter or Letter("辽财1号")), open_template(path), [row])(out)
    return lines(out)
