"""`allocation template`: every model's template, filled in, is a table that the model reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from allocation.errors import AllocationError
from allocation.policy.loading import load_model
from allocation.tables.reading import read_table

MODELS = sorted((Path(__file__).parent.parent.parent / "models").glob("*.toml"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_every_model_s_template_filled_with_examples_reads_back(allocation, folder, path, lang):
    told = allocation(f"template {path} --example --lang {lang} --out 表.xlsx")
    assert told.code == 0 and "表.xlsx" in told.out
    model = load_model(path)
    table = read_table(folder / "表.xlsx", model)
    assert len(table) == 3 and len(set(table.codes)) == 3
    assert set(table.values) == set(model.inputs)
    assert all(value is not None for values in table.values.values() for value in values)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_blank_template_lacks_nothing_but_its_rows(allocation, folder, path):
    assert allocation(f"template {path} --out 表.xlsx").code == 0
    with pytest.raises(AllocationError) as caught:
        read_table(folder / "表.xlsx", load_model(path))
    assert [problem.id for problem in caught.value.problems] == ["tables.no_rows"]


def test_without_out_the_template_goes_to_outputs_which_is_made(allocation, contents):
    before = contents()
    assert allocation("template reward").code == 0
    assert contents().keys() - before.keys() == {"outputs", "outputs/reward_填报表.xlsx"}
    assert allocation("template reward --lang en").code == 0
    assert "outputs/reward_template.xlsx" in contents()


def test_year_chooses_the_sibling_whose_template_it_is(allocation, folder):
    text = (folder / "models/dated.toml").read_text(encoding="utf-8").replace('"落户人数"', '"常住人口"')
    (folder / "models/dated.toml").write_text(text, encoding="utf-8")
    allocation("template dated --year 2017 --out 旧.xlsx --example")
    allocation("template dated --year 2023 --out 新.xlsx --example")
    assert len(read_table(folder / "旧.xlsx", load_model(folder / "models/dated@2017.toml"))) == 3
    assert len(read_table(folder / "新.xlsx", load_model(folder / "models/dated.toml"))) == 3
    with pytest.raises(AllocationError):
        read_table(folder / "旧.xlsx", load_model(folder / "models/dated.toml"))


def test_a_template_written_twice_is_the_same_and_a_filled_one_is_left_alone(allocation, folder, contents):
    allocation("template reward")
    before = contents()
    assert allocation("template reward").code == 0 and contents() == before
    allocation("template reward --example --out 已填.xlsx")
    shutil.copyfile(folder / "已填.xlsx", folder / "outputs/reward_填报表.xlsx")
    before = contents()
    told = allocation("template reward")
    assert told.code == 2 and "可能已经填过" in told.err and contents() == before


def test_a_template_filled_in_runs(allocation, folder):
    assert allocation("template reward --example --out 已填.xlsx").code == 0
    told = allocation("check reward --input 已填.xlsx --set floor_rate=0 --set cap_rate=100000%")
    assert told.code == 0, told.text
