package story

import (
	"fmt"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// about is a paragraph that ends, or begins, every release of one bank.
const about = `关于青川农商行：青川农商行前身为青川县农村信用合作联社，2015年改制开业，注册资本3.6亿元，下辖营业网点29个，员工318人。
截至上年末，各项存款余额146亿元，各项贷款余额98亿元，涉农贷款占比过八成，连续六年获评全市金融服务乡村振兴先进单位。`

const school = `青川农商行六名青年员工日前走进乔庄初中，用情景短剧教九年级学生辨认假币、看懂存折。活动一上午办了三场，到场师生四百余人。
校长说，孩子们回家后会提醒老人不要轻信陌生来电。活动本学期还将到另外七所学校举行。`

const terminals = `为方便群众缴费，青川农商行近日为十二个偏远村的便民点更换新终端，电费、医保和话费都能就近交。
关庄镇古城村的便民点设在小卖部里，店主王开芬说，换了机器以后排队的人少了，账也不用再手写。`

// TestSameOfStandingParagraphs holds that the paragraphs of an organisation, equal alone, make no story of its releases,
// and that they do not hide a copy either.
func TestSameOfStandingParagraphs(t *testing.T) {
	one := entry("青川农商行", "青川农商行金融知识课走进校园", school+"\n"+about)
	lead := "假币怎么看，存折怎么读？青川农商行的青年员工日前到乔庄初中演了三场短剧，四百余名师生看得津津有味。\n"
	_, rest, _ := strings.Cut(school, "\n")
	long := words(3000, 3000, 9)
	for _, c := range []struct {
		name string
		a, b feeds.Entry
		want bool
	}{
		{"at the end", one, entry("青川农商行", "青川农商行更换村级便民终端", terminals+"\n"+about), false},
		{"at the beginning", entry("农金网", "短剧进校园", about+"\n"+school), entry("农金网", "便民点换终端", about+"\n"+terminals), false},
		{"in the middle", entry("农金网", "短剧进校园", school+"\n"+about+"\n欢迎各校预约。"), entry("农金网", "便民点换终端", terminals+"\n"+about+"\n终端由省联社统一采购。"), false},
		{"here at the end and there at the beginning", one, entry("青川农商行", "便民点换终端", about+"\n"+terminals), false},
		{"at both ends", entry("农金网", "短剧进校园", about+"\n"+school+"\n"+long[:600]), entry("农金网", "便民点换终端", about+"\n"+terminals+"\n"+long[:600]), false},
		{"ten times as long as the news", entry("农金网", "短剧进校园", school+"\n"+long), entry("农金网", "便民点换终端", terminals+"\n"+long), false},
		{"with news in one of them", one, entry("青川农商行", "青川农商行更换村级便民终端", about), false},
		{"and nothing else", entry("青川农商行", "青川农商行金融课走进校园", about), entry("青川农商行", "青川农商行更换村级便民终端", about), false},
		{"of which one headline has two words", entry("青川农商行", "青川农商行网点员工合影", about), entry("青川农商行", "青川农商行更换村级便民终端", terminals+"\n"+about), false},
		{"dropped by one outlet", one, entry("凤凰网", "金融课走进校园", school), true},
		{"dropped by one outlet, which says who it is", one, entry("凤凰网", "金融知识课走进校园", school+"\n凤凰网是面向全球华人的网络媒体，提供新闻、财经和视频，未经许可不得使用本站内容。"), true},
		{"after the same news", one, entry("凤凰网", "九年级学生学认假币", school+"\n"+about), true},
		{"after a lead of its own", one, entry("凤凰网", "青川农商行金融知识课走进校园", lead+rest+"\n"+about), true},
		{"after another headline and a lead of its own", one, entry("凤凰网", "青川农商行员工到初中教学生认假币", lead+rest+"\n"+about), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := New(c.a), New(c.b)
			if got, back := Same(a, b), Same(b, a); got != c.want || back != c.want {
				t.Errorf("Same is %v, and %v the other way, and not %v", got, back, c.want)
			}
		})
	}
}

// TestSameOfManyReleases holds that long releases with a long standing paragraph do not become one story, although they
// have most words in common, as all long texts on one subject have.
func TestSameOfManyReleases(t *testing.T) {
	for _, size := range []int{400, 2400} {
		var prints []Print
		for i := range 12 {
			text := words(size, 60, uint64(i+2)) + "\n" + words(3000, 3000, 1)
			prints = append(prints, New(entry("青川农商行", fmt.Sprintf("青川农商行第%d期通稿", i), text)))
		}
		for i, p := range prints {
			for j, q := range prints[:i] {
				if Same(p, q) {
					t.Errorf("of %d characters, release %d is taken for a copy of release %d", size, i, j)
				}
			}
		}
	}
}

// TestTellings holds what counts as equal, and what as each text's own: stretches that stand elsewhere are equal too,
// and names and phrases are not.
func TestTellings(t *testing.T) {
	standing := strings.ReplaceAll(normal(about), "\n", "")
	for _, c := range []struct{ name, a, b, equal, ownA, ownB string }{
		{"nothing equal", "春茶上市", "秋粮归仓", "", "春茶上市", "秋粮归仓"},
		{"at the end", "春茶上市" + standing, "秋粮归仓" + standing, standing, "春茶上市", "秋粮归仓"},
		{"elsewhere", "春茶上市" + standing, standing + "秋粮归仓", standing, "春茶上市", "秋粮归仓"},
		{"in the middle", "春茶上市" + standing + "价格平稳", "秋粮归仓" + standing + "收成不错", standing, "春茶上市|价格平稳", "秋粮归仓|收成不错"},
		{"a name", "青川县农村信用合作联社春茶上市" + standing, "青川县农村信用合作联社秋粮归仓" + standing, standing, "青川县农村信用合作联社春茶上市", "青川县农村信用合作联社秋粮归仓"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := tokens(c.a), tokens(c.b)
			ts := align(a, b).tellings(a, b)
			want := tellings{spansOf(c.equal), spansOf(c.ownA), spansOf(c.ownB)}
			if diff := cmp.Diff(want, ts, cmp.AllowUnexported(tellings{})); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// spansOf reads spans that a | parts.
func spansOf(s string) []span {
	var spans []span
	for part := range strings.SplitSeq(s, "|") {
		if part != "" {
			spans = append(spans, tokens(part))
		}
	}
	return spans
}

// TestTellSame holds the borders of what two texts and headlines must share.
func TestTellSame(t *testing.T) {
	bank := "青川农商行"
	for _, c := range []struct {
		name, titleA, titleB, ownA, ownB, equal string
		want                                    bool
	}{
		{"some words where half is equal", bank + "慰问老党员", bank + "义务植树", "七月一日上午，" + bank + "班子成员分成三组，冒雨前往乔庄、房石两镇看望慰问六位老党员，送去米面油和慰问金。",
			"三月十二日上午，" + bank + "组织四十名员工前往白龙湖边，在新修的护岸上栽下柏树苗两百株。", strings.Split(about, "\n")[1], false},
		{"hardly a word beside the date where most is equal", bank + "慰问老党员", bank + "义务植树", "七月一日上午，" + bank + "班子成员分成三组，冒雨前往乔庄、房石两镇看望慰问六位老党员，送去米面油和慰问金。",
			"三月十二日上午，" + bank + "组织四十名员工前往白龙湖边，在新修的护岸上栽下柏树苗两百株。", about + article, false},
		{"the long name of a bank that the equal part names too", "剑阁县农村商业银行股份有限公司慰问老党员", "剑阁县农村商业银行股份有限公司义务植树", "剑阁县农村商业银行股份有限公司班子成员冒雨前往两镇看望六位老党员。",
			"剑阁县农村商业银行股份有限公司组织员工在新修的护岸上栽下柏树苗。", "关于剑阁县农村商业银行股份有限公司：" + about, false},
		{"the topic of both headlines in the equal part", bank + "茶农服务站开门迎客", "茶农服务站来了" + bank + "送贷进山", "四月里，天刚亮的川北山区，茶农忙得顾不上吃午饭，要雇工，要收青，样样等钱用，这时来了帮手。",
			"清明过后的川北茶山上，天刚亮就有人背着竹篓出门，今年他们身边多出一群穿工装的年轻面孔。", article + about, true},
		{"half is equal, and a third of the other words", bank + "员工走进初中教学生辨认假币", bank + "员工走进村小教学生辨认零钞", "六名青年员工日前走进乔庄初中，用情景短剧教九年级学生辨认假币、看懂存折。活动一上午办了三场，到场师生四百余人，校长说孩子们回家后会提醒老人。",
			"三位退休职工上周来到房石村小，带着实物教低年级学生辨认零钞、学会记账。课后发了文具，家长代表到场致谢，活动还将到其余各校，孩子们回家后都说有趣。", about[:300], false},
		{"headlines that share one phrase each with the equal part", bank + "涉农贷款户走访", bank + "营业网点新装修", "七月一日上午，班子成员分成三组，冒雨前往乔庄、房石两镇看望慰问六位老党员，送去米面油和慰问金，晚上看了演出。",
			"三月十二日，四十名员工前往白龙湖边，在新修的护岸上栽下柏树苗两百株，顺路看了几家。", article + about, false},
		{"headlines that speak of the equal part", "茶农服务站开门迎客", "利率降了，雇工有钱了", "又到一年采茶忙，山里的日子一天比一天热闹，银行也坐不住了。", "金秋送爽，本报记者循着机器声走进川北的大山深处，看见一番新气象。",
			article + "去年起雇工有钱了，利率降了，茶农服务站开门以后山上更忙。", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := New(entry("农金网", c.titleA, c.ownA+"\n"+c.equal)), New(entry("凤凰网", c.titleB, c.ownB+"\n"+c.equal))
			if got := Same(a, b); got != c.want {
				t.Errorf("Same is %v and not %v", got, c.want)
			}
		})
	}
}
