"""Writes vocabularies as Hugging Face repositories have them: GPT-2's, CLIP's, RoBERTa's."""
from collections import Counter

from bpe import BOS, BYTES, CLIP_PATTERN, EOS, EOT, GPT2_PATTERN, MASK, PAD, SOT, UNK, Bpe, learn_merges, spell
from world_files import write_json

CONTEXT = 32  # tokens that a text tower takes


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
        "model_max_length": CONTEXT,
        "tokenizer_class": "CLIPTokenizer",
    }
    write_common(folder, vocab, merges, tokenizer, config)


def write_roberta(folder, merges):
    special = [BOS, PAD, EOS, UNK]
    symbols = [*special, *BYTES.values(), *("".join(pair) for pair in merges), MASK]
    vocab = {symbol: i for i, symbol in enumerate(symbols)}
    tokenizer = {
        "added_tokens": [added(token, vocab[token]) for token in (*special, MASK)],
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
        "post_processor": {
            "type": "RobertaProcessing",
            "sep": [EOS, vocab[EOS]],
            "cls": [BOS, vocab[BOS]],
            "trim_offsets": True,
            "add_prefix_space": False,
        },
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True},
        "model": {"unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": ""},
    }
    config = {
        "add_prefix_space": False,
        "bos_token": BOS,
        "cls_token": BOS,
        "eos_token": EOS,
        "mask_token": MASK,
        "pad_token": PAD,
        "sep_token": EOS,
        "unk_token": UNK,
        "model_max_length": CONTEXT,
        "processor_class": "ClapProcessor",
        "tokenizer_class": "RobertaTokenizer",
    }
    write_common(folder, vocab, merges, tokenizer, config)


def spell_clip(word):
    return (*spell(word)[:-1], spell(word)[-1] + "</w>")


# name: (words of a text, spelling, symbols before the first merge, special tokens, writer, what a word starts with)
KINDS = {
    "gpt2": (GPT2_PATTERN, lambda word: tuple(spell(word)), 256, 1, write_gpt2, " "),
    "clip": (CLIP_PATTERN, spell_clip, 512, 2, write_clip, ""),
    "roberta": (GPT2_PATTERN, lambda word: tuple(spell(word)), 256, 5, write_roberta, " "),
}


def make_vocabulary(kind, folder, texts, other_words):
    """Learns from `texts` what they hold and `other_words` to fill up, and writes tokenizer files to `folder`."""
    pattern, spelling, base, specials, write, start = KINDS[kind]
    words = Counter()
    for text in texts:
        words.update(pattern.findall(text))
    for word in other_words:
        words.setdefault(start + word, 0)
    write(folder, learn_merges(words, spelling, base, specials))
    print(kind, len(words), "words,", len(Bpe(folder).vocab), "tokens")
