"""The page on the user's own computer: from dropping the file to handing on the report.

``server`` starts it and ``opening`` opens it; ``guard`` lets nobody else in; ``app`` has its
addresses, ``answering`` what they have in common, ``general``, ``steps``, ``arrival`` and
``results`` what they show and do, ``office`` what they know of a survey. The work on files is done
by `survey.project` in processes of their own: the page computes nothing.
"""
