"""大写金额: an amount in capitals, by the rules for filling in bills (票据填写), and its English wording."""

from __future__ import annotations

from fractions import Fraction

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
BELOW = 10**16  # yuan
ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred"))


def capitals(yuan: Fraction) -> str:
    """人民币壹仟元整; exact to the fen. Raises ValueError for a part of a fen, and from 万万亿 yuan on.

    元 alone is followed by 整. 零 stands after 元 where 元's digit is 0 and 角 is not, and where 角 is 0 and 分 is not.
    """
    negative, whole, jiao, fen = _split(yuan)
    text = f"{_whole(whole)}元" if whole or not (jiao or fen) else ""
    if whole and (fen and not jiao or jiao and not whole % 10):
        text += "零"
    text += f"{DIGITS[jiao]}角" if jiao else ""
    text += f"{DIGITS[fen]}分" if fen else ""
    return f"人民币{'负' if negative else ''}{text}{'' if jiao or fen else '整'}"


def spelled(yuan: Fraction) -> str:
    """RMB one thousand yuan only; the same limits."""
    negative, whole, jiao, fen = _split(yuan)
    cents = 10 * jiao + fen
    parts = [f"{_words(whole)} yuan"] if whole or not cents else []
    parts += [f"{_words(cents)} fen"] if cents else []
    return f"RMB {'minus ' if negative else ''}{' and '.join(parts)} only"


def _split(yuan: Fraction) -> tuple[bool, int, int, int]:
    """Whether it is negative; yuan, jiao, fen."""
    fen = abs(Fraction(yuan)) * 100
    if fen.denominator != 1:
        raise ValueError(f"{yuan} yuan is no whole number of fen")
    whole, rest = divmod(fen.numerator, 100)
    if whole >= BELOW:
        raise ValueError(f"{yuan} yuan is too much to be written in capitals")
    return yuan < 0, whole, *divmod(rest, 10)


def _whole(number: int) -> str:
    """Sections of four digits; 零 between two where the lower one has a 0 in front."""
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, scale)
        if high:
            zero = "零" if low and low < scale // 10 else ""
            return f"{_whole(high)}{name}{zero}{_whole(low) if low else ''}"
    return _section(number) or DIGITS[0]


def _section(number: int) -> str:
    """壹仟零伍: below 万, without the zeros at either end."""
    text, waiting = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if waiting and text else "") + DIGITS[digit] + PLACES[place]
        waiting = not digit
    return text


def _words(number: int) -> str:
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, unit = divmod(number, 10)
        return TENS[tens - 2] + (f"-{ONES[unit]}" if unit else "")
    scale, name = next(step for step in SCALES if number >= step[0])
    high, low = divmod(number, scale)
    joint = " and " if low < 100 else " "
    return f"{_words(high)} {name}{joint + _words(low) if low else ''}"
