package main

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
)

// TestFault35Nulls: what is null, nests, or is of another type than it should be costs a source at most the record in
// which it stands.
func TestFault35Nulls(t *testing.T) {
	const (
		feed = `{"version":"https://jsonfeed.org/version/1.1","title":"坏报","hubs":[null,{"url":null}],"authors":[null],"items":[`
		list = `{"code":0,"data":{"list":[`
		both = `{"id":"1","url":"https://huaibao.example/1","title":"甲县农商行发放春耕贷款"},null,5,"农",[[]],{},`
	)
	for _, c := range []struct {
		name, document, end string
		kind                feeds.Kind
		told                string
	}{
		{"authors", feed + both + `{"id":"新","url":"https://huaibao.example/xin","title":"农商行支农","authors":[null],"author":[null]`, "}]}", feeds.KindFeed, "4 items were null: dropped"},
		{"attachments", feed + both + `{"id":"新","url":"https://huaibao.example/xin","title":"农商行支农","attachments":[null,[[]],{"url":1}]`, "}]}", feeds.KindFeed, "4 items were null: dropped"},
		{"types", feed + both + `{"id":"新","url":"https://huaibao.example/xin","title":"农商行支农","image":{},"summary":5,"tags":{},"content_html":null,"date_published":16496`, "}]}", feeds.KindFeed, "4 items were null: dropped"},
		{"nested", feed + both + `{"id":"新","url":"https://huaibao.example/xin","title":"农商行支农","_x":` + strings.Repeat("[", 200) + strings.Repeat("]", 200), "}]}", feeds.KindFeed, "4 items were null: dropped"},
		{"records", list + both + `{"id":"新","url":"https://huaibao.example/xin","title":"农商行支农","time":null`, "}]}}", feeds.KindJSON, "3 of 7 records are null or a single value: dropped"},
		{"values", list + both + `{"id":["新"],"url":[null,"https://huaibao.example/xin"],"title":[[],"农商行支农"],"time":{}`, "}]}}", feeds.KindJSON, "3 of 7 records are null or a single value: dropped"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPlightOf(t, c.kind)
			p.answer = says("application/json", c.document+c.end)
			warned(t, p.brings(1), c.told)
			for _, name := range []string{"huaibao.xml", "huaibao.atom", "huaibao.json"} {
				text := p.published(name)
				p.readable(name, text)
				if !strings.Contains(string(text), "农商行支农") {
					t.Errorf("%s does not show the new entry", name)
				}
			}
		})
	}
}

// wakes are the places at which gjson panics where a document holds the word 惊, as a bug of a parser would. It is a word of gjson's
// paths that no feeds.yaml may use.
const wakes = "|@wakes"

func addWakes() {
	if gjson.ModifierExists("wakes", nil) {
		return
	}
	gjson.AddModifier("wakes", func(json, _ string) string {
		if strings.Contains(json, "惊") {
			var none []string
			return none[len(json)]
		}
		return json
	})
}

// pollAs polls as `finews poll --force` does, with a change to the ailing source that feeds.yaml would refuse.
func (p *plight) pollAs(style reportStyle, change func(*feeds.Source)) (code int, told string) {
	p.t.Helper()
	p.polls++
	p.configure()
	printed, err := os.Create(p.path("printed"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer printed.Close()
	h, err := newHouse(program{stdout: printed, stderr: printed, getenv: os.Getenv}, places{config: p.path("feeds.yaml"), database: p.path("finews.db"), out: p.path("public")})
	if err != nil {
		p.t.Fatal(err)
	}
	change(&h.catalogue.Sources[1])
	printer := h.newPrinter(program{stdout: printed, stderr: printed}, style, 3)
	err = h.aloneWithStore(p.t.Context(), "poll", printer.held, func() error {
		return h.pollAndTell(p.t.Context(), poll.Request{Force: true}, printer)
	})
	if errors.Is(err, errSources) {
		code, err = exitSources, nil
	}
	text, reading := os.ReadFile(printed.Name())
	if err := errors.Join(err, reading); err != nil {
		p.t.Fatal(err)
	}
	return code, string(text)
}

// TestFault35ParserPanic: a parser that panics fails the source at which it does, with the stack in the report.
func TestFault35ParserPanic(t *testing.T) {
	addWakes()
	p := newPlightOf(t, feeds.KindJSON)
	waking := func(s *feeds.Source) { s.Item.List.Path += wakes }
	p.answer = says("application/json", `{"code":0,"data":{"list":[{"id":"3","title":"惊"}]}}`)
	before := p.entries(ailing)
	code, told := p.pollAs(reportStyle{}, waking)
	if code != exitSources || !strings.HasPrefix(told, "finews: "+ailing+": parse: the parser panicked: ") || strings.Count(told, "\n") != 1 ||
		!strings.Contains(told, "index out of range") || !strings.Contains(told, p.server.URL+"/subject?…, failing since") || strings.Contains(told, ailSecret) {
		t.Errorf("exit code %d, and it says %s", code, told)
	}
	if row := p.state(); row.Failures != 1 || row.LastStatus != 200 || !strings.HasPrefix(row.LastError, "parse: the parser panicked") || !row.NextPoll.After(row.LastPoll) {
		t.Errorf("the row in the store: %+v", row)
	}
	p.wellOthers()
	p.unharmed(before)

	_, told = p.pollAs(reportStyle{json: true}, waking)
	var report poll.Report
	if err := json.Unmarshal([]byte(told), &report); err != nil || !strings.Contains(report.Results[1].Stack, "feeds/parse.List") {
		t.Errorf("the report, %v, with its stack: %s", err, told)
	}
	p.wellAgain(feeds.KindJSON)
}

// TestFault35BodyPanic: the parser of a body is under the same guard, and no other entry suffers.
func TestFault35BodyPanic(t *testing.T) {
	addWakes()
	p := newPlightOf(t, feeds.KindJSON)
	p.answer = bodies(`{"code":0,"data":{"list":[`+
		`{"id":"3","title":"农商行支农","url":"https://huaibao.example/3","time":"2022-04-13 10:46:17"},`+
		`{"id":"4","title":"农信社助农","url":"https://huaibao.example/4","time":"2022-04-14 10:46:17"}]}}`, map[string]string{
		"3": `{"text":"惊"}`, "4": `{"text":"农信社助农，正文。"}`,
	})
	code, told := p.pollAs(reportStyle{json: true}, func(s *feeds.Source) {
		s.Body = feeds.BodyRules{URL: p.server.URL + "/subject?text={id}", Path: "text" + wakes}
	})
	if code != exitWell || !strings.Contains(told, "1 new entries wait for their bodies: parse body: the parser panicked") {
		t.Errorf("exit code %d, and it says %s", code, told)
	}
	p.wellOthers()
	if entries := p.entries(ailing); len(entries) != 3 || !strings.Contains(string(entries[0].Body), "正文") {
		t.Errorf("%d entries", len(entries))
	}
}
