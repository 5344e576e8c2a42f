"""The PPO update of the projector and, in gae mode, of a linear value head (esper.md, point 5).

loss = mean(max(−Aρ, −A·clamp(ρ, 1±ε)))                                  over valid tokens
     + valueCoef·½·mean(max((V−R)², (clamp(V, V_old±range)−R)²))         gae only
     + klLossCoef·mean over episodes of Σ_t max(0, KL_t(new‖ref) − threshold)
     + nllCoef·mean over episodes of max(0, Σ_t −log p_t − nllThreshold)
     − entropyCoef·mean(entropy)

Released fidelity: KL_t is q_t·(log q_t − p_t)/2, q and p the softmax over time of the chosen tokens'
log-probabilities of reference and policy. In the first `policyFrom` updates there is no policy term.
"""
from dataclasses import dataclass, fields, replace

import torch

from advantage import gae, grpo, rloo, whiten
from config import learning_rate
from policy import chosen, entropy, full_kl, response_distribution
from reward import rewards
from rollout import valid_mask


@dataclass
class Batch:
    """One rollout batch with everything the update needs, fixed over its epochs."""

    features: torch.Tensor  # [B, E]
    query: torch.Tensor  # [B, Q]
    tokens: torch.Tensor  # [B, T]
    mask: torch.Tensor  # [B, T]
    logp: torch.Tensor  # [B, T] of the policy that sampled
    ref_logp: torch.Tensor  # [B, T] of the text-only policy
    value: torch.Tensor  # [B, T], zero without a value head
    reward: torch.Tensor  # [B, T]
    raw: torch.Tensor  # [B, T], the advantage before whitening
    advantage: torch.Tensor  # [B, T], whitened, of grpo normalised over a picture's samples
    returns: torch.Tensor  # [B, T]

    def take(self, rows):
        """The episodes `rows` alone."""
        return Batch(*(getattr(self, field.name)[rows] for field in fields(self)))

    def minibatch(self, config, rows):
        """The episodes `rows`, whitened anew where whitening is over the minibatch."""
        part = self.take(rows)
        if config.whitening == "batch" or config.advantage == "grpo":
            return part
        released, raw, returns = config.fidelity == "released", part.raw, part.returns
        if config.advantage == "gae":
            reward = part.reward
            if config.whitenRewards == "yes":
                reward = whiten(reward, part.mask, released, shift_mean=False)
            raw = gae(reward, part.value, part.mask, config.gamma, config.lam)
            returns = raw + part.value
        return replace(part, advantage=whiten(raw, part.mask, released), raw=raw, returns=returns)


def score(config, query, eos, features, tokens, lengths, logp, ref_logp, value, cos, gain, bias):
    """Rewards and advantages of a whole batch of responses; query [B, Q]."""
    mask = valid_mask(lengths, tokens.shape[1]).to(logp.dtype)
    reward = rewards(config, query, eos, tokens, lengths, mask, logp, ref_logp, cos, gain, bias)
    value = value * mask
    if config.advantage == "gae":
        raw = gae(reward, value, mask, config.gamma, config.lam)
    elif config.advantage == "grpo":
        raw = grpo(reward, mask, config.samplesPerImage)
    else:
        raw = rloo(reward, mask, config.samplesPerImage)
    advantage = raw if config.advantage == "grpo" else whiten(raw, mask, config.fidelity == "released")
    return Batch(features, query, tokens, mask, logp, ref_logp, value, reward, raw, advantage, raw + value)


def needs_vocabulary(config):
    """Whether the loss takes the reference's whole distribution."""
    return config.klLossCoef > 0 and config.fidelity == "textbook"


def time_kl(logp, ref_logp, mask, threshold):
    """Released KL loss of each response: [B, T] -> [B]. As log q <= 0 <= p it is 0 from any threshold on."""
    absent = mask == 0
    p = logp.masked_fill(absent, -1e30).softmax(1)
    log_q = ref_logp.masked_fill(absent, -1e30).log_softmax(1)
    terms = 0.5 * log_q.exp() * (log_q - p) - threshold
    return (terms.clamp(min=0) * mask).sum(1)


def losses(config, part, log_probs, ref_log_probs, value, tokens, episodes, policy_coef=1):
    """The parts of a minibatch's loss that come from `part`, some of its episodes, by name.

    They are sums over `part`, divided by the minibatch's valid tokens or episodes: they add up.
    log_probs, ref_log_probs [b, T, V], of which the latter may be None where not `needs_vocabulary`; value [b, T].
    """
    mask = part.mask

    def mean(x):
        return (x * mask).sum() / tokens

    logp = chosen(log_probs, part.tokens)
    log_ratio = (logp - part.logp) * mask
    ratio = log_ratio.exp()
    unclipped = -part.advantage * ratio
    clipped = -part.advantage * ratio.clamp(1 - config.clipRange, 1 + config.clipRange)
    policy_loss = policy_coef * mean(torch.maximum(unclipped, clipped))
    entropy_mean = mean(entropy(log_probs))
    value_loss = kl_loss = mask.new_zeros(())
    if config.advantage == "gae":
        near = part.value + (value - part.value).clamp(-config.valueClipRange, config.valueClipRange)
        value_loss = 0.5 * mean(torch.maximum((value - part.returns) ** 2, (near - part.returns) ** 2))
    if ref_log_probs is not None:
        kl = full_kl(log_probs, ref_log_probs)
        kl_loss = ((kl - config.klLossThreshold).clamp(min=0) * mask).sum() / episodes
    elif config.klLossCoef > 0:
        kl_loss = time_kl(logp, part.ref_logp, mask, config.klLossThreshold).sum() / episodes
    nll_loss = ((-logp * mask).sum(1) - config.nllThreshold).clamp(min=0).sum() / episodes
    return {
        "policyLoss": policy_loss,
        "valueLoss": value_loss,
        "klLoss": kl_loss,
        "nllLoss": nll_loss,
        "entropy": entropy_mean,
        "loss": policy_loss
        + config.valueCoef * value_loss
        + config.klLossCoef * kl_loss
        + config.nllCoef * nll_loss
        - config.entropyCoef * entropy_mean,
        "approxKl": mean(ratio - 1 - log_ratio),
        "clipFraction": mean((clipped > unclipped).to(mask.dtype)),
        "ratioMean": mean(ratio),
    }


class ValueHead:
    """V_t = w·h_t + b on the LM's last hidden state before token t; starts at 0. The gradient reaches a projector
    of the value's own, never the policy's."""

    def __init__(self, width, dtype=torch.float32):
        self.weight = torch.zeros(width, dtype=dtype, requires_grad=True)
        self.bias = torch.zeros(1, dtype=dtype, requires_grad=True)

    def parameters(self):
        return [self.weight, self.bias]

    def forward(self, hidden):
        return hidden @ self.weight + self.bias


class Trainer:
    """The frozen LM, the trained tensors and their optimiser."""

    def __init__(self, config, lm, query, projector, value_projector=None):
        """@param value_projector: the value's own, where its head does not read the policy's states"""
        self.config, self.lm, self.query, self.projector = config, lm, query, projector
        self.value_projector = value_projector
        self.value_head = ValueHead(lm.wte.shape[1], lm.wte.dtype) if config.advantage == "gae" else None
        self.parameters = projector.parameters()
        if self.value_head:
            self.parameters = self.parameters + self.value_head.parameters()
        if value_projector:
            self.parameters = self.parameters + value_projector.parameters()
        self.optimizer = torch.optim.AdamW(
            self.parameters, config.learningRate, (0.9, 0.999), 1e-8, config.weightDecay
        )
        self.updates = 0

    def _policy(self, features, query, tokens):
        """Log-probabilities [B, T, V] and values [B, T]."""
        prefix = self.projector.forward(features)
        log_probs, hidden = response_distribution(self.lm, prefix, query, tokens, self.config.minResponse)
        if not self.value_head:
            return log_probs, hidden.new_zeros(tokens.shape)
        if not self.value_projector:
            return log_probs, self.value_head.forward(hidden.detach())
        own = self.value_projector.forward(features)
        _, hidden = response_distribution(self.lm, own, query, tokens, self.config.minResponse)
        return log_probs, self.value_head.forward(hidden)

    def _reference(self, query, tokens):
        return response_distribution(self.lm, None, query, tokens, self.config.minResponse)[0]

    @torch.no_grad()
    def prepare(self, features, tokens, lengths, cos, gain, bias, query=None):
        """Old and reference log-probabilities, rewards and advantages of sampled responses.

        query [B, Q] that each followed, the trainer's where left out.
        """
        query = torch.as_tensor(self.query if query is None else query).expand(len(tokens), -1)
        log_probs, value = self._policy(features, query, tokens)
        logp, ref_logp = chosen(log_probs, tokens), chosen(self._reference(query, tokens), tokens)
        return score(
            self.config, query, self.lm.eos, features, tokens, lengths, logp, ref_logp, value, cos, gain, bias
        )

    def loss(self, batch, rows):
        """The loss of the episodes `rows`, and its parts as numbers."""
        config = self.config
        part = batch.minibatch(config, rows)
        log_probs, value = self._policy(part.features, part.query, part.tokens)
        ref_log_probs = self._reference(part.query, part.tokens) if needs_vocabulary(config) else None
        policy_coef = float(self.updates >= config.policyFrom)
        parts = losses(
            config, part, log_probs, ref_log_probs, value, part.mask.sum(), len(rows), policy_coef
        )
        return parts["loss"], {name: value.item() for name, value in parts.items()}

    def update(self, batch, order):
        """epochs × minibatches optimiser steps; order [epochs][B] lists episodes. Returns each step's parts."""
        config = self.config
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(config, self.updates)
        size = config.batch_size // config.minibatches
        steps = []
        for epoch in order:
            for rows in torch.as_tensor(epoch).split(size):
                total, parts = self.loss(batch, rows)
                gradients = torch.autograd.grad(total, self.parameters)
                norm = torch.stack([g.square().sum() for g in gradients]).sum().sqrt()
                scale = torch.clamp(config.maxGradNorm / (norm + 1e-6), max=1.0)
                for parameter, gradient in zip(self.parameters, gradients):
                    parameter.grad = gradient * scale
                self.optimizer.step()
                steps.append({**parts, "gradNorm": norm.item()})
        self.updates += 1
        return steps
