"""Logits of model directories, as Hugging Face transformers computes them.

    python3 logits.py REQUEST

REQUEST is a JSON file: {"models": [directory, ...], "inputs": [{"input_ids": [...], "token_type_ids": [...]}, ...]}.
Prints one JSON document: {"version": ..., "logits": [model][example][number]}; of a model without a task these are the
pooled state or else the last states. What a model does not take, such as token types, is not given to it. Exit code 77 where torch or
transformers is missing, or where transformers can no longer load a model with pruned heads (5 and later); the reason
is on standard error.
"""

import inspect
import json
import sys

SKIPPED = 77


def skip(reason):
    print(reason, file=sys.stderr)
    sys.exit(SKIPPED)


try:
    import torch
    import transformers
except ImportError as error:
    skip(f"this Python cannot run the library: {error}")

if int(transformers.__version__.split(".")[0]) >= 5:
    skip(
        f"transformers {transformers.__version__} has no head pruning (removed in 5.0), so it cannot load a model "
        "with pruned heads; transformers 4.57 is the last line that can"
    )


def load(directory):
    name = transformers.AutoConfig.from_pretrained(directory, local_files_only=True).architectures[0]
    model, info = getattr(transformers, name).from_pretrained(
        directory, local_files_only=True, output_loading_info=True, torch_dtype=torch.float32
    )
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        if info[kind]:
            sys.exit(f"{directory}: {kind}: {sorted(map(str, info[kind]))}")
    return model.eval()


def logits(model, example):
    taken = inspect.signature(model.forward).parameters
    inputs = {name: torch.tensor([ids]) for name, ids in example.items() if name in taken}
    with torch.no_grad():
        output = model(**inputs)
    for name in ("logits", "pooler_output", "last_hidden_state"):
        if output.get(name) is not None:
            return output[name].double().flatten().tolist()
    sys.exit(f"a model gives none of logits and states: {list(output)}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    results = []
    for directory in request["models"]:
        model = load(directory)
        results.append([logits(model, example) for example in request["inputs"]])
    print(json.dumps({"version": transformers.__version__, "logits": results}))


main()
