"""Every address of the site, asked by everybody: what each of them gets stands in access.tsv, cell by cell.

A row is a method, a route as the resolver knows it, and the status that each role gets: `anonymous` is a new browser,
`owner` has an account and all that the route names, `other` has an account too, `moderator` and `admin` are staff with
a second factor. Functions are asked with GET and POST, classes of the API with whatever they answer. A row that is
missing or wrong is printed as it is found: look at it, then put it where it belongs.
"""

from copy import deepcopy
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.voicecollect import everybody
from tests.voicecollect.everybody import ROLES, address, asked

TABLE = Path(__file__).with_name("access.tsv")


def status(browser, method, path):
    """Ask, and undo whatever that did."""
    cache.clear()  # which counts requests
    cookies = deepcopy(browser.cookies)
    with transaction.atomic():
        answer = browser.generic(method, path)
        answer.close()
        transaction.set_rollback(True)
    browser.cookies = cookies
    return str(answer.status_code)


def row_of(browsers, things, method, route):
    return "\t".join(
        [method, route, *(status(browsers[role], method, address(route, things)) for role in ROLES)]
    )


@pytest.mark.django_db
def test_everybody_gets_at_every_address_what_the_table_says():
    browsers = everybody.browsers()
    things = everybody.things(browsers)
    written = {tuple(line.split("\t")[:2]): line for line in TABLE.read_text().splitlines()[1:]}
    wrong = [f"this row is of no route: {method} {route}" for method, route in written.keys() - set(asked())]
    for method, route in asked():
        found = row_of(browsers, things, method, route)
        if found != written.get((method, route)):
            wrong.append(f"{found}   instead of   {written.get((method, route), 'a row, which is missing')}")
        assert " 50" not in found.replace("\t", " "), found
    assert not wrong, "\n".join(wrong)


def test_every_route_stands_once():
    lines = TABLE.read_text().splitlines()
    assert lines[0].split("\t") == ["method", "route", *ROLES]
    keys = [tuple(line.split("\t")[:2]) for line in lines[1:]]
    assert len(keys) == len(set(keys))
