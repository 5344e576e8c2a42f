"""Distributions over response tokens, of the policy (with a prefix) and of the reference (without).

LM input = [prefix(P); wte(query); wte(response)], positions from 0 over the whole sequence
(esper.md, Networks); a deep prefix is not input but the past of every layer. Teacher-forced at temperature 1, only the end-of-text ban applied.
"""
import torch

from projector import layer_caches

BANNED = -1e5


def ban_end_of_text(logits, eos, min_response):
    """logits [B, T, V]: end-of-text is impossible for the first `min_response` response tokens."""
    ban = torch.zeros(logits.shape[1:], dtype=torch.bool, device=logits.device)
    ban[:min_response, eos] = True
    return logits.masked_fill(ban, BANNED)


def behind(lm, prefix, embeds):
    """Hidden states of [prefix; embeds] and the KV cache, for a prefix of either kind or none."""
    if prefix is None:
        return lm.forward(embeds)
    if prefix.dim() == 5:
        return lm.forward(embeds, layer_caches(prefix, lm.config["n_head"]))
    return lm.forward(torch.cat([prefix, embeds], 1))


def response_distribution(lm, prefix, query, tokens, min_response):
    """log-probabilities [B, T, V] and the hidden states [B, T, D] they are read from.

    prefix [B, P, D], deep [B, P, N, 2, D], or None for the reference; query [Q] or [B, Q]; tokens [B, T].
    """
    batch, length = tokens.shape
    queries = lm.wte[torch.as_tensor(query)].expand(batch, -1, -1)
    parts = [queries, lm.wte[tokens[:, :-1]]]
    hidden, _ = behind(lm, prefix, torch.cat(parts, 1))
    hidden = hidden[:, -length:]
    logits = ban_end_of_text(lm.logits(hidden), lm.eos, min_response)
    return logits.log_softmax(-1), hidden


def chosen(log_probs, tokens):
    """log-probability of each token: [B, T, V], [B, T] -> [B, T]."""
    return log_probs.gather(2, tokens.unsqueeze(2)).squeeze(2)


def entropy(log_probs):
    """[.., V] -> [..], nats."""
    return -(log_probs.exp() * log_probs).sum(-1)


def full_kl(log_probs, ref_log_probs):
    """KL(new ‖ ref) over the whole vocabulary: [.., V] -> [..], nats."""
    return (log_probs.exp() * (log_probs - ref_log_probs)).sum(-1)
