"""The OpenAPI document."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_the_document_is_made_without_a_warning_and_names_every_route(client, tmp_path):
    path = tmp_path / "schema.yaml"
    call_command("spectacular", file=str(path), validate=True, fail_on_warn=True)
    for route in ("/api/v1/recordings/{take_id}", "/api/v1/{locale}/clips/{clip_id}/votes"):
        assert route in path.read_text()
    assert client.get("/api/v1/schema").status_code == 200
