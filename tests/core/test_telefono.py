"""Phones: reading, one form, showing no more than needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import PhoneInvalidError
from bot.core.telefono import mask_telefono, parse_telefono

MOBILE = "+56912345678"
mobiles = st.from_regex(r"9[0-9]{8}", fullmatch=True)
phones = st.one_of(
    mobiles.map("+56{}".format), st.from_regex(r"\+(?!56|9\d{8}\Z)[1-9][0-9]{7,14}", fullmatch=True)
)
gaps = st.lists(st.sampled_from(["", " ", "-", ".", "\u00a0"]), min_size=8, max_size=8)


@pytest.mark.parametrize(
    "text",
    [
        "+56912345678",
        "+56 9 1234 5678",
        "56912345678",
        "0056 9 1234 5678",
        "+0056 9 1234 5678",
        "056 9 1234 5678",
        "912345678",
        "9 1234 5678",
        "09 1234 5678",
        "(9) 1234-5678",
        "+56 (9) 1234.5678",
        " 9\t1234\u00a05678 ",
    ],
)
def test_a_chilean_mobile_as_people_type_it(text: str) -> None:
    """With country code or without, spaced in any way, it is one number."""
    assert parse_telefono(text) == MOBILE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "hola",
        "1234 5678",
        "812345678",
        "2 2345 6789",
        "+56 2 2345 6789",
        "+56 32 234 5678",
        "91234567",
        "9123456789",
        "+5691234567",
        "+569123456789",
        "5491112345678",
        "+0 9123 4567",
        "++56912345678",
        "+56912345678 anexo 3",
        "９１２３４５６７８",
        "9 1234 5678\n9 8765 4321",
        "+1234567",
        "+1234567890123456",
    ],
)
def test_what_is_no_phone_is_refused(text: str) -> None:
    """Landlines, digits too few or too many, other scripts, a foreign number without its +."""
    with pytest.raises(PhoneInvalidError):
        parse_telefono(text)


@pytest.mark.parametrize("text", ["+54 9 11 1234-5678", "+1 (415) 555-2671", "+34 612 345 678"])
def test_other_countries(text: str) -> None:
    """With + and country code they are kept as they are."""
    assert parse_telefono(text) == "+" + "".join(filter(str.isdigit, text))


@pytest.mark.parametrize("text", ["+912345678", "+9 1234 5678", "+09 1234 5678"])
def test_a_plus_without_the_country_code(text: str) -> None:
    """It names another country than is meant: no code goes to a guess."""
    with pytest.raises(PhoneInvalidError):
        parse_telefono(text)


@given(mobiles, gaps)
def test_gaps_do_not_matter(mobile: str, gaps: list[str]) -> None:
    """Wherever somebody puts spaces, dots and dashes."""
    spaced = mobile[0] + "".join(gap + digit for gap, digit in zip(gaps, mobile[1:], strict=True))
    assert parse_telefono(spaced) == parse_telefono(f"+56{spaced}") == f"+56{mobile}"


@given(st.one_of(st.text(max_size=20), st.text("+0569 -.()", max_size=16)))
def test_arbitrary_text_is_a_phone_or_refused(text: str) -> None:
    """No text breaks the reader, what it gives it reads again, and a + keeps its country."""
    try:
        phone = parse_telefono(text)
    except PhoneInvalidError:
        return
    assert parse_telefono(phone) == phone
    assert phone.isascii()
    if text.strip().startswith("+"):
        assert "".join(filter(str.isdigit, text)).lstrip("0").startswith(phone[1:3])


def test_a_masked_phone_is_recognised() -> None:
    """Its owner knows it by the last four digits."""
    assert mask_telefono(MOBILE) == "+56 9 •••• 5678"


@given(phones)
def test_a_masked_phone_cannot_be_told(phone: str) -> None:
    """Four digits or more are hidden, of short foreign numbers too, and how many is not shown."""
    masked = mask_telefono(phone)
    shown = sum(map(str.isdigit, masked))
    assert shown <= len(phone) - 1 - 4
    assert masked.count("•") == 4
    assert masked.startswith(phone[:3])
