"""How a language tag stands in an address."""

from django.urls.converters import StringConverter


class TagConverter(StringConverter):
    """Letters, digits and hyphens, at most 35: nothing that could be a path or trouble a database."""

    regex = "[A-Za-z0-9][A-Za-z0-9-]{0,34}"
