# %% [markdown] name="title"
# # 71 · Summary and outlook
#
# **After this lesson you can** say what the course found, for whom it holds and where it does not; read a paper's claim by its evidence; build semantic IDs
# and hold a small generative recommender against item KNN; score a forecast; and list what makes a result reproducible.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 40 + 20 + 45 + 30 | senior | lessons 20, 21, 30 to 33, 40, 41, 51 and 52 help | "Would you go generative?", "Which of these papers do you believe?", "What do you expect of the next two years?" |
#
# Run each cell with Shift+Enter. Three cells wait for your code: replace the dots, run, read the verdict. `hint("71.1", 1)`
# helps, and so do levels 2 and 3. What follows a *Predict first* is closed until you run it.

# %% name="imports"
import json
import tomllib
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from course_utils import paths
from course_utils.evidence import claim, span_text, word_for
from course_utils.exercises import check, hint, solution, task
from course_utils.notebook import figure, forest, show
from course_utils.recommend.codes import ResidualCodes
from course_utils.shop import Shop

pd.set_option("display.max_colwidth", None)

# %% [markdown] name="summary-question"
# ## Sitting 1 · What did we find?
#
# The article that this course takes apart ends with two paragraphs. The first sums up (line 167):
#
# > 我们了解了如何在电商平台上应用多场景多任务学习和AI大模型，探讨了它们的优势……
# > (*We have learnt how to apply multi-scenario multi-task learning and large models on an e-commerce platform, and discussed their advantages ...*)
#
# None of its three samples has several tasks, several scenarios or a large model, and it names advantages only. A summary that can be checked is made of numbers that were recorded when the lessons ran. This sitting
# reads them: every number below comes out of `results/`, none is typed.

# %% [markdown] name="summary-first"
# ### A result first: how often is a difference shown?
#
# Each claim of the 25 lessons that compare something is recorded with its interval: method minus rival, in pairs, mostly over five shops or more. A claim was written down because somebody hoped for it or doubted it.
#
# **Predict first.** Of all claims: which share shows *no* difference? And is it larger in the lessons on large models (30 to 33) or in those on several tasks (20 to 24)?

# %% name="summary-tally" tags=["after-guess"]
# One bar a lesson: what its recorded claims say of the method.
WORDS = ("better", "no difference shown", "worse")


def recorded(lesson):
    """Id -> claim, as the lesson's own run recorded it."""
    file = paths.RESULTS / "lessons" / f"{lesson}.json"
    return json.loads(file.read_text(encoding="utf-8"))


def said(one):
    return word_for(one["low"], one["high"], one["higher_is_better"])


LESSONS = sorted(
    file.stem for file in (paths.RESULTS / "lessons").glob("*.json") if file.stem < "71"
)
tally = pd.DataFrame(
    [Counter(map(said, recorded(lesson).values())) for lesson in LESSONS], index=LESSONS
)
tally = tally.reindex(columns=WORDS).fillna(0).astype(int)
shares = tally.div(tally.sum(axis=1), axis=0)
fig, ax = figure(height=3.2)
left = np.zeros(len(tally))
for word, colour in zip(WORDS, ("C0", "0.8", "C3"), strict=True):
    ax.bar(LESSONS, shares[word], bottom=left, color=colour, width=0.8)
    left += shares[word].to_numpy()
ax.set(
    ylabel="share of the lesson's claims",
    xlabel="lesson",
    title="A third shows no difference (grey); blue: better, pink: worse",
)
ax.tick_params(axis="x", labelsize=7)
part = {
    name: tally.loc[[one for one in LESSONS if one in group]].sum()
    for name, group in {
        "several tasks, 20 to 24": ("20", "21", "22", "23", "24"),
        "large models, 30 to 33": ("30", "31", "32", "33"),
        "all": LESSONS,
    }.items()
}
grey = {name: one["no difference shown"] / one.sum() for name, one in part.items()}
show(
    fig,
    alt=f"Stacked bars of {len(LESSONS)} lessons: of some {50 * round(part['all'].sum() / 50)} claims about a third show no difference, nearly half are better, a fifth are worse; lesson 01 has no better one, 16 no grey one.",
)
for name, share in grey.items():
    print(f"{name}: some {50 * round(part[name].sum() / 50)} claims, about {5 * round(20 * share)} % show no difference")  # fmt: skip

# %% [markdown] name="summary-tally-why" tags=["after-guess"]
# The colours are no score: *worse* is often what a lesson set out to show ("at 0 % lies the model decides better than the best lookup": it does not). What can be read is the grey part: a third of the questions that seemed worth a seed in each of five shops have no answer at that size. A
# talk that shows twenty gains and no grey has thrown something away. Lessons differ because their questions do: where a market is built so that a method should win (lesson 20), grey is rare.

# %% [markdown] name="summary-claims-text"
# ### One finding a lesson
#
# **Predict first.** The table has one recorded claim a lesson, and leaves the verdict out of its sentence. Cover the last column: which of these 25 are *better*?

# %% name="summary-claims" tags=["after-guess"]
# The claim that a reader should keep of each lesson, with its recorded interval.
KEEP = {
    "00": "search-home-click", "01": "hidden", "10": "logq-knn", "11": "rerank", "12": "lies-0",
    "13": "order-wilson", "14": "delay", "15": "relevant-position", "16": "unit",
    "20": "opening", "21": "separate-150", "22": "dial-harm", "23": "labelled", "24": "market-0",
    "25": "overconfident-powers-expected-value", "30": "few-8192", "31": "search-e5-minilm",
    "32": "served-purchase", "33": "zero-head-lr", "40": "first-capacity-wider-trunk",
    "41": "gradnorm-tuned", "50": "cnn-linear", "51": "als-svd", "52": "two-tables-markov-400",
    "70": "fusion-hand",
}  # fmt: skip
rows = []
for lesson, key in KEEP.items():
    one = recorded(lesson)[f"{lesson}.{key}"]
    rows.append((lesson, one["text"], f"{span_text(one['low'], one['high'])} {one['unit']}", f"{one['n']} {one['pairs']}", said(one)))  # fmt: skip
pd.DataFrame(rows, columns=["lesson", "claim", "95 %", "pairs", "verdict"]).set_index("lesson")

# %% [markdown] name="summary-claims-why" tags=["after-guess"]
# Read it as four sentences. *Data and measuring come first*: the unit of a test (16), late purchases (14) and what is hidden (01) move a verdict more than many a network does. *The plain rival is strong*: TF-IDF over a CNN (50), a lookup over a model of labels (12), words over MiniLM with 8,192 labels (30), a tuned weight over GradNorm (41).
# *Sharing pays for the starved task that is related* (20), and harms where it is not (22, 33); a small market left alone loses (21). *What is large is not what is better by itself* (31, 32). Lessons 53 and 54 have no claims: they are whiteboard and bugs.

# %% [markdown] name="summary-errata-text"
# ### The article's 85 errata in one picture
#
# Each sentence or line of the article that is wrong or missing has a number, and a lesson that puts it right. Some stop with an error; others run, give a number, and are wrong.
#
# **Predict first.** Of the 43 errata in its three code samples: how many run silently?

# %% name="summary-errata" tags=["after-guess"]
# Errata by part and kind, counted from docs/errata.toml.
ERRATA = tomllib.loads((paths.ROOT / "docs" / "errata.toml").read_text(encoding="utf-8"))
starts = ERRATA.pop("parts")
bounds = [*starts.values(), len(ERRATA) + 1]
KINDS = {"text": "0.75", "crash": "C1", "both": "C4", "silent": "C3"}
counted = pd.DataFrame(
    [
        Counter(ERRATA[f"E{at}"]["kind"] for at in range(low, high))
        for low, high in pairwise(bounds)
    ],
    index=list(starts),
)
counted = counted.reindex(columns=list(KINDS)).fillna(0).astype(int)
fig, ax = figure(height=3.4, width=8)
left = np.zeros(len(counted))
for kind, colour in KINDS.items():
    ax.barh(counted.index, counted[kind], left=left, color=colour)
    left += counted[kind].to_numpy()
ax.invert_yaxis()
ax.set(
    xlabel="errata",
    xlim=(0, 26),
    title="In the exercises most errata run",
)
ax.grid(visible=False, axis="y")
for at, (_, row) in enumerate(counted.iterrows()):
    told = f"{row['silent']} run and are wrong, {row['crash']} stop" if row["silent"] else "text"
    ax.annotate(told, (row.sum(), at), (4, -3), textcoords="offset points", fontsize=8)
kinds = counted.sum()
show(
    fig,
    alt=f"Bars of ten parts of the article. In all {kinds['text']} errata of text, {kinds['crash']} that stop, {kinds['both']} that do either, {kinds['silent']} that run and are wrong; the three exercises have {counted['silent'].max()} silent ones at most, each.",
)
print(
    f"{kinds.sum()} errata; of {kinds.sum() - kinds['text']} in code, {kinds['silent']} are silent"
)

# %% [markdown] name="summary-errata-why" tags=["after-guess"]
# Three in four code errata give a number. That is why each check of this course is proven by wrong answers that run, and why a test of a model is worth more than a look at its output. `docs/errata.md` has them all, each with what fails when it is put back.

# %% [markdown] name="summary-when"
# ## Which method in which regime?
#
# `docs/when.md` has fourteen families of methods, each in markets built so that it should win at one end of a dial and lose at the other. For each the boundary was *predicted before anything was measured*. So the page is also a record of our own forecasts.
#
# **Predict first.** Of fourteen predicted wins over **every** plain rival, how many came? And how many of fourteen predicted losses?

# %% name="summary-when-picture" tags=["after-guess"]
# The interval over the strongest rival at both ends, read from results/regimes/.
FAMILIES = {
    file.stem: json.loads(file.read_text(encoding="utf-8"))
    for file in sorted((paths.RESULTS / "regimes").glob("*.json"))
}


def over_strongest(one):
    """The verdict's word, the strongest rival and the interval over it; None where none was found."""
    return one and (one["word"], one["strongest"], one["spans"][one["strongest"]])


ends = {
    name: {end: over_strongest(one[end]) for end in ("wins", "loses")}
    for name, one in FAMILIES.items()
}
came = {end: [bool(one[end]) and one[end][0] == end for one in ends.values()] for end in ("wins", "loses")}  # fmt: skip
fig, axes = figure(ncols=2, height=4.2)
for ax, end, colour in zip(axes, ("wins", "loses"), ("C0", "C3"), strict=True):
    for at, one in enumerate(ends.values()):
        if one[end]:
            word, rival, (low, high) = one[end]
            ax.plot((low, high), (at, at), color=colour if word == end else "0.6", linewidth=3)
    ax.axvline(0, color="0.3", linewidth=1)
    ax.set(
        yticks=range(len(ends)),
        yticklabels=[one.replace("_", "-") for one in ends] if ax is axes[0] else [],
        ylim=(len(ends) - 0.5, -0.5),
        xlabel="gain in AUC over the strongest rival",
        title=f"Predicted to {end[:-1]}: {sum(came[end])} of {len(ends)} did",
    )
show(
    fig,
    alt=f"Two panels of intervals over the strongest plain rival for fourteen families. Where the family should win, {sum(came['wins'])} intervals lie above zero, the longest those of Direction and STAR; where it should lose, {sum(came['loses'])} lie below.",
)
pd.DataFrame(
    {
        name: {
            f"{end}: over": f"{one[end][1]}, {span_text(*one[end][2])}" if one[end] else "no setting found"
            for end in ("wins", "loses")
        }
        for name, one in ends.items()
    }
).T  # fmt: skip

# %% [markdown] name="summary-when-why" tags=["after-guess"]
# Losses are easier to foretell than wins: eight wins of fourteen came, though we built the ground, and thirteen losses. And with Holm's correction three of the eight cannot be told from chance (`docs/when.md`). The table is also a map: look for the row of your method, and ask whether your log is like its winning end. The strongest rival is mostly plain: logistic regression, a network per task, a head for each scenario, stacking.
#
# Nothing here says what a billion rows would show. What carries over is the question: *which plain rival, tuned as long, and what does the ground need?*

# %% [markdown] name="summary-advantages"
# ## Four advantages, and what bounds them
#
# The article gives large models four advantages, without one condition. Lessons 30 to 33 gave each claim an experiment. The table has two recorded intervals for each: one that speaks for the claim, and one that bounds it. Both were chosen by us from some 350; the lessons have them all.

# %% name="summary-advantages-table"
# For each of the article's advantages: a recorded interval for it, and one that bounds it.
ADVANTAGES = {
    "generalisation": ("30.e5-recommended-words-32", "30.few-8192", "with few labels; many labels make words enough"),
    "accuracy": ("31.search-minilm-bm25", "31.shop-120000-crosses-main", "where query and title share no word; in a table hand crosses do it"),
    "resources": ("32.served-purchase", "32.wide-logistic-click", "sharing saves; size costs, and the frequent task may lose"),
    "scalability": ("33.head-twin", "33.zero-head-lr", "a related task; an unrelated one is below a regression of its own"),
}  # fmt: skip
rows = []
for advantage, (holds, bounds_it, when) in ADVANTAGES.items():
    for kind, key in (("for", holds), ("bound", bounds_it)):
        one = recorded(key[:2])[key]
        rows.append((advantage, kind, one["text"], f"{span_text(one['low'], one['high'])} {one['unit']}", said(one), when if kind == "for" else ""))  # fmt: skip
pd.DataFrame(rows, columns=["advantage", "", "claim", "95 %", "verdict", "holds"]).set_index(
    "advantage"
)

# %% [markdown] name="summary-advantages-why"
# So each claim **holds when**, and none holds always. What also belongs to a claim and is missing in the article: what it costs. MiniLM reads 22.6 million weights for a text, a table of crosses a few; lesson 32 has the price of a thousand requests.
#
# The models here are small (22.7 and 135 million parameters, networks up to a million): that a larger one has other bounds is likely; that it has none is a claim for which somebody would have to show the rival.

# %% [markdown] name="summary-reader"
# ### What you can do now
#
# *"We have learnt how to apply ..."* can be checked as well: by tasks that you solved. Each line is an ability; behind it stand tasks whose checks reject the usual mistakes.

# %% name="summary-reader-table"
# Abilities, and the tasks that show them; what a task asks is read from the task.
ABILITIES = {
    "define tasks and scenarios": ["21.1", "20.1"],
    "build and train Shared-Bottom": ["20.2"],
    "show whether a task is harmed": ["20.6", "40.7"],
    "share a budget among tasks": ["41.2", "41.6"],
    "rank by value, not by one chance": ["25.1", "25.4"],
    "judge a large model's claim": ["30.6", "31.1", "32.6"],
    "recommend, classify, foresee": ["51.1", "50.5", "52.2"],
    "test on people": ["16.1"],
}
pd.DataFrame(
    [(can, one, task(one).prompt) for can, several in ABILITIES.items() for one in several],
    columns=["you can", "task", "it asks"],
).set_index("you can")

# %% [markdown] name="summary-end"
# `python -m course_utils status` says which of these you have solved, and which one is next.
#
# **End of sitting 1.** Next: what others claim, and how far to believe it.

# %% [markdown] name="outlook-question"
# ## Sitting 2 · What comes next, and who says so?
#
# The article's last paragraph looks ahead (line 169):
#
# > 竞争将更加激烈，……脱颖而出
# > (*competition will become fiercer ... those who ... will stand out*)
#
# Nothing in it could turn out false: no direction, no date, no number, no source. An outlook that can be checked says **who** claims **what**, **when**, at **which scale**, over **which baseline**, shown **how**, whether others can **repeat** it, what they found, and **what would change our mind**. Fifteen such cards stand in `docs/outlook.toml`, as of November 2026.
# For each paper title, year and number were looked up; most were read as abstracts only, and the card says so.

# %% [markdown] name="outlook-first"
# ### A result first: shown how, and open to whom?
#
# **Predict first.** Fifteen claims of five kinds (generative recommendation, scaling, end-to-end, language models, agents). How many were shown on real customers? Of these, how many can be repeated by somebody outside the firm?

# %% name="outlook-count" tags=["after-guess"]
# The cards, counted by how their claim was shown and by what is open.
OUTLOOK = tomllib.loads((paths.ROOT / "docs" / "outlook.toml").read_text(encoding="utf-8"))
CARDS = pd.DataFrame(OUTLOOK["card"])
CARDS["something open"] = ~CARDS["open"].str.startswith("no")
counts = CARDS.groupby("shown")[["something open"]].agg(["size", "sum"])["something open"]
counts.columns = ["claims", "of these with code or data that is open"]
print(f"{len(CARDS)} cards as of {OUTLOOK['as_of']}; others published a number of this very claim, or dispute it: {CARDS['independent'].sum()}")  # fmt: skip
counts

# %% [markdown] name="outlook-count-why" tags=["after-guess"]
# The strongest kind of evidence, an A/B test, is the one that nobody outside can repeat: the traffic belongs to the firm. What can be repeated is shown on small public sets, where nobody is shown a list. So neither column alone is enough, and a careful reader asks of an A/B test for its baseline, its interval and its unit (lesson 16), and of an offline number for the plain rival (lesson 51) and the split (lesson 14).

# %% name="outlook-cards-generative"
# Semantic IDs: a product is written code by code.
SHOWN = ["name", "claim", "by", "date", "scale", "gain", "baseline", "shown", "open", "others", "change", "arxiv", "read"]  # fmt: skip


def cards(theme):
    """The cards of one theme, a column each: long texts are easier to read one below the other."""
    found = CARDS.loc[CARDS["theme"] == theme, SHOWN].set_index("name").T
    return found.rename(
        index={
            "change": "what would change our mind",
            "others": "others found",
            "read": "we read its",
        }
    )


cards("generative")

# %% [markdown] name="outlook-generative-why"
# The idea: content becomes a short id, a network writes the id of what comes next, so a new product can be named from its text alone. Three independent looks say: where content is the same for both, a **dense** model ranks better on small sets; ids of products are better where a transition was seen, codes where it was not; and a public run has item KNN in front. Sitting 3 tries all three on a shop whose truth is known.

# %% name="outlook-cards-scaling"
# Scaling: larger rankers, and what was held against them.
cards("scaling")

# %% [markdown] name="outlook-scaling-why"
# All four report gains from larger rankers: 65 times the arithmetic, a hundred times the parameters, a billion weights. Three cautions. *Parameters of what?* Of HSTU's 1.5 trillion some 176 million are in the largest encoder, as a later paper counts: the rest are tables. *Beside which features?* MTGR lost more by giving up its crosses than size won back. *Which version?* RankMixer's gains differ between versions of one abstract. And a summary by a machine has MTGR's 65 times **more** arithmetic as 65 times less: read the abstract.

# %% name="outlook-cards-end"
# End to end: one model in the place of retrieval, ranking and re-ranking; and tasks inside it.
cards("end to end")

# %% [markdown] name="outlook-end-why"
# Here several tasks and several scenarios come back: OneMall is one generator for three scenarios, OneRank has a channel a task and cuts the gradients between them, which lesson 40 calls a stop-gradient. None of the four abstracts names what lessons 20, 21 and 40 ask for: a tuned twin a task and a scenario, at equal cost. OneRec's second version also shows how an account of cost helps: 97.66 % of the first one's arithmetic read the history, and the next model is built around that.

# %% name="outlook-cards-language"
# Language models as rankers, writers of features and judges; and agents that buy.
pd.concat([cards("language models"), cards("agents")], axis=1)

# %% [markdown] name="outlook-language-why"
# Three uses, from cheap to expensive: text made **ahead of time** and stored as vectors (KAR), a **judge** of relevance, and a model that reads each request (GenRec). The first has a price that does not grow with requests (lesson 32). The second replaces people only where nobody optimises against it. If **agents** buy, positions, tags and words act in other ways than on people: an examination model (lesson 15) is of people, until somebody measures it anew.

# %% [markdown] name="outlook-task-1-text"
# ### Task 71.1 · What stands behind it? (8 minutes)
#
# Make `letters` a dictionary, number of a sentence to letter: `"A"` a test on randomised users; `"L"` stored logs or public data, by the authors; `"O"` somebody else's number, from open code and data; `"C"` true by construction of a simulator; `"N"` no evidence of any kind.
#
# 1. Netflix's GenPage: +0.24 % of the engagement measure that decides launches, against the production homepage, p < .001; 2. TIGER finds more of the next products than earlier models on three sets of reviews;
# 3. in nanoGenRec's public run on MovieLens 1M, item KNN finds 13.9 % of the next films among ten, its generative model 10.5 %; 4. competition will become fiercer, and those who use large models will stand out;
# 5. with momentum turned up, what was bought last tells more about what is bought next; 6. MTGR serves Meituan: page views with a click +1.90 %, for the users who were given it;
# 7. large models have the advantages of generalisation, accuracy, efficiency and scalability; 8. the authors' model of 200 million weights has a lower log loss on last week's log than their model of 20 million;
# 9. auto-research's open adaptation of TIGER on MovieLens 100K: semantic IDs .0139, random IDs .0204, three seeds; 10. in our shop a product's true quality moves its ratings: the better one has more stars;
# 11. experts agree that agents will do most of the shopping soon; 12. half of the buses' riders, by lot, saw the new list: 1.1 % more orders (0.2 to 2.0).

# %% name="outlook-task-1"
### BEGIN SOLUTION
letters = dict(enumerate("ALONCANLOCNA", start=1))
### END SOLUTION

check("71.1", letters)

# %% [markdown] name="outlook-end-2"
# **End of sitting 2.** Next: one of these claims, small, with every plain rival.

# %% [markdown] name="outlook-ids"
# ## Sitting 3 · Semantic IDs, and does it beat item KNN?
#
# "Which product is next?" A recommender over ids has one output a product: 1,000 here, a hundred million in a firm, and a new product has none. A **semantic ID** writes a product as a few codes: the first says roughly what it is, each further one corrects. **Residual quantisation** makes them. With $r_0 = x$, the product's content vector,
#
# $$c_l = \arg\min_k \lVert r_{l-1} - e_{l,k}\rVert,\qquad r_l = r_{l-1} - e_{l,c_l},\qquad x = e_{1,c_1} + \dots + e_{L,c_L} + r_L .$$
#
# The centres $e_{l,1..K}$ of level $l$ are those of k-means on what the levels before have left. Three levels of 32 centres can tell $32^3 = 32{,}768$ products apart, and are three small outputs. TIGER trains its levels by a network (RQ-VAE); OneRec and TorchEasyRec use k-means, as here.

# %% name="outlook-titles"
# A shop, and of each product a content vector: words of its title alone, or its path in the catalogue beside them.
shop = Shop(0, 600, momentum=3.0)
listings = shop.listings
PATH = ("department", "category", "kind")


def content(repeats):
    """TF-IDF of a title's words and of its path, which counts so many times; 32 numbers a product."""
    texts = [
        [*title.lower().split(), *repeats * [f"{key}={one}" for key, one in zip(PATH, at, strict=True)]]
        for title, *at in listings[["title_en", *PATH]].itertuples(index=False)
    ]  # fmt: skip
    words = TfidfVectorizer(analyzer=list).fit_transform(texts)
    found = TruncatedSVD(32, random_state=0).fit_transform(words)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


titles, vectors = content(0), content(2)
listings[[*PATH, "title_en"]].head(3)


# %% name="outlook-build"
def means(rest, size, rng, rounds=20):
    """k-means: give each vector to its nearest centre, move each centre to the mean of its own."""
    centres = rest[rng.choice(len(rest), size, replace=False)]
    for _ in range(rounds):
        nearest = ((rest[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.stack(
            [rest[nearest == k].mean(axis=0) if (nearest == k).any() else centres[k] for k in range(size)]
        )  # fmt: skip
    return centres


def residual_ids(vectors, levels, size, seed=0):
    """Codes of each vector, and the centres of each level."""
    rng, rest, codes, books = np.random.default_rng(seed), vectors, [], []
    for _ in range(levels):
        books.append(means(rest, size, rng))
        codes.append(((rest[:, None] - books[-1]) ** 2).sum(axis=2).argmin(axis=1))
        rest = rest - books[-1][codes[-1]]
    return np.stack(codes, axis=1), books


codes, books = residual_ids(vectors, 3, 32)
library = ResidualCodes(3, 32)
library.centres = books
print("the library's codes from these centres are the same:", bool((library.codes(vectors) == codes).all()))  # fmt: skip

# %% [markdown] name="outlook-sizes"
# ### What does an id say?
#
# "Semantic" is a promise about the vector, not about the codes. Titles name the kind of each product (*foam roller*), beside colours, labels and brands. There are 120 kinds, so two random products are of one kind in 1 of 120 cases.
#
# **Predict first.** Two products share their first two codes. How often are they of one kind, with ids from titles alone, and with the path in the catalogue beside? And which share of 1,000 products has an id of its own, out of 512 ($8^3$), 4,096 or 32,768 possible ones?

# %% name="outlook-sizes-picture" tags=["after-guess"]
# Left: of pairs of products that share codes, how many are of one kind. Right: products with an id of their own.
kind = listings["kind"].to_numpy()


def one_kind(ids):
    """Of all pairs with the same id, the share of one kind."""
    groups = pd.DataFrame({"id": ids, "kind": kind})
    pairs = [float((n * (n - 1)).sum()) for n in (groups.groupby("id").size(), groups.groupby(["id", "kind"]).size())]  # fmt: skip
    return pairs[1] / max(pairs[0], 1)


fig, axes = figure(ncols=2, height=3.2)
for k, (name, of) in enumerate({"titles alone": titles, "titles and path": vectors}.items()):
    alone = []
    for size, style in ((8, ":"), (16, "--"), (32, "-")):
        every = ResidualCodes(3, size).fit(of).codes(of)
        ids = [pd.Series([tuple(one[:level]) for one in every]) for level in (1, 2, 3)]
        shares = [one_kind(one) for one in ids]
        alone.append(float((~ids[2].duplicated(keep=False)).mean()))
        axes[0].plot((1, 2, 3), shares, style, marker="o", color=f"C{k}")
        if name != "titles alone" or size == 32:
            axes[0].annotate(f"{size} centres" + (", titles" if k == 0 else ""), (3, shares[2]), (6, -3), textcoords="offset points", color=f"C{k}", fontsize=8)  # fmt: skip
    axes[1].plot((8, 16, 32), alone, "o-", color=f"C{k}")
    axes[1].annotate(name, (16, alone[1]), (8, -12), textcoords="offset points", color=f"C{k}", fontsize=8)  # fmt: skip
axes[0].axhline(1 / 120, color="0.5", linewidth=1, linestyle=":")
axes[0].set(xlim=(0.8, 4.2), xticks=(1, 2, 3), xlabel="codes that two products share", ylabel="pairs of one kind", title="With the path, ids tell the kind")  # fmt: skip
axes[1].set(xlim=(5, 36), ylim=(-0.03, 1.03), xticks=(8, 16, 32), xlabel="centres a level, three levels", ylabel="products with an id of their own", title="Finer codes, fewer shared ids")  # fmt: skip
show(
    fig,
    alt="Two panels. Left, pairs of one kind by codes shared: ids from titles alone stay near one in a hundred for one and two codes of any size; ids from titles and path with 32 centres rise from a quarter for one code to three quarters for two and nine in ten for three. Right, products with an id of their own, from 8 to 32 centres: from titles alone from about a tenth to nearly all, with the path from none to more than half.",
)

# %% [markdown] name="outlook-sizes-why" tags=["after-guess"]
# From titles alone the first codes say nothing of the kind: they tell colours, labels and brands, which fill most of a title. An id is as semantic as its vector, and *semantic* of what is a choice. With the path counted twice, two codes of 32 tell the kind in three pairs of four. (A trained encoder chooses for you: look at what it chose.) TorchEasyRec prints distinct IDs over items (`unique_sid_ratio`), a kinder number: of two that share one it counts one. Who shares an ID must be told apart by something else, here by sales.
#
# Note the price: the better an id tells the kind, the more products share it. The contest below uses the path and 32 centres.

# %% [markdown] name="outlook-task-2-text"
# ### Task 71.2 · Codes, what is left, and who shares (12 minutes)
#
# Write `semantic_ids(vectors, books)`.
#
# - `vectors`: an array `[n, d]`, one row or more, not all zero, of any number type; `books`: a list of one or more arrays `[K, d]`, the centres of each level; their $K$ may differ. Leave both as they are.
# - At each level the code is the number (from 0) of the **nearest** centre of what is left, by squared distance, of equally near ones the first; then that centre is subtracted.
# - Return `(codes, left, shared)`: an array of whole numbers `[n, levels]`; the sum of all squares that are left, divided by the sum of all squares of `vectors`; and the share of products whose whole id **any other** product has too. Do not round.
#
# With vectors (5, 0), (4, 1), (0, 3), a first book (4, 0), (0, 4) and a second (1, 0), (0, -1) the codes are (0, 0), (0, 0) and (1, 1); nothing, (-1, 1) and nothing are left, so `left` is 2/51 and `shared` 2/3. `np.unique(codes, axis=0, return_inverse=True, return_counts=True)` counts rows.


# %% name="outlook-task-2"
def semantic_ids(vectors, books):
    ### BEGIN SOLUTION
    rest, codes = np.asarray(vectors, dtype=float), []
    whole = (rest**2).sum()
    for book in books:
        centres = np.asarray(book, dtype=float)
        codes.append(((rest[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1))
        rest = rest - centres[codes[-1]]
    codes = np.stack(codes, axis=1)
    times = Counter(map(tuple, codes.tolist()))
    shared = np.mean([times[tuple(one)] > 1 for one in codes.tolist()])
    return codes, (rest**2).sum() / whole, shared
    ### END SOLUTION


check("71.2", semantic_ids)

# %% [markdown] name="outlook-generate"
# ### From codes to a list
#
# A network reads what the customer bought, each product as the sum of its codes' embeddings, through one causal block of attention (SASRec's, lesson 52): a state $h$. Then it writes the next product code by code:
#
# $$\log p(\text{product} \mid h) = \log p(c_1 \mid h) + \log p(c_2 \mid h, c_1) + \log p(c_3 \mid h, c_1, c_2) + \log p(\text{product} \mid c_1 c_2 c_3).$$
#
# The last term shares an id's probability among its products, here by their sales a day; TIGER adds a fourth code. With 1,000 products every legal id can be scored, so no beam search can miss one, and no probability is lost to ids that no product has.
# A larger catalogue needs a beam and a trie of legal ids. The generator has 19,000 parameters at width 32, the same reader with one vector a product 40,000.

# %% [markdown] name="outlook-contest-text"
# ### The contest
#
# 600 customers, 1,000 products, a year. Purchases to September train, October stops and chooses, of November and December one purchase a customer judges: the probability **by the shop's truth** that the next purchase is among the ten shown, so luck of the draw is out. Owned and unreleased products are left out for all. Four settings each, chosen in another shop; five shops judge (`benchmarks/next_product.py`). Three kinds of shop:
#
# - *nothing turned*: customers have hidden tastes, the order of purchases says nothing;
# - *momentum* (3): what was bought last pulls its category, and the kind that follows in it;
# - *content* (2): a product's labels match customers; titles name labels.
#
# The rivals: popularity; item KNN; a Markov table of products, or of kinds with popularity inside; the fit of a product's content to the mean content bought; Markov of kinds times item KNN; SASRec with a vector a product, or with content beside it. All that read content read the same. **By construction** momentum favours whoever sees kinds and order, content whoever sees labels.
#
# **Predict first.** In which of the three does the generative model with semantic IDs beat item KNN? Where do *shuffled* ids (codes of another product) stand? And who is best in each?

# %% name="outlook-contest-table" tags=["after-guess"]
# Probability that the next purchase is among ten, mean of five shops.
NEXT = json.loads((paths.RESULTS / "next_product.json").read_text(encoding="utf-8"))
DIALS = ("nothing turned", "momentum", "content")
NAMES = list(dict.fromkeys(key.split(": ")[1] for key in NEXT if ": " in key))


def hit(dial, name, what="hit"):
    """One number a shop, or None where it was not measured."""
    one = NEXT.get(f"{dial}: {name}")
    return one and one[what]


pd.DataFrame(
    {dial: {name: f"{np.mean(hit(dial, name)):.3f}" if hit(dial, name) else "" for name in NAMES} for dial in DIALS}
).rename(index={"oracle": "oracle: order of the truth"})  # fmt: skip


# %% name="outlook-contest-forest" tags=["after-guess", "folded"]
# The generative model against its rivals, five shops each.
GENERATIVE, BOUGHT, SHUFFLED = (f"generative, {of}" for of in ("semantic IDs", "IDs of who bought", "shuffled IDs"))  # fmt: skip


def claims(pairs, what="hit", of="hit"):
    """Claims on two contenders in one kind of shop; what was not measured is left out."""
    return [
        claim(
            f"71.{of}-{dial.split()[0]}-{key}", f"{dial}: {method} over {rival}".replace("generative, ", ""), hit(dial, method, what), hit(dial, rival, what),
            unit="probability" if what == "hit" else "share", pairs="shops",
        )
        for dial, method, rival, key in pairs
        if hit(dial, method) and hit(dial, rival)
    ]  # fmt: skip


RIVALS = {
    "popularity": "popularity",
    "item KNN": "knn",
    "Markov, kinds": "kinds",
    "Markov of kinds x item KNN": "plain",
    "SASRec, IDs and content": "dense",
}
forest(
    "The next purchase among ten",
    claims([(dial, GENERATIVE, rival, key) for dial in DIALS for rival, key in RIVALS.items()]),
)

# %% [markdown] name="outlook-contest-why" tags=["after-guess"]
# *Momentum*: the generator is above item KNN (.275 against .192) and far above popularity. So "generative beats item KNN" holds here, by construction: the dial pulls kinds, and its IDs name kinds. But a **table of kinds** with popularity inside, counted in a second, has .320, and times item KNN .331; SASRec that reads the same content has .291. All three are above it in all five shops. (Its best rate, .03, is the highest that was tried.)
#
# *Nothing turned*: item KNN (.176) is above all else; the generator (.104) stands where the fit of the content stands (.102). Hidden tastes are not in titles. (It was still learning at its 30th epoch, our bound, in this kind of shop.) In *content*, too, item KNN leads (.142 against .071): it sees who bought what, which holds the tastes of labels and the hidden ones. The generator's IDs tell kinds, because the path counts twice in their vector; labels are what customers ask for there.
#
# Of what could be known (.462, .257, .329) nobody has more than three quarters. Our generator has 19,000 weights (54,000 in *content*) and 26,000 purchases; the claims of sitting 2 are of millions and billions.

# %% [markdown] name="outlook-because"
# ### Is it the codes, or the generator?
#
# **Predict first.** Give the same generator other IDs: *shuffled* (each product gets another one's codes), or IDs from **who bought** it (residual k-means on the factors of the matrix of purchases, with a kind's mean for new products). Which of the three is best in the shop with momentum? And which of semantic and bought where nothing is turned?

# %% name="outlook-because-forest" tags=["after-guess", "folded"]
# The same network, three kinds of IDs.
forest(
    "One generator, other IDs",
    claims(
        [
            ("momentum", GENERATIVE, SHUFFLED, "shuffled"),
            ("momentum", BOUGHT, GENERATIVE, "bought"),
            ("momentum", BOUGHT, "Markov of kinds x item KNN", "bought-plain"),
            ("nothing turned", BOUGHT, GENERATIVE, "bought"),
            ("nothing turned", BOUGHT, "item KNN", "bought-knn"),
        ],
        of="ids",
    ),
)

# %% [markdown] name="outlook-because-why" tags=["after-guess"]
# With momentum the meaning of the codes is what the generator lives on: shuffled IDs are .15 to .20 below, IDs of who bought .07 to .08. A code that names the kind lets one purchase of a tent teach all tents. Where nothing is turned the order **turns**: IDs of who bought are .012 to .027 above semantic ones, for hidden tastes show in who bought what, not in titles; COSETTE and MARIUS (card *Dense against generative*) put that into the codes. Still, item KNN reads the same matrix without any codes, and is .043 to .061 above.
#
# So "semantic" is no property that is good by itself. It is a bet that what the vector says is what decides the next purchase.

# %% [markdown] name="outlook-new"
# ### New products
#
# Some 30 products are released after September: nobody in training has bought them. Here codes should help most. Judge by a widget of **five new products**: which share of what customers will buy among the new ones does it catch?
#
# **Predict first.** Item KNN knows nothing about them. Does the generator with semantic IDs beat a table of kinds?

# %% name="outlook-new-table" tags=["after-guess"]
# The share of the truth's purchases of new products that a widget of five catches, mean of five shops.
print("new products on sale:", NEXT["momentum: oracle"]["new products"])
pd.DataFrame(
    {dial: {name: f"{np.mean(hit(dial, name, 'new')):.2f}" if hit(dial, name, "new") else "" for name in NAMES} for dial in DIALS}
).rename(index={"oracle": "oracle: order of the truth"})  # fmt: skip

# %% name="outlook-new-forest" tags=["after-guess", "folded"]
# New products: the generative model against what else can order them.
forest(
    "A widget of five new products",
    claims(
        [
            (dial, GENERATIVE, rival, key)
            for dial in ("momentum", "content")
            for rival, key in (
                ("item KNN", "knn"),
                ("Markov, kinds", "kinds"),
                ("content profile", "profile"),
                ("SASRec, IDs and content", "dense"),
            )
        ],
        what="new",
        of="new",
    ),
)

# %% [markdown] name="outlook-new-why" tags=["after-guess"]
# A generator names new products, and item KNN cannot: with momentum it catches .36, more than twice what popularity does. But a table of kinds catches .59, SASRec with content .59, the fit of the content .52. Some 35 products a shop are few: four of seven intervals leave 0, and none stands Holm's correction, so read hints. Who reads content can order new products; writing codes is not needed for it. A reason that fits: the third code of a new product follows two codes that training knows, in a combination that it never saw, and so gets little probability; Ding et al. (2026) call it memory of codes. (We have not tested that reason.)
#
# **End of sitting 3.** Next: what we expect, and how we shall be scored.

# %% [markdown] name="outlook-forecasts"
# ## Sitting 4 · Forecasts that can be wrong
#
# "Competition will become fiercer" cannot be scored. A forecast can be: a sentence that will be true or false, a day, where to look, and a probability. The **Brier score** is the mean of $(p - y)^2$, with $y$ 1 if it happened: 0 is perfect, always .5 gives .25. If it happens with probability $q$, the expected score of saying $p$ is
#
# $$q(1-p)^2 + (1-q)p^2 = (p-q)^2 + q(1-q),$$
#
# least at $p = q$: saying what you believe is best. With the plain distance $|p - y|$ it would be $q + p(1-2q)$, a line in $p$: the best answer would always be 0 or 1.

# %% [markdown] name="outlook-track"
# ### Our own record
#
# Sitting 1 counted it: fourteen families, each with a predicted win over **every** plain rival and a predicted loss.
#
# **Predict first.** Somebody had said .9 for each of the 28 predictions, or .5 for each. Whose Brier score is better on the wins, and whose on the losses?

# %% name="outlook-track-table" tags=["after-guess"]
# The Brier score of one number said for all predictions of a kind.
record = {end: np.array(happened, dtype=float) for end, happened in came.items()}
pd.DataFrame(
    {
        f"predicted {end}": {
            "came": f"{y.sum():.0f} of {len(y)}",
            **{f"said {p}": f"{np.mean((p - y) ** 2):.3f}" for p in (0.9, 0.7, 0.5)},
            "said its own rate": f"{np.mean((y.mean() - y) ** 2):.3f}",
        }
        for end, y in record.items()
    }
)

# %% [markdown] name="outlook-track-why" tags=["after-guess"]
# On the wins .9 is worse than a shrug: six misses of .81 each. On the losses .9 is nearly the best single number. So one and the same forecaster, ourselves, was too sure of what should win and not of what should lose. Forecasts of *gains* deserve a discount; the five below have one.
#
# "Said its own rate" is known only afterwards: it is the best that a single number can do, and the rest is what nobody told apart.

# %% name="outlook-forecast-table"
# Five forecasts, as of November 2026: what, by when, our probability, and how it is decided.
FORECASTS = pd.DataFrame(OUTLOOK["forecast"]).set_index("name")
p = FORECASTS["p"].to_numpy()
print(f"if each p is right, we expect a Brier score of {np.mean(p * (1 - p)):.3f}; always saying .5 gives .250")  # fmt: skip
FORECASTS[["says", "until", "p", "decided"]]

# %% [markdown] name="outlook-forecast-why"
# They are sized to be wrong: with these probabilities we expect between one and two of five to come. What would move them: a public run with item KNN below a generator (up), a second year without one (down). They stand in `docs/outlook.toml`; whoever reads this later scores them with the function of the next task. Five forecasts say little about a forecaster: the standard deviation of such a mean is near .08.

# %% [markdown] name="outlook-task-3-text"
# ### Task 71.3 · Score the forecasts (8 minutes)
#
# Write `scored(forecasts, outcomes, base)`.
#
# - `forecasts`: a dictionary, name to probability, one or more; `outcomes`: a dictionary, name to `True` or `False` (or 1 or 0), or `None` where nothing is decided yet; names may be missing, which means the same, and names that nobody forecast may stand there: ignore them. `base`: a number from 0 to 1. Leave both dictionaries as they are.
# - Return `(score, rival, still_open)`: the Brier score of the decided forecasts; the score that always saying `base` has on the same ones; and the list of the names that are still open, in the order of `forecasts`. If nothing is decided, score and rival are `None`. Do not round.
#
# `scored({"a": .8, "b": .4, "c": .9}, {"a": True, "b": False, "c": None}, .5)` is `(0.1, 0.25, ["c"])`: (.04 + .16) / 2.


# %% name="outlook-task-3"
def scored(forecasts, outcomes, base):
    ### BEGIN SOLUTION
    done = [name for name in forecasts if outcomes.get(name) is not None]
    still_open = [name for name in forecasts if name not in done]
    if not done:
        return None, None, still_open
    score = sum((forecasts[name] - outcomes[name]) ** 2 for name in done) / len(done)
    rival = sum((base - outcomes[name]) ** 2 for name in done) / len(done)
    return score, rival, still_open
    ### END SOLUTION


check("71.3", scored)

# %% [markdown] name="outlook-repeat"
# ## What reproducible means here
#
# The article's samples begin with *"assume ..."* (假设): no data, no versions, no expected output, no references. Nobody can say whether they ran. The opposite is a list that a machine can go through: for each number, **which code** made it, from **which seeds**, with **which versions**, from **which data**; and a test that fails when one is missing or stale.

# %% name="outlook-repeat-table"
# Every stored result of the course: does it say what made it?
NEEDS = {
    "hash of the code": r'"[0-9a-f]{64}"',
    "versions and machine": r"Python 3\.\d+",
    "seeds, draws or folds": r'"[^"]*(?:seed|draw|fold|shops|starts|split)[^"]*": ',
}
stored = [
    file
    for file in sorted(paths.RESULTS.rglob("*.json"))
    if file.parent.name not in ("lessons", "generated")
]
texts = pd.Series({file.stem: file.read_text(encoding="utf-8") for file in stored})
has = pd.DataFrame({need: texts.str.contains(pattern) for need, pattern in NEEDS.items()})
manifest = json.loads((paths.DATASETS / "manifest.json").read_text(encoding="utf-8"))
lock = (paths.ROOT / "requirements.lock").read_text(encoding="utf-8")
pinned = lock.strip().replace("\n    ", " ").splitlines()
print(f"tables of data with rows, hash, licence and origin: {sum(all(one.get(key) for key in ('rows', 'sha256', 'licence', 'source')) for one in manifest)} of {len(manifest)}")  # fmt: skip
print("libraries without a version or a hash:", sum("==" not in one or "--hash=sha256:" not in one for one in pinned))  # fmt: skip
print("stored results are more than ninety:", len(has) > 90)
pd.DataFrame({"say it": ["all" if has[need].all() else "all but those" for need in has], "do not": [", ".join(has.index[~has[need]]) for need in has]}, index=list(has))  # fmt: skip

# %% [markdown] name="outlook-repeat-why"
# Every stored number has the hash of the code that made it, and a test fails when the code has changed. Two results keep their seeds in their script, which the hash covers. A band is a part of the record, too: a claim that runs live must lie within half of its recorded half-width, so another CPU passes and another method does not (`course_utils.evidence`).
#
# What is *not* reproducible here, and said where it stands: times (the machine is named), and answers of the small language model, which are stored with their hash and not asked anew. What no hash gives: that the question was a good one.

# %% [markdown] name="outlook-interview"
# ## The interview
#
# ### "Would you go generative?"
#
# **Sixty seconds.** "I would ask what is missing first. A generator over semantic IDs buys two things: products without history get a name from their content, and the output does not grow with the catalogue. It costs a decoder a request, ids that must be made again, and collisions. On small open data tuned dense models and item KNN are often in front; large firms report gains that nobody outside can repeat.
# So I would take the cheapest test: item KNN, a Markov table, a dense model that reads the same content, and the generator, on last month's log, new products apart. I would look at what the codes say before I train on them. If it only wins on new products, it serves new products."
#
# - *"What does your id say?"* *What does an id say?*: from titles alone two codes told the kind in one pair of some thirty; the vector's weights decide.
# - *"Shuffle the ids. What happens?"* The forest *One generator, other IDs*: shuffled, .15 to .20 is lost where kinds decide.
#
# **The sentence that sinks you:** "Generative recommendation is state of the art, so we should replace the cascade."

# %% [markdown] name="outlook-interview-2"
# ### "Which of these papers do you believe?"
#
# **Sixty seconds.** "Each for what it shows. An A/B test shows that this team, with this effort, beat its own baseline; I ask for the interval, the unit, how old the baseline was and what else changed. A public benchmark shows an order on small data; I ask for item KNN and for tuning in equal trials. Independent numbers count most and are rarest: of fifteen cards five have any, and one of these is one seed. And I read the abstract, not its summary: one has 65 times *more* arithmetic as less."
#
# - *"An abstract's gain changed between versions."* RankMixer's card: quote the version.
# - *"1.5 trillion parameters?"* HSTU's card: tables; the largest encoder has some 176 million.
#
# **The sentence that sinks you:** "They are a big firm, so the number is right."

# %% [markdown] name="outlook-interview-3"
# ### "What do you expect of the next two years?"
#
# **Sixty seconds.** "I give probabilities, and say how I will be scored. Larger dense rankers served at the old price: likely, half of it for fifteen billion parameters by the end of 2028. A language model that ranks a shop's main list: six in ten. Item KNN beaten in an open, unchanged table: one in four by the end of 2027. Agents that do not mind positions: one in ten. My record is fourteen predicted wins of which eight came: I discount."
#
# - *"How good are such numbers?"* *Our own record*: said .9, said .5, said the base rate.
# - *"What would change your mind?"* Each card's last line but two.
#
# **The sentence that sinks you:** "Competition will become fiercer."

# %% [markdown] name="outlook-bilingual"
# ### In English and Chinese · 中英对照
#
# | English | 中文 |
# |---|---|
# | **Question**: would you replace the cascade by a generative recommender? | **题目**：你会用生成式推荐替换级联架构吗？ |
# | **Mid**: what semantic IDs are; what they give new products | **中级**：语义 ID 是什么，残差量化怎么做；对新品有什么好处 |
# | **Senior**: item KNN, Markov table and a dense model with the same content in one table; shuffled IDs as a control; collisions and legality counted | **高级**：同一张表里放 ItemKNN、马尔可夫表、读同样内容的稠密召回；用打乱的 ID 做对照；统计冲突率和非法 ID |
# | **Staff**: which evidence is whose (A/B, offline, reproduced), price a thousand requests, a forecast with a probability and a date | **专家**：分清证据是线上 A/B、离线还是他人复现；每千次请求的成本；给出带概率和日期的判断 |

# %% [markdown] name="outlook-recap"
# ## Recap
#
# The follow-up questions stand above.
#
# - **The record**: 1,343 claims, a third without a shown difference. Plain rivals are strong; sharing pays for a starved, related task; size by itself buys little at our sizes.
# - **Evidence** has kinds: A/B, stored data, somebody else's number, by construction, none. Ten of fifteen cards are A/B tests that nobody outside can repeat.
# - **Semantic IDs** are residual quantisation of a content vector, and say what that vector says. Check it before training.
#
# **Verdicts on "generative recommendation beats item KNN"** (five shops, a generator of 19,000 weights)
#
# | the claim, read as | verdict | shown |
# |---|---|---|
# | above item KNN, order matters and IDs name what it pulls | **holds** (by construction) | .275 over .192 |
# | above item KNN, hidden tastes only | **does not hold here** | .104 under .176; where labels match customers .071 under .142 |
# | above the best plain rival with the same content | **does not hold here** | .275 under .331 (Markov of kinds x item KNN), .291 (SASRec with content) |
# | better for new products than item KNN | a hint | .36 of what is bought among the new, item KNN (there popularity) .15; +.04 to +.38, not after the correction |
# | better for new products than what else reads content | not shown; hints against it | .36 under .59 of a table of kinds and of SASRec with content |
# | it is the meaning of the codes that helps | **holds when** the meaning decides | momentum: shuffled IDs .15 to .20 below, IDs of who bought .07 to .08; hidden tastes: IDs of who bought .012 to .027 *above* |
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | Row 35 | *"we have learnt how to apply"* both | abilities with the tasks that show them; E81: the lessons have several tasks, several scenarios and large models, its samples none |
# | **E82** | advantages only | each holds *when*: an encoder over words **+.13 to +.18** with 32 labels (E5), **-.03 to -.02** with 8,192 (MiniLM); a wide trunk is **.019 to .040** under logistic regressions on clicks; an unrelated task is **.09 to .21** under a regression |
# | Row 36, **E83** | *"fiercer competition ... stand out"* | **15** cards with who, when, scale, baseline, evidence, others and what would change our mind; **5** forecasts with a date and a probability |
# | **E84** | no data, versions, expected output or references | every stored result says which code, seeds and versions made it, and a test fails where one does not |
#
# **Left out here:** diffusion models, reinforcement of generators (a reward, and what it does to illegal ids), long histories, beam search and its misses, and everything about law and people. SASRec was run with momentum only, shuffled IDs too. No card was tried at its own scale.
#
# **References**
#
# - S. Rajput et al.: Recommender Systems with Generative Retrieval. NeurIPS 2023. https://arxiv.org/abs/2305.05065
# - L. Yang et al.: Unifying Generative and Dense Retrieval for Sequential Recommendation. 2024. https://arxiv.org/abs/2411.18814
# - S. Lepage, J. Mary, D. Picard: Closing the Performance Gap in Generative Recommenders with Collaborative Tokenization and Efficient Modeling. 2025. https://arxiv.org/abs/2508.14910
# - Y. Ding et al.: How Well Does Generative Recommendation Generalize? 2026. https://arxiv.org/abs/2603.19809
# - J. Zhai et al.: Actions Speak Louder than Words. ICML 2024. https://arxiv.org/abs/2402.17152
# - R. Han et al.: MTGR: Industrial-Scale Generative Recommendation Framework in Meituan. CIKM 2025. https://arxiv.org/abs/2505.18654
# - J. Zhu et al.: RankMixer: Scaling Up Ranking Models in Industrial Recommenders. 2025. https://arxiv.org/abs/2507.15551
# - K. Khrylchenko et al.: Scaling Recommender Transformers to One Billion Parameters. KDD 2026. https://arxiv.org/abs/2507.15994
# - OneRec Technical Report. 2025. https://arxiv.org/abs/2506.13695; OneRec-V2. 2025. https://arxiv.org/abs/2508.20900
# - K. Zhang et al.: OneMall. 2026. https://arxiv.org/abs/2601.21770
# - GenPage: Towards End-to-End Generative Homepage Construction at Netflix. 2026. https://arxiv.org/abs/2606.31031
# - J. Tang et al.: OneRank. KDD 2026. https://arxiv.org/abs/2606.16838
# - GenRec: An LLM-Backed Recommendation Ranker at Netflix. 2026. https://arxiv.org/abs/2608.10257
# - Y. Xi et al.: Towards Open-World Recommendation with Knowledge Augmentation from Large Language Models. 2023. https://arxiv.org/abs/2306.10933
# - C. Clarke, L. Dietz: LLM-based relevance assessment still can't replace human relevance assessment. 2024. https://arxiv.org/abs/2412.17156
# - A. Allouah et al.: What Is Your AI Agent Buying? 2025. https://arxiv.org/abs/2508.02630
# - W.-C. Kang, J. McAuley: Self-Attentive Sequential Recommendation. ICDM 2018. https://arxiv.org/abs/1808.09781
# - G. Brier: Verification of Forecasts Expressed in Terms of Probability. Monthly Weather Review 78, 1950.
# - nanoGenRec, public_benchmarks/results/ml-1m-baselines.md. https://github.com/yzq986/nanoGenRec; auto-research, metrics of 2305.05065-tiger, 2601.21770-onemall and 2606.16838-onerank. https://github.com/daiwk/auto-research
# - TorchEasyRec: semantic IDs by residual k-means, and their metrics. https://github.com/alibaba/TorchEasyRec
