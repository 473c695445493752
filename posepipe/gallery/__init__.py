"""``posepipe gallery``: contact sheets, and one HTML page to browse all poses of an output folder.

``selection`` chooses rows, ``folder`` writes files, ``sheets`` draws the contact sheets, and ``page`` writes the page
from the sources beside it: ``page.html``, ``page.css``, ``*.js``.
"""
