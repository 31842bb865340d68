"""Views of results for a page: figure data in, SVG text out, in pixels, with what a pointer finds there.

What stands for a combination has it in ``data-at`` (its place in the grid, ``2,0,1``), and what says something of its
own in ``data-say``: a page reads both where a pointer rests, and picks the combination on a click. Colours of texts and
lines are the page's: ``var(--trova-soft)``, ``var(--trova-line)``; in a document without them they are grey.
"""
