//! Names of people, and the offices written beside them.

use super::is_han;

/// Family names of one character: the commonest of the mainland's 2020 census and of Taiwan, which
/// together cover more than 97 of 100 people.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董\
袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱\
严赖覃洪武莫孔汤向常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌\
毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景\
党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封官谈匡鞠惠\
張劉陳楊黃趙吳孫馬鄭羅許鄧馮韓蕭葉蔣蘇呂盧鐘鍾薑譚範陸賈韋鄒閻龍賀顧郝龔萬錢嚴賴湯溫龐顏莊聶魯歐關蘭俞寧舒紀單塗\
盧藍駱遊華饒解牟陽時農簡車項連蘆麥婁竇景黨宮費衛應閔鄔邊師榮習习";

/// Family names of two characters.
const DOUBLE: &[&str] = &[
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "令狐", "东方", "慕容", "夏侯", "司徒", "公孙",
    "端木", "独孤", "南宫", "歐陽", "司馬", "諸葛", "東方", "尉遲", "公孫", "獨孤", "南宮",
];

/// Words that end an office or an institution, written before or after a name.
const OFFICES: &[&str] = &[
    "秘书长",
    "主席",
    "总理",
    "部长",
    "省长",
    "市长",
    "县长",
    "区长",
    "局长",
    "处长",
    "科长",
    "院长",
    "所长",
    "校长",
    "社长",
    "台长",
    "馆长",
    "会长",
    "理事长",
    "董事长",
    "厂长",
    "队长",
    "组长",
    "主任",
    "书记",
    "教授",
    "副教授",
    "讲师",
    "研究员",
    "副研究员",
    "院士",
    "博士",
    "硕士",
    "学者",
    "专家",
    "总裁",
    "总经理",
    "经理",
    "总监",
    "主编",
    "编辑",
    "记者",
    "特派员",
    "评论员",
    "作家",
    "诗人",
    "律师",
    "医师",
    "医生",
    "工程师",
    "教师",
    "导师",
    "学生",
    "委员",
    "代表",
    "顾问",
    "秘書長",
    "部長",
    "市長",
    "局長",
    "處長",
    "院長",
    "所長",
    "校長",
    "社長",
    "館長",
    "會長",
    "理事長",
    "董事長",
    "主編",
    "編輯",
    "記者",
    "書記",
    "教授",
    "大学",
    "学院",
    "研究院",
    "研究所",
    "中心",
    "大學",
    "學院",
];

/// Characters that names are not made of: particles, pronouns, numbers and the verbs of by-lines.
const NOT_IN_NAMES: &str = "的了是在和与及或就都而将被把这那我你他她它们吗呢吧啊么什谁为於于从向到个\
两每几种项次年月时分秒网站社报刊版页图文稿摄影供";

/// How sure it is that the whole text is a person's name, 0 to 1.
pub(crate) fn likelihood(text: &str) -> f32 {
    let text = text.trim();
    // 阿·托尔斯泰, 卡尔·马克思
    if let Some((first, last)) = text.split_once(['·', '・', '•', '‧']) {
        let han =
            |part: &str| !part.is_empty() && part.chars().all(|c| is_han(c) || "·・•‧".contains(c));
        return if han(first) && han(last) && text.chars().count() <= 16 { 0.9 } else { 0.0 };
    }
    let mut chars: Vec<char> = text.chars().collect();
    // 张 三, padded to three places
    if let [first, middle @ .., last] = chars.as_slice()
        && !middle.is_empty()
        && middle.iter().all(|c| c.is_whitespace())
    {
        chars = vec![*first, *last];
    }
    if !chars.iter().all(|c| is_han(*c)) || !(2..=4).contains(&chars.len()) {
        return 0.0;
    }
    let double = chars.get(..2).map(|c| c.iter().collect::<String>());
    let is_double = double.is_some_and(|d| DOUBLE.contains(&d.as_str()));
    let given = &chars[if is_double { 2 } else { 1 }..];
    if given.is_empty()
        || given
            .iter()
            .skip(usize::from(given.len() > 1))
            .any(|c| NOT_IN_NAMES.contains(*c) && !"文一".contains(*c))
    {
        return 0.0;
    }
    // 周三 is a day
    let is_day = matches!(chars.as_slice(), ['周', '一' | '二' | '三' | '四' | '五' | '六' | '日']);
    if is_day || OFFICES.iter().any(|office| text.ends_with(office)) {
        return 0.0;
    }
    match (is_double, SURNAMES.contains(chars[0]), given.len()) {
        (true, _, 1 | 2) => 0.95,
        (false, true, 1 | 2) => 0.85,
        (false, true, 3) => 0.2,
        _ => 0.0,
    }
}

/// Whether a text is made of office or institution words.
pub(crate) fn is_office(text: &str) -> bool {
    let text = text.trim();
    OFFICES.iter().any(|office| text.ends_with(office))
}

/// Takes a line such as 世界互联网大会秘书长任贤良 or 张三（某大学教授） apart: name and office.
///
/// - `known`: names that the page has already given; one of them settles it.
pub(crate) fn with_office(text: &str, known: &[String]) -> Option<(String, String)> {
    let text = text.trim().trim_matches(|c: char| "□■◎●▲◆○/／|｜—-".contains(c)).trim();
    if text.chars().count() > 40 || super::ends_sentence(text) {
        return None;
    }
    // name（office）, name，office
    if let Some((name, rest)) = text.split_once(['（', '(', '，', ',', '，'])
        && (likelihood(name) >= 0.8 || known.iter().any(|k| k == name.trim()))
    {
        let office = rest.trim_end_matches(['）', ')']).trim();
        return is_office(office).then(|| (name.trim().to_owned(), office.to_owned()));
    }
    for name in known {
        for stripped in [text.strip_suffix(name.as_str()), text.strip_prefix(name.as_str())] {
            if let Some(office) = stripped
                .map(|s| s.trim_matches([' ', '\u{3000}', ',', '，', ':', '：']))
                .filter(|s| !s.is_empty())
                && (is_office(office) || office.chars().count() >= 4)
                && !super::byline::is_media(office)
            {
                return Some((name.clone(), office.to_owned()));
            }
        }
    }
    // office + name of 2 to 4 characters at the end, the longest name that leaves an office
    let chars: Vec<char> = text.chars().collect();
    let spaced = text.rsplit_once([' ', '\u{3000}']).map(|(_, name)| name.chars().count());
    for length in spaced.into_iter().chain([3, 2, 4]) {
        let Some(at) = chars.len().checked_sub(length).filter(|at| *at >= 2) else { continue };
        let name: String = chars[at..].iter().collect();
        let office: String = chars[..at].iter().collect();
        if likelihood(&name) >= 0.8 && is_office(&office) {
            return Some((name, office.trim().to_owned()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_words() {
        for name in ["任贤良", "王维", "欧阳修", "卡尔·马克思", "李　白", "張大千"]
        {
            assert!(likelihood(name) >= 0.8, "{name}");
        }
        for word in ["我们的", "编者按", "记者", "新华社", "党委书记", "人民日报社", "王"]
        {
            assert!(likelihood(word) < 0.8, "{word}");
        }
    }

    #[test]
    fn an_office_is_parted_from_its_holder() {
        let part = |text: &str| with_office(text, &[]);
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(part("世界互联网大会秘书长任贤良"), pair("任贤良", "世界互联网大会秘书长"));
        assert_eq!(part("沈秋白（江南大学教授）"), pair("沈秋白", "江南大学教授"));
        assert_eq!(part("□ 市农业局局长 周明"), pair("周明", "市农业局局长"));
        assert_eq!(part("大会在乌镇举行"), None);
    }
}
