"""The words of the shop: the category tree, and what things are called in two languages.

Each kind of product has a name, which titles use, and a second word that people search for
and that no title contains. A search by words alone finds nothing for the second word.
"""

from __future__ import annotations

from typing import NamedTuple

LANGUAGES = ("en", "zh")


class Kind(NamedTuple):
    """A leaf of the category tree."""

    category: str
    en: str
    zh: str
    other_en: str
    other_zh: str


DEPARTMENT_OF = {
    category: department
    for department, categories in {
        "Electronics": ("Audio", "Cameras", "Laptops", "Phones"),
        "Home": ("Garden", "Home decor", "Lighting", "Pet supplies"),
        "Kitchen": ("Bakeware", "Coffee", "Cookware", "Tea"),
        "Outdoors": ("Camping", "Cycling", "Fitness"),
        "Fashion": ("Bags", "Jewellery", "Shoes", "Skin care"),
        "Family": ("Baby", "Board games", "Books", "Stationery", "Toys"),
    }.items()
    for category in categories
}
DEPARTMENTS = tuple(dict.fromkeys(DEPARTMENT_OF.values()))

_KINDS = """
Audio|earbuds|耳塞|in-ears|入耳设备
Audio|speaker|音箱|boombox|扩音器
Audio|turntable|唱机|record player|黑胶播放器
Audio|microphone|麦克风|mic|话筒
Audio|soundbar|回音壁|TV sound system|电视音响
Baby|stroller|婴儿车|pram|童推车
Baby|crib|婴儿床|cot|宝宝睡床
Baby|diaper|纸尿裤|nappy|尿不湿
Baby|pacifier|奶嘴|soother|安抚器
Baby|bib|围嘴|feeding smock|口水巾
Bags|backpack|双肩包|rucksack|背囊
Bags|handbag|手提包|purse|女士挎袋
Bags|suitcase|行李箱|luggage|旅行拉杆
Bags|wallet|钱包|billfold|皮夹
Bags|tote|托特包|shopper|购物袋
Bakeware|cake tin|蛋糕模|baking mould|烘焙模具
Bakeware|rolling pin|擀面杖|dough roller|压面棍
Bakeware|whisk|打蛋器|egg beater|搅拌棒
Bakeware|muffin tray|玛芬烤盘|cupcake pan|纸杯糕盘
Bakeware|piping set|裱花套装|icing kit|奶油挤花
Board games|strategy game|策略桌游|war game|战棋
Board games|jigsaw|拼图|puzzle|砌图
Board games|card game|纸牌|deck of cards|扑克
Board games|chess set|国际象棋|checkmate board|西洋棋
Board games|dominoes|多米诺|bones|骨牌
Books|novel|长篇小说|fiction|虚构文学
Books|cookbook|食谱|recipe collection|菜谱
Books|atlas|地图册|book of maps|世界图集
Books|biography|传记|life story|人物生平
Books|comic|漫画|manga|连环画
Cameras|tripod|三脚架|camera stand|相机支架
Cameras|lens|镜头|objective|光学物镜
Cameras|action cam|运动相机|sports camera|户外摄像机
Cameras|instant camera|拍立得|polaroid|即影即有
Cameras|memory card|存储卡|SD storage|内存条
Camping|tent|帐篷|shelter|露营棚
Camping|sleeping bag|睡袋|bedroll|户外被褥
Camping|headlamp|头灯|head torch|额前照明
Camping|stove|炉具|burner|野炊火炉
Camping|hammock|吊床|hanging bed|悬挂躺网
Coffee|espresso maker|意式咖啡机|barista machine|浓缩萃取机
Coffee|grinder|磨豆机|bean mill|研磨器
Coffee|french press|法压壶|cafetiere|活塞冲泡器
Coffee|beans|咖啡豆|arabica|阿拉比卡
Coffee|milk frother|奶泡机|foamer|打奶器
Cookware|frying pan|煎锅|skillet|平底镬
Cookware|saucepan|奶锅|cooking pot|小汤煲
Cookware|wok|炒锅|stir fryer|中式镬
Cookware|knife|厨刀|cleaver|菜刀
Cookware|cutting board|砧板|chopping block|切菜垫
Cycling|helmet|头盔|head protection|安全帽
Cycling|bike light|车灯|bicycle lamp|骑行照明
Cycling|bike lock|车锁|bicycle padlock|防盗链
Cycling|pump|打气筒|inflator|充气泵
Cycling|saddle|车座|bike seat|坐垫
Fitness|dumbbell|哑铃|hand weight|手持重物
Fitness|yoga mat|瑜伽垫|pilates pad|健身毯
Fitness|skipping rope|跳绳|jump cord|弹跳索
Fitness|resistance band|弹力带|exercise loop|拉力圈
Fitness|foam roller|泡沫轴|massage cylinder|按摩滚筒
Garden|hose|水管|water pipe|浇灌软管
Garden|pruner|修枝剪|secateurs|园艺钳
Garden|planter|花盆|flower pot|种植容器
Garden|lawn mower|割草机|grass cutter|除草机
Garden|watering can|洒水壶|sprinkler jug|浇花器
Home decor|rug|地毯|carpet|毛毡垫
Home decor|vase|花瓶|flower holder|插花器
Home decor|mirror|镜子|looking glass|梳妆玻璃
Home decor|cushion|抱枕|throw pillow|靠垫
Home decor|curtain|窗帘|drape|遮光布
Jewellery|necklace|项链|pendant|颈饰
Jewellery|earrings|耳环|studs|耳饰
Jewellery|bracelet|手链|bangle|腕饰
Jewellery|ring|戒指|engagement band|指环
Jewellery|brooch|胸针|lapel pin|襟花
Laptops|notebook computer|笔记本电脑|portable PC|手提计算机
Laptops|docking station|扩展坞|port hub|接口集线器
Laptops|laptop sleeve|电脑内胆包|computer case|保护套
Laptops|keyboard|键盘|typing board|打字输入器
Laptops|mouse|鼠标|pointer|光标控制器
Lighting|desk lamp|台灯|reading light|阅读照明
Lighting|chandelier|吊灯|ceiling fixture|顶部灯饰
Lighting|LED strip|灯带|light tape|氛围光条
Lighting|night light|小夜灯|bedside glow|起夜照明
Lighting|floor lamp|落地灯|standing light|立式照明
Pet supplies|dog leash|狗绳|puppy lead|遛犬牵引
Pet supplies|cat tree|猫爬架|climbing tower|喵星跳台
Pet supplies|aquarium|鱼缸|fish tank|水族箱
Pet supplies|litter box|猫砂盆|cat toilet|喵厕所
Pet supplies|pet bed|宠物窝|animal basket|毛孩睡垫
Phones|smartphone|智能手机|mobile|移动电话
Phones|charger|充电器|power adapter|电源适配
Phones|phone case|手机壳|cover|防摔外套
Phones|power bank|充电宝|battery pack|移动电源
Phones|screen protector|钢化膜|glass film|屏幕贴
Shoes|trainers|运动鞋|sneakers|球鞋
Shoes|boots|靴子|ankle highs|短筒马丁
Shoes|sandals|凉鞋|flip flops|沙滩拖
Shoes|loafers|乐福鞋|slip-ons|懒人便鞋
Shoes|slippers|棉拖鞋|house shoes|居家软底
Skin care|moisturiser|面霜|hydrating cream|保湿乳
Skin care|sunscreen|防晒霜|SPF lotion|隔离紫外线
Skin care|cleanser|洁面乳|face wash|洗面奶
Skin care|serum|精华液|ampoule|安瓶
Skin care|lip balm|润唇膏|chapstick|护唇棒
Stationery|fountain pen|钢笔|ink writer|墨水笔
Stationery|planner|日程本|diary|日记簿
Stationery|stapler|订书机|paper binder|装订器
Stationery|marker set|马克笔|felt tips|彩色水笔
Stationery|sketchbook|速写本|drawing pad|画册
Tea|green tea|绿茶|sencha|龙井
Tea|black tea|红茶|earl grey|正山小种
Tea|teapot|茶壶|brewing jug|泡饮器
Tea|tea infuser|滤茶器|steeping ball|茶漏
Tea|matcha|抹茶|powdered leaf|研末青叶
Toys|building blocks|积木|construction bricks|拼搭颗粒
Toys|doll|娃娃|figurine|公仔
Toys|train set|小火车|model railway|轨道玩具
Toys|kite|风筝|sky flyer|纸鸢
Toys|plush bear|毛绒熊|stuffed animal|布偶
"""
KINDS = tuple(Kind(*line.split("|")) for line in _KINDS.strip().splitlines())

COLOURS = (
    ("black", "黑色"),
    ("white", "白色"),
    ("grey", "灰色"),
    ("blue", "蓝色"),
    ("red", "红色"),
    ("green", "绿色"),
    ("yellow", "黄色"),
    ("pink", "粉色"),
    ("brown", "棕色"),
    ("purple", "紫色"),
    ("orange", "橙色"),
    ("silver", "银色"),
)

SERIES = (
    ("Alder", "桤木"),
    ("Nova", "新星"),
    ("Meridian", "子午"),
    ("Harbour", "港湾"),
    ("Juniper", "杜松"),
    ("Atlas Peak", "峰峦"),
    ("Lumen", "流明"),
    ("Willow", "垂柳"),
    ("Echo", "回声"),
    ("Summit", "峰顶"),
    ("Tidal", "潮汐"),
    ("Ember", "余烬"),
    ("Aster", "紫菀"),
    ("Cobalt", "钴蓝"),
    ("Fjord", "峡湾"),
    ("Sparrow", "麻雀"),
    ("Onyx", "玛瑙"),
    ("Prairie", "草原"),
    ("Saffron", "藏红"),
    ("Velvet", "天鹅"),
)

FILLERS = (
    ("classic", "经典款"),
    ("new", "新款"),
    ("large", "大号"),
    ("small", "小号"),
    ("slim", "修身"),
    ("modern", "现代"),
    ("vintage", "复古"),
    ("everyday", "日常"),
    ("pro", "专业版"),
    ("basic", "基础款"),
    ("2024", "2024款"),
    ("set of two", "两件装"),
)
"""Words of titles that say nothing about what the product is."""
