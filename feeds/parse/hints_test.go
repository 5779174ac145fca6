package parse_test

import (
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

func TestHints(t *testing.T) {
	const day, hour = 24 * time.Hour, time.Hour
	for said, want := range map[string]feeds.Hints{
		"": {}, "<ttl>60</ttl>": {Interval: hour}, "<ttl> 5 </ttl>": {Interval: 5 * time.Minute},
		"<ttl>-5</ttl>": {}, "<ttl>0</ttl>": {}, "<ttl>一小时</ttl>": {}, "<ttl>1.5</ttl>": {}, "<ttl>99999999999999999999</ttl>": {},
		"<ttl>9223372036854775807</ttl>":            {Interval: 7 * day},
		"<sy:updatePeriod>hourly</sy:updatePeriod>": {Interval: hour}, "<sy:updatePeriod> Daily </sy:updatePeriod>": {Interval: day},
		"<sy:updatePeriod>weekly</sy:updatePeriod>": {Interval: 7 * day}, "<sy:updatePeriod>yearly</sy:updatePeriod>": {Interval: 7 * day},
		"<sy:updatePeriod>每天</sy:updatePeriod>": {}, "<sy:updateFrequency>2</sy:updateFrequency>": {Interval: 12 * hour},
		"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>":                  {},
		"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>-1</sy:updateFrequency>":                 {},
		"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>x</sy:updateFrequency>":                  {},
		"<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>":    {Interval: hour},
		"<skipHours><hour>3</hour><hour>24</hour><hour>-1</hour><hour>25</hour><hour>三</hour></skipHours>":    {SkipHours: 1<<3 | 1},
		"<skipDays><day>monday</day><day>Sunday</day><day>星期二</day></skipDays>":                               {SkipDays: 1<<1 | 1},
		"<skipHours>" + hours(24) + "</skipHours>":                                                            {},
		"<skipHours>" + hours(23) + "</skipHours>":                                                            {SkipHours: 1<<23 - 1},
		"<skipDays>" + days(7) + "</skipDays>":                                                                {},
		"<skipDays>" + days(6) + "</skipDays>":                                                                {SkipDays: 1<<6 - 1},
		`<atom:link rel="HUB" href="javascript:alert(1)"/><atom:link rel="hub" href="https://hub.example/"/>`: {Hub: "https://hub.example/"},
		`<atom:link rel="next" href="?page=2"/><atom:link rel="next" href="?page=3"/>`:                        {Next: "https://county.example/a.xml?page=2"},
	} {
		body := `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>农信</title>` + said + `</channel></rss>`
		result, err := parse.Read(source(), parse.Document{Body: []byte(body), URL: "https://county.example/a.xml"})
		if err != nil || result.Hints != want {
			t.Errorf("%s: %+v, want %+v; %v", said, result.Hints, want, err)
		}
	}
}

func hours(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<hour>" + time.Date(2022, 1, 1, i, 0, 0, 0, time.UTC).Format("15") + "</hour>")
	}
	return b.String()
}

func days(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<day>" + time.Weekday(i).String() + "</day>")
	}
	return b.String()
}

func TestAlternates(t *testing.T) {
	page := `<!DOCTYPE html><html><head><title>县域金融网</title><base href="/site/">
<link rel="stylesheet" href="a.css"><link REL="Alternate" TYPE="application/rss+xml; charset=utf-8" TITLE=" 要闻 &amp; 快讯 " HREF="rss.xml">
<link rel="alternate home" type="application/atom+xml" href="https://other.example/a.atom"/>
<link rel="alternate" type="application/feed+json" href="feed.json"><link rel="alternate" type="application/rdf+xml" href="x.rdf">
<link rel="alternate" type="application/rss+xml" href="rss.xml"><link rel="alternate" hreflang="en" href="/en"><link rel="alternate" type="text/html" href="/m">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"><!-- <link rel="alternate" type="application/rss+xml" href="no.xml"> -->
<script>"<link rel=alternate type=application/rss+xml href=no.xml>"</script>`
	got := parse.Alternates(parse.Document{Body: []byte(page), URL: "https://county.example/news/index.html"})
	want := []parse.Alternate{
		{URL: "https://county.example/site/rss.xml", Title: "要闻 & 快讯", Type: "application/rss+xml; charset=utf-8"},
		{URL: "https://other.example/a.atom", Type: "application/atom+xml"},
		{URL: "https://county.example/site/feed.json", Type: "application/feed+json"},
		{URL: "https://county.example/site/x.rdf", Type: "application/rdf+xml"},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

func TestAlternatesAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 1000 {
		b.WriteString(`<link rel=alternate type=text/xml title="` + strings.Repeat("农", 1000) + `" href="/` + strings.Repeat("a", i) + `.xml">`)
	}
	got := parse.Alternates(parse.Document{Body: []byte(b.String()), URL: "https://county.example/"})
	if len(got) != 20 || len([]rune(got[0].Title)) != 200 {
		t.Errorf("%d alternates, the first titled with %d characters", len(got), len([]rune(got[0].Title)))
	}
	for _, body := range []string{"", "<", "<link", "\x00\xff", strings.Repeat("<link rel=alternate>", 200_000), "<a " + strings.Repeat("b ", 2<<20)} {
		if got := parse.Alternates(parse.Document{Body: []byte(body)}); len(got) != 0 {
			t.Errorf("%.20q gives %+v", body, got)
		}
	}
}
