package parse_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"finews.withounder.com/feeds/parse"
)

// TestGarbled counts over two labelled sets: the rules were tuned on the chosen one, and on no text of the unseen one. Each
// line of good.txt is a quoted text that reads well; each of garbled.txt says how a text was decoded wrongly, and what
// came of it.
func TestGarbled(t *testing.T) {
	for set, least := range map[string]float64{"chosen": 1, "unseen": 0.95} {
		good := lines(t, "testdata/garbled/"+set+"/good.txt")
		for _, quoted := range good {
			if reason := parse.Garbled(unquote(t, quoted)); reason != "" {
				t.Errorf("%s: %.80s is called %s", set, quoted, reason)
			}
		}
		garbled := lines(t, "testdata/garbled/"+set+"/garbled.txt")
		found := 0
		for _, line := range garbled {
			how, quoted, _ := strings.Cut(line, "\t")
			if parse.Garbled(unquote(t, quoted)) != "" {
				found++
				continue
			}
			t.Logf("%s: missed %s: %.120s", set, how, quoted)
		}
		t.Logf("%s: %d of %d garbled texts found, %d good ones", set, found, len(garbled), len(good))
		if share := float64(found) / float64(len(garbled)); share < least {
			t.Errorf("%s: %.2f of the garbled texts are found, want %.2f", set, share, least)
		}
	}
}

func lines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

func unquote(t *testing.T, quoted string) string {
	t.Helper()
	text, err := strconv.Unquote(quoted)
	if err != nil {
		t.Fatalf("%.80s: %v", quoted, err)
	}
	return text
}

// TestGarbledSaysHow holds the reasons, which an operator reads.
func TestGarbledSaysHow(t *testing.T) {
	for text, want := range map[string]string{
		"鍐滀笟閾惰鍙戝竷涓€瀛ｅ害涓氱哗":      "UTF-8 that was read as GBK",
		"å†œä¸šé“¶è¡Œ":          "UTF-8 that was read as Latin-1",
		"Å©ÒµÒøÐÐ´û¿î":          "GBK that was read as Latin-1",
		"农信社\uFFFD\uFFFD\uFFFD": "characters that could not be decoded (U+FFFD)",
		"锟斤拷锟斤拷":                "text lost in a change of charset (锟斤拷)",
		"锘匡豢":                   "byte order marks that were read as GBK (锘匡豢)",
		"农信社\uFFFD":             "",
		"":                      "",
	} {
		if got := parse.Garbled(text); got != want {
			t.Errorf("Garbled(%q) = %q, want %q", text, got, want)
		}
	}
	lost := strings.Repeat("今年以来涉农贷款增加", 10)
	if parse.Garbled(lost+"\uFFFD") != "" || parse.Garbled(lost+"\uFFFD农\uFFFD") == "" {
		t.Error("in a text of 100 characters one U+FFFD may stand, and two may not")
	}
}

// The real posts of the predecessor lie beside the project where they are at hand.
func TestRealPostsAreNotGarbled(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/corpus/posts/*.md")
	if len(files) == 0 {
		t.Skip("the corpus of real posts is not beside this checkout")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if reason := parse.Garbled(string(text)); reason != "" {
			t.Errorf("%s is called %s", file, reason)
		}
	}
}

func BenchmarkGarbled(b *testing.B) {
	for name, text := range map[string]string{
		"good":  strings.Repeat("今年以来，全省农信系统投放春耕贷款二百亿元，支持农户购买种子化肥。", 100),
		"mixed": strings.Repeat("Loan: 贷款 <p>", 500),
		"rare":  strings.Repeat("饕餮纹魑魅魍魉氤氲龃龉耄耋觊觎踟蹰", 100),
		"latin": strings.Repeat("Où sont passées les récoltes ? À l’été, là où l’on s’y attendait. ", 100),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				parse.Garbled(text)
			}
		})
	}
}
