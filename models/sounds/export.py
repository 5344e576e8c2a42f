"""Writes the trained CLAP as a Hugging Face repository: config.json and onnx/*.onnx; its PyTorch weights stay in .cache.

`torch.onnx` writes the graphs: input_features -> audio_embeds, and input_ids, attention_mask ->
text_embeds, neither of unit length, as in Xenova/clap-htsat-unfused. preprocessor_config.json is
written by hand: listen.ts needs it before there is anything to train on.
"""
import torch

from files import CLAP_WEIGHTS, OUT
from clap_data import BPE, encode_texts, trim
from clap_model import AUDIO, CONTEXT, EMBED, EPSILON, FRAMES, MELS, PAD, TEXT, Clap
from world_files import save_safetensors, write_json

OPSET = 14
FOLDER = OUT / "clap"


def config():
    text = {
        "model_type": "clap_text_model",
        "bos_token_id": BPE.vocab["<s>"],
        "eos_token_id": BPE.eot,
        "pad_token_id": PAD,
        "hidden_act": "gelu",
        "hidden_size": TEXT["width"],
        "intermediate_size": 4 * TEXT["width"],
        "layer_norm_eps": EPSILON,
        "max_position_embeddings": CONTEXT + PAD + 1,
        "num_attention_heads": TEXT["heads"],
        "num_hidden_layers": TEXT["layers"],
        "projection_dim": EMBED,
        "projection_hidden_act": "relu",
        "type_vocab_size": 1,
        "vocab_size": len(BPE.vocab),
    }
    audio = {
        "model_type": "clap_audio_model",
        "depths": AUDIO["depths"],
        "enable_fusion": False,
        "hidden_act": "gelu",
        "hidden_size": AUDIO["width"] << len(AUDIO["depths"]) - 1,
        "layer_norm_eps": EPSILON,
        "mlp_ratio": 4.0,
        "num_attention_heads": AUDIO["heads"],
        "num_hidden_layers": len(AUDIO["depths"]),
        "num_mel_bins": MELS,
        "patch_embeds_hidden_size": AUDIO["width"],
        "patch_size": AUDIO["patch"],
        "patch_stride": [AUDIO["patch"]] * 2,
        "projection_dim": EMBED,
        "projection_hidden_act": "relu",
        "spec_size": FRAMES,
        "window_size": AUDIO["window"],
    }
    return {
        "architectures": ["ClapModel"],
        "model_type": "clap",
        "audio_config": audio,
        "text_config": text,
        "hidden_size": TEXT["width"],
        "projection_dim": EMBED,
        "projection_hidden_act": "relu",
    }


def export_graph(tower, example, name, inputs, output, axes):
    path = FOLDER / "onnx" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        tower, example, str(path), input_names=inputs, output_names=[output],
        dynamic_axes={name: axes for name in inputs} | {output: {0: "batch_size"}}, opset_version=OPSET,
    )


def main():
    clap = Clap.trained(len(BPE.vocab))
    write_json(FOLDER / "config.json", config())
    sounds = torch.randn(3, 1, FRAMES, MELS)
    export_graph(clap.audio, sounds, "audio_model.onnx", ["input_features"], "audio_embeds", {0: "batch_size"})
    ids = torch.from_numpy(trim(encode_texts(["a rising high flute played slowly .", "a bell", "a low drum"])))
    both = {0: "batch_size", 1: "sequence_length"}
    texts = (ids, (ids != PAD).long())
    export_graph(clap.text, texts, "text_model.onnx", ["input_ids", "attention_mask"], "text_embeds", both)
    names, state = clap.hub_names(), clap.state_dict()
    save_safetensors(CLAP_WEIGHTS, {hub: state[ours] for ours, hub in names.items()}, {"format": "pt"})
    files = [path for path in sorted(OUT.rglob("*")) if path.is_file()]
    for path in files:
        print(f"{path.stat().st_size:>9} {path.relative_to(OUT)}")
    print(f"{sum(path.stat().st_size for path in files):>9} in all")


if __name__ == "__main__":
    main()
