"""Who spoke, in which post, for which organisation, from which place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.ingest.dates import western_digits
from rag.types import Found

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊"
    "秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌"
    "毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封官谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利于呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)
_NAME = rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}"
_POSTS = (
    "党组书记|党委书记|工委书记|纪委书记|总支书记|支部书记|书记|常务副主席|副主席|主席|主任委员|副主任|主任|副市长|市长|副县长|县长|副区长|区长|副省长|省长|镇长|乡长"
    "|局长|厅长|处长|科长|部长|秘书长|院长|校长|矿长|厂长|总经理|董事长|经理|会长|理事长|检察长|所长|站长|队长|大队长|支队长|政委|馆长|行长|台长|社长|主编|专员|州长|旗长|盟长|村主任|组长|负责人|代表"
)
_POST = rf"(?:[\u4e00-\u9fff、]{{0,28}}?(?:副|代|原)?(?:{_POSTS}))"
_SPACED = rf"(?:{_NAME}|[{SURNAMES}]\s{{1,4}}[\u4e00-\u9fff](?:\s{{1,4}}[\u4e00-\u9fff])?)"
_LABELLED = re.compile(
    rf"^(?:讲话人|主讲人?|发言人|报告人|演讲人|主持人|作者)\s*[:：]\s*(?P<post>{_POST}\s*)?(?P<name>{_SPACED})$"
)
_POST_NAME = re.compile(rf"^[（(—\-]*\s*(?P<post>{_POST})\s*(?:[、，,]\s*)?(?P<name>{_SPACED})\s*(?:同志)?\s*[）)]?$")
_NAME_POST = re.compile(rf"^[（(]?(?P<name>{_NAME})\s*[（(，, ]\s*(?P<post>{_POST})[）)]*$")
_NAME_ONLY = re.compile(
    rf"^[（(]?(?P<name>[{SURNAMES}](?:\s?[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff])?|\s{{2,4}}[\u4e00-\u9fff]))\s*(?:同志)?[）)]?$"
)
_IN_TITLE = re.compile(rf"(?:^|[——\s])(?P<post>{_POST})?(?P<name>{_NAME})(?:同志|(?P<after>{_POSTS}))?[:：]?\s*在")
_DATE = re.compile(
    r"(?:(?:时间|日期)\s*[:：]\s*)?[（(]?\s*(?:19|20)\d{2}\s*[年./-]\s*[\d一二三四五六七八九十]{1,2}\s*[月./-]"
    r"\s*(?:[\d一二三四五六七八九十]{1,3}\s*日?)?(?:[上下]午)?\s*(?:[于在][^，。）)]{2,12})?[）)]?"
)
_OCCASION = re.compile(r"(?<=[\u4e00-\u9fff])[（(][^（）()]*\d{4}\s*年[^（）()]*[，,][^（）()]*[）)]$")
_NO_NAME = re.compile(rf"^.(?:{_POSTS})$|[他她它们的了我你这那是不]|[省市县区镇乡村局厅办委会部院校班]$")
_SELF = re.compile(rf"(?:我是|本人是)(?P<post>{_POST})的?(?P<name>{_NAME})[，,。]|我叫(?P<called>{_NAME})[，,。]")
_NAME_TAIL = re.compile(rf"(?P<name>{_NAME})\s*(?:同志)?[）)]?$")

_ORG = (
    "总工会|工会联合会|工会委员会|工会工作委员会|工会|党工委|工委|党委|党组|人民政府|政府|办公厅|办公室|委员会|管委会|法院|检察院|公安局|税务局|[\u4e00-\u9fff]{1,6}局(?!局|长)|[\u4e00-\u9fff]{1,6}局(?=局长)|[\u4e00-\u9fff]{1,6}厅(?!长)"
    "|集团(?:有限)?(?:公司)?|(?:有限|股份)?公司|[\u4e00-\u9fff]{1,4}矿|大学|学院|学校|医院|银行|协会|商会|联合会|妇联|团委|街道|社区|村委会|合作社|[省市区县]总(?!工会)"
)
_BEHALF = re.compile(
    r"(?:我(?:谨)?代表|受)(?P<org>[^，。、,；]{2,24}?)(?:委托|[，,、]|向|对|作|报告|就|，|党组(?=对|向))"
)
_IS_ORG = re.compile(rf"(?:{_ORG}|党组)$")
_HEAD_ORG = re.compile(rf"(?P<org>[\u4e00-\u9fffA-Z]{{2,20}}?(?:{_ORG}))")
_COMMON = re.compile(r"^(?:全|各|我|本|该|某|新任|现任|乡镇|省市|市县|区县|县区|有关|上级|基层|党和|在|关于|[XxＸ×*])")
_BLANK = re.compile(r"[XxＸ×*＊]|某|_")


def find_speaker(title: str, front: Sequence[str], body: str) -> tuple[Found, Found]:
    """(speaker, post), from the lines under the title, the title itself, or a self-introduction."""
    for line in front:
        line = _OCCASION.sub("", western_digits(line))
        bare = re.sub(r"^[（(【—\-，,\s]+|[）)】，,\s]+$", "", _DATE.sub("", line))
        for pattern in (_LABELLED, _NAME_POST, _POST_NAME):
            if (match := pattern.match(bare)) and (pattern is _LABELLED or _is_name(match["name"])):
                name = re.sub(r"\s", "", match["name"])
                return Found(name, "标题下的署名", 0.9), _post(match["post"], "标题下的署名", 0.85)
        if (match := _NAME_ONLY.match(bare)) and len(bare) <= 6 and _is_name(match["name"]):
            return Found(re.sub(r"\s", "", match["name"]), "标题下的署名", 0.75), Found(None)
    if (match := _IN_TITLE.search(title)) and _is_name(match["name"]):
        return Found(match["name"], "标题", 0.8), _post(match["post"] or match["after"], "标题", 0.75)
    if match := _SELF.search(body[:400]):
        return Found(match["name"] or match["called"], "正文自我介绍", 0.7), _post(match["post"], "正文自我介绍", 0.65)
    return Found(None), Found(None)


def _is_name(name: str) -> bool:
    """Whether a surname and what follows it can be a name, and not a word («全文», «关注他», «王主任»)."""
    return not _NO_NAME.search(name) and name not in _common_words()


def _post(value: str | None, where: str, sure: float) -> Found:
    value = (value or "").strip(" 　、，,的")
    return Found(value, where, sure) if value else Found(None)


def find_organisation(title: str, front: Sequence[str], body: str, closing: Sequence[str], post: str | None) -> Found:
    """The organisation that speaks: from the speaker's post, «我代表…», a signature, or the title."""
    if post and (match := _HEAD_ORG.match(post)) and not _COMMON.match(match["org"]):
        return Found(match["org"], "讲话人职务", 0.85)
    for line in (*front, *closing):
        if len(line) <= 30 and _IS_ORG.search(line) and not _BLANK.search(line) and "：" not in line:
            return Found(line.strip("—-（）() "), "署名", 0.85)
    if match := _BEHALF.search(body[:1500]):
        org = re.sub(r"^(?:中共)?", "", match["org"]).strip()
        if _IS_ORG.search(org) and not _BLANK.search(org) and "大家" not in org:
            return Found(org, "正文「我代表…」", 0.75)
    bare = re.sub(r"^(?:在|关于)", "", title)
    if (match := _HEAD_ORG.match(bare)) and not _COMMON.match(match["org"]) and not _BLANK.search(bare[:12]):
        return Found(match["org"], "标题", 0.6)
    return Found(None)


_PROVINCES = [
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
]
_NOT_OURS = frozenset(
    [
        "中国",
        "全国",
        "美国",
        "日本",
        "英国",
        "法国",
        "德国",
        "俄罗斯",
        "苏联",
        "欧洲",
        "亚洲",
        "非洲",
        "东南亚",
        "中华",
        "延安",
        "大庆",
        "长征",
        "祖国",
        "新中国",
        "世界",
        "国家",
        "长江",
        "黄河",
        "太平洋",
        "中南海",
    ]
)
_SUFFIXED = re.compile(r"(?<![\u4e00-\u9fff])?[\u4e00-\u9fff]{2,3}(?:自治区|自治州|省|市|县|区|镇|乡|州|旗)")
_GENERIC = re.compile(
    r"^(?:.*[全我各本该省市县区乡镇两上下城郊新老社片园辖地库景小校厂矿牧灾山贫]|.*(?:直辖|开发|高新|工业|特|辖|地|城))(?:市|县|区|镇|乡|省|州|旗)$|^(?:和|与|在|对|为|把|从|向|是|由|到|让|使)"
)


def _dictionary() -> Iterator[tuple[str, str]]:
    """The words of jieba's dictionary with their tags."""
    import jieba

    with jieba.get_module_res("dict.txt") as stream:
        for line in stream:
            row = line.decode("utf-8").split()
            if len(row) == 3:
                yield row[0], row[2]


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Words that begin like a name and are none."""
    return frozenset(
        w for w, tag in _dictionary() if len(w) in (2, 3) and w[0] in SURNAMES and not tag.startswith("nr")
    )


@lru_cache(maxsize=1)
def _place_words() -> frozenset[str]:
    """Place names of jieba's dictionary (tag ns): provinces, and names it also knows with 市, 县, 区 and the like."""
    names = {word for word, tag in _dictionary() if tag == "ns" and 2 <= len(word) <= 7} - _NOT_OURS
    suffixed = {name for name in names if name[-1] in "省市县区州旗镇乡" and len(name) > 2 and not _GENERIC.match(name)}
    return frozenset(suffixed | {name[:-1] for name in suffixed} & names | set(_PROVINCES))


def find_place(title: str, opening: str, words: Sequence[str]) -> Found:
    """The province, city, county or town a speech is about.

    ``opening`` is the start of the body; ``words`` are the body's words. A title that masks its place
    («X市») leaves it unknown.
    """
    if _BLANK.search(title):
        return Found(None)
    known = _place_words()
    named_in_title = re.sub("^(?:在|关于)", "", title)
    for text, where, sure in ((named_in_title, "标题", 0.9), (opening, "开头", 0.7)):
        named = [m for m in _suffixed(text) if m[:-1] in known or m in known or m[:2] in _PROVINCES]
        if named:
            return Found(max(named, key=len), where, sure)
    scope = _scope(title + opening)
    counts = Counter(word for word in words if word in known and _fits(word, scope, known))
    if counts:
        (place, count), *others = counts.most_common(2)
        second = others[0][1] if others else 0
        if count >= 3 and count > second:
            return Found(place, f"正文出现 {count} 次", min(0.8, 0.4 + 0.05 * count))
        if place in title or (count >= 2 and place in opening):
            return Found(place, "标题和正文" if place in title else "开头和正文", 0.6)
    return Found(None)


def _scope(text: str) -> str:
    """The level of government a text speaks for («全省», «我县»), as the last character of its places' names."""
    levels = Counter(
        m.group(1) for m in re.finditer(r"[全我](省|市|县|区|旗|镇|乡)|自治(区)(?=[党总人])", text) if m.group(1)
    )
    return levels.most_common(1)[0][0] if levels else ""


def _fits(place: str, scope: str, known: frozenset[str]) -> bool:
    if not scope:
        return True
    province = place in _PROVINCES or place.removesuffix("省") in _PROVINCES
    if scope == "省" or province:
        return province and scope in "省区"
    return place.endswith(scope) or place + scope in known


def _suffixed(text: str) -> list[str]:
    """Words that end like places'. One of four characters may have caught one too many («共青河县»): both are given."""
    found = [m.group() for m in _SUFFIXED.finditer(text)]
    found += [word[1:] for word in found if len(word) == 4]
    return [word for word in found if not _GENERIC.match(word)]
