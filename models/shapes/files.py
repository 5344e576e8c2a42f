"""Where the scripts of this folder read and write; safetensors come from the PyTorch twin beside it."""
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE / ".cache"
OUT = HERE.parent.parent / "public" / "models" / "shapes"
# The PyTorch weights of CLIP; visitors load the graphs, and these only to go on in PyTorch.
CLIP_WEIGHTS = OUT / "clip" / "model.safetensors"

sys.path.append(str(HERE.parent / "reference"))
from safetensors_io import load_safetensors, save_safetensors  # noqa: E402, F401


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
