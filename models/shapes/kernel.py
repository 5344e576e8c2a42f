"""What a cosine should be: an explicit map φ of scenes and of texts, graded by shared attributes.

Every attribute is a centred one-hot vector (unit length, others at −1/(n−1)), weighted, so that a
scene has unit length, a wrong value lowers the cosine by its attribute's weight and unrelated texts
come out near 0. Two objects: sum and difference of the upper/left and the lower/right one, so that
naming one object alone earns part, and naming both in the right roles all.
"""
import numpy as np

import files  # noqa: F401 (finds what worlds share)
from embedding import centred, of_length

SHAPES = ["circle", "square", "triangle", "star", "heart", "cross", "diamond", "ring"]
COLOURS = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "black"]
SIZES = ["small", "large"]
PLACES = ["top left", "top", "top right", "left", "middle", "right", "bottom left", "bottom", "bottom right"]

ONE = {"colour": 0.3, "shape": 0.3, "size": 0.15, "place": 0.25}
TWO = {"colour": 0.15, "shape": 0.15, "size": 0.08, "relation": 0.24}  # the first three for each object
VALUES = {"colour": COLOURS, "shape": SHAPES, "size": SIZES}


TABLE = {name: centred(len(values)) for name, values in VALUES.items()}
LANE, AXIS = centred(3), centred(2)
SLICES, DIMENSIONS = {}, 0
for _key, _n in [("colour", 8), ("shape", 8), ("size", 2), ("row", 3), ("column", 3)] + [
    ("colour-", 8), ("shape-", 8), ("size-", 2), ("axis", 2)
]:
    SLICES[_key] = slice(DIMENSIONS, DIMENSIONS + _n)
    DIMENSIONS += _n


def value_vector(name, value):
    return TABLE[name][VALUES[name].index(value)]


def phi_one(mentions, places):
    """Values that are named several times over are averaged."""
    phi = np.zeros(DIMENSIONS, dtype=np.float32)
    for name in VALUES:
        named = [value_vector(name, m[name]) for m in mentions if m.get(name)]
        if named:
            phi[SLICES[name]] = np.sqrt(ONE[name]) * np.mean(named, 0)
    for place in places:
        row, column = divmod(PLACES.index(place), 3)
        scale = np.sqrt(ONE["place"] / 2) / len(places)
        phi[SLICES["row"]] += scale * LANE[row]
        phi[SLICES["column"]] += scale * LANE[column]
    return phi


def roles(first, second, relation):
    """-> (upper or left, lower or right, 0 for vertical or 1 for horizontal)"""
    leads = relation in ("above", "left of")
    upper, lower = (first, second) if leads else (second, first)
    return upper, lower, 0 if relation in ("above", "below") else 1


def phi_two(first, second, relation):
    phi = np.zeros(DIMENSIONS, dtype=np.float32)
    upper, lower, axis = roles(first, second, relation)
    for name in VALUES:
        for m, sign in ((upper, 1), (lower, -1)):
            if m.get(name):
                vector = np.sqrt(TWO[name] / 2) * value_vector(name, m[name])
                phi[SLICES[name]] += vector
                phi[SLICES[name + "-"]] += sign * vector
    phi[SLICES["axis"]] = np.sqrt(TWO["relation"]) * AXIS[axis]
    return phi


def phi_of_scene(scene):
    """Unit length."""
    if scene["kind"] == "one":
        return phi_one([scene["object"]], [scene["place"]])
    return phi_two(scene["first"], scene["second"], scene["relation"])


def phi_of_text(reading, fluency):
    """Length `fluency`, or 0 for a text that names nothing; the cosine to ask for is φ(text)·φ(scene)."""
    mentions = reading["mentions"]
    if reading["relations"] and mentions:
        second = mentions[1] if len(mentions) > 1 else {}
        phi = phi_two(mentions[0], second, reading["relations"][0])
    else:
        phi = phi_one(mentions, reading["places"])
    return of_length(phi, fluency)


# Classes that the auxiliary head tells from the picture: (name, number), -100 where not defined.
HEADS = [("kind", 2), ("colour", 8), ("shape", 8), ("size", 2), ("place", 9)] + [
    ("colour2", 8), ("shape2", 8), ("size2", 2), ("axis", 2)
]


def classes(scene):
    """One class for each of HEADS; for two objects the first four speak of the upper or left one."""
    if scene["kind"] == "one":
        upper, rest = scene["object"], [PLACES.index(scene["place"]), -100, -100, -100, -100]
    else:
        upper, lower, axis = roles(scene["first"], scene["second"], scene["relation"])
        rest = [-100, *(VALUES[name].index(lower[name]) for name in VALUES), axis]
    return [int(scene["kind"] == "two"), *(VALUES[name].index(upper[name]) for name in VALUES), *rest]
