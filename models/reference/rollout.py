"""Sampling responses with a KV cache (esper.md, One rollout batch, point 2).

What picks the next tokens is a function of logits [B, V] and the tokens so far, a list of [B].
"""
import torch

from policy import BANNED, behind


def outside_top(logits, temperature, top_k, top_p):
    """Where tokens are left out: top_k tokens are more likely, or more likely ones have top_p of the probability.

    logits [B, V] -> bool [B, V]. Tokens of one logit stay or go together; top_k 0 and top_p 1 leave all.
    """
    values, order = logits.sort(1, descending=True)
    # Of equal logits the first one's place counts for all: what is more likely lies before it.
    first = torch.searchsorted(-values, -values)
    probability = (values / temperature).softmax(1)
    mass = (probability.cumsum(1) - probability).gather(1, first)
    outside = torch.zeros_like(first, dtype=torch.bool)
    if top_k > 0:
        outside |= first >= top_k
    if top_p < 1:
        outside |= (first > 0) & (mass >= top_p)
    return torch.zeros_like(outside).scatter(1, order, outside)


def drawn(temperature, generator, top_k=0, top_p=1.0):
    def pick(logits, _):
        kept = logits
        if top_k > 0 or top_p < 1:
            kept = logits.masked_fill(outside_top(logits, temperature, top_k, top_p), BANNED)
        return torch.multinomial((kept / temperature).softmax(1), 1, generator=generator)[:, 0]

    return pick


def greedy(logits, _):
    return logits.argmax(1)


def repeated(context, n):
    """Tokens that would repeat an n-gram of `context`, a list."""
    tail = context[len(context) - n + 1 :]
    return {context[i + n - 1] for i in range(len(context) - n + 1) if context[i : i + n - 1] == tail}


def without_repeats(pick, query, n):
    """`pick` among tokens that repeat no n-gram of query [B, Q] and response; all of them where n is 0."""
    queries = query.tolist()

    def picked(logits, columns):
        responses = torch.stack(columns, 1).tolist() if columns else [[] for _ in queries]
        banned = torch.zeros_like(logits, dtype=torch.bool)
        for row, context in enumerate(map(list.__add__, queries, responses)):
            banned[row, list(repeated(context, n))] = True
        return pick(logits.masked_fill(banned, BANNED), columns)

    return picked if n > 0 else pick


@torch.no_grad()
def sample(lm, prefix, query, length, min_response, pick):
    """prefix [B, P, D], deep [B, P, N, 2, D] or None, query [Q] or [B, Q], without a prefix [B, Q] -> tokens [B, T],
    padded with end-of-text, and lengths [B].

    A row ends at end-of-text, which counts as a token of the response.
    """
    query = torch.as_tensor(query)
    batch = len(query if prefix is None else prefix)
    hidden, cache = behind(lm, prefix, lm.wte[query].expand(batch, -1, -1))
    done = torch.zeros(batch, dtype=torch.bool, device=hidden.device)
    columns, lengths = [], torch.zeros(batch, dtype=torch.long, device=hidden.device)
    for step in range(length):
        logits = lm.logits(hidden[:, -1])
        if step < min_response:
            logits[:, lm.eos] = BANNED
        token = pick(logits, columns).masked_fill(done, lm.eos)
        lengths += ~done
        done = done | (token == lm.eos)
        columns.append(token)
        if step + 1 < length:
            hidden, cache = lm.forward(lm.wte[token].unsqueeze(1), cache)
    return torch.stack(columns, 1), lengths


def valid_mask(lengths, length):
    """1 where a token belongs to its response: lengths [B] -> [B, T]."""
    return (torch.arange(length, device=lengths.device) < lengths.unsqueeze(1)).double()
