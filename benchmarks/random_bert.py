#!/usr/bin/env python3
"""Writes a BERT-base-sized sequence classifier with random weights, for measuring speed alone.

usage: random_bert.py DIRECTORY VOCABULARY   (a vocab.txt of 30,522 lines; needs numpy and safetensors)
"""
import json
import pathlib
import shutil
import sys

import numpy as np
from safetensors.numpy import save_file

HIDDEN, LAYERS, HEADS, NEURONS, LABELS = 768, 12, 12, 3072, 2


def main():
    directory, vocabulary = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    directory.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    words = sum(1 for _ in open(vocabulary, encoding="utf-8"))
    tensors = {}

    def weight(name, *shape):
        tensors[name] = (random.standard_normal(shape, dtype=np.float32) * np.float32(0.02))

    def linear(name, rows, columns):
        weight(name + ".weight", rows, columns)
        weight(name + ".bias", rows)

    def norm(name):
        tensors[name + ".weight"] = np.ones(HIDDEN, np.float32)
        tensors[name + ".bias"] = np.zeros(HIDDEN, np.float32)

    for table, rows in (("word", words), ("position", 512), ("token_type", 2)):
        weight(f"bert.embeddings.{table}_embeddings.weight", rows, HIDDEN)
    norm("bert.embeddings.LayerNorm")
    for layer in range(LAYERS):
        prefix = f"bert.encoder.layer.{layer}."
        for part in ("query", "key", "value"):
            linear(prefix + "attention.self." + part, HIDDEN, HIDDEN)
        linear(prefix + "attention.output.dense", HIDDEN, HIDDEN)
        norm(prefix + "attention.output.LayerNorm")
        linear(prefix + "intermediate.dense", NEURONS, HIDDEN)
        linear(prefix + "output.dense", HIDDEN, NEURONS)
        norm(prefix + "output.LayerNorm")
    linear("bert.pooler.dense", HIDDEN, HIDDEN)
    linear("classifier", LABELS, HIDDEN)
    save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})
    shutil.copy(vocabulary, directory / "vocab.txt")
    config = dict(
        architectures=["BertForSequenceClassification"], model_type="bert", vocab_size=words,
        hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        intermediate_size=NEURONS, max_position_embeddings=512, type_vocab_size=2,
        layer_norm_eps=1e-12, hidden_act="gelu", pad_token_id=0)
    (directory / "config.json").write_text(json.dumps(config, indent=2))
    settings = dict(do_lower_case=True, tokenizer_class="BertTokenizer")
    (directory / "tokenizer_config.json").write_text(json.dumps(settings))


if __name__ == "__main__":
    main()
