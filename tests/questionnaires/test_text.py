import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import normalise


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("计算机学院 研究生第三党支部", "计算机学院研究生第三党支部"),
        ("机械（一）支部", "机械(一)支部"),
        ("１班", "1班"),
        ("“满意”", "满意。"),
        ("【满意】", "满意"),
        ("满\u200b意\ufeff", " 满\xa0意\n"),
        ("Very Satisfied", "very satisfied"),
        ("总体满意度：", "*总体满意度"),
    ],
)
def test_spellings_of_one_name_agree(left, right):
    assert normalise(left) == normalise(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("-3", "3"), ("第一党支部", "第二党支部"), ("(一)支部(二)", "一支部二"), ("满意", "不满意")],
)
def test_different_names_stay_different(left, right):
    assert normalise(left) != normalise(right)


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_no_blank_is_left(text):
    assert not any(char.isspace() for char in normalise(text))
