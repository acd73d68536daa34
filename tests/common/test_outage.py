"""Faults of the servers behind the site: "try again" for people and programs, and no 500."""

import pytest
from botocore.exceptions import EndpointConnectionError
from django.db import OperationalError
from django.test import Client
from django.urls import path
from rest_framework.views import APIView

from common import outage

FAULTS = {
    "database": OperationalError("server closed the connection"),
    "store": EndpointConnectionError(endpoint_url="http://store"),
    "disk": OSError(28, "No space left on device"),
    "bug": ValueError("ours"),
}


class Route(APIView):
    authentication_classes = []
    permission_classes = []

    def get(self, request, name):
        raise FAULTS[name]


def page(request, name):
    raise FAULTS[name]


urlpatterns = [path("api/<name>", Route.as_view()), path("page/<name>", page)]
handler500 = outage.fault


@pytest.fixture
def visitor(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("name", ["database", "store", "disk"])
def test_programs_are_told_to_try_again(visitor, name):
    answer = visitor.get(f"/api/{name}")
    assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (503, "5", "busy")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["database", "store", "disk"])
def test_people_are_told_to_try_again(visitor, name):
    answer = visitor.get(f"/page/{name}")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "try again" in answer.content.decode()


@pytest.mark.parametrize("way", ["api", "page"])
def test_a_fault_of_ours_stays_one(visitor, way):
    answer = visitor.get(f"/{way}/bug")
    assert answer.status_code == 500
    assert "Retry-After" not in answer
