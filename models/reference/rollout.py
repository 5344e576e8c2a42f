"""Sampling responses with a KV cache (esper.md, One rollout batch, point 2)."""
import torch

from policy import BANNED


@torch.no_grad()
def sample(lm, prefix, query, length, min_response, temperature=1.0, greedy=False, generator=None):
    """prefix [B, P, D] -> tokens [B, T], padded with end-of-text, and lengths [B].

    A row ends at end-of-text, which counts as a token of the response.
    """
    batch = prefix.shape[0]
    queries = lm.wte[torch.tensor(query)].expand(batch, -1, -1)
    hidden, cache = lm.forward(torch.cat([prefix, queries], 1))
    done = torch.zeros(batch, dtype=torch.bool)
    columns, lengths = [], torch.zeros(batch, dtype=torch.long)
    for step in range(length):
        logits = lm.logits(hidden[:, -1])
        if step < min_response:
            logits[:, lm.eos] = BANNED
        if greedy:
            token = logits.argmax(1)
        else:
            token = torch.multinomial((logits / temperature).softmax(1), 1, generator=generator)[:, 0]
        token = token.masked_fill(done, lm.eos)
        lengths += ~done
        done = done | (token == lm.eos)
        columns.append(token)
        if step + 1 < length:
            hidden, cache = lm.forward(lm.wte[token].unsqueeze(1), cache)
    return torch.stack(columns, 1), lengths


def valid_mask(lengths, length):
    """1 where a token belongs to its response: lengths [B] -> [B, T]."""
    return (torch.arange(length) < lengths.unsqueeze(1)).double()
