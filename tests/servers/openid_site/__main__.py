"""Run the provider: the port, then the names of people who can sign in there."""

import os
import sys

import django


def main(port: int, people: list[str]) -> None:
    django.setup()
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.core.servers.basehttp import run
    from django.core.wsgi import get_wsgi_application

    from tests.servers.openid import CLIENT_ID, CLIENT_SECRET, PASSWORD

    call_command("migrate", verbosity=0)
    for name in people:
        user = User.objects.create_user(name, f"{name}@example.org", PASSWORD)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client(
        id=CLIENT_ID, name=CLIENT_ID, scopes="openid\nprofile\nemail", skip_consent=True,
        redirect_uris=os.environ["PROVIDER_CALLBACK"],
    )  # fmt: skip
    client.set_secret(CLIENT_SECRET)
    client.save()
    run("127.0.0.1", port, get_wsgi_application(), threading=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
