"""Mean and standard deviation of the inputs: subtracted while training, part of the weights afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .layers import Convolution, Dense


@dataclass(frozen=True)
class Normalization:
    """x becomes (x - mean) / deviation; both are one number for all values, or one for each of the last dimension."""

    mean: np.ndarray
    deviation: np.ndarray

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Normalize a batch."""
        return ((x - self.mean) / self.deviation).astype(np.float32)

    def fold_into(self, layer: Convolution | Dense) -> None:
        """Make the layer take values as they come: w (x - mean) / deviation is w' x + b'. Exact without padding."""
        weight, bias = layer.weight.values, layer.bias.values
        inputs = weight.shape[-2]
        weight /= np.broadcast_to(self.deviation, (inputs,))[:, None].astype(np.float32)
        at_mean = weight * np.broadcast_to(self.mean, (inputs,))[:, None].astype(np.float32)
        bias -= at_mean.sum(tuple(range(weight.ndim - 1)))

    def undo_in(self, layer: Dense) -> None:
        """Make a last layer, which was trained on normalized values, give the values themselves."""
        layer.weight.values *= self.deviation
        layer.bias.values[:] = layer.bias.values * self.deviation + self.mean

    @staticmethod
    def of(x: np.ndarray) -> Normalization:
        """Measure one mean and one deviation over all values."""
        return Normalization(np.float32(x.mean()), np.float32(x.std()))

    @staticmethod
    def of_each(x: np.ndarray) -> Normalization:
        """Measure the mean and deviation of each value of the last dimension."""
        axes = tuple(range(x.ndim - 1))
        return Normalization(x.mean(axes), x.std(axes))
