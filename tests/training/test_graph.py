"""The exported graphs have the names and the numbers that the site relies on."""

import unittest

from .architectures import build_lively
from .needs import missing, needs_python_packages

if not missing:
    import numpy as np
    import onnx
    import onnxruntime
    import torch

    from training.shared.onnx_graph import read_weights
    from training.shared.quantise import dequantise_channels, quantise_channels
    from training.shared.vision.graph import build_graph, count_macs, trace_values
    from training.shared.vision.int8_session import to_int8

    from .architectures import ARCHITECTURES

CLASSES = 7
HEAD_CLASSES = 797
SIZES = {"resnet": (2_999_869, 35_691_776), "vgg": (1_372_973, 49_159_424), "inception": (1_275_045, 36_150_144)}
"""Parameters and multiply-accumulates with the head of the mixed source: a change of an architecture changes the cards."""


@needs_python_packages
class GraphTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.networks, cls.models = {}, {}
        for architecture in ARCHITECTURES:
            network = build_lively(architecture, CLASSES)
            model = build_graph(network, "test")
            weights = read_weights(model)
            network.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in weights.items()}, strict=False)
            cls.networks[architecture.id], cls.models[architecture.id] = network, model
        cls.pixels = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))

    def for_each(self):
        for architecture in ARCHITECTURES:
            with self.subTest(architecture.id):
                yield architecture, self.networks[architecture.id], self.models[architecture.id]

    def test_initializers_are_named_like_parameters(self):
        for _, network, model in self.for_each():
            expected = {name for name in network.state_dict() if not name.endswith("num_batches_tracked")}
            self.assertEqual(set(read_weights(model)), expected)

    def test_every_value_is_named_after_its_node(self):
        for _, _, model in self.for_each():
            for node in model.graph.node:
                expected = {"head": "logits"}.get(node.name, node.name.removesuffix(".dequantize"))
                self.assertEqual(list(node.output), [expected])

    def test_equal_initializers_stay_separate(self):
        for architecture, _, _ in self.for_each():
            fresh = architecture.build(CLASSES)
            names = [tensor.name for tensor in build_graph(fresh, "fresh").graph.initializer]
            self.assertEqual(len(names), len(set(names)))
            variances = [name for name, _ in fresh.named_buffers() if name.endswith("running_var")]
            self.assertGreater(len(variances), 5)
            self.assertLessEqual(set(variances), set(names))

    def test_batch_is_dynamic_and_opset_fits(self):
        for _, _, model in self.for_each():
            self.assertEqual(model.graph.input[0].type.tensor_type.shape.dim[0].dim_param, "N")
            self.assertGreaterEqual(model.opset_import[0].version, 17)

    def test_onnxruntime_agrees_with_pytorch_on_every_value(self):
        for _, network, model in self.for_each():
            values = trace_values(network, self.pixels)
            names = [node.output[0] for node in model.graph.node if node.op_type != "DequantizeLinear"]
            self.assertEqual(set(names) | {"input"}, set(values))
            watched = onnx.ModelProto()
            watched.CopyFrom(model)
            for name in names[:-1]:
                watched.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
            session = onnxruntime.InferenceSession(watched.SerializeToString())
            for name, value in zip(names, session.run(names, {"input": self.pixels.numpy()})):
                np.testing.assert_allclose(value, values[name].numpy(), atol=1e-4, rtol=1e-3, err_msg=name)

    def test_sizes_are_those_of_the_cards_and_within_their_bounds(self):
        for architecture, network, model in self.for_each():
            parameters, macs = SIZES[architecture.id]
            width, fewer = network.head.in_features, HEAD_CLASSES - CLASSES
            self.assertEqual(sum(p.numel() for p in network.parameters()), parameters - (width + 1) * fewer)
            self.assertEqual(count_macs(model), macs - width * fewer)
            self.assertLessEqual(parameters, 3_000_000)
            self.assertTrue(30_000_000 <= macs <= 60_000_000)

    def test_int8_form_stays_close(self):
        for _, network, model in self.for_each():
            values = trace_values(network, self.pixels)
            ranges = {name: [float(value.min()), float(value.max())] for name, value in values.items()}
            session = onnxruntime.InferenceSession(to_int8(model, ranges).SerializeToString())
            [logits] = session.run(None, {"input": self.pixels.numpy()})
            exact = values["logits"].numpy()
            self.assertLess(np.abs(logits - exact).max(), 0.15 * np.abs(exact).max())
            self.assertGreater(np.abs(logits - exact).max(), 0)

    def test_a_step_outside_a_module_is_refused(self):
        class Nameless(torch.nn.Module):
            def forward(self, x):
                return x + 1

        with self.assertRaisesRegex(TypeError, "outside a module"):
            build_graph(Nameless(), "nameless")


@needs_python_packages
class QuantiseTest(unittest.TestCase):
    def test_error_is_within_a_step_and_zero_channels_survive(self):
        weight = np.random.default_rng(0).normal(size=(5, 3, 3, 3)).astype(np.float32)
        weight[2] = 0
        steps, scale = quantise_channels(weight)
        self.assertEqual((steps.dtype, scale.dtype, scale.shape), (np.int8, np.float32, (5,)))
        self.assertGreaterEqual(steps.min(), -127)
        error = np.sqrt(((dequantise_channels(steps, scale) - weight) ** 2).mean((1, 2, 3)))
        self.assertTrue((error <= np.abs(weight).max((1, 2, 3)) / 127).all())
        self.assertEqual(np.abs(dequantise_channels(steps, scale)[2]).max(), 0)
