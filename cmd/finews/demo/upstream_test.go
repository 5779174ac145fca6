package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// startUpstream starts an upstream and returns it with a client that has no other network.
func startUpstream(t *testing.T) (*Upstream, *http.Client) {
	t.Helper()
	u, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := u.Close(); err != nil {
			t.Error(err)
		}
	})
	transport := &http.Transport{DialContext: u.Dial}
	t.Cleanup(transport.CloseIdleConnections)
	return u, &http.Client{Transport: transport}
}

func get(t *testing.T, client *http.Client, address string, header http.Header) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, body
}

func TestEachDocumentIsServedWithValidators(t *testing.T) {
	_, client := startUpstream(t)
	for _, d := range everyDocument(t) {
		t.Run(d.file, func(t *testing.T) {
			want, err := upstreamFiles.ReadFile(d.file)
			if err != nil {
				t.Fatal(err)
			}
			answer, body := get(t, client, "http://"+d.host+d.path, nil)
			if answer.StatusCode != http.StatusOK || !bytes.Equal(body, want) {
				t.Fatalf("got %s and %d bytes, want the file of %d", answer.Status, len(body), len(want))
			}
			if got := answer.Header.Get("Content-Type"); got != d.contentType {
				t.Errorf("Content-Type is %q, want %q", got, d.contentType)
			}
			etag, modified := answer.Header.Get("ETag"), answer.Header.Get("Last-Modified")
			if etag == "" || modified != d.modified {
				t.Fatalf("validators are %q and %q, want an ETag and %q", etag, modified, d.modified)
			}
			for name, value := range map[string]string{"If-None-Match": etag, "If-Modified-Since": modified} {
				again, body := get(t, client, "http://"+d.host+d.path, http.Header{name: {value}})
				if again.StatusCode != http.StatusNotModified || len(body) > 0 {
					t.Errorf("asked with %s: got %s and %d bytes, want 304 and none", name, again.Status, len(body))
				}
			}
		})
	}
}

func TestHostDecidesWhatIsServed(t *testing.T) {
	_, client := startUpstream(t)
	answer, _ := get(t, client, "http://nongxian.demo.invalid/rss.xml", nil)
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("the path of one host at another: got %s, want 404", answer.Status)
	}
}

func TestDialRefusesOtherHosts(t *testing.T) {
	u, _ := startUpstream(t)
	for _, address := range []string{"www.chinanews.com.cn:80", "127.0.0.1:80", "evildemo.invalid:80", "demo.invalid.example:80", "demo.invalid:80", "xiangcun.demo.invalid"} {
		conn, err := u.Dial(t.Context(), "tcp", address)
		if err == nil {
			conn.Close()
			t.Errorf("%s was dialled", address)
			continue
		}
		if !strings.Contains(err.Error(), address) {
			t.Errorf("the error %q does not name %s", err, address)
		}
	}
}

func TestDialEndsWithItsContext(t *testing.T) {
	u, _ := startUpstream(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := u.Dial(ctx, "tcp", "xiangcun.demo.invalid:80"); err == nil {
		t.Error("a cancelled dial gave a connection")
	}
}

func TestCloseTwice(t *testing.T) {
	u, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := u.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := u.Dial(t.Context(), "tcp", "xiangcun.demo.invalid:80"); err == nil {
		t.Error("a closed upstream was dialled")
	}
}

// rss is as much of RSS as the tests look at.
type rss struct {
	Items []struct {
		Title   string `xml:"title"`
		Source  string `xml:"source"`
		Content string `xml:"encoded"`
	} `xml:"channel>item"`
}

// TestTheRSSIsGB18030 holds the file to its charset: an editor that saves it as UTF-8 would take the point away.
func TestTheRSSIsGB18030(t *testing.T) {
	content, err := upstreamFiles.ReadFile("upstream/xiangcun.xml")
	if err != nil {
		t.Fatal(err)
	}
	if utf8.Valid(content) {
		t.Fatal("the file is UTF-8: save it as GB18030")
	}
	if !bytes.HasPrefix(content, []byte(`<?xml version="1.0" encoding="GB18030"?>`)) {
		t.Fatal("the prolog does not say GB18030")
	}
	// U+20BB7 and U+3400 take four bytes in GB18030, and GBK does not have them.
	for _, four := range [][]byte{{0x95, 0x34, 0xb2, 0x35}, {0x81, 0x39, 0xee, 0x39}} {
		if !bytes.Contains(content, four) {
			t.Errorf("the four bytes % x are not in the file", four)
		}
	}
	feed := decode(t, content)
	if len(feed.Items) != 8 {
		t.Fatalf("%d items, want 8", len(feed.Items))
	}
	if diff := cmp.Diff("古𠮷村的账本：一个移民村怎样还清集体贷款", feed.Items[3].Title); diff != "" {
		t.Errorf("title (-want +got):\n%s", diff)
	}
}

func decode(t *testing.T, content []byte) rss {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(content))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) {
		return simplifiedchinese.GB18030.NewDecoder().Reader(input), nil
	}
	var feed rss
	if err := decoder.Decode(&feed); err != nil {
		t.Fatal(err)
	}
	return feed
}

func TestTheOtherFeedsAreWellFormed(t *testing.T) {
	atom, err := upstreamFiles.ReadFile("upstream/xianyu.atom")
	if err != nil {
		t.Fatal(err)
	}
	var feed struct {
		Entries []struct{} `xml:"http://www.w3.org/2005/Atom entry"`
	}
	if err := xml.Unmarshal(atom, &feed); err != nil || len(feed.Entries) != 6 {
		t.Errorf("Atom: %d entries, error %v, want 6 and none", len(feed.Entries), err)
	}
	text, err := upstreamFiles.ReadFile("upstream/nongxian.json")
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Items []struct{} }
	if err := json.Unmarshal(text, &list); err != nil || len(list.Items) != 6 {
		t.Errorf("JSON Feed: %d items, error %v, want 6 and none", len(list.Items), err)
	}
}
