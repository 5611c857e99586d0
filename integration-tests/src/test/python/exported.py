"""Outputs of an exported file, as the Python library of its format computes them.

    python3 exported.py REQUEST

REQUEST is a JSON file: {"format": "onnx", "torchscript" or "savedmodel", "file": path, "inputs": {name: [[number]]}}.
Prints one JSON document: {"version": ..., "outputs": {name: [number]}}. Exit code 77 where the library is missing; the
reason is on standard error.
"""

import json
import os
import sys

SKIPPED = 77


def onnx(file, inputs):
    import numpy
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    arrays = {name: numpy.array(rows, dtype=numpy.int64) for name, rows in inputs.items()}
    names = [output.name for output in session.get_outputs()]
    return onnxruntime.__version__, dict(zip(names, session.run(names, arrays)))


def torchscript(file, inputs):
    import torch

    module = torch.jit.load(file)
    with torch.no_grad():
        outputs = module(**{name: torch.tensor(rows) for name, rows in inputs.items()})
    return torch.__version__, {name: tensor.double().numpy() for name, tensor in outputs.items()}


def savedmodel(file, inputs):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow

    function = tensorflow.saved_model.load(file).signatures["serving_default"]
    outputs = function(**{name: tensorflow.constant(rows, tensorflow.int64) for name, rows in inputs.items()})
    return tensorflow.__version__, {name: tensor.numpy() for name, tensor in outputs.items()}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    run = {"onnx": onnx, "torchscript": torchscript, "savedmodel": savedmodel}[request["format"]]
    try:
        version, outputs = run(request["file"], request["inputs"])
    except ImportError as error:
        print(f"this Python cannot run {request['format']}: {error}", file=sys.stderr)
        sys.exit(SKIPPED)
    flat = {name: array.astype("float64").flatten().tolist() for name, array in outputs.items()}
    print(json.dumps({"version": version, "outputs": flat}))


main()
