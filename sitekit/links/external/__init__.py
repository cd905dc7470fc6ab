"""Links to other sites: asked politely, judged with patience, remembered between runs.

Nothing here is imported by a check of the site itself; ``run.check_external`` is the entrance, and loads the HTTP client.
"""
