"""Signs nobody sees are passed over and said with their cell; names that only look alike stop."""

from __future__ import annotations

import pytest

HEAD = "行政区代码,名称,城市规模,落户人数（人）,财政收入（万元）,城镇化率（%）,困难系数,上年分配额（万元）\n"
LINE = "{},{},大城市,180,30050.5,85.2,0.92,200\n"


def table(folder, *rows: tuple[str, str]) -> None:
    text = HEAD + "".join(LINE.format(code, name) for code, name in rows)
    (folder / "t.csv").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u200d", "\x07", "\u2066", "\ufeff", "\xad", "\U000e0041"])
def test_a_sign_nobody_sees_is_passed_over_and_said_with_its_cell(allocation, folder, sign):
    table(folder, ("210702", f"古{sign}塔区"), ("210703", "凌河区"))
    told = allocation("run reward --input t.csv --set pool=600")
    assert told.code == 0, told.text
    assert f"t.csv: B2: “古塔区”里有看不见的字符（U+{ord(sign):04X}）" in told.out
    assert sign not in told.out and sign not in (folder / "outputs/reward.csv").read_text(encoding="utf-8-sig")[1:]


def test_two_names_that_only_look_alike_stop(allocation, folder):
    table(folder, ("210702", "A县"), ("210703", "А县"))  # the second letter is Cyrillic
    told = allocation("check reward --input t.csv")
    assert told.code == 2 and "t.csv: B3" in told.err and "U+0410" in told.err and "B2" in told.err


def test_scripts_mixed_in_one_name_are_noted(allocation, folder):
    table(folder, ("210702", "PаN县"), ("210703", "凌河区"))  # the а is Cyrillic
    told = allocation("check reward --input t.csv --set pool=600")
    assert told.code == 0 and "Cyrillic" in told.out and "B2" in told.out


def test_names_written_in_compatible_signs_are_the_same_name(allocation, folder):
    table(folder, ("210702", "ＡＢ县"), ("210703", "凌河区"))
    told = allocation("explain reward AB县 --input t.csv --set pool=600")
    assert told.code == 0, told.text


def test_a_model_with_signs_nobody_sees_is_refused(allocation, folder):
    text = (folder / "models/reward.toml").read_text(encoding="utf-8")
    (folder / "models/odd.toml").write_text(text.replace('zh = "得分"', 'zh = "得\\u202e分"'), encoding="utf-8")
    told = allocation("check odd --input inputs/reward.csv")
    assert told.code == 2 and "U+202E" in told.err and "得分" in told.err
