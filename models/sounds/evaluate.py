"""Prints the tables of the model card of CLAP: see models/worlds/report.py."""
import torch

from files import CACHE
from clap_data import BPE, encode_texts, load_features, prepare, trim
from clap_model import Clap
from kernel import VALUES
from report import Report, unit_rows
from world_files import read_lines


def full_caption(v):
    return f"a {v['melody']} {v['pitch']} {v['instrument']} played {v['rhythm']} ."


def main():
    clap = Clap.trained(len(BPE.vocab))
    lines = read_lines(CACHE / "eval.jsonl")
    report = Report(lambda texts: clap.text(torch.from_numpy(trim(encode_texts(texts)))), VALUES.get, full_caption)
    units = unit_rows(lambda part: clap.audio(prepare(part)), load_features("eval"))
    report.print(units, [line["scene"] for line in lines], lines)


if __name__ == "__main__":
    main()
