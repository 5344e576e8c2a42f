"""Which attributes of a scene a text names right: src/worlds/shapes/{reading,attributes}.ts in Python.

An attribute counts only if the text names its value and no other value of it for that object.
"""
import re

SHAPES = "circle square triangle star heart cross diamond ring".split()
COLOURS = "red orange yellow green blue purple pink black".split()
SIZES = "small large".split()
PLACES = "top left|top|top right|left|middle|right|bottom left|bottom|bottom right".split("|")
OPPOSITE = {"above": "below", "below": "above", "left of": "right of", "right of": "left of"}
OF_OBJECT = ("colour", "shape", "size")


def read_text(text):
    """(mentions, places, relations) in the order of the text; a mention is a dict of attributes."""
    words = re.findall("[a-z]+", text.lower())
    mentions, places, relations, mention = [], [], [], {}

    def close():
        nonlocal mention
        if mention:
            mentions.append(mention)
        mention = {}

    i = 0
    while i < len(words):
        word, pair = words[i], " ".join(words[i : i + 2])
        step = 1
        if word in SIZES:
            mention["size"] = word
        elif word in COLOURS:
            mention["colour"] = word
        elif word in SHAPES:
            mention["shape"] = word
            close()
        elif pair in OPPOSITE or word in OPPOSITE:
            close()
            relations.append(pair if pair in OPPOSITE else word)
            step = len(relations[-1].split())
        elif pair in PLACES or word in PLACES:
            close()
            places.append(pair if pair in PLACES else word)
            step = len(places[-1].split())
        i += step
    close()
    return mentions, places, relations


def _only(values, wanted):
    named = [value for value in values if value is not None]
    return bool(named) and all(value == wanted for value in named)


def _compare(scene_object, mention):
    return [(name, mention.get(name) == scene_object[name]) for name in OF_OBJECT]


def attributes_named(scene, text):
    """[(attribute, right)]: four of a scene of one object, seven of a scene of two."""
    mentions, places, relations = read_text(text)
    if scene["kind"] == "one":
        named = [(n, _only([m.get(n) for m in mentions], scene["object"][n])) for n in OF_OBJECT]
        return [*named, ("place", _only(places, scene["place"]))]
    first, second = [*mentions, {}, {}][:2]
    readings = []
    # The text may speak of either object first: the reading that agrees more counts.
    for one, other, relation in (
        (first, second, scene["relation"]),
        (second, first, OPPOSITE[scene["relation"]]),
    ):
        named = _compare(scene["first"], one) + _compare(scene["second"], other)
        readings.append([*named, ("relation", _only(relations, relation))])
    return max(readings, key=lambda reading: sum(right for _, right in reading))
