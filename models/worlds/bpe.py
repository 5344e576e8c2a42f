"""Byte-pair encoding as the vocabularies of the bundled models have it: learning merges, and encoding.

GPT-2's and RoBERTa's (Radford et al. 2019; Liu et al. 2019): byte-level, a word carries its leading
blank. CLIP's (Radford et al. 2021): lower-cased, a word ends in </w>. Merges are learnt until every word
of the world is one token; other common words fill the vocabulary up to a multiple of 16, of at least 512.
"""
import json
import re
from collections import Counter

EOT, SOT = "<|endoftext|>", "<|startoftext|>"
BOS, PAD, EOS, UNK, MASK = "<s>", "<pad>", "</s>", "<unk>", "<mask>"
# The texts are ASCII, so that Python's classes stand in for \p{L} and \p{N}.
GPT2_PATTERN = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")
CLIP_PATTERN = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[A-Za-z]+|[0-9]|[^\sA-Za-z0-9]+")
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
    """words: Counter; those that only fill the vocabulary up with count 0. Returns the merges, most frequent pair first.

    Where the words run out before the size is a round one, the vocabulary ends with them.
    """
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
            return merges
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        state = {symbols: merge(parts, best) for symbols, parts in state.items()}


class Bpe:
    """Encodes as the written tokenizers do; each word's tokens are remembered."""

    def __init__(self, folder):
        tokenizer = json.loads((folder / "tokenizer.json").read_text())
        self.vocab = tokenizer["model"]["vocab"]
        self.ranks = {tuple(line.split(" ")): i for i, line in enumerate(tokenizer["model"]["merges"])}
        self.is_clip = tokenizer["model"]["end_of_word_suffix"] == "</w>"
        self.is_roberta = BOS in self.vocab
        self.bytes_of = {symbol: byte for byte, symbol in BYTES.items()}
        self.symbols = {i: symbol for symbol, i in self.vocab.items()}
        self.eot = self.vocab[EOS if self.is_roberta else EOT]
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

    def _words(self, text):
        return [i for word in GPT2_PATTERN.findall(text) for i in self._word(word)]

    def encode(self, text):
        """GPT-2: <|endoftext|> in the text is its token. CLIP, RoBERTa: wrapped in start and end of text."""
        if self.is_clip:
            body = [i for word in CLIP_PATTERN.findall(text.lower()) for i in self._word(word)]
            return [self.vocab[SOT], *body, self.eot]
        if self.is_roberta:
            return [self.vocab[BOS], *self._words(text), self.eot]
        ids = []
        for i, part in enumerate(text.split(EOT)):
            ids += [self.eot] * (i > 0)
            ids += self._words(part)
        return ids

    def decode(self, ids):
        text = "".join(self.symbols[int(i)] for i in ids if int(i) != self.eot)
        return bytes(self.bytes_of[c] for c in text).decode(errors="replace")
