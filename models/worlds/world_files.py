"""Where a bundled world's scripts read and write; safetensors come from the PyTorch twin."""
import json
import sys
from pathlib import Path

MODELS = Path(__file__).parent.parent

sys.path.append(str(MODELS / "reference"))
from safetensors_io import load_safetensors, save_safetensors  # noqa: E402, F401


def folders(world):
    """-> (what training reads and leaves, what the page loads)"""
    return MODELS / world / ".cache", MODELS.parent / "public" / "models" / world


def read_lines(path, limit=None):
    """JSON lines, the first `limit` of them."""
    with path.open() as file:
        return [json.loads(line) for line, _ in zip(file, range(limit or 1 << 40))]


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
