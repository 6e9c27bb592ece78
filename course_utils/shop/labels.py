"""Several labels a product: they come in themes, so they are correlated; some are rare."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from course_utils.shop.streams import settled
from course_utils.shop.words import DEPARTMENTS


class Label(NamedTuple):
    """One label: its theme, its word in titles, and what people call it who search by need."""

    theme: str
    en: str
    zh: str
    need_en: str
    need_zh: str
    logit: float
    """Log-odds of the label where its theme is absent; ``THEME_LIFT`` is added where present."""


LABELS = (
    Label("outdoor", "waterproof", "防水", "that survives rain", "不怕雨淋的", -3.0),
    Label("outdoor", "windproof", "防风", "for stormy weather", "大风天用的", -4.0),
    Label("outdoor", "portable", "便携", "easy to carry", "好带出门的", -2.0),
    Label("outdoor", "durable", "耐用", "that lasts for years", "用不坏的", -2.0),
    Label("eco", "organic", "有机", "without chemicals", "无添加的", -3.5),
    Label("eco", "recycled", "再生材料", "kind to the planet", "爱护地球的", -3.5),
    Label("eco", "plastic-free", "无塑", "without polymers", "零石化的", -4.5),
    Label("eco", "vegan", "纯素", "without animal parts", "不含动物成分的", -5.0),
    Label("premium", "luxury", "奢华", "high-end", "高档的", -3.0),
    Label("premium", "handmade", "手工", "made by artisans", "匠人做的", -3.0),
    Label("premium", "limited edition", "限量", "for collectors", "收藏级的", -5.5),
    Label("premium", "gift boxed", "礼盒", "as a birthday present", "送生日的", -2.5),
    Label("family", "child-safe", "儿童安全", "harmless for toddlers", "宝宝可用的", -3.0),
    Label("family", "educational", "益智", "to learn with", "长知识的", -4.0),
    Label("family", "washable", "可水洗", "easy to clean", "好打理的", -2.5),
    Label("tech", "wireless", "无线", "without cables", "不用插线的", -3.5),
    Label("tech", "rechargeable", "充电式", "without batteries to replace", "免换电池的", -3.0),
    Label("tech", "smart", "智能控制", "controlled by an app", "能连应用的", -4.0),
    Label("tech", "fast charging", "快充", "full in minutes", "几分钟满电的", -5.5),
    Label("comfort", "soft", "柔软", "gentle to the touch", "摸着舒服的", -2.0),
    Label("comfort", "ergonomic", "人体工学", "good for the back", "不累腰的", -3.5),
    Label("comfort", "silent", "静音", "that makes no noise", "没有声响的", -4.0),
    Label("budget", "value pack", "超值装", "for little money", "便宜又多的", -3.0),
    Label("budget", "refurbished", "翻新", "second hand", "二手的", -5.5),
)
THEMES = tuple(dict.fromkeys(label.theme for label in LABELS))
THEME_LIFT = 3.2

# How likely a product of each department carries each theme, in the order of THEMES.
THEME_CHANCE = {
    "Electronics": (0.10, 0.03, 0.15, 0.03, 0.65, 0.20, 0.25),
    "Home": (0.25, 0.20, 0.25, 0.15, 0.15, 0.35, 0.20),
    "Kitchen": (0.05, 0.35, 0.25, 0.10, 0.10, 0.10, 0.25),
    "Outdoors": (0.75, 0.15, 0.05, 0.05, 0.15, 0.25, 0.15),
    "Fashion": (0.20, 0.30, 0.40, 0.05, 0.02, 0.30, 0.15),
    "Family": (0.05, 0.20, 0.15, 0.70, 0.10, 0.25, 0.20),
}


def make_labels(rng: np.random.Generator, department: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels of each product, and the chances that they were drawn with.

    Args:
        rng: the stream of this table.
        department: code of each product's department, ``[n]``.

    Returns:
        ``has``: bool ``[n, labels]``, at least one true in each row;
        ``chance``: ``[n, labels]``, of each label given the department and the product's
        themes.
    """
    chance_of = np.array([THEME_CHANCE[one] for one in DEPARTMENTS])
    has_theme = rng.random((len(department), len(THEMES))) < chance_of[department]
    theme = np.array([THEMES.index(label.theme) for label in LABELS])
    base = np.array([label.logit for label in LABELS])
    chance = settled(expit(base + THEME_LIFT * has_theme[:, theme]))
    has = np.zeros(chance.shape, dtype=bool)
    none = np.arange(len(has))
    while len(none):
        # A product without any label is drawn again, so its chances are those given one.
        has[none] = rng.random((len(none), len(LABELS))) < chance[none]
        none = none[~has[none].any(axis=1)]
    some = 1.0 - np.prod(1.0 - chance, axis=1, keepdims=True)
    return has, settled(chance / some)
