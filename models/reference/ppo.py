"""The PPO update of the projector and, in gae mode, of a linear value head (esper.md, point 5; textbook).

loss = mean(max(−Aρ, −A·clamp(ρ, 1±ε)))                                  over valid tokens
     + valueCoef·½·mean(max((V−R)², (clamp(V, V_old±range)−R)²))         gae only
     + klLossCoef·mean over episodes of Σ_t max(0, KL_t(new‖ref) − threshold)
     − entropyCoef·mean(entropy)
"""
from dataclasses import dataclass

import torch

from advantage import gae, rloo, whiten
from config import learning_rate
from policy import chosen, entropy, full_kl, response_distribution
from reward import rewards
from rollout import valid_mask


@dataclass
class Batch:
    """One rollout batch with everything the update needs, fixed over its epochs."""

    features: torch.Tensor  # [B, E]
    tokens: torch.Tensor  # [B, T]
    mask: torch.Tensor  # [B, T]
    logp: torch.Tensor  # [B, T] of the policy that sampled
    ref_log_probs: torch.Tensor  # [B, T, V]
    value: torch.Tensor  # [B, T], zero without a value head
    reward: torch.Tensor  # [B, T]
    advantage: torch.Tensor  # [B, T], whitened
    returns: torch.Tensor  # [B, T]


class ValueHead:
    """V_t = w·h_t + b on the LM's last hidden state before token t, no gradient into h; starts at 0."""

    def __init__(self, width, dtype=torch.float32):
        self.weight = torch.zeros(width, dtype=dtype, requires_grad=True)
        self.bias = torch.zeros(1, dtype=dtype, requires_grad=True)

    def parameters(self):
        return [self.weight, self.bias]

    def forward(self, hidden):
        return hidden.detach() @ self.weight + self.bias


class Trainer:
    """The frozen LM, the trained tensors and their optimiser."""

    def __init__(self, config, lm, query, projector):
        self.config, self.lm, self.query, self.projector = config, lm, query, projector
        self.value_head = ValueHead(projector.width, lm.wte.dtype) if config.advantage == "gae" else None
        self.parameters = projector.parameters()
        if self.value_head:
            self.parameters = self.parameters + self.value_head.parameters()
        self.optimizer = torch.optim.AdamW(
            self.parameters, config.learningRate, (0.9, 0.999), 1e-8, config.weightDecay
        )
        self.updates = 0

    def _policy(self, features, tokens):
        prefix = self.projector.forward(features)
        return response_distribution(self.lm, prefix, self.query, tokens, self.config.minResponse)

    @torch.no_grad()
    def prepare(self, features, tokens, lengths, cos, gain, bias):
        """Old and reference log-probabilities, rewards and advantages of sampled responses."""
        config = self.config
        mask = valid_mask(lengths, tokens.shape[1]).to(features.dtype)
        log_probs, hidden = self._policy(features, tokens)
        ref, _ = response_distribution(self.lm, None, self.query, tokens, config.minResponse)
        logp = chosen(log_probs, tokens)
        reward = rewards(
            config, self.query, self.lm.eos, tokens, lengths, mask, logp, chosen(ref, tokens), cos, gain, bias
        )
        if self.value_head:
            value = self.value_head.forward(hidden) * mask
            advantage = gae(reward, value, mask, config.gamma, config.lam)
        else:
            value = torch.zeros_like(reward)
            advantage = rloo(reward, mask, config.samplesPerImage)
        returns = advantage + value
        return Batch(
            features, tokens, mask, logp, ref, value, reward, whiten(advantage, mask), returns
        )

    def loss(self, batch, rows):
        """The loss of the episodes `rows`, and its parts as numbers."""
        config = self.config
        tokens, mask, advantage = batch.tokens[rows], batch.mask[rows], batch.advantage[rows]
        log_probs, hidden = self._policy(batch.features[rows], tokens)

        def mean(x):
            return (x * mask).sum() / mask.sum()

        logp = chosen(log_probs, tokens)
        log_ratio = (logp - batch.logp[rows]) * mask
        ratio = log_ratio.exp()
        unclipped = -advantage * ratio
        clipped = -advantage * ratio.clamp(1 - config.clipRange, 1 + config.clipRange)
        policy_loss = mean(torch.maximum(unclipped, clipped))
        kl = full_kl(log_probs, batch.ref_log_probs[rows])
        kl_loss = ((kl - config.klLossThreshold).clamp(min=0) * mask).sum(1).mean()
        entropy_mean = mean(entropy(log_probs))
        total = policy_loss + config.klLossCoef * kl_loss - config.entropyCoef * entropy_mean
        value_loss = torch.zeros(())
        if self.value_head:
            value, old, returns = self.value_head.forward(hidden), batch.value[rows], batch.returns[rows]
            near = old + (value - old).clamp(-config.valueClipRange, config.valueClipRange)
            value_loss = 0.5 * mean(torch.maximum((value - returns) ** 2, (near - returns) ** 2))
            total = total + config.valueCoef * value_loss
        parts = {
            "policyLoss": policy_loss,
            "valueLoss": value_loss,
            "klLoss": kl_loss,
            "entropy": entropy_mean,
            "loss": total,
            "approxKl": mean(ratio - 1 - log_ratio),
            "clipFraction": mean((clipped > unclipped).to(mask.dtype)),
            "ratioMean": mean(ratio),
        }
        return total, {name: part.item() for name, part in parts.items()}

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
