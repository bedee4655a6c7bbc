"""From utterances to themes across groups.

Read the files in the order of the flow: passages, embedder (sentence_), embeddings, clusterer (graph_, bertopic_),
themes, perspectives, pipeline, export, tasks, cli. Knows nothing of pages.
"""
