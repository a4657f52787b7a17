//! Page furniture: what a page says about itself and to its visitor, not the article.
//!
//! Three tables by how sure a hit is: whole lines, beginnings, and words that must fill the line.

use std::sync::LazyLock;

use regex::Regex;

use super::width;

/// Why a line is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// Menus, bread crumbs, back and next.
    Navigation,
    /// Buttons: print, share, font size, like.
    Control,
    /// Counts of visits and comments, times of making the page.
    Counter,
    /// Customer service, telephone, codes to scan, subscriptions.
    Contact,
    /// Lists of other articles.
    Related,
    /// Copyright and licence lines of the site.
    Legal,
    /// Signs without meaning left by the page.
    Rubbish,
    /// The title or by-line once more.
    Repeated,
    /// By-line taken into the fields.
    Byline,
    /// What an account adds to every article it sends.
    Trailer,
    /// Advertising.
    Advertisement,
}

impl Reason {
    /// The reason in English and Chinese.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Navigation => ("navigation", "导航"),
            Self::Control => ("buttons", "按钮"),
            Self::Counter => ("counter", "计数"),
            Self::Contact => ("contact", "联系方式"),
            Self::Related => ("other articles", "其他文章"),
            Self::Legal => ("site notice", "网站声明"),
            Self::Rubbish => ("rubbish", "无意义符号"),
            Self::Repeated => ("repeated", "重复"),
            Self::Byline => ("by-line", "署名信息"),
            Self::Trailer => ("account trailer", "公众号尾部"),
            Self::Advertisement => ("advertisement", "广告"),
        }
    }
}

/// Words that are furniture when a line holds nothing else (spaces, signs and numbers apart).
const WORDS: &[(Reason, &[&str])] = &[
    (
        Reason::Navigation,
        &[
            "返回列表",
            "返回首页",
            "返回顶部",
            "返回上页",
            "返回上一页",
            "返回",
            "首页",
            "网站首页",
            "上一页",
            "下一页",
            "上一篇",
            "下一篇",
            "上一条",
            "下一条",
            "尾页",
            "网站地图",
            "当前位置",
            "您的位置",
            "您所在的位置",
            "正文",
            "目录",
            "导航",
            "菜单",
            "更多",
            "更多>>",
            "查看更多",
            "展开",
            "收起",
            "展开全文",
            "阅读全文",
            "点击查看全文",
            "继续阅读",
            "余下全文",
            "查看全文",
            "显示全部",
            "跳至内容",
            "跳到主要内容",
            "跳转到主要内容",
            "顶部",
            "回到顶部",
            "登录",
            "注册",
            "登录/注册",
            "退出",
            "搜索",
            "全站搜索",
            "English",
            "繁体",
            "简体",
            "繁體",
            "手机版",
            "无障碍",
            "回首頁",
            "上一則",
            "下一則",
            "回上頁",
            "無障礙",
            "繼續閱讀",
            "返回頂部",
            "Home",
            "Menu",
            "Search",
            "Skip to content",
            "Read more",
            "Back to top",
            "Previous",
            "Next",
            "上一章",
            "下一章",
            "新闻中心",
            "要闻",
            "目录导航",
            "长者模式",
            "无障碍浏览",
            "进入关怀版",
            "全文",
            "阅读原文",
            "閱讀原文",
        ],
    ),
    (
        Reason::Control,
        &[
            "发表于",
            "发布于",
            "编辑于",
            "更新于",
            "發表於",
            "發佈於",
            "打印本页",
            "打印本文",
            "打印",
            "打印文章",
            "关闭窗口",
            "关闭本页",
            "关闭",
            "分享",
            "分享到",
            "分享至",
            "微信",
            "微博",
            "新浪微博",
            "QQ空间",
            "QQ好友",
            "朋友圈",
            "复制链接",
            "收藏",
            "收藏本文",
            "加入收藏",
            "设为首页",
            "点赞",
            "赞",
            "踩",
            "喜欢",
            "不喜欢",
            "举报",
            "回复",
            "评论",
            "发表评论",
            "我要评论",
            "写评论",
            "转发",
            "推荐",
            "纠错",
            "字号",
            "字体",
            "大",
            "中",
            "小",
            "大字",
            "小字",
            "超大",
            "默认",
            "标准",
            "语音播报",
            "朗读",
            "播放",
            "暂停",
            "下载",
            "下载APP",
            "打开APP",
            "在看",
            "关注",
            "已关注",
            "取消关注",
            "订阅",
            "赞赏",
            "打赏",
            "喜欢作者",
            "听全文",
            "切换",
            "夜间模式",
            "字体大小",
            "列印",
            "友善列印",
            "轉寄",
            "轉貼",
            "複製連結",
            "關閉",
            "字級",
            "Share",
            "Print",
            "Like",
            "Comment",
            "Tweet",
            "LINE",
            "Facebook",
            "Twitter",
            "Weibo",
            "WeChat",
            "编辑",
            "发送",
            "提交",
            "取消",
            "确定",
            "抢沙发",
            "暂无评论",
            "登录后评论",
            "添加评论",
            "写下你的评论",
            "赞同",
            "反对",
            "感谢",
            "已赞同",
            "邀请回答",
            "写回答",
            "只看楼主",
            "只看该作者",
            "倒序浏览",
            "电梯直达",
            "楼主",
            "引用",
            "使用道具",
            "显示全部楼层",
            "加好友",
            "发消息",
            "评分",
        ],
    ),
    (
        Reason::Contact,
        &[
            "联系我们",
            "联系方式",
            "在线客服",
            "QQ客服",
            "微信客服",
            "电话咨询",
            "在线咨询",
            "微信扫码咨询",
            "微信扫描咨询客服",
            "关于我们",
            "加入我们",
            "人才招聘",
            "广告服务",
            "友情链接",
            "意见反馈",
            "投诉建议",
            "客服热线",
            "扫码下载",
            "客户端下载",
            "扫一扫",
            "扫码关注",
            "官方微信",
            "官方微博",
            "投稿",
            "我要投稿",
            "免责声明",
            "隐私政策",
            "版权声明",
            "服务条款",
            "法律声明",
            "聯絡我們",
            "關於我們",
            "隱私權政策",
            "网站声明",
            "常见问题",
            "微信公众号",
            "手机客户端",
            "掌上客户端",
        ],
    ),
    (
        Reason::Related,
        &[
            "相关阅读",
            "相关新闻",
            "相关文章",
            "相关推荐",
            "推荐阅读",
            "延伸阅读",
            "热门文章",
            "热门推荐",
            "热门新闻",
            "热点新闻",
            "最新文章",
            "最新新闻",
            "猜你喜欢",
            "大家都在看",
            "为你推荐",
            "更多精彩",
            "热门评论",
            "精彩评论",
            "网友评论",
            "最新评论",
            "全部评论",
            "随机文章",
            "图片新闻",
            "专题推荐",
            "精彩推荐",
            "热点推荐",
            "编辑推荐",
            "点击排行",
            "阅读排行",
            "新闻排行",
            "排行榜",
            "热门标签",
            "相關新聞",
            "延伸閱讀",
            "推薦閱讀",
            "熱門文章",
            "相關文章",
            "Related Posts",
            "Related posts",
            "You may also like",
            "Leave a Reply",
            "Recent Posts",
            "往期回顾",
            "往期推荐",
            "往期精选",
            "更多回答",
            "24小时热文",
            "相关链接",
            "推荐文章",
            "您可能感兴趣的内容",
            "为您推荐",
            "被浏览",
            "关注者",
            "相关报道",
            "本周热门",
            "热榜",
        ],
    ),
    (
        Reason::Advertisement,
        &["广告", "廣告", "推广", "赞助内容", "Advertisement", "Sponsored", "ADVERTISEMENT"],
    ),
];

/// Beginnings of lines that are furniture however they go on, in a line that is no sentence.
const BEGINNINGS: &[(Reason, &[&str])] = &[
    (
        Reason::Navigation,
        &[
            "上一篇",
            "下一篇",
            "上一条",
            "下一条",
            "<上一篇",
            "当前位置",
            "您的位置",
            "您现在的位置",
            "您所在的位置",
            "现在位置",
            "首页>",
            "首页 >",
            "首页»",
            "首页 »",
            "首页›",
            "首页 ›",
            "首页 /",
            "首页/",
            "位置：",
            "位置:",
            "上一則",
            "下一則",
            "目前位置",
            "首頁 >",
            "首頁>",
            "上一页：",
            "下一页：",
            "您當前的位置",
            "您当前的位置",
            "所在位置",
            "前一篇",
            "后一篇",
            "Previous:",
            "Next:",
            "Previous post",
            "Next post",
            "← ",
            "本文目录",
        ],
    ),
    (
        Reason::Control,
        &[
            "分享到",
            "分享至",
            "字号：",
            "字体：",
            "字号:",
            "【字体",
            "[字体",
            "【字号",
            "【打印",
            "[打印",
            "【关闭",
            "【大 中 小】",
            "打印本",
            "用微信扫描",
            "用微信扫",
            "收藏本",
            "点击收听",
            "责任编辑纠错",
            "点击播报本文",
            "分享文章到",
            "分享让更多人看到",
            "登录后",
            "已有",
        ],
    ),
    (
        Reason::Contact,
        &[
            "微信扫",
            "扫一扫",
            "扫描二维码",
            "扫码",
            "QQ客服",
            "客服QQ",
            "客服电话",
            "咨询电话",
            "联系电话",
            "联系QQ",
            "热线电话",
            "投稿邮箱",
            "新闻热线",
            "点击这里咨询",
            "加微信",
            "QQ群",
            "官方QQ",
            "地址：",
            "邮编：",
            "电话：",
            "传真：",
            "E-mail",
            "Email:",
            "技术支持",
            "主办单位",
            "承办单位",
            "主办：",
            "承办：",
            "网站标识码",
            "建议使用",
            "举报电话",
            "违法和不良信息",
        ],
    ),
    (
        Reason::Related,
        &[
            "相关阅读",
            "相关新闻",
            "相关文章",
            "推荐阅读",
            "延伸阅读",
            "热门推荐",
            "相关链接",
            "猜你喜欢",
            "延伸閱讀",
            "相關新聞",
            "更多相关",
            "更多精彩",
            "查看更多",
            "最新评论",
            "网友评论",
            "标签：",
            "标签:",
            "本文标签",
            "Tags:",
            "关键词：",
            "上一主题",
            "下一主题",
            "专题：",
        ],
    ),
    (
        Reason::Legal,
        &[
            "版权声明",
            "版权所有",
            "免责声明",
            "声明：",
            "特别声明",
            "郑重声明",
            "本网声明",
            "转载请注明",
            "未经授权",
            "未经许可",
            "Copyright",
            "copyright",
            "©",
            "ICP",
            "备案号",
            "京ICP",
            "沪ICP",
            "粤ICP",
            "凡本网注明",
            "凡注明",
            "本文为",
            "著作权归",
            "著作權",
            "本文仅代表",
            "以上内容仅代表",
            "文章仅代表",
            "本站所有",
            "本站文章",
            "互联网新闻信息服务许可证",
            "All Rights Reserved",
            "All rights reserved",
            "Powered by",
            "本作品采用",
            "本文采用",
            "除非注明",
            "版權所有",
            "編輯於",
            "发布于 ",
            "编辑于 ",
            "本文由",
            "未經",
            "知识共享",
            "原文链接",
            "本文链接",
            "本文地址",
            "文章链接",
            "侵权",
            "如有侵权",
            "图片来源网络",
            "Proudly powered",
            "中国互联网举报中心",
        ],
    ),
    (
        Reason::Trailer,
        &[
            "长按识别",
            "长按二维码",
            "长按下方",
            "点击上方",
            "点击下方",
            "点击蓝字",
            "点击关注",
            "点赞、在看",
            "点个在看",
            "喜欢就",
            "喜欢本文",
            "觉得不错",
            "如果觉得",
            "关注我们",
            "关注公众号",
            "欢迎关注",
            "扫码关注",
            "欢迎转发",
            "欢迎分享",
            "戳这里",
            "点击“阅读原文”",
            "点击阅读原文",
            "↓↓↓",
            "▼",
            "▽",
            "- END -",
            "—END—",
            "END",
            "-END-",
            "— END —",
            "The End",
            "点击左下角",
            "点分享",
            "点点赞",
            "请点个",
            "分享、点赞",
            "转发给",
            "投稿请",
            "商务合作",
            "加小编",
            "微信号：",
            "微信号:",
            "微信ID",
            "功能介绍",
        ],
    ),
    (Reason::Advertisement, &["广告", "本文含广告", "推广："]),
];

/// Shapes of furniture.
static SHAPES: LazyLock<Vec<(Reason, Regex)>> = LazyLock::new(|| {
    [
        (Reason::Counter, r"^(?:\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+)(?:\s*(?:万|次|人|条|评论|阅读|浏览|赞|回复|k|K|ms|s|秒|views|comments?|likes?))?\+?$"),
        (Reason::Counter, r"^(?:浏览|阅读|点击|访问|评论|点赞|人气|热度|阅读量|浏览量|访问量|点击数|已有|共有?|本文共)[\s:：(（]*\d[\d,.万+]*[\s)）]*(?:次|人|条|人阅读|次阅读|人参与|条评论|个字|字)?"),
        (Reason::Counter, r"^\d[\d,.万+]*\s*(?:人|次|条|个)?\s*(?:赞同|评论|阅读|浏览|点赞|在看|收藏|回复|关注|分享|回答|喜欢|转发|访问|参与|看过|次播放)[^。]{0,12}$"),
        (Reason::Counter, r"(?i)^processed in [\d.]+|^页面执行时间|^执行时间|^gmt[+-]\d|^查询次数"),
        (Reason::Rubbish, r"^[\s?？·•|｜/\\\-_=~*#+<>《》【】\[\]()（）.。,，:：;；!！'\u{201C}\u{201D}»«›‹→←↑↓▲▼◆◇■□●○★☆…—\u{FFFD}\u{E000}-\u{F8FF}]+$"),
        (Reason::Contact, r"^[•·\-*\s]*.{0,12}(?:点击这里|点此|点我)(?:咨询|联系|留言|报名).{0,12}$"),
        (Reason::Contact, r"^(?:[\p{Han}]{0,6}(?:电话|热线|手机|传真|邮箱|QQ|微信))\s*[:：]?\s*[\d\-+()（） @a-zA-Z._]{6,}"),
        (Reason::Control, r"^(?:[大中小]\s*[|｜/\s]?\s*){2,3}(?:打印|关闭|分享)?$"),
        (Reason::Control, r"^\[?[A-Za-z0-9]{0,3}\]?(?:T\|T|Aa?[+-]|A\s*A\s*A?)$"),
        (Reason::Legal, r"(?:ICP[备证]|公网安备|网安备|许可证[号：:]|版权所有|All Rights Reserved|©\s*\d{4})"),
        (Reason::Navigation, r"^[^。，]{1,12}(?:\s*(?:>|›|»|→|＞|/)\s*[^。，>›»＞]{1,16}){1,5}(?:\s*(?:>|›|»|＞))?$"),
        (Reason::Navigation, r"(?:上一篇|下一篇|上一条|下一条)[:：].*(?:下一篇|上一篇|上一条|下一条|没有了)"),
        (Reason::Navigation, r"^(?:第?\s*\d+\s*页?|共\s*\d+\s*页|\[?\d+\]?)(?:\s+(?:\[?\d+\]?|\.{3}|…|下一页|上一页|尾页|末页|首页|共\s*\d+\s*页))+$"),
        (Reason::Trailer, r"^[-—–=*\s]*(?:END|End|完|全文完|本文完)[-—–=*\s]*$"),
    ]
    .into_iter()
    .filter_map(|(reason, shape)| Regex::new(shape).ok().map(|shape| (reason, shape)))
    .collect()
});

/// Widest line that a beginning can condemn; longer ones are text. In Han characters.
const WIDEST: usize = 90;

/// Why a line is furniture, and how sure it is (0 to 1); `None` for text.
pub(crate) fn judge(line: &str) -> Option<(Reason, f32)> {
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.is_empty() {
        return Some((
            Reason::Rubbish,
            if line.chars().all(|c| "—-*=_ ·•".contains(c)) { 0.5 } else { 0.9 },
        ));
    }
    for (reason, words) in WORDS {
        if words.contains(&bare) || words.contains(&line) {
            // 大 and 中 alone are rather a slip of the pen than an article's word
            return Some((*reason, if bare.chars().count() == 1 { 0.6 } else { 0.95 }));
        }
    }
    let long = width(line);
    if long > WIDEST {
        return None;
    }
    for (reason, shape) in SHAPES.iter() {
        if shape.is_match(line) && (long <= 50 || *reason == Reason::Legal) {
            let is_number = *reason == Reason::Counter && bare.chars().all(|c| c.is_ascii_digit());
            return Some((
                *reason,
                if is_number || *reason == Reason::Rubbish { 0.6 } else { 0.85 },
            ));
        }
    }
    for (reason, beginnings) in BEGINNINGS {
        let stripped = line.trim_start_matches([
            '•', '·', '*', '-', ' ', '【', '[', '▲', '◆', '■', '●', '(', '（', '※', '\u{3000}',
        ]);
        if beginnings.iter().any(|b| stripped.starts_with(b) || line.starts_with(b)) {
            let is_sentence = super::ends_sentence(line) && long > 30;
            let sure = match reason {
                Reason::Legal if long > 6 => 0.75,
                _ if is_sentence => 0.4,
                _ if long <= 30 => 0.8,
                _ => 0.6,
            };
            return Some((*reason, sure));
        }
    }
    // several furniture words in a row: 首页 新闻 关于我们 登录
    let parts: Vec<&str> = line
        .split([' ', '\u{3000}', '|', '｜', '/', '\t', '\u{A0}', '>', '»', '·'])
        .filter(|p| !p.is_empty())
        .collect();
    if parts.len() >= 2 {
        let known = parts.iter().filter(|p| is_word(p)).count();
        if known * 2 > parts.len() {
            return Some((Reason::Navigation, 0.8));
        }
    }
    None
}

fn is_word(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    bare.is_empty()
        || WORDS.iter().any(|(_, words)| words.contains(&bare) && bare.chars().count() > 1)
        || bare.chars().all(|c| c.is_ascii_digit())
        || ["大", "中", "小"].contains(&bare)
}

/// A line without the furniture words in it: what stays of 2022-11-26 打印 关闭.
pub(crate) fn without(line: &str) -> String {
    let keep: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || "|｜".contains(c))
        .map(|part| {
            part.trim_matches(['【', '】', '[', ']', '(', ')', '（', '）', ':', '：', '<', '>'])
        })
        .filter(|part| !part.is_empty() && !is_word(part))
        .collect();
    keep.join("  ")
}

/// Whether everything after such a line at the end of a page is furniture too.
pub(crate) fn opens_tail(line: &str) -> bool {
    matches!(
        judge(line),
        Some((Reason::Related | Reason::Contact, sure)) if sure >= 0.75
    ) || line.contains("上一篇") && judge(line).is_some()
        || line.contains("下一篇") && judge(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_is_told_from_text() {
        for line in [
            "返回列表",
            "浏览：938",
            "?",
            "<上一篇:某标题下一篇:另一标题>",
            "联系我们",
            "• 微信扫码咨询",
            "• 陈老师 点击这里咨询陈老师",
            "首页 > 新闻 > 正文",
            "【打印】【关闭】",
            "分享到：微信 微博",
            "京ICP备00000000号",
            "阅读 1.2万",
            "12人赞同了该回答",
            "大 中 小",
            "▼",
            "长按识别二维码，关注我们",
        ] {
            assert!(judge(line).is_some_and(|(_, sure)| sure >= 0.6), "{line}: {:?}", judge(line));
        }
        for line in [
            "2022年，全市新增绿地三百公顷。",
            "微信扫码的人很多，他站在队尾，看着前面的人一个个走进门去，直到天色暗下来。",
            "大变局时代全球互联网发展治理呼唤新平台",
            "图1 桥头的集市",
            "一、总体要求",
        ] {
            assert!(judge(line).is_none_or(|(_, sure)| sure < 0.6), "{line}: {:?}", judge(line));
        }
    }
}
