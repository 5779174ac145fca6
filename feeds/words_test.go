package feeds

import "testing"

func TestWords(t *testing.T) {
	for text, want := range map[string]int{
		"":                     0,
		"。，！ \n":               0,
		"上海银行升级“96敬老专线”":       11,
		"贷款1,234.5万元，同比增长3.2%": 10,
		"LPR 降了10个基点":          7,
		"don't stop":           2,
		"第一段。\n第二段。":           6,
		"農協のカード":               6,
		"Café，ok":              2,
		"1.\n2.":               2,
		"甲👩\u200d👧乙":           2,
	} {
		if got := Words(text); got != want {
			t.Errorf("Words(%q) = %d, want %d", text, got, want)
		}
	}
}
