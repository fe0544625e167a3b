"""The exported transformers have the names and the numbers that the site relies on."""

import tempfile
import unittest
from pathlib import Path

from .language_needs import missing_language, needs_language_packages

if not missing_language:
    import numpy as np
    import onnx
    import onnxruntime
    import torch

    from training.bert.kind import BERT
    from training.gpt.kind import GPT
    from training.sentiment.kind import SENTIMENT
    from training.shared.language.export import find_ranges, load_network
    from training.shared.language.graph import read_size, trace_values
    from training.shared.language.int8_session import OnnxNetwork, to_int8
    from training.shared.language.transformer import Size

    KINDS = (BERT, GPT, SENTIMENT)
    SMALL = Size(pieces=50, width=16, layers=2, heads=2, inner=24, positions=12)


def build_lively(kind):
    """A small network whose biases and norms do something, with int8 weights as a file stores them, and its graph."""
    torch.manual_seed(3)
    network = kind.build(SMALL)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, 0.3, 0.4)
    model = kind.build_graph(network.state_dict(), SMALL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        path.write_bytes(model.SerializeToString())
        return load_network(kind, path), model


def inputs_of(kind, length=7):
    """Two texts; the second has two pieces of padding where the network takes a mask."""
    ids = torch.randint(5, SMALL.pieces, (2, length), generator=torch.Generator().manual_seed(1))
    mask = torch.ones_like(ids)
    mask[1, -2:] = 0
    return (ids, mask) if kind.has_mask else (ids,)


@needs_language_packages
class GraphTest(unittest.TestCase):
    def for_each(self):
        for kind in KINDS:
            with self.subTest(kind.id):
                yield kind, *build_lively(kind)

    def test_onnxruntime_agrees_with_pytorch_on_every_value(self):
        for kind, network, model in self.for_each():
            inputs = inputs_of(kind)
            values = trace_values(network, *inputs)
            made = {name for node in model.graph.node for name in node.output}
            self.assertLessEqual(set(values), made)
            asked = sorted(set(values) - {"logits"})
            watched = onnx.ModelProto()
            watched.CopyFrom(model)
            watched.graph.output.extend(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in asked)
            session = onnxruntime.InferenceSession(watched.SerializeToString())
            feeds = {each.name: value.numpy() for each, value in zip(session.get_inputs(), inputs)}
            for name, value in zip(["logits", *asked], session.run(["logits", *asked], feeds)):
                np.testing.assert_allclose(value, values[name].numpy(), atol=1e-4, rtol=1e-4, err_msg=name)

    def test_fused_attention_computes_what_the_written_out_one_does(self):
        for kind, network, _ in self.for_each():
            inputs = inputs_of(kind)
            with torch.inference_mode():
                np.testing.assert_allclose(network(*inputs).numpy(), trace_values(network, *inputs)["logits"].numpy(), atol=1e-4, rtol=1e-4)

    def test_initializers_are_named_like_parameters_and_ties_stay_one(self):
        for kind, network, model in self.for_each():
            names = [tensor.name for tensor in model.graph.initializer]
            self.assertEqual(len(names), len(set(names)))
            for name, parameter in network.named_parameters():
                stored = f"{name}.int8" if parameter.ndim == 2 and "position" not in name else name
                dims = next(list(tensor.dims) for tensor in model.graph.initializer if tensor.name == stored)
                self.assertEqual(dims, list(parameter.shape), name)
            tables = [tensor.name for tensor in model.graph.initializer if list(tensor.dims) == [SMALL.pieces, SMALL.width]]
            self.assertEqual(tables, ["embeddings.word.weight.int8"])

    def test_every_value_is_named_after_its_node(self):
        for _, _, model in self.for_each():
            for node in model.graph.node:
                self.assertIn(node.output[0], (node.name.removesuffix(".dequantize"), "logits"))

    def test_attention_and_hidden_states_have_names(self):
        for kind, stack in ((BERT, "encoder"), (GPT, "decoder"), (SENTIMENT, "encoder")):
            _, model = build_lively(kind)
            made = {name for node in model.graph.node for name in node.output}
            last = "norm" if stack == "encoder" else "add"
            for layer in range(SMALL.layers):
                self.assertIn(f"{stack}.layer.{layer}.attention.probabilities", made)
                self.assertIn(f"{stack}.layer.{layer}.feed_forward.{last}", made)

    def test_only_plain_operators_of_opset_17(self):
        plain = "Add Cast Concat DequantizeLinear Div Erf Gather LayerNormalization MatMul Mul ReduceSum Reshape Shape Slice Softmax Sub Transpose Unsqueeze"
        for _, _, model in self.for_each():
            self.assertLessEqual({node.op_type for node in model.graph.node}, set(plain.split()))
            self.assertEqual([opset.version for opset in model.opset_import], [17])

    def test_batch_and_length_are_dynamic(self):
        for kind, network, model in self.for_each():
            run = OnnxNetwork(model)
            for length in (1, SMALL.positions):
                ids = torch.full((3, length), 6)
                self.assertEqual(run(ids).shape[0], 3)
                self.assertEqual(run(ids).shape[-1], 2 if kind is SENTIMENT else SMALL.pieces)
            self.assertEqual([axis.dim_param for axis in model.graph.input[0].type.tensor_type.shape.dim], ["N", "T"])

    def test_padding_and_later_pieces_change_nothing(self):
        bert, _ = build_lively(BERT)
        ids, mask = inputs_of(BERT)
        other = ids.clone()
        other[1, -2:] = 9
        with torch.inference_mode():
            np.testing.assert_allclose(bert(ids, mask)[1, :5].numpy(), bert(other, mask)[1, :5].numpy(), atol=1e-5)
            gpt, _ = build_lively(GPT)
            np.testing.assert_allclose(gpt(ids)[1, :5].numpy(), gpt(other)[1, :5].numpy(), atol=1e-5)
            self.assertGreater((gpt(ids)[1, 5:] - gpt(other)[1, 5:]).abs().max().item(), 1e-3)

    def test_size_is_read_from_the_file(self):
        _, model = build_lively(GPT)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.onnx"
            onnx.save(model, str(path))
            self.assertEqual(read_size(path), SMALL)

    def test_int8_form_stays_close(self):
        for kind, network, model in self.for_each():
            ids = inputs_of(kind)[0]
            exact = trace_values(network, ids, *([torch.ones_like(ids)] if kind.has_mask else []))["logits"]
            quick = OnnxNetwork(to_int8(model, find_ranges(network, ids, kind.has_mask)))(ids)
            off = (quick - exact).abs().max().item()
            self.assertGreater(off, 0)
            self.assertLess(off, 0.15 * exact.abs().max().item())


if __name__ == "__main__":
    unittest.main()
