"""Reads and writes .safetensors files with torch alone: u64 header length, JSON header, raw little-endian tensors.

Format: https://huggingface.co/docs/safetensors (only the dtypes that our models use).
"""
import ctypes
import json
import struct
import sys
from pathlib import Path

import torch

NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.uint8: "U8"}
DTYPES = {name: dtype for dtype, name in NAMES.items()}
ALIGNMENT = 8


def read_safetensors(path):
    """Name -> tensor, and the metadata: string -> string; floating tensors come as float32."""
    assert sys.byteorder == "little", "safetensors are little-endian, this machine is not"
    data = bytearray(Path(path).read_bytes())
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    start = 8 + length
    tensors = {}
    for name, entry in header.items():
        low, high = entry["data_offsets"]
        dtype = DTYPES[entry["dtype"]]
        # A copy of its own, so that every tensor is aligned and none keeps the file.
        flat = torch.frombuffer(data[start + low : start + high], dtype=dtype) if high > low else torch.empty(0, dtype=dtype)
        tensor = flat.reshape(entry["shape"])
        tensors[name] = tensor.float() if tensor.is_floating_point() else tensor
    return tensors, metadata


def load_safetensors(path):
    """Name -> tensor; floating tensors come as float32."""
    return read_safetensors(path)[0]


def save_safetensors(path, tensors, metadata=None):
    """Writes the tensors in the order given; `metadata` maps strings to strings."""
    header, chunks, offset = {}, [], 0
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in tensors.items():
        tensor = tensor.detach().cpu().contiguous()
        raw = ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size())
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
