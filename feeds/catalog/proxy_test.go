package catalog

import (
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

// TestProxies reads testdata/good/proxies.yaml: who is asked through what, and with which credentials.
func TestProxies(t *testing.T) {
	c, err := Load("testdata/good/proxies.yaml", environment)
	if err != nil {
		t.Fatal(err)
	}
	type way struct {
		proxy    string
		insecure bool
	}
	got := map[string]way{"network": {c.Network.Proxy, false}}
	for _, s := range c.Sources {
		got[s.Name] = way{s.Proxy, s.InsecureTLS}
	}
	want := map[string]way{
		"network": {"https://proxy.example:8443/", false},
		"默认":      {"", false},
		"直接":      {feeds.NoProxy, true},
		"自己的":     {"socks5://%E8%AF%BB%E8%80%85:s3cret@10.0.0.1:1080", false},
		"会员":      {"", false},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(way{})); diff != "" {
		t.Errorf("ways differ (-want +got):\n%s", diff)
	}
	member, _ := c.Source("会员")
	headers := map[string]string{
		"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("读者:s3cret-令牌:x")),
		"Cookie":        "session=s3cret-令牌",
	}
	if diff := cmp.Diff(headers, member.Headers); diff != "" {
		t.Errorf("headers differ (-want +got):\n%s", diff)
	}
}
