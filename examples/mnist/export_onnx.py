"""Writes the trained network as ONNX in the form that the Keras converter gives it.

Keras works on NHWC images, ONNX convolutions on NCHW: the converter wraps the body in two
Transpose nodes, so the flattened values and with them the dense weights stay in NHWC order.
The batch is the symbol N, dense layers are MatMul + Add, Dropout is gone.
"""

from __future__ import annotations

from typing import Mapping

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

INPUT = "max_pooling_1_input"
OUTPUT = "dense_2"
OPSET = 13
IR_VERSION = 7  # the first that knows opset 13


class GraphWriter:
    """Appends nodes one behind the other; each node's output carries the node's name unless told."""

    def __init__(self, tensor: str) -> None:
        self.tensor = tensor
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def constant(self, name: str, values: np.ndarray) -> str:
        """Add an initializer and return its name."""
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, name: str, *constants: str, output: str | None = None, **attributes: object) -> None:
        """Append one operator that reads the previous tensor and these constants."""
        result = output or f"{name}:0"
        self.nodes.append(helper.make_node(operator, [self.tensor, *constants], [result], name=name, **attributes))
        self.tensor = result

    def max_pooling(self, name: str) -> None:
        """2x2 max pooling with stride 2, the odd last row and column dropped."""
        self.node("MaxPool", name, kernel_shape=[2, 2], strides=[2, 2], auto_pad="VALID", ceil_mode=0)

    def convolution(self, name: str, weights: Mapping[str, np.ndarray]) -> None:
        """3x3 convolution, same size, with bias and ReLU. Weights are [out, in, rows, columns]."""
        kernel = self.constant(f"{name}/kernel:0", weights[f"{name}.weight"])
        bias = self.constant(f"{name}/bias:0", weights[f"{name}.bias"])
        self.node(
            "Conv", name, kernel, bias,
            kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1], dilations=[1, 1], group=1,
        )
        self.node("Relu", f"{name}/Relu")

    def dense(self, name: str, weights: Mapping[str, np.ndarray], output: str | None = None) -> None:
        """Fully connected layer. Keras keeps its weights as [inputs, outputs], torch the other way."""
        kernel = self.constant(f"{name}/kernel:0", weights[f"{name}.weight"].T)
        bias = self.constant(f"{name}/bias:0", weights[f"{name}.bias"])
        self.node("MatMul", name, kernel)
        self.node("Add", f"{name}/BiasAdd", bias, output=output)


def build_model(weights: Mapping[str, np.ndarray]) -> onnx.ModelProto:
    """Build and check the ONNX model from `DigitNetwork`'s state as float32 arrays."""
    graph = GraphWriter(INPUT)
    graph.node("Transpose", "max_pooling_1_transpose", perm=[0, 3, 1, 2])
    graph.max_pooling("max_pooling_1")
    graph.convolution("conv2d_1", weights)
    graph.max_pooling("max_pooling2d_1")
    graph.convolution("conv2d_2", weights)
    graph.max_pooling("max_pooling2d_2")
    graph.convolution("conv2d_3", weights)
    graph.node("Transpose", "flatten_1_transpose", perm=[0, 2, 3, 1])
    flattened = weights["dense_1.weight"].shape[1]
    graph.node("Reshape", "flatten_1", graph.constant("flatten_1/shape", np.array([-1, flattened], np.int64)))
    graph.dense("dense_1", weights)
    graph.node("Relu", "dense_1/Relu")
    graph.dense("dense_2", weights, output=OUTPUT)

    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "mnist",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["N", 28, 28, 1])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["N", 10])],
            graph.initializers,
        ),
        producer_name="glowport-examples-mnist",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    onnx.checker.check_model(model, full_check=True)
    return model
