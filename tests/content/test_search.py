"""What readers type brings the page they want first, in the published site and a real browser."""

import pytest

from handbook.languages import PREFIXES
from handbook.settings import ROOT
from tests.support.browser import launched
from tests.support.serving import serving

QUERIES = {
    "zh": {
        "专家并行": "questions/parallelism/parallel-training/",
        "流水线并行": "questions/parallelism/pipeline-parallel/",
        "流水线 气泡": "questions/parallelism/pipeline-parallel/",
        "1F1B": "questions/parallelism/pipeline-parallel/",
        "数据并行": "questions/parallelism/data-parallel/",
        "DDP": "questions/parallelism/data-parallel/",
        "张量并行": "questions/parallelism/tensor-parallel/",
        "序列并行": "questions/parallelism/tensor-parallel/",
        "FSDP": "questions/parallelism/zero-fsdp/",
        "梯度消失": "questions/foundations/gradients/",
        "梯度爆炸": "questions/foundations/gradients/",
        "梯度裁剪": "questions/foundations/gradients/",
        "雅可比": "questions/foundations/gradients/",
        "遗忘门": "problems/lstm/",
        "损失缩放": "questions/foundations/gradients/",
        "卷积": "questions/foundations/convolution/",
        "感受野": "questions/foundations/convolution/",
        "平移等变": "questions/foundations/convolution/",
        "自监督": "questions/foundations/deep-learning/",
        "护城河": "guide/innovation-advantage/",
        "盈亏平衡": "guide/api-or-self-host/",
        "备案": "guide/compliance/",
        "图像分类": "problems/cnn/",
        "二氧化碳": "problems/lstm/",
        "时间序列": "problems/lstm/",
        "滑动窗口": "questions/transformer/sparse-attention/",
        "分词器": "problems/transformer/",
        "文本分类": "problems/transformer/",
        "因果掩码": "questions/transformer/causal-mask/",
        "SwiGLU": "questions/positions/gated-feed-forward/",
        "MLA": "questions/transformer/latent-attention/",
        "GQA": "questions/transformer/grouped-query/",
        "头剪枝": "questions/transformer/multi-head/",
        "屋顶线": "labs/from_prompt_to_price/",
        "利用率": "labs/from_prompt_to_price/",
        "正交初始化": "labs/why_deep_networks_die/",
        "复习": "questions/review/",
        "金丝雀": "about/verification/",
        "DiLoCo": "questions/parallelism/data-parallel/",
        "哈希": "questions/tokenizers/data-cleaning/",
        "13-gram": "questions/tokenizers/data-cleaning/",
        "KV 头": "questions/transformer/grouped-query/",
        # As people type: Latin and Han without a space.
        "RoPE原理": "questions/positions/rope/",
        "LSTM和GRU": "questions/foundations/recurrent-networks/",
        "RMSNorm是什么": "questions/foundations/normalization-layers/",
        "MoE模型": "questions/foundations/deep-learning/",
        "ReLU激活函数": "questions/positions/gated-feed-forward/",
        "Adam优化器": "questions/foundations/gradients/",
        "GQA和MQA的区别": "questions/transformer/grouped-query/",
        "KV缓存": "questions/transformer/grouped-query/",
    },
    "en": {
        "moat": "guide/innovation-advantage/",
        "break-even": "guide/api-or-self-host/",
        "vanishing gradient": "questions/foundations/gradients/",
        "clipping": "questions/foundations/gradients/",
        "Jacobian": "questions/foundations/gradients/",
        "forget gate": "problems/lstm/",
        "loss scaling": "questions/foundations/gradients/",
        "equivariance": "questions/foundations/convolution/",
        "receptive field": "questions/foundations/convolution/",
        "parallel training": "questions/parallelism/parallel-training/",
        "all-reduce": "questions/parallelism/data-parallel/",
        "DataParallel": "questions/parallelism/data-parallel/",
        "tensor parallelism": "questions/parallelism/tensor-parallel/",
        "sequence parallelism": "questions/parallelism/tensor-parallel/",
        "ZeRO": "questions/parallelism/zero-fsdp/",
        "bubble": "questions/parallelism/pipeline-parallel/",
        "self-supervised": "questions/foundations/deep-learning/",
        "handwritten digits": "problems/cnn/",
        "SVM": "problems/cnn/",
        "forecast": "problems/lstm/",
        "Mauna Loa": "problems/lstm/",
        "MiniLM": "problems/transformer/",
        "SavedModel": "problems/transformer/",
        "causal mask": "questions/transformer/causal-mask/",
        "FlashAttention": "questions/transformer/flash-attention/",
        "NoPE": "questions/transformer/without-positions/",
        "prefill": "labs/from_prompt_to_price/",
        "KV cache": "questions/transformer/latent-attention/",
        "spaced repetition": "questions/review/",
        "canary": "about/verification/",
    },
}
CASES = [(language, *case) for language, cases in QUERIES.items() for case in cases.items()]


@pytest.fixture(scope="module")
def search():
    """A function that gives the pages found for a word, best first."""
    assert (ROOT / "site" / "index.html").is_file(), "there is no site. Run make site first"
    with serving(ROOT / "site") as address, launched() as browser:
        opened = {}
        for language, folder in PREFIXES.items():
            opened[language] = browser.new_page()
            opened[language].goto(f"{address}/{folder}", wait_until="networkidle")
            opened[language].keyboard.press("/")

        def ask(language: str, word: str) -> list[str]:
            page, entry = opened[language], opened[language].locator("input[name=query]")
            base = f"{address}/{PREFIXES[language]}"
            found = page.locator(".md-search-result__link")
            entry.fill("")
            entry.press("End")  # Material asks when a key comes up
            found.first.wait_for(state="detached")
            entry.fill(word)
            entry.press("End")
            found.first.wait_for(state="attached")
            links = found.evaluate_all("all => all.map(a => a.href)")
            pages = [link.removeprefix(base).partition("#")[0].partition("?")[0] for link in links]
            return list(dict.fromkeys(pages))

        yield ask


@pytest.mark.parametrize("language, word, page", CASES)
def test_word_brings_its_page_first(search, language, word, page):
    assert search(language, word)[0] == page


def test_there_are_forty_words():
    assert len(CASES) >= 40
