"""What a new password must not be."""

import pytest

from cinema.accounts.password_rules import check_new_password
from cinema.core.errors import Invalid

ANNA = ["karenina", "anna.arkadyevna@example.com", "Анна", "O'Neill", " Vronskaya ", None, ""]


def refusals(password: str, *, least: int = 12, field: str = "password") -> list[tuple[str, str]]:
    """The field and the code that Anna is refused `password` with; none for a good one."""
    try:
        check_new_password(password, least=least, own=ANNA, field=field)
    except Invalid as refused:
        return [(error.field, error.code) for error in refused.errors]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "пароль из нескольких слов",
        "  spaces count here  ",
        "🎬🎥🍿🎞📽 twelve",
        "line\nbreak\tand\u2028more",
        "anne is no Anna's name",
        "abcde" * 200 + "🎬" * 24,  # 1,024 characters
    ],
)
def test_any_unicode_is_a_password(password: str) -> None:
    assert refusals(password) == []


@pytest.mark.parametrize("least", [8, 12, 128])
def test_the_shortest_password_has_as_many_characters_as_the_setting_says(least: int) -> None:
    password = ("пятёрка🎬" * 20)[:least]
    assert refusals(password, least=least) == []
    assert refusals(password[1:], least=least) == [("password", "too-short")]


def test_the_message_says_how_many_characters_it_takes() -> None:
    with pytest.raises(Invalid) as refused:
        check_new_password("short", least=15, own=[])
    assert refused.value.errors[0].message == "needs at least 15 characters"


@pytest.mark.parametrize(
    "password", ["password1234", "PassWord1234", "1q2w3e4r5t6y", "ｑｗｅｒｔｙ123456", "counterstrike"]
)
def test_a_common_password_is_refused_in_any_case(password: str) -> None:
    assert refusals(password) == [("password", "too-common")]


def test_a_password_that_merely_holds_a_common_one_is_none_of_them() -> None:
    assert refusals("my password1234") == []


@pytest.mark.parametrize("password", ["x" * 200, " " * 12, "ababababababab", "🎬🎥🍿🎞" * 4, "1234" * 5])
def test_a_password_of_fewer_than_five_different_characters_is_refused(password: str) -> None:
    assert refusals(password) == [("password", "too-simple")]


def test_five_different_characters_are_enough() -> None:
    assert refusals("edcbaedcbaedcba") == []


@pytest.mark.parametrize(
    "password",
    [
        "karenina and Vronsky",
        "KARENINA, 1877",
        "ｋａｒｅｎｉｎａ 1877",
        "I am anna.arkadyevna",
        "the one and only анна",
        "АННААННА и ещё",
        "o'neill was here",
        "Vronskaya-1877",
    ],
)
def test_a_password_does_not_contain_its_owners_name(password: str) -> None:
    assert refusals(password) == [("password", "contains-own-name")]


@pytest.mark.parametrize("own", ["ann", "a@example.com", "Li", " Li ", "@example.com"])
def test_a_name_of_three_letters_may_occur_in_a_password(own: str) -> None:
    check_new_password("planning a brilliant example", least=12, own=[own])


def test_the_domain_of_an_address_is_nobodys_name() -> None:
    assert refusals("a good example.com password") == []


def test_the_refusal_names_the_field_it_was_asked_about() -> None:
    assert refusals("short", field="new_password") == [("new_password", "too-short")]
