"""From Markdown pages to a published site on which every Python block has run.

One module is one step, and imports only steps before it:

    settings → pages → sessions → records → languages → testing (pytest)
                                          → showing (Python-Markdown) → audit → publishing
"""
