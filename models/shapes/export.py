"""Writes the trained CLIP as a Hugging Face repository: configs, model.safetensors and onnx/*.onnx.

`torch.onnx` writes the graphs: pixel_values -> image_embeds and input_ids -> text_embeds, neither of
unit length, as in Xenova/clip-vit-base-patch32.
"""
import math

import torch

from files import CACHE, CLIP_WEIGHTS, OUT
from clip_data import BPE, encode_texts
from clip_model import CONTEXT, EMBED, EPSILON, HEADS, IMAGE, MEAN, PATCH, STD, Clip, to_hub_names
from world_files import save_safetensors, write_json

OPSET = 14
# A reader of CLIP's config wants one; these towers are trained towards given cosines, without contrast.
LOGIT_SCALE = 10.0
FOLDER = OUT / "clip"


def tower_config(width, layers):
    return {
        "attention_dropout": 0.0,
        "dropout": 0.0,
        "hidden_act": "quick_gelu",
        "hidden_size": width,
        "intermediate_size": 4 * width,
        "layer_norm_eps": EPSILON,
        "num_attention_heads": HEADS,
        "num_hidden_layers": layers,
        "projection_dim": EMBED,
    }


def write_configs(shape):
    start, end = BPE.vocab["<|startoftext|>"], BPE.eot
    text = tower_config(*shape["text"]) | {
        "model_type": "clip_text_model",
        "bos_token_id": start,
        "eos_token_id": end,
        "pad_token_id": end,
        "max_position_embeddings": CONTEXT,
        "vocab_size": len(BPE.vocab),
    }
    vision = tower_config(*shape["vision"]) | {
        "model_type": "clip_vision_model",
        "image_size": IMAGE,
        "num_channels": 3,
        "patch_size": PATCH,
    }
    config = {
        "architectures": ["CLIPModel"],
        "model_type": "clip",
        "logit_scale_init_value": math.log(LOGIT_SCALE),
        "projection_dim": EMBED,
        "text_config": text,
        "vision_config": vision,
    }
    write_json(FOLDER / "config.json", config)
    preprocessor = {
        "crop_size": {"height": IMAGE, "width": IMAGE},
        "do_center_crop": True,
        "do_convert_rgb": True,
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "feature_extractor_type": "CLIPFeatureExtractor",
        "image_mean": MEAN,
        "image_processor_type": "CLIPFeatureExtractor",
        "image_std": STD,
        "resample": 3,
        "rescale_factor": 1 / 255,
        "size": {"shortest_edge": IMAGE},
    }
    write_json(FOLDER / "preprocessor_config.json", preprocessor)


def export_graph(tower, example, name, source, target, dynamic):
    path = FOLDER / "onnx" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    axes = {source: dynamic, target: {0: "batch_size"}}
    torch.onnx.export(
        tower, example, str(path), input_names=[source], output_names=[target],
        dynamic_axes=axes, opset_version=OPSET, do_constant_folding=True,
    )


def main():
    saved = torch.load(CACHE / "clip.pt")
    clip = Clip(len(BPE.vocab), **saved["shape"]).eval()
    clip.text.load_state_dict(saved["text"])
    clip.vision.load_state_dict(saved["vision"])
    write_configs(saved["shape"])
    pixels = torch.randn(2, 3, IMAGE, IMAGE)
    ids = torch.from_numpy(encode_texts(["a small red circle .", "a star"])[:, :10])
    export_graph(clip.vision, pixels, "vision_model.onnx", "pixel_values", "image_embeds", {0: "batch_size"})
    both = {0: "batch_size", 1: "sequence_length"}
    export_graph(clip.text, ids, "text_model.onnx", "input_ids", "text_embeds", both)
    tensors = to_hub_names(clip.state_dict()) | {"logit_scale": torch.tensor(math.log(LOGIT_SCALE))}
    save_safetensors(CLIP_WEIGHTS, tensors, {"format": "pt"})
    for path in sorted(OUT.rglob("*")):
        if path.is_file():
            print(f"{path.stat().st_size:>9} {path.relative_to(OUT)}")


if __name__ == "__main__":
    main()
