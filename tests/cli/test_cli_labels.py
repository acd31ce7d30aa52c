"""In Chinese, what is changed goes by its label; what is typed back keeps its address."""

from __future__ import annotations


def test_decompose_heads_its_columns_with_labels(allocation):
    told = allocation("decompose reward --set pool=900 --set floor_rate=55% --set settled@黑山县=95")
    assert told.code == 0, told.text
    assert "资金总额=900" in told.out and "=55%" in told.out and "（黑山县）=95" in told.out
    assert "pool=" not in told.out and "floor_rate" not in told.out
    assert "pool=900" in allocation("decompose reward --set pool=900 --lang en").out


def test_sweep_heads_its_columns_with_labels(allocation):
    told = allocation('sweep reward --range "pool=±5%" --range "settled@each=±5%" --samples 16')
    line = next(line for line in told.out.splitlines() if "资金总额" in line and "名称" in line)
    assert "（各地）" in line and "pool" not in line and "settled" not in line
    grid = allocation('sweep reward --grid "pool=900,1000" --grid "size_rate.大城市=0.8,0.9"')
    assert "·大城市" in grid.out and "资金总额" in grid.out and "size_rate" not in grid.out


def test_what_is_shown_of_illustrative_figures_says_so(allocation, folder):
    text = (folder / "inputs" / "reward.csv").read_text(encoding="utf-8-sig")
    (folder / "inputs" / "例.csv").write_text("示例数据\n" + text, encoding="utf-8-sig")
    (folder / "多.toml").write_text('[scenario]\nzh = "多"\n[[change]]\naddress = "pool"\nset = 1200\n', "utf-8")
    seek = "seek reward --vary pool --figure award@黑山县 --target 300"
    for command in ("compare reward 多.toml", "margins reward --of settled", seek):
        told = allocation(f"{command} --input inputs/例.csv")
        assert told.code == 0 and "（示例数据）" in told.out, told.text
        assert "（示例数据）" not in allocation(command).out
