import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.words import words
from survey import identifiers
from survey.identifiers import is_id_card, is_ip, kind_of_header, kind_of_values, mask


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("1、姓 名", "name"),
        ("姓名", "name"),
        ("名称", "name"),
        ("1.您的姓名是？", "name"),
        ("支部书记姓名", "name"),
        ("班级+姓名", "name"),
        ("2、请输入收货信息：—收货人姓名：", "name"),
        ("What is your name?", "name"),
        ("RecipientFirstName", "name"),
        ("2、您的学号（必填）", "student_number"),
        ("Student ID", "student_number"),
        ("第3题(工号)", None),
        ("3、工号", "staff_number"),
        ("手机", "phone"),
        ("电话:", "phone"),
        ("请留下您的手机号码，以便联系", "phone"),
        ("如愿意，请填写联系方式(选填)", "phone"),
        ("Ｅ－ｍａｉｌ", "email"),
        ("Email Address", "email"),
        ("4、电子邮箱*", "email"),
        ("身份证号码", "id_card"),
        ("微信昵称", "wechat"),
        ("openid", "wechat"),
        ("来自IP", "ip"),
        ("IPAddress", "ip"),
        ("QQ号", "qq"),
        ("用户名", "account"),
        ("Nombre", "name"),
        ("¿Cuál es su nombre?", "name"),
        ("Nama Lengkap", "name"),
        ("Prénom", "name"),
        ("Votre nom", "name"),
        ("Ihr Vorname", "name"),
        ("ФИО", "name"),
        ("氏名", "name"),
        ("이름", "name"),
        ("Correo electrónico", "email"),
        ("Téléphone", "phone"),
        ("Nomor HP", "phone"),
        ("電話番号", "phone"),
        ("NIM", "student_number"),
        ("姓名学院班级", "name"),
        ("手机号微信同号", "phone"),
        ("请留下您的姓名和手机号码以便回访", "name"),
        ("聯絡電話", "phone"),
        ("2、請填寫您的手機號碼：", "phone"),
        ("行動電話", "phone"),
        ("緊急聯絡方式", "phone"),
        ("電子郵件", "email"),
        ("電子信箱（選填）", "email"),
        ("請輸入真實姓名", "name"),
        ("聯絡人", "name"),
        ("學號", "student_number"),
        ("職工號", "staff_number"),
        ("身份證號碼", "id_card"),
        ("微信暱稱", "wechat"),
        ("家庭地址/通訊地址", "address"),
        ("銀行賬號", "account"),
    ],
)
def test_headers_that_ask_for_an_identifier_are_recognised(header, kind):
    assert kind_of_header(header) == kind


@pytest.mark.parametrize(
    "header",
    [
        "您所在的党支部",
        "您對電話服務的滿意度",
        "您是否願意留下聯絡方式",
        "支部名称",
        "总分",
        "序号",
        "提交答卷时间",
        "5、您对电话服务的满意度",
        "3、您对以下服务的满意度—校园邮箱",
        "3、您平时使用的沟通工具—邮箱",
        "您是否愿意留下联系方式",
        "您使用的手机品牌",
        "您对本支部联系群众的方式是否满意",
        "8、您的身份",
        "9、您的其他意见和建议",
        "您对在课堂上使用手机有什么看法",
        "请谈谈手机银行、微信公众号还有哪些不便",
        "您希望学校增设哪些电话热线",
        "手机使用时长",
        "Nomenclature",
        "Nombre de enfants por hogar",
        "姓名权保护情况",
        "ID",
        "",
    ],
)
def test_ordinary_questions_are_not_taken_for_identifiers(header):
    assert kind_of_header(header) is None


def test_id_card_check_digit_catches_every_changed_digit():
    valid = "11010519491231002X"
    assert is_id_card(valid)
    assert is_id_card(" 11010519491231002x ")
    changed = [
        valid[:place] + digit + valid[place + 1 :]
        for place in range(17)
        for digit in "0123456789"
        if digit != valid[place]
    ]
    assert not any(map(is_id_card, changed))


@pytest.mark.parametrize(
    "text", ["1.2.3.4", "114.212.0.9(江苏-南京)", "::1", "2001:da8::1(国外-未知)"]
)
def test_ip_addresses_as_platforms_write_them(text):
    assert is_ip(text)


@pytest.mark.parametrize("text", ["1.2.3", "256.1.1.1", "12:30:15", "", "1.2.3.4.5"])
def test_other_dotted_or_coloned_text_is_no_ip(text):
    assert not is_ip(text)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["13812345678", "139 1234 5678", "+86 13712345678", None, ""], "phone"),
        ([13812345678.0, 13912345678.0, float("nan")], "phone"),
        (["a@b.cn", "c.d@e.edu.cn", "没有"], "email"),
        (["11010519491231002X"], "id_card"),
        (["1.2.3.4(江苏-南京)", "2001:da8::1"], "ip"),
        ([f"MG20{i:06d}" for i in range(30)], "student_number"),
        ([f"2021{i:05d}" for i in range(30)], "student_number"),
        (["张伟", "王芳", "欧阳修远", "李娜", "刘洋", "赵敏"], "name"),
    ],
)
def test_columns_are_recognised_by_their_cells(values, kind):
    assert kind_of_values(values) == kind


@pytest.mark.parametrize(
    "values",
    [
        [],
        [None, "", " "],
        ["非常满意", "满意", "一般", "不满意", "非常不满意"] * 4,
        ["5", "4", "3"] * 9,
        ["2021/5/26 12:00:03", "2021/5/26 12:01:03"],
        ["100秒", "231秒"],
        ["20010101", "20020202", "20030303", "19991231", "20050505"],  # dates, not numbers
        ["10000001"] * 20,  # one code for many people is no person's number
        ["第一党支部", "第二党支部", "机关党支部"] * 3,
        ["食堂太贵了", "没有", "希望多组织活动", "13812345678"],
    ],
)
def test_ordinary_columns_are_not_taken_for_identifiers(values):
    assert kind_of_values(values) is None


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫张三", "我叫【姓名】"),
        ("姓名：纳兰性德。", "姓名：【姓名】。"),
        ("我是王小明。", "我是【姓名】。"),
        ("联系人：欧阳锋，电话138-1234-5678", "联系人：【姓名】，电话【手机号】"),
        ("张老师很好，任课老师也好", "【姓名】老师很好，任课老师也好"),
        ("感谢李书记和王小二老师", "感谢【姓名】书记和【姓名】老师"),
        ("１３８１２３４５６７８", "【手机号】"),
        ("一三八一二三四五六七八", "【号码】"),
        ("发到zhang.san@nju.edu.cn谢谢", "发到【邮箱】谢谢"),
        ("11010519491231002X", "【身份证号】"),
        ("110105194912310021", "【身份证号】"),
        ("加我vx:hello123", "加我vx:【微信】"),
        ("QQ群：12345678", "QQ群：【QQ号】"),
        ("从1.2.3.4或2001:da8::1访问", "从【IP】或【IP】访问"),
        ("学号MG1234", "学号【号码】"),
    ],
)
def test_identifiers_in_free_text_are_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "我是党员",
        "我是一名研究生，希望多组织活动",
        "食堂太贵，一份15.50元，8:00-12:00才开",
        "满意度99.5%，2023年12月1日起",
        "建议::多听意见",
        "任课老师和班主任都很好",
        "",
    ],
)
def test_harmless_text_is_left_as_it_is(text):
    assert mask(text) == text


def test_known_identifiers_are_masked_wherever_they_occur():
    texts = pd.Series(["请帮助诸葛村夫", None, "满意", "请帮助诸葛村夫"], index=[3, 1, 2, 9])
    masked = mask(texts, known=["诸葛村夫", "诸葛", " ", "好"])
    assert masked.index.tolist() == [3, 1, 2, 9]
    assert masked[3] == masked[9] == "请帮助【隐去】"
    assert pd.isna(masked[1])
    assert masked[2] == "满意"


digits = st.text("0123456789", min_size=8, max_size=8)
surroundings = st.text("我的电话是，。！:： 谢谢", max_size=6)


@given(st.sampled_from("3456789"), digits, digits, surroundings, surroundings)
def test_no_phone_number_survives_masking(second, middle, rest, before, after):
    phone = f"1{second}{middle[:1]}{rest}"
    for written in (phone, f"{phone[:3]}-{phone[3:7]}-{phone[7:]}", f"+86 {phone}"):
        masked = mask(f"{before}{written}{after}")
        assert phone not in masked
        assert phone[-4:] not in masked


@given(st.text())
def test_masking_never_fails_and_masking_again_changes_nothing(text):
    once = mask(text)
    assert mask(once) == once


def test_every_kind_that_is_returned_has_a_name():
    assert set(words().personal.values()) <= set(identifiers.KINDS)
    assert {kind for kind, _ in identifiers._VALUE_TESTS} <= set(identifiers.KINDS)


@pytest.mark.parametrize(
    ("header", "answers", "typed", "personal"),
    [
        ("Phone", {"Phone": 30}, False, False),
        ("手机", {"满意": 20, "不满意": 4}, False, False),
        ("邮箱", {"1": 20, "0": 14}, False, False),
        ("手机", {"13912345678": 1, "13812345678": 1}, True, True),
        ("手机", {"13912345678": 12, "13812345678": 11}, False, True),
        ("姓名", {"王玥": 20, "李堃": 14}, False, True),
        ("姓名", {}, False, True),
        ("您对使用手机上课的看法", {"很好": 1, "不好": 1}, True, False),
        ("如何联系您", {"13912345678": 1, "13812345678": 1}, True, True),
    ],
)
def test_columns_of_people_s_own_data(header, answers, typed, personal):
    assert identifiers.is_personal(header, answers, typed=typed) is personal


@pytest.mark.parametrize(
    ("answer", "n", "quoted"),
    [
        ("张三", 1, "【姓名】"),
        ("其他（赵铁柱 13912345678）", 1, "其他（【姓名】 【手机号】）"),
        ("其他-欧阳锋", 2, "其他-【姓名】"),
        ("机械学院党支部", 1, "机械学院党支部"),
        ("马院", 1, "马院"),
        ("文学系", 1, "文学系"),
        ("非常满意", 1, "非常满意"),
        ("白金卡", 9, "白金卡"),
        ("学号 MG2012345", 9, "学号 【号码】"),
    ],
)
def test_what_a_message_may_quote(answer, n, quoted):
    assert identifiers.shown(answer, n) == quoted


@pytest.mark.parametrize("text", ["春风[男,江苏,南京]", "小 明[女,,]", "a_b[未知,国外,未知]"])
def test_a_user_of_wechat_in_the_source_is_masked(text):
    assert mask(text) == "【微信】"
    assert mask(f"{text}的意见") != "【微信】"


@pytest.mark.parametrize(
    "text",
    [
        *("a" * 10**5, "1 " * 50_000, "123456 " * 10_000, "a." * 50_000, "微信号" * 30_000),
        *("——" * 50_000, "我叫" * 50_000, "(" * 10**5, "是" * 10**5, "qq号" * 30_000),
        *(
            "a@" * 50_000,
            "1:" * 50_000,
            "王" * 10**5,
            "[" * 10**5,
            "姓名：" * 30_000,
            "a-" * 50_000,
        ),
    ],
)
def test_long_texts_take_no_long_time(text):
    began = time.process_time()
    mask(text)
    kind_of_header(text)
    kind_of_values([text])
    assert time.process_time() - began < 1
