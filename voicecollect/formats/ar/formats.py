"""Arabic: the day stands before the month, also where a time follows."""

DATETIME_FORMAT = "j F، Y، G:i"
SHORT_DATETIME_FORMAT = "d\u200f/m\u200f/Y G:i"
