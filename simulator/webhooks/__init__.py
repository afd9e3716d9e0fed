"""How Meta tells a business what happened: signed, at least once, in no promised order."""
