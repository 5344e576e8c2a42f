"""Where the scripts of this folder read and write, and where Python finds what worlds share: import it first."""
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "worlds"))
from world_files import folders  # noqa: E402

CACHE, OUT = folders("shapes")
# The PyTorch weights of CLIP; visitors load the graphs, and these only to go on in PyTorch.
CLIP_WEIGHTS = OUT / "clip" / "model.safetensors"
