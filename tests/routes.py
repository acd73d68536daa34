"""An address for every route that there is, for tests that hold all of them to something."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern

SAMPLES = {
    "locale": "en",
    "number": "1.0",
    "tag": "en",
    "app_label": "accounts",
    "int": "1",
    "uuid": str(UUID(int=1)),
}
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


def paths(patterns: list[Any], before: str = "/") -> Iterator[str]:
    """Yield an address for every route below the patterns."""
    for pattern in patterns:
        path = before + sample(str(pattern.pattern), isinstance(pattern.pattern, RegexPattern))
        if isinstance(pattern, URLPattern):
            yield path
        else:
            yield from paths(pattern.url_patterns, path)


def sample(route: str, is_expression: bool) -> str:
    """Fill in the parameters of a route, given as a path or as a regular expression."""
    if is_expression:
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).strip("^$")
        route = route.replace(r"\d+\.\d+", "1.0").replace(r"[\s\S]*", "nowhere").replace("\\", "")
    return PARAMETER.sub(lambda found: SAMPLES.get(found["name"]) or SAMPLES.get(found["kind"]) or "x", route)


ROUTES = sorted(set(paths(get_resolver().url_patterns)))
