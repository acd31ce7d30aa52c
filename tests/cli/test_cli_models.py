"""`allocation models`, help and version."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocation import __version__
from allocation.policy.loading import load_model

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_shipped_model_is_listed_with_its_label_and_years(allocation, monkeypatch, lang):
    monkeypatch.chdir(REPOSITORY)
    told = allocation(f"models --lang {lang}")
    assert told.code == 0 and told.err == ""
    for path in (REPOSITORY / "models").glob("*.toml"):
        model = load_model(path)
        line = next(line for line in told.out.splitlines() if line.split("  ")[0] == path.stem)
        assert model.label[lang] in line
        assert all(str(year) in line for year in model.effective if year)


def test_the_models_of_the_folder_one_works_in_go_before_the_shipped_ones(allocation):
    names = [line.split()[0] for line in allocation("models").out.splitlines() if line.strip()]
    assert names.index("reward") < names.index("incentive_fund")


def test_a_broken_model_is_reported_and_the_others_are_still_listed(allocation, folder):
    (folder / "models/broken.toml").write_text("[model", encoding="utf-8")
    told = allocation("models")
    assert told.code == 2 and "broken.toml: 第 1 行" in told.err
    assert "reward" in told.out and "dated@2017" in told.out


def test_without_a_command_the_help_is_shown(allocation):
    told = allocation("")
    assert told.code == 0 and all(name in told.out for name in ("run", "check", "template", "models"))


def test_the_version_is_the_package_s(allocation):
    assert allocation("--version").out.strip().endswith(__version__)
