//! Code points that look like others: radicals and compatibility ideographs copied out of PDFs,
//! full-width digits and letters, characters that can't be seen at all.

use unicode_normalization::char::decompose_canonical;

use super::runs::{Char, Context, is_cjk};
use super::{Log, Rule};

/// The ideographs of the 214 Kangxi radicals, U+2F00 to U+2FD5 in order (UnicodeData.txt,
/// compatibility decompositions).
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨青非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// Forms of radicals (U+2E80–U+2EF3) and the ideographs they stand for, in turn (UCD,
/// EquivalentUnifiedIdeograph.txt); those without an encoded twin are left alone.
const SUPPLEMENT: &str = "⺁厂⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺬示⺭礻⺮竹⺯糹⺰纟⺲罒⺶羊⺹耂⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辶⻎辶⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟";

/// Ligatures that a PDF's font puts for letters.
const LIGATURES: &[(char, &str)] = &[
    ('\u{FB00}', "ff"),
    ('\u{FB01}', "fi"),
    ('\u{FB02}', "fl"),
    ('\u{FB03}', "ffi"),
    ('\u{FB04}', "ffl"),
];

/// The unified ideograph that a character stands for.
fn unified(c: char) -> Option<char> {
    match c {
        '\u{2F00}'..='\u{2FD5}' => KANGXI.chars().nth(c as usize - 0x2F00),
        '\u{2E80}'..='\u{2EF3}' => {
            let mut pairs = SUPPLEMENT.chars();
            while let (Some(radical), Some(ideograph)) = (pairs.next(), pairs.next()) {
                if radical == c {
                    return Some(ideograph);
                }
            }
            None
        }
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => {
            let (mut first, mut count) = (None, 0);
            decompose_canonical(c, |d| {
                first.get_or_insert(d);
                count += 1;
            });
            first.filter(|d| count == 1 && *d != c)
        }
        _ => None,
    }
}

pub(super) fn unify(line: &mut Vec<Char>, log: &mut Log) {
    let suspicious = |c: char| matches!(c, '\u{2E80}'..='\u{2FD5}' | '\u{F900}'..='\u{FB04}' | '\u{2F800}'..='\u{2FA1F}');
    if !line.iter().any(|c| suspicious(c.c)) {
        return;
    }
    let before = line.clone();
    line.clear();
    for (at, c) in before.iter().enumerate() {
        if c.fixed {
            line.push(*c);
        } else if let Some(ideograph) = unified(c.c) {
            log.change(Rule::Codepoints, &before, at, 1, &ideograph.to_string());
            line.push(Char { c: ideograph, ..*c });
        } else if let Some((_, letters)) = LIGATURES.iter().find(|(ligature, _)| *ligature == c.c) {
            log.change(Rule::Codepoints, &before, at, 1, letters);
            line.extend(letters.chars().map(|letter| Char { c: letter, ..*c }));
        } else {
            line.push(*c);
        }
    }
}

/// Full-width digits and letters, and the signs of numbers among them.
pub(super) fn narrow(line: &mut [Char], log: &mut Log) {
    let wide = |c: char| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    if !line.iter().any(|c| wide(c.c)) {
        return;
    }
    let before = line.to_vec();
    for at in 0..line.len() {
        let c = before[at].c;
        let digit = |at: Option<usize>| {
            at.and_then(|p| before.get(p))
                .is_some_and(|c| c.c.is_ascii_digit() || matches!(c.c, '０'..='９'))
        };
        let in_number = match c {
            '．' => digit(at.checked_sub(1)) && digit(Some(at + 1)),
            '％' => digit(at.checked_sub(1)),
            _ => false,
        };
        if (wide(c) || in_number)
            && !before[at].fixed
            && let Some(half) = char::from_u32(c as u32 - 0xFEE0)
        {
            log.change(Rule::Digits, &before, at, 1, &half.to_string());
            line[at].c = half;
        }
    }
}

/// Characters that show nothing, or something else on every machine.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{180E}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
        || c.is_control() && c != '\n' && c != '\t'
}

pub(super) fn drop_invisible(line: &mut Vec<Char>, context: Context, log: &mut Log) {
    let before = line.clone();
    let mut at = 0usize;
    line.retain(|c| {
        let here = at;
        at += 1;
        // joiners mean something in other scripts, a joiner between Han does not
        let joiner = matches!(c.c, '\u{200C}' | '\u{200D}') && context.east && {
            let cjk = |p: Option<usize>| p.and_then(|p| before.get(p)).is_some_and(|c| is_cjk(c.c));
            cjk(here.checked_sub(1)) && cjk(Some(here + 1))
        };
        let drop = !c.fixed && (is_invisible(c.c) || joiner);
        if drop {
            log.change(Rule::Invisible, &before, here, 1, "");
        }
        !drop
    });
}
