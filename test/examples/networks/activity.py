#!/usr/bin/env python3
"""A network with two outputs: makes activity.onnx, activity.npz and activity.json.

Of the accelerometer's windows (examples/accelerometer/motion.py) it tells what is done, and how strongly: the movement's
effective acceleration in g.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[2] / "examples"
sys.path[:0] = [str(EXAMPLES), str(EXAMPLES / "accelerometer")]

from common import same_arithmetic  # noqa: E402, F401  (must be the first to load numpy)
import numpy as np  # noqa: E402

from common.files import in_place_of, write_npz, write_report  # noqa: E402
from common.layers import Convolution, Dense, GlobalAverage, MaxPool, Relu, Stack  # noqa: E402
from common.onnx_file import GraphWriter  # noqa: E402
from common.training import Recipe, cross_entropy, outputs, squared_error, train  # noqa: E402
from motion import AXES, CLASSES, LENGTH, windows  # noqa: E402


def main() -> None:
    """Make data, train, measure, write."""
    recipe = Recipe(epochs=30)
    random = np.random.default_rng(recipe.seed)
    trunk = Stack(
        conv1=Convolution(random, (8,), len(AXES), 8, stride=2), relu1=Relu(), pool1=MaxPool(),
        conv2=Convolution(random, (5,), 8, 12, stride=2), relu2=Relu(), mean=GlobalAverage(),
    )  # fmt: skip
    doing = Stack(hidden=Dense(random, 12, 12), relu=Relu(), activity=Dense(random, 12, len(CLASSES)))
    strength = Stack(hidden=Dense(random, 12, 12), relu=Relu(), intensity=Dense(random, 12, 1))
    x, labels, intensities = windows(1, 600)

    def learn(chosen: np.ndarray) -> float:
        seen = trunk.forward(x[chosen])
        loss, by_logits = cross_entropy(doing.forward(seen), labels[chosen])
        error, by_intensity = squared_error(strength.forward(seen), intensities[chosen])
        trunk.backward(doing.backward(by_logits) + strength.backward(by_intensity))
        return loss + error

    train([*trunk.parameters, *doing.parameters, *strength.parameters], len(x), recipe, learn)

    graph = GraphWriter("activity")
    axes = graph.node("Transpose", "axes", [graph.input("window", (LENGTH, len(AXES)))], perm=[0, 2, 1])
    seen = trunk.export(graph, "", axes)
    graph.output(doing.export(graph, "doing_", seen), (len(CLASSES),))
    graph.output(strength.export(graph, "strength_", seen), (1,))

    held_out, held_labels, held_intensities = windows(2, 40)
    features = outputs(trunk, held_out)
    right = outputs(doing, features).argmax(1) == held_labels
    error = np.abs(outputs(strength, features) - held_intensities)
    with in_place_of(HERE) as new:
        (new / "activity.onnx").write_bytes(graph.file())
        write_npz(new / "activity_training.npz", window=x[:60], labels=labels[:60].astype(np.int32))
        write_npz(
            new / "activity.npz", window=held_out, labels=held_labels.astype(np.int32), intensity=held_intensities
        )
        write_report(new / "activity.json", {
            "heldOut": len(right),
            "correct": int(right.sum()),
            "meanAbsoluteError": float(error.mean()),
            "recipe": asdict(recipe),
        })  # fmt: skip
    print((HERE / "activity.json").read_text())


if __name__ == "__main__":
    main()
