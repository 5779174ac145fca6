package story

import (
	"html"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// entry returns an entry with the lines of a text as its paragraphs.
func entry(outlet, title, text string) feeds.Entry {
	return telling{header: map[string]string{"title": title, "outlet": outlet}, paragraphs: strings.Split(text, "\n")}.entry()
}

const article = `青川农商行近日在沙州镇设立的“茶农服务站”开门迎客，当天为42户茶农办理贷款186万元，平均每户等候不到二十分钟。
站长何秀英介绍，春茶采摘期只有四十多天，茶农雇工、收青、烘干样样要现钱，往年为一笔三五万元的贷款要跑两趟县城。
该行今年把授信审批权限下放到镇，单户30万元以内当天放款，利率4.1%，比上年下调0.35个百分点。`

func TestMarksStayTheSame(t *testing.T) {
	got := New(entry("广元日报", "茶农服务站开门", article)).Marks()
	want := []int64{
		23660727157934839, 208679190584205340, 213699081555002440, 378402005523571178, 676271368694801479, 703492603282551303,
		841488924502075739, 946586960208660087, 957168978367699749, 1059173558992386459, 1205073192276302349, 1756796942717311185,
		2052054190100799613, 2089856625260513079, 2188713499523721603, 2257599508055202164,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("marks that stores hold are found no more -want +got\n%s", diff)
	}
}

func TestMarks(t *testing.T) {
	for _, c := range []struct {
		name, title, text string
		marks             int
	}{
		{"nothing", "", "", 0},
		{"a short title alone", "今日猪价", "", 0},
		{"a title alone", "青川农商行茶农服务站开门迎客", "", 1},
		{"a title repeated as the body", "青川农商行茶农服务站开门迎客", "青川农商行茶农服务站开门迎客", 1},
		{"a title in brackets alone", "【青川农商行茶农服务站开门迎客】", "", 1},
		{"a few words", "青川农商行茶农服务站开门迎客", "点击查看全文", 1},
		{"boilerplate alone", "图片新闻", "来源：农金网\n（责任编辑：石磊）", 0},
		{"an article", "茶农服务站开门", article, maxMarks},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := New(entry("农金网", c.title, c.text))
			if got := len(p.Marks()); got != c.marks {
				t.Errorf("%d marks and not %d", got, c.marks)
			}
			if same := Same(p, p); same != (c.marks > 0) {
				t.Errorf("Same with itself is %v, with %d marks", same, c.marks)
			}
		})
	}
}

func TestNormal(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"ＬＰＲ为３．０％，", "lpr为3"},
		{"“农商行”、「农信社」", "农商行农信社"},
		{"1,234,567.80元", "1234567.8元"},
		{"价格 10,20,30 元", "价格10 20 30元"},
		{"2025,100户", "2025 100户"},
		{"08:05开盘", "8 5开盘"},
		{"18万元", "180000元"},
		{"3.25 万户", "32500户"},
		{"1.03万亿元", "1030000000000元"},
		{"三十七套、一百零五户、十五年、二百五十万元", "37套105户15年2500000元"},
		{"十分重要，一百千家，万一", "十分重要100千家万一"},
		{"二〇二五年", "二〇二五年"},
		{"上涨.5", "上涨5"},
	} {
		if got := normal(c.text); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestUnframed(t *testing.T) {
	for _, c := range []struct{ line, rest, day string }{
		{"（来源：金融时报）", "", ""},
		{"【利率速递】", "", ""},
		{"来源：中国金融新闻网　编辑：柴玉", "", ""},
		{"责编：万健祎｜校对：冉燕青", "", ""},
		{"本报记者 郑川 实习生 宋一诺 郑州报道", "", ""},
		{"免责声明：转载只为传播信息。", "", ""},
		{"风险提示：股市有风险，投资需谨慎。", "", ""},
		{"期货日报讯", "", ""},
		{"新华社成都11月3日电（记者何然）春茶上市。", "春茶上市。", "3"},
		{"【央行降准】财联社11月03日电，央行决定降准。", "央行决定降准。", "3"},
		{"本报讯（记者 高明远 通讯员 徐倩） 春茶上市。", "春茶上市。", ""},
		{"春茶上市。（记者 何珂 责编 程兆）", "春茶上市。", ""},
		{"春茶上市。（完）", "春茶上市。", ""},
		{"记者走访合肥几家银行网点了解到，利率没有下调。", "记者走访合肥几家银行网点了解到,利率没有下调。", ""},
		{"国家电网下调电价，自11月3日起执行。", "国家电网下调电价,自11月3日起执行。", ""},
		{"三、风险提示：本公告的数据未经审计。", "三、风险提示:本公告的数据未经审计。", ""},
	} {
		rest, day := unframed(strings.TrimSpace(fold(c.line)))
		if rest != c.rest || day != c.day {
			t.Errorf("%s\ngot  %q of day %q\nwant %q of day %q", c.line, rest, day, c.rest, c.day)
		}
	}
}

func TestSameOfShortTexts(t *testing.T) {
	title, other := "青川农商行茶农服务站开门迎客", "南江农商行果农服务站开门迎客"
	flash := "青川农商行公告，前三季度净利润3.12亿元，同比增长5.3%。"
	for _, c := range []struct {
		name string
		a, b feeds.Entry
		want bool
	}{
		{"titles alone", entry("农金网", title, ""), entry("凤凰网", "【"+title+"】", ""), true},
		{"other titles alone", entry("农金网", title, ""), entry("凤凰网", other, ""), false},
		{"the same few words", entry("农金网", title, "点击这里查看全文内容"), entry("农金网", other, "点击这里查看全文内容"), false},
		{"a title and few words", entry("农金网", title, ""), entry("凤凰网", title, "点击查看全文"), false},
		{"a flash that is the title too", entry("财联社", flash, flash), entry("凤凰网", "净利润增长", "财联社11月3日电，"+flash), true},
		{"a flash that is only a title", entry("财联社", "【净利润增长】财联社11月3日电，"+flash, ""), entry("凤凰网", "净利润增长", flash), true},
		{"a flash that is only a title, of another day", entry("财联社", "财联社11月3日电，"+flash, ""), entry("凤凰网", "净利润增长", "财联社11月4日电，"+flash), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := New(c.a), New(c.b)
			if got := Same(a, b) && shareMarks(a.Marks(), b.Marks()); got != c.want || Same(a, b) != Same(b, a) {
				t.Errorf("joined is %v and not %v", got, c.want)
			}
		})
	}
}

func TestSame(t *testing.T) {
	lines := strings.Split(article, "\n")
	swap := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(article) }
	flash := "财联社11月3日电，青川农商行公告，前三季度净利润3.12亿元，同比增长5.3%，不良率0.94%。"
	for _, c := range []struct {
		name, a, b string
		want       bool
	}{
		{"itself", article, article, true},
		{"other punctuation, width and spelling of figures", article, swap("186万元", "１８６００００元", "，", ",", "二十", "20", "“", "「", "”", "」"), true},
		{"the first two paragraphs", article, lines[0] + "\n" + lines[1], true},
		{"paragraphs in another order", article, lines[1] + "\n" + lines[2] + "\n" + lines[0], true},
		{"one figure", article, swap("42户", "43户"), false},
		{"one figure after a unit", article, swap("186万元", "186亿元"), false},
		{"one decimal", article, swap("4.1%", "4.12%"), false},
		{"one place exchanged", article, swap("何秀英", "何秀云"), true},
		{"names all over", article, swap("青川", "南江", "沙州镇", "正直镇", "何秀英", "谭国富"), false},
		{"a table of other prices", article + "菠菜 4.20\n黄瓜 5.10\n圆茄 3.94\n土豆 2.06", article + "菠菜 4.00\n黄瓜 5.30\n圆茄 4.02\n土豆 2.10", false},
		{"a stretch with other words and figures", article + "全县共有茶园9.8万亩，年产值12亿元。", article + "服务站每周开门6天，周末由2人轮值。", true},
		{"a quotation in another text", article, lines[0] + strings.Repeat("其他各地的消息各不相同，不再一一列举如下所示。", 9), false},
		{"a flash and a headline before it", flash, "【青川农商行前三季度净利润增长】" + flash, true},
		{"a flash without its outlet", flash, strings.TrimPrefix(flash, "财联社11月3日电，"), true},
		{"a flash of another day", flash, strings.Replace(flash, "3日", "4日", 1), false},
		{"a flash in the other direction", flash, strings.Replace(flash, "增长", "下降", 1), false},
		{"a flash of another bank", flash, strings.Replace(flash, "青川农商行", "青川农信联社", 1), false},
		{"a flash with a word put in", flash, strings.Replace(flash, "青川", "青川（600123）", 1), true},
		{"a flash cut", flash, strings.Replace(flash, "，不良率0.94%", "", 1), true},
		{"a flash in a round-up", flash, flash + strings.Repeat("其他各地的消息各不相同，不再一一列举如下所示。", 9), false},
		{"nothing", "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := New(entry("农金网", "甲", c.a)), New(entry("凤凰网", "乙", c.b))
			if got, back := Same(a, b), Same(b, a); got != c.want || back != c.want {
				t.Errorf("Same is %v, and %v the other way, and not %v", got, back, c.want)
			}
			if c.want && !shareMarks(a.Marks(), b.Marks()) {
				t.Error("no mark is shared")
			}
		})
	}
}

// TestSameOfOneOutlet holds the hint of the attribution: an excerpt of the outlet's own text may be shorter than another
// outlet's, and figures tell it from another text all the same.
func TestSameOfOneOutlet(t *testing.T) {
	text := article + "\n" + strings.NewReplacer("茶", "果", "42", "51", "186", "207", "春", "秋").Replace(article) + "\n" + strings.Repeat("全县各镇的服务站将在年内陆续开业。", 5)
	excerpt, _, _ := strings.Cut(text, "，往年")
	for _, c := range []struct {
		outlet, text string
		want         bool
	}{
		{"广元日报", excerpt, true},
		{"凤凰网", excerpt, false},
		{"广元日报", strings.Replace(excerpt, "42户", "45户", 1), false},
	} {
		if got := Same(New(entry("广元日报", "甲", text)), New(entry(c.outlet, "乙", c.text))); got != c.want {
			t.Errorf("Same of %s is %v and not %v: %s", c.outlet, got, c.want, c.text)
		}
	}
}

// TestEncodeStaysTheSame holds the form that stores keep: with another one, version has to be another.
func TestEncodeStaysTheSame(t *testing.T) {
	got := New(entry("财联社", "青川农商行：前三季度净利润３.１２亿元", "财联社11月03日电（记者 何珂），青川农商行公告，2025年前三季度净利润3.12亿元，同比增长5.30%。\n责编：石磊")).Encode()
	want := "1\n财联社\n3\n青川农商行前三季度净利润312000000元\n青川农商行公告2025年前三季度净利润312000000元同比增长5.3"
	if got != want {
		t.Errorf("what stores hold is not what is made now\ngot  %q\nwant %q", got, want)
	}
}

func TestSize(t *testing.T) {
	for _, c := range []struct {
		text string
		size int
	}{
		{"", 0},
		{"春茶，上市。\n来源：农金网", 4},
		{strings.Repeat("农", maxText+1), maxText},
	} {
		e := entry("农金网", "", c.text)
		if got := New(e).Size(); got != c.size {
			t.Errorf("%.20s: %d characters count, and not %d", c.text, got, c.size)
		}
	}
}

func TestDecode(t *testing.T) {
	for _, e := range []feeds.Entry{{}, entry("农金网", "茶农服务站开门", article), entry("财联社", "【快讯】", "财联社11月3日电，央行决定降准。"), entry("甲\n乙", "丙\n丁", "戊\r己")} {
		p := New(e)
		got, err := Decode(p.Encode())
		if err != nil || got != p {
			t.Errorf("%+v\nand not\n%+v\nerror %v", got, p, err)
		}
	}
	for _, s := range []string{"", "1", "0\n\n\n\n", "1\n\n\n\n\n", "1\n\n\n\n\xff", "1\n\n\n\n" + strings.Repeat("农", maxEncoded)} {
		if p, err := Decode(s); err == nil || p != (Print{}) {
			t.Errorf("%.20q is read as %+v, error %v", s, p, err)
		}
	}
}

// TestTextIsBounded holds that what follows the first 20,000 characters is not looked at.
func TestTextIsBounded(t *testing.T) {
	long := strings.Repeat("农", maxText)
	if New(entry("甲", "乙", long+"商")) != New(entry("甲", "乙", long+"信")) {
		t.Error("a character after the first 20,000 counts")
	}
	if got := len(New(entry("甲", "乙", strings.Repeat("9万亿亿亿亿", maxText))).Encode()); got > maxEncoded {
		t.Errorf("%d bytes encoded, over %d", got, maxEncoded)
	}
}

func FuzzSame(f *testing.F) {
	f.Add("标题", article, "标题", strings.Replace(article, "42户", "43户", 1))
	f.Add("快讯", "【央行】财联社11月3日电，央行决定降准。", "", "１，２３４．５０万亿 三十七")
	f.Add("", strings.Repeat("农商", 300), "", strings.Repeat("商农", 200)+"\n"+strings.Repeat("农商", 100))
	f.Fuzz(func(t *testing.T, titleA, textA, titleB, textB string) {
		a, b := New(entry("农金网", titleA, textA)), New(entry("农金网", titleB, textB))
		if Same(a, b) != Same(b, a) {
			t.Error("Same is not symmetric")
		}
		for _, p := range []Print{a, b} {
			if n := len(p.Marks()); n > maxMarks {
				t.Errorf("%d marks", n)
			}
			back, err := Decode(p.Encode())
			if err != nil || back != p {
				t.Errorf("decoded as %+v, error %v", back, err)
			}
		}
		if p, err := Decode(html.UnescapeString(textA)); err == nil {
			Same(p, b)
		}
	})
}
