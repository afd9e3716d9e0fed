"""What each language calls the things that the grammar knows, as data."""
