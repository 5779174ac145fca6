package story

import (
	"fmt"
	"strings"
	"testing"
)

// TestSameOfTables holds that one other price in a table tells another day, although every stretch of the one table is
// found somewhere in the other.
func TestSameOfTables(t *testing.T) {
	names := strings.Fields("大白菜 菠菜 黄瓜 西红柿 圆茄 尖椒 西葫芦 芹菜 白萝卜 土豆 洋葱 蒜薹 生姜 豆角 韭菜 香菜 油菜 生菜 冬瓜 南瓜")
	table := func(form string, changed int) string {
		var lines []string
		for i, name := range names {
			price := 1 + float64(i*i%8)/2
			if i == changed {
				price += 0.1
			}
			lines = append(lines, fmt.Sprintf(form, name, price))
		}
		return strings.Join(lines, "\n")
	}
	for _, form := range []string{"%s %.2f", "%s %.2f 元/公斤 持平", "%s每公斤%.2f元，较前一日持平。", "%s批发均价为%.2f元/公斤，与上一交易日相比价格保持平稳。"} {
		whole := table(form, -1)
		today := New(entry("菜价通", "蔬菜价格", whole))
		for i, name := range names {
			if Same(today, New(entry("菜价通", "蔬菜价格", table(form, i)))) {
				t.Errorf("a table with another price of %s is taken for a copy; its lines are %s", name, form)
			}
		}
		if cut := strings.Join(strings.Split(whole, "\n")[2:12], "\n"); !Same(today, New(entry("农价网", "菜价", cut))) {
			t.Errorf("ten lines are not taken for a cut copy; they are %s", form)
		}
	}
}
