package storage

import (
	"strings"
	"testing"
)

// joined writes pieces as one line, matches in 【】.
func joined(pieces []Piece) string {
	var text strings.Builder
	for _, p := range pieces {
		if p.Match {
			text.WriteString("【" + p.Text + "】")
		} else {
			text.WriteString(p.Text)
		}
	}
	return text.String()
}

func TestSnippet(t *testing.T) {
	digits := strings.Repeat("一二三四五六七八九十", 10)
	for _, test := range []struct{ name, body, typed, want string }{
		{"nothing", "", "支农", ""},
		{"short", "农商行支农贷款", "支农", "农商行【支农】贷款"},
		{"no match", "农商行", "信用社", "农商行"},
		{"no match in much", digits, "信用社", digits[:60*3] + "…"},
		{"no words", digits, "", digits[:60*3] + "…"},
		{"match far on", digits + "支农" + digits, "支农", "…" + "六七八九十一二三四五六七八九十" + "【支农】" + digits[:43*3] + "…"},
		{"match at the end", digits + "支农", "支农", "…六七八九十一二三四五六七八九十【支农】"},
		{"match at the beginning", "支农" + digits, "支农", "【支农】" + digits[:58*3] + "…"},
		{"cut in a match", "甲" + digits, digits, "甲【" + digits[:59*3] + "】…"},
		{"lines", "第一段\n第二段　 支农\t贷款", "支农", "第一段 第二段 【支农】 贷款"},
		{"every match", "农商行、农信社和信用社", "农 信", "【农】商行、【农信】社和【信】用社"},
		{"matches that overlap", "普惠金融服务", "普惠金 惠金融", "【普惠金融】服务"},
		{"case and width", "ＬＰＲ与lpr、Lpr", "LpR", "【ＬＰＲ】与【lpr】、【Lpr】"},
		{"a number", "上涨３．２５％", "3.25%", "上涨【３．２５】％"},
		{"a phrase over a comma", "支农，贷款", "支农，贷", "【支农，贷】款"},
		{"one character at the end", "A类企业买A股票", "a股", "A类企业买【A股】票"},
		{"what is excluded", "支农贷款", "支农 -贷款", "【支农】贷款"},
		{"tags as text", `<script>alert("支农")</script>`, "支农 script", `<【script】>alert("【支农】")</【script】>`},
		{"bytes that are no text", "\xff支农\x00\xfe", "支农", "\xff【支农】\x00\xfe"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := joined(snippet(test.body, readTerms(test.typed))); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
	title := joined(titlePieces("ＬＰＲ　下调："+digits, readTerms("lpr 十一")))
	if want := "【ＬＰＲ】　下调：一" + strings.Repeat("二三四五六七八九【十一】", 9) + "二三四五六七八九十"; title != want {
		t.Errorf("title is %q, want %q", title, want)
	}
}
