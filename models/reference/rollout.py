"""Sampling responses with a KV cache (esper.md, One rollout batch, point 2).

What picks the next tokens is a function of logits [B, V] and the tokens so far, a list of [B].
"""
import torch

from policy import BANNED


def drawn(temperature, generator):
    return lambda logits, _: torch.multinomial((logits / temperature).softmax(1), 1, generator=generator)[:, 0]


def greedy(logits, _):
    return logits.argmax(1)


@torch.no_grad()
def sample(lm, prefix, query, length, min_response, pick):
    """prefix [B, P, D], query [Q] or [B, Q] -> tokens [B, T], padded with end-of-text, and lengths [B].

    A row ends at end-of-text, which counts as a token of the response.
    """
    batch = prefix.shape[0]
    queries = lm.wte[torch.as_tensor(query)].expand(batch, -1, -1)
    hidden, cache = lm.forward(torch.cat([prefix, queries], 1))
    done = torch.zeros(batch, dtype=torch.bool, device=prefix.device)
    columns, lengths = [], torch.zeros(batch, dtype=torch.long, device=prefix.device)
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
