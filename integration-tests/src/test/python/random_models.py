"""Tiny models of each family and task with random weights, saved by Hugging Face transformers.

    python3 random_models.py REQUEST

REQUEST is a JSON file: {"directory": where to}. Prints one JSON document: {"models": [name of a folder there, ...]}.
Exit code 77 where torch or transformers is missing, or where transformers can no longer prune heads (5 and later); the
reason is on standard error.
"""

import json
import os
import sys

SKIPPED = 77

try:
    import torch
    import transformers
except ImportError as error:
    print(f"this Python cannot run the library: {error}", file=sys.stderr)
    sys.exit(SKIPPED)

if int(transformers.__version__.split(".")[0]) >= 5:
    print(f"transformers {transformers.__version__} has no head pruning", file=sys.stderr)
    sys.exit(SKIPPED)

USUAL = {
    "vocab_size": 99,
    "hidden_size": 32,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "intermediate_size": 40,
    "max_position_embeddings": 48,
    "num_labels": 3,
}
SMALL = {"vocab_size": 99, "dim": 32, "n_layers": 4, "n_heads": 4, "hidden_dim": 40, "max_position_embeddings": 48}
CLASSIFIERS = ["ForSequenceClassification", "ForTokenClassification"]
ALL = CLASSIFIERS + ["ForMaskedLM", "Model"]

FAMILIES = [
    ("Bert", ALL, {**USUAL, "hidden_act": "gelu_python", "layer_norm_eps": 1e-5}),
    ("Roberta", ALL, {**USUAL, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "hidden_act": "gelu_fast"}),
    ("XLMRoberta", ALL, {**USUAL, "type_vocab_size": 1, "hidden_act": "silu"}),
    ("Camembert", ALL, {**USUAL, "type_vocab_size": 1, "hidden_act": "relu", "pad_token_id": 3}),
    ("DistilBert", ALL, {**SMALL, "num_labels": 3, "activation": "relu", "sinusoidal_pos_embds": True}),
    ("Electra", ALL + ["ForPreTraining"], {**USUAL, "embedding_size": 24, "hidden_act": "relu"}),
    ("Electra", ["Model"], {**USUAL, "embedding_size": 32}),
    ("Albert", ALL, {**USUAL, "embedding_size": 24}),
    ("Albert", CLASSIFIERS, {**USUAL, "embedding_size": 24, "num_hidden_groups": 2, "hidden_act": "tanh"}),
    ("Albert", ["Model"], {**USUAL, "embedding_size": 24, "num_hidden_groups": 4}),
]


def make(directory, number, family, head, settings):
    torch.manual_seed(number)
    config = getattr(transformers, family + "Config")(**settings)
    model = getattr(transformers, family + head)(config).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, 0, 0.3)
    name = f"{number:02}-{family}{head}"
    model.save_pretrained(os.path.join(directory, name))
    return name


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        directory = json.load(file)["directory"]
    names = []
    for family, heads, settings in FAMILIES:
        for head in heads:
            names.append(make(directory, len(names), family, head, settings))
    print(json.dumps({"models": names}))


main()
