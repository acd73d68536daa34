"""What the provider says in its tokens: the truth, but of impostors."""

from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter


class Sayings(DefaultOIDCAdapter):
    """Tokens of "impostor" come from another issuer, those of "stray" are for another site."""

    def populate_id_token(self, id_token: dict[str, Any], client: Any, scopes: Any, **more: Any) -> None:
        """Forge what the person's name asks for."""
        name = id_token.get("preferred_username") or more["user"].get_username()
        if name == "impostor":
            id_token["iss"] = "http://elsewhere.example"
        if name == "stray":
            id_token["aud"] = "another-site"
