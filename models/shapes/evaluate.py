"""Prints the tables of the model card of CLIP: see models/worlds/report.py."""
import torch

from files import CACHE
from clip_data import encode_texts, load_pictures, prepare, trim
from clip_model import Clip
from kernel import COLOURS, PLACES, SHAPES, SIZES
from report import Report, unit_rows
from world_files import read_lines

RELATIONS = ["above", "below", "left of", "right of"]
ONE = {"colour": COLOURS, "shape": SHAPES, "size": SIZES, "place": PLACES}
OBJECT = {"colour": COLOURS, "shape": SHAPES, "size": SIZES}


def place_phrase(place):
    return "in the middle" if place == "middle" else f"{'on' if place in ('left', 'right') else 'at'} the {place}"


def noun(o):
    return f"a {o['size']} {o['colour']} {o['shape']}"


def full_caption(v):
    """From flat values, {colour, shape, size, place} or {colour1, .., relation, colour2, ..}."""
    if "place" in v:
        return f"{noun(v)} {place_phrase(v['place'])} ."
    first, second = ({name: v[f"{name}{i}"] for name in OBJECT} for i in (1, 2))
    return f"{noun(first)} {v['relation']} {noun(second)} ."


def flat(scene):
    if scene["kind"] == "one":
        return scene["object"] | {"place": scene["place"]}
    values = {"relation": scene["relation"]}
    for i, key in ((1, "first"), (2, "second")):
        values |= {f"{name}{i}": scene[key][name] for name in OBJECT}
    return values


def domain(name):
    return RELATIONS if name == "relation" else ONE[name.rstrip("12")]


def main():
    clip = Clip.load()
    lines = read_lines(CACHE / "eval.jsonl")
    report = Report(lambda texts: clip.text(torch.from_numpy(trim(encode_texts(texts)))), domain, full_caption)
    units = unit_rows(lambda part: clip.vision(prepare(part)), load_pictures("eval"))
    report.print(units, [flat(line["scene"]) for line in lines], lines)


if __name__ == "__main__":
    main()
