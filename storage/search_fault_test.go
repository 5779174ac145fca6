package storage

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// typedCase is what somebody types, and the titles that it finds.
type typedCase struct {
	typed string
	want  []string
}

// typedCases are what would be an error, an operator or SQL in other hands. What holds no word finds all.
func typedCases() []typedCase {
	all := []string{"利率下调", "信用社助农", "农商行支农"}
	return []typedCase{
		{"", all}, {" \t\n　", all}, {`"`, all}, {`""`, all}, {`"""`, all}, {"“", all}, {"」「", all}, {"'", all}, {"*", all}, {"-", all},
		{"--", all}, {"(", all}, {"^", all}, {":", all}, {"+", all}, {"{}", all}, {"!?。，…", all}, {"😀", all}, {"\\", all}, {"%", all}, {"_", all},
		{strings.Repeat("(", 2000), all}, {strings.Repeat(`"`, 2000), all}, {strings.Repeat("-", 2000), all}, {strings.Repeat("(", 199) + "农", []string{"信用社助农", "农商行支农"}},
		{"\x00", all}, {"\xff\xfe\xc0", all}, {"\x01\x1b[31m", nil}, {"\x7f\u0085\u2028\u2029", all}, {"\ufeff\u200b", all},
		{"AND", []string{"信用社助农"}}, {"OR", nil}, {"NOT", nil}, {"NEAR(", []string{"信用社助农"}}, {"NEAR(农商行 信用社, 10)", nil},
		{"-x", []string{"利率下调", "信用社助农"}}, {"-x -农", []string{"利率下调"}}, {"--x", []string{"利率下调", "信用社助农"}}, {"a:b", []string{"农商行支农"}}, {"title:农", nil}, {"农 AND 商", nil},
		{"农*", []string{"信用社助农", "农商行支农"}}, {"农商行 OR 信用社", nil}, {`"农商行`, []string{"农商行支农"}}, {`农商行"`, []string{"农商行支农"}},
		{"农\x00商行", nil}, {"农商行\x00", []string{"农商行支农"}}, {"农商行\xff", []string{"农商行支农"}}, {"every", nil}, {"entry_search", nil},
		{`' OR 1=1 --`, nil}, {`'; DROP TABLE entries; --`, nil}, {`x' UNION SELECT * FROM sources --`, nil}, {`") OR ("农`, nil}, {`农" OR "利率`, nil},
		{`labels : every`, nil}, {`农") OR (labels : "every`, nil}, {"<script>", []string{"利率下调"}}, {"alert(1)", []string{"利率下调"}}, {"$(reboot)`reboot`", nil},
		{strings.Repeat("农商行 ", 500), []string{"农商行支农"}}, {strings.Repeat("农", 100000), nil}, {strings.Repeat("农 ", 16) + "无此字", []string{"信用社助农", "农商行支农"}},
		{strings.Repeat(" ", 199) + "农利", []string{"信用社助农", "农商行支农"}}, {strings.Repeat("( ", 90) + "利率", []string{"利率下调"}},
	}
}

// What is typed is never an error, never SQL, and never an operator.
func TestFault59TypedText(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, saying(1, "农商行支农", "普惠金融 a b x"), saying(2, "信用社助农", "乡村振兴 and near"), saying(3, "利率下调", "<script>alert(1)</script>")))
	for _, c := range typedCases() {
		for _, best := range []bool{false, true} {
			found, err := s.answer(context.Background(), time.Hour, Query{Text: c.typed, Best: best}.read())
			if err != nil {
				t.Errorf("%.60q: %v", c.typed, err)
				continue
			}
			got := []string{}
			for _, hit := range found.Hits {
				got = append(got, hit.Entry.Title)
			}
			want := append([]string{}, c.want...)
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" || found.More {
				t.Errorf("%.60q, best first %v (-want +got):\n%s", c.typed, best, diff)
			}
		}
	}
	for _, c := range typedCases() { // as a filter it is a name, and nobody has it
		for _, q := range []Query{{Category: c.typed}, {Outlet: c.typed}, {Source: c.typed}} {
			if hits := search(t, s, q).Hits; c.typed != "" && len(hits) > 0 {
				t.Errorf("%.60q as a filter finds %d", c.typed, len(hits))
			}
		}
	}
	if hits := search(t, s, Query{Text: "alert"}).Hits; len(hits) != 1 || !strings.Contains(joined(hits[0].Snippet), "<script>【alert】(1)</script>") {
		t.Errorf("the snippet is not the text: %+v", hits)
	}
}
