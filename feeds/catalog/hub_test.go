package catalog

import (
	"strings"
	"testing"
)

// TestHub reads addresses of hubs. No message shows what may be meant as a secret.
func TestHub(t *testing.T) {
	for _, c := range []struct{ written, want, fault string }{
		{"https://hub.example/", "https://hub.example/", ""},
		{"http://127.0.0.1:8080/发布", "http://127.0.0.1:8080/%E5%8F%91%E5%B8%83", ""},
		{"https://hub.example/?token=s3cret&a=1", "https://hub.example/?token=s3cret&a=1", ""},
		{"https://hub.example/hub#publish", "https://hub.example/hub", ""},
		{"", "", "site.hub: this text is empty"},
		{"/hub?token=s3cret", "", "has no scheme: write https://hub"},
		{"hub.example?token=s3cret", "", "has no scheme: write https://hub.example"},
		{"农金网", "", "has no scheme"},
		{"ftp://hub.example/s3cret", "", "finews asks http and https alone"},
		{"mailto:编辑部", "", "finews asks http and https alone"},
		{"https://", "", "names no host"},
		{"https://editor:s3cret@hub.example/", "", "can hold no secret: take name, password and ${NAME} out"},
		{"https://hub.example/?token=${FINEWS_TOKEN}", "", "can hold no secret"},
		{"https://hub.example:99999/", "", "has a port that there is not"},
		{"https://hub.example/" + strings.Repeat("农", 1000), "", "is too long: write at most 2000"},
	} {
		got, err := Parse("feeds.yaml", []byte(`{site: {title: 小站, url: "https://finews.example.org", hub: "`+c.written+`"}, sources: [{name: 快讯, url: "https://news.example/rss"}]}`), environment)
		switch {
		case c.fault == "" && (err != nil || got.Site.Hub != c.want):
			t.Errorf("%s: hub is %s, want %s: %v", c.written, got.Site.Hub, c.want, err)
		case c.fault != "" && (err == nil || !strings.Contains(err.Error(), "site.hub: ") || !strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), "s3cret")):
			t.Errorf("%s: got %v, want %q", c.written, err, c.fault)
		}
	}
}
