"""The frozen networks of a run: from the folders lm/ and clip/ beside this file, which the page puts there for its
bundled world, or by name or path through Hugging Face transformers.

A language model here is what gpt2.py's class is: config, wte, eos, forward(embeds, past), logits(hidden).
"""
import sys
from pathlib import Path

from byte_pairs import Gpt2Tokenizer
from clip_text import ClipText
from gpt2 import Gpt2

HERE = Path(__file__).resolve().parent
NO_TRANSFORMERS = "{} is read by Hugging Face transformers, which is not installed: pip install transformers"


class Networks:
    def __init__(self, lm, decode, text_features):
        """decode: token ids -> text, special tokens left out; text_features: texts -> raw features [n, E]."""
        self.lm, self.decode, self.text_features = lm, decode, text_features

    @classmethod
    def bundled(cls, folder, *where):
        """@param folder: it holds lm/ and clip/"""
        clip = ClipText(folder / "clip", *where)
        lm = Gpt2.load(folder / "lm").to(*where)
        return cls(lm, Gpt2Tokenizer(folder / "lm").decode, clip.features)

    @classmethod
    def of_the_hub(cls, lm, clip, device, dtype):
        """@param lm, clip: names of repositories, or folders"""
        try:
            import transformers
        except ImportError:
            sys.exit(NO_TRANSFORMERS.format(lm))
        transformers.logging.set_verbosity_error()
        model = transformers.GPT2LMHeadModel.from_pretrained(lm).to(device, dtype)
        words = transformers.AutoTokenizer.from_pretrained(lm)
        tower = transformers.CLIPTextModelWithProjection.from_pretrained(clip).to(device, dtype).eval()
        pieces = transformers.AutoTokenizer.from_pretrained(clip)
        context = tower.config.max_position_embeddings

        def decode(ids):
            return words.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)

        def text_features(texts):
            given = pieces(texts, padding=True, truncation=True, max_length=context, return_tensors="pt")
            return tower(**given.to(device)).text_embeds.detach()

        return cls(HubGpt2(model), decode, text_features)

    @classmethod
    def load(cls, lm, clip, device, dtype, override=(None, None)):
        """The pair that the page named, unless `override` names others."""
        if override == (None, None) and (HERE / "lm").is_dir():
            return cls.bundled(HERE, device, dtype)
        # The hub's ONNX copies hold no weights that PyTorch reads; what they were made of does.
        clip = clip.replace("Xenova/", "openai/")
        return cls.of_the_hub(override[0] or lm, override[1] or clip, device, dtype)


class HubGpt2:
    """transformers' GPT-2, frozen, with the methods of gpt2.py's."""

    def __init__(self, model):
        self.model = model.eval().requires_grad_(False)
        self.wte, self.eos = model.transformer.wte.weight, model.config.eos_token_id
        self.config = model.config.to_dict()

    def forward(self, embeds, past=None):
        if isinstance(past, list):  # of layer_caches; what transformers returned itself is not a list
            sys.exit("a deep prefix is read by the page's own GPT-2 alone, not through transformers")
        out = self.model.transformer(inputs_embeds=embeds, past_key_values=past, use_cache=True)
        return out.last_hidden_state, out.past_key_values

    def logits(self, hidden):
        return self.model.lm_head(hidden)
