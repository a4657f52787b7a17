//! Pinyin over characters: the packet's own readings first, then words whose characters are read
//! in another way than alone, then the `pinyin` crate's reading of the character.

use std::collections::{BTreeMap, BTreeSet};

use pinyin::ToPinyin;

use super::walk;
use crate::model::{Block, Inline, Language, Pinyin, Region, RubyPair, Text};

/// Frequent words in which a character is not read as it is alone. Readings by 《现代汉语词典》.
/// Whatever is missing here a packet states itself under `readings`.
const WORDS: [(&str, &str); 88] = [
    ("重庆", "chóng qìng"),
    ("重新", "chóng xīn"),
    ("重复", "chóng fù"),
    ("重叠", "chóng dié"),
    ("重排", "chóng pái"),
    ("重发", "chóng fā"),
    ("重逢", "chóng féng"),
    ("银行", "yín háng"),
    ("行业", "háng yè"),
    ("行列", "háng liè"),
    ("行距", "háng jù"),
    ("行首", "háng shǒu"),
    ("行末", "háng mò"),
    ("行尾", "háng wěi"),
    ("断行", "duàn háng"),
    ("一行", "yì háng"),
    ("同行", "tóng háng"),
    ("长大", "zhǎng dà"),
    ("成长", "chéng zhǎng"),
    ("生长", "shēng zhǎng"),
    ("增长", "zēng zhǎng"),
    ("校长", "xiào zhǎng"),
    ("秘书长", "mì shū zhǎng"),
    ("音乐", "yīn yuè"),
    ("乐器", "yuè qì"),
    ("快乐", "kuài lè"),
    ("觉得", "jué de"),
    ("睡觉", "shuì jiào"),
    ("还是", "hái shì"),
    ("还有", "hái yǒu"),
    ("归还", "guī huán"),
    ("首都", "shǒu dū"),
    ("都市", "dū shì"),
    ("看着", "kàn zhe"),
    ("接着", "jiē zhe"),
    ("着重", "zhuó zhòng"),
    ("着急", "zháo jí"),
    ("目的", "mù dì"),
    ("的确", "dí què"),
    ("了解", "liǎo jiě"),
    ("为了", "wèi le"),
    ("因为", "yīn wèi"),
    ("为什么", "wèi shén me"),
    ("什么", "shén me"),
    ("朝廷", "cháo tíng"),
    ("朝代", "cháo dài"),
    ("朝霞", "zhāo xiá"),
    ("地方", "dì fāng"),
    ("地址", "dì zhǐ"),
    ("土地", "tǔ dì"),
    ("地球", "dì qiú"),
    ("当地", "dāng dì"),
    ("得到", "dé dào"),
    ("取得", "qǔ dé"),
    ("必得", "bì děi"),
    ("便宜", "pián yi"),
    ("数字", "shù zì"),
    ("数一数", "shǔ yì shǔ"),
    ("传记", "zhuàn jì"),
    ("自传", "zì zhuàn"),
    ("教书", "jiāo shū"),
    ("相貌", "xiàng mào"),
    ("照相", "zhào xiàng"),
    ("调查", "diào chá"),
    ("声调", "shēng diào"),
    ("强调", "qiáng diào"),
    ("调整", "tiáo zhěng"),
    ("几乎", "jī hū"),
    ("分量", "fèn liàng"),
    ("成分", "chéng fèn"),
    ("处理", "chǔ lǐ"),
    ("到处", "dào chù"),
    ("好处", "hǎo chù"),
    ("爱好", "ài hào"),
    ("间断", "jiàn duàn"),
    ("中间", "zhōng jiān"),
    ("应用", "yìng yòng"),
    ("反应", "fǎn yìng"),
    ("供给", "gōng jǐ"),
    ("给予", "jǐ yǔ"),
    ("模样", "mú yàng"),
    ("差别", "chā bié"),
    ("参差", "cēn cī"),
    ("会计", "kuài jì"),
    ("角色", "jué sè"),
    ("角落", "jiǎo luò"),
    ("没有", "méi yǒu"),
    ("淹没", "yān mò"),
];

/// Finds readings.
pub(super) struct Readings {
    /// Words by their first character, longest first: characters and syllables.
    words: BTreeMap<char, Vec<(Vec<char>, Vec<String>)>>,
    /// Whether rare is what is rare in Traditional text.
    traditional: bool,
}

impl Readings {
    /// The built-in words and the packet's own, which go before.
    pub(super) fn new(own: &[(String, String)], language: &Language) -> Self {
        let mut words: BTreeMap<char, Vec<(Vec<char>, Vec<String>)>> = BTreeMap::new();
        let built_in = WORDS.iter().map(|(word, reading)| (*word, *reading));
        for (word, reading) in own.iter().map(|(w, r)| (w.as_str(), r.as_str())).chain(built_in) {
            let chars: Vec<char> = word.chars().collect();
            let syllables: Vec<String> = reading.split_whitespace().map(str::to_owned).collect();
            let Some(first) = chars.first().filter(|_| chars.len() == syllables.len()) else {
                continue; // reported by `wrong`
            };
            words.entry(*first).or_default().push((chars, syllables));
        }
        // Stable: of words alike the packet's own stays first.
        words.values_mut().for_each(|list| list.sort_by_key(|(chars, _)| usize::MAX - chars.len()));
        let traditional = matches!(language.region(), Region::Hant | Region::Hk);
        Self { words, traditional }
    }

    /// Own readings that do not have one syllable for each character.
    pub(super) fn wrong(own: &[(String, String)]) -> impl Iterator<Item = &str> {
        let counts = |w: &str, r: &str| w.chars().count() == r.split_whitespace().count();
        own.iter().filter(move |(w, r)| !counts(w, r)).map(|(w, _)| w.as_str())
    }

    /// The characters of a text, each with its reading if it is a Chinese character.
    fn of(&self, text: &str) -> Vec<(char, Option<String>)> {
        let chars: Vec<char> = text.chars().collect();
        let mut out: Vec<(char, Option<String>)> = Vec::with_capacity(chars.len());
        while let Some(c) = chars.get(out.len()) {
            let rest = &chars[out.len()..];
            let word = self
                .words
                .get(c)
                .and_then(|list| list.iter().find(|(word, _)| rest.starts_with(word)));
            match word {
                Some((word, syllables)) => {
                    out.extend(word.iter().copied().zip(syllables.iter().cloned().map(Some)));
                }
                None => out.push((*c, c.to_pinyin().map(|p| p.with_tone().to_owned()))),
            }
        }
        out
    }

    /// The reading of a whole word: `fēn zǔ`; `None` if a character has none.
    pub(super) fn of_word(&self, word: &str) -> Option<String> {
        let syllables: Option<Vec<String>> = self.of(word).into_iter().map(|(_, r)| r).collect();
        syllables.filter(|s| !s.is_empty()).map(|s| s.join(" "))
    }

    /// Sets readings over the characters of blocks. What the text annotates itself stays as it is.
    ///
    /// - `seen`: rare characters that had their reading in this article already.
    pub(super) fn annotate(&self, body: &mut [Block], mode: Pinyin, seen: &mut BTreeSet<char>) {
        if mode == Pinyin::None {
            return;
        }
        walk::texts_mut(body, &mut |text| self.text(text, mode, seen));
    }

    /// Sets readings over the characters of a text.
    pub(super) fn text(&self, text: &mut Text, mode: Pinyin, seen: &mut BTreeSet<char>) {
        let mut out = Vec::with_capacity(text.0.len());
        for mut inline in text.0.drain(..) {
            match inline {
                Inline::Plain(plain) => self.plain(&plain, mode, seen, &mut out),
                Inline::Ruby(pairs) => {
                    pairs.iter().for_each(|pair| seen.extend(pair.base.chars()));
                    out.push(Inline::Ruby(pairs));
                }
                _ => {
                    if let Some(inner) = inline.children_mut() {
                        self.text(inner, mode, seen);
                    }
                    out.push(inline);
                }
            }
        }
        text.0 = out;
    }

    fn plain(&self, plain: &str, mode: Pinyin, seen: &mut BTreeSet<char>, out: &mut Vec<Inline>) {
        for (c, reading) in self.of(plain) {
            let wanted = match mode {
                Pinyin::None => false,
                Pinyin::Rare => is_rare(c, self.traditional) && reading.is_some() && seen.insert(c),
                Pinyin::All => true,
            };
            match (reading.filter(|_| wanted), out.last_mut()) {
                (Some(reading), last) => {
                    let pair = RubyPair { base: c.to_string(), reading };
                    match last {
                        Some(Inline::Ruby(pairs)) if mode == Pinyin::All => pairs.push(pair),
                        _ => out.push(Inline::Ruby(vec![pair])),
                    }
                }
                (None, Some(Inline::Plain(last))) => last.push(c),
                (None, _) => out.push(Inline::Plain(c.to_string())),
            }
        }
    }
}

/// Whether a Chinese character is outside the common ones: the first level of GB 2312 (rows 16 to
/// 55, 3,755 characters), in Traditional text the first plane of Big5 (A440 to C67E, 5,401).
fn is_rare(c: char, traditional: bool) -> bool {
    let mut buffer = [0; 4];
    let text = &*c.encode_utf8(&mut buffer);
    let encoding = if traditional { encoding_rs::BIG5 } else { encoding_rs::GBK };
    match (&*encoding.encode(text).0, traditional) {
        ([high, low], false) => !((0xB0..=0xD7).contains(high) && *low >= 0xA1),
        ([high, low], true) => !((0xA4..=0xC6).contains(high) && (*high < 0xC6 || *low <= 0x7E)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_before_characters_and_the_packet_s_own_before_all() {
        let readings =
            Readings::new(&[("重庆".to_owned(), "Chóng qìng".to_owned())], &Language::default());
        assert_eq!(readings.of_word("重庆").unwrap(), "Chóng qìng");
        assert_eq!(readings.of_word("银行").unwrap(), "yín háng");
        assert_eq!(readings.of_word("行走").unwrap(), "xíng zǒu");
        assert_eq!(readings.of_word("TCP"), None);
    }

    #[test]
    fn every_built_in_word_has_a_syllable_for_each_character() {
        for (word, reading) in WORDS {
            assert_eq!(word.chars().count(), reading.split(' ').count(), "{word}");
        }
    }

    #[test]
    fn rare_characters_are_annotated_once_and_never_over_the_text_s_own_reading() {
        let readings = Readings::new(&[], &Language::default());
        let mut text = Text(vec![
            Inline::Plain("阡陌交通，阡陌。".into()),
            Inline::Ruby(vec![RubyPair { base: "俨".into(), reading: "yǎn".into() }]),
            Inline::Plain("俨然".into()),
        ]);
        readings.text(&mut text, Pinyin::Rare, &mut BTreeSet::new());
        let ruby: Vec<String> = text
            .0
            .iter()
            .filter_map(|i| match i {
                Inline::Ruby(pairs) => Some(pairs.iter().map(|p| p.base.as_str()).collect()),
                _ => None,
            })
            .collect();
        assert_eq!(ruby, ["阡", "俨"]);
        assert_eq!(text.to_plain(), "阡陌交通，阡陌。俨俨然");
    }

    #[test]
    fn common_characters_of_both_scripts_are_not_rare() {
        assert!("的一是不了国学体网".chars().all(|c| !is_rare(c, false)));
        assert!("的一是不了國學體網".chars().all(|c| !is_rare(c, true)));
        assert!("俨阡彧犇國".chars().all(|c| is_rare(c, false)));
        assert!("儼犇彧".chars().filter(|c| is_rare(*c, true)).count() >= 2);
    }
}
