"""Which rows are units: laws over tables of known answers, right ones that must not stop, and what is said."""

from __future__ import annotations

import os
import random

import numpy as np
import pytest
from hierarchies import STATEMENTS, add_within, disturb, hierarchy
from people_tables import REVENUE, SETTLED, model_of, notes, problems

from allocation.tables.reading import read_table
from allocation.tables.sums import Sums
from allocation.tables.units import Lines, judge, stem
from allocation.tables.wording import COUNTY, STATEMENT, wording

SEEDS = 1500 if os.environ.get("CI") else 60
HEAD = ["代码", "名称", "落户人数", "财政收入"]
CITY = [
    ["130402", "甲山区", 1200, 900],
    ["130403", "乙河区", 2300, 1500],
    ["130421", "丙原县", 640, 300],
    ["130422", "丁湖县", 810, 420],
    ["130481", "戊岭市", 1530, 880],
]
SUM = [6480, 4000]


def judged(codes, names, figures, depths=None):
    words = [wording(name) for name in names]
    return judge(Lines(codes, names, words, depths or [0] * len(names), np.array(figures, dtype=float)), {})


def of_made(made):
    result = judged([line.code for line in made.lines], [line.name for line in made.lines], made.figures())
    sums = Sums(made.figures())
    unequal = any(
        all(fit.exact < fit.telling for fit in (sums.fit(at, span) for span in spans))
        for at, spans in result.spans.items()
    )
    stopped = bool(result.doubts) or unequal
    return [at for at, kind in enumerate(result.kinds) if kind == COUNTY], stopped


@pytest.mark.parametrize("change", ["none", "within", "disturbed", "both"])
def test_units_are_those_of_the_hierarchy_or_the_table_stops(change):
    for seed in range(SEEDS):
        made = hierarchy(seed)
        made = add_within(made, seed) if change in ("within", "both") else made
        made = disturb(made, seed) if change in ("disturbed", "both") else made
        units, stopped = of_made(made)
        assert stopped or units == made.units, (seed, made.story)
        assert not (stopped and made.right), (seed, made.story)


RIGHT = {
    "prefectures only": "130100 石家庄市 130200 唐山市 130300 秦皇岛市 130400 邯郸市 130500 邢台市 130600 保定市",
    "counties only": "130121 井陉县 130123 正定县 130125 行唐县 130126 灵寿县 130181 辛集市 130183 晋州市",
    "districts with 01": "110101 东城区 110102 西城区 110105 朝阳区 110106 丰台区 110107 石景山区 110108 海淀区",
    "Shanghai": "310101 黄浦区 310104 徐汇区 310105 长宁区 310106 静安区 310107 普陀区",
    "counties the province looks after": "420100 武汉市 420200 黄石市 429004 仙桃市 429005 潜江市 429021 神农架林区",
    "cities without districts": "441800 清远市 441900 东莞市 442000 中山市 445100 潮州市 460400 儋州市",
    "a prefecture and its own level": "210700 锦州市本级 210702 古塔区 210703 凌河区 210711 太和区 210726 黑山县",
    "own level of a code": "210700 市本级 210702 古塔区 210703 凌河区 210711 太和区 210726 黑山县 210782 北镇市",
    "zones among counties": "210702 古塔区 210703 凌河区 210791 锦州经济技术开发区 210792 松山新区 210793 龙栖湾新区",
    "counties of a state": "422801 恩施市 422802 利川市 422822 建始县 422823 巴东县 422825 宣恩县 422826 咸丰县",
    "production corps": "650100 乌鲁木齐市 650200 克拉玛依市 659001 石河子市 660000 兵团 652300 昌吉回族自治州",
    "names that sound like words": "450324 全州县 340522 含山县 140502 城区 211202 银州区 341124 全椒县 430124 增城区",
    "numbers of rows": "1 市区 2 甲县 3 乙县 4 丙县 5 丁县 6 戊县 7 高新区",
    "numbers with zeros": " ".join(f"{number:06} 县{number}" for number in range(90, 115)),
    "six-digit numbers of rows": " ".join(f"{number} 县{number}" for number in range(100095, 100110)),
    "twelve digits": "130121000000 井陉县 130123000000 正定县 130125000000 行唐县 130181000000 辛集市",
    "no codes": "- 古塔区 - 凌河区 - 太和区 - 黑山县 - 义县 - 凌海市 - 松山新区 - 市本级",
    "a group that is one unit": "- 市区 - 甲县 - 乙县 - 丙县 - 丁市",
    "a city among counties": "- 锦州市 - 古塔区 - 凌河区 - 太和区 - 黑山县 - 义县",
}


@pytest.mark.parametrize("kind", RIGHT)
def test_a_right_table_of_one_level_never_stops(kind):
    words = RIGHT[kind].split()
    codes, names = [code.strip("-") for code in words[::2]], words[1::2]
    for seed in range(15):
        dice = random.Random(seed)
        width, most = dice.choice([1, 2, 3, 8]), dice.choice([30, 2000, 10**6])
        figures = [[dice.randint(0, most) for _ in range(width)] for _ in names]
        if "own level" in kind or "its own" in kind or "among" in kind:
            figures[0] = [most // 3 for _ in range(width)]
        result = judged(codes, names, figures)
        assert (result.doubts, set(result.kinds)) == ([], {COUNTY}), (seed, figures)


def test_a_county_that_sums_others_by_chance_is_one_where_the_total_counts_it():
    names = ["合计", "甲县", "乙县", "丙县", "丁市", "戊县"]
    figures = [[1320, 1650], [100, 200], [200, 250], [310, 325], [610, 775], [100, 100]]
    result = judged([""] * 6, names, figures)
    assert not result.doubts and result.kinds == ["total"] + [COUNTY] * 5
    assert judged([""] * 5, names[1:], figures[1:]).kinds[3] == "doubt"


def test_cities_without_codes_that_hold_every_row_between_them_are_set_aside(write_csv):
    other = [["", "己州市", 450, 510], ["", "庚县", 100, 210], ["", "辛县", 150, 200], ["", "壬区", 200, 100]]
    rows = [row[1:] for row in (["", "邯城市", *SUM], *CITY, *other)]
    assert len(read_table(write_csv([HEAD[1:], *rows]), model_of(SETTLED, REVENUE))) == 8
    assert "邯城市（第 2 行）" in problems(write_csv([HEAD[1:], *rows[:6]]), model_of(SETTLED, REVENUE))


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_row_about_the_others_figures_is_no_unit(name, write_csv):
    model = model_of(SETTLED, REVENUE)
    for rows in (CITY, [["", *row[1:]] for row in CITY], [[place, *row[1:]] for place, row in enumerate(CITY, 1)]):
        head = HEAD if rows[0][0] else ["序号", *HEAD[1:]]
        for code in ("", "6") if rows[0][0] == 1 else ("",):
            table = read_table(write_csv([head, *rows, [code, name, 1296, 800.5]]), model)
            assert table.names == tuple(row[1] for row in CITY)
            assert f"不参加分配：{table.notes[0].slots['names'][0]}" in notes(table)
    assert wording(name) == STATEMENT


def test_a_statement_with_a_code_of_its_own_is_asked_about(write_csv):
    text = problems(write_csv([HEAD, *CITY, ["130499", "平均", 1296, 800]]), model_of(SETTLED, REVENUE))
    assert "data.csv: B7: 说不准是不是分配对象：平均（130499，第 7 行）" in text and '--row "130499=单位"' in text


@pytest.mark.parametrize("code", ["130400", "130400000000"])
@pytest.mark.parametrize("place", [0, 5])
def test_a_city_over_its_counties_is_set_aside_wherever_it_stands(code, place, write_csv):
    rows = [[row[0] + code[6:], *row[1:]] for row in CITY]
    rows.insert(place, [code, "邯城市", *SUM])
    table = read_table(write_csv([HEAD, *rows]), model_of(SETTLED, REVENUE))
    assert len(table) == 5 and "130400" not in str(table.codes)


def test_districts_of_a_city_are_summed_by_its_row_01(write_csv):
    rows = [["130401", "市区", 3500, 2400], *CITY]
    assert len(read_table(write_csv([HEAD, *rows]), model_of(SETTLED, REVENUE))) == 5
    apart = [["130401", "市区", 3600, 2400], *CITY]
    assert "130401，第 2 行" in problems(write_csv([HEAD, *apart]), model_of(SETTLED, REVENUE))


@pytest.mark.parametrize(("figures", "said"), [([6481, 4000], "相差 1"), ([6480, 5200], "多数指标是其他行之和")])
def test_a_city_that_is_nearly_the_sum_is_noticed(figures, said, write_csv):
    assert said in problems(write_csv([HEAD, ["130400", "邯城市", *figures], *CITY]), model_of(SETTLED, REVENUE))


def test_a_city_that_holds_a_figure_its_county_left_blank_is_noticed(write_csv):
    rows = [list(row) for row in CITY]
    rows[2][3] = ""
    text = problems(write_csv([HEAD, ["130400", "邯城市", *SUM], *rows]), model_of(SETTLED, REVENUE))
    assert "“邯城市”行的“财政收入”是 4000，而 5 个县（市、区）相加是 3700" in text


def test_a_person_says_what_a_row_is_and_the_table_keeps_it(write_csv):
    rows = [HEAD, *CITY[:2], ["130471", "其中：高新区", 500, 300], *CITY[2:]]
    path, model = write_csv(rows), model_of(SETTLED, REVENUE)
    assert "130471，第 4 行" in problems(path, model)
    unit, detail = read_table(path, model, rows={"130471": "单位"}), read_table(path, model, rows=["其中：高新区=其中"])
    assert "其中:高新区" in unit.names and len(detail) == 5
    assert unit.said == (("row", "130471=unit"),) and "按 --row 所说，作为单位参加分配" in notes(unit)
    city = write_csv([HEAD, ["130400", "邯城市", 6481, 4000], *CITY], name="city.csv")
    aside = read_table(city, model, rows={"130400": "total"})
    assert len(aside) == 5 and "“邯城市”行的“落户人数”是 6481" in notes(aside)


def test_a_person_who_names_no_row_of_the_table_is_told_the_nearest(write_csv):
    text = problems(write_csv([HEAD, *CITY]), model_of(SETTLED, REVENUE), rows={"甲山": "单位"})
    assert "--row 所说的“甲山”在表中没有这一行；最接近的是“甲山区”" in text


@pytest.mark.parametrize(("within", "units"), [([500, 300], 6), ([0, 0], 5)])
def test_a_total_decides_whether_rows_of_which_count(within, units, write_csv):
    """合计 is the sum with them, or without them."""
    total = [SUM[at] + within[at] for at in (0, 1)]
    row = ["130471", "其中：高新区", *(within if units == 6 else [500, 300])]
    table = read_table(write_csv([HEAD, ["", "合计", *total], *CITY[:2], row, *CITY[2:]]), model_of(SETTLED, REVENUE))
    assert len(table) == units and ("高新区" in table.names) == (units == 6)


def test_indented_rows_below_a_row_that_is_their_sum_are_its_units():
    names, depths = ["邯城市", "甲山区", "乙河区", "丙原县"], [0, 2, 2, 2]
    figures = [[4140, 2700], [1200, 900], [2300, 1500], [640, 300]]
    assert judged([""] * 4, names, figures, depths).kinds == ["subtotal"] + [COUNTY] * 3
    held = judged(
        [""] * 4, ["甲山区", "新城", "乙河区", "丙原县"], [[900, 800], [100, 90], [640, 30], [75, 60]], [0, 2, 0, 0]
    )
    assert [doubt.line for doubt in held.doubts] == [1]


def test_a_subtotal_above_its_rows_leaves_the_others_alone(write_csv):
    rows = [["", "合计", *SUM], ["", "市辖区小计", 3500, 2400], *CITY]
    assert len(read_table(write_csv([HEAD, *rows]), model_of(SETTLED, REVENUE))) == 5
    rows = [*CITY[2:], *CITY[:2], ["", "市辖区小计", 3500, 2400], ["", "合计", *SUM]]
    assert len(read_table(write_csv([HEAD, *rows]), model_of(SETTLED, REVENUE))) == 5


def test_a_figure_that_is_a_text_and_was_not_summed_is_named(write):
    rows = [HEAD, *[list(row) for row in CITY], ["", "合计", 6480 - 640, 4000]]
    rows[3][2] = "640 "
    text = problems(write(rows), model_of(SETTLED, REVENUE))
    assert "C4 是文本格式的数，Excel 求和时会跳过它，正好差这么多" in text


@pytest.mark.parametrize(
    ("code", "stems"),
    [
        ("131000", "1310"),
        ("130000", "13"),
        ("130100000000", "1301"),
        ("130102001000", "130102001"),
        ("000100", ""),
        ("17", ""),
    ],
)
def test_closing_zeros_of_a_code_go_pair_by_pair(code, stems):
    assert stem(code) == stems
