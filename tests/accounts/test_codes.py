"""Recovery codes: random, forgiving about how they are typed, strict about what they are."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import codes

CODE = "HKQ2-07VZ-9M4T-XWB1-" + "3R8"  # and the check sign, which the tests work out


def whole(code=CODE):
    [last] = [sign for sign in codes.SIGNS if codes.read(code + sign)]
    return code + last


def test_a_new_code_is_long_enough_and_reads_as_itself():
    code = codes.new()
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4, 4]
    assert codes.read(code) == code.replace("-", "")
    assert len({codes.new() for _ in range(100)}) == 100


WAYS = [
    str.lower,
    lambda code: code.replace("-", ""),
    lambda code: code.replace("-", " \u2013 "),
    lambda code: f"\u200f {code}\n",
    lambda code: code.replace("0", "O").replace("1", "l"),
    lambda code: code.replace("1", "I"),
    lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    lambda code: code.translate({ord(sign): ord(sign) + 0xFEE0 for sign in codes.SIGNS}),
]


@pytest.mark.parametrize("way", WAYS)
def test_how_it_is_typed_does_not_matter(way):
    assert codes.read(way(whole())) == whole().replace("-", "")


def test_every_single_wrong_sign_is_found():
    signs = whole().replace("-", "")
    for place, sign in itertools.product(range(codes.LENGTH), codes.SIGNS):
        changed = signs[:place] + sign + signs[place + 1 :]
        assert (codes.read(changed) is None) == (sign != signs[place])


def test_any_two_signs_that_changed_places_are_found():
    signs = list(whole().replace("-", ""))
    for one, other in itertools.combinations(range(codes.LENGTH), 2):
        changed = signs.copy()
        changed[one], changed[other] = changed[other], changed[one]
        assert (codes.read("".join(changed)) is None) == (changed != signs)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read_or_not_but_never_breaks(typed):
    signs = codes.read(typed)
    assert signs is None or (len(signs) == codes.LENGTH and set(signs) <= set(codes.SIGNS))
