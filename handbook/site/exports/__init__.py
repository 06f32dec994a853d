"""What the site offers besides pages: programs, notebooks, Markdown, decks, feeds, pictures.

Written into the finished site before it is audited, so that a link to any of it is checked.
"""
