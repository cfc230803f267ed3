"""
Ten figures of the guide by PyTorch: the llama of Hugging Face's transformers, in float64 where it lets us, opened on
the weights of this repository by llama.cpp's own reader. Writes tests/fixtures/pytorch.json, against which
tests/figures-pytorch.test.ts holds the tables of these figures. Run it after a training, or when one of the ten changes:

    python3 -m venv .cache/torch
    .cache/torch/bin/pip install torch transformers gguf pyyaml
    .cache/torch/bin/python scripts/pytorch.py
"""

import hashlib
import json
import re
from pathlib import Path

import numpy
import torch
import transformers
import yaml
from gguf import GGUFReader
from gguf.quants import dequantize

FIGURES = [
    "index#the-woman-was",
    "lessons/attention-in-one-sentence#woman-looks",
    "lessons/attention-in-one-sentence#one-back",
    "lessons/attention-in-one-sentence#was-looks",
    "lessons/query-key-value#creature-looks",
    "lessons/query-key-value#everybody-asks",
    "lessons/what-comes-next#ugly-what",
    "lessons/what-comes-next#two-softmaxes",
    "lessons/what-comes-next#after-mistakes",
    "lessons/where-am-i#which-cat",
]
# Probabilities below this are left out.
LEAST = 1e-7

root = Path(__file__).resolve().parent.parent
model_file = root / "public/model/easel.gguf"
roles = json.loads((root / "public/model/heads.json").read_text())["roles"]


def open_easel():
    """The model and its words, by token id."""
    reader = GGUFReader(model_file)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    tensors = {t.name: dequantize(t.data, t.tensor_type).astype(numpy.float64) for t in reader.tensors}
    of = lambda key: fields[f"llama.{key}"]
    heads, key_heads = of("attention.head_count"), fields.get("llama.attention.head_count_kv", of("attention.head_count"))
    width, layers = of("embedding_length"), of("block_count")
    head_dim = fields.get("llama.attention.key_length", width // heads)
    words = [token.removeprefix("\u2581") for token in fields["tokenizer.ggml.tokens"]]

    def halves(array, n):
        """llama.cpp turns neighbouring numbers of a query and a key, transformers turns its two halves."""
        rest = array.shape[1:]
        return array.reshape(n, head_dim // 2, 2, *rest).swapaxes(1, 2).reshape(n * head_dim, *rest)

    state = {"model.embed_tokens.weight": tensors.pop("token_embd.weight"), "model.norm.weight": tensors.pop("output_norm.weight")}
    state["lm_head.weight"] = tensors.pop("output.weight", state["model.embed_tokens.weight"])
    names = {
        "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
        "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
        "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    }
    for name, array in tensors.items():
        _, layer, part, what = name.split(".")
        if part == "attn_q":
            array = halves(array, heads)
        if part == "attn_k":
            array = halves(array, key_heads)
        state[f"model.layers.{layer}.{names[part]}.{what}"] = array
    biased = "blk.0.attn_q.bias" in tensors
    if biased:
        for layer in range(layers):
            state[f"model.layers.{layer}.self_attn.o_proj.bias"] = numpy.zeros(width)

    model = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=len(words), hidden_size=width, intermediate_size=of("feed_forward_length"),
            num_hidden_layers=layers, num_attention_heads=heads, num_key_value_heads=key_heads, head_dim=head_dim,
            max_position_embeddings=of("context_length"), rms_norm_eps=of("attention.layer_norm_rms_epsilon"),
            rope_parameters={"rope_type": "default", "rope_theta": fields.get("llama.rope.freq_base", 10000.0)},
            attention_bias=biased, hidden_act="silu", tie_word_embeddings=True, attn_implementation="eager",
        )
    ).double()
    model.load_state_dict({name: torch.tensor(array) for name, array in state.items()}, strict=True)
    return model.eval(), words


def declarations():
    """Figures by page#name, as the pages declare them."""
    found = {}
    for file in sorted((root / "content/docs").rglob("*.mdx")):
        page = file.relative_to(root / "content/docs").with_suffix("").as_posix()
        frontmatter = re.match(r"\ufeff?---\n(.*?)^---", file.read_text(), re.S | re.M)
        figures = (yaml.safe_load(frontmatter[1]) or {}).get("figures") if frontmatter else None
        found.update({f"{page}#{name}": figure for name, figure in (figures or {}).items()})
    return found


def main():
    model, words = open_easel()
    declared = declarations()
    figures = {}
    for key in FIGURES:
        if key not in declared:
            raise SystemExit(f"No page declares {key}. Put another figure in its place in FIGURES.")
        figure = declared[key]
        ids = [0] + [words.index(word) for word in figure["text"].lower().split()]
        with torch.no_grad():
            out = model(torch.tensor([ids]), output_attentions=True)
        next_word = torch.softmax(out.logits[0, -1].double(), -1).tolist()
        answer = {"text": figure["text"]}
        if figure["kind"] in ("arcs", "heatmap"):
            place = roles[figure["role"]] if "role" in figure else figure
            answer |= {"layer": place["layer"], "head": place["head"]}
            rows = out.attentions[place["layer"] - 1][0, place["head"] - 1].tolist()
            answer["weights"] = [[round(weight, 8) for weight in row[: i + 1]] for i, row in enumerate(rows)]
        answer["next"] = {words[i]: round(p, 8) for i, p in enumerate(next_word) if p >= LEAST and i > 0}
        figures[key] = answer
    made_by = f"PyTorch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}"
    about = 'Written by "python scripts/pytorch.py": do not edit.'
    sha256 = hashlib.sha256(model_file.read_bytes()).hexdigest()
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in figures.items())
    head = f'"about": {json.dumps(about)},\n"madeBy": {json.dumps(made_by)},\n"sha256": "{sha256}"'
    out = root / "tests/fixtures/pytorch.json"
    out.write_text("{\n" + head + ',\n"figures": {\n' + lines + "\n}\n}\n")
    print(f"Wrote {out}: what {made_by} says of {len(figures)} figures. Now run: npm test -- tests/figures-pytorch.test.ts")


main()
