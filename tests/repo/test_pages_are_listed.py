"""No page escapes the tests that look at every page."""

from uuid import UUID

from django.urls import URLPattern, get_resolver, resolve

from tests.browser.accounts import ACCOUNT_PAGES
from tests.browser.pages import NO_PAGES, PAGES

BELOW_THE_INTERFACE = "en/"


def routes(resolver, prefix=""):
    """Return all routes below a resolver, each with its whole pattern."""
    for each in resolver.url_patterns:
        pattern = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield pattern, each.name
        else:
            yield from routes(each, pattern)


def test_every_page_is_in_the_list():
    pages = [*PAGES.values(), *ACCOUNT_PAGES.values()]
    paths = [path.format(receipt=1, sentence=UUID(int=1)).partition("?")[0] for path in pages]
    listed = {resolve(f"/en/{path}").url_name for path in paths}
    there = {name for pattern, name in routes(get_resolver()) if pattern.startswith(BELOW_THE_INTERFACE)}
    assert there - listed - NO_PAGES == set(), "a line in tests/browser/pages.py is missing"
    assert there >= NO_PAGES, "tests/browser/pages.py names a route that is gone"
