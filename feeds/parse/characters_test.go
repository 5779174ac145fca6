package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds/parse"
)

const inFull = `<rss version="2.0"><channel><title>农信</title><item><title>%s</title><description>%s</description></item></channel></rss>`

// TestFault28And29OneBadCharacter holds what gofeed refuses a whole feed for, and what of it is told.
func TestFault28And29OneBadCharacter(t *testing.T) {
	for _, c := range []struct {
		name, title, body         string
		wantTitle, wantBody, told string
	}{
		{"controls", "农\x01信\x08社\x1f", "支\x00农", "农信社", "支农", "4 characters that XML does not allow were dropped"},
		{"references", "农&#8;信&#x1F;社", "支&#xFFFE;农&#20892;", "农信社", "支农农", "3 characters that XML does not allow were dropped"},
		{"non-characters", "农\uFFFE信\uFFFF", "支农", "农信", "支农", "2 characters that XML does not allow were dropped"},
		{"invalid UTF-8", "农信社支农\xff再贷款", "今年以来各地支农", "农信社支农\uFFFD再贷款", "今年以来各地支农",
			"1 characters cannot be read in the text's charset and stand as U+FFFD"},
		{"hyphens in a comment", "农<!-- a -- b -->信", "<!----->支农", "农信", "支农", ""},
		{"a comment within CDATA", "农信", "<![CDATA[<p>支<!-- -- -->农</p>]]>", "农信", "<p>支<!-- -- -->农</p>", ""},
		{"CDATA within CDATA", "农信", "<![CDATA[支 <![CDATA[农 ]]> 贷 ]]>", "农信", "支 <![CDATA[农  贷 ]]>", ""},
		{"entities of HTML", "农信&nbsp;社&mdash;&copy;2022", "支&hellip;农", "农信\u00a0社—©2022", "支…农", ""},
		{"ampersands", "A & B 银行&农信 AT&T;", "a=1&b=2&copy=3 &unknown;", "A & B 银行&农信 AT&T;", "a=1&b=2&copy=3 &unknown;", ""},
		{"less than", "利率 < 5%", "存款<3万元，贷款 <= 2 亿", "利率 < 5%", "存款<3万元，贷款 <= 2 亿", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			result, err := parse.Feed(source(), parse.Document{Body: fmt.Appendf(nil, inFull, c.title, c.body)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{c.wantTitle, c.wantBody, c.told},
				[]string{result.Items[0].Title, result.Items[0].Body, strings.Join(result.Faults, "; ")}); diff != "" {
				t.Errorf("title, body, faults: -want +got\n%s", diff)
			}
		})
	}
}
