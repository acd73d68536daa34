"""From which age people decide for themselves about their data, by country.

The numbers are those that member states chose under Article 8(1) of the GDPR, and those of neighbours with such a
law; where nothing is known the strictest holds.
"""

ADULT = 18
STRICTEST = 16
AGE_OF_CONSENT = {
    "AT": 14, "BE": 13, "BG": 14, "CY": 14, "CZ": 15, "DE": 16, "DK": 15, "EE": 13, "ES": 14, "FI": 13, "FR": 15,
    "GB": 13, "GR": 15, "HR": 16, "HU": 16, "IE": 16, "IS": 13, "IT": 14, "LI": 16, "LT": 14, "LU": 16, "LV": 13,
    "MT": 13, "NL": 16, "NO": 13, "PL": 16, "PT": 13, "RO": 16, "SE": 13, "SI": 15, "SK": 16, "US": 13,
}  # fmt: skip


def age_of_consent(country: str) -> int:
    """Return the age, in years, from which no guardian is needed in a country, named by its ISO 3166-1 code."""
    return AGE_OF_CONSENT.get(country.upper(), STRICTEST)
