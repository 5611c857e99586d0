"""Perplexities of the tiny golden models by Hugging Face transformers, as its guide to the perplexity of fixed-length models computes them
(https://huggingface.co/docs/transformers/perplexity), but with each window's loss weighted by the tokens that it is a mean of; and
pseudo-perplexities (Salazar et al., 2020), one masked token at a time. In double arithmetic. Text: the beginning of Shakespeare's Coriolanus.

    python make.py GOLDENS    writes expected.json and vocab.txt beside this file
"""

import json
import math
import pathlib
import string
import sys

import torch
from torch.nn.functional import cross_entropy
from transformers import BertForMaskedLM, BertTokenizer, GPT2LMHeadModel

here = pathlib.Path(__file__).parent
goldens = pathlib.Path(sys.argv[1])

marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
letters = [form for letter in string.ascii_lowercase for form in (letter, "##" + letter)]
(here / "vocab.txt").write_text("\n".join(marks + letters + list(",.;:'!?-")) + "\n")
tokenizer = BertTokenizer(here / "vocab.txt")
text = (here / "coriolanus.txt").read_text()


def perplexity(model, max_length, stride):
    ids = torch.tensor([tokenizer.encode(text, add_special_tokens=False)])
    total, count, previous = 0.0, 0, 0
    for begin in range(0, ids.size(1), stride):
        end = min(begin + max_length, ids.size(1))
        target = ids[:, begin:end].clone()
        if previous > begin:
            target[:, : previous - begin] = -100
        found = (target[:, 1:] != -100).sum().item()
        if found > 0:
            with torch.no_grad():
                logits = model(ids[:, begin:end]).logits  # the model's own loss is of single precision
            total += cross_entropy(logits[0, :-1], target[0, 1:], ignore_index=-100).item() * found
            count += found
        previous = end
        if end == ids.size(1):
            break
    return {"maxLength": max_length, "stride": stride, "loss": total / count, "perplexity": math.exp(total / count), "tokens": count}


def pseudo_perplexity(model, sentence):
    ids = tokenizer.encode(sentence)
    losses = []
    for place, token in enumerate(ids):
        if token not in tokenizer.all_special_ids:
            hidden = ids.copy()
            hidden[place] = tokenizer.mask_token_id
            with torch.no_grad():
                logits = model(torch.tensor([hidden])).logits[0, place]
            losses.append(-torch.log_softmax(logits, -1)[token].item())
    return losses


gpt2 = GPT2LMHeadModel.from_pretrained(goldens / "gpt2-causal-lm").double().eval()
bert = BertForMaskedLM.from_pretrained(goldens / "bert-masked-lm").double().eval()
sentences = ["before we proceed", "hear me, 42 speak!"]
losses = [pseudo_perplexity(bert, sentence) for sentence in sentences]
flat = [loss for one in losses for loss in one]
expected = {
    "perplexity": [perplexity(gpt2, *window) for window in ((40, 20), (16, 5), (16, 16), (16, 1))],
    "pseudoPerplexity": {"sentences": sentences, "losses": losses, "perplexity": math.exp(sum(flat) / len(flat))},
}
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
