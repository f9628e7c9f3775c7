"""Recognise what identifies a person: in a column's header, in its values, in free text."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice
from typing import overload

import pandas as pd

from questionnaires.text import folded
from questionnaires.words import words

KINDS: dict[str, tuple[str, str]] = {
    "name": ("姓名", "name"),
    "phone": ("手机号", "phone number"),
    "email": ("邮箱", "e-mail address"),
    "id_card": ("身份证号", "identity card number"),
    "student_number": ("学号", "student number"),
    "staff_number": ("工号", "staff number"),
    "number": ("号码", "number"),
    "ip": ("IP", "IP address"),
    "wechat": ("微信", "WeChat name"),
    "qq": ("QQ号", "QQ number"),
    "account": ("账号", "account"),
    "address": ("住址", "address"),
}
"""Kinds of identifiers with their names in Chinese and in English."""

# --- headers -------------------------------------------------------------------------------------

# These end a longer name (支部书记姓名, 本人手机号码) without making an ordinary question of it.
_ENDING = re.compile(
    r"^.{0,8}?(姓名|学号|工号|手机号|手机号码|电话号码|联系电话|联系方式|电子邮箱|身份证号|身份证号码|微信号"
    r"|微信昵称|qq号|家庭住址|联络电话|联络方式|电子邮件)$"
)
# And these begin several things asked for in one column (姓名学院班级).
_BEGINNING = re.compile(
    r"^(姓名|学号|工号|身份证号|手机号|电话号|联系方式|微信号|qq号)(?!码?是|码?为|权).{1,9}$"
)
_NUMBERING = re.compile(r"^\s*(?:第?\d+题?|q\d+|[(（]?\d+[)）])\s*[、.．:：]?\s*", re.IGNORECASE)
_REMARK = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]|[*＊]|必填|选填|必答")
_ACCENTS = re.compile("[\u0300-\u036f]")
_SHELL = re.compile(
    r"^(?:请|您|你|我|的|本人|自己|输入|填写|填入|留下|提供|写下|写|在此|如实|真实|个人|贵|是|为|what|is|your"
    r"|please|enter|provide|the|(?:student|member|respondent|participant)s?(?:['’]s)?"
    r"|¿|cual|es|su|tu|tus|sus|quel|est|votre|ihr|ihre|dein|qual|seu|sua|il|tuo|siapa|anda|ваш|ваша)+"
)
# Longer headers are questions; nothing that a person is asked for takes more.
_LONGEST_HEADER = 200
_TAIL = re.compile(r"(?:是什么|叫什么|是多少|是|为|呢)+$")
# In a matrix these are more often a channel that is rated (…—邮箱) than something asked for.
_CHANNELS = frozenset(["手机", "电话", "座机", "邮箱", "电子邮箱", "电子邮件", "微信", "qq"])
_JOINTS = re.compile(r"[/、,，;；。.？?¿+＋&:：—–\-_|]|以便|方便|便于|用于|和|与|及|或")
_QUESTION = re.compile(
    r"满意|是否|有没有|能否|会不会|评分|程度|多大|哪[些种个]|如何|怎么|渠道|方式的"
)


def kind_of_header(text: str) -> str | None:
    """Tell which kind of identifier a column holds by the words of its header.

    Parameters
    ----------
    text : str
        Header as in the file: numbering, brackets and polite shells (请填写您的…) are ignored.

    Returns
    -------
    str or None
        A key of `KINDS`, or None for an ordinary question.

    Examples
    --------
    >>> kind_of_header("1、请填写您的姓名："), kind_of_header("联系电话(选填)")
    ('name', 'phone')
    >>> kind_of_header("聯絡電話"), kind_of_header("3、電子郵件")
    ('phone', 'email')
    >>> kind_of_header("STUDENTS FULL NAME"), kind_of_header("¿Cuál es su teléfono?")
    ('name', 'phone')
    >>> kind_of_header("5、您对电话服务的满意度") is None
    True
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text[:_LONGEST_HEADER])).lower()
    plain = unicodedata.normalize("NFC", plain)
    plain = folded(_REMARK.sub("", _NUMBERING.sub("", plain)))
    known = words().personal
    if plain in known:
        return known[plain]
    if _QUESTION.search(plain):
        return None
    is_rated_row = "—" in plain and "请" not in plain
    for piece in _JOINTS.split(plain):
        bare = _TAIL.sub("", _SHELL.sub("", piece))
        if is_rated_row and bare in _CHANNELS:
            continue
        if kind := known.get(bare) or known.get(piece):
            return kind
        if ending := _ENDING.match(bare):
            return known[ending.group(1)]
        if beginning := _BEGINNING.match(bare):
            return known.get(beginning.group(1)) or "phone"
    return None


# --- single values -------------------------------------------------------------------------------

_PHONE = r"(?:(?:\+|00)?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}"
_LANDLINE = r"(?:\(0\d{2,3}\)|0\d{2,3})[-\s]?[2-9]\d{6,7}(?:-\d{1,5})?"
_EMAIL = r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_ID_CARD = r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_IPV6 = r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}"
_STUDENT = r"[A-Za-z]{0,4}\d{7,13}"
# The commonest family names; _PLAIN are those that begin few other words.
_PLAIN = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何罗宋郑韩唐冯董萧曹袁邓许傅沈彭吕苏卢蒋蔡贾魏薛叶阎余潘杜戴夏钟汪"
    "田姜范姚谭廖邹熊陆郝孔崔邱秦顾侯邵孟龙段钱汤尹黎武乔贺赖龚闫"
)
_MORE = (
    "谢高林马梁于程曾丁任石方金文康白万毛江常史温易齐安严向牛陶葛庄游翟申柳祝岳聂施季伍包关盛路辛左倪鲁时毕宁"
    "覃莫章骆耿岑纪焦欧古符尤洪雷项成华单连管苗尚童颜梅柯裴霍柴凌"
)
_COMPOUND = "欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木|司徒"
_HAN = r"[\u4e00-\u9fff]"
_NAME = rf"(?:{_COMPOUND}|[{_PLAIN}{_MORE}]){_HAN}{{1,2}}"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()} | {
    ord("＠"): "@",
    ord("．"): ".",
    ord("－"): "-",
}


def is_id_card(text: str) -> bool:
    """Check a mainland identity card number: 18 places, a date of birth, the check digit.

    Parameters
    ----------
    text : str
        Candidate; surrounding blanks are ignored.

    References
    ----------
    GB 11643-1999, check digit after ISO 7064 MOD 11-2.

    Examples
    --------
    >>> is_id_card("11010519491231002X"), is_id_card("110105194912310021")
    (True, False)
    """
    text = text.strip().upper()
    if not re.fullmatch(_ID_CARD, text):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17]


def is_ip(text: str) -> bool:
    """Check an IPv4 or IPv6 address, also as 问卷星 writes it: ``1.2.3.4(江苏-南京)``.

    Examples
    --------
    >>> is_ip("114.212.0.9(江苏-南京)"), is_ip("2001:da8::1"), is_ip("12:30:15")
    (True, True, False)
    """
    try:
        ipaddress.ip_address(re.sub(r"[(（].*[)）]$", "", text.strip()))
    except ValueError:
        return False
    return True


def _fully(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


_LONGEST_VALUE = 80
# Typed texts looked at to recognise numbers and addresses of people.
_SAMPLE = 300
# Channels are rated and ticked, too; a scale has few levels.
_RATED = frozenset({"phone", "email", "wechat", "qq", "address", "account"})
_RUNGS = 7
_IS_NAME = _fully(_NAME)
# Order matters: an identity card number is also a run of digits.
_VALUE_TESTS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("id_card", is_id_card),
    ("email", _fully(_EMAIL)),
    ("phone", _fully(f"{_PHONE}|{_LANDLINE}")),
    ("ip", is_ip),
    ("student_number", _fully(_STUDENT)),
    ("name", _IS_NAME),
)


def _is_date(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", text))


def kind_of_values(values: Iterable[object], threshold: float = 0.6) -> str | None:
    """Tell which kind of identifier a column holds by what its cells look like.

    Parameters
    ----------
    values : iterable
        The column; missing and blank cells are left aside.
    threshold : float
        Least share (0–1) of the other cells that must match.

    Returns
    -------
    str or None
        A key of `KINDS`; None for an ordinary question. Names and student numbers, which look like
        other things too, must also be (nearly) all different, in at least five cells, and
        student numbers no dates.

    Examples
    --------
    >>> kind_of_values(["13812345678", "", "139 1234 5678"])
    'phone'
    >>> kind_of_values(["非常满意", "满意", "满意"]) is None
    True
    """
    cells = pd.Series(list(values), dtype="object").dropna()
    counts = cells.map(_plain_text).value_counts()
    counts = counts[counts.index != ""]
    n_cells = int(counts.sum())
    if not n_cells:
        return None
    texts = [str(text)[:_LONGEST_VALUE] for text in counts.index]
    for kind, test in _VALUE_TESTS:
        matches = pd.Series([test(text) for text in texts], index=counts.index)
        n_matching = int(counts[matches].sum())
        if n_matching < threshold * n_cells:
            continue
        if kind in ("name", "student_number"):
            found = [text for text, match in zip(texts, matches, strict=True) if match]
            if n_matching < 5 or len(found) < 0.9 * n_matching:
                continue
            if sum(map(_is_date, found)) > 0.9 * len(found):
                continue
        return kind
    return None


def is_personal(header: str, answers: Mapping[str, int], *, typed: bool) -> bool:
    """Tell whether a column holds what identifies people: the only judge of that.

    Parameters
    ----------
    header : str
        What the column asks for.
    answers : mapping of str to int
        Distinct answers and how often each was given.
    typed : bool
        Whether people typed freely.

    Returns
    -------
    bool
        False for a channel that is rated or ticked (电话: 满意) under a header that could ask for
        somebody's own.

    Examples
    --------
    >>> is_personal("手机", {"13912345678": 1, "无": 4}, typed=True)
    True
    >>> is_personal("手机", {"满意": 9, "不满意": 4}, typed=False)
    False
    """
    kind = kind_of_header(header)
    if kind is None:
        # Short typed texts look like names too often; numbers and addresses do not.
        return typed and kind_of_values(islice(answers, _SAMPLE)) not in (None, "name")
    if typed or not answers:
        return True
    if {*answers} == {header.strip()}:
        return False  # an option that was ticked
    is_scale = len(answers) <= _RUNGS and sum(answers.values()) >= 2 * len(answers)
    return kind not in _RATED or not is_scale or kind_of_values(answers) is not None


def _plain_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).strip()


# --- free text -----------------------------------------------------------------------------------

_EDGE = r"(?<![A-Za-z0-9])(?:{})(?![A-Za-z0-9])"
_TITLES = "老师|同学|同志|书记|主任|院长|教授|导师|辅导员|处长|科长|校长|班长|医生|阿姨|师傅"


def _mark(kind: str) -> str:
    return f"【{KINDS[kind][0]}】"


def _mask_ipv6(match: re.Match[str]) -> str:
    text = match.group()
    return _mark("ip") if text.strip(":") and is_ip(text) else text


_MASKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"(?<![A-Za-z0-9_.+-]){_EMAIL}"), _mark("email")),
    (re.compile(r"(?<!\d)[1-9]\d{16}[\dXx](?!\d)"), _mark("id_card")),
    (re.compile(rf"(?<!\d){_PHONE}(?!\d)"), _mark("phone")),
    (re.compile(r"(?i)(?<=qq)([号群码:：是为\s]*)\d{5,12}"), rf"\1{_mark('qq')}"),
    (
        re.compile(
            r"(?i)(微信号?|wechat|(?<![a-z])(?:vx|wx|v信))([:：是为号\s]*)[a-z0-9][\w-]{5,19}",
            re.ASCII,
        ),
        rf"\1\2{_mark('wechat')}",
    ),
    (re.compile(_EDGE.format(_IPV4)), _mark("ip")),
    (re.compile(rf"(?<![A-Za-z0-9:]){_IPV6}(?![A-Za-z0-9:])"), _mask_ipv6),
    (re.compile(rf"(?<!\d){_LANDLINE}(?!\d)"), _mark("phone")),
    (re.compile(r"(学号|工号)([:：是为\s]*)[A-Za-z]{0,4}\d{4,}"), rf"\1\2{_mark('number')}"),
    # Any other long run of digits, also spelt out, may be somebody's number.
    (re.compile(r"[A-Za-z]{0,4}\d{7,}[A-Za-z]?"), _mark("number")),
    (re.compile(r"[〇零一二三四五六七八九幺]{7,}"), _mark("number")),
    (
        re.compile(
            r"((?:我叫|我的名字[是叫]|本人名叫|——)\s*|(?:姓名|联系人|署名|落款|签名)[:：是为叫\s]+)"
            rf"(?:{_HAN}{{2,4}}(?:·{_HAN}{{2,6}})?(?=$|[\s,，.。;；、!！?？()（）])|{_NAME})"
        ),
        rf"\1{_mark('name')}",
    ),
    (re.compile(rf"(我是|本人)({_NAME})(?=$|[\s,，.。;；、!！?？()（）])"), rf"\1{_mark('name')}"),
    (re.compile(rf"(?:{_COMPOUND}|[{_PLAIN}]){_HAN}{{0,2}}?(?={_TITLES})"), _mark("name")),
    # 李堃（学号…）, 辅导员张伟国很负责
    (re.compile(rf"{_NAME}(?=[（(]{_HAN}{{0,4}}[号码话机信箱])"), _mark("name")),
    (
        re.compile(rf"(?<=书记|主任|院长|老师|导师|教授)(?:{_COMPOUND}|[{_PLAIN}]){_HAN}{{2}}"),
        _mark("name"),
    ),
    (re.compile(rf"(?<=辅导员|班主任)(?:{_COMPOUND}|[{_PLAIN}]){_HAN}{{2}}"), _mark("name")),
)


# A user of WeChat as 问卷星 writes the source: 昵称[性别,省,市].
_NICKNAME = re.compile(r".{1,60}\[[^\[\],]{0,9},[^\[\],]{0,20},[^\[\],]{0,20}\]", re.DOTALL)
_WORD = re.compile(rf"{_HAN}+")
_UNITS = frozenset("院系部处科班组室所站队社办校厂店会团委")

OFTEN = 5
"""People from whom on what they answered alike is a word and no name."""


def _mask_known(text: str, known: Collection[str], lengths: list[int]) -> str:
    pieces: list[str] = []
    place = 0
    while place < len(text):
        hit = next((size for size in lengths if text[place : place + size] in known), 0)
        pieces.append("【隐去】" if hit else text[place])
        place += hit or 1
    return "".join(pieces)


def shown(answer: object, n: int = 0) -> str:
    """Give an answer as a message may quote it: nothing that may be somebody's name or number.

    Parameters
    ----------
    answer : object
        As it stands in the file.
    n : int
        How many people answered so.

    Examples
    --------
    >>> shown("其他（王玥 13912345678）"), shown("马院"), shown("白金", 9)
    ('其他（【姓名】 【手机号】）', '马院', '白金')
    """
    text = mask(str(answer))
    if n >= OFTEN:
        return text
    return _WORD.sub(lambda m: _mark("name") if _may_name(m.group()) else m.group(), text)


def _may_name(word: str) -> bool:
    return _IS_NAME(word) and word[-1] not in _UNITS


@overload
def mask(text: str, known: Iterable[str] = ()) -> str: ...
@overload
def mask(text: pd.Series[str], known: Iterable[str] = ()) -> pd.Series[str]: ...
def mask(text: str | pd.Series[str], known: Iterable[str] = ()) -> str | pd.Series[str]:
    """Replace identifiers in free text by what they are, for example ``【手机号】``.

    Parameters
    ----------
    text : str or Series
        Free text; missing values of a Series stay missing.
    known : iterable of str
        Identifiers that the same file states elsewhere (names, student numbers); wherever one
        occurs it becomes ``【隐去】``. Those of one character are ignored.

    Returns
    -------
    str or Series
        The text with full-width letters and digits made half-width. Rather too much is masked
        than too little: any run of seven digits, a family name before a title (张老师).

    Examples
    --------
    >>> mask("我叫张三，电话１３８１２３４５６７８")
    '我叫【姓名】，电话【手机号】'
    >>> mask("请多听听诸葛村夫的意见", known=["诸葛村夫"])
    '请多听听【隐去】的意见'
    """
    words = frozenset(word for item in known if len(word := item.strip()) > 1)
    lengths = sorted({len(word) for word in words}, reverse=True)

    def one(value: str) -> str:
        value = value.translate(_FULL_WIDTH)
        if value.endswith("]") and _NICKNAME.fullmatch(value):
            return _mark("wechat")
        if lengths:
            value = _mask_known(value, words, lengths)
        for pattern, replacement in _MASKS:
            value = pattern.sub(replacement, value)
        return value

    if isinstance(text, str):
        return one(text)
    unique = {value: one(str(value)) for value in text.dropna().unique()}
    return text.map(unique)


def masked_texts(texts: pd.Series[str], known: Iterable[str] = ()) -> pd.Series[str]:
    """Give open answers of the whole university with identifiers masked, in no one's order.

    Parameters
    ----------
    texts : Series
        Open answers; blanks are left out.
    known : iterable of str
        Names, numbers and addresses that the files state in other columns.

    Returns
    -------
    Series
        Sorted by their text, so that their order does not lead back to rows.

    Examples
    --------
    >>> masked_texts(pd.Series(["我叫张三", None, " "])).tolist()
    ['我叫【姓名】']
    """
    written = texts.dropna().astype("str").str.strip()
    masked = mask(written[written != ""], known)
    return masked.sort_values(ignore_index=True)
