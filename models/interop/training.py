"""PPO of the projector on the processes of a group: what the page's trainer does (src/esper), by the twin's modules.

The global batch does not depend on the number of processes: each samples, scores and learns from its share of the
episodes, and everything that is a mean over the batch is computed of the whole. Letters as in ppo.py.
"""
import math

import torch
from config import learning_rate
from draws import minibatch_orders, picture_rows, query_places, sampled
from exported import MOMENTS
from mapper import mapper
from policy import chosen, response_distribution
from ppo import losses, needs_vocabulary, score
from rollout import sample
from torch.nn.functional import cosine_similarity, normalize


class Diverged(Exception):
    """The gradient is no longer a finite number; nothing was stepped."""


class Policy(torch.nn.Module):
    """What trains, under the names of the exported tensors; the frozen language model is used and not owned."""

    def __init__(self, trained, config, lm, feature_width, divider):
        super().__init__()
        width, layers = lm.wte.shape[1], lm.config["n_layer"]
        length = config.prefixLength

        def projector():
            module = mapper(config.projector, config.projectorLayers, feature_width, length, width, layers)
            module.divider = divider
            return module

        self.clip_project = projector()
        self._extents = (length, layers, 2, width) if config.projector == "deep" else (length, width)
        self.value_head = torch.nn.Linear(width, 1) if config.advantage == "gae" else None
        self.value = torch.nn.Module() if self.value_head and config.valueProjector == "own" else None
        if self.value:
            self.value.model = torch.nn.Module()
            self.value.model.clip_project = projector()
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                parameter.copy_(trained[name].view_as(parameter))
        self._use = (lm, config.minResponse)

    def prefix(self, features):
        """[b, E] as the projector reads them -> [b, P, D], or deep [b, P, N, 2, D]"""
        return self._reshaped(self.clip_project(features))

    def _reshaped(self, prefix):
        return prefix.view(len(prefix), *self._extents)

    def forward(self, features, query, tokens):
        """log-probabilities [b, T, V] and values [b, T] of given responses to `query` [b, Q]"""
        lm, min_response = self._use
        log_probs, hidden = response_distribution(lm, self.prefix(features), query, tokens, min_response)
        if not self.value_head:
            return log_probs, hidden.new_zeros(tokens.shape)
        if self.value:
            own = self._reshaped(self.value.model.clip_project(features))
            states = response_distribution(lm, own, query, tokens, min_response)[1]
        else:
            states = hidden.detach()
        return log_probs, self.value_head(states).squeeze(2)


def refuse(config, update):
    """@throws ValueError: what the page can train with and these scripts cannot"""
    reasons = []
    if config.clipText != "whole":
        reasons.append(f"CLIP reads {config.clipText}: set clipText to whole")
    if config.rewardExpression:
        reasons.append("the reward is an expression of the page's: clear rewardExpression")
    if config.klController != "fixed":
        reasons.append("the KL controller is adaptive: set klController to fixed, and klCoef")
    begun = max(config.warmStartUpdates, config.referenceUntil, config.goalFrom, config.policyFrom)
    if update < begun:
        reasons.append(f"the run is in its warm-up: train it on the page until update {begun}, it has {update}")
    if reasons:
        raise ValueError("config.json asks for what is not built here; " + "; ".join(reasons))


class Training:
    def __init__(self, exported, networks, group, dtype=torch.float32):
        config = exported.config
        refuse(config, exported.state["update"])
        if config.batch_size // config.minibatches < group.size:
            raise ValueError(
                f"a minibatch has {config.batch_size // config.minibatches} episodes, too few for {group.size} processes"
            )
        self.exported, self.networks, self.group, self.config = exported, networks, group, config
        self.update, self.steps = exported.state["update"], exported.state["steps"]
        table = exported.table().to(group.device, dtype)
        self.table = normalize(table, dim=1) if exported.metadata["feature_convention"] == "unit" else table
        divider = float(exported.metadata["divider"])
        policy = Policy(exported.trained, config, networks.lm, table.shape[1], divider)
        self.policy = policy.to(group.device, dtype)
        self.copies = group.wrap(self.policy)
        self.optimizer = torch.optim.AdamW(
            self.policy.parameters(), config.learningRate, (0.9, 0.999), 1e-8, config.weightDecay
        )
        for name, parameter in self.policy.named_parameters():
            moments = {kind: exported.moments[name][kind].view_as(parameter).to(parameter) for kind in MOMENTS}
            self.optimizer.state[parameter] = {"step": torch.tensor(float(self.steps)), **moments}

    def _reference(self, query, tokens):
        """Log-probabilities [b, T, V] of the text-only policy."""
        lm, config = self.networks.lm, self.config
        with torch.no_grad():
            return response_distribution(lm, None, query, tokens, config.minResponse)[0]

    def _queries(self):
        """What each episode of this update follows: tokens [B, Q], and those of them that are said, lists."""
        config, state = self.config, self.exported.state
        places = query_places(config.seed, self.update, state["probabilities"], config.imagesPerBatch)
        each = [state["queries"][place] for place in places for _ in range(config.samplesPerImage)]
        return torch.tensor([query["tokens"] for query in each]), [query["spoken"] for query in each]

    @torch.no_grad()
    def rollout(self):
        """A whole scored batch; each process samples its episodes. Also its cosines and lengths, and a text."""
        config, group, lm = self.config, self.group, self.networks.lm
        rows = picture_rows(config.seed, self.update, config.trainingPictures, config.imagesPerBatch)
        features = self.table[rows].repeat_interleave(config.samplesPerImage, 0)
        mine, episodes = group.mine(features), group.mine(torch.arange(config.batch_size))
        every_query, said = self._queries()
        query = group.mine(every_query)
        pick = sampled(config, query, self.update, episodes)
        tokens, lengths = sample(
            lm, self.policy.prefix(mine), query, config.responseLength, config.minResponse, pick
        )
        texts = [
            self.networks.decode([*begun, *row[:n]]).strip()
            for begun, row, n in zip(group.mine(said), tokens.tolist(), self._spoken(tokens, lengths))
        ]
        cos = cosine_similarity(mine, self.networks.text_features(texts).to(mine), dim=1)
        log_probs, value = self.policy(mine, query, tokens)
        ref_log_probs = self._reference(query, tokens)
        parts = tokens, lengths, chosen(log_probs, tokens), chosen(ref_log_probs, tokens), value, cos
        whole = [group.whole(part, config.batch_size) for part in parts]
        state = self.exported.state
        given = config.clipCalibration == "given"
        gain, bias = (config.clipGain, config.clipBias) if given else (state["gain"], state["bias"])
        batch = score(config, every_query.to(features.device), lm.eos, features, *whole, gain, bias)
        return batch, whole[5], whole[1], texts[0]

    def _spoken(self, tokens, lengths):
        """Tokens of each response before its end of text."""
        ends = tokens.gather(1, lengths.unsqueeze(1) - 1)[:, 0] == self.networks.lm.eos
        return (lengths - ends.long()).tolist()

    def _step(self, batch, rows):
        """One optimiser step on the episodes `rows`; its parts over the whole minibatch, and the gradient's norm."""
        config, group = self.config, self.group
        part = batch.minibatch(config, rows).take(group.mine(torch.arange(len(rows))))
        log_probs, value = self.copies(part.features, part.query, part.tokens)
        ref_log_probs = self._reference(part.query, part.tokens) if needs_vocabulary(config) else None
        parts = losses(config, part, log_probs, ref_log_probs, value, batch.mask[rows].sum(), len(rows))
        self.optimizer.zero_grad()
        # The copies' gradients are averaged, the parts of the loss add up.
        (parts["loss"] * group.size).backward()
        norm = torch.nn.utils.clip_grad_norm_(self.policy.parameters(), config.maxGradNorm)
        if not math.isfinite(norm.item()):
            raise Diverged(f"the gradient of update {self.update + 1} is not finite")
        self.optimizer.step()
        self.steps += 1
        totals = group.total(torch.stack([value.detach() for value in parts.values()]))
        return {**dict(zip(parts, totals.tolist())), "gradNorm": norm.item()}

    def iterate(self):
        """One update of the page; its metrics under the page's names (src/worker/metrics.ts)."""
        config = self.config
        batch, cos, lengths, text = self.rollout()
        rate = learning_rate(config, self.update)
        for settings in self.optimizer.param_groups:
            settings["lr"] = rate
        size = config.batch_size // config.minibatches
        orders = minibatch_orders(config.seed, self.update, config.batch_size, config.epochs)
        steps = [self._step(batch, rows) for order in orders for rows in torch.tensor(order).split(size)]
        self.update += 1

        def mean(name):
            return sum(step[name] for step in steps) / len(steps)

        return {
            "update": self.update,
            "episodes": self.update * config.batch_size,
            "objective/clip_cos_sim": cos.mean().item(),
            "objective/reward_total": batch.reward.sum(1).mean().item(),
            "objective/kl": ((batch.logp - batch.ref_logp) * batch.mask).sum(1).mean().item(),
            "objective/entropy": mean("entropy"),
            "objective/length": lengths.double().mean().item(),
            "loss/policy": mean("policyLoss"),
            "loss/value": config.valueCoef * mean("valueLoss"),
            "loss/kl": config.klLossCoef * mean("klLoss"),
            "loss/nll": config.nllCoef * mean("nllLoss"),
            "loss/total": mean("loss"),
            "policy/approx_kl": mean("approxKl"),
            "policy/clip_fraction": mean("clipFraction"),
            "policy/ratio_mean": mean("ratioMean"),
            "grad_norm": mean("gradNorm"),
            "lr": rate,
            "text": text,
        }

    def state(self):
        """What was exported, as it is now."""
        exported = self.exported
        for name, parameter in self.policy.named_parameters():
            shape = exported.trained[name].shape
            exported.trained[name] = parameter.detach().cpu().float().view(shape).clone()
            kept = self.optimizer.state[parameter]
            exported.moments[name] = {kind: kept[kind].cpu().float().view(shape).clone() for kind in MOMENTS}
        exported.state.update(update=self.update, steps=self.steps)
        return exported
