"""Reads and writes .safetensors files: u64 header length, JSON header, raw little-endian tensors.

Format: https://huggingface.co/docs/safetensors (only the dtypes that our models use).
"""
import json
import struct
from pathlib import Path

import numpy as np
import torch

DTYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64, "U8": np.uint8}
NAMES = {torch.float32: "F32", torch.float16: "F16"}
ALIGNMENT = 8


def load_safetensors(path):
    """Name -> tensor; floating tensors come as float32."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    start = 8 + length
    tensors = {}
    for name, entry in header.items():
        low, high = entry["data_offsets"]
        flat = np.frombuffer(data[start + low : start + high], DTYPES[entry["dtype"]])
        tensor = torch.from_numpy(flat.copy()).reshape(entry["shape"])
        tensors[name] = tensor.float() if tensor.is_floating_point() else tensor
    return tensors


def save_safetensors(path, tensors, metadata=None):
    """Writes the tensors in the order given; `metadata` maps strings to strings."""
    header, chunks, offset = {}, [], 0
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in tensors.items():
        tensor = tensor.detach().contiguous()
        raw = tensor.numpy().tobytes()
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(raw)],
        }
        chunks.append(raw)
        offset += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))
