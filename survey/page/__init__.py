"""The page on the user's own computer: from dropping the file to handing on the report.

``server`` starts it and ``opening`` opens it; ``guard`` lets nobody else in; ``app`` is its pages,
``desk`` what they know of a survey, ``jobs`` and ``child`` the work on files, in processes of
their own. It computes nothing and words nothing that the library computes or words.
"""
