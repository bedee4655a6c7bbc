"""Units of talk to clusters: the port, the graph method that is the default, BERTopic beside it.

Pure: vectors and words in, clusters out.
"""
