import pytest

pytestmark = [pytest.mark.browser, pytest.mark.alone]


def test_what_a_function_of_the_page_returns_comes_back(firefox_page):
    assert firefox_page.evaluate("async (words) => words.toUpperCase()", "habari") == "HABARI"


def test_what_a_function_of_the_page_throws_is_raised(firefox_page):
    with pytest.raises(RuntimeError, match="nothing is null"):
        firefox_page.evaluate("async (nothing) => nothing.length", None)
