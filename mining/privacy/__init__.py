"""What alumni and sponsors may see: views made from nothing, quotes of consented rooms, hidden cells that cannot be
worked out."""
