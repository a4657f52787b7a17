#!/usr/bin/env python3
"""Makes the import goldens: our own texts in the structures that pages have.

Writes the inputs beside this file and expected.json, what a reader would say of each.
Run it again after a change here; the test reads only what it wrote.
"""
import io, json, pathlib, zipfile
HERE = pathlib.Path(__file__).parent
TEXTS = [
 ("江南水乡的早市", "沈秋白", "2021-03-04", "水乡周刊", [
  "清晨五点，桥头的灯还没有熄，卖豆腐的老人已经把担子放在石阶旁边，掀开盖在上面的湿布，热气便一下子冒了出来。",
  "早市只开两个时辰，来的多是附近的住户。他们提着竹篮，一边挑菜一边说话，谁家的孩子要上学了，谁家的屋顶该修了，都在这里传开。",
  "近几年，镇上修了新的集市，有棚有水，也有人打扫，可是许多人仍旧愿意到桥头来，说这里的菜带着露水，话也带着人情。",
  "到了七点，太阳照到水面上，担子一副一副地散去，只剩下几片菜叶漂在河里，像是谁写了一半的信。"]),
 ("山村小学的三十年", "何田", "2019-09-10", "教育之窗", [
  "三十年前，这所小学只有一间土屋和两名教师，学生要自己带凳子来上课，冬天还得轮流捡柴生火。",
  "老校长说，最难的不是没有桌椅，而是春耕的时候孩子们都回家帮忙，教室里常常只剩下一半的人。",
  "后来通了公路，县里派来了年轻的教师，他们带来了风琴、地球仪和一台旧电脑，孩子们第一次看见了大海的照片。",
  "如今学校有了三层的新楼，但老校长仍然保留着那间土屋，他说每年开学都要带新生去看一看。"]),
 ("城市河流治理的经验与启示", "周明远", "2023-06-18", "环境与发展", [
  "一条河流的治理，往往要经过截污、清淤、补水和修复四个阶段，任何一个阶段做得不够，水质都会反复。",
  "调查显示，治理后的河段水生植物种类增加了一倍以上，沿岸居民的满意度也由不足四成上升到八成左右。",
  "值得注意的是，资金投入并不是决定成败的唯一因素，长期的监测和公众的参与同样重要，许多河流正是因为无人看管而再度变黑。",
  "因此，应当建立由社区、学校和企业共同参加的看护制度，让每一段河岸都有人负责，让每一次排放都有据可查。"]),
 ("古琴修复师的手艺", "林砚", "2020-12-01", "手艺人", [
  "修一张古琴，短则半年，长则三年。林师傅的工作台上没有一件电动工具，只有刨子、锉刀和几罐生漆。",
  "他说修琴最要紧的是听，轻轻敲一敲面板，听它哪里空、哪里实，裂纹走到了什么地方，心里便有了数。",
  "灰胎要一层一层地补，每补一层都要等它干透，急不得。漆面的断纹是岁月留下来的，能留就留，不能当作毛病磨掉。",
  "前来学艺的年轻人不少，留下来的只有两个。林师傅并不着急，他说琴等得起，人也就等得起。"]),
 ("數位時代的閱讀習慣", "張雅文", "2022-05-08", "讀書月刊", [
  "過去十年，人們的閱讀方式發生了很大的變化，手機成為最常用的閱讀工具，紙本書則退居案頭與床邊。",
  "有人擔心碎片化的閱讀會使人失去專注的能力，也有人認為這只是閱讀的另一種形式，重要的是讀什麼而不是用什麼讀。",
  "一項針對大學生的調查發現，同時使用兩種媒介的讀者，對內容的記憶往往比只使用一種媒介的讀者更為長久。",
  "或許我們應該做的不是選擇其中之一，而是學會在不同的時間裡，用不同的方式與文字相處。"]),
]
def P(t): return "".join(f"<p>{x}</p>\n" for x in t)
def PP(t): return "".join(f"<p>　　{x}</p>\n" for x in t)
FOOT = '<div class="footer"><p>关于我们 | 联系我们 | 版权声明</p><p>版权所有 示例网 京ICP备00000000号</p></div>'
NAV = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/a">新闻</a></li><li><a href="/b">专题</a></li><li><a href="/c">视频</a></li></ul></div>'
REL = '<div class="related"><h3>相关阅读</h3><ul>' + "".join(f'<li><a href="/r{i}">另一篇文章的标题第{i}号在这里</a></li>' for i in range(8)) + '</ul></div>'
def page(head, body, charset="utf-8"): return f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="{charset}">{head}</head><body>{body}</body></html>'
cases = []
def add(name, k, data, enc="utf-8", title=None, author=True, date=True, extra=()):
    t, a, d, s, body = TEXTS[k]
    b = data(t, a, d, s, body) if callable(data) else data
    raw = b if isinstance(b, bytes) else b.encode(enc, "xmlcharrefreplace")
    (HERE / name).write_bytes(raw)
    cases.append({"file": name, "title": title or t, "author": a if author else None, "date": d if date else None, "body": list(body) + list(extra)})
def cn(d): y, m, dd = d.split("-"); return f"{y}年{m}月{dd}日"
def j(d): return json.dumps(d, ensure_ascii=False)
# scraped text
add("01-scraped-list-page.txt", 0, lambda t,a,d,s,b: f"{t}\n 日期：{d}   浏览：12   来源：{s}  返回列表\n\n作者：{a}\n\n" + "\n\n".join(b) + "\n\n<上一篇:另一篇下一篇:再一篇>\n联系我们\n• 微信扫码咨询\n")
add("02-scraped-gov.txt", 2, lambda t,a,d,s,b: f"首页 > 政务公开 > 正文\n{t}\n发布时间：{cn(d)} 09:30 来源：{s} 作者：{a} 字号：大 中 小\n" + "\n".join("　　"+x for x in b) + "\n【打印本页】【关闭窗口】\n主办单位：示例市人民政府\n网站标识码：0000000000\n")
add("03-scraped-headings.txt", 2, lambda t,a,d,s,b: f"{t}\n{a}\n{d} {s}网\n\n一、治理的四个阶段\n{b[0]}\n{b[1]}\n二、资金之外的因素\n{b[2]}\n{b[3]}\n相关阅读\n另一篇文章\n", extra=("一、治理的四个阶段","二、资金之外的因素"))
def wrap(x, n=30): return "\n".join(x[i:i+n] for i in range(0, len(x), n))
add("04-wrapped.txt", 1, lambda t,a,d,s,b: f"{t}\n\n作者：{a}\n日期：{d}\n\n" + "\n\n".join(wrap(x) for x in b) + "\n")
add("05-person-title.txt", 3, lambda t,a,d,s,b: f"{a}：{t}\n{d} 08:00 来源：{s}\n\n编者按：手艺在人，人在时间里。\n\n{t}\n\n{a}\n\n" + "\n\n".join(b) + "\n\n责任编辑：何田\n")
add("06-gb18030.txt", 0, lambda t,a,d,s,b: f"{t}\n作者：{a} 来源：{s} 时间：{d}\n\n" + "\n\n".join(b), enc="gb18030")
add("07-big5.txt", 4, lambda t,a,d,s,b: f"{t}\n作者：{a} 日期：{d}\n\n" + "\n\n".join(b), enc="big5")
add("08-utf16.txt", 1, lambda t,a,d,s,b: (f"{t}\n作者：{a} 日期：{d}\n\n" + "\n\n".join(b)).encode("utf-16"))
# news sites
add("09-portal-news.html", 2, lambda t,a,d,s,b: page(f"<title>{t}--示例网</title><meta name=author content='{a}'>", NAV+f'<div class="path"><a href="/">首页</a> &gt; <a href="/n">环保</a></div><div class="col"><h1>{t}</h1><div class="channel"><div>{cn(d)}08:15 | 来源：<a href="/s">{s}</a></div></div><div class="rm_txt_con cf">{PP(b)}<div class="edit">(责编：何田)</div></div></div>'+REL+FOOT))
add("10-agency.html", 0, lambda t,a,d,s,b: page(f"<title>{t}-示例社</title><meta name=publishdate content='{d}'>", NAV+f'<div class="header"><div class="title">{t}</div><span class="info">{d} 10:20:30 来源：{s} 作者：{a}</span></div><div id="detail"><div id="detailContent">{PP(b)}<p>【纠错】</p></div></div>'+FOOT))
add("11-gov-meta.html", 2, lambda t,a,d,s,b: page(f'<title>{t}_示例市人民政府</title><meta name="ArticleTitle" content="{t}"><meta name="PubDate" content="{d} 09:00"><meta name="ContentSource" content="{s}"><meta name="Author" content="{a}">', NAV+f'<div class="xl-box"><h2>{t}</h2><div class="TRS_Editor">{PP(b)}</div><div class="share">分享到：微信 微博</div></div>'+FOOT))
add("12-gb2312-table.html", 1, lambda t,a,d,s,b: page(f"<title>{t}</title>", f'<table width=100%><tr><td><a href=/>首页</a></td></tr></table><table align=center><tr><td align=center><b>{t}</b></td></tr><tr><td align=center>作者：{a} 发布时间：{d} 点击数：99</td></tr><tr><td>'+"<br><br>".join("&nbsp;&nbsp;&nbsp;&nbsp;"+x for x in b)+"</td></tr></table>"+FOOT, "gb2312"), enc="gb18030")
add("13-big5.html", 4, lambda t,a,d,s,b: page(f"<title>{t} | {s}</title>", f"<h1>{t}</h1><p>記者{a}／報導　{d}</p><article>{P(b)}</article>", "big5"), enc="big5")
add("14-jsonld.html", 3, lambda t,a,d,s,b: page(f'<title>{t} - {s}</title><script type="application/ld+json">{j({"@context":"https://schema.org","@type":"NewsArticle","headline":t,"datePublished":d+"T08:00:00+08:00","author":{"@type":"Person","name":a},"publisher":{"@type":"Organization","name":s}})}</script>', NAV+f"<main><article><h1>{t}</h1>{P(b)}</article></main>"+REL+FOOT))
add("15-opengraph.html", 0, lambda t,a,d,s,b: page(f'<meta property="og:title" content="{t}"><meta property="article:published_time" content="{d}T00:00:00Z"><meta property="article:author" content="{a}"><meta property="og:site_name" content="{s}">', NAV+f'<div id="wrap"><div class="a1b2">{P(b)}</div></div>'+REL+FOOT))
# blogs
add("16-wordpress.html", 3, lambda t,a,d,s,b: page(f"<title>{t} – {s}</title>", f'<article class="post hentry"><header class="entry-header"><h1 class="entry-title">{t}</h1><div class="entry-meta"><span class="posted-on"><time class="entry-date published" datetime="{d}T10:00:00+08:00">{d}</time></span><span class="byline"> 作者：<span class="author vcard"><a class="url fn n" href="/a">{a}</a></span></span></div></header><div class="entry-content">{P(b)}<div class="sharedaddy"><h3>分享到：</h3></div></div></article><div id="comments"><h2>2条评论</h2><ol><li>写得真好，谢谢分享。</li></ol></div>'+FOOT))
add("17-hexo.html", 1, lambda t,a,d,s,b: page(f"<title>{t} | {s}</title><meta name=author content='{a}'>", f'<div class="post-block"><h1 class="post-title">{t}</h1><div class="post-meta"><span>发表于</span><time itemprop="dateCreated datePublished" datetime="{d}T00:00:00+08:00">{d}</time><span>字数统计：520</span></div><div class="post-body">{P(b)}</div><footer class="post-footer"><div class="post-nav"><a href=/x>上一篇旧文</a></div></footer></div>'))
add("18-account.html", 0, lambda t,a,d,s,b: page(f'<meta property="og:title" content="{t}" /><meta name="author" content="{a}" />', f'<div id="img-content" class="rich_media_wrp"><h1 class="rich_media_title" id="activity-name">{t}</h1><div id="meta_content"><span class="rich_media_meta_text">{a}</span><a id="js_name">{s}</a><em id="publish_time"></em></div><div class="rich_media_content" id="js_content" style="visibility: hidden;"><section><p style="text-align:center">点击上方蓝字关注我们</p></section>'+"".join(f"<section><p><span style='font-size:15px'>{x}</span></p></section>" for x in b[:2])+'<p><img data-src="https://example.org/a.jpg" data-w="800"></p>'+"".join(f"<section><p><span>{x}</span></p></section>" for x in b[2:])+f'<p>长按识别二维码，关注我们</p></div></div><script>var ct = "{1614816000}";</script>'))
add("19-answer.html", 3, lambda t,a,d,s,b: page(f"<title>{t} - 知识问答</title>", f'<h1 class="QuestionHeader-title">{t}</h1><div class="AnswerItem"><div class="AuthorInfo"><meta itemprop="name" content="{a}"><span class="AuthorInfo-name">{a}</span></div><div>12 人赞同了该回答</div><div class="RichContent-inner"><span class="RichText">{P(b)}</span></div><div class="ContentItem-time">发布于 {d} 12:00</div><button>赞同 12</button></div>'+REL))
add("20-forum.html", 1, lambda t,a,d,s,b: page(f"<title>{t} - 示例论坛</title>", f'<div id="postlist"><h1 id="thread_subject">{t}</h1><div class="authi"><a class="xw1">{a}</a><em>发表于 {d} 20:15</em></div><table><tr><td class="t_f" id="postmessage_1">'+"<br />\n<br />\n".join(b)+'</td></tr></table><div class="plc">回复 举报</div><table><tr><td class="t_f" id="postmessage_2">谢谢楼主分享！</td></tr></table></div>'))
# structures
add("21-fake-headings.html", 2, lambda t,a,d,s,b: page(f"<title>{t}</title>", f"<div class='article-content'><h1>{t}</h1><p>作者：{a} {d}</p><p><strong>一、治理的四个阶段</strong></p>{P(b[:2])}<p><strong>二、资金之外的因素</strong></p>{P(b[2:])}</div>"), extra=("一、治理的四个阶段","二、资金之外的因素"))
add("22-lazy-figures.html", 0, lambda t,a,d,s,b: page(f"<title>{t}</title>", f'<div class="post-content"><h1>{t}</h1><p>文/{a}　{d}</p>{P(b[:2])}<p style="text-align:center"><img src="loading.gif" data-original="https://example.org/p/1.jpg"></p><p style="text-align:center">图为桥头的早市。沈秋白摄</p>{P(b[2:])}</div>'), extra=("图为桥头的早市。沈秋白摄",))
add("23-divs-only.html", 3, lambda t,a,d,s,b: page(f"<title>{t}_{s}</title>", NAV+f"<div class=x><div class=y>{t}</div><div class=z>作者：{a}&nbsp;&nbsp;时间：{d}</div><div class=w>"+"".join(f"<div>{x}</div>" for x in b)+"</div></div>"+REL+FOOT))
add("24-footnotes.html", 2, lambda t,a,d,s,b: page(f"<title>{t}</title>", f'<article><h1>{t}</h1><p>{a} · {d}</p><p>{b[0]}<sup id="r1"><a href="#fn1">1</a></sup></p>{P(b[1:])}<ol class="footnotes"><li id="fn1">见《河流手册》第三章。<a href="#r1">↩</a></li></ol></article>'), extra=("见《河流手册》第三章。",))
add("25-ruby-list-quote.html", 1, lambda t,a,d,s,b: page(f"<title>{t}</title>", f'<article><h1>{t}</h1><div class=meta>作者：{a} | {d}</div>{P(b[:2])}<blockquote><p>读书要从认字开始。</p></blockquote><ul><li>风琴</li><li>地球仪</li></ul><p><ruby>山<rp>(</rp><rt>shān</rt><rp>)</rp></ruby>中无事，唯有书声，孩子们念得很慢。</p>{P(b[2:])}</article>'), extra=("读书要从认字开始。","风琴","地球仪","山中无事，唯有书声，孩子们念得很慢。"))
add("26-reprint-notice.html", 3, lambda t,a,d,s,b: page(f"<title>{t}</title>", f'<div id="content"><h1>{t}</h1><p class="info">{d}　来源：{s}　作者：{a}</p>{P(b)}<p>（来源：{s}）</p><p>版权声明：本网所有内容未经许可不得转载。</p></div>'+FOOT))
add("27-unknown-names.html", 0, lambda t,a,d,s,b: page(f"<title>{t}</title>", NAV+f'<div class="css-1x"><div class="css-2y"><h2>{t}</h2><div><span>{a}</span> <span>{d}</span></div><div class="css-3z">{P(b)}</div></div><div class="css-9"><a href=/1>别的新闻一条</a><a href=/2>别的新闻两条</a></div></div>'+FOOT))
add("28-english-meta.html", 2, lambda t,a,d,s,b: page(f'<title>{t}</title><meta name="citation_author" content="{a}"><meta name="citation_publication_date" content="{d.replace("-","/")}">', f"<main><h1>{t}</h1>{P(b)}</main>"))
add("29-read-more.html", 3, lambda t,a,d,s,b: page(f"<title>{t}</title>", f'<div class="article-body"><h1>{t}</h1><div>{a}　{cn(d)}</div>{P(b[:2])}<p><a href="#">展开全文</a></p>{P(b[2:])}</div><div class="hot-rank"><h4>热门文章</h4></div>'))
add("30-source-only.html", 1, lambda t,a,d,s,b: page(f"<title>{t}</title>", f"<article><h1>{t}</h1><p>来源：{s}　{d}</p>{P(b)}<p>（作者：{a}，系山村小学校长）</p></article>"))
add("31-dispatch.html", 2, lambda t,a,d,s,b: page(f"<title>{t}</title>", f"<div class='news-content'><h1>{t}</h1><p>{d} 07:00</p><p>示例报6月18日电（记者{a}）{b[0]}</p>{P(b[1:])}</div>"))
add("32-utf8-wrong-charset.html", 0, lambda t,a,d,s,b: page(f"<title>{t}</title>", f"<article><h1>{t}</h1><p>作者：{a} 日期：{d}</p>{P(b)}</article>", "gb2312"))
add("33-roc-date.html", 4, lambda t,a,d,s,b: page(f"<title>{t}</title>", f"<article><h1>{t}</h1><p>作者：{a}　民國111年5月8日</p>{P(b)}</article>"))
# markdown
add("34-hexo.md", 0, lambda t,a,d,s,b: f"---\ntitle: {t}\nauthor: {a}\ndate: {d} 10:00:00\ntags: [水乡]\ncategories: 随笔\ncover: /img/a.jpg\nsome_theme_field: true\n---\n\n" + "\n\n".join(b[:1]) + "\n\n<!-- more -->\n\n" + "\n\n".join(b[1:]) + "\n")
add("35-hugo.md", 2, lambda t,a,d,s,b: f'+++\ntitle = "{t}"\nauthor = "{a}"\ndate = "{d}T10:00:00+08:00"\ndraft = false\n+++\n\n' + "\n\n".join(b) + "\n")
add("36-admonition.md", 3, lambda t,a,d,s,b: f"---\ntitle: {t}\nauthor: {a}\ndate: {d}\n---\n\n{b[0]}\n\n!!! note\n    生漆会使人过敏。\n\n" + "\n\n".join(b[1:]) + "\n", extra=("生漆会使人过敏。",))
# containers
def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for n, c in files:
            z.writestr(zipfile.ZipInfo(n, (2020, 1, 1, 0, 0, 0)), c)
    return out.getvalue()
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
add("37-word.docx", 1, lambda t,a,d,s,b: zipped([("[Content_Types].xml","<Types/>"),("word/styles.xml",f'<w:styles {W}><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="T"><w:name w:val="Title"/></w:style></w:styles>'),("word/document.xml",f'<w:document {W}><w:body><w:p><w:pPr><w:pStyle w:val="T"/></w:pPr><w:r><w:t>{t}</w:t></w:r></w:p><w:p><w:r><w:t>作者：{a}　{d}</w:t></w:r></w:p>'+"".join(f"<w:p><w:r><w:t>{x[:9]}</w:t></w:r><w:r><w:t>{x[9:]}</w:t></w:r></w:p>" for x in b)+"</w:body></w:document>")]))
add("38-book.epub", 3, lambda t,a,d,s,b: zipped([("mimetype","application/epub+zip"),("META-INF/container.xml",'<container><rootfiles><rootfile full-path="O/c.opf"/></rootfiles></container>'),("O/c.opf",f'<package xmlns:dc="x"><metadata><dc:title>手艺集</dc:title><dc:creator>{a}</dc:creator><dc:language>zh-CN</dc:language></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'),("O/a.xhtml",f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><h1>{t}</h1>{P(b)}</body></html>')]), author=False, date=False)
add("39-feed.xml", 0, lambda t,a,d,s,b: f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{s}</title><link>https://example.org/</link><description>x</description><item><title>{t}</title><link>https://example.org/1</link><dc:creator>{a}</dc:creator><pubDate>Thu, 04 Mar 2021 02:00:00 GMT</pubDate><content:encoded><![CDATA[{P(b)}]]></content:encoded></item></channel></rss>')
add("40-wallabag.json", 2, lambda t,a,d,s,b: j([{"title":t,"url":"https://example.org/1","content":P(b),"published_at":d+"T00:00:00+0800","published_by":[a],"domain_name":"example.org","tags":["河流"],"is_archived":0}]))
add("41-jsonfeed.json", 3, lambda t,a,d,s,b: j({"version":"https://jsonfeed.org/version/1.1","title":s,"items":[{"id":"1","url":"https://example.org/1","title":t,"content_html":P(b),"date_published":d+"T08:00:00+08:00","authors":[{"name":a}]}]}))
add("42-atom.xml", 1, lambda t,a,d,s,b: f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{s}</title><id>x</id><updated>{d}T02:00:00Z</updated><entry><title>{t}</title><id>y</id><published>{d}T02:00:00Z</published><updated>{d}T02:00:00Z</updated><author><name>{a}</name></author><content type="html">{P(b).replace("<","&lt;")}</content></entry></feed>')
(HERE / "expected.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n")
