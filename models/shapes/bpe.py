"""Trains the two byte-pair vocabularies on the world's texts and writes them as Hugging Face does.

GPT-2's (Radford et al. 2019): byte-level, a word carries its leading blank. CLIP's (Radford et al.
2021): lower-cased, a word ends in </w>. Merges are learnt until every word of the world is one token;
a list of other common words fills the vocabulary up to a multiple of 16, of at least 512.
"""
import json
import re
from collections import Counter

from files import CACHE, OUT, write_json

EOT, SOT = "<|endoftext|>", "<|startoftext|>"
# The texts are ASCII, so that Python's classes stand in for \p{L} and \p{N}.
GPT2_PATTERN = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")
CLIP_PATTERN = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[A-Za-z]+|[0-9]|[^\sA-Za-z0-9]+")
OTHER_WORDS = (
    "an and are big bright brown picture photo image of with shows showing what which where this that it "
    "to from two one three white grey gray background near next corner side center dark light blog dialogue "
    "tiny huge shape object drawing painted little here see has have not no yes describes"
).split()
MULTIPLE, LEAST = 16, 512


def bytes_to_unicode():
    """GPT-2's printable stand-in for each byte, in the order of its vocabulary."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in shown]
    pairs = {b: chr(b) for b in shown} | {b: chr(256 + i) for i, b in enumerate(hidden)}
    return pairs


BYTES = bytes_to_unicode()


def spell(word):
    return "".join(BYTES[b] for b in word.encode())


def merge(symbols, pair):
    out = []
    for symbol in symbols:
        if out and (out[-1], symbol) == pair:
            out[-1] += symbol
        else:
            out.append(symbol)
    return tuple(out)


def learn_merges(words, spelling, base, specials):
    """words: Counter, those of OTHER_WORDS with count 0. Returns the merges, most frequent pair first."""
    # Rank by the square root, so that a style's rare words are not last by far.
    spelled = {spelling(word): max(count, 1) ** 0.5 for word, count in words.items()}
    needed = {spelling(word) for word, count in words.items() if count > 0}
    state = {symbols: symbols for symbols in spelled}
    merges = []
    while True:
        whole = all(len(state[symbols]) == 1 for symbols in needed)
        size = base + len(merges) + specials
        if whole and size >= LEAST and size % MULTIPLE == 0:
            return merges
        pairs = Counter()
        for symbols, parts in state.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += spelled[symbols]
        if not pairs:
            raise ValueError("too few words to fill the vocabulary")
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        state = {symbols: merge(parts, best) for symbols, parts in state.items()}


def added(content, index):
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"id": index, "content": content, **flags}


def write_common(folder, vocab, merges, tokenizer, config):
    folder.mkdir(parents=True, exist_ok=True)
    lines = [" ".join(pair) for pair in merges]
    write_json(folder / "vocab.json", vocab)
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(lines) + "\n")
    tokenizer["model"] |= {"type": "BPE", "dropout": None, "fuse_unk": False, "vocab": vocab, "merges": lines}
    head = {"version": "1.0", "truncation": None, "padding": None}
    write_json(folder / "tokenizer.json", head | tokenizer)
    write_json(folder / "tokenizer_config.json", config)
    tokens = {key: value for key, value in config.items() if key.endswith("_token")}
    write_json(folder / "special_tokens_map.json", tokens)


def write_gpt2(folder, merges):
    symbols = [*BYTES.values(), *("".join(pair) for pair in merges), EOT]
    vocab = {symbol: i for i, symbol in enumerate(symbols)}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    tokenizer = {
        "added_tokens": [added(EOT, vocab[EOT])],
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True},
        "model": {"unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": ""},
    }
    config = {
        "add_prefix_space": False,
        "bos_token": EOT,
        "eos_token": EOT,
        "unk_token": EOT,
        "model_max_length": 64,
        "tokenizer_class": "GPT2Tokenizer",
    }
    write_common(folder, vocab, merges, tokenizer, config)


def write_clip(folder, merges):
    ends = [symbol + "</w>" for symbol in BYTES.values()]
    symbols = [*BYTES.values(), *ends, *("".join(pair) for pair in merges), SOT, EOT]
    vocab = {symbol: i for i, symbol in enumerate(symbols)}
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    split = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Removed", "invert": True}
    squeeze = {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}
    tokenizer = {
        "added_tokens": [added(SOT, vocab[SOT]), added(EOT, vocab[EOT])],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, squeeze, {"type": "Lowercase"}]},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [split, {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}],
        },
        "post_processor": {
            "type": "RobertaProcessing",
            "sep": [EOT, vocab[EOT]],
            "cls": [SOT, vocab[SOT]],
            "trim_offsets": False,
            "add_prefix_space": False,
        },
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True},
        "model": {"unk_token": EOT, "continuing_subword_prefix": "", "end_of_word_suffix": "</w>"},
    }
    config = {
        "add_prefix_space": False,
        "do_lower_case": True,
        "bos_token": SOT,
        "eos_token": EOT,
        "unk_token": EOT,
        "pad_token": EOT,
        "model_max_length": 32,
        "tokenizer_class": "CLIPTokenizer",
    }
    write_common(folder, vocab, merges, tokenizer, config)


class Bpe:
    """Encodes as the written tokenizers do; each word's tokens are remembered."""

    def __init__(self, folder):
        tokenizer = json.loads((folder / "tokenizer.json").read_text())
        self.vocab = tokenizer["model"]["vocab"]
        self.ranks = {tuple(line.split(" ")): i for i, line in enumerate(tokenizer["model"]["merges"])}
        self.is_clip = tokenizer["model"]["end_of_word_suffix"] == "</w>"
        self.bytes_of = {symbol: byte for byte, symbol in BYTES.items()}
        self.symbols = {i: symbol for symbol, i in self.vocab.items()}
        self.eot = self.vocab[EOT]
        self.known = {}

    def _word(self, word):
        if word not in self.known:
            parts = tuple(spell(word))
            if self.is_clip:
                parts = (*parts[:-1], parts[-1] + "</w>")
            while len(parts) > 1:
                ranked = [(self.ranks.get(pair, 1 << 30), pair) for pair in zip(parts, parts[1:])]
                rank, best = min(ranked)
                if rank == 1 << 30:
                    break
                parts = merge(parts, best)
            self.known[word] = [self.vocab[part] for part in parts]
        return self.known[word]

    def encode(self, text):
        """GPT-2: <|endoftext|> in the text is its token. CLIP: wrapped in start and end of text."""
        if self.is_clip:
            body = [i for word in CLIP_PATTERN.findall(text.lower()) for i in self._word(word)]
            return [self.vocab[SOT], *body, self.eot]
        ids = []
        for i, part in enumerate(text.split(EOT)):
            ids += [self.eot] * (i > 0)
            ids += [i for word in GPT2_PATTERN.findall(part) for i in self._word(word)]
        return ids

    def decode(self, ids):
        text = "".join(self.symbols[int(i)] for i in ids if int(i) != self.eot)
        return bytes(self.bytes_of[c] for c in text).decode(errors="replace")


def main():
    words = {"gpt2": Counter(), "clip": Counter()}
    for line in (CACHE / "documents.txt").read_text().splitlines():
        for part in line.split(EOT):
            words["gpt2"].update(GPT2_PATTERN.findall(part))
            words["clip"].update(CLIP_PATTERN.findall(part))
    for word in OTHER_WORDS:
        words["gpt2"].setdefault(" " + word, 0)
        words["clip"].setdefault(word, 0)
    merges = learn_merges(words["gpt2"], lambda w: tuple(spell(w)), base=256, specials=1)
    write_gpt2(OUT / "gpt2", merges)
    ended = lambda w: (*spell(w)[:-1], spell(w)[-1] + "</w>")
    write_clip(OUT / "clip", learn_merges(words["clip"], ended, base=512, specials=2))
    for name in words:
        bpe = Bpe(OUT / name)
        print(name, len(words[name]), "words,", len(bpe.vocab), "tokens:", bpe.encode(" a small red circle ."))


if __name__ == "__main__":
    main()
