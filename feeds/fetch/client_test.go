package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"finews.withounder.com/feeds"
)

// withoutRelease compares answers by what they say.
var withoutRelease = cmpopts.IgnoreUnexported(Answer{})

// documentHash is the SHA-256 of document.
const documentHash = "f2c1c46746564118e223eb3f661b24a1cff68db74e8880bd195926115df0c6a1"

func TestConditionalByteForByte(t *testing.T) {
	const etag, modified = `W/"农金-a,b\"`, "sat, 11 Apr 2026 10:46:17 +0800"
	var seen []http.Header
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header)
		w.Header().Set("ETag", etag)
		w.Header().Set("Last-Modified", modified)
		w.Header().Set("Content-Type", "text/xml; charset=gb2312")
		if len(seen) > 1 {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, document)
	})
	client, s := newClient(t), source(server.URL+"/rss.xml")
	first, err := client.Get(context.Background(), s, feeds.Validators{})
	if err != nil {
		t.Fatal(err)
	}
	want := Answer{
		Body: []byte(document), ContentType: "text/xml; charset=gb2312", URL: s.URL,
		Validators: feeds.Validators{URL: s.URL, ETag: etag, LastModified: modified, BodyHash: documentHash},
	}
	if diff := cmp.Diff(want, first, withoutRelease); diff != "" {
		t.Errorf("first answer (-want +got):\n%s", diff)
	}
	second, err := client.Get(context.Background(), s, first.Validators)
	if err != nil {
		t.Fatal(err)
	}
	want.Body, want.ContentType, want.NotModified = nil, "", true
	if diff := cmp.Diff(want, second, withoutRelease); diff != "" {
		t.Errorf("second answer (-want +got):\n%s", diff)
	}
	plain := http.Header{"User-Agent": {userAgent}, "Accept": {acceptFeed}, "Accept-Encoding": {"gzip"}}
	if diff := cmp.Diff(plain, seen[0]); diff != "" {
		t.Errorf("first request (-want +got):\n%s", diff)
	}
	plain["If-None-Match"], plain["If-Modified-Since"] = []string{etag}, []string{modified}
	if diff := cmp.Diff(plain, seen[1]); diff != "" {
		t.Errorf("second request (-want +got):\n%s", diff)
	}
}

func TestValidatorsOfAnotherAddressStayHome(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match")+r.Header.Get("If-Modified-Since") != "" {
			t.Error("validators of another address were sent")
		}
		fmt.Fprint(w, document)
	})
	old := feeds.Validators{URL: server.URL + "/old.xml", ETag: `"旧"`, LastModified: "Sat, 11 Apr 2026 02:46:17 GMT"}
	answer, err := newClient(t).Get(context.Background(), source(server.URL+"/new.xml"), old)
	if err != nil {
		t.Fatal(err)
	}
	want := feeds.Validators{URL: server.URL + "/new.xml", BodyHash: documentHash}
	if diff := cmp.Diff(want, answer.Validators); diff != "" {
		t.Errorf("validators (-want +got):\n%s", diff)
	}
}

func TestFault16UnaskedNotModified(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	_, err := get(newClient(t), server.URL)
	if failure := wantFailure(t, err, phaseHTTP, "unexpected 304"); failure.Status != http.StatusNotModified {
		t.Errorf("status %d", failure.Status)
	}
}

func TestFault17NotModifiedWithNewValidators(t *testing.T) {
	var give http.Header
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range give {
			w.Header()[name] = values
		}
		w.WriteHeader(http.StatusNotModified)
	})
	client, s := newClient(t), source(server.URL+"/")
	old := feeds.Validators{URL: s.URL, ETag: `"一"`, LastModified: "Sat, 11 Apr 2026 02:46:17 GMT", BodyHash: documentHash}
	renewed := old
	renewed.ETag = `"二"`
	for _, test := range []struct {
		name string
		give http.Header
		want feeds.Validators
	}{
		{"none given", nil, old},
		{"new ETag", http.Header{"Etag": {`"二"`}}, renewed},
	} {
		give = test.give
		answer, err := client.Get(context.Background(), s, old)
		if err != nil || !answer.NotModified {
			t.Fatalf("%s: got %+v, %v", test.name, answer, err)
		}
		if diff := cmp.Diff(test.want, answer.Validators); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// A server that gives new validators to the same body gets them back; the hash says that nothing has changed.
func TestSameBodyWithNewValidators(t *testing.T) {
	asked := 0
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("ETag", fmt.Sprintf(`"第%d版"`, asked))
		fmt.Fprint(w, document)
	})
	client, s := newClient(t), source(server.URL)
	var old feeds.Validators
	for n := 1; n <= 2; n++ {
		answer, err := client.Get(context.Background(), s, old)
		if err != nil {
			t.Fatal(err)
		}
		old = answer.Validators
		want := feeds.Validators{URL: s.URL, ETag: fmt.Sprintf(`"第%d版"`, n), BodyHash: documentHash}
		if diff := cmp.Diff(want, old); diff != "" {
			t.Errorf("validators of answer %d (-want +got):\n%s", n, diff)
		}
	}
}

// A validator with a control character cannot be sent back: were it taken, no later request could be made.
// net/http refuses the whole answer, which this holds fast.
func TestUnsendableValidatorIsNotTaken(t *testing.T) {
	address := serveRaw(t, func(conn net.Conn) {
		readRequest(conn)
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nETag: \"坏\x01\"\r\nContent-Length: 3\r\n\r\nabc")
	})
	_, err := get(newClient(t), address)
	wantFailure(t, err, phaseHeader, "malformed")
}

func TestHeadersOfTheSource(t *testing.T) {
	var seen http.Header
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		fmt.Fprint(w, document)
	})
	s := source(server.URL)
	s.Headers = map[string]string{"x-api-key": "秘密", "User-Agent": "别名/1", "Accept-Encoding": "br", "If-None-Match": "*", "Cookie": "session=令牌", "Authorization": "Basic 6K+76ICF"}
	if _, err := newClient(t).Get(context.Background(), s, feeds.Validators{}); err != nil {
		t.Fatal(err)
	}
	want := http.Header{"X-Api-Key": {"秘密"}, "User-Agent": {"别名/1"}, "Accept": {acceptFeed}, "Accept-Encoding": {"gzip"},
		"Cookie": {"session=令牌"}, "Authorization": {"Basic 6K+76ICF"}}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

func TestCancelledByTheCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := newClient(t).Get(ctx, source(server.URL), feeds.Validators{})
	if wantFailure(t, err, phaseHeader, "stopped from our side"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not context.Canceled", err)
	}
}

func TestDialOfTheDemo(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) })
	client := newClient(t, func(o *Options) {
		o.Network.AllowPrivate = nil
		o.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(server.URL, "http://"))
		}
	})
	answer, err := get(client, "http://xiangcun.demo.invalid/rss.xml")
	if err != nil || string(answer.Body) != "xiangcun.demo.invalid" {
		t.Errorf("got %q, %v", answer.Body, err)
	}
}

func TestNewRefusesWhatCannotBeMeant(t *testing.T) {
	for _, o := range []Options{
		{},
		{UserAgent: "finews\r\nCookie: a=b"},
		{UserAgent: userAgent, Network: feeds.Network{AllowPrivate: make([]netip.Prefix, 1)}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("New(%+v) is content", o)
		}
	}
}

// Where nothing else is said, dialling, the handshake and the header have 10 s each, and all of it 30 s.
func TestFault04Defaults(t *testing.T) {
	want := Timeouts{Dial: 10 * time.Second, TLS: 10 * time.Second, Header: 10 * time.Second, Slow: 10 * time.Second, Total: 30 * time.Second}
	for _, given := range []Timeouts{{}, {Dial: -1, TLS: -1, Header: -1, Slow: -1, Total: -1}} {
		if got := newClient(t, func(o *Options) { o.Timeouts = given }).timeouts; got != want {
			t.Errorf("of %+v come %+v, want %+v", given, got, want)
		}
	}
}
