"""What a cosine should be: an explicit map φ of scenes and of texts, graded by shared attributes.

Every attribute is a centred one-hot vector, weighted, so that a scene has unit length, a wrong value
lowers the cosine by its attribute's weight and unrelated texts come out near 0.
"""
import numpy as np

import files  # noqa: F401 (finds what worlds share)
from embedding import centred, of_length

VALUES = {
    "instrument": ["flute", "clarinet", "trumpet", "violin", "organ", "harp", "bell", "drum"],
    "pitch": ["low", "medium", "high"],
    "melody": ["rising", "falling", "steady"],
    "rhythm": ["once", "twice", "slowly", "quickly", "unevenly"],
}
WEIGHTS = {"instrument": 0.3, "pitch": 0.2, "melody": 0.22, "rhythm": 0.28}

TABLES = {name: centred(len(values)) for name, values in VALUES.items()}
# Classes that the auxiliary head tells from the sound: (name, number).
HEADS = [(name, len(values)) for name, values in VALUES.items()]


def phi(values):
    """{attribute: values named} -> [19]; values that are named several times over are averaged."""
    parts = []
    for name, all_values in VALUES.items():
        named = [TABLES[name][all_values.index(value)] for value in values[name]]
        mean = np.mean(named, 0) if named else np.zeros(len(all_values))
        parts.append(np.sqrt(WEIGHTS[name]) * mean)
    return np.concatenate(parts).astype(np.float32)


def phi_of_scene(scene):
    """Unit length."""
    return phi({name: [value] for name, value in scene.items()})


def phi_of_text(reading, fluency):
    """Length `fluency`, or 0 for a text that names nothing; the cosine to ask for is φ(text)·φ(scene)."""
    return of_length(phi(reading), fluency)


def classes(scene):
    return [VALUES[name].index(scene[name]) for name in VALUES]
