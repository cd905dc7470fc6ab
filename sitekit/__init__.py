"""The machinery of the Untangled site, in the order that data meets it.

``source`` and ``markup`` read what editors write, ``plugins`` hands it to Pelican, ``links`` proves the output and
``publish`` moves it. See docs/architecture.md for the walls between them.
"""
