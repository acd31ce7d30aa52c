"""What a row's name says it is: 合计, 小计, 其中, a statement such as 平均, a group, or somebody's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from allocation.tables.spelling import fold

_LEAST_ALIKE = 3  # names of places to each that is none, and at least as many in all
COUNTY, TOTAL, SUBTOTAL, WITHIN, STATEMENT = "county", "total", "subtotal", "within", "statement"
GROUP, OWN = "group", "own"  # a group may be one unit; 市本级 is one, though its code is the city's

_ALL = r"(全[市省县区国州盟旗].{0,3}|各[省州盟县市区旗、]+|总)"
_SUM = r"(合计|总计|共计|汇总|总和|总数|累计|加总|求和)"
_WITHIN = re.compile(r"#[^/!?]+|(其中|(?<!不)(含|包括|包含)[::]).*|of(which|them).*|includ(es|ing):.*|thereof.*")
_TOTAL = re.compile(rf"{_ALL}?{_SUM}[数值额]?|全[市省县区国盟旗]|(grand|over)?total|overall|sum|[∑σ]")
_SUBTOTAL = re.compile(rf".*小计[数值额]?|.+{_SUM}[数值额]?|sub-?total.*|.*subtotal|.+total")
# Words that no place is called by: whatever stands before them, the row speaks of the other rows' figures.
_STATEMENT = re.compile(
    r".*(平均|均值|中位|众数|最[大小高低多少]|极差|标准差|方差|变异系数|离散系数|人均|县均|户均|亩均|地均|增减|增幅|增速|增长"
    r"|同比|环比|占比|比重|百分比|比例|排名|排位|位次|名次|(?<![合总小共])计数|[个县区市户家人村镇乡项条]数|(样本|单位|地区)数|差额|差异|校验|核对|验算|完成率|完成进度|偏差)"
    r"[值数额率分线]?(水平|情况|幅度|幅|人|者)?[±+\-%/]*"
    r"|[比较](上年|去年|同期|上期|基期).*|.*(上年|去年|上期|上年同期|同期|基期|年初|年末|期末|期初)[数值额]?(实际)?[数值额]?"
    r"|(上年|去年|上期|上年同期|同期)(合计|总计|小计)[数值额]?"
    r"|(19|20)\d\d年(度?[数值额]?|实际数?|完成数|合计|总计)"
    r"|占(全[市省县国区]|合计|总计|总量|总数).*|%|[±]%?"
    r"|(the|of|county|city|overall|total|simple|weighted|arithmetic)*"
    r"(mean|average|avg\.?|median|mode|max\.?|maximum|min\.?|minimum|range|count|rank(ing)?|std\.?(dev\.?)?"
    r"|st\.?dev\.?|standarddeviation|variance|change|growth|increase|decrease|difference|percent(age)?|proportion)"
    r"(value|rate|oftotal|%)*|%?(share)?oftotal|(last|previous|prior)year.*|year-?on-?year.*|yoy.*|percapita.*"
)
_GROUP = re.compile(
    r"(主|中心|中部)?(市区|城区)|市辖区|(所辖|下辖|辖|各|其他|其余)?(县|区|县市|县区|区县|市县|旗|旗县|县旗|乡镇|镇|街道)|县域|全州|"
    r"郊县|远郊区?县?"
)
_OWN = re.compile(
    r".*(本级|市直|省直|县直|区直|州直|直属|自身|\(?不含.*|\(?不包括.*|开发区|高新区|经开区|新区|园区|示范区|管委会)\)?"
)
_RANKS = (
    (re.compile(r".*(省|自治区|兵团|全国|直辖市)"), 4),
    (re.compile(r".*(自治州|地区|盟|州|师)"), 3),
    (re.compile(r".*市"), 2),
    (re.compile(r".*(自治县|县|自治旗|旗|区|团|林区|特区)"), 1),
)
_BRACKET = re.compile(r"\([^()]*\)$")

# Without one of these signs a name is no sum, no part and no statement: most names of places have none.
_TELLING = re.compile(
    r"[均众最差系幅速长增比环占重百例排位次名计数额值校核验完偏年期合总共汇累加求小全各其含包括#%±∑σa-z]"
)


@lru_cache(maxsize=65536)
def wording(label: str) -> str | None:
    """One of the kinds above where a name says so (`合 计`, `杭州市小计`, `其中：市本级`, `全市平均`), else None."""
    whole = fold(label)
    if not _TELLING.search(whole):
        bare = _bare(whole)
        return GROUP if _GROUP.fullmatch(bare) else OWN if _OWN.fullmatch(whole) else None
    if _WITHIN.fullmatch(whole):
        return WITHIN
    bare = _bare(whole)
    if _STATEMENT.fullmatch(bare) or _STATEMENT.fullmatch(re.sub(r"\(%\)$", "", whole)):
        return STATEMENT
    inner = re.search(r"\(([^()]*)\)$", whole)
    if inner and any(pattern.fullmatch(inner[1]) for pattern in (_TOTAL, _SUBTOTAL)):
        return SUBTOTAL
    for kind, pattern in ((TOTAL, _TOTAL), (SUBTOTAL, _SUBTOTAL), (GROUP, _GROUP)):
        if pattern.fullmatch(bare):
            return kind
    return OWN if _OWN.fullmatch(whole) else None


_UNIT = re.compile(
    r".*(省|自治区|市|州|盟|地区|县|区|旗|镇|乡|街道|办事处|村|社区|苏木|岛|团|师|连|场|局|公司|集团|校|大学|学院|中学|小学|幼儿园|院|所"
    r"|中心?|站|库|港|矿|厂|委|部|厅|处|办|会|队|馆|监狱|机关|级|直属?|庄|屯|堡|寨|湾|营|山|城|单位)[0-9a-z]*|[^\u4e00-\u9fff]+"
    r"|[甲乙丙丁戊己庚辛]"
)
_ASIDE = re.compile(
    r".*(预留|机动|分配|不可分|留用|扣除|扣减|核减|核增|调整|尾差|误差|结余|结转|分位|下达|计划|任务|目标|预算|决算|指标|系数|权重"
    r"|收回|上缴|统筹|安排|资金|经费)[数值额项款]?|(其他|其它)(地区|单位|项目)?|极值|检查|备注|序号|单位(:.*)?|p\d+|[加减]:.*|与上年比"
)


def odd_names(names: Sequence[str], codes: Sequence[bool]) -> dict[int, str]:
    """Rows whose name is no unit's at first sight, with why: "aside" says something else (预留, 尾差); "odd" is unlike
    the others, which nearly all end as names of places and offices do. `codes`: whether it has a national code."""
    bare = [re.sub(r"\([^()]*\)$", "", fold(name)).strip("*#· ") for name in names]
    aside = {at for at, name in enumerate(bare) if _ASIDE.fullmatch(name) and wording(names[at]) is None}
    unlike = [
        at for at, name in enumerate(bare) if at in aside or wording(names[at]) is None and not _UNIT.fullmatch(name)
    ]
    odd = {at: "aside" if at in aside else "odd" for at in unlike if not codes[at]}
    alike = sum(_UNIT.fullmatch(name) is not None for name in bare)
    few = alike >= _LEAST_ALIKE and _LEAST_ALIKE * len(unlike) <= alike
    return {at: why for at, why in odd.items() if few or why == "aside"}


def _bare(whole: str) -> str:
    """Without what stands in brackets at its end, and without marks around it."""
    return (_BRACKET.sub("", whole) if whole.endswith(")") else whole).strip(":,。*#· ")


def sets_aside(label: str) -> str | None:
    """TOTAL, SUBTOTAL, WITHIN or STATEMENT: what is no unit by its wording alone."""
    kind = wording(label)
    return kind if kind in (TOTAL, SUBTOTAL, WITHIN, STATEMENT) else None


def without_mark(label: str) -> str:
    """`其中：市本级` is the unit 市本级 where it counts."""
    return (
        re.sub(r"^\s*(#|＃|其中|含|包括|包含|of\s+which|including)?\s*[:：,，、]?\s*", "", label, flags=re.IGNORECASE)
        or label
    )


@lru_cache(maxsize=8192)
def rank(label: str) -> int:
    """How high a place stands by its name: 4 省, 3 自治州, 2 市, 1 县, 0 for anything else."""
    bare = re.sub(r"\([^()]*\)$", "", fold(label))
    return next((height for pattern, height in _RANKS if pattern.fullmatch(bare)), 0)
