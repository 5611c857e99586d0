#!/usr/bin/env python3
"""Head importance of GPT-2 and T5 as a skilled PyTorch user computes it: the other side of ImportanceBenchmark.

usage: pytorch_language_importance.py MODEL DATA [--limit N] [--length N] [--budget TOKENS] [--threads N]

Evaluation mode, no weight gradients, batches under a token budget, one backward pass of the summed loss with a gate
per example and head at the input of each attention's output projection. DATA is plain text for GPT-2, and for T5 a
file with the columns source and target. Answers each line on its standard input with one JSON line.
"""
import argparse
import json
import resource
import sys
import time

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer


def projections(model):
    """The output projection of every attention, in order, and the number of its heads."""
    if model.config.model_type == "gpt2":
        return [(block.attn.c_proj, model.config.n_head) for block in model.transformer.h]
    blocks = list(model.encoder.block) + list(model.decoder.block)
    own = [(block.layer[0].SelfAttention.o, model.config.num_heads) for block in blocks]
    cross = [(block.layer[1].EncDecAttention.o, model.config.num_heads) for block in model.decoder.block]
    return own + cross


class Gates:
    def __init__(self, model):
        self.heads = []
        self.gates = []
        for index, (projection, heads) in enumerate(projections(model)):
            self.heads.append(heads)
            projection.register_forward_pre_hook(lambda _, inputs, index=index: (self.gated(index, inputs[0]),))

    def start(self, examples):
        self.gates = [torch.ones(examples, 1, heads, 1, requires_grad=True) for heads in self.heads]

    def gated(self, index, context):
        examples, tokens, width = context.shape
        heads = self.heads[index]
        return (context.view(examples, tokens, heads, width // heads) * self.gates[index]).view(context.shape)


def padded(rows, filler):
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


def examples(model, tokenizer, arguments):
    """Windows of token ids without targets, or ids with those of targets."""
    with open(arguments.data, encoding="utf-8") as file:
        if model.config.model_type == "gpt2":
            ids = tokenizer(file.read())["input_ids"]
            starts = range(0, len(ids), arguments.length)
            found = [(ids[start:start + arguments.length], []) for start in starts]
        else:
            rows = [line.rstrip("\n").split("\t") for line in file][1:]
            found = [tuple(tokenizer(text)["input_ids"][:arguments.length] for text in row) for row in rows]
    return found[:arguments.limit] if arguments.limit else found


def losses(model, batch):
    ids = padded([source for source, _ in batch], 0)
    mask = padded([[1] * len(source) for source, _ in batch], 0)
    if model.config.model_type == "gpt2":
        logits = model(input_ids=ids, attention_mask=mask).logits[:, :-1]
        labels = torch.where(mask[:, 1:] == 1, ids[:, 1:], -100)
    else:
        labels = padded([target for _, target in batch], -100)
        logits = model(input_ids=ids, attention_mask=mask, labels=labels).logits
    words = torch.nn.functional.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    return words.sum(1) / (labels != -100).sum(1)


def importance(model, gates, data, budget):
    total = 0
    at = 0
    while at < len(data):
        size = max(1, budget // (len(data[at][0]) + len(data[at][1])))
        batch = data[at:at + size]
        at += len(batch)
        gates.start(len(batch))
        gradients = torch.autograd.grad(losses(model, batch).sum(), gates.gates)
        total = total + torch.stack([gradient.abs().sum(dim=(0, 1, 3)) for gradient in gradients])
    return total / len(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("data")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--budget", type=int, default=2048)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    is_decoder = AutoConfig.from_pretrained(arguments.model).model_type == "gpt2"
    kind = AutoModelForCausalLM if is_decoder else AutoModelForSeq2SeqLM
    model = kind.from_pretrained(arguments.model, attn_implementation="eager", torch_dtype=torch.float32).eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    data = examples(model, AutoTokenizer.from_pretrained(arguments.model), arguments)
    data.sort(key=lambda example: -len(example[0]))
    gates = Gates(model)
    for _ in sys.stdin:
        start = time.perf_counter()
        matrix = importance(model, gates, data, arguments.budget)
        seconds = time.perf_counter() - start
        row = {
            "examples_per_second": round(len(data) / seconds, 2),
            "peak_resident_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "first": float(matrix[0, 0]),
        }
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
