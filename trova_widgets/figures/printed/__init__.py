"""Views of results for paper, drawn without a browser: figure data in, a Matplotlib figure out.

Each module draws one view. Whatever is drawn has its key on it: what colour means and in which unit, which cells cannot
be told from the best, and where there is no result.
"""
