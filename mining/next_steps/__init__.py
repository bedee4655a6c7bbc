"""Commitments found in talk, confirmed by groups, carried to the next event, and their dates as calendars."""
