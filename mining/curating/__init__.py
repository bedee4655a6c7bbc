"""Themes over time: what people decided about them, and how they are known again by later runs and events."""
