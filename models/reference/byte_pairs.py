"""Byte-pair encoding as GPT-2 and CLIP do it, from vocab.json and merges.txt of a Hugging Face folder.

The originals split words by \\p{L} and \\p{N}; the bundled world's texts are plain ASCII.
"""
import json
import math
import re
from pathlib import Path

END = "<|endoftext|>"
GPT2_WORDS = re.compile(
    r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+"
)
CLIP_WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[a-z]+|[0-9]|[^\sa-z0-9]+")


def printable_bytes():
    """GPT-2's printable stand-in for each byte."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {byte: chr(byte) for byte in shown} | {b: chr(256 + i) for i, b in enumerate(hidden)}


class Merges:
    """Merges the symbols of a word, lowest rank first, and looks the results up."""

    def __init__(self, folder):
        folder = Path(folder)
        self.vocab = json.loads((folder / "vocab.json").read_text())
        lines = (folder / "merges.txt").read_text().splitlines()
        pairs = [tuple(line.split()) for line in lines if line and not line.startswith("#version")]
        self.ranks = {pair: rank for rank, pair in enumerate(pairs)}
        self.cache = {}

    def ids(self, symbols):
        if symbols not in self.cache:
            parts = list(symbols)
            while len(parts) > 1:
                pairs = list(zip(parts, parts[1:]))
                best = min(pairs, key=lambda pair: self.ranks.get(pair, math.inf))
                if best not in self.ranks:
                    break
                at = pairs.index(best)
                parts[at : at + 2] = ["".join(best)]
            self.cache[symbols] = [self.vocab[part] for part in parts]
        return self.cache[symbols]


class Gpt2Tokenizer:
    """Byte-level; a word carries its leading blank."""

    def __init__(self, folder):
        self.merges, self.bytes = Merges(folder), printable_bytes()
        self.end = self.merges.vocab[END]
        self.words = {i: word for word, i in self.merges.vocab.items()}
        self.unprintable = {character: byte for byte, character in self.bytes.items()}

    def encode(self, text):
        ids = []
        for index, part in enumerate(text.split(END)):
            if index > 0:
                ids.append(self.end)
            for word in GPT2_WORDS.findall(part):
                ids += self.merges.ids(tuple(self.bytes[byte] for byte in word.encode()))
        return ids

    def decode(self, ids):
        """The text without end-of-text."""
        characters = "".join(self.words[i] for i in ids if i != self.end)
        return bytes(self.unprintable[c] for c in characters).decode(errors="replace")


class ClipTokenizer:
    """Lower-cased, a word ends in </w>; framed by start- and end-of-text and cut at the context."""

    def __init__(self, folder, context):
        self.merges, self.context = Merges(folder), context
        self.bytes = printable_bytes()
        self.start, self.end = self.merges.vocab["<|startoftext|>"], self.merges.vocab[END]

    def _ids(self, word):
        symbols = [self.bytes[byte] for byte in word.encode()]
        return self.merges.ids((*symbols[:-1], symbols[-1] + "</w>"))

    def encode(self, text):
        ids = [i for word in CLIP_WORDS.findall(text.lower()) for i in self._ids(word)]
        return [self.start, *ids[: self.context - 2], self.end]
