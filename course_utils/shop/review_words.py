"""The sentences of reviews. ``{kind}`` stands for the name of the product's kind."""

from __future__ import annotations

OPENERS = {
    "en": (
        (
            "A waste of money.",
            "I regret buying this {kind}.",
            "Terrible {kind}, one star is too many.",
            "Never again.",
        ),
        (
            "Disappointing {kind}.",
            "I expected more.",
            "Not good enough for me.",
            "Below average, sadly.",
        ),
        (
            "It is an okay {kind}.",
            "Neither good nor bad.",
            "Does the job, nothing more.",
            "Mixed feelings about this {kind}.",
        ),
        (
            "A good {kind}.",
            "Happy with it so far.",
            "Nearly perfect.",
            "I like this {kind}, with small reservations.",
        ),
        (
            "The best {kind} I have owned.",
            "Absolutely love it!",
            "Five stars, no question.",
            "I have told all my friends about this {kind}.",
        ),
    ),
    "zh": (
        ("太让人失望了，", "后悔买了这个{kind}，", "一星都嫌多，", "不会再买了，"),
        ("不太满意，", "这个{kind}一般偏差，", "和想的不一样，", "有点失望，"),
        ("还可以吧，", "中规中矩的{kind}，", "凑合能用，", "说不上好坏，"),
        ("挺不错的{kind}，", "总体满意，", "差一点就完美，", "比较喜欢，"),
        ("非常喜欢！", "这是我用过最好的{kind}，", "五星好评，", "已经推荐给朋友了，"),
    ),
}

ASPECTS = {
    "quality": {
        "en": (
            (
                "It broke within a week.",
                "The material feels cheap.",
                "Poorly made, parts came loose.",
                "It is not built to last.",
            ),
            (
                "Solid build, it feels well made.",
                "Excellent quality for daily use.",
                "Still like new after months.",
                "You notice the good material at once.",
            ),
        ),
        "zh": (
            ("用了一周就坏了。", "做工粗糙。", "材质很差。", "质量不行。"),
            ("质量很好。", "做工精细。", "用料扎实。", "用了几个月还像新的。"),
        ),
    },
    "value": {
        "en": (
            (
                "Far too expensive for what it is.",
                "Not worth the price.",
                "I saw the same {kind} cheaper elsewhere.",
            ),
            (
                "Great value for money.",
                "Worth every cent.",
                "Cheaper than in the shop next door.",
            ),
        ),
        "zh": (
            ("太贵了。", "不值这个价。", "别家便宜多了。"),
            ("性价比很高。", "物超所值。", "价格实惠。"),
        ),
    },
    "delivery": {
        "en": (
            (
                "The parcel came two weeks late.",
                "The box arrived crushed.",
                "Shipping took forever.",
                "The courier left it in the rain.",
            ),
            (
                "It arrived the next day.",
                "Fast shipping and careful packing.",
                "Delivery was quicker than promised.",
            ),
        ),
        "zh": (
            ("物流太慢了。", "快递盒子压坏了。", "等了两周才到。"),
            ("物流很快。", "第二天就到了。", "包装很仔细。"),
        ),
    },
    "looks": {
        "en": (
            (
                "The colour is nothing like the picture.",
                "It looks dull in real life.",
                "An ugly finish.",
            ),
            (
                "It looks beautiful.",
                "The colour is just as in the picture.",
                "A lovely design.",
            ),
        ),
        "zh": (
            ("颜色和图片差太多。", "样子不好看。", "有色差。"),
            ("颜值很高。", "颜色和图片一样。", "设计好看。"),
        ),
    },
    "ease": {
        "en": (
            (
                "The instructions make no sense.",
                "Hard to use.",
                "It took me an hour to work out how it works.",
            ),
            (
                "Easy to use from the first minute.",
                "No manual needed.",
                "Even my grandmother can use it.",
            ),
        ),
        "zh": (
            ("说明书看不懂。", "用起来很麻烦。", "操作复杂。"),
            ("使用方便。", "上手很快。", "老人也会用。"),
        ),
    },
}
"""Aspect -> language -> (sentences that blame, sentences that praise)."""
