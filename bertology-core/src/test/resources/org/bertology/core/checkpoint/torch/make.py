#!/usr/bin/env python3
"""Writes the files beside it: what torch.save makes of all kinds of tensors, and the same as safetensors.

usage: make.py [DIRECTORY]   (needs torch and safetensors; made with torch 2.7.1)
"""
import collections
import json
import pathlib
import sys

import safetensors.torch
import torch

directory = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)

FORMATS = {"": {}, ".legacy": {"_use_new_zipfile_serialization": False}}


def save(name, saved, tensors=None, formats=FORMATS, **options):
    for suffix, format_options in formats.items():
        torch.save(saved, directory / f"{name}{suffix}.bin", **format_options, **options)
    expected = {key: value.detach().clone(memory_format=torch.contiguous_format)
                for key, value in (tensors or saved).items()}
    safetensors.torch.save_file(expected, directory / f"{name}.safetensors")


def types():
    tensors = {}
    for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16):
        name = str(dtype).removeprefix("torch.")
        tensors[name] = torch.tensor([[0.0, -1.5, 3.140625], [float("inf"), float("nan"), 6e-8]]).to(dtype)
        tensors[name + "-scalar"] = torch.tensor(-2.25, dtype=dtype)
    for dtype in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8):
        name = str(dtype).removeprefix("torch.")
        limits = torch.iinfo(dtype)
        tensors[name] = torch.tensor([limits.min, 0, 7, limits.max], dtype=dtype)
        tensors[name + "-scalar"] = torch.tensor(5, dtype=dtype)
    tensors["bool"] = torch.tensor([[True], [False], [True]])
    tensors["empty"] = torch.empty(0)
    tensors["empty-matrix"] = torch.empty(2, 0, 3, dtype=torch.float16)
    return tensors


def views():
    base = torch.arange(24.0).reshape(4, 6)
    halves = base.to(torch.bfloat16).reshape(2, 3, 4)
    flags = torch.tensor([True, False, False, True, True, True])
    return collections.OrderedDict(
        {
            "base": base,
            "tied": base,
            "part": base.flatten()[5:11],
            "row": base[2],
            "scalar": base[2, 3],
            "transposed": base.t(),
            "strided": base[::2, 1::3],
            "repeated": base[1].expand(3, 6),
            "unit-axis": base[:, 2:3].t(),
            "nothing": base[4:, 1:],
            "permuted": halves.permute(2, 0, 1),
            "doubles": base.double().t(),
            "flags": flags[::2],
            "numbers": torch.arange(6).reshape(2, 3).t(),
            "bytes": torch.arange(6, dtype=torch.uint8).reshape(2, 3).t(),
        }
    )


def training():
    torch.manual_seed(6)
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    optimizer = torch.optim.Adam(module.parameters())
    module(torch.randn(4, 3)).sum().backward()
    optimizer.step()
    saved = {
        "epoch": 3,
        "seed": 2**70,
        "negative": [-1, -300, -(2**40)],
        "rate": 0.1,
        "name": "büro",
        "best": None,
        "done": True,
        "shape": torch.Size([2, 3]),
        "type": torch.bfloat16,
        "optimizer": optimizer.state_dict(),
        "state_dict": module.state_dict(),
    }
    return saved, module.state_dict()


def parameters():
    plain = torch.nn.Parameter(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    marked = torch.nn.Parameter(torch.tensor([5.0]), requires_grad=False)
    marked.note = "an attribute"
    return {"plain": plain, "marked": marked, "transposed": torch.nn.Parameter(plain.detach().t())}


class Untyped:
    """A tensor as later versions save those of new types."""

    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        t = self.tensor
        arguments = (t.untyped_storage(), t.storage_offset(), tuple(t.size()), t.stride(), False,
                     collections.OrderedDict(), t.dtype)
        return torch._utils._rebuild_tensor_v3, arguments


def shards():
    tensors = views()
    first = {"base": tensors["base"], "tied": tensors["tied"], "transposed": tensors["transposed"]}
    second = {"permuted": tensors["permuted"], "numbers": tensors["numbers"]}
    files = {"pytorch_model-00001-of-00002.bin": first, "pytorch_model-00002-of-00002.bin": second}
    weight_map = {name: file for file, part in files.items() for name in part}
    for file, part in files.items():
        torch.save(part, directory / file)
    index = {"metadata": {"total_size": 0}, "weight_map": weight_map}
    (directory / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=1) + "\n")


save("types", types())
save("views", views())
save("training", *training())
save("parameters", parameters())
save("model", {"model": {"weight": torch.ones(2)}, "version": 1}, {"weight": torch.ones(2)})
untyped = {"floats": torch.arange(4.0)[1:], "longs": torch.arange(6).reshape(2, 3).t()}
save("untyped", {name: Untyped(tensor) for name, tensor in untyped.items()}, untyped)
for protocol in (3, 4, 5):
    save("views", views(), pickle_protocol=protocol,
         formats={f".protocol-{protocol}": {}, f".protocol-{protocol}.legacy": FORMATS[".legacy"]})
shards()
