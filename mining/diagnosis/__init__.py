"""Agency, responsiveness and connectivity of an event with their ranges, and the events of a programme side by side."""
