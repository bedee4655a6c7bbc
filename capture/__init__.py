"""From recordings and transcript files to masked utterances in the database.

Read the files in the order of the flow: events, recordings, media, audio, transcriber (whisper_, sphinx_),
transcript_files, redaction, transcripts, jobs, tasks, cli. Knows nothing of themes or pages.
"""
