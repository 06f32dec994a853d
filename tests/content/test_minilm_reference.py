"""The SavedModel pair that the Transformer page exports is the model its authors published."""

import ast
import hashlib
import json
import pathlib
import runpy

import numpy as np
import pytest

from handbook.settings import ROOT

SNIPPET = ROOT / "snippets" / "problems" / "transformer" / "encoder_against_word_counts.py"
REFERENCE = pathlib.Path(__file__).with_name("minilm_reference.json")
# Everything up to this marker reads the weights, exports the pair and loads it back.
AFTER_THE_EXPORT = "# --8<-- [start:layer]"
# What was exported under which EXPORT_VERSION; see the last test.
EXPORTED = {"1": "eea080b240fc5417"}
EXPORTED_NAMES = {"CLS", "SEP", "LAYERS", "HEADS", "EPSILON", "MAX_TOKENS", "IDS", "NAMES"}
EXPORTED_NAMES |= {"Preprocessor", "attend", "Weights", "Encoder", "save_reusable"}


@pytest.fixture(scope="module")
def reference() -> dict:
    return json.loads(REFERENCE.read_text("utf-8"))


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> dict:
    """The names the page's export code defines, run with an empty cache."""
    folder = tmp_path_factory.mktemp("minilm")
    head, found, _ = SNIPPET.read_text("utf-8").partition(AFTER_THE_EXPORT)
    assert found, (
        f"{SNIPPET}: the marker {AFTER_THE_EXPORT} is gone. Name the section that follows the export."
    )
    program = folder / SNIPPET.name
    program.write_text(head, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TFHUB_CACHE_DIR", str(folder / "cache"))
        names = runpy.run_path(str(program), run_name="exported_page")
    assert [path.name for path in (folder / "cache").iterdir()] == [names["pair"].name]
    return names


def test_the_exported_pair_embeds_like_the_models_own_library(page, reference):
    found = page["embed"](reference["sentences"])
    np.testing.assert_allclose(found, np.array(reference["embeddings"]), rtol=0, atol=1e-4)


def test_a_sentence_alone_embeds_as_it_does_in_a_batch(page, reference):
    alone = page["embed"](reference["sentences"][:1])
    np.testing.assert_allclose(alone[0], reference["embeddings"][0], rtol=0, atol=1e-4)


def test_the_exported_preprocessor_cuts_the_same_tokens(page, reference):
    inputs = page["preprocessor"](page["tf"].constant(reference["sentences"]))
    ids, mask = inputs["input_word_ids"].numpy(), inputs["input_mask"].numpy().astype(bool)
    found = [row[real].tolist() for row, real in zip(ids, mask, strict=True)]
    assert found == reference["token_ids"]


def test_the_reference_was_made_from_the_files_the_page_checks(page, reference):
    assert page["SHA256"] == reference["sha256"]
    assert {"torch", "transformers", "sentence-transformers"} <= reference["made_with"].keys()


def test_a_changed_file_is_refused(page):
    published = dict(page["SHA256"])
    page["SHA256"]["vocab.txt"] = "0" * 64
    try:
        with pytest.raises(ValueError, match="vocab.txt is not the published file"):
            page["find_and_check"]("vocab.txt")
    finally:
        page["SHA256"].update(published)


def names_set_by(node: ast.stmt) -> set[str]:
    """The names that a top-level statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {
            n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)
        }
    return set()


def test_a_changed_export_has_a_new_version():
    """A cache filled by older code would otherwise be taken for the new export."""
    body = ast.parse(SNIPPET.read_text("utf-8")).body
    parts = [ast.unparse(node) for node in body if names_set_by(node) & EXPORTED_NAMES]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    (version,) = (n.value.value for n in body if "EXPORT_VERSION" in names_set_by(n))
    assert EXPORTED.get(version) == digest, (
        f"{SNIPPET}: the export code is {digest}, recorded for version {version}: "
        f"{EXPORTED.get(version)}. Raise EXPORT_VERSION and add the new pair to EXPORTED."
    )
