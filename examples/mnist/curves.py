"""Draws loss and accuracy over the epochs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import matplotlib

matplotlib.use("Agg")  # no display needed
from matplotlib import pyplot as plt  # noqa: E402  (the backend comes first)


class Epoch(NamedTuple):
    """What is known after an epoch; both losses and accuracies without dropout, over all digits."""

    train_loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float

    def __str__(self) -> str:
        return (
            f"train loss {self.train_loss:.4f} accuracy {self.train_accuracy:.2%}, "
            f"test loss {self.test_loss:.4f} accuracy {self.test_accuracy:.2%}"
        )


def draw_curves(history: list[Epoch], path: Path) -> None:
    """Write the picture: loss on the left, accuracy on the right, training and test digits in each."""
    epochs = range(1, len(history) + 1)
    figure, (loss, accuracy) = plt.subplots(1, 2, figsize=(10, 4))
    loss.plot(epochs, [epoch.train_loss for epoch in history], label="training digits (60,000)")
    loss.plot(epochs, [epoch.test_loss for epoch in history], label="test digits (10,000)")
    loss.set(title="Loss", xlabel="epoch", ylabel="cross-entropy", yscale="log")
    accuracy.plot(epochs, [100 * epoch.train_accuracy for epoch in history], label="training digits (60,000)")
    accuracy.plot(epochs, [100 * epoch.test_accuracy for epoch in history], label="test digits (10,000)")
    accuracy.set(
        title=f"Accuracy, at the end {history[-1].test_accuracy:.2%} of the test digits",
        xlabel="epoch", ylabel="classified correctly (%)",
    )
    for axes in (loss, accuracy):
        axes.grid(True, which="both", alpha=0.3)
        axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=100, metadata={"Software": None})
    plt.close(figure)
