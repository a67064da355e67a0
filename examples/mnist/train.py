#!/usr/bin/env python3
"""Trains the example model and writes everything in this folder that is made from MNIST.

The same versions give the same bytes again: fixed seed, one thread, kernels that do not depend on the processor.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import same_arithmetic  # noqa: F401  (must be the first to load torch)
import numpy as np
import onnx
import torch
from torch import nn

from curves import Epoch, draw_curves
from dataset import DatasetError, Digits, load_idx, load_torchvision
from export_keras import write_keras
from export_onnx import IR_VERSION, OPSET, build_model
from images import write_digits
from network import DigitNetwork, parameter_count

SAMPLES_PER_CLASS = 2  # from the test digits, to try a port
CALIBRATION_PER_CLASS = 10  # from the training digits, to profile ranges
EVALUATION_BATCH = 1000


@dataclass(frozen=True)
class Recipe:
    """All that decides the result, besides data and versions."""

    seed: int
    epochs: int
    batch: int
    learning_rate: float
    dropout: float
    shift: int


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the four uncompressed idx files (default: torchvision)")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="where to write")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=120)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=0.01, help="the peak of the one-cycle schedule")
    parser.add_argument("--dropout", type=float, default=0.02)
    parser.add_argument("--shift", type=int, default=1, help="move training digits by up to so many pixels")
    return parser.parse_args(argv)


def load(folder: Path | None) -> tuple[Digits, Digits]:
    """Load training and test digits from a folder, or by torchvision."""
    if folder is not None:
        return load_idx(folder, "train"), load_idx(folder, "test")
    cache = Path(tempfile.gettempdir()) / "mnist"
    return load_torchvision("train", cache), load_torchvision("test", cache)


def to_tensors(digits: Digits) -> tuple[torch.Tensor, torch.Tensor]:
    """Scale pixels to 0..1 (GlowPort's image mode 0to1) and add the channel."""
    images = torch.from_numpy(digits.images[:, None].astype(np.float32) / 255)
    return images, torch.from_numpy(digits.labels.astype(np.int64))


@torch.no_grad()
def evaluate(network: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> tuple[float, int]:
    """Return the mean cross-entropy and the number of digits classified correctly."""
    network.eval()
    loss, correct = 0.0, 0
    for start in range(0, len(images), EVALUATION_BATCH):
        part = slice(start, start + EVALUATION_BATCH)
        logits = network(images[part])
        loss += nn.functional.cross_entropy(logits, labels[part], reduction="sum").item()
        correct += int((logits.argmax(1) == labels[part]).sum())
    return loss / len(images), correct


def shift_randomly(images: torch.Tensor, limit: int) -> torch.Tensor:
    """Move each image [n, 1, rows, columns] by up to `limit` whole pixels in both directions."""
    count, _, height, width = images.shape
    padded = nn.functional.pad(images, (limit, limit, limit, limit))[:, 0]
    down, right = torch.randint(0, 2 * limit + 1, (2, count, 1))
    rows = (down + torch.arange(height))[:, :, None]
    columns = (right + torch.arange(width))[:, None, :]
    return padded[torch.arange(count)[:, None, None], rows, columns][:, None]


def train_epoch(
    network: nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    recipe: Recipe,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.OneCycleLR,
) -> None:
    """Show every image once, in a random order, each a little moved."""
    network.train()
    for chosen in torch.randperm(len(images)).split(recipe.batch):
        logits = network(shift_randomly(images[chosen], recipe.shift))
        loss = nn.functional.cross_entropy(logits, labels[chosen])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()


def train(recipe: Recipe, training: Digits, test: Digits) -> tuple[DigitNetwork, list[Epoch]]:
    """Train for a fixed number of epochs and keep the last one: the test digits choose nothing."""
    torch.manual_seed(recipe.seed)
    network = DigitNetwork(recipe.dropout)
    optimizer = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate)
    steps = recipe.epochs * math.ceil(len(training.labels) / recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps, pct_start=0.1, final_div_factor=1000
    )
    train_images, train_labels = to_tensors(training)
    test_images, test_labels = to_tensors(test)
    history = []
    for epoch in range(1, recipe.epochs + 1):
        train_epoch(network, train_images, train_labels, recipe, optimizer, schedule)
        train_loss, train_correct = evaluate(network, train_images, train_labels)
        test_loss, test_correct = evaluate(network, test_images, test_labels)
        history.append(Epoch(train_loss, train_correct / len(train_labels), test_loss, test_correct / len(test_labels)))
        print(f"epoch {epoch}/{recipe.epochs}: {history[-1]}", flush=True)
    return network, history


def accuracy_report(recipe: Recipe, network: DigitNetwork, history: list[Epoch], training: Digits, test: Digits) -> dict:
    """Describe what was measured, on what and with what."""
    images, labels = to_tensors(test)
    _, correct = evaluate(network, images, labels)
    return {
        "model": "mnist.onnx",
        "parameters": parameter_count(network),
        "testDigits": len(labels),
        "correct": correct,
        "floatAccuracy": correct / len(labels),
        "trainingAccuracy": history[-1].train_accuracy,
        "measured": "float32, Top1 of the last epoch's network over all test digits; none of them was trained on",
        "recipe": asdict(recipe),
        "dataSha256": {"training": training.sha256, "test": test.sha256},
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
            "onnx": onnx.__version__,
            "opset": OPSET,
            "irVersion": IR_VERSION,
        },
    }


def write_results(folder: Path, network: DigitNetwork, history: list[Epoch], report: dict,
                  training: Digits, test: Digits) -> None:
    """Write the model, its report, its curves and the sample digits, then move them into place."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        new = Path(name)
        weights = {key: value.numpy() for key, value in network.state_dict().items()}
        (new / "mnist.onnx").write_bytes(build_model(weights).SerializeToString())
        write_keras(new, weights)
        (new / "accuracy.json").write_text(json.dumps(report, indent=2) + "\n")
        (new / "labels.txt").write_text("".join(f"{digit}\n" for digit in range(10)))
        draw_curves(history, new / "training.png")
        write_digits(new / "samples", test, test.first_of_each_class(SAMPLES_PER_CLASS), digits=4)
        write_digits(new / "calibration", training, training.first_of_each_class(CALIBRATION_PER_CLASS), digits=5)
        for made in new.iterdir():
            target = folder / made.name
            if target.is_dir():
                shutil.rmtree(target)
            made.replace(target)


def main() -> int:
    """Train, measure, write."""
    arguments = parse_arguments()
    recipe = Recipe(
        seed=arguments.seed,
        epochs=arguments.epochs,
        batch=arguments.batch,
        learning_rate=arguments.learning_rate,
        dropout=arguments.dropout,
        shift=arguments.shift,
    )
    try:
        training, test = load(arguments.data)
    except DatasetError as error:
        print(error, file=sys.stderr)
        return 1
    network, history = train(recipe, training, test)
    report = accuracy_report(recipe, network, history, training, test)
    write_results(arguments.out, network, history, report, training, test)
    print(f"float accuracy {report['correct']} of {report['testDigits']} test digits, written to {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
