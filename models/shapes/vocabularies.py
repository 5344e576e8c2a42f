"""Writes the vocabularies of GPT-2 and CLIP from the world's documents."""
from files import CACHE, OUT
from bpe import EOT
from vocabulary_files import make_vocabulary

OTHER_WORDS = (
    "an and are big bright brown picture photo image of with shows showing what which where this that it "
    "to from two one three white grey gray background near next corner side center dark light blog dialogue "
    "tiny huge shape object drawing painted little here see has have not no yes describes"
).split()


def main():
    parts = [part for line in (CACHE / "documents.txt").read_text().splitlines() for part in line.split(EOT)]
    make_vocabulary("gpt2", OUT / "gpt2", parts, OTHER_WORDS)
    make_vocabulary("clip", OUT / "clip", parts, OTHER_WORDS)


if __name__ == "__main__":
    main()
