"""The wrong turns of docs/week.md: what is typed on which day, and the words of the refusal."""

from __future__ import annotations

from dataclasses import dataclass

WEEK, TABLE = "inputs/week", "--input outputs/incentive_fund_collected.xlsx"
ADJUST, SOURCES = f"--adjust {WEEK}/adjustments.csv", f"--sources {WEEK}/sources.csv"
LEDGER, RECEIPTS = f"--ledger {WEEK}/ledger_3.csv", f"--receipts {WEEK}/receipts_2.csv"
RUN = f"run incentive_fund {TABLE}"
POOL = "--set pool=5000"
CORRECT = f"correct incentive_fund {TABLE} --reason 更正 --date 2018-04-12"
PARTS = f"{RECEIPTS} {ADJUST} {SOURCES}"
LEADERS = "县（市、区）,调整额,定额,由谁承担,理由,批准人或会议,文号,日期\n"
FUNDS = "来源,文号,金额,已提前下达,市级预留\n"
BOOK = "行政区代码,县（市、区）,指标,数值,来源部门,日期,状态,采用,采用人,采用理由\n"
RETURNS = "行政区代码,县（市、区）,地区类别,当年落户人数/跨省,当年落户人数/省内跨市,当年落户人数/本市,"
RETURNS += "随迁子女义务教育在校生数,工作努力程度得分,为落户人口提供基本公共服务支出\n"


@dataclass(frozen=True)
class Turn:
    """`day`: how far the week has come. `text` is written to `file` first; `words` are what the message must say."""

    title: str
    day: str
    command: str
    words: tuple[str, ...]
    code: int = 2
    file: str = ""
    text: str = ""


def returned(*rows: str, year: int = 2017) -> str:
    return f"{year}年数据表（示例数据）\n{RETURNS}" + "\n".join(rows) + "\n"


COLLECT = "collect incentive_fund returned --date 2018-03-06"
TURNS = (
    # 收表
    Turn(
        "a name that nobody listed",
        "monday",
        COLLECT,
        ("不认识“义州”", "最接近的是“义县”", "加进它的“别名”一列"),
        file="returned/义州.csv",
        text=returned("210727,义州,县,60,150,1480,1300,82,1010"),
    ),
    Turn(
        "a new district returned, and its people counted in its county too",
        "monday",
        COLLECT,
        ("重复统计：太和区的数字里包含松山新区", "“已扣除”里写 JZ-SS@2017"),
        file="returned/松山新区.csv",
        text=returned("JZ-SS,松山新区,市辖区,20,40,160,300,84,150"),
    ),
    Turn(
        "last year's table returned again",
        "monday",
        COLLECT,
        ("标题或年度列写的是 2016 年", "请核对是否报错了表"),
        file="returned/义县.csv",
        text=returned("210727,义县,县,60,150,1480,1300,82,1010", year=2016),
    ),
    Turn(
        "a second file of a county with another figure",
        "monday",
        COLLECT,
        ("个数不同：", "补报.csv", "请退回核对", "--prefer"),
        file="returned/黑山县补报.csv",
        text=returned("210726,黑山县,县,99,210,2650,2200,84.5,1720"),
    ),
    Turn(
        "people as a sum in words",
        "monday",
        COLLECT,
        ("“60人左右”", "义县.csv: D3"),
        file="returned/义县.csv",
        text=returned("210727,义县,县,60人左右,150,1480,1300,82,1010"),
    ),
    Turn(
        "a final version from an incomplete collection",
        "monday",
        f"{RUN} {POOL} --stage 正式稿 --date 2018-03-05",
        ("收表不完整，不能作正式稿", "重新 collect"),
    ),
    # 数据
    Turn(
        "the wrong file as a ledger",
        "tuesday",
        f"check incentive_fund {TABLE} --ledger {WEEK}/adjustments.csv",
        ("adjustments.csv: A2", "表头缺这些列：指标、数值、来源部门、状态"),
    ),
    Turn(
        "a figure chosen without saying who and why",
        "tuesday",
        f"check incentive_fund {TABLE} --ledger a.csv",
        ("采用人", "采用理由", "黑山县"),
        file="a.csv",
        text=BOOK + "210726,黑山县,当年落户人数/跨省,96,统计局,2018-03-06,核定,是,,\n",
    ),
    Turn(
        "a county of the ledger that is not in the table",
        "tuesday",
        f"check incentive_fund {TABLE} --ledger a.csv",
        ("大洼区", "a.csv: "),
        file="a.csv",
        text=BOOK + "211104,大洼区,当年落户人数/跨省,96,统计局,2018-03-06,核定,,,\n",
    ),
    Turn(
        "the wrong file as receipts",
        "tuesday",
        f"check incentive_fund {TABLE} --receipts {WEEK}/sources.csv",
        ("找不到表头；至少要有这些列：行政区代码、县（市、区）、状态",),
    ),
    Turn(
        "the folder instead of the collected table",
        "tuesday",
        "run incentive_fund --input returned",
        ("这是文件夹，不是文件", "请给出其中一个"),
    ),
    Turn(
        "letters due on a day that is none",
        "tuesday",
        f"confirm incentive_fund {TABLE} --due 星期五",
        ("应为日期，如 2018-04-10", "--due", "星期五"),
    ),
    # 调整、来源
    Turn(
        "an adjustment larger than the reserve that bears it",
        "tuesday",
        f"{RUN} --adjust a.csv {SOURCES} --stage 送审稿 --date 2018-03-07",
        ("请按上面“×”的各项改正", "× ", "预留"),
        code=1,
        file="a.csv",
        text=LEADERS + "黑山县,300,,预留,理由,会议,,\n",
    ),
    Turn(
        "an adjustment that leaves a county less than nothing",
        "tuesday",
        f"{RUN} {POOL} --adjust a.csv --stage 送审稿 --date 2018-03-07",
        ("下达数不为负", "义县", "请按上面“×”的各项改正"),
        code=1,
        file="a.csv",
        text=LEADERS + "义县,-700,,其余各地,理由,会议,,\n",
    ),
    Turn(
        "an adjustment that nobody bears",
        "tuesday",
        f"{RUN} {POOL} --adjust a.csv --stage 送审稿 --date 2018-03-07",
        ("由谁承担", "a.csv: D2"),
        file="a.csv",
        text=LEADERS + "义县,30,,,理由,会议,,\n",
    ),
    Turn(
        "an adjustment in 元, not in 万元",
        "tuesday",
        f"{RUN} {POOL} --adjust a.csv --stage 送审稿 --date 2018-03-07",
        ("公布单位（1 万元）的整数倍", "a.csv: B2"),
        file="a.csv",
        text=LEADERS + "义县,30.5,,其余各地,理由,会议,,\n",
    ),
    Turn(
        "the pool set by hand beside its sources",
        "tuesday",
        f"{RUN} {SOURCES} --set pool=6000 --stage 送审稿",
        ("资金总额由来源表（--sources）给出", "请改来源表里的金额，或去掉 --set"),
    ),
    Turn(
        "more kept in reserve than a source gives",
        "tuesday",
        f"{RUN} --sources a.csv --stage 送审稿",
        ("市级预留不能超过金额 100",),
        file="a.csv",
        text=FUNDS + "市级配套,锦财指〔2018〕3号,100,,200\n",
    ),
    Turn(
        "advances without what each county had",
        "tuesday",
        f"{RUN} --sources a.csv --stage 送审稿",
        ("在另一张工作表里一县一行", "已提前下达"),
        file="a.csv",
        text=FUNDS + "中央,财预〔2017〕101号,5000,1000,\n",
    ),
    # 编稿
    Turn(
        "a stage that there is not",
        "tuesday",
        f"{RUN} {POOL} --stage 定稿",
        ("--stage 只能写 试算、征求意见稿、送审稿、上会稿、正式稿", "“定稿”"),
    ),
    Turn(
        "a date in words", "tuesday", f"{RUN} {POOL} --stage 试算 --date 三月七日", ("日期应写作 2018-03-05", "--date")
    ),
    Turn(
        "a land edition of money",
        "tuesday",
        f"{RUN} {POOL} --stage 征求意见稿 --edition 土地",
        ("没有“土地”版本", "[[edition]]"),
    ),
    Turn(
        "a correction of what was never issued",
        "tuesday",
        f"{CORRECT} {LEDGER}",
        ("请先用 run --stage 正式稿", "还没有正式稿"),
    ),
    # 正式稿以后
    Turn(
        "a late figure for a final version that is made",
        "friday",
        f"{RUN} --ledger {WEEK}/ledger_4.csv {PARTS} --stage 正式稿 --reason 迟报",
        ("请用 allocation correct incentive_fund --year 2017 作更正", "不能再编稿"),
    ),
    Turn(
        "one more paper after the final version",
        "friday",
        f"{RUN} {LEDGER} {PARTS} --stage 送审稿 --reason 再改",
        ("2017 年的正式稿已定", "allocation correct"),
    ),
    Turn(
        "an edition of the final version from other figures",
        "friday",
        f"{RUN} {LEDGER} {RECEIPTS} {SOURCES} --stage 正式稿 --edition 公开 --reason 补发",
        ("请用原来的数据和参数运行",),
    ),
    Turn("a correction without a reason", "friday", f"correct incentive_fund {TABLE}", ("必须写 --reason",)),
    Turn(
        "a correction that forgets the adjustments",
        "friday",
        f"{CORRECT} --ledger {WEEK}/ledger_4.csv {RECEIPTS} {SOURCES}",
        ("这次没有 --adjust", "adjustments.csv", "要用同样的选项带上"),
    ),
    Turn(
        "a correction that corrects nothing",
        "friday",
        f"{CORRECT} {LEDGER} {PARTS}",
        ("没有要补发或扣回的", "请核对更正后的数是否已写进"),
    ),
    Turn(
        "a correction settled before the year of the data",
        "friday",
        f"{CORRECT} --ledger {WEEK}/ledger_4.csv {PARTS} --settle-year 2016",
        ("只能在 2017 年或以后办理", "--settle-year"),
    ),
    Turn(
        "a correction in which a county is left out",
        "friday",
        f"correct incentive_fund --input six.csv --reason 更正 {ADJUST} {SOURCES}",
        ("更正的地区须与原核定一致", "新表缺：210782"),
    ),
    Turn(
        "results over the collected table",
        "friday",
        f"{RUN} {POOL} --out outputs/incentive_fund_collected.xlsx",
        ("不能用结果覆盖", "请换一个 --out"),
    ),
    Turn(
        "the collected table given to verify",
        "friday",
        "verify outputs/incentive_fund_collected.xlsx",
        ("请给出 allocation run、timeline、evaluate 或 compare 写出的 .xlsx 文件",),
    ),
)
