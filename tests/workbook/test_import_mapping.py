"""The mapping of an import file: whatever staff get wrong is explained at once, in both languages."""

from __future__ import annotations

import pytest
from small_imports import MAPPING, mapped

from allocation.errors import AllocationError
from allocation.texts import catalogue


def messages(text: str) -> tuple[str, str]:
    with pytest.raises(AllocationError) as caught:
        mapped(text)
    return caught.value.text("zh"), caught.value.text("en")


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        ('figure = "water"', 'figure = "watter"', "最接近的是“water”", "nearest is 'water'"),
        ('figure = "water"', 'figure = "note"', "没有逐地区的数字“note”", "no figure a county named 'note'"),
        ('figure = "water"', 'figure = "people"', "不能折算成列“yuan”的“元”", "cannot become the '元'"),
        ('{ use = "供水" }', '{ usse = "供水" }', "最接近的是“usse”", "nearest that is given is 'usse'"),
        ('{ use = "供水" }', "{}", "缺少列“use”的文字", "the text for the column 'use' is absent"),
        ('{ use = "供水" }', '{ use = "", code = "1" }', "没有名为“code”", "no column 'code' with take = \"line\""),
        ('{ known = "known" }', '{ knwn = "known" }', "最接近的是“known”", "nearest is 'known'"),
        ('zh = "用途"', 'zh = "代码"', "“代码”与前面的重复", "'代码' stands above already"),
        ('take = "line"', 'take = "lines"', '"lines"', '"lines"'),
        ('unit = "元"\ndecimals = 2', 'unit = "元元"\ndecimals = 2', "元元", "元元"),
        ('unit = "元"\ndecimals = 2', 'unit = "元"', "必须写 decimals", "must have decimals"),
        ('unit = "元"\ndecimals = 2', 'unit = "元"\ndecimals = 12', "应为 0 至 9", "must be 0 to 9"),
        ('unit = "元"\ndecimals = 2', 'unit = "元"\ndecimals = 2\ntext = "x"', "用不到 text", "no use for text"),
        ('unit = "元"\ndecimals = 2', 'unit = "元"\ndecimals = 2\nof = "yaun"', "没有可供折算的列", "to convert from"),
        ('award = "award"', 'award = "roads"', "分配结果是“award”", "is 'award'"),
        ('take = "figure"', 'take = "other"', "没有金额（指标）列", "no column of amounts"),
        ('zh = "导入"', 'title = "导入"', "title", "title"),
    ],
)
def test_a_wrong_mapping_is_explained_in_both_languages(old, new, zh, en):
    assert old in MAPPING
    chinese, english = messages(MAPPING.replace(old, new, 1))
    assert zh in chinese and en in english and "small.toml: " in chinese


def test_all_errors_of_a_mapping_come_at_once():
    text = MAPPING.replace('figure = "water"', 'figure = "watter"').replace('"元"', '"斤"')
    assert len(messages(text)[0].splitlines()) == 3  # the line's name, and the unit of two columns


def test_both_languages_have_the_same_messages():
    assert catalogue("zh", "importing").keys() == catalogue("en", "importing").keys()


@pytest.mark.parametrize(("lang", "said"), [("zh", "找不到这份导入对照表"), ("en", "no such import mapping")])
def test_a_mapping_that_is_not_there_is_told_as_one_and_not_as_a_model(allocation, folder, lang, said):
    assert allocation("run land_quota --stage final --date 2018-03-09").code == 0
    (folder / "lands.toml").write_text("", encoding="utf-8")
    told = allocation(f"fill land_quota --mapping land.toml --template t.xlsx --lang {lang}")
    assert told.code == 2 and said in told.err and "lands.toml" in told.err
    assert "模型文件" not in told.err and "model file" not in told.err
