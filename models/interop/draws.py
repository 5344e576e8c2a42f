"""The page's random numbers, so that a continued run draws what the page would have drawn.

Threefry-2x32 with 20 rounds (Salmon et al., SC 2011) as in src/math/random.ts; which pictures an update looks
at, what their captions follow and in which order it learns as in src/esper/draws.ts; the noise that samples tokens as in
src/gpu/kernels/sampling/sampling.wgsl. A draw depends on what it is for and on nothing else, so that it does not
matter which process makes it.
"""
import torch

from rollout import outside_top, without_repeats

MASK = 0xFFFFFFFF
ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)
KEY_PARITY = 0x1BD11BDA
PICTURES_STREAM, ORDER_STREAM, QUERY_STREAM = 0xD0000000, 0xC0000000, 0xB0000000


def threefry(key0, key1, counter0, counter1):
    """The first uint32 of a key of two numbers and counters that broadcast: int64 tensors -> int64 tensor."""
    keys = (key0, key1, KEY_PARITY ^ key0 ^ key1)
    x0, x1 = counter0 + keys[0] & MASK, counter1 + keys[1] & MASK
    for turn in range(20):
        x0 = x0 + x1 & MASK
        bits = ROTATIONS[turn % 8]
        x1 = (x1 << bits | x1 >> 32 - bits) & MASK ^ x0
        if turn % 4 == 3:
            injection = (turn + 1) // 4
            x0 = x0 + keys[injection % 3] & MASK
            x1 = x1 + keys[(injection + 1) % 3] + injection & MASK
    return x0


class Random:
    """One stream of a seed, drawn in sequence."""

    def __init__(self, seed, stream):
        self.seed, self.stream, self.counter = seed, stream, 0

    def uniforms(self, count):
        """Floats of 24 bits in [0, 1)."""
        counters = torch.arange(self.counter, self.counter + count)
        self.counter += count
        words = threefry(self.seed, self.stream, counters, torch.zeros_like(counters)).tolist()
        return [(word >> 8) / 0x1000000 for word in words]

    def shuffle(self, items):
        """A shuffled copy (Fisher-Yates)."""
        items = list(items)
        for i, uniform in zip(range(len(items) - 1, 0, -1), self.uniforms(len(items) - 1)):
            j = int(uniform * (i + 1))
            items[i], items[j] = items[j], items[i]
        return items


def picture_rows(seed, update, available, count):
    """Rows of the table that update `update` looks at: a list of `count`."""
    rows = Random(seed, PICTURES_STREAM ^ update).shuffle(range(available))
    return [rows[i % len(rows)] for i in range(count)]


def query_places(seed, update, probabilities, count):
    """Of each picture of update `update`: the place among `probabilities` of what its captions follow."""
    places = []
    for left in Random(seed, QUERY_STREAM ^ update).uniforms(count):
        for place, probability in enumerate(probabilities):
            left -= probability
            if left < 0:
                break
        places.append(place)
    return places


def minibatch_orders(seed, update, batch, epochs):
    """The batch's rows in a new order for each epoch."""
    random = Random(seed, ORDER_STREAM ^ update)
    return [random.shuffle(range(batch)) for _ in range(epochs)]


def gumbel(words):
    """-log of an exponential deviate, float64, from uint32 as the kernel reads them: rounded to float32."""
    x = ((words.float() + 0.5) * 2.0**-32).clamp(max=1 - 2.0**-24).double()
    return -(-torch.log1p(-x)).log()


def sampled(config, query, update, episodes, banned=-1e5):
    """What picks tokens (see rollout.py): argmax of logit / temperature + noise; query [b, Q], `episodes` [b] int64."""

    def pick(logits, columns):
        step = len(columns)
        counters = (episodes.to(logits.device) * config.responseLength + step).unsqueeze(1)
        tokens = torch.arange(logits.shape[1], device=logits.device)
        noise = gumbel(threefry(config.seed, update, counters, tokens))
        logits = logits.masked_fill(outside_top(logits, config.temperature, config.topK, config.topP), banned)
        return (logits / config.temperature + noise.to(logits.dtype)).argmax(1)

    return without_repeats(pick, query, config.noRepeatNgram)
