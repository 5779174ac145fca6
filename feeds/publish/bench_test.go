package publish

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	gorilla "github.com/gorilla/feeds"
)

const benchEntries = 200

func benchChannel() (feeds.Site, feeds.Channel) {
	site := feeds.Site{Title: "金融消息", URL: "https://finews.example.org", Language: "zh-CN", Location: time.UTC}
	channel := feeds.Channel{Category: feeds.Category{Slug: "nongjinwang", Title: "农金网新闻"}, Changed: 1649669400}
	paragraph := "<p>" + strings.Repeat("县域农商银行把普惠金融送到田间地头，", 12) + "</p>\n"
	for i := range benchEntries {
		published := time.Unix(1649669400-int64(i)*60, 0)
		channel.Entries = append(channel.Entries, feeds.Entry{
			ID: fmt.Sprintf("tag:finews.example.org,2022:%016x", i), Link: fmt.Sprintf("https://county.example/%d.html", i),
			Title: fmt.Sprintf("第 %d 则：乡村振兴与信用社改革", i), Outlet: "农金网", Tags: []string{"农金网新闻"},
			Summary: "县域农商银行把普惠金融送到田间地头。", Body: feeds.SafeHTML(strings.Repeat(paragraph, 8)),
			Published: published, Updated: published,
		})
	}
	return site, channel
}

func BenchmarkFeeds(b *testing.B) {
	site, channel := benchChannel()
	for _, output := range Feeds(site, channel, nil, "finews") {
		b.Run(output.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := output.Render(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkStock is the same channel through gorilla's own RSS, from its own structs.
func BenchmarkStock(b *testing.B) {
	_, channel := benchChannel()
	b.ReportAllocs()
	for b.Loop() {
		stock := &gorilla.Feed{Title: channel.Category.Title, Link: &gorilla.Link{Href: "https://finews.example.org/"}}
		for _, e := range channel.Entries {
			stock.Add(&gorilla.Item{Id: e.ID, Title: e.Title, Link: &gorilla.Link{Href: e.Link}, Description: e.Summary,
				Content: string(e.Body), Created: e.Published, Updated: e.Updated})
		}
		if err := stock.WriteRss(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUnchanged is Write over a folder that holds everything already: what most runs do.
func BenchmarkUnchanged(b *testing.B) {
	site, channel := benchChannel()
	root, outputs := b.TempDir(), Feeds(site, channel, nil, "finews")
	for b.Loop() {
		if _, err := Write(root, sequence(outputs...), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFull is Write into an empty folder: what the first publication does, and the first after a change of the settings.
func BenchmarkFull(b *testing.B) {
	content := strings.Repeat("县域农商银行把普惠金融送到田间地头，", 100)
	var outputs []feeds.Output
	for i := range 1000 {
		outputs = append(outputs, text(fmt.Sprintf("nongjinwang/2022/04/%02d/%d.html", i%20+1, i), content))
	}
	for b.Loop() {
		if _, err := Write(b.TempDir(), sequence(outputs...), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
