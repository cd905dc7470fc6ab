"""Drawings made at build time: pure functions from plain values to inline SVG.

Shapes carry classes and nothing else; color, line width and font come from the style sheet, so a drawing follows light, night,
forced colors and print. Whatever a drawing says by color it also says by shape.
"""
