"""Adam with a one-cycle learning rate, and the losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

from .layers import Layer, Parameter

WARM_UP = 0.1  # share of the steps in which the learning rate rises
FIRST_DECAY, SECOND_DECAY, EPSILON = 0.9, 0.999, 1e-8  # Adam's (Kingma and Ba, 2015)
EVALUATION_BATCH = 500
SMOOTHING = 0.1  # of labels: keeps logits small, which 8 bits then hold finely


@dataclass(frozen=True)
class Recipe:
    """All that decides a training, besides data and versions."""

    seed: int = 1
    epochs: int = 40
    batch: int = 32
    learning_rate: float = 0.005


def learning_rate(peak: float, done: float) -> float:
    """Return the rate at a share of the steps: up along a half cosine, and down to nothing along another."""
    if done < WARM_UP:
        return peak * (1 - np.cos(np.pi * done / WARM_UP)) / 2
    return peak * (1 + np.cos(np.pi * (done - WARM_UP) / (1 - WARM_UP))) / 2


def train(
    parameters: Sequence[Parameter],
    count: int,
    recipe: Recipe,
    learn: Callable[[np.ndarray], float],
    after_epoch: Callable[[int, float], None] = lambda epoch, loss: print(f"epoch {epoch}: loss {loss:.4f}"),
) -> None:
    """Train for a fixed number of epochs and keep the last one: held-out samples choose nothing.

    :param count: how many samples there are
    :param learn: runs the samples with these indices forwards and backwards, and returns their mean loss
    """
    random = np.random.default_rng(recipe.seed)
    first = [np.zeros_like(p.values) for p in parameters]
    second = [np.zeros_like(p.values) for p in parameters]
    batches = -(-count // recipe.batch)
    step = 0
    for epoch in range(1, recipe.epochs + 1):
        losses = []
        for chosen in np.array_split(random.permutation(count), batches):
            for p in parameters:
                p.gradient[...] = 0
            losses.append(learn(chosen))
            rate = learning_rate(recipe.learning_rate, step / (recipe.epochs * batches))
            step += 1
            correction = np.sqrt(1 - SECOND_DECAY**step) / (1 - FIRST_DECAY**step)
            for p, m, v in zip(parameters, first, second):
                m += (1 - FIRST_DECAY) * (p.gradient - m)
                v += (1 - SECOND_DECAY) * (p.gradient**2 - v)
                p.values -= np.float32(rate * correction) * m / (np.sqrt(v) + np.float32(EPSILON))
        after_epoch(epoch, float(np.mean(losses)))


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean cross-entropy of logits [n, classes] and its gradient.

    The label's class is wanted with 1 - SMOOTHING, the rest of the probability from all alike (Szegedy et al., 2016).
    """
    shifted = logits - logits.max(1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    classes = logits.shape[1]
    wanted = np.full(logits.shape, SMOOTHING / classes, np.float32)
    wanted[np.arange(len(labels)), labels] += 1 - SMOOTHING
    loss = -(wanted * log_probabilities).sum(1).mean()
    return float(loss), (np.exp(log_probabilities) - wanted) / np.float32(len(labels))


def squared_error(values: np.ndarray, wanted: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean squared error and its gradient."""
    difference = values - wanted
    return float((difference**2).mean()), difference * np.float32(2 / difference.size)


def outputs(network: Layer, x: np.ndarray) -> np.ndarray:
    """Run a network over many samples, some at a time."""
    parts = [network.forward(x[at : at + EVALUATION_BATCH]) for at in range(0, len(x), EVALUATION_BATCH)]
    return np.concatenate(parts)
