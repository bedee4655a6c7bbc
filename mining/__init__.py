"""From utterances to themes across groups.

Read the files in the order of the flow: passages (units of talk first), material, embedder (openvino_, sentence_),
embeddings, off_topic, clusterer (graph_ with communities, segments, grains; bertopic_), finding, trust, kinds, lineage,
curation, labels, statements, perspectives, themes, conclusion, storing, pipeline; then what pages and files read:
reading, account, export, reports. Knows nothing of pages.
"""
