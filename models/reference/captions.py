"""Writes golden/captions.json: caption metrics of small sets, from the papers' formulas, for src/eval.

Another way than there: n-grams are strings, CIDEr-D's vectors rows of one dense matrix, the longest common
subsequence a recursion. What a text's words are is written down by hand, not tokenized. As the COCO caption
toolkit has it (https://github.com/tylin/coco-caption): BLEU's smoothing of 1e-15 and 1e-9, the shorter of two
equally close references, ROUGE-L's best precision and recall each on its own, an empty text as one empty word in
ROUGE-L, CIDEr-D's lengths in bigrams.

Run: /usr/bin/python3 models/reference/captions.py
"""
import json
import math
import random
from collections import Counter
from functools import lru_cache
from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).parent / "golden" / "captions.json"

# Text, and its words in the toolkit where they are not the text in lower case, parted at blanks.
ODD = [
    (
        ("A man's dog isn't here.", "a man 's dog is n't here"),
        [
            ("The man's dog is not here!", "the man 's dog is not here"),
            ("A dog, not here", "a dog not here"),
            ("", ""),
        ],
    ),
    (("", ""), [("A red bus.", "a red bus")]),
    (("cat", "cat"), [("cat", "cat"), ("a cat", "a cat")]),
    (
        ("the the the the the the the", "the the the the the the the"),
        [("the cat is on the mat", "the cat is on the mat"), ("there is a cat on the mat", None)],
    ),
    (
        ('A "well-lit" room (kitchen) at 5:30 p.m.', "a well-lit room -lrb- kitchen -rrb- at 5:30 p.m."),
        [
            ("a well-lit kitchen at 5:30 p.m., empty", "a well-lit kitchen at 5:30 p.m. empty"),
            ("A kitchen -- lit -- at 5:30", "a kitchen lit at 5:30"),
        ],
    ),
    (
        ("Un café à Zürich costs £5.50 & more…", "un café à zürich costs # 5.50 & more"),
        [("a café in Zürich", "a café in zürich"), ("the café costs 5.50", "the café costs 5.50")],
    ),
    (
        ("see http://example.org/a-b?c=1, then www.example.com.", "see http://example.org/a-b?c=1 then www.example.com"),
        [("see http://example.org/a-b?c=1", None), ("go to www.example.com now", None)],
    ),
    (
        ("1,000 cats and 2/3 of the dogs' bowls", "1,000 cats and 2/3 of the dogs bowls"),
        [("1,000 cats", None), ("two-thirds of the dogs'", "two-thirds of the dogs"), ("bowls", None), ("x", None)],
    ),
    (("I cannot see it!!", "i can not see it !!"), [("you can not see it", None)]),
]


def plain(text, words=None):
    return text, tuple((text.lower() if words is None else words).split())


def odd_set():
    return [(plain(*c), [plain(*r) for r in references]) for c, references in ODD]


def random_set(seed, images, vocabulary, longest, references):
    draw = random.Random(seed)

    def text(shortest=0):
        return plain(" ".join(draw.choices(vocabulary, k=draw.randint(shortest, longest))))

    return [
        (text(), [text(1) for _ in range(draw.randint(*references))])
        for _ in range(images)
    ]


def ngrams(words, n):
    return [" ".join(words[i : i + n]) for i in range(len(words) - n + 1)]


def bleu(texts):
    """BLEU-1 to -4 of a list of (words, [words of references])."""
    words = sum(len(candidate) for candidate, _ in texts)
    closest = sum(
        min((abs(len(r) - len(candidate)), len(r)) for r in references)[1]
        for candidate, references in texts
    )
    scores = []
    logs = 0
    for n in range(1, 5):
        matched = possible = 0
        for candidate, references in texts:
            have = Counter(ngrams(candidate, n))
            allowed = Counter()
            for reference in references:
                allowed |= Counter(ngrams(reference, n))
            matched += sum((have & allowed).values())
            possible += sum(have.values())
        logs += math.log((matched + 1e-15) / (possible + 1e-9))
        ratio = (words + 1e-15) / (closest + 1e-9)
        scores.append(math.exp(logs / n + min(0, 1 - 1 / ratio)))
    return scores


def rouge_l(candidate, references):
    def common(a, b):
        @lru_cache(maxsize=None)
        def lcs(i, j):
            if i == 0 or j == 0:
                return 0
            if a[i - 1] == b[j - 1]:
                return lcs(i - 1, j - 1) + 1
            return max(lcs(i - 1, j), lcs(i, j - 1))

        return lcs(len(a), len(b))

    candidate = candidate or ("",)
    references = [r or ("",) for r in references]
    precision = max(common(candidate, r) / len(candidate) for r in references)
    recall = max(common(candidate, r) / len(r) for r in references)
    if precision * recall == 0:
        return 0.0
    return (1 + 1.2**2) / (1 / recall * 1.2**2 + 1 / precision) if recall else 0.0


def cider_d(texts):
    scores = np.zeros(len(texts))
    for n in range(1, 5):
        everything = [ngrams(words, n) for c, references in texts for words in (c, *references)]
        column = {g: i for i, g in enumerate(sorted({g for text in everything for g in text}))}
        frequency = np.zeros(len(column))
        for _, references in texts:
            for gram in {g for r in references for g in ngrams(r, n)}:
                frequency[column[gram]] += 1
        idf = math.log(len(texts)) - np.log(np.maximum(1, frequency))

        def vector(words):
            row = np.zeros(len(column))
            for gram, count in Counter(ngrams(words, n)).items():
                row[column[gram]] = count
            return row * idf

        for i, (candidate, references) in enumerate(texts):
            v = vector(candidate)
            for reference in references:
                w = vector(reference)
                lengths = np.linalg.norm(v) * np.linalg.norm(w)
                if lengths == 0:
                    continue
                gap = max(0, len(candidate) - 1) - max(0, len(reference) - 1)
                cosine = np.minimum(v, w) @ w / lengths
                scores[i] += 10 / 4 / len(references) * cosine * math.exp(-(gap**2) / (2 * 6**2))
    return scores.tolist()


def distinct(texts):
    result = []
    for n in range(1, 5):
        grams = [g for candidate, _ in texts for g in ngrams(candidate, n)]
        result.append(len(set(grams)) / len(grams) if grams else 0.0)
    return result


def scored(name, images):
    texts = [(candidate[1], [r[1] for r in references]) for candidate, references in images]
    rouges = [rouge_l(*text) for text in texts]
    ciders = cider_d(texts)
    return {
        "name": name,
        "images": [
            {"caption": candidate[0], "references": [r[0] for r in references]}
            for candidate, references in images
        ],
        "set": {
            "bleu": bleu(texts),
            "rougeL": float(np.mean(rouges)),
            "ciderD": float(np.mean(ciders)),
            "distinct": distinct(texts),
            "words": float(np.mean([len(candidate) for candidate, _ in texts])),
        },
        "scores": [
            {"bleu": bleu([text]), "rougeL": rouge, "ciderD": cider}
            for text, rouge, cider in zip(texts, rouges, ciders)
        ],
    }


if __name__ == "__main__":
    few = "red blue cat dog".split()
    many = "a the cat dog man woman runs sits on under red blue big small tree car and with near".split()
    sets = [
        scored("odd texts", odd_set()),
        scored("few words, many repetitions", random_set(1, 12, few, 9, (1, 4))),
        scored("ragged numbers of references", random_set(2, 40, many, 14, (1, 7))),
        scored("a single image", random_set(3, 1, many, 8, (5, 5))),
        scored("no word in common", [(plain("x y z"), [plain("a b")]), (plain("p"), [plain("q r")])]),
    ]
    GOLDEN.write_text(json.dumps({"sets": sets}, ensure_ascii=False, indent=1) + "\n")
