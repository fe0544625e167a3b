"""The exported graph has the names and the numbers that the site relies on."""

import unittest

from .needs import missing, needs_python_packages

if not missing:
    import numpy as np
    import onnx
    import onnxruntime
    import torch

    from training.resnet.graph import build_graph, count_macs, trace_values
    from training.resnet.model import ResNet
    from training.shared.int8_session import to_int8
    from training.shared.onnx_graph import read_weights
    from training.shared.quantise import dequantise_channels, quantise_channels

CLASSES = 7


def build_lively_network():
    """A small-headed network whose BatchNorms do something, negative slopes among them."""
    torch.manual_seed(3)
    network = ResNet(CLASSES)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.weight, 0.8, 0.5)
            torch.nn.init.normal_(module.bias, 0, 0.3)
            torch.nn.init.normal_(module.running_mean, 0, 0.3)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
    return network.eval()


@needs_python_packages
class GraphTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = build_lively_network()
        cls.model = build_graph(cls.network.state_dict(), "test")
        weights = read_weights(cls.model)
        cls.network.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in weights.items()}, strict=False)
        cls.pixels = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))

    def test_initializers_are_named_like_parameters(self):
        expected = {name for name in self.network.state_dict() if not name.endswith("num_batches_tracked")}
        self.assertEqual(set(read_weights(self.model)), expected)

    def test_every_value_is_named_after_its_node(self):
        for node in self.model.graph.node:
            expected = {"head": "logits"}.get(node.name, node.name.removesuffix(".dequantize"))
            self.assertEqual(list(node.output), [expected])

    def test_equal_initializers_stay_separate(self):
        fresh = ResNet(CLASSES).state_dict()
        names = [tensor.name for tensor in build_graph(fresh, "fresh").graph.initializer]
        self.assertEqual(len(names), len(set(names)))
        self.assertIn("layer1.0.bn1.running_var", names)
        self.assertIn("layer4.1.bn2.running_var", names)

    def test_batch_is_dynamic_and_opset_fits(self):
        self.assertEqual(self.model.graph.input[0].type.tensor_type.shape.dim[0].dim_param, "N")
        self.assertGreaterEqual(self.model.opset_import[0].version, 17)

    def test_onnxruntime_agrees_with_pytorch_on_every_value(self):
        values = trace_values(self.network, self.pixels)
        names = [node.output[0] for node in self.model.graph.node if node.op_type != "DequantizeLinear"]
        self.assertEqual(set(names) | {"input"}, set(values))
        watched = onnx.ModelProto()
        watched.CopyFrom(self.model)
        for name in names[:-1]:
            watched.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
        session = onnxruntime.InferenceSession(watched.SerializeToString())
        for name, value in zip(names, session.run(names, {"input": self.pixels.numpy()})):
            np.testing.assert_allclose(value, values[name].numpy(), atol=1e-4, rtol=1e-4, err_msg=name)

    def test_macs_are_those_of_the_network(self):
        self.assertEqual(count_macs(self.model), 35_691_776 - 256 * (797 - CLASSES))

    def test_int8_form_stays_close(self):
        values = trace_values(self.network, self.pixels)
        ranges = {name: [float(value.min()), float(value.max())] for name, value in values.items()}
        session = onnxruntime.InferenceSession(to_int8(self.model, ranges).SerializeToString())
        [logits] = session.run(None, {"input": self.pixels.numpy()})
        exact = values["logits"].numpy()
        self.assertLess(np.abs(logits - exact).max(), 0.15 * np.abs(exact).max())
        self.assertGreater(np.abs(logits - exact).max(), 0)


@needs_python_packages
class QuantiseTest(unittest.TestCase):
    def test_error_is_within_a_step_and_zero_channels_survive(self):
        weight = np.random.default_rng(0).normal(size=(5, 3, 3, 3)).astype(np.float32)
        weight[2] = 0
        steps, scale = quantise_channels(weight)
        self.assertEqual((steps.dtype, scale.dtype, scale.shape), (np.int8, np.float32, (5,)))
        self.assertGreaterEqual(steps.min(), -127)
        error = np.sqrt(((dequantise_channels(steps, scale) - weight) ** 2).mean((1, 2, 3)))
        self.assertTrue((error < np.abs(weight).max((1, 2, 3)) / 127).all() or error[2] == 0)
        self.assertEqual(np.abs(dequantise_channels(steps, scale)[2]).max(), 0)
