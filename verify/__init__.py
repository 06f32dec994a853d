"""From Markdown pages to a published site on which every Python block has run.

One module is one step, and imports only steps before it:

    settings → pages → confinement → sessions → records → languages → testing (pytest)
                                                        → faults → showing (Python-Markdown)
                                                                 → policy → audit → publishing → preview

Between records and testing, executors says where programs run. Beside them, workflows checks .github/.
"""
