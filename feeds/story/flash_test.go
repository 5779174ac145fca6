package story

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// TestSameOfFlashesWithAWordPutIn holds that no word that turns a flash can be put in or taken out at any place of it.
func TestSameOfFlashesWithAWordPutIn(t *testing.T) {
	files, err := filepath.Glob("testdata/pairs/chosen/5*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no flashes")
	}
	words := strings.Fields("不 未 拟 已 或 将 暂 前 原 不再 尚未 取消 终止 同比 环比 控股 子公司 山东 2 5年期 5年期和 1年期和5年期 不实 的计划取消 系误传")
	for _, file := range files {
		original, _, err := readEvent(file)
		if err != nil {
			t.Fatal(err)
		}
		text := []rune(original.paragraphs[0])
		whole := New(entry("财联社", "快讯", string(text)))
		for i := 1; i <= len(text); i++ {
			if i < len(text) && !unicode.IsLetter(text[i]) {
				continue // it would be read as a new clause, or within a figure
			}
			for _, word := range words {
				if i == len(text) && strings.Contains(word, "年期和") {
					continue // a name and a figure at the end are a clause
				}
				turned := string(text[:i]) + word + string(text[i:])
				if Same(whole, New(entry("凤凰网", "快讯", turned))) {
					t.Errorf("taken for a copy: %s", turned)
				}
			}
		}
	}
}

// TestSameOfFlashes holds what a flash may have that its copy has not.
func TestSameOfFlashes(t *testing.T) {
	flash := "中国人民银行青川县支行公告，青川农商行与剑阁农村商业银行股份有限公司签订协议，前者向后者拆出资金3亿元，期限7天，用于春耕贷款。"
	swap := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(flash) }
	banks := "青川县农村商业银行起诉剑阁县农村商业银行，案件在广元市中级人民法院立案受理，标的为拆借资金本息。"
	most := "人民银行发布县域报告，存款最多的银行是青川富民村镇银行股份公司，贷款最多的银行是广元利州农村信用合作联社，两家都在川北山区。"
	longer := flash + "双方表示，这笔资金将优先发放给种粮大户和合作社，用来购买种子、化肥和农机，并按月公布使用情况。"
	for _, c := range []struct {
		name, a, b string
		want       bool
	}{
		{"today, on the day of the dateline", "财联社4月11日电，" + swap("签订", "今日签订"), swap("签订", "4月11日签订"), true},
		{"today, on another day", "财联社4月11日电，" + swap("签订", "今日签订"), swap("签订", "4月12日签订"), false},
		{"another name in brackets", flash, swap("青川农商行", "青川农商行（青川农信）"), true},
		{"brackets that turn it", flash, swap("签订协议", "（拟）签订协议"), false},
		{"who heard of it", flash, "农金网记者获悉，" + flash, true},
		{"words of courtesy", flash, swap("期限", "据悉期限"), true},
		{"the short name of an office", flash, swap("中国人民银行", "央行"), true},
		{"the code of a share", flash, swap("青川农商行", "青川农商行（600123.SH）"), true},
		{"the code of a share without a place", flash, swap("青川农商行", "青川农商行（600123）"), true},
		{"a figure in brackets", flash, swap("期限7天", "期限7天（30）"), false},
		{"the day of the announcement", flash, swap("公告", "4月3日公告"), true},
		{"another day of the announcement", swap("公告", "4月3日公告"), swap("公告", "4月4日公告"), false},
		{"near and far", swap("公告", "近日公告"), swap("公告", "4月4日公告"), true},
		{"a clause at the end", flash, strings.TrimSuffix(flash, "，用于春耕贷款。") + "，用于春耕贷款，这是两家银行今年第二次合作。", true},
		{"a clause at the end that takes it back", flash, flash + "但是协议次日即因故终止。", false},
		{"a clause at the end that only speaks of it", flash, strings.TrimSuffix(flash, "。") + "的说法在网上流传了整整三天时间。", false},
		{"a name and a figure at the end", flash, flash + "加权利率1.8%。", true},
		{"a figure at the end", flash, flash + "2次", false},
		{"a few words at the end", flash, strings.TrimSuffix(flash, "。") + "和担保。", false},
		{"a clause in the middle", flash, swap("签订协议", "在绵阳市游仙区工业园会议中心签订协议"), true},
		{"a clause in the middle that turns it", flash, swap("签订协议", "在绵阳市游仙区会议中心没有签订协议"), false},
		{"a clause in the middle with a figure", flash, swap("签订协议", "在绵阳市游仙区工业园12号会议中心签订协议"), false},
		{"a clause at the beginning", flash, "广元市金融机构资金往来再添新例：" + flash, false},
		{"a clause at the beginning that does not turn it", flash, "广元市金融机构资金往来添了新例：" + flash, true},
		{"a word exchanged", flash, swap("拆出", "借出"), false},
		{"banks that changed places", banks, strings.NewReplacer("青川县", "剑阁县", "剑阁县", "青川县").Replace(banks), false},
		{"long names that changed places", most, strings.NewReplacer("青川富民村镇银行股份公司", "广元利州农村信用合作联社", "广元利州农村信用合作联社", "青川富民村镇银行股份公司").Replace(most), false},
		{"a word exchanged in a text hardly longer", longer, strings.Replace(longer, "拆出", "借出", 1), false},
		{"itself, hardly longer", longer, longer, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := New(entry("农金网", "快讯", c.a)), New(entry("凤凰网", "快讯", c.b))
			if got, back := Same(a, b), Same(b, a); got != c.want || back != c.want {
				t.Errorf("Same is %v, and %v the other way, and not %v; of %d and %d characters", got, back, c.want, a.Size(), b.Size())
			}
		})
	}
}

// TestSameOfOpposites holds that one word which says the opposite is enough to tell two long texts apart.
func TestSameOfOpposites(t *testing.T) {
	text := article + "\n" + about
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"下调", "上调", false},
		{"下调", "上升", false},
		{"比上年下调", "同比下降", true},
		{"审批", "审核", true},
	} {
		a, b := New(entry("农金网", "茶农", text)), New(entry("凤凰网", "茶农", strings.Replace(text, c.from, c.to, 1)))
		if got := Same(a, b); got != c.want {
			t.Errorf("%s for %s: Same is %v and not %v", c.to, c.from, got, c.want)
		}
	}
	a := New(entry("农金网", "茶农", strings.Replace(text, "比上年", "同比", 1)))
	if Same(a, New(entry("凤凰网", "茶农", strings.Replace(text, "比上年", "环比", 1)))) {
		t.Error("a change against a year ago is taken for one against the month before")
	}
}
