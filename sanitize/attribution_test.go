package sanitize

import (
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"
)

// sentences are paragraphs of an article, each different.
func sentences(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<p>" + []string{"县联社", "农商行", "信用社", "合作社"}[i%4] + strings.Repeat("向菜农发放春耕贷款，", i+1) + "手续从简。</p>")
	}
	return b.String()
}

// placed puts a line where the labelled lines say that it stands.
var placed = map[string]func(line string) string{
	"last":   func(line string) string { return sentences(5) + "<p>" + line + "</p>" },
	"tail":   func(line string) string { return sentences(5) + "<p>" + line + "</p><p>责任编辑：李四</p>" },
	"first":  func(line string) string { return "<p>" + line + "</p>" + sentences(9) },
	"middle": func(line string) string { return sentences(5) + "<p>" + line + "</p>" + sentences(1) },
	"chart": func(line string) string {
		return sentences(5) + `<p><img src="/c.png" width="500" height="300"></p><p>` + line + "</p>"
	},
}

// Most misses that each half of the labelled lines may have. The rules were chosen on the first half alone.
var mayMiss = map[string]int{"chosen": 0, "unseen": 0}

func TestLabelledLines(t *testing.T) {
	file, err := os.ReadFile("testdata/attribution.txt")
	if err != nil {
		t.Fatal(err)
	}
	format := regexp.MustCompile(`^(chosen|unseen) (\w+) (.+) →(.*)$`)
	missed, count := map[string]int{}, map[string]int{}
	for text := range strings.Lines(string(file)) {
		m := format.FindStringSubmatch(strings.TrimSuffix(text, "\n"))
		if m == nil {
			continue
		}
		count[m[1]]++
		r := Clean(placed[m[2]](m[3]), base)
		if r.Attribution != strings.TrimSpace(m[4]) {
			missed[m[1]]++
			t.Logf("%s %s: %s gives %q", m[1], m[2], m[3], r.Attribution)
		}
		if r.Attribution == "" && !strings.Contains(r.Text, strings.Fields(m[3])[0]) {
			t.Errorf("%s names no outlet, and is gone", m[3])
		}
	}
	for half, most := range mayMiss {
		if t.Logf("%s: %d of %d missed", half, missed[half], count[half]); count[half] != 60 || missed[half] > most {
			t.Errorf("%s: %d lines of 60, %d missed, at most %d may be", half, count[half], missed[half], most)
		}
	}
}

// Names that end as those of media do, and pieces of sentences, name no outlet.
func TestWordsThatAreNoOutlet(t *testing.T) {
	for line, place := range map[string]string{
		"来源：国家电网":             "middle",
		"来源：县农村信用社":           "middle",
		"来源：村里的集体经济":          "last",
		"来源：卖粮、打工、养殖":         "last",
		"来源/渠道如下":             "last",
		"来源：农民日报":             "middle table",
		"（来源：县志）他说得有理。":       "last",
		"县里早有记载（来源：县志）他说得有理。": "last",
		"来源：基层干部家属":           "list",
	} {
		dirty := "<table><tr><td>存款</td></tr></table><p>" + line + "</p>" + sentences(1)
		if place == "list" {
			dirty = sentences(1) + "<p>" + line + "</p><ul><li>务工</li><li>种粮</li></ul>"
		}
		if build := placed[place]; build != nil {
			dirty = build(line)
		}
		r := Clean(dirty, base)
		if r.Attribution != "" || !strings.Contains(r.Text, line) {
			t.Errorf("%s, %s: outlet %q in %s", line, place, r.Attribution, r.HTML)
		}
	}
}

// A line is taken out where it says nothing but the outlet; people's names are not lost with it.
func TestLinesThatAreTakenOut(t *testing.T) {
	for line, gone := range map[string]bool{
		"来源：农金网":                     true,
		"（来源：农金网 2024-05-01）":        true,
		"来源：农金网 | 2024年5月1日":         true,
		"来　源：农金网":                    true,
		"【文章来源】农金网":                  true,
		"◎来源：农金网":                    true,
		"转自：农金网":                     true,
		"来源：农金网（ID：nongjin）":         true,
		"来源：农民日报客户端 记者 张三":           false,
		"来源：农民日报　记者　张三":              false,
		"来源：新华社记者张三":                 false,
		"来源：农金网　责任编辑：李四":             false,
		"（来源:农金网；责任编辑：李四）":           false,
		"（来源：农金网）责任编辑：李四":            false,
		"责任编辑：李四 来源：农金网":             false,
		"（原标题：秋粮；来源：农金网）":            false,
		"来源：《中国金融》2024年第3期":          false,
		"来源：农金网<br>责任编辑：李四":          false,
		"据介绍，贷款余额增长一成。（来源：农金网）":      false,
		"来源：农金网（县域频道）":               false,
		`文章来源：农金网<img src="/a.png">`: false,
		`来源：农金网<img src="/a.png">`:   false,
	} {
		r := Clean(sentences(5)+"<p>"+line+"</p>", base)
		if stays := strings.Contains(r.Text, "源：") || strings.Contains(r.Text, "来源】") || strings.Contains(r.Text, "来源:") || strings.Contains(r.Text, "转自"); stays == gone {
			t.Errorf("%s: stays is %t, outlet %q", line, stays, r.Attribution)
		}
		if again := Clean(string(r.HTML), ""); again.HTML != r.HTML {
			t.Errorf("%s: the second pass takes out more: %q", line, again.Removed)
		}
	}
}

// Only the beginning and the end of a paragraph are searched.
func TestALongParagraphIsNotSearchedWhole(t *testing.T) {
	long := strings.Repeat("（来源：", 20_000) + "县报）"
	if n := testing.AllocsPerRun(1, func() { namingIn(long) }); n > 500 {
		t.Errorf("it takes %v allocations", n)
	}
}

// A body of nothing but such lines is left as it is, and not searched whole.
func TestThousandsOfOutletsStay(t *testing.T) {
	dirty := strings.Repeat("<p>来源：县报</p>", maxAlone+1)
	once := Clean(dirty, base)
	if got := strings.Count(once.Text, "来源"); got != maxAlone+1 || once.Attribution != "县报" {
		t.Errorf("%d lines stay, outlet %q", got, once.Attribution)
	}
}

// Whatever stands in which order, a second pass takes out nothing.
func TestNamesInAnyOrderAreStable(t *testing.T) {
	pieces := []string{"<p>来源：总行</p>", "<p>来源：新华社</p>", "<p>文章来源：农金网</p>", `<p><img src="/a.png"></p>`, "<p>责任编辑：李四</p>",
		"<p>往期推荐</p>", "<p>图为春耕现场</p>", "<table><tr><td>存款</table>", "<p>县联社发放贷款。</p>", "<hr>", "<p class=em_media>来源：县报</p>"}
	random := rand.New(rand.NewPCG(6, 7))
	for range 20_000 / thorough {
		var b strings.Builder
		for range 1 + random.IntN(9) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		once := Clean(b.String(), base)
		if twice := Clean(string(once.HTML), ""); twice.HTML != once.HTML {
			t.Fatalf("%s: the second pass takes out %q", b.String(), twice.Removed)
		}
	}
}
