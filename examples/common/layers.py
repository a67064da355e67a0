"""Layers with their gradients, channels last: [batch, time, channels] or [batch, rows, columns, channels].

A layer remembers what its last `forward` saw; `backward` then adds up the gradients of its parameters and
returns the one of its input. Each writes itself as ONNX, between values that are channels first there.
"""

from __future__ import annotations

import itertools
from typing import Iterator, Protocol, Sequence

import numpy as np

from .onnx_file import GraphWriter


class Parameter:
    """Values that are trained, with their gradient."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values.astype(np.float32)
        self.gradient = np.zeros_like(self.values)


class Layer(Protocol):
    """What a network is made of."""

    parameters: list[Parameter]

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Compute the layer over a batch."""

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """Return the loss's gradient by the input, given the one by the output of the last `forward`."""

    def export(self, graph: GraphWriter, name: str, operand: str) -> str:
        """Write the layer's nodes behind a value; return the name of the result."""


def he_normal(random: np.random.Generator, shape: Sequence[int], inputs: int) -> Parameter:
    """Draw weights that keep the variance behind a ReLU (He et al., 2015)."""
    return Parameter(random.standard_normal(shape) * np.sqrt(2 / inputs))


class Convolution:
    """Convolution in one or two dimensions without padding.

    :param kernel: its size in each dimension
    :param stride: the same in each dimension
    """

    def __init__(
        self, random: np.random.Generator, kernel: Sequence[int], channels: int, filters: int, stride: int = 1
    ) -> None:
        self.kernel = tuple(kernel)
        self.stride = stride
        self.weight = he_normal(random, (*kernel, channels, filters), int(np.prod(kernel)) * channels)
        self.bias = Parameter(np.zeros(filters))
        self.parameters = [self.weight, self.bias]

    def taps(self, shape: Sequence[int]) -> Iterator[tuple[slice, ...]]:
        """Yield for each position of the kernel where in an input of this shape it reads."""
        lengths = [(size - k) // self.stride + 1 for size, k in zip(shape[1:-1], self.kernel)]
        for at in itertools.product(*(range(k) for k in self.kernel)):
            yield (slice(None), *(slice(a, a + (n - 1) * self.stride + 1, self.stride) for a, n in zip(at, lengths)))

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Map [n, …, channels] to [n, …, filters]."""
        self.shape = x.shape
        self.windows = np.concatenate([x[tap] for tap in self.taps(x.shape)], axis=-1)
        return self.windows @ self.matrix() + self.bias.values

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """See `Layer.backward`."""
        rows = gradient.reshape(-1, gradient.shape[-1])
        self.weight.gradient += (self.windows.reshape(len(rows), -1).T @ rows).reshape(self.weight.values.shape)
        self.bias.gradient += rows.sum(0)
        by_window = gradient @ self.matrix().T
        by_input = np.zeros(self.shape, np.float32)
        for k, tap in enumerate(self.taps(self.shape)):
            by_input[tap] += by_window[..., k * self.shape[-1] : (k + 1) * self.shape[-1]]
        return by_input

    def matrix(self) -> np.ndarray:
        """Return the weights as [kernel positions x channels, filters]."""
        return self.weight.values.reshape(-1, self.weight.values.shape[-1])

    def export(self, graph: GraphWriter, name: str, operand: str) -> str:
        """See `Layer.export`. ONNX has weights as [filters, channels, …]."""
        rank = len(self.kernel)
        weight = self.weight.values.transpose(rank + 1, rank, *range(rank))
        operands = [operand, graph.constant(f"{name}_weight", weight), graph.constant(f"{name}_bias", self.bias.values)]
        return graph.node("Conv", name, operands, kernel_shape=self.kernel, strides=[self.stride] * rank)


class Dense:
    """Fully connected layer: [n, inputs] to [n, outputs]."""

    def __init__(self, random: np.random.Generator, inputs: int, outputs: int) -> None:
        self.weight = he_normal(random, (inputs, outputs), inputs)
        self.bias = Parameter(np.zeros(outputs))
        self.parameters = [self.weight, self.bias]

    def forward(self, x: np.ndarray) -> np.ndarray:
        """See `Layer.forward`."""
        self.x = x
        return x @ self.weight.values + self.bias.values

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """See `Layer.backward`."""
        self.weight.gradient += self.x.T @ gradient
        self.bias.gradient += gradient.sum(0)
        return gradient @ self.weight.values.T

    def export(self, graph: GraphWriter, name: str, operand: str) -> str:
        """See `Layer.export`."""
        weight = graph.constant(f"{name}_weight", self.weight.values)
        return graph.node("Gemm", name, [operand, weight, graph.constant(f"{name}_bias", self.bias.values)])


class Relu:
    """The positive part."""

    parameters: list[Parameter] = []

    def forward(self, x: np.ndarray) -> np.ndarray:
        """See `Layer.forward`."""
        self.positive = x > 0
        return x * self.positive

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """See `Layer.backward`."""
        return gradient * self.positive

    def export(self, graph: GraphWriter, name: str, operand: str) -> str:
        """See `Layer.export`."""
        return graph.node("Relu", name, [operand])


class MaxPool:
    """The largest of each two in time, an odd last one dropped: [n, time, channels]."""

    parameters: list[Parameter] = []

    def forward(self, x: np.ndarray) -> np.ndarray:
        """See `Layer.forward`."""
        self.shape = x.shape
        n, time, channels = x.shape
        pairs = x[:, : time // 2 * 2].reshape(n, time // 2, 2, channels)
        self.second = pairs[:, :, 1] > pairs[:, :, 0]
        return pairs.max(2)

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """See `Layer.backward`."""
        by_input = np.zeros(self.shape, np.float32)
        even = self.shape[1] // 2 * 2
        by_input[:, 0:even:2] = gradient * ~self.second
        by_input[:, 1:even:2] = gradient * self.second
        return by_input

    def export(self, graph: GraphWriter, name: str, operand: str) -> str:
        """See `Layer.export`."""
        return graph.node("MaxPool", name, [operand], kernel_shape=[2], strides=[2])


class GlobalAverage:
    """The mean over time: [n, time, channels] to [n, channels]."""

    parameters: list[Parameter] = []

    def forward(self, x: np.ndarray) -> np.ndarray:
        """See `Layer.forward`."""
        self.shape = x.shape
        return x.mean(1)

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """See `Layer.backward`."""
        return np.broadcast_to(gradient[:, None] / self.shape[1], self.shape)

    def export(self, graph: GraphWriter, name: str, operand: str) -> str:
        """See `Layer.export`."""
        return graph.node("Flatten", f"{name}_flat", [graph.node("GlobalAveragePool", name, [operand])])


class Flatten:
    """All values of a sample in one row: rows, columns, channels, as Keras has them.

    :param channels_first: whether the value is channels first in ONNX, as behind a convolution there
    """

    parameters: list[Parameter] = []

    def __init__(self, channels_first: bool = True) -> None:
        self.channels_first = channels_first

    def forward(self, x: np.ndarray) -> np.ndarray:
        """See `Layer.forward`."""
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """See `Layer.backward`."""
        return gradient.reshape(self.shape)

    def export(self, graph: GraphWriter, name: str, operand: str) -> str:
        """See `Layer.export`."""
        rank = len(self.shape)
        if self.channels_first:
            operand = graph.node("Transpose", f"{name}_nhwc", [operand], perm=[0, *range(2, rank), 1])
        return graph.node("Flatten", name, [operand])




class Stack:
    """Layers one behind the other, which is a layer again."""

    def __init__(self, **layers: Layer) -> None:
        self.layers = layers
        self.parameters = [p for layer in layers.values() for p in layer.parameters]

    def forward(self, x: np.ndarray) -> np.ndarray:
        """See `Layer.forward`."""
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """See `Layer.backward`."""
        for layer in reversed(self.layers.values()):
            gradient = layer.backward(gradient)
        return gradient

    def export(self, graph: GraphWriter, name: str, operand: str) -> str:
        """See `Layer.export`. Each layer's nodes carry its name in the stack, behind the stack's own."""
        for key, layer in self.layers.items():
            operand = layer.export(graph, f"{name}{key}", operand)
        return operand


def parameter_count(*layers: Layer) -> int:
    """Count the trained values of layers."""
    return sum(p.values.size for layer in layers for p in layer.parameters)
