"""Measures the bundled CLIP on held-out scenes and prints the tables of the model card (Markdown).

Accuracy is zero-shot, as Radford et al. 2021 do it: the best of the full captions that differ from the
true one in one attribute only. The cosine tables replace attributes by random wrong values.
"""
import numpy as np
import torch
import torch.nn.functional as F

from clip_data import encode_texts, load_lines, load_pictures, trim
from clip_model import Clip, normalise_pixels
from kernel import COLOURS, PLACES, SHAPES, SIZES

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


@torch.no_grad()
def embed_texts(clip, texts):
    """-> unit [N, E]; each text once."""
    unique = sorted(set(texts))
    row = {text: i for i, text in enumerate(unique)}
    chunks = [clip.text_unit(torch.from_numpy(trim(encode_texts(unique[i : i + 512])))) for i in range(0, len(unique), 512)]
    return torch.cat(chunks)[[row[text] for text in texts]]


@torch.no_grad()
def embed_pictures(clip, pictures, raw=False):
    """uint8 [N, 64, 64, 3] -> [N, E], of unit length unless `raw`."""
    parts = [clip.vision(normalise_pixels(torch.from_numpy(pictures[i : i + 250]))) for i in range(0, len(pictures), 250)]
    return torch.cat(parts) if raw else F.normalize(torch.cat(parts), dim=-1)


def accuracy(clip, images, values, name):
    options = [[full_caption(v | {name: value}) for value in domain(name)] for v in values]
    texts = embed_texts(clip, [text for row in options for text in row]).view(len(values), len(domain(name)), -1)
    best = (texts * images[:, None]).sum(-1).argmax(1).tolist()
    return np.mean([domain(name)[i] == v[name] for i, v in zip(best, values)])


def with_wrong(v, count, rng):
    names = rng.permutation(list(v))[:count]
    return v | {name: rng.choice([x for x in domain(name) if x != v[name]]) for name in names}


def cosines(clip, images, texts):
    return (embed_texts(clip, texts) * images).sum(-1)


def shuffled(text, rng):
    return " ".join(rng.permutation(text.split()))


def stuttering(text, rng):
    words = text.split()
    return " ".join(word for word in words for _ in range(rng.integers(1, 3)))


def row(name, cos):
    return f"| {name} | {cos.mean():.3f} | {cos.std():.3f} |"


def main():
    clip = Clip.load()
    rng = np.random.default_rng(51)
    lines = load_lines("eval")
    images = embed_pictures(clip, load_pictures("eval"))
    kinds = {kind: [i for i, line in enumerate(lines) if line["scene"]["kind"] == kind] for kind in ("one", "two")}
    print("| scenes | attribute | accuracy |\n|---|---|---|")
    for kind, rows in kinds.items():
        values = [flat(lines[i]["scene"]) for i in rows]
        for name in values[0]:
            print(f"| {kind} ({len(rows)}) | {name} | {accuracy(clip, images[rows], values, name):.3f} |")
    print("\n| attributes named right | cosine | deviation |\n|---|---|---|")
    for kind, rows in kinds.items():
        values = [flat(lines[i]["scene"]) for i in rows]
        total = len(values[0])
        for right in range(total + 1):
            texts = [full_caption(with_wrong(v, total - right, rng)) for v in values]
            print(row(f"{right} of {total}", cosines(clip, images[rows], texts)))
    captions = [line["caption"] for line in lines]
    sets = {
        "true captions": captions,
        "true, full": [line["full"] for line in lines],
        "another scene's caption": captions[1:] + captions[:1],
        "true, words shuffled": [shuffled(text, rng) for text in captions],
        "true, words doubled": [stuttering(text, rng) for text in captions],
        "true, said twice": [f"{text} {text}" for text in captions],
        "keywords": [line["full"].replace("a ", "").replace("at the ", "").replace(" .", "") for line in lines],
    }
    print("\n| text | cosine | deviation |\n|---|---|---|")
    for name, texts in sets.items():
        print(row(name, cosines(clip, images, texts)))


if __name__ == "__main__":
    main()
