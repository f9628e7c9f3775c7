"""How answers stand in columns: markers, joined options, and columns that are one question."""
