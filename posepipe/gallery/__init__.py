"""``posepipe gallery``: contact sheets, and one HTML page to browse all poses of an output folder.

``selection`` chooses rows, ``folder`` is where all is written, ``sheets`` draws the contact sheets, ``page`` writes the
page, whose own source lies beside it: ``page.html``, ``page.css``, ``*.js``.
"""
