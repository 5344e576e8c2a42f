"""Writes the golden files of golden/: what the WGSL kernels and the trainer are held to.

Everything is computed in float64 from weights that are exact in float32.
Run: /usr/bin/python3 models/reference/golden.py
"""
import json
from pathlib import Path

import torch

from config import Config, learning_rate
from gpt2 import Gpt2
from policy import chosen, entropy, full_kl, response_distribution
from ppo import Trainer
from projector import Projector
from rollout import drawn, sample, valid_mask
from safetensors_io import save_safetensors

FOLDER = Path(__file__).parent / "golden"
GPT2_CONFIG = {
    "model_type": "gpt2",
    "vocab_size": 97,
    "n_positions": 48,
    "n_embd": 32,
    "n_layer": 2,
    "n_head": 4,
    "layer_norm_epsilon": 1e-5,
    "eos_token_id": 96,
}
FEATURE_WIDTH, PREFIX, LENGTH, MIN_RESPONSE = 16, 3, 7, 2
QUERY = [96, 5, 11]


def rounded(value):
    """Nested lists with 9 significant digits: enough to restore a float32 exactly."""
    if isinstance(value, torch.Tensor):
        value = value.detach().tolist()
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def write(name, content):
    (FOLDER / name).write_text(json.dumps(rounded(content), separators=(",", ":")) + "\n")


def normal(generator, *shape, scale=1.0):
    """N(0, scale²), exact in float32."""
    return torch.randn(*shape, generator=generator) * scale


def random_gpt2(generator):
    """Tensors of a tiny GPT-2: N(0, 0.08), layer norms near 1 and 0 but not at them."""
    width, tensors = GPT2_CONFIG["n_embd"], {}
    tensors["wte.weight"] = normal(generator, GPT2_CONFIG["vocab_size"], width, scale=0.08)
    tensors["wpe.weight"] = normal(generator, GPT2_CONFIG["n_positions"], width, scale=0.08)

    def norm(name):
        tensors[name + ".weight"] = 1 + normal(generator, width, scale=0.2)
        tensors[name + ".bias"] = normal(generator, width, scale=0.2)

    for layer in range(GPT2_CONFIG["n_layer"]):
        block = f"h.{layer}."
        norm(block + "ln_1")
        for name, rows, columns in (("attn.c_attn", 1, 3), ("attn.c_proj", 1, 1)):
            tensors[block + name + ".weight"] = normal(generator, rows * width, columns * width, scale=0.08)
            tensors[block + name + ".bias"] = normal(generator, columns * width, scale=0.08)
        norm(block + "ln_2")
        for name, rows, columns in (("mlp.c_fc", 1, 4), ("mlp.c_proj", 4, 1)):
            tensors[block + name + ".weight"] = normal(generator, rows * width, columns * width, scale=0.08)
            tensors[block + name + ".bias"] = normal(generator, columns * width, scale=0.08)
    norm("ln_f")
    return tensors


def double_projector(lm, generator, stem=""):
    """A projector initialised in float32, held in float64."""
    return Projector.create(Config(prefixLength=PREFIX), FEATURE_WIDTH, lm, generator, stem).double()


def gradient_golden(lm, generator):
    """One forward and backward through head, GPT-2, prefix and projector with random coefficients."""
    images, batch = 3, 6
    projector = double_projector(lm, generator)
    features = normal(generator, images, FEATURE_WIDTH, scale=2.5).double()
    image_index = torch.tensor([0, 0, 1, 1, 2, 2])
    lengths = torch.tensor([7, 4, 7, 3, 6, 7])
    tokens = torch.randint(0, 96, (batch, LENGTH), generator=generator)
    for row, length in enumerate(lengths.tolist()):
        if length < LENGTH:
            tokens[row, length - 1 :] = lm.eos
    tokens[5, 6] = lm.eos
    mask = valid_mask(lengths, LENGTH)
    coefficients = {k: normal(generator, batch, LENGTH).double() * mask for k in ("logp", "entropy", "kl")}

    prefix = projector.forward(features[image_index])
    prefix.retain_grad()
    log_probs, hidden = response_distribution(lm, prefix, QUERY, tokens, MIN_RESPONSE)
    ref, _ = response_distribution(lm, None, QUERY, tokens, MIN_RESPONSE)
    outputs = {
        "logp": chosen(log_probs, tokens) * mask,
        "entropy": entropy(log_probs) * mask,
        "kl": full_kl(log_probs, ref) * mask,
    }
    loss = sum((coefficients[k] * outputs[k]).sum() for k in outputs)
    loss.backward()
    write(
        "gpt2-gradient.json",
        {
            "gpt2": GPT2_CONFIG,
            "prefixLength": PREFIX,
            "minResponse": MIN_RESPONSE,
            "features": features,
            "projector": projector.tensors,
            "imageIndex": image_index,
            "query": QUERY,
            "tokens": tokens,
            "lengths": lengths,
            "coefficients": coefficients,
            "prefix": prefix,
            "hidden": hidden * mask.unsqueeze(2),
            "refLogp": chosen(ref, tokens) * mask,
            **outputs,
            "loss": loss,
            "dPrefix": prefix.grad,
            "dProjector": {name: t.grad for name, t in projector.tensors.items()},
        },
    )


def ppo_golden(lm, name, generator, count=10, queries=(QUERY,), **settings):
    """`count` updates, the responses sampled by torch from the policy of the moment; pictures follow `queries` in turn."""
    config = Config(**dict(
        imagesPerBatch=3,
        samplesPerImage=4,
        responseLength=LENGTH,
        minResponse=MIN_RESPONSE,
        temperature=1.0,
        klCoef=0.05,
        epochs=2,
        minibatches=2,
        learningRate=1e-3,
        fluencyWeight=1.0,
        repetitionWeight=1.0,
        # Limits narrow enough that the tiny model's small steps meet them.
        clipRange=0.02,
        maxGradNorm=0.25,
        klLossCoef=0.02,
        klLossThreshold=0.03,
        entropyCoef=0.01,
        warmupUpdates=2,
        decayUpdates=20,
        prefixLength=PREFIX,
    ) | settings)
    projector = double_projector(lm, generator)
    initial = {name: t.detach().clone() for name, t in projector.tensors.items()}
    own = double_projector(lm, generator, "value.model.") if config.valueProjector == "own" else None
    first_own = {name: t.detach().clone() for name, t in own.tensors.items()} if own else {}
    trainer = Trainer(config, lm, QUERY, projector, own)
    features = normal(generator, 5, FEATURE_WIDTH, scale=2.5).double()
    gain, bias = 4.0, 0.45
    updates = []
    for update in range(count):
        images = torch.randperm(len(features), generator=generator)[: config.imagesPerBatch]
        image_index = images.repeat_interleave(config.samplesPerImage)
        with torch.no_grad():
            prefix = projector.forward(features[image_index])
        asked = [queries[(update + i) % len(queries)] for i in range(config.imagesPerBatch)]
        query = torch.tensor(asked).repeat_interleave(config.samplesPerImage, 0)
        tokens, lengths = sample(lm, prefix, query, LENGTH, MIN_RESPONSE, drawn(1.0, generator))
        if update % 2 == 0:  # the random model rarely ends a text or repeats itself: make it
            tokens[1, 3:], lengths[1] = lm.eos, 4
            tokens[6, 2:], lengths[6] = lm.eos, 3
            tokens[9, 1:5] = tokens[9, 0]
        cos = torch.rand(config.batch_size, generator=generator).double()
        batch = trainer.prepare(features[image_index], tokens, lengths, cos, gain, bias, query)
        order = [torch.randperm(config.batch_size, generator=generator).tolist() for _ in range(config.epochs)]
        steps = trainer.update(batch, order)
        updates.append(
            {
                "imageIndex": image_index,
                **({"queries": asked} if len(queries) > 1 else {}),
                "tokens": tokens,
                "lengths": lengths,
                "cos": cos,
                "order": order,
                "learningRate": learning_rate(config, update),
                "meanReward": batch.reward.sum(1).mean(),
                "logp": batch.logp * batch.mask,
                "refLogp": batch.ref_logp * batch.mask,
                "reward": batch.reward,
                "advantage": batch.advantage,
                "value": batch.value,
                "returns": batch.returns,
                "steps": steps,
                "projectorSum": {k: t.sum() for k, t in projector.tensors.items()},
                "projectorNorm": {k: t.norm() for k, t in projector.tensors.items()},
            }
        )
    value_head = trainer.value_head
    content = {
        "gpt2": GPT2_CONFIG,
        "config": config.as_json(),
        "query": QUERY,
        "features": features,
        "projector": initial,
        "valueHead": {"weight": [0.0] * GPT2_CONFIG["n_embd"], "bias": [0.0]},
        "gain": gain,
        "bias": bias,
        "updates": updates,
        "finalProjector": projector.tensors,
    }
    if value_head:
        content["finalValueHead"] = {"weight": value_head.weight, "bias": value_head.bias}
    if own:
        content["valueProjector"], content["finalValueProjector"] = first_own, own.tensors
    write(f"ppo-{name}.json", content)


def main():
    FOLDER.mkdir(exist_ok=True)
    generator = torch.Generator().manual_seed(20221130)
    tensors = random_gpt2(generator)
    save_safetensors(FOLDER / "gpt2.safetensors", tensors, {"format": "pt"})
    lm = Gpt2(GPT2_CONFIG, tensors).to(torch.float64)
    gradient_golden(lm, generator)
    ppo_golden(lm, "rloo", generator, advantage="rloo")
    ppo_golden(lm, "gae", generator, advantage="gae")
    ppo_golden(lm, "own-value", generator, 4, advantage="gae", valueProjector="own")
    ppo_golden(lm, "grpo", generator, 4, advantage="grpo")
    # Limits that the tiny model's responses meet: about -4.5 a token, of up to seven.
    ppo_golden(
        lm,
        "released",
        torch.Generator().manual_seed(20230601),
        # One is shorter: an end of text more stands in front.
        queries=(QUERY, [96, 96, 7]),
        advantage="gae",
        fidelity="released",
        whitening="minibatch",
        whitenRewards="yes",
        klLossCoef=1.0,
        klLossThreshold=0.0,
        nllCoef=0.2,
        nllThreshold=29.0,
        policyFrom=2,
    )


if __name__ == "__main__":
    main()
