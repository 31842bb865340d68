"""How event classes look, everywhere and always, as the templates read it."""

from trova_widgets.figures.colour import CLASS_COLOURS, CLASS_SHAPES, OTHER_CLASS, OTHER_SHAPE

#: Colour and shape of each class, and under "" those of any other class and of none.
MARKS: dict[str, list[str]] = {
    **{slug: [colour, CLASS_SHAPES[slug]] for slug, colour in CLASS_COLOURS.items()},
    "": [OTHER_CLASS, OTHER_SHAPE],
}
