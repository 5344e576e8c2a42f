"""What a world's towers are trained on, as arrays."""
import numpy as np

from world_files import read_lines


def training_data(inputs, path, each, encode_texts, kernel):
    """Of the scenes at `path` (JSON lines) as many as there are `inputs`, and of their texts the first `each`.

    kernel: the world's kernel.py.
    -> inputs [N..], texts [N, each, CONTEXT], text_phi [N, each, ·], phi [N, ·], classes [N, ·]
    """
    lines = read_lines(path, len(inputs))
    texts = [text for line in lines for text in line["texts"][:each]]
    ids = encode_texts([text["text"] for text in texts])
    phi = np.stack([kernel.phi_of_text(text["reading"], text["fluency"]) for text in texts])
    return {
        "inputs": inputs,
        "texts": ids.reshape(len(lines), each, ids.shape[1]),
        "text_phi": phi.reshape(len(lines), each, phi.shape[1]),
        "phi": np.stack([kernel.phi_of_scene(line["scene"]) for line in lines]),
        "classes": np.array([kernel.classes(line["scene"]) for line in lines]),
    }
