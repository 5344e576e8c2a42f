"""Reward per token (esper.md, One rollout batch, point 4).

r_t = −β(logp_t − ref_t) + [t = last]·w·gain·(cos − bias) + fluency_t + [t = last]·repetition
"""
import torch


def fluency(ref_logp, lengths, mask):
    """−0.1·max(0, −ref_logp_t − 70/m) + 3/m, m the response length: [B, T]."""
    m = lengths.unsqueeze(1).to(ref_logp.dtype)
    return (-0.1 * (-ref_logp - 70 / m).clamp(min=0) + 3 / m) * mask


def repetition(tokens, released=False):
    """−0.025·(s1 + s2 + s3) over the tokens taken circularly; tokens: list without end-of-text.

    The released code takes s1's max for a min: repeated tokens are never penalised.
    """
    n = len(tokens)
    unique = [len({tuple(tokens[(i + j) % n] for j in range(k)) for i in range(n)}) for k in (1, 2, 3)]
    s1 = (min if released else max)(n - unique[0] - 1, 0)
    s2 = 2 * (n - unique[1])
    s3 = 4 * (n - unique[2])
    return -0.025 * (s1 + s2 + s3)


def rewards(config, query, eos, tokens, lengths, mask, logp, ref_logp, cos, gain, bias):
    """[B, T], zero beyond each response; query [B, Q]."""
    reward = -config.klCoef * (logp - ref_logp) * mask
    reward = reward + config.fluencyWeight * fluency(ref_logp, lengths, mask)
    last = (torch.arange(tokens.shape[0], device=tokens.device), lengths - 1)
    terminal = config.clipWeight * gain * (cos - bias)
    if config.repetitionWeight > 0:
        texts = [[t for t in row if t != eos] for row in torch.cat([query, tokens], 1).tolist()]
        repeated = reward.new_tensor([repetition(text, config.fidelity == "released") for text in texts])
        terminal = terminal + config.repetitionWeight * repeated
    reward[last] += terminal.to(reward.dtype)
    return reward


MAX_GAIN = 20.0


def calibrate(cosines):
    """Gain and bias that bring a first pass of cosines to mean 0, deviation 1 (biased)."""
    std = cosines.std(unbiased=False).item()
    return min(1 / max(std, 1e-8), MAX_GAIN), cosines.mean().item()
