"""How numbers and days are written, where Django says nothing or writes them as in English."""
