#!/usr/bin/env python3
"""Makes windows of an accelerometer, trains the network and writes everything in this folder that comes of them.

The same versions of Python and NumPy give the same bytes again, on the same kind of processor.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from common import same_arithmetic  # noqa: E402, F401  (must be the first to load numpy)
import numpy as np  # noqa: E402

from common.files import in_place_of, write_csv, write_npz, write_report  # noqa: E402
from common.layers import (  # noqa: E402
    Convolution, Dense, GlobalAverage, MaxPool, Relu, Stack, parameter_count,
)
from common.onnx_file import GraphWriter  # noqa: E402
from common.training import Recipe, cross_entropy, outputs, train  # noqa: E402
from motion import AXES, CLASSES, LENGTH, windows  # noqa: E402

TRAINING_PER_CLASS = 1000
HELD_OUT_PER_CLASS = 100
CALIBRATION_PER_CLASS = 20  # of the training windows, to profile ranges
SAMPLES_PER_CLASS = 2  # of the held-out windows, to try a port
TRAINING_SEED, HELD_OUT_SEED = 1, 2


def build(seed: int) -> Stack:
    """Three convolutions over time; the last one's mean, so that it does not matter when a movement begins."""
    random = np.random.default_rng(seed)
    return Stack(
        conv1=Convolution(random, (8,), len(AXES), 8, stride=2), relu1=Relu(), pool1=MaxPool(),
        conv2=Convolution(random, (5,), 8, 12), relu2=Relu(), pool2=MaxPool(),
        conv3=Convolution(random, (3,), 12, 16), relu3=Relu(), mean=GlobalAverage(),
        dense=Dense(random, 16, len(CLASSES)),
    )  # fmt: skip


def export(network: Stack) -> bytes:
    """Write the network as ONNX. Windows are [128, 3], a line for each instant, as sensors are read."""
    graph = GraphWriter("accelerometer")
    window = graph.input("window", (LENGTH, len(AXES)))
    axes = graph.node("Transpose", "axes", [window], perm=[0, 2, 1])
    logits = network.export(graph, "", axes)
    graph.output(logits, (len(CLASSES),))
    return graph.file()


def write_windows(folder: Path, x: np.ndarray, labels: np.ndarray, per_class: int) -> None:
    """Write the first windows of each class as `CLASS/INDEX.csv`; the index is the one in the data set."""
    for label, name in enumerate(CLASSES):
        for index in np.flatnonzero(labels == label)[:per_class]:
            write_csv(folder / name / f"{index:04d}.csv", AXES, x[index], decimals=3)


def main() -> int:
    """Make data, train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where to write")
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument(
        "--training", type=int, default=TRAINING_PER_CLASS, help="windows of each class to train on (default: %(default)s)"
    )
    arguments = parser.parse_args()
    recipe = Recipe(epochs=arguments.epochs)

    x, labels, _ = windows(TRAINING_SEED, arguments.training)
    held_out, held_out_labels, _ = windows(HELD_OUT_SEED, HELD_OUT_PER_CLASS)
    network = build(recipe.seed)

    def learn(chosen: np.ndarray) -> float:
        loss, gradient = cross_entropy(network.forward(x[chosen]), labels[chosen])
        network.backward(gradient)
        return loss

    train(network.parameters, len(x), recipe, learn)
    trained = outputs(network, x).argmax(1) == labels
    correct = int((outputs(network, held_out).argmax(1) == held_out_labels).sum())
    with in_place_of(arguments.out) as new:
        (new / "accelerometer.onnx").write_bytes(export(network))
        (new / "labels.txt").write_text("".join(f"{name}\n" for name in CLASSES))
        write_windows(new / "calibration", x, labels, CALIBRATION_PER_CLASS)
        write_windows(new / "samples", held_out, held_out_labels, SAMPLES_PER_CLASS)
        write_npz(new / "heldout.npz", window=held_out, labels=held_out_labels.astype(np.int32))
        write_report(new / "accuracy.json", {
            "model": "accelerometer.onnx",
            "parameters": parameter_count(network),
            "heldOut": len(held_out),
            "correct": correct,
            "floatAccuracy": correct / len(held_out),
            "trainingAccuracy": float(trained.mean()),
            "measured": "float32, Top1 of the last epoch's network over heldout.npz, of which nothing was trained on",
            "recipe": {**asdict(recipe), "trainingPerClass": arguments.training},
        })  # fmt: skip
    print(f"float accuracy {correct} of {len(held_out)} held-out windows, written to {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
