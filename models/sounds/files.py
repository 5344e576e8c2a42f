"""Where the scripts of this folder read and write, and where Python finds what worlds share: import it first."""
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "worlds"))
from world_files import folders  # noqa: E402

CACHE, OUT = folders("sounds")
# The PyTorch weights of CLAP stay here: what the page loads is to stay under 3 MB.
CLAP_WEIGHTS = CACHE / "clap.safetensors"
