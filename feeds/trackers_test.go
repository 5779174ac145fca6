package feeds_test

import (
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

func TestWithoutTrackers(t *testing.T) {
	const page = "https://county.example/a"
	for address, want := range map[string]string{
		page + "?id=1&utm_source=weixin&UTM_Medium=社群":                                     page + "?id=1",
		page + "?spm=a2.1&栏目=农金&scm=1007&b=%E5%86%9C+x&&a=1":                               page + "?栏目=农金&b=%E5%86%9C+x&&a=1",
		page + "?utm_source=农金网":                                                           page,
		page + "?utm_source=a&#第二节":                                                        page + "#第二节",
		page + "?id=1&amp;utm_source=weixin&amp;from=timeline#a":                           page + "?id=1#a",
		page + "?id=1&utm%5Fterm=%E5%86%9C":                                                page + "?id=1",
		page + "?share_token=9f&share_uid=7&share_medium=android&shareuid=7&share_from=好友": page,
		page + "?nsukey=a&isappinstalled=0&wxshare_count=2&sharer_shareid=c&id=农":          page + "?id=农",
		page + "?fbclid=a&gclid=b&yclid=c&msclkid=d&mc_cid=e&mc_eid=f&id=1":                page + "?id=1",
		"HTTP://县域.example/新闻?spm=1":                                                       "HTTP://县域.example/新闻",

		page + "?from=timeline&id=1":              page + "?id=1",
		page + "?from=rss":                        page,
		page + "?from=groupmessage&to=friends":    page + "?from=groupmessage&to=friends",
		page + "?from=2024-03-01&until=2024-03":   page + "?from=2024-03-01&until=2024-03",
		page + "?from=20&size=20&spm=1":           page + "?from=20&size=20",
		page + "?from=%E7%94%98%E8%82%83&from=甘肃": page + "?from=%E7%94%98%E8%82%83&from=甘肃",
		page + "?from=CNY":                        page + "?from=CNY",

		page + "?sign=1f&utm_source=weixin":                                page + "?sign=1f&utm_source=weixin",
		page + "?spm=1&Expires=1700000000&OSSAccessKeyId=k&Signature=s":    page + "?spm=1&Expires=1700000000&OSSAccessKeyId=k&Signature=s",
		page + "?utm_source=a&X-Amz-Date=20240301T000000Z":                 page + "?utm_source=a&X-Amz-Date=20240301T000000Z",
		page + "?utm_source=a&q-sign-time=1;2":                             page + "?utm_source=a&q-sign-time=1;2",
		page + "?utm_source=a&auth_key=1-0-0-f":                            page + "?utm_source=a&auth_key=1-0-0-f",
		page + "?utm_source=a&access%5Ftoken=1":                            page + "?utm_source=a&access%5Ftoken=1",
		page + "?share_token=1&amp;token=2":                                page + "?share_token=1&amp;token=2",
		page + "?id=1":                                                     page + "?id=1",
		page + "?":                                                         page + "?",
		page + "#农?utm_source=a":                                           page + "#农?utm_source=a",
		page + "?list=utm_source&sport=乒乓&spmx=1&source=农金":                page + "?list=utm_source&sport=乒乓&spmx=1&source=农金",
		"https://county.example:x/?spm=1":                                  "https://county.example:x/?spm=1",
		"mailto:a@county.example?utm_source=a":                             "mailto:a@county.example?utm_source=a",
		"/a?utm_source=a":                                                  "/a?utm_source=a",
		"不是地址?utm_source=a":                                                "不是地址?utm_source=a",
		"":                                                                 "",
		page + "?utm_source=" + strings.Repeat("农", 700):                   page + "?utm_source=" + strings.Repeat("农", 700),
		page + "?utm_source=" + strings.Repeat("农", 600) + "&id=" + "2024": page + "?id=2024",
	} {
		got := feeds.WithoutTrackers(address)
		if got != want {
			t.Errorf("WithoutTrackers(%q) = %q, want %q", address, got, want)
		}
		if again := feeds.WithoutTrackers(got); again != got {
			t.Errorf("WithoutTrackers(%q) = %q, and that gives %q", address, got, again)
		}
	}
}

// What is published is without trackers; by what an entry is recognised is stored, and is what it always was.
func TestCanonicalLinksKeepWhatTheyHad(t *testing.T) {
	for link, want := range map[string]string{
		"https://county.example/a?from=timeline&id=1":           "county.example/a?from=timeline&id=1",
		"https://county.example/a?share_uid=7&msclkid=1&spm=2":  "county.example/a?msclkid=1&share_uid=7",
		"https://county.example/a?vd_source=1&isappinstalled=0": "county.example/a?vd_source=1",
	} {
		if got := feeds.CanonicalLink(link); got != want {
			t.Errorf("CanonicalLink(%q) = %q, want %q", link, got, want)
		}
	}
}
