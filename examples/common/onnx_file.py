"""Writes ONNX files: the few messages of its protobuf format that a network needs, without a library.

Field numbers are those of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
"""

from __future__ import annotations

import struct
from typing import Sequence

import numpy as np

OPSET = 13
IR_VERSION = 7  # the first that knows opset 13
BATCH = "N"  # the symbolic first dimension of inputs and outputs

FLOAT, INT64 = 1, 7  # TensorProto.DataType
ATTRIBUTE_INT, ATTRIBUTE_INTS = 2, 7  # AttributeProto.AttributeType
VARINT, BYTES = 0, 2  # protobuf's wire types


def varint(value: int) -> bytes:
    """Encode a whole number in groups of seven bits; a negative one as 64 bits of two's complement."""
    value &= (1 << 64) - 1
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def field(number: int, value: int | str | bytes) -> bytes:
    """Encode a field: a number, a text, or bytes (those of a message as well)."""
    if isinstance(value, int):
        return varint(number << 3 | VARINT) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | BYTES) + varint(len(data)) + data


def tensor(name: str, values: np.ndarray) -> bytes:
    """Encode a TensorProto of float32 or int64."""
    kind = INT64 if values.dtype == np.int64 else FLOAT
    data = np.ascontiguousarray(values, "<i8" if kind == INT64 else "<f4")
    dimensions = b"".join(field(1, size) for size in values.shape)
    return dimensions + field(2, kind) + field(8, name) + field(9, data.tobytes())


def attribute(name: str, value: int | Sequence[int]) -> bytes:
    """Encode an AttributeProto: a whole number or a list of them."""
    if isinstance(value, int):
        return field(1, name) + field(3, value) + field(20, ATTRIBUTE_INT)
    return field(1, name) + b"".join(field(8, v) for v in value) + field(20, ATTRIBUTE_INTS)


def value_info(name: str, shape: Sequence[int]) -> bytes:
    """Encode a ValueInfoProto: float32 of this shape, behind the symbolic batch."""
    dimensions = [field(2, BATCH), *(field(1, size) for size in shape)]
    tensor_type = field(1, FLOAT) + field(2, b"".join(field(1, d) for d in dimensions))
    return field(1, name) + field(2, field(1, tensor_type))


class GraphWriter:
    """Collects a network's nodes and constants, and writes them as one file.

    :param name: name of the graph
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.nodes: list[bytes] = []
        self.constants: list[bytes] = []
        self.inputs: list[bytes] = []
        self.outputs: list[bytes] = []

    def input(self, name: str, shape: Sequence[int]) -> str:
        """Declare an input, its shape without the batch, and return its name."""
        self.inputs.append(value_info(name, shape))
        return name

    def output(self, name: str, shape: Sequence[int]) -> None:
        """Declare that a node's result is an output, its shape without the batch."""
        self.outputs.append(value_info(name, shape))

    def constant(self, name: str, values: np.ndarray) -> str:
        """Add a constant of float32 or int64 and return its name."""
        self.constants.append(tensor(name, values))
        return name

    def node(
        self, operator: str, name: str, operands: Sequence[str], **attributes: int | Sequence[int]
    ) -> str:
        """Add a node; its result has the node's name, which is returned."""
        parts = [field(1, operand) for operand in operands]
        parts += [field(2, name), field(3, name), field(4, operator)]
        parts += [field(5, attribute(key, value)) for key, value in attributes.items()]
        self.nodes.append(b"".join(parts))
        return name

    def file(self) -> bytes:
        """Encode the ModelProto."""
        lists = [(1, self.nodes), (5, self.constants), (11, self.inputs), (12, self.outputs)]
        graph = field(2, self.name) + b"".join(field(n, part) for n, parts in lists for part in parts)
        opset = field(1, "") + field(2, OPSET)
        return field(1, IR_VERSION) + field(2, "glowport-examples") + field(7, graph) + field(8, opset)
