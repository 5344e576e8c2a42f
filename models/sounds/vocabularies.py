"""Writes the vocabularies of GPT-2 and of CLAP's RoBERTa from the world's texts."""
from files import CACHE, OUT
from bpe import EOT
from vocabulary_files import make_vocabulary
from world_files import read_lines

OTHER_WORDS = (
    "an and are of with sound sounds music note notes noise tone melody which what where this that it to "
    "from two one three at on as is was loud soft quiet deep bright short fast slow instrument plays playing "
    "guitar piano voice bird dog water wind rain song recording background blog dialogue has have not no yes"
).split()


def main():
    parts = [part for line in (CACHE / "documents.txt").read_text().splitlines() for part in line.split(EOT)]
    make_vocabulary("gpt2", OUT / "gpt2", parts, OTHER_WORDS)
    # As the tower gets them: a text's first word has no blank before it.
    texts = [text["text"] for line in read_lines(CACHE / "clap.jsonl") for text in line["texts"]]
    make_vocabulary("roberta", OUT / "clap", texts, [])


if __name__ == "__main__":
    main()
