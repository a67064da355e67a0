"""Draws loss and accuracy over the epochs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import matplotlib

matplotlib.use("Agg")  # no display needed
from matplotlib import pyplot as plt, ticker  # noqa: E402  (the backend comes first)


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
    last = history[-1]
    figure, (loss, accuracy) = plt.subplots(1, 2, figsize=(11, 4.2))
    loss.plot(*curve(history, "train_loss"), label=f"training digits, {last.train_loss:.3f} at the end")
    loss.plot(*curve(history, "test_loss"), label=f"test digits, {last.test_loss:.3f} at the end")
    loss.set(title="Loss", xlabel="epoch", ylabel="cross-entropy", yscale="log")
    accuracy.plot(
        *curve(history, "train_accuracy", 100), label=f"training digits, {last.train_accuracy:.2%} at the end"
    )
    accuracy.plot(*curve(history, "test_accuracy", 100), label=f"test digits, {last.test_accuracy:.2%} at the end")
    accuracy.set(title="Accuracy", xlabel="epoch", ylabel="classified correctly (%)")
    loss.yaxis.set_major_formatter(ticker.FormatStrFormatter("%.2f"))
    loss.yaxis.set_minor_formatter(ticker.FormatStrFormatter("%.2f"))
    for axes in (loss, accuracy):
        axes.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
        axes.grid(True, which="both", alpha=0.3)
        axes.legend()
    figure.tight_layout(w_pad=3)
    figure.savefig(path, dpi=100, metadata={"Software": None})
    plt.close(figure)


def curve(history: list[Epoch], field: str, factor: float = 1) -> tuple[range, list[float]]:
    """Return one curve's x and y: the epochs from 1 and the field's values times a factor."""
    return range(1, len(history) + 1), [factor * getattr(epoch, field) for epoch in history]
