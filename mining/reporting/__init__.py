"""What leaves the house as a file: the picture of an event, the sponsor's report, the book of proceedings."""
